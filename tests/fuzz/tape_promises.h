// SPDX-License-Identifier: MIT
/* What holds for every tape that a parser made. */
#ifndef FUZZ_TAPE_PROMISES_H
#define FUZZ_TAPE_PROMISES_H

#include "fuzz.h"
#include "model/problem.h"
#include "model/tape.h"
#include "parse/json.h"

static inline void promise_node(const struct tape *tape, uint32_t index, uint32_t end)
{
    const struct node *node = &tape->nodes[index];
    PROMISE(node->type <= NODE_KEY && node->style <= STYLE_ABSENT);
    PROMISE(node->start <= node->end && node->end <= tape->source.length);
    PROMISE(node->next > index && node->next <= end);
    PROMISE(node->style != STYLE_ABSENT || node->start == node->end);
    if (node->type != NODE_ARRAY && node->type != NODE_OBJECT && node->type != NODE_KEY)
        PROMISE(node->next == index + 1 && node->count == 0);
    if (node->type == NODE_KEY)
        PROMISE(node->hash == name_hash(node_text(node)));
}

/** The node, and all below it: children stand inside their parent, one behind the other. */
static inline void promise_subtree(const struct tape *tape, uint32_t index, uint32_t end)
{
    promise_node(tape, index, end);
    const struct node *parent = &tape->nodes[index];
    bool is_object = parent->type == NODE_OBJECT;
    if (!is_object && parent->type != NODE_ARRAY)
        return;
    uint32_t count = 0, at = index + 1, behind = parent->start;
    for (; at < parent->next; at = tape->nodes[at].next, count++) {
        promise_node(tape, at, parent->next);
        PROMISE((tape->nodes[at].type == NODE_KEY) == is_object);
        uint32_t value = at + is_object;
        PROMISE(value < parent->next && tape->nodes[value].type != NODE_KEY);
        PROMISE(tape->nodes[value].next == tape->nodes[at].next);
        if (!(parent->flags & NODE_ALIAS)) {
            PROMISE(tape->nodes[at].start >= behind);
            PROMISE(value == at || tape->nodes[value].start >= tape->nodes[at].end);
            behind = tape->nodes[value].end;
        }
        PROMISE(tape->nodes[value].end <= parent->end);
        promise_subtree(tape, value, parent->next);
    }
    PROMISE(at == parent->next && count == parent->count);
}

static inline bool same_node(const struct node *a, const struct node *b)
{
    return a->type == b->type && a->next == b->next && a->count == b->count &&
           str_equal(node_text(a), node_text(b)) &&
           ((a->flags ^ b->flags) & (NODE_INTEGER | NODE_SMALL)) == 0 &&
           (!(a->flags & NODE_SMALL) || a->integer == b->integer);
}

/** The tape as JSON, scanned again, is the same tape. */
static inline void promise_round_trip(const struct tape *tape)
{
    STRBUF_SCOPED json = {0};
    struct tape again = {0};
    tape_add_json(tape, 0, &json);
    PROMISE(json_scan(strbuf_str(&json), &again, NULL));
    PROMISE(again.count == tape->count);
    for (size_t i = 0; i < again.count; i++)
        PROMISE(same_node(&again.nodes[i], &tape->nodes[i]));
    tape_finish(&again);
}

/** The pointer of a value leads back to it. Thousands of nodes would take the square of it: the
 * first ones do. */
static inline void promise_pointers(const struct tape *tape)
{
    STRBUF_SCOPED pointer = {0};
    for (uint32_t i = 0; i < tape->count && i < 100; i++) {
        if (tape->nodes[i].type == NODE_KEY)
            continue;
        strbuf_reset(&pointer);
        tape_add_pointer(tape, i, &pointer);
        PROMISE(tape_find_pointer(tape, strbuf_str(&pointer)) == i);
    }
}

static inline void promise_tape(const struct tape *tape)
{
    PROMISE(!tape_failed(tape) && tape->count > 0);
    promise_pointers(tape);
    promise_subtree(tape, 0, (uint32_t)tape->count);
    PROMISE(tape->nodes[0].next == tape->count);
    promise_round_trip(tape);
}

/** Each problem is one line of UTF-8 about a part of the source. */
static inline void promise_problems(struct problem_list *problems, struct str source)
{
    problem_list_locate(problems, source);
    for (size_t i = 0; i < problems->count; i++) {
        const struct problem *problem = &problems->items[i];
        PROMISE(problem->start <= problem->end && problem->end <= source.length);
        PROMISE(problem->line >= 1 && problem->column >= 1);
        PROMISE(problem->message.length > 0);
        PROMISE(str_find(problem->message, '\n') == STR_NONE);
    }
}

#endif

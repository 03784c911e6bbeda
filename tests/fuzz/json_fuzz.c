// SPDX-License-Identifier: MIT
/* Any bytes as JSON: the verdict does not depend on whether anybody listens, a tape's spans and
 * links are sound, and what a tape is written as reads back as the same. */
#include "fuzz.h"
#include "parse/json.h"

static void check_node(const struct tape *tape, uint32_t index)
{
    const struct node *node = &tape->nodes[index];
    PROMISE(node->start <= node->end && node->end <= tape->source.length);
    PROMISE(node->next > index && node->next <= tape->count);
    if (node->type == NODE_ARRAY || node->type == NODE_OBJECT) {
        uint32_t last = node->start;
        for (uint32_t child = index + 1; child < node->next; child = tape->nodes[child].next) {
            PROMISE(tape->nodes[child].start >= last && tape->nodes[child].end <= node->end);
            last = tape->nodes[child].end;
        }
    }
}

/** The pointer of a value leads back to it. A tape of thousands of nodes would take the square of
 * it: the first ones do. */
static void check_pointers(const struct tape *tape)
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

static void check_round_trip(const struct tape *tape)
{
    STRBUF_SCOPED text = {0}, again = {0};
    tape_add_json(tape, 0, &text);
    struct tape copy;
    tape_init(&copy);
    PROMISE(json_scan(strbuf_str(&text), &copy, NULL));
    PROMISE(copy.count == tape->count);
    tape_add_json(&copy, 0, &again);
    PROMISE(str_equal(strbuf_str(&text), strbuf_str(&again)));
    tape_finish(&copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct problem_list problems;
    problem_list_init(&problems, &arena);
    struct tape tape, silent;
    tape_init(&tape);
    tape_init(&silent);
    struct str source = {(const char *)data, size};
    bool is_json = json_scan(source, &tape, &problems);
    PROMISE(is_json == json_scan(source, &silent, NULL));
    PROMISE(is_json == !problems.has_error);
    if (is_json) {
        for (uint32_t i = 0; i < tape.count; i++)
            check_node(&tape, i);
        check_pointers(&tape);
        check_round_trip(&tape);
    } else {
        PROMISE(tape.count == 0);
        problem_list_locate(&problems, source);
        for (size_t i = 0; i < problems.count; i++)
            PROMISE(problems.items[i].line >= 1 && problems.items[i].column >= 1);
    }
    tape_finish(&silent);
    tape_finish(&tape);
    arena_finish(&arena);
    return 0;
}

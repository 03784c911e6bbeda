// SPDX-License-Identifier: MIT
/*
 * One thread's scratch, and what judging files share.
 *
 * "Marks" are the children of the value at hand that were looked at, for unevaluatedItems and
 * unevaluatedProperties: a set of bits by position. They lie on a stack of words that may move as
 * it grows, so a set is an offset, counted from 1; 0 is "nobody asks".
 */
#ifndef VALIDATE_RUN_H
#define VALIDATE_RUN_H

#include "validate/program.h"

/* Values nest at most 512 deep, and between two levels there may be some hops through references.
 * What goes past it is a ring of conditions. */
enum { RUN_DEPTH_LIMIT = 4096 };

struct schema_run {
    const struct schema *schema;
    const struct tape *tape;
    const struct node *nodes;
    int64_t work; /* counted down; at zero the value is too expensive to judge */
    uint32_t depth;
    bool is_limited; /* some limit stopped the run: the verdict is no, whatever it says */
    bool has_dynamic_scope;
    struct pattern_context *patterns;
    uint64_t *words;
    size_t words_used, words_capacity;
    uint32_t *scope; /* numbers of the resources that were entered, outermost first */
    uint32_t scope_count;
    struct arena scratch; /* for decoding contents */
    struct tape content;
};

/** Zeroed words on the stack, as an offset; WORDS_NONE when memory is out (the run is then
 * limited). Given back by resetting `words_used`. */
#define WORDS_NONE SIZE_MAX
size_t words_push(struct schema_run *run, size_t count);

typedef size_t marks_offset;

/** A set for `count` children, empty. 0 when memory is out (the run is then limited). */
marks_offset marks_push(struct schema_run *run, uint32_t count);
/** Forgets the set and all pushed after it. */
void marks_pop(struct schema_run *run, marks_offset marks);
/** Adds the members of `from`, a set for as many children. */
void marks_add_all(struct schema_run *run, marks_offset marks, marks_offset from, uint32_t count);

static inline void marks_set(struct schema_run *run, marks_offset marks, uint32_t position)
{
    run->words[marks - 1 + position / 64] |= UINT64_C(1) << position % 64;
}

static inline bool marks_has(const struct schema_run *run, marks_offset marks, uint32_t position)
{
    return run->words[marks - 1 + position / 64] >> position % 64 & 1;
}

/** Did a limit decide? Then the verdict is no. */
static inline bool run_is_over(const struct schema_run *run)
{
    return run->is_limited || run->work <= 0;
}

/** Starts over with a value; the work allowed grows with it. */
void run_begin(struct schema_run *run, const struct schema *schema, const struct tape *tape,
               uint32_t index);

bool accept_more(struct schema_run *run, const struct rule *rule, uint32_t index,
                 marks_offset marks);

/** Does the value pass the rule? */
static inline bool accept(struct schema_run *run, const struct rule *rule, uint32_t index)
{
    unsigned kind = kind_of(&run->nodes[index]);
    if (!(rule->types & kind))
        return false;
    return !(rule->more & kind) || accept_more(run, rule, index, 0);
}

/** The same, and adds to `marks` what the rule looked at. Only good when it passes. */
static inline bool accept_marking(struct schema_run *run, const struct rule *rule, uint32_t index,
                                  marks_offset marks)
{
    if (!marks || !rule->is_marking)
        return accept(run, rule, index);
    return (rule->types & kind_of(&run->nodes[index])) && accept_more(run, rule, index, marks);
}

bool accept_string(struct schema_run *run, const struct string_checks *checks,
                   const struct node *node);
bool accept_number(const struct number_checks *checks, const struct node *node);
bool accept_array(struct schema_run *run, const struct array_checks *checks, uint32_t index,
                  marks_offset marks);
bool accept_object(struct schema_run *run, const struct object_checks *checks, uint32_t index,
                   marks_offset marks);
bool accept_step(struct schema_run *run, const struct step *step, uint32_t index,
                 marks_offset marks);
bool accept_values(struct schema_run *run, const struct rule *rule, uint32_t index);
/** Everything of the rule that may mark, unevaluatedX aside. */
bool accept_parts(struct schema_run *run, const struct rule *rule, uint32_t index,
                  marks_offset marks);

/** The branches for a value of the telling property; NULL when any may pass. */
const struct choice *chooser_find(const struct chooser *chooser, const struct node *value);
/** Where the $dynamicRef leads now. */
const struct rule *dynamic_rule(const struct schema_run *run, const struct step *step);
/** Enters the rule's resource; returns what run_leave() wants. */
uint32_t run_enter(struct schema_run *run, const struct rule *rule);
static inline void run_leave(struct schema_run *run, uint32_t scope_count)
{
    run->scope_count = scope_count;
}

/** The value of the object's member, or TAPE_NONE. */
uint32_t find_member(struct schema_run *run, uint32_t object, const struct named *name);

/** For the explaining side: the single questions. */
bool text_has_length(struct str text, uint32_t min, uint32_t max);
bool text_matches(struct schema_run *run, const struct compiled_pattern *pattern, struct str text);
/** A second item that equals an earlier one (in `ret_first`), or TAPE_NONE. */
uint32_t find_repeat(struct schema_run *run, uint32_t array, uint32_t *ret_first);
bool content_matches(struct schema_run *run, const struct string_checks *checks, struct str text);

#endif

// SPDX-License-Identifier: MIT
/*
 * Sets of code points: what one place of a pattern may hold.
 *
 * A set is its ranges, plus Unicode properties whose members only the engine's tables know. Once
 * finished, ranges are sorted and neither touch nor overlap, and `negated` is set only where there
 * are properties: without them the complement stands in the ranges.
 */
#ifndef VALIDATE_PATTERN_SET_H
#define VALIDATE_PATTERN_SET_H

#include "base/arena.h"
#include "validate/pattern_property.h"

#define CODE_POINT_LAST 0x10FFFFu

struct code_range {
    uint32_t first, last;
};

struct pattern_property {
    struct property_meaning meaning;
    struct pattern_property *next;
};

struct pattern_set {
    struct code_range *ranges;
    size_t count, capacity;
    struct pattern_property *properties;
    bool negated;
};

/* Memory comes from the arena; when it is out the arena says so and the set lacks something. */
struct pattern_set *pattern_set_new(struct arena *arena);
void pattern_set_add(struct arena *arena, struct pattern_set *set, uint32_t first, uint32_t last);
/** What `\d`, `\s`, `\w` and their capitals stand for: `letter` is one of "dswDSW". */
void pattern_set_add_class(struct arena *arena, struct pattern_set *set, char letter);
void pattern_set_add_property(struct arena *arena, struct pattern_set *set,
                              struct property_meaning meaning);
/** Everything that the set does not hold now. */
void pattern_set_complement(struct arena *arena, struct pattern_set *set);
/** Sorts and joins the ranges. */
void pattern_set_finish(struct pattern_set *set);

#endif

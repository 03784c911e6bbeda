// SPDX-License-Identifier: MIT
#include "validate/pattern_set.h"

#include <stdlib.h>

/* ECMA-262, CharacterClassEscape: WhiteSpace and LineTerminator; ASCII alone for the other two. */
static const struct code_range spaces[] = {
    {0x09, 0x0D},     {0x20, 0x20},     {0xA0, 0xA0},     {0x1680, 0x1680}, {0x2000, 0x200A},
    {0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}, {0xFEFF, 0xFEFF},
};
static const struct code_range digits[] = {{'0', '9'}};
static const struct code_range word[] = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};

struct pattern_set *pattern_set_new(struct arena *arena)
{
    return arena_alloc(arena, sizeof(struct pattern_set));
}

void pattern_set_add(struct arena *arena, struct pattern_set *set, uint32_t first, uint32_t last)
{
    if (arena_reserve(arena, &set->ranges, &set->capacity, set->count + 1, sizeof *set->ranges))
        set->ranges[set->count++] = (struct code_range){first, last};
}

/** Adds the gaps between sorted, disjoint ranges. */
static void add_gaps(struct arena *arena, struct pattern_set *set, const struct code_range *ranges,
                     size_t count)
{
    uint32_t next = 0;
    for (size_t i = 0; i < count; i++) {
        if (ranges[i].first > next)
            pattern_set_add(arena, set, next, ranges[i].first - 1);
        next = ranges[i].last + 1;
    }
    if (next <= CODE_POINT_LAST)
        pattern_set_add(arena, set, next, CODE_POINT_LAST);
}

static void add_ranges(struct arena *arena, struct pattern_set *set,
                       const struct code_range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++)
        pattern_set_add(arena, set, ranges[i].first, ranges[i].last);
}

void pattern_set_add_class(struct arena *arena, struct pattern_set *set, char letter)
{
    switch (letter) {
    case 'd': add_ranges(arena, set, digits, 1); break;
    case 'D': add_gaps(arena, set, digits, 1); break;
    case 'w': add_ranges(arena, set, word, sizeof word / sizeof word[0]); break;
    case 'W': add_gaps(arena, set, word, sizeof word / sizeof word[0]); break;
    case 's': add_ranges(arena, set, spaces, sizeof spaces / sizeof spaces[0]); break;
    default: add_gaps(arena, set, spaces, sizeof spaces / sizeof spaces[0]); break;
    }
}

void pattern_set_add_property(struct arena *arena, struct pattern_set *set,
                              struct property_meaning meaning)
{
    struct pattern_property *property = arena_alloc(arena, sizeof *property);
    if (!property)
        return;
    *property = (struct pattern_property){meaning, set->properties};
    set->properties = property;
}

static int compare_ranges(const void *a, const void *b)
{
    const struct code_range *left = a, *right = b;
    return (left->first > right->first) - (left->first < right->first);
}

void pattern_set_finish(struct pattern_set *set)
{
    if (set->count < 2)
        return;
    qsort(set->ranges, set->count, sizeof *set->ranges, compare_ranges);
    size_t kept = 0;
    for (size_t i = 1; i < set->count; i++) {
        struct code_range *top = &set->ranges[kept];
        if (set->ranges[i].first > top->last + 1)
            set->ranges[++kept] = set->ranges[i];
        else if (set->ranges[i].last > top->last)
            top->last = set->ranges[i].last;
    }
    set->count = kept + 1;
}

void pattern_set_complement(struct arena *arena, struct pattern_set *set)
{
    pattern_set_finish(set);
    if (set->properties) {
        set->negated = !set->negated;
        return;
    }
    struct code_range *ranges = set->ranges;
    size_t count = set->count;
    set->ranges = NULL;
    set->count = set->capacity = 0;
    add_gaps(arena, set, ranges, count);
}

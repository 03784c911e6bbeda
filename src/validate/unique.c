// SPDX-License-Identifier: MIT
/* uniqueItems: each with each while they are few, by hash when they are many. */
#include "validate/run.h"

#include "validate/equal.h"

enum { PAIRWISE_LIMIT = 8 };

/** What tells most values apart without a look into them. */
static bool may_equal(const struct node *a, const struct node *b)
{
    return a->type == b->type && (a->type != NODE_STRING || a->text_length == b->text_length);
}

static uint32_t find_equal_before(struct schema_run *run, uint32_t array, uint32_t item)
{
    for (uint32_t other = array + 1; other < item; other = run->nodes[other].next)
        if (may_equal(&run->nodes[other], &run->nodes[item]) &&
            value_equal(run->tape, other, run->tape, item, &run->work))
            return other;
    return TAPE_NONE;
}

static uint32_t find_repeat_pairwise(struct schema_run *run, uint32_t array, uint32_t *ret_first)
{
    for (uint32_t item = array + 1; item < run->nodes[array].next; item = run->nodes[item].next) {
        *ret_first = find_equal_before(run, array, item);
        if (*ret_first != TAPE_NONE)
            return item;
    }
    return TAPE_NONE;
}

/** Puts the item into the table of `mask` + 1 words, each an item's index; an equal one that is
 * there already is returned. */
static uint32_t put(struct schema_run *run, uint64_t *table, uint64_t mask, uint32_t item)
{
    uint64_t at = value_hash(run->tape, item) & mask;
    for (; table[at]; at = (at + 1) & mask) {
        uint32_t other = (uint32_t)table[at];
        if (--run->work <= 0 || value_equal(run->tape, other, run->tape, item, &run->work))
            return other;
    }
    table[at] = item;
    return TAPE_NONE;
}

static uint32_t find_repeat_hashed(struct schema_run *run, uint32_t array, uint32_t *ret_first)
{
    size_t slots = 32;
    while (slots < (size_t)run->nodes[array].count * 2)
        slots *= 2;
    size_t start = words_push(run, slots);
    if (start == WORDS_NONE)
        return TAPE_NONE;
    uint32_t repeat = TAPE_NONE;
    for (uint32_t item = array + 1; item < run->nodes[array].next && repeat == TAPE_NONE;
         item = run->nodes[item].next) {
        *ret_first = put(run, run->words + start, slots - 1, item);
        if (*ret_first != TAPE_NONE)
            repeat = item;
    }
    run->words_used = start;
    return repeat;
}

uint32_t find_repeat(struct schema_run *run, uint32_t array, uint32_t *ret_first)
{
    if (run->nodes[array].count <= PAIRWISE_LIMIT)
        return find_repeat_pairwise(run, array, ret_first);
    return find_repeat_hashed(run, array, ret_first);
}

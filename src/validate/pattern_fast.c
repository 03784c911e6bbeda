// SPDX-License-Identifier: MIT
/*
 * The walk. Each step takes a place in the text and returns the place behind what it took, or NULL.
 * Its time is linear in the text: a turn of a loop always takes a character.
 */
#include "validate/pattern_fast.h"

#include "base/utf8.h"

/* A text while it is walked: where it ends, and the pattern's classes. */
struct walk {
    const uint8_t *end;
    const uint16_t *classes;
};

static const uint8_t *walk_items(const struct walk *walk, const struct fast_item *item,
                                 const uint8_t *at);

static bool is_in_ranges(const struct fast_set *set, uint32_t c)
{
    size_t low = 0, high = set->range_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (set->ranges[middle].last < c)
            low = middle + 1;
        else
            high = middle;
    }
    return low < set->range_count && set->ranges[low].first <= c;
}

/** Behind the character here, if the ranges have it. */
static const uint8_t *ask_ranges(const struct fast_set *set, const uint8_t *at, const uint8_t *end)
{
    size_t length = 0;
    uint32_t c = utf8_next((struct str){(const char *)at, (size_t)(end - at)}, &length);
    return is_in_ranges(set, c) ? at + length : NULL;
}

/** Behind the character here, if there is one and it is in the set. */
static inline const uint8_t *take_one(const struct fast_set *set, const uint8_t *at,
                                      const uint8_t *end)
{
    if (at >= end || set->bytes[*at] == BYTE_OUT)
        return NULL;
    if (*at < 0x80)
        return at + 1;
    if (set->bytes[*at] == BYTE_ASK)
        return ask_ranges(set, at, end);
    size_t length = *at < 0xE0 ? 2 : *at < 0xF0 ? 3 : 4;
    return length <= (size_t)(end - at) ? at + length : NULL;
}

/** As far as the set goes. */
static const uint8_t *span(const struct fast_set *set, const uint8_t *at, const uint8_t *end)
{
    for (;;) {
        while (at < end && set->bytes[*at] == BYTE_IN)
            at++;
        const uint8_t *next =
            at < end && set->bytes[*at] == BYTE_ASK ? ask_ranges(set, at, end) : NULL;
        if (!next)
            return at;
        at = next;
    }
}

static const uint8_t *walk_run(const struct fast_item *run, const uint8_t *at, const uint8_t *end)
{
    if (run->max == REPEAT_UNBOUNDED && run->min <= 1) {
        const uint8_t *behind = span(run->set, at, end);
        return behind > at || run->min == 0 ? behind : NULL;
    }
    if (run->set->ascii_only) {
        size_t left = (size_t)(end - at);
        const uint8_t *behind = span(run->set, at, run->max < left ? at + run->max : end);
        return (size_t)(behind - at) >= run->min ? behind : NULL;
    }
    uint32_t count = 0;
    for (const uint8_t *next; count < run->max && (next = take_one(run->set, at, end)); count++)
        at = next;
    return count >= run->min ? at : NULL;
}

static const uint8_t *walk_rest(const struct walk *walk, const struct fast_item *rest,
                                const uint8_t *at)
{
    size_t behind = rest->next->text.length;
    if ((size_t)(walk->end - at) < behind)
        return NULL;
    const uint8_t *head = walk->end - behind;
    return walk_run(rest, at, head) == head ? head : NULL;
}

static const uint8_t *walk_text(const struct walk *walk, struct str text, const uint8_t *at)
{
    if ((size_t)(walk->end - at) < text.length)
        return NULL;
    for (size_t i = 0; i < text.length; i++) /* seldom long enough for memcmp() to pay */
        if (at[i] != (uint8_t)text.at[i])
            return NULL;
    return at + text.length;
}

static const uint8_t *walk_places(const struct walk *walk, const struct fast_item *item,
                                  const uint8_t *at)
{
    if ((size_t)(walk->end - at) < item->place_count)
        return NULL;
    for (size_t i = 0; i < item->place_count; i++)
        if (!(walk->classes[at[i]] & item->places[i]))
            return NULL;
    return at + item->place_count;
}

static const uint8_t *walk_loop(const struct walk *walk, const struct fast_item *loop,
                                const uint8_t *at)
{
    uint32_t count = 0;
    for (; count < loop->max && take_one(loop->set, at, walk->end); count++)
        if (!(at = walk_items(walk, loop->children, at)))
            return NULL;
    return count >= loop->min ? at : NULL;
}

static const uint8_t *walk_choice(const struct walk *walk, const struct fast_item *choice,
                                  const uint8_t *at)
{
    for (const struct fast_item *branch = choice->children; branch; branch = branch->next)
        if (take_one(branch->set, at, walk->end))
            return walk_items(walk, branch->children, at);
    return choice->may_be_empty ? at : NULL;
}

static const uint8_t *walk_items(const struct walk *walk, const struct fast_item *item,
                                 const uint8_t *at)
{
    for (; item && at; item = item->next) {
        switch (item->kind) {
        case FAST_TEXT: at = walk_text(walk, item->text, at); break;
        case FAST_PLACES: at = walk_places(walk, item, at); break;
        case FAST_RUN: at = walk_run(item, at, walk->end); break;
        case FAST_REST: at = walk_rest(walk, item, at); break;
        case FAST_LOOP: at = walk_loop(walk, item, at); break;
        case FAST_CHOICE: at = walk_choice(walk, item, at); break;
        case FAST_BRANCH: return NULL;
        }
    }
    return at;
}

static bool is_word(const struct pattern_fast *fast, struct str subject)
{
    size_t low = 0, high = fast->word_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(fast->words[middle], subject);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static bool matches_word(const struct pattern_fast *fast, struct str subject)
{
    if (fast->from_start && fast->to_end)
        return is_word(fast, subject);
    for (size_t i = 0; i < fast->word_count; i++)
        if (fast->from_start ? str_starts_with(subject, fast->words[i])
            : fast->to_end   ? str_ends_with(subject, fast->words[i])
                             : str_find_str(subject, fast->words[i]) != STR_NONE)
            return true;
    return false;
}

/** Is any character in the set? */
static bool has_one_of(const struct fast_set *set, const uint8_t *at, const uint8_t *end)
{
    for (; at < end; at++)
        if ((*at & 0xC0) != 0x80 && take_one(set, at, end))
            return true;
    return false;
}

bool pattern_fast_match(const struct pattern_fast *fast, struct str subject)
{
    const uint8_t *start = (const uint8_t *)(subject.at ? subject.at : "");
    const struct walk walk = {start + subject.length, fast->classes};
    const uint8_t *behind;
    switch (fast->shape) {
    case FAST_WORDS: return matches_word(fast, subject);
    case FAST_HOLDS: return has_one_of(fast->items->set, start, walk.end);
    case FAST_PROGRAM:
        behind = walk_items(&walk, fast->items, start);
        return behind && (!fast->to_end || behind == walk.end);
    }
    return false;
}

// SPDX-License-Identifier: MIT
/*
 * Things of a fixed length in a row, as in \d{4}-\d{2}-\d{2}, become one: a list of places, each
 * with the class of ASCII characters that may stand there. A class is a bit, and a table tells of
 * each byte in which classes it is.
 */
#include "validate/pattern_fast_build.h"

/* Classes that bits of a uint16_t tell apart, and places that one item may have. */
#define CLASS_LIMIT 16u
#define PLACE_LIMIT 64u

/* What FAST_PLACES are made of. */
struct classes {
    uint16_t *by_byte;
    size_t count;
    const struct pattern_set *members[CLASS_LIMIT];
    uint32_t characters[CLASS_LIMIT]; /* where there are no members */
};

static bool same_class(const struct pattern_set *a, const struct pattern_set *b)
{
    return a && b && a->count == b->count &&
           (!a->count || memcmp(a->ranges, b->ranges, a->count * sizeof *a->ranges) == 0);
}

/** The bit of a class of ASCII characters, or of one character; 0 when all bits are taken. */
static uint16_t class_bit(struct classes *classes, const struct pattern_set *members,
                          uint32_t character)
{
    for (size_t i = 0; i < classes->count; i++)
        if (members ? same_class(classes->members[i], members)
                    : !classes->members[i] && classes->characters[i] == character)
            return (uint16_t)(1u << i);
    if (classes->count == CLASS_LIMIT)
        return 0;
    uint16_t bit = (uint16_t)(1u << classes->count);
    classes->members[classes->count] = members;
    classes->characters[classes->count++] = character;
    if (!members)
        classes->by_byte[character] |= bit;
    for (size_t i = 0; members && i < members->count; i++)
        for (uint32_t c = members->ranges[i].first; c <= members->ranges[i].last; c++)
            classes->by_byte[c] |= bit;
    return bit;
}

/** How many places the item is, when each of them is one ASCII character; else 0. */
static size_t count_places(const struct fast_item *item)
{
    if (item->kind == FAST_RUN && item->set->ascii_only && item->min == item->max)
        return item->max;
    size_t length = item->kind == FAST_TEXT ? item->text.length : 0;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)item->text.at[i] >= 0x80)
            return 0;
    return length;
}

static void add_places(struct classes *classes, const struct fast_item *item, uint16_t *places,
                       size_t count)
{
    for (size_t i = 0; i < count; i++)
        places[i] = item->kind == FAST_RUN
                        ? class_bit(classes, item->members, 0)
                        : class_bit(classes, NULL, (unsigned char)item->text.at[i]);
}

/** Makes one item of those from `first` up to `end`, which have `count` places. */
static bool join(struct arena *arena, struct classes *classes, struct fast_item *first,
                 struct fast_item *end, size_t count)
{
    if (!classes->by_byte)
        classes->by_byte = arena_alloc_array(arena, 256, sizeof *classes->by_byte);
    uint16_t *places = arena_alloc_array(arena, count, sizeof *places);
    if (!classes->by_byte || !places)
        return false;
    size_t at = 0;
    for (const struct fast_item *item = first; item != end; item = item->next) {
        add_places(classes, item, places + at, count_places(item));
        at += count_places(item);
    }
    for (size_t i = 0; i < count; i++)
        if (!places[i])
            return true; /* too many classes: leave them as they are */
    first->kind = FAST_PLACES;
    first->places = places;
    first->place_count = count;
    first->next = end;
    return true;
}

static bool find_in(struct arena *arena, struct classes *classes, struct fast_item *items)
{
    for (struct fast_item *item = items; item; item = item->next) {
        size_t count = 0, runs = 0, parts = 0;
        struct fast_item *end = item;
        for (size_t more; end && (more = count_places(end)) && count + more <= PLACE_LIMIT;
             end = end->next, parts++) {
            count += more;
            runs += end->kind == FAST_RUN;
        }
        if (runs && parts > 1 && !join(arena, classes, item, end, count))
            return false;
        if (item->children && !find_in(arena, classes, item->children))
            return false;
    }
    return true;
}

bool pattern_fast_find_places(struct arena *arena, struct pattern_fast *fast,
                              struct fast_item *items)
{
    struct classes classes = {0};
    bool found = find_in(arena, &classes, items);
    fast->classes = classes.by_byte;
    return found;
}

// SPDX-License-Identifier: MIT
/*
 * From a tree to its fast form, or to none.
 *
 * 1. Take off ^ and $, and make a list of items of what stands between them.
 * 2. Where an end is open, cut off what need not be there: [0-9]+ anywhere is [0-9] anywhere.
 * 3. Look at the shape: words, one character, or a walk from the start.
 * 4. For a walk, make sure that it never has to step back (pattern_fast_decide.c), and join what
 * has a fixed length (pattern_fast_places.c).
 */
#include "validate/pattern_fast_build.h"

#include <stdlib.h>

/* Beyond this the engine is as good, and deciding would take its time. */
#define ITEM_LIMIT 64u
/* Words that are tried one by one. */
#define OPEN_WORD_LIMIT 16u

/** Makes one text of those that stand next to each other. */
static bool join_texts(struct arena *arena, struct fast_item *items)
{
    for (struct fast_item *item = items; item; item = item->next) {
        if (!join_texts(arena, item->children))
            return false;
        size_t length = 0;
        struct fast_item *end = item;
        for (; end && end->kind == FAST_TEXT; end = end->next)
            length += end->text.length;
        if (item->kind != FAST_TEXT || end == item->next)
            continue;
        char *bytes = arena_alloc(arena, length);
        if (!bytes)
            return false;
        size_t at = 0;
        for (const struct fast_item *part = item; part != end; part = part->next) {
            memcpy(bytes + at, part->text.at, part->text.length);
            at += part->text.length;
        }
        item->text = (struct str){bytes, length};
        item->next = end;
    }
    return true;
}

/** Makes the item at an open end as short as it may be: a+ becomes a, and a* nothing. True when
 * there may be more to cut. `*link` points to the item. */
static bool shorten(struct fast_item **link)
{
    struct fast_item *item = *link;
    bool optional =
        item->kind == FAST_CHOICE ? item->may_be_empty : item->kind != FAST_TEXT && item->min == 0;
    if (optional) {
        *link = item->next;
        return true;
    }
    if (item->kind == FAST_LOOP && item->min == 1) {
        struct fast_item **end = &item->children;
        while (*end)
            end = &(*end)->next;
        *end = item->next;
        *link = item->children;
        return true;
    }
    if (item->kind == FAST_RUN || item->kind == FAST_LOOP)
        item->max = item->min;
    return false;
}

static struct fast_item **last_link(struct fast_item **link)
{
    while ((*link)->next)
        link = &(*link)->next;
    return link;
}

static void cut_open_ends(struct pattern_fast *fast, struct fast_item **items)
{
    while (!fast->to_end && *items && shorten(last_link(items)))
        ;
    while (!fast->from_start && *items && shorten(items))
        ;
}

static int compare_words(const void *a, const void *b)
{
    const struct str *left = a, *right = b;
    return str_compare(*left, *right);
}

/** The words, when the list is a text or a choice among texts. */
static bool find_words(struct arena *arena, struct pattern_fast *fast,
                       const struct fast_item *items)
{
    const struct fast_item *choices = items;
    if (items && items->kind == FAST_CHOICE)
        choices = items->children;
    if (!items || items->next)
        return false;
    size_t count = 0;
    for (const struct fast_item *item = choices; item; item = item->next, count++) {
        const struct fast_item *text = item->kind == FAST_BRANCH ? item->children : item;
        if (text && (text->kind != FAST_TEXT || text->next))
            return false;
    }
    if (!(fast->from_start && fast->to_end) && count > OPEN_WORD_LIMIT)
        return false;
    struct str *words = arena_alloc_array(arena, count, sizeof *words);
    if (!words)
        return false;
    count = 0;
    for (const struct fast_item *item = choices; item; item = item->next) {
        const struct fast_item *text = item->kind == FAST_BRANCH ? item->children : item;
        words[count++] = text ? text->text : STR("");
    }
    qsort(words, count, sizeof *words, compare_words);
    fast->shape = FAST_WORDS;
    fast->words = words;
    fast->word_count = count;
    return true;
}

static size_t count_items(const struct fast_item *items)
{
    size_t count = 0;
    for (const struct fast_item *item = items; item; item = item->next)
        count += 1 + count_items(item->children);
    return count;
}

static bool find_shape(struct arena *arena, struct pattern_fast *fast, struct fast_item *items)
{
    fast->items = items;
    if (!items && !(fast->from_start && fast->to_end))
        fast->from_start = fast->to_end = false; /* nothing that anything could lack */
    if (find_words(arena, fast, items))
        return true;
    if (fast->from_start || !items) {
        fast->shape = FAST_PROGRAM;
        return count_items(items) <= ITEM_LIMIT &&
               pattern_fast_decide(arena, items, fast->to_end) &&
               pattern_fast_find_places(arena, fast, items);
    }
    fast->shape = FAST_HOLDS;
    return !fast->to_end && !items->next && items->kind == FAST_RUN && items->max == 1 &&
           pattern_fast_decide(arena, items, false);
}

struct pattern_fast *pattern_fast_build(const struct pattern_tree *tree, struct arena *arena)
{
    struct pattern_fast *fast = arena_alloc(arena, sizeof *fast);
    if (!fast)
        return NULL;
    struct fast_item *items = NULL;
    if (!pattern_fast_collect(arena, tree->root, fast, &items) || !join_texts(arena, items))
        return NULL;
    cut_open_ends(fast, &items);
    return join_texts(arena, items) && find_shape(arena, fast, items) ? fast : NULL;
}

static struct str copy_text(struct arena *arena, struct str text)
{
    return text.length ? arena_copy(arena, text) : STR("");
}

static struct fast_set *copy_set(struct arena *arena, const struct fast_set *set)
{
    struct fast_set *copy = arena_alloc(arena, sizeof *copy);
    struct code_range *ranges = arena_alloc_array(arena, set->range_count, sizeof *ranges);
    if (!copy || !ranges)
        return NULL;
    if (set->range_count)
        memcpy(ranges, set->ranges, set->range_count * sizeof *ranges);
    *copy = *set;
    copy->ranges = ranges;
    return copy;
}

static uint16_t *copy_numbers(struct arena *arena, const uint16_t *numbers, size_t count)
{
    uint16_t *copy = arena_alloc_array(arena, count, sizeof *copy);
    if (copy && count)
        memcpy(copy, numbers, count * sizeof *copy);
    return copy;
}

static struct fast_item *copy_items(struct arena *arena, const struct fast_item *items)
{
    struct fast_item *first = NULL, **end = &first;
    for (const struct fast_item *item = items; item; item = item->next) {
        struct fast_item *copy = arena_alloc(arena, sizeof *copy);
        if (!copy)
            return NULL;
        *copy = *item;
        copy->text = copy_text(arena, item->text);
        copy->places = copy_numbers(arena, item->places, item->place_count);
        copy->set = item->set ? copy_set(arena, item->set) : NULL;
        copy->children = copy_items(arena, item->children);
        copy->members = NULL;
        copy->next = NULL;
        *end = copy;
        end = &copy->next;
    }
    return first;
}

static struct pattern_fast *copy_all(struct arena *arena, const struct pattern_fast *fast)
{
    struct pattern_fast *copy = arena_alloc(arena, sizeof *copy);
    struct str *words = arena_alloc_array(arena, fast->word_count, sizeof *words);
    if (!copy || !words)
        return NULL;
    for (size_t i = 0; i < fast->word_count; i++)
        words[i] = copy_text(arena, fast->words[i]);
    *copy = *fast;
    copy->words = words;
    copy->classes = fast->classes ? copy_numbers(arena, fast->classes, 256) : NULL;
    copy->items = fast->shape == FAST_WORDS ? NULL : copy_items(arena, fast->items);
    return copy;
}

struct pattern_fast *pattern_fast_copy(const struct pattern_fast *fast, struct arena *scratch,
                                       struct arena *arena)
{
    size_t before = scratch->used_bytes;
    copy_all(scratch, fast); /* to learn its size */
    arena_fit(arena, scratch->used_bytes - before);
    struct pattern_fast *copy = copy_all(arena, fast);
    return arena->failed ? NULL : copy;
}

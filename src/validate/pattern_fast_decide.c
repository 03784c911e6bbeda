// SPDX-License-Identifier: MIT
/*
 * Is there, at each character, only one way to go on?
 *
 * As in an LL(1) parser: what a loop's next turn can start with must not be what can follow the
 * loop, and no two branches of a choice may start alike. Then a walk that always takes the next
 * character where it can never has to take a step back. A run before a text at the very end, as in
 * .*\.md, is the one exception: there the end tells.
 */
#include "base/utf8.h"
#include "validate/pattern_fast_build.h"

static bool is_none(const struct pattern_set *set)
{
    return set->count == 0;
}

static bool overlap(const struct pattern_set *a, const struct pattern_set *b)
{
    size_t i = 0, j = 0;
    while (i < a->count && j < b->count) {
        if (a->ranges[i].last < b->ranges[j].first)
            i++;
        else if (b->ranges[j].last < a->ranges[i].first)
            j++;
        else
            return true;
    }
    return false;
}

static void add_all(struct arena *arena, struct pattern_set *set, const struct pattern_set *other)
{
    for (size_t i = 0; i < other->count; i++)
        pattern_set_add(arena, set, other->ranges[i].first, other->ranges[i].last);
}

static struct pattern_set *join(struct arena *arena, const struct pattern_set *a,
                                const struct pattern_set *b)
{
    struct pattern_set *set = pattern_set_new(arena);
    if (!set)
        return NULL;
    add_all(arena, set, a);
    add_all(arena, set, b);
    pattern_set_finish(set);
    return set;
}
static bool may_be_skipped(const struct fast_item *item)
{
    switch (item->kind) {
    case FAST_TEXT:
    case FAST_PLACES:
    case FAST_BRANCH: return false;
    case FAST_RUN:
    case FAST_REST:
    case FAST_LOOP: return item->min == 0;
    case FAST_CHOICE: return item->may_be_empty;
    }
    return false;
}

static struct pattern_set *first_of(struct arena *arena, const struct fast_item *items);

/** What the item itself can start with. NULL when memory is out, as everywhere here. */
static struct pattern_set *first_of_item(struct arena *arena, const struct fast_item *item)
{
    struct pattern_set *set = pattern_set_new(arena);
    size_t at = 0;
    if (item->kind == FAST_LOOP || item->kind == FAST_BRANCH)
        return first_of(arena, item->children);
    if (!set)
        return NULL;
    if (item->kind == FAST_TEXT) {
        uint32_t c = utf8_next(item->text, &at);
        pattern_set_add(arena, set, c, c);
    } else if (item->kind == FAST_RUN || item->kind == FAST_REST) {
        add_all(arena, set, item->members);
    }
    for (const struct fast_item *branch = item->children; set && branch; branch = branch->next) {
        struct pattern_set *first = first_of_item(arena, branch);
        set = first ? join(arena, set, first) : NULL;
    }
    return set;
}

static struct pattern_set *first_of(struct arena *arena, const struct fast_item *items)
{
    struct pattern_set *set = pattern_set_new(arena);
    for (const struct fast_item *item = items; set && item; item = item->next) {
        struct pattern_set *first = first_of_item(arena, item);
        set = first ? join(arena, set, first) : NULL;
        if (!may_be_skipped(item))
            break;
    }
    return set;
}

static struct pattern_set *decide(struct arena *arena, struct fast_item *item,
                                  struct pattern_set *follow);

/** Is there but one text behind the run, and then the end? Then counting back from the end decides.
 */
static bool is_rest(const struct fast_item *run, const struct pattern_set *follow)
{
    return run->next && run->next->kind == FAST_TEXT && !run->next->next && is_none(follow);
}

static bool decide_run(struct arena *arena, struct fast_item *run, const struct pattern_set *after,
                       const struct pattern_set *follow)
{
    run->set = pattern_fast_set(arena, run->members);
    if (!run->set)
        return false;
    if (run->min < run->max && overlap(run->members, after)) {
        if (!is_rest(run, follow))
            return false;
        run->kind = FAST_REST;
    }
    return true;
}

static bool decide_loop(struct arena *arena, struct fast_item *loop, struct pattern_set *after)
{
    struct pattern_set *first = first_of(arena, loop->children);
    struct pattern_set *inside = first && loop->max > 1 ? join(arena, first, after) : after;
    loop->set = first ? pattern_fast_set(arena, first) : NULL;
    return loop->set && inside && decide(arena, loop->children, inside) &&
           !(loop->min < loop->max && overlap(first, after));
}

static bool decide_choice(struct arena *arena, struct fast_item *choice, struct pattern_set *after)
{
    struct pattern_set *all = pattern_set_new(arena);
    for (struct fast_item *branch = choice->children; all && branch; branch = branch->next) {
        struct pattern_set *first = first_of(arena, branch->children);
        branch->set = first ? pattern_fast_set(arena, first) : NULL;
        if (!branch->set || overlap(all, first) || !decide(arena, branch->children, after))
            return false;
        all = join(arena, all, first);
    }
    return all && !(choice->may_be_empty && overlap(all, after));
}

/** What can come from `item` on, when `follow` comes behind the list; NULL when one character does
 * not always tell. */
static struct pattern_set *decide(struct arena *arena, struct fast_item *item,
                                  struct pattern_set *follow)
{
    if (!item)
        return follow;
    struct pattern_set *after = decide(arena, item->next, follow);
    struct pattern_set *first = after ? first_of_item(arena, item) : NULL;
    if (!first)
        return NULL;
    bool fine = true;
    switch (item->kind) {
    case FAST_TEXT: break;
    case FAST_RUN: fine = decide_run(arena, item, after, follow); break;
    case FAST_REST: break;
    case FAST_LOOP: fine = decide_loop(arena, item, after); break;
    case FAST_CHOICE: fine = decide_choice(arena, item, after); break;
    case FAST_PLACES:
    case FAST_BRANCH: fine = false; break;
    }
    if (!fine)
        return NULL;
    return may_be_skipped(item) ? join(arena, first, after) : first;
}

bool pattern_fast_decide(struct arena *arena, struct fast_item *items, bool to_end)
{
    struct pattern_set *follow = pattern_set_new(arena);
    if (follow && !to_end)
        pattern_set_add(arena, follow, 0, CODE_POINT_LAST);
    return follow && decide(arena, items, follow) && !arena->failed;
}

/** The code points whose first byte in UTF-8 is `lead`, from 0x80 on; none for a byte that leads
 * none. */
static struct code_range led_by(uint32_t lead)
{
    if (lead < 0xC2 || lead > 0xF4)
        return (struct code_range){1, 0};
    if (lead < 0xE0)
        return (struct code_range){(lead & 0x1F) << 6, (lead & 0x1F) << 6 | 0x3F};
    if (lead < 0xF0) {
        uint32_t first = (lead & 0x0F) << 12;
        uint32_t last = lead == 0xED ? 0xD7FF : first | 0xFFF; /* surrogates have no UTF-8 */
        return (struct code_range){lead == 0xE0 ? 0x800 : first, last};
    }
    uint32_t first = (lead & 0x07) << 18;
    return (struct code_range){lead == 0xF0 ? 0x10000 : first,
                               lead == 0xF4 ? CODE_POINT_LAST : first | 0x3FFFF};
}

/** What the set says about all of a range alike. */
static enum byte_verdict verdict(const struct pattern_set *members, struct code_range range)
{
    for (size_t i = 0; i < members->count; i++) {
        const struct code_range *own = &members->ranges[i];
        if (own->first <= range.first && range.last <= own->last)
            return BYTE_IN;
        if (own->first <= range.last && range.first <= own->last)
            return BYTE_ASK;
    }
    return BYTE_OUT;
}

struct fast_set *pattern_fast_set(struct arena *arena, const struct pattern_set *members)
{
    struct fast_set *set = arena_alloc(arena, sizeof *set);
    if (!set)
        return NULL;
    set->ranges = members->ranges;
    set->range_count = members->count;
    set->ascii_only = is_none(members) || members->ranges[members->count - 1].last < 0x80;
    for (uint32_t byte = 0; byte < 0x80; byte++)
        set->bytes[byte] = (uint8_t)verdict(members, (struct code_range){byte, byte});
    if (set->ascii_only)
        return set;
    memset(set->bytes + 0x80, BYTE_IN, 0x40);
    for (uint32_t byte = 0xC0; byte < 0x100; byte++) {
        struct code_range led = led_by(byte);
        if (led.first <= led.last)
            set->bytes[byte] = (uint8_t)verdict(members, led);
    }
    return set;
}

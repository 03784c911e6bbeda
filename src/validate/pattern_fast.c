// SPDX-License-Identifier: MIT
/* The walk. Its time is linear in the text: a turn of a loop always takes a character. */
#include "validate/pattern_fast.h"

#include "base/utf8.h"

static bool walk(const struct fast_item *item, struct str subject, size_t *at);

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

/** Is the character at `at` in the set? There is one. `ret_next` is behind it. */
static bool holds(const struct fast_set *set, struct str subject, size_t at, size_t *ret_next)
{
    unsigned char byte = (unsigned char)subject.at[at];
    if (byte < 0x80) {
        *ret_next = at + 1;
        return set->bytes[byte];
    }
    if (!set->bytes[byte])
        return false;
    *ret_next = at;
    uint32_t c = utf8_next(subject, ret_next);
    return set->by_byte || is_in_ranges(set, c);
}

static bool starts(const struct fast_set *set, struct str subject, size_t at)
{
    size_t next;
    return at < subject.length && holds(set, subject, at, &next);
}

/** A run whose bytes need not be told apart as characters. */
static bool walk_bytes(const struct fast_item *run, struct str subject, size_t *at)
{
    const unsigned char *bytes = (const unsigned char *)subject.at;
    size_t left = subject.length - *at;
    size_t end = *at + (run->max < left ? run->max : left);
    size_t i = *at;
    while (i < end && run->set->bytes[bytes[i]])
        i++;
    bool enough = i - *at >= run->min;
    *at = i;
    return enough;
}

static bool walk_characters(const struct fast_item *run, struct str subject, size_t *at)
{
    uint32_t count = 0;
    size_t next;
    while (count < run->max && *at < subject.length && holds(run->set, subject, *at, &next)) {
        *at = next;
        count++;
    }
    return count >= run->min;
}

static bool walk_rest(const struct fast_item *rest, struct str subject, size_t *at)
{
    size_t behind = rest->next->text.length;
    if (subject.length - *at < behind)
        return false;
    struct str head = str_slice(subject, 0, subject.length - behind);
    return (rest->bytewise ? walk_bytes : walk_characters)(rest, head, at) && *at == head.length;
}

static bool walk_loop(const struct fast_item *loop, struct str subject, size_t *at)
{
    uint32_t count = 0;
    while (count < loop->max && starts(loop->set, subject, *at)) {
        if (!walk(loop->children, subject, at))
            return false;
        count++;
    }
    return count >= loop->min;
}

static bool walk_choice(const struct fast_item *choice, struct str subject, size_t *at)
{
    for (const struct fast_item *branch = choice->children; branch; branch = branch->next)
        if (starts(branch->set, subject, *at))
            return walk(branch->children, subject, at);
    return choice->may_be_empty;
}

static bool walk_text(const struct fast_item *item, struct str subject, size_t *at)
{
    if (!str_starts_with(str_slice(subject, *at, subject.length), item->text))
        return false;
    *at += item->text.length;
    return true;
}

static bool walk(const struct fast_item *item, struct str subject, size_t *at)
{
    for (; item; item = item->next) {
        bool fits = false;
        switch (item->kind) {
        case FAST_TEXT: fits = walk_text(item, subject, at); break;
        case FAST_RUN:
            fits =
                item->bytewise ? walk_bytes(item, subject, at) : walk_characters(item, subject, at);
            break;
        case FAST_REST: fits = walk_rest(item, subject, at); break;
        case FAST_LOOP: fits = walk_loop(item, subject, at); break;
        case FAST_CHOICE: fits = walk_choice(item, subject, at); break;
        case FAST_BRANCH: break;
        }
        if (!fits)
            return false;
    }
    return true;
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

static bool has_one_of(const struct fast_set *set, struct str subject)
{
    size_t next;
    for (size_t at = 0; at < subject.length; at++)
        if (((unsigned char)subject.at[at] & 0xC0) != 0x80 && holds(set, subject, at, &next))
            return true;
    return false;
}

bool pattern_fast_match(const struct pattern_fast *fast, struct str subject)
{
    size_t at = 0;
    switch (fast->shape) {
    case FAST_WORDS: return matches_word(fast, subject);
    case FAST_HOLDS: return has_one_of(fast->items->set, subject);
    case FAST_PROGRAM:
        return walk(fast->items, subject, &at) && (!fast->to_end || at == subject.length);
    }
    return false;
}

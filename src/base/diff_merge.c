// SPDX-License-Identifier: MIT
/*
 * Both ways from the base are lists of changes: some lines of the base become some lines of the
 * side. The lists are gone through together, in the order of the base. Changes that neither share a
 * line nor touch are made one after the other; the same change on both sides is one.
 */
#include "base/diff.h"
#include "base/diff_script.h"

enum { SIDES = 2 };

/** Lines `start` up to `end` of the base become lines `from` up to `to` of the side. */
struct change {
    size_t start, end, from, to;
};

/** One way from the base, at the next change of it. */
struct way {
    struct diff_lines lines;
    struct diff_script script;
    size_t at, base_at, side_at; /* behind the change, in the script and in both texts */
    struct change change;
    bool is_done; /* there is no further change */
};

static void next_change(struct way *way)
{
    const struct diff_script *script = &way->script;
    while (way->at < script->count && script->ops[way->at] == ' ') {
        way->at++;
        way->base_at++;
        way->side_at++;
    }
    way->is_done = way->at == script->count;
    way->change.start = way->base_at;
    way->change.from = way->side_at;
    for (; way->at < script->count && script->ops[way->at] != ' '; way->at++) {
        way->base_at += script->ops[way->at] == '-';
        way->side_at += script->ops[way->at] == '+';
    }
    way->change.end = way->base_at;
    way->change.to = way->side_at;
}

static bool is_same(const struct way *a, const struct way *b)
{
    const struct change *left = &a->change, *right = &b->change;
    if (left->start != right->start || left->end != right->end ||
        left->to - left->from != right->to - right->from)
        return false;
    for (size_t i = 0; i < left->to - left->from; i++)
        if (!str_equal(a->lines.at[left->from + i], b->lines.at[right->from + i]))
            return false;
    return true;
}

static void add_lines(const struct diff_lines *lines, size_t from, size_t to, struct strbuf *out)
{
    for (; from < to; from++)
        strbuf_add(out, lines->at[from]);
}

static enum diff_merged merge(const struct diff_lines *base, struct way ways[SIDES],
                              struct strbuf *out)
{
    size_t done = 0; /* lines of the base */
    for (int side = 0; side < SIDES; side++)
        next_change(&ways[side]);
    while (!ways[0].is_done || !ways[1].is_done) {
        bool is_second =
            ways[0].is_done || (!ways[1].is_done && ways[1].change.start < ways[0].change.start);
        struct way *first = &ways[is_second], *other = &ways[!is_second];
        bool touches = !other->is_done && other->change.start <= first->change.end;
        bool is_one = touches && is_same(first, other);
        if (touches && !is_one)
            return DIFF_OVERLAPS;
        add_lines(base, done, first->change.start, out);
        add_lines(&first->lines, first->change.from, first->change.to, out);
        done = first->change.end;
        next_change(first);
        if (is_one)
            next_change(other);
    }
    add_lines(base, done, base->count, out);
    return DIFF_MERGED;
}

enum diff_merged diff_merge(struct str base, struct str a, struct str b, struct strbuf *out)
{
    const struct str texts[SIDES] = {a, b};
    struct diff_lines lines = {0};
    struct way ways[SIDES] = {0};
    size_t length = out->length;
    bool is_good = diff_lines_init(&lines, base);
    for (int side = 0; side < SIDES; side++)
        is_good = is_good && diff_lines_init(&ways[side].lines, texts[side]) &&
                  diff_script_init(&ways[side].script, &lines, &ways[side].lines);
    enum diff_merged merged = DIFF_MERGED;
    if (is_good)
        merged = merge(&lines, ways, out);
    else
        out->failed = true;
    if (merged == DIFF_OVERLAPS)
        strbuf_truncate(out, length);
    for (int side = 0; side < SIDES; side++) {
        diff_script_finish(&ways[side].script);
        diff_lines_finish(&ways[side].lines);
    }
    diff_lines_finish(&lines);
    return merged;
}

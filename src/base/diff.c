// SPDX-License-Identifier: MIT
/*
 * Equal lines at both ends are put aside. Between them the longest common subsequence is found by
 * the table that textbooks have: two versions of a note differ in little, so the table is small.
 */
#include "base/diff.h"

#include <stdlib.h>

enum {
    CONTEXT_LINES = 3,
    TABLE_LIMIT = 4 * 1024 * 1024, /* cells of two bytes; more would keep a person waiting */
};

struct lines {
    struct str *at;
    size_t count;
};

/** What happens to a line, in the order of the diff. */
struct script {
    char *ops; /* ' ' stays, '-' goes, '+' comes */
    size_t count;
};

static bool split(struct str text, struct lines *lines)
{
    size_t count = 0;
    for (size_t at = 0; at < text.length; count++) {
        size_t end = str_find(str_slice(text, at, text.length), '\n');
        at = end == STR_NONE ? text.length : at + end + 1;
    }
    lines->at = calloc(count + 1, sizeof *lines->at);
    if (!lines->at)
        return false;
    for (size_t at = 0; at < text.length;) {
        size_t end = str_find(str_slice(text, at, text.length), '\n');
        size_t next = end == STR_NONE ? text.length : at + end + 1;
        lines->at[lines->count++] = str_slice(text, at, next);
        at = next;
    }
    return true;
}

static void add_ops(struct script *script, char op, size_t count)
{
    memset(script->ops + script->count, op, count);
    script->count += count;
}

/** `table[i * width + j]` is how many lines the rest of `a` from i and of `b` from j share. */
static void fill_table(const struct lines *a, const struct lines *b, uint16_t *table)
{
    size_t width = b->count + 1;
    for (size_t i = a->count; i-- > 0;)
        for (size_t j = b->count; j-- > 0;) {
            uint16_t down = table[(i + 1) * width + j], right = table[i * width + j + 1];
            table[i * width + j] = str_equal(a->at[i], b->at[j])
                                       ? (uint16_t)(table[(i + 1) * width + j + 1] + 1)
                                       : (down > right ? down : right);
        }
}

static void walk_table(const struct lines *a, const struct lines *b, const uint16_t *table,
                       struct script *script)
{
    size_t i = 0, j = 0, width = b->count + 1;
    while (i < a->count && j < b->count) {
        if (str_equal(a->at[i], b->at[j])) {
            add_ops(script, ' ', 1);
            i++;
            j++;
        } else if (table[(i + 1) * width + j] >= table[i * width + j + 1]) {
            add_ops(script, '-', 1);
            i++;
        } else {
            add_ops(script, '+', 1);
            j++;
        }
    }
    add_ops(script, '-', a->count - i);
    add_ops(script, '+', b->count - j);
}

static void compare(const struct lines *a, const struct lines *b, struct script *script)
{
    size_t cells = (a->count + 1) * (b->count + 1);
    bool is_small = a->count < TABLE_LIMIT && b->count < TABLE_LIMIT && cells <= TABLE_LIMIT;
    uint16_t *table = is_small ? calloc(cells, sizeof *table) : NULL;
    if (table) {
        fill_table(a, b, table);
        walk_table(a, b, table, script);
    } else {
        add_ops(script, '-', a->count);
        add_ops(script, '+', b->count);
    }
    free(table);
}

static void compare_all(const struct lines *a, const struct lines *b, struct script *script)
{
    size_t shorter = a->count < b->count ? a->count : b->count, head = 0, tail = 0;
    while (head < shorter && str_equal(a->at[head], b->at[head]))
        head++;
    while (tail < shorter - head &&
           str_equal(a->at[a->count - 1 - tail], b->at[b->count - 1 - tail]))
        tail++;
    struct lines rest_a = {a->at + head, a->count - head - tail};
    struct lines rest_b = {b->at + head, b->count - head - tail};
    add_ops(script, ' ', head);
    compare(&rest_a, &rest_b, script);
    add_ops(script, ' ', tail);
}

static void add_line(struct str line, char op, struct strbuf *out)
{
    strbuf_add_char(out, op);
    strbuf_add(out, line);
    if (!str_ends_with(line, STR("\n")))
        strbuf_add_text(out, "\n\\ No newline at end of file\n");
}

/** "12,3", "12" for one line; of no line, the one before. */
static void add_range(size_t start, size_t count, struct strbuf *out)
{
    strbuf_addf(out, "%zu", count ? start + 1 : start);
    if (count != 1)
        strbuf_addf(out, ",%zu", count);
}

/** The ops from `start` up to `end`; `i` and `j` count the lines before them. */
static void add_hunk(const struct lines *a, const struct lines *b, const struct script *script,
                     size_t start, size_t end, size_t i, size_t j, struct strbuf *out)
{
    size_t old_count = 0, new_count = 0;
    for (size_t k = start; k < end; k++) {
        old_count += script->ops[k] != '+';
        new_count += script->ops[k] != '-';
    }
    strbuf_add_text(out, "@@ -");
    add_range(i, old_count, out);
    strbuf_add_text(out, " +");
    add_range(j, new_count, out);
    strbuf_add_text(out, " @@\n");
    for (size_t k = start; k < end; k++) {
        add_line(script->ops[k] == '+' ? b->at[j] : a->at[i], script->ops[k], out);
        i += script->ops[k] != '+';
        j += script->ops[k] != '-';
    }
}

/** Behind the last op of the hunk whose first change is at `change`, context included. */
static size_t hunk_end(const struct script *script, size_t change)
{
    size_t last = change;
    for (size_t k = change + 1; k < script->count && k - last <= 2 * CONTEXT_LINES + 1; k++)
        if (script->ops[k] != ' ')
            last = k;
    size_t end = last + 1 + CONTEXT_LINES;
    return end < script->count ? end : script->count;
}

static void add_hunks(const struct lines *a, const struct lines *b, const struct script *script,
                      struct strbuf *out)
{
    size_t i = 0, j = 0, start = 0;
    for (size_t k = 0; k < script->count; k++) {
        if (script->ops[k] == ' ')
            continue;
        size_t from = k - start > CONTEXT_LINES ? k - CONTEXT_LINES : start;
        i += from - start; /* only lines that stay stand between hunks */
        j += from - start;
        size_t end = hunk_end(script, k);
        add_hunk(a, b, script, from, end, i, j, out);
        for (; from < end; from++) {
            i += script->ops[from] != '+';
            j += script->ops[from] != '-';
        }
        start = end;
        k = end - 1;
    }
}

void diff_add(struct str before, struct str after, struct strbuf *out)
{
    struct lines a = {0}, b = {0};
    struct script script = {0};
    bool is_good = split(before, &a) && split(after, &b);
    if (is_good)
        script.ops = malloc(a.count + b.count + 1);
    if (script.ops) {
        compare_all(&a, &b, &script);
        add_hunks(&a, &b, &script, out);
    } else {
        out->failed = true;
    }
    free(script.ops);
    free(a.at);
    free(b.at);
}

// SPDX-License-Identifier: MIT
/*
 * Equal lines at both ends are put aside. Between them the longest common subsequence is found by
 * the table that textbooks have: two versions of a note differ in little, so the table is small.
 */
#include "base/diff_script.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    TABLE_LIMIT = 4 * 1024 * 1024, /* cells of two bytes; more would keep a person waiting */
};

bool diff_lines_init(struct diff_lines *lines, struct str text)
{
    size_t count = 0;
    lines->count = 0;
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

void diff_lines_finish(struct diff_lines *lines)
{
    free(lines->at);
    *lines = (struct diff_lines){0};
}

static void add_ops(struct diff_script *script, char op, size_t count)
{
    memset(script->ops + script->count, op, count);
    script->count += count;
}

/** `table[i * width + j]` is how many lines the rest of `a` from i and of `b` from j share. */
static void fill_table(const struct diff_lines *a, const struct diff_lines *b, uint16_t *table)
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

static void walk_table(const struct diff_lines *a, const struct diff_lines *b,
                       const uint16_t *table, struct diff_script *script)
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

static void compare(const struct diff_lines *a, const struct diff_lines *b,
                    struct diff_script *script)
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

static void compare_all(const struct diff_lines *a, const struct diff_lines *b,
                        struct diff_script *script)
{
    size_t shorter = a->count < b->count ? a->count : b->count, head = 0, tail = 0;
    while (head < shorter && str_equal(a->at[head], b->at[head]))
        head++;
    while (tail < shorter - head &&
           str_equal(a->at[a->count - 1 - tail], b->at[b->count - 1 - tail]))
        tail++;
    struct diff_lines rest_a = {a->at + head, a->count - head - tail};
    struct diff_lines rest_b = {b->at + head, b->count - head - tail};
    add_ops(script, ' ', head);
    compare(&rest_a, &rest_b, script);
    add_ops(script, ' ', tail);
}

bool diff_script_init(struct diff_script *script, const struct diff_lines *a,
                      const struct diff_lines *b)
{
    *script = (struct diff_script){.ops = malloc(a->count + b->count + 1)};
    if (!script->ops)
        return false;
    compare_all(a, b, script);
    return true;
}

void diff_script_finish(struct diff_script *script)
{
    free(script->ops);
    *script = (struct diff_script){0};
}

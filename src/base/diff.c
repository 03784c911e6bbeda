// SPDX-License-Identifier: MIT
#include "base/diff.h"

#include "base/diff_script.h"

enum { CONTEXT_LINES = 3 };

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
static void add_hunk(const struct diff_lines *a, const struct diff_lines *b,
                     const struct diff_script *script, size_t start, size_t end, size_t i, size_t j,
                     struct strbuf *out)
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
static size_t hunk_end(const struct diff_script *script, size_t change)
{
    size_t last = change;
    for (size_t k = change + 1; k < script->count && k - last <= 2 * CONTEXT_LINES + 1; k++)
        if (script->ops[k] != ' ')
            last = k;
    size_t end = last + 1 + CONTEXT_LINES;
    return end < script->count ? end : script->count;
}

static void add_hunks(const struct diff_lines *a, const struct diff_lines *b,
                      const struct diff_script *script, struct strbuf *out)
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
    struct diff_lines a = {0}, b = {0};
    struct diff_script script = {0};
    if (diff_lines_init(&a, before) && diff_lines_init(&b, after) &&
        diff_script_init(&script, &a, &b))
        add_hunks(&a, &b, &script, out);
    else
        out->failed = true;
    diff_script_finish(&script);
    diff_lines_finish(&a);
    diff_lines_finish(&b);
}

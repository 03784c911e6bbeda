// SPDX-License-Identifier: MIT
/*
 * What md4c must not see as it is. Bytes of the copy are overwritten, never moved, and the walk
 * reads the source: only what md4c makes of them is lost.
 *
 * - NUL, at which some of md4c's scans go wrong.
 * - The colon of a footnote's definition: md4c knows no footnotes, takes `[^1]: https://…` for the
 *   definition of a link and swallows it.
 * - The brackets of hostile paragraphs. md4c 0.4.8 hashes the whole text of each pair of brackets
 *   when there is any link definition, and walks from a paragraph's first line to each bracket:
 *   64 KiB of `[[[[…]]]]` take it seconds. What a run of lines would cost is estimated; a run that
 *   takes the sum of all over the budget (near half a second) loses its brackets. Its wikilinks are
 *   still found, its Markdown links are not.
 * - Link definitions with an enormous target or title, which md4c reads again for each use.
 */
#include "parse/markdown_walk.h"

#include <stddef.h>

enum {
    HARMLESS = 1 << 24,      /* brackets times bytes */
    DEFINITION_LIMIT = 1024, /* bytes of a target, or of a title */
    FILLER = 0x01,           /* an ordinary character for md4c */
};

static const uint64_t BUDGET = UINT64_C(1) << 28; /* steps of a few nanoseconds */

static void hide_nul(char *copy, size_t length)
{
    char *end = copy + length;
    for (char *at = copy; (at = memchr(at, '\0', (size_t)(end - at)));)
        *at++ = FILLER;
}

static void hide_footnote_definitions(char *copy, size_t length)
{
    char *end = copy + length;
    for (char *at = copy; (at = memchr(at, '^', (size_t)(end - at))); at++) {
        if (at == copy || at[-1] != '[')
            continue;
        char *close = at + 1;
        while (close < end && close - at < FOOTNOTE_LIMIT && (unsigned char)*close > ' ' &&
               *close != ']')
            close++;
        if (close + 1 < end && *close == ']' && close[1] == ':')
            close[1] = ' ';
    }
}

/* A run of lines that may be one paragraph. */
struct run {
    char *start;
    uint64_t lines, brackets;
    uint64_t nesting; /* sum over all bytes of how many brackets are open there */
    uint64_t depth;
};

static void end_run(struct run *run, char *end, uint64_t *spent)
{
    uint64_t cost = run->lines * run->brackets + 8 * run->nesting;
    if (*spent + cost <= BUDGET) {
        *spent += cost;
    } else {
        for (char *at = run->start; at < end; at++)
            if (*at == '[' || *at == ']')
                *at = FILLER;
    }
    *run = (struct run){.start = end};
}

static void add_line(struct run *run, const char *at, const char *end)
{
    run->lines++;
    for (; at < end; at++) {
        run->nesting += run->depth;
        run->lines += *at == '\r';
        if (*at == '[') {
            run->brackets++;
            run->depth++;
        } else if (*at == ']') {
            run->brackets++;
            run->depth -= run->depth > 0;
        }
    }
}

/** A blank line, or one that begins a list item: neither continues a paragraph. */
static bool breaks_paragraph(const char *at, const char *end)
{
    const char *start = at;
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\r'))
        at++;
    if (at == end)
        return true;
    bool is_indented = at - start > 3 || memchr(start, '\t', (size_t)(at - start));
    return !is_indented && (*at == '-' || *at == '*' || *at == '+') && at + 1 < end &&
           markdown_is_blank(at[1]);
}

static void defuse(char *copy, size_t length)
{
    struct run run = {.start = copy};
    uint64_t spent = 0;
    char *end = copy + length;
    for (char *line = copy, *next; line < end; line = next) {
        char *line_break = memchr(line, '\n', (size_t)(end - line));
        char *line_end = line_break ? line_break : end;
        next = line_break ? line_break + 1 : end;
        if (breaks_paragraph(line, line_end))
            end_run(&run, line, &spent);
        add_line(&run, line, line_end);
    }
    end_run(&run, end, &spent);
}

static char *skip_white_space(char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n' || *at == '>'))
        at++;
    return at;
}

/** The first `stop` from `at` on (a space: any white space), or the end; NULL when it is too far.
 */
static char *find_near(char *at, char *end, char stop)
{
    const char *start = at;
    for (; at < end; at++) {
        if (at - start >= DEFINITION_LIMIT)
            return NULL;
        if (stop == ' ' ? (unsigned char)*at <= ' ' : *at == stop)
            break;
    }
    return at;
}

/** Whether what stands behind a `]:` is too much for the definition of a link. */
static bool is_long_definition(char *at, char *end)
{
    at = skip_white_space(at, end);
    if (at < end && *at == '<')
        at = find_near(at, end, '>');
    if (at)
        at = find_near(at, end, ' ');
    if (!at)
        return true;
    at = skip_white_space(at, end);
    if (at < end && markdown_is_one_of(*at, "\"'("))
        at = find_near(at + 1, end, *at == '(' ? ')' : *at);
    return !at;
}

static void hide_long_definitions(char *copy, size_t length)
{
    char *end = copy + length;
    for (char *at = copy; (at = memchr(at, ']', (size_t)(end - at))); at++)
        if (at + 1 < end && at[1] == ':' && is_long_definition(at + 2, end))
            at[1] = FILLER;
}

/** False for nearly every note: so few brackets in so little text cannot cost much. */
static bool may_be_hostile(const char *copy, size_t length)
{
    const char *end = copy + length;
    uint64_t cost = 0;
    for (const char *at = copy; (at = memchr(at, ']', (size_t)(end - at))); at++)
        if ((cost += length) > HARMLESS)
            return true;
    return false;
}

void markdown_guard(char *copy, size_t length)
{
    hide_nul(copy, length);
    hide_footnote_definitions(copy, length);
    if (may_be_hostile(copy, length)) {
        hide_long_definitions(copy, length);
        defuse(copy, length);
    }
}

// SPDX-License-Identifier: MIT
#include "model/problem.h"

#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>

void problem_list_init(struct problem_list *list, struct arena *arena)
{
    *list = (struct problem_list){.arena = arena};
}

static bool make_room(struct problem_list *list)
{
    if (list->count < list->capacity)
        return true;
    size_t capacity = list->capacity ? list->capacity * 2 : 8;
    struct problem *items = arena_alloc_array(list->arena, capacity, sizeof *items);
    if (!items)
        return false;
    if (list->count)
        memcpy(items, list->items, list->count * sizeof *items);
    list->items = items;
    list->capacity = capacity;
    return true;
}

/** The place for one more: an error takes a warning's when the list is full. NULL: there is none.
 */
static struct problem *next_item(struct problem_list *list, enum problem_severity severity)
{
    if (list->count < PROBLEM_LIMIT)
        return make_room(list) ? &list->items[list->count++] : NULL;
    if (severity == PROBLEM_ERROR)
        for (size_t i = list->count; i-- > 0;)
            if (list->items[i].severity == PROBLEM_WARNING)
                return &list->items[i];
    return NULL;
}

struct problem *problem_addv(struct problem_list *list, enum problem_severity severity,
                             const char *keyword, uint32_t start, uint32_t end, const char *format,
                             va_list args)
{
    if (severity == PROBLEM_ERROR)
        list->has_error = true;
    list->dropped += list->count >= PROBLEM_LIMIT;
    struct problem *problem = next_item(list, severity);
    if (!problem)
        return NULL;
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    char *message = length >= 0 ? arena_alloc(list->arena, (size_t)length + 1) : NULL;
    if (message)
        vsnprintf(message, (size_t)length + 1, format, args);
    *problem = (struct problem){
        .severity = severity,
        .keyword = keyword,
        .start = start,
        .end = end,
        .message = {message ? message : "", message ? (size_t)length : 0},
    };
    return problem;
}

struct problem *problem_add(struct problem_list *list, enum problem_severity severity,
                            const char *keyword, uint32_t start, uint32_t end, const char *format,
                            ...)
{
    va_list args;
    va_start(args, format);
    struct problem *problem = problem_addv(list, severity, keyword, start, end, format, args);
    va_end(args);
    return problem;
}

enum { EXCERPT_CHARACTERS = 60 };

const char *problem_excerpt(struct problem_list *list, struct str text)
{
    enum { LONGEST_ESCAPE = sizeof "\\u0000" - 1 };
    static const char ellipsis[] = "\xE2\x80\xA6";
    size_t most = text.length < EXCERPT_CHARACTERS ? text.length : EXCERPT_CHARACTERS;
    char *excerpt = arena_alloc(list->arena, most * LONGEST_ESCAPE + sizeof ellipsis),
         *out = excerpt;
    if (!excerpt)
        return "";
    size_t at = 0;
    for (size_t count = 0; at < text.length && count < EXCERPT_CHARACTERS; count++) {
        uint32_t c = utf8_next(text, &at);
        bool is_control = c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
        out += is_control ? (size_t)sprintf(out, "\\u%04X", c) : utf8_encode(c, out);
    }
    memcpy(out, ellipsis, at < text.length ? sizeof ellipsis : 0);
    return excerpt;
}

static int by_position(const void *a, const void *b)
{
    const struct problem *left = a, *right = b;
    if (left->start != right->start)
        return left->start < right->start ? -1 : 1;
    if (left->severity != right->severity)
        return left->severity > right->severity ? -1 : 1;
    int order = strcmp(left->keyword, right->keyword);
    if (order != 0)
        return order;
    order = str_compare(left->pointer, right->pointer);
    return order ? order : str_compare(left->message, right->message);
}

static bool is_repeat(const struct problem *a, const struct problem *b)
{
    return a->start == b->start && strcmp(a->keyword, b->keyword) == 0 &&
           str_equal(a->pointer, b->pointer) && str_equal(a->message, b->message);
}

static void drop_repeats(struct problem_list *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        if (kept == 0 || !is_repeat(&list->items[kept - 1], &list->items[i]))
            list->items[kept++] = list->items[i];
    list->count = kept;
}

/** A place in the source that only moves forward. */
struct walker {
    struct str source;
    size_t at;
    uint32_t line, column;
};

static struct walker walker_at_start(struct str source)
{
    bool has_mark = str_starts_with(source, STR("\xEF\xBB\xBF"));
    return (struct walker){.source = source, .at = has_mark ? 3 : 0, .line = 1, .column = 1};
}

static void walk_to(struct walker *walker, size_t offset)
{
    struct str source = walker->source;
    if (offset > source.length)
        offset = source.length;
    for (; walker->at < offset; walker->at++) {
        char c = source.at[walker->at];
        bool pair =
            c == '\r' && walker->at + 1 < source.length && source.at[walker->at + 1] == '\n';
        if (c == '\n' || (c == '\r' && !pair)) {
            walker->line++;
            walker->column = 1;
        } else if (((unsigned char)c & 0xC0) != 0x80) {
            walker->column++;
        }
    }
}

uint32_t source_line(struct str source, uint32_t offset)
{
    uint32_t line = 1;
    size_t end = offset < source.length ? offset : source.length;
    for (size_t i = 0; i < end; i++) /* no branches: the compiler takes many bytes at a step */
        line += source.at[i] == '\n';
    for (size_t i = 0; i + 1 < source.length && i < end; i++)
        line += (source.at[i] == '\r') & (source.at[i + 1] != '\n');
    return line + (end && end == source.length && source.at[end - 1] == '\r');
}

void problem_list_locate(struct problem_list *list, struct str source)
{
    if (!list->count)
        return;
    qsort(list->items, list->count, sizeof *list->items, by_position);
    drop_repeats(list);
    struct walker walker = walker_at_start(source);
    for (size_t i = 0; i < list->count; i++) {
        struct problem *problem = &list->items[i];
        walk_to(&walker, problem->start);
        problem->line = walker.line;
        problem->column = walker.column;
    }
}

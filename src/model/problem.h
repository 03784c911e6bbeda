// SPDX-License-Identifier: MIT
/*
 * What is wrong with a document, and where: the noun that parsers and the validator speak in.
 *
 * A problem points at bytes of the file. Line and column are worked out once, at the end, and only
 * where there is a problem. Lines count from 1 and end at \n, \r\n or a lone \r; columns count code
 * points from 1.
 */
#ifndef MODEL_PROBLEM_H
#define MODEL_PROBLEM_H

#include "base/arena.h"

#include <stdarg.h>

enum problem_severity { PROBLEM_WARNING, PROBLEM_ERROR };

struct problem {
    enum problem_severity severity;
    const char *keyword;   /* static: the rule, such as "enum", "yaml", "duplicate-key" */
    struct str pointer;    /* JSON Pointer of the value; empty for the whole document */
    struct str message;    /* one line, without path and position */
    struct str schema_uri; /* absolute URI and pointer of the schema's keyword; empty if none */
    uint32_t start, end;   /* bytes of the file */
    uint32_t line, column; /* set by problem_list_locate() */
};

enum { PROBLEM_LIMIT = 100 }; /* a file's problems past this say nothing new and flood the screen */

struct problem_list {
    struct arena *arena; /* borrowed: owns the texts and the items */
    struct problem *items;
    size_t count, capacity;
    size_t dropped; /* how many came after the limit */
    bool has_error;
};

void problem_list_init(struct problem_list *list, struct arena *arena);

/** Adds a problem with a formatted message (copied). Past PROBLEM_LIMIT it only counts. Returns the
 *  problem for setting `pointer` and `schema_uri`, or NULL when it was dropped. */
struct problem *problem_add(struct problem_list *list, enum problem_severity severity,
                            const char *keyword, uint32_t start, uint32_t end, const char *format,
                            ...) __attribute__((format(printf, 6, 7)));
struct problem *problem_addv(struct problem_list *list, enum problem_severity severity,
                             const char *keyword, uint32_t start, uint32_t end, const char *format,
                             va_list args) __attribute__((format(printf, 6, 0)));

/** A piece of the user's text for a message: one line of printable characters, at most 60 of them
 * (then an ellipsis), NUL-terminated. From the list's arena; the empty text when memory is out. */
const char *problem_excerpt(struct problem_list *list, struct str text);

/** The line that the byte at `offset` stands in. */
uint32_t source_line(struct str source, uint32_t offset);

/** Sorts by position, drops repeats (same place and keyword), and fills line and column.
 *  A byte order mark takes no column. */
void problem_list_locate(struct problem_list *list, struct str source);

#endif

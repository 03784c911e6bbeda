// SPDX-License-Identifier: MIT
/* The lines and scalars of the YAML that yaml_plain.h reads. */
#ifndef PARSE_YAML_PLAIN_SCAN_H
#define PARSE_YAML_PLAIN_SCAN_H

#include "model/tape.h"

/** Where the reading is. */
struct plain {
    const char *text;
    uint32_t at, end;
    int64_t indent; /* of the line that `at` is the first character of; -1 behind the last */
    unsigned depth; /* of the block that is open */
    struct tape *tape;
};

/** A scalar's place and text. */
struct scalar {
    enum node_style style;
    uint32_t start, end;
    struct str text;
    bool is_key; /* a colon follows */
};

static inline char plain_char(const struct plain *plain, uint32_t at)
{
    return at < plain->end ? plain->text[at] : '\n';
}

/** Behind spaces. */
static inline uint32_t plain_skip_spaces(const struct plain *plain, uint32_t at)
{
    while (at < plain->end && plain->text[at] == ' ')
        at++;
    return at;
}

/** Whether a line break, or the end, is at `at`: at least the first byte of one. */
static inline bool plain_is_break(const struct plain *plain, uint32_t at)
{
    char c = plain_char(plain, at);
    return c == '\n' || c == '\r';
}

/* Those that return a bool say false for what is libyaml's. */

/** From a line's start at `at` to the first character that says something, there or below. */
bool plain_find_content(struct plain *plain, uint32_t at);
/** From a line's end at `plain->at` to the next line that says something. */
bool plain_next_line(struct plain *plain);

/** The scalar in a block that begins at `start`: in quotes, or up to the line's end or a colon that
 * makes it a key. */
bool plain_read(const struct plain *plain, uint32_t start, struct scalar *scalar);
/** The scalar in brackets that begins at `start`: in quotes, or up to a comma or bracket. */
bool plain_read_in_brackets(const struct plain *plain, uint32_t start, struct scalar *scalar);

#endif

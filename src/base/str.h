// SPDX-License-Identifier: MIT
/*
 * Borrowed text: a pointer and a length, owned by somebody else. It may hold NUL bytes and need not
 * end with one. The zero value is the empty text; `at` may be NULL only then.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
    const char *at;
    size_t length;
};

#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})
/* For printf's "%.*s". */
#define STR_ARG(s) (int)(s).length, ((s).at ? (s).at : "")

static inline struct str str_of(const char *text)
{
    return (struct str){text, text ? strlen(text) : 0};
}

static inline bool str_equal(struct str a, struct str b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.at, b.at, a.length) == 0);
}

static inline bool str_is(struct str a, const char *text)
{
    return str_equal(a, str_of(text));
}

/** The part from `start` up to `end`; both are clamped to the text. */
static inline struct str str_slice(struct str s, size_t start, size_t end)
{
    if (s.length == 0)
        return s;
    if (end > s.length)
        end = s.length;
    if (start > end)
        start = end;
    return (struct str){s.at + start, end - start};
}

static inline bool str_starts_with(struct str s, struct str prefix)
{
    return s.length >= prefix.length && str_equal(str_slice(s, 0, prefix.length), prefix);
}

static inline bool str_ends_with(struct str s, struct str suffix)
{
    return s.length >= suffix.length &&
           str_equal(str_slice(s, s.length - suffix.length, s.length), suffix);
}

#define STR_NONE SIZE_MAX
/** Index of the first / last `c`, or STR_NONE. */
size_t str_find(struct str s, char c);
size_t str_find_last(struct str s, char c);
/** Index of the first occurrence of `needle` (not empty), or STR_NONE. */
size_t str_find_str(struct str s, struct str needle);

/** Without ASCII white space (space, \t, \r, \n) at both ends. */
struct str str_trim(struct str s);

/** Byte order; a prefix comes first. Below, equal to or above zero as memcmp. */
int str_compare(struct str a, struct str b);

#endif

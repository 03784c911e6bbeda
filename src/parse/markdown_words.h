// SPDX-License-Identifier: MIT
/* What the Markdown reader needs to know of characters: what makes a word, a tag, a space. */
#ifndef PARSE_MARKDOWN_WORDS_H
#define PARSE_MARKDOWN_WORDS_H

#include "base/str.h"

enum markdown_byte {
    BYTE_WORD = 1,     /* a letter or digit: begins or continues a word */
    BYTE_JOINER = 2,   /* continues a word */
    BYTE_POINT = 4,    /* joins digits only */
    BYTE_WIDE = 8,     /* a part of a character past ASCII */
    BYTE_SPECIAL = 16, /* may begin something that the reader looks for */
    BYTE_LINKED = 32,  /* … also in the text of a link */
};
extern const uint8_t markdown_bytes[256];

/* Survives from one piece of text to the next, so that "**b**old" is one word. */
struct word_count {
    uint32_t words;
    unsigned inside; /* 1 in the middle of a word, else 0 */
};

/** Counts from `at` up to the first byte that has one of the bits `stops` (BYTE_LINKED,
 *  BYTE_SPECIAL, or 0), or to `end`; returns where that is. */
size_t word_count_run(struct word_count *count, struct str text, size_t at, size_t end,
                      unsigned stops);

static inline void word_count_add(struct word_count *count, struct str text)
{
    word_count_run(count, text, 0, text.length, 0);
}

/** White space of Unicode, the byte order mark included: what ECMAScript's \s matches. */
bool markdown_is_space(uint32_t c);
/** True when the character before `at` is white space, or there is none. */
bool markdown_space_before(struct str text, size_t at);
/** The end of the tag name that begins at `at`, at most `end`; `at` itself when there is no name,
 *  or nothing in it but digits. */
size_t markdown_tag_end(struct str text, size_t at, size_t end);
/** True for a letter or digit of any script, and for `_`. */
bool markdown_is_word_char(uint32_t c);
/** True for a character that may stand in the key of an inline field. */
bool markdown_is_key_char(uint32_t c);
/** True for the punctuation that Chinese and Japanese texts put behind an address without a space.
 */
bool markdown_is_wide_punctuation(uint32_t c);

static inline bool markdown_is_digit(char c)
{
    return c >= '0' && c <= '9';
}
static inline bool markdown_is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}
static inline bool markdown_is_one_of(char c, const char *set)
{
    return c && strchr(set, c);
}
static inline bool markdown_is_blank(char c)
{
    return c == ' ' || c == '\t';
}

#endif

// SPDX-License-Identifier: MIT
/* One JSON string: where it ends, and what it says (RFC 8259, section 7). */
#ifndef PARSE_JSON_STRING_H
#define PARSE_JSON_STRING_H

#include "base/arena.h"

#include <endian.h>

/** Eight times the byte `c`. */
#define JSON_EACH_BYTE(c) (UINT64_C(0x0101010101010101) * (c))

/** The first quote, backslash or control character from `at` on, or `end`. Where it is a quote, the
 *  string stands as it is. A byte past ASCII on the way leaves a high bit in `*ret_bytes`; a few
 * bytes behind the stop may do so, too. */
static inline const char *json_string_stop(const char *at, const char *end, uint64_t *ret_bytes)
{
    uint64_t word, bytes = 0;
    const char *stop = NULL;
    for (; !stop && end - at >= (ptrdiff_t)sizeof word; at += sizeof word) {
        memcpy(&word, at, sizeof word);
        word = le64toh(word);
        bytes |= word;
        /* In each byte the high bit says that a subtraction went below zero: the byte was below
         * 0x20, or equal to what it was XORed with. A borrow can only mark bytes behind a true hit.
         */
        uint64_t quote = word ^ JSON_EACH_BYTE('"'), backslash = word ^ JSON_EACH_BYTE('\\');
        uint64_t hit = (word - JSON_EACH_BYTE(0x20)) | (quote - JSON_EACH_BYTE(1)) |
                       (backslash - JSON_EACH_BYTE(1));
        hit &= ~word & JSON_EACH_BYTE(0x80);
        if (hit)
            stop = at + (__builtin_ctzll(hit) >> 3);
    }
    while (!stop && at < end) {
        unsigned char c = (unsigned char)*at;
        bytes |= c;
        if (c == '"' || c == '\\' || c < 0x20)
            stop = at;
        at++;
    }
    *ret_bytes = bytes & JSON_EACH_BYTE(0x80);
    return stop ? stop : end;
}

struct json_string {
    struct str text;   /* decoded, from the arena */
    const char *end;   /* behind the closing quote */
    const char *error; /* when it is broken: static text, and the bytes that it is about */
    const char *error_start, *error_end;
};

/** Decodes the string whose first byte behind the opening quote is at `text`; nothing from `end` on
 * is looked at. The bytes are valid UTF-8. False when the string is broken or memory is out
 *  (`arena->failed` tells). */
bool json_string_decode(const char *text, const char *end, struct arena *arena,
                        struct json_string *ret_string);

#endif

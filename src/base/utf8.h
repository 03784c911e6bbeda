// SPDX-License-Identifier: MIT
/* UTF-8 as RFC 3629 has it: no surrogates, nothing overlong, nothing past U+10FFFF. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/str.h"

/** Index of the first byte that breaks the encoding, or STR_NONE when all of it is valid. */
size_t utf8_find_invalid(struct str text);

/** The code point at `*index`, which moves behind it; a broken byte gives U+FFFD and moves by one.
 */
uint32_t utf8_next(struct str text, size_t *index);

/** Writes at most 4 bytes and returns how many. */
size_t utf8_encode(uint32_t code_point, char *bytes);

/** How many code points valid text has. */
size_t utf8_count(struct str text);

/** How many UTF-16 units the same text takes: what editors and language servers count in. */
size_t utf8_utf16_length(struct str text);

#endif

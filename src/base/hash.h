// SPDX-License-Identifier: MIT
/* Content hashes: XXH3 with 128 bits. They tell "the same bytes as before", and protect against
 * nobody. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/str.h"

/** 16 bytes, big-endian: compares and prints as one would write it. */
struct hash {
    unsigned char bytes[16];
};

struct hash hash_of(struct str bytes);

static inline bool hash_equal(struct hash a, struct hash b)
{
    return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

enum { HASH_TEXT_SIZE = 33 };
/** 32 lower-case hexadecimal digits and a NUL. Returns `text`. */
const char *hash_format(struct hash hash, char text[HASH_TEXT_SIZE]);
/** Reads what hash_format() writes. */
bool hash_parse(struct str text, struct hash *ret_hash);

#endif

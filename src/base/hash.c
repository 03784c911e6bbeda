// SPDX-License-Identifier: MIT
#include "base/hash.h"

#include <xxhash.h>

_Static_assert(sizeof(struct hash) == sizeof(XXH128_canonical_t), "one is the other's bytes");

struct hash hash_of(struct str bytes)
{
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes.at ? bytes.at : "", bytes.length));
    struct hash hash;
    memcpy(hash.bytes, &canonical, sizeof hash.bytes);
    return hash;
}

const char *hash_format(struct hash hash, char text[HASH_TEXT_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < sizeof hash.bytes; i++) {
        text[2 * i] = digits[hash.bytes[i] >> 4];
        text[2 * i + 1] = digits[hash.bytes[i] & 15];
    }
    text[HASH_TEXT_SIZE - 1] = '\0';
    return text;
}

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

bool hash_parse(struct str text, struct hash *ret_hash)
{
    struct hash hash;
    if (text.length != 2 * sizeof hash.bytes)
        return false;
    for (size_t i = 0; i < sizeof hash.bytes; i++) {
        int high = digit_value(text.at[2 * i]), low = digit_value(text.at[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        hash.bytes[i] = (unsigned char)(high << 4 | low);
    }
    *ret_hash = hash;
    return true;
}

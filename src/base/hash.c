// SPDX-License-Identifier: MIT
#include "base/hash.h"

#include <limits.h>
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

/* Of a hexadecimal digit, its value and one; of all else nothing. */
static const unsigned char digit_values[UCHAR_MAX + 1] = {
    ['0'] = 1, ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9, ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
};

bool hash_parse(struct str text, struct hash *ret_hash)
{
    struct hash hash;
    bool is_sound = true;
    if (text.length != 2 * sizeof hash.bytes)
        return false;
    for (size_t i = 0; i < sizeof hash.bytes; i++) {
        unsigned high = digit_values[(unsigned char)text.at[2 * i]];
        unsigned low = digit_values[(unsigned char)text.at[2 * i + 1]];
        is_sound &= high && low;
        hash.bytes[i] = (unsigned char)((high - 1) << 4 | (low - 1));
    }
    if (is_sound)
        *ret_hash = hash;
    return is_sound;
}

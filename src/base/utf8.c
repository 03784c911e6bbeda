// SPDX-License-Identifier: MIT
#include "base/utf8.h"

/** Length of the sequence that starts here, or 0 when it is broken (RFC 3629, section 4). */
static size_t sequence_length(const unsigned char *at, size_t left)
{
    unsigned char lead = at[0];
    if (lead < 0x80)
        return 1;
    if (lead < 0xC2 || lead > 0xF4)
        return 0;
    size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (left < length)
        return 0;
    unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (at[1] < low || at[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    return length;
}

size_t utf8_find_invalid(struct str text)
{
    const unsigned char *at = (const unsigned char *)text.at;
    size_t i = 0;
    while (i < text.length) {
        uint64_t word;
        if (text.length - i >= sizeof word) {
            memcpy(&word, at + i, sizeof word);
            if (!(word & UINT64_C(0x8080808080808080))) {
                i += sizeof word;
                continue;
            }
        }
        size_t length = sequence_length(at + i, text.length - i);
        if (!length)
            return i;
        i += length;
    }
    return STR_NONE;
}

uint32_t utf8_next(struct str text, size_t *index)
{
    const unsigned char *at = (const unsigned char *)text.at + *index;
    size_t length = sequence_length(at, text.length - *index);
    *index += length ? length : 1;
    switch (length) {
    case 1: return at[0];
    case 2: return (uint32_t)(at[0] & 0x1F) << 6 | (at[1] & 0x3F);
    case 3: return (uint32_t)(at[0] & 0x0F) << 12 | (uint32_t)(at[1] & 0x3F) << 6 | (at[2] & 0x3F);
    case 4:
        return (uint32_t)(at[0] & 0x07) << 18 | (uint32_t)(at[1] & 0x3F) << 12 |
               (uint32_t)(at[2] & 0x3F) << 6 | (at[3] & 0x3F);
    default: return 0xFFFD;
    }
}

size_t utf8_encode(uint32_t c, char *bytes)
{
    if (c < 0x80) {
        bytes[0] = (char)c;
        return 1;
    }
    size_t length = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = length - 1; i > 0; i--) {
        bytes[i] = (char)(0x80 | (c & 0x3F));
        c >>= 6;
    }
    bytes[0] = (char)(lead[length] | c);
    return length;
}

size_t utf8_count(struct str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.length; i++)
        count += ((unsigned char)text.at[i] & 0xC0) != 0x80;
    return count;
}

size_t utf8_utf16_length(struct str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.at[i];
        count += (c & 0xC0) != 0x80;
        count += c >= 0xF0;
    }
    return count;
}

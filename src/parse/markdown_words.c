// SPDX-License-Identifier: MIT
/*
 * The classes of characters are ranges, not Unicode's full tables: what is no space, punctuation or
 * symbol counts as a letter, so that no script is left out and a new one needs no update.
 */
#include "parse/markdown_words.h"

#include "base/utf8.h"

#define LETTERS(first, last) [first... last] = BYTE_WORD
/* clang-format off */
__extension__ const uint8_t markdown_bytes[256] = {
    LETTERS('0', '9'), LETTERS('A', 'Z'), LETTERS('a', 'z'), ['_'] = BYTE_WORD,
    ['\''] = BYTE_JOINER, ['-'] = BYTE_JOINER,
    ['.'] = BYTE_POINT, [','] = BYTE_POINT,
    ['['] = BYTE_SPECIAL | BYTE_LINKED, ['='] = BYTE_SPECIAL | BYTE_LINKED,
    ['~'] = BYTE_SPECIAL | BYTE_LINKED,
    ['#'] = BYTE_SPECIAL, ['%'] = BYTE_SPECIAL, ['$'] = BYTE_SPECIAL,
    [':'] = BYTE_SPECIAL, ['^'] = BYTE_SPECIAL,
    [0x80 ... 0xFF] = BYTE_WIDE,
};
/* clang-format on */

enum wide_class { WIDE_LETTER, WIDE_OTHER, WIDE_JOINER, WIDE_IDEOGRAPH };

/* Sorted; what lies between is WIDE_LETTER. */
static const struct wide_range {
    uint32_t first, last;
    enum wide_class class;
} wide_ranges[] = {
    {0x80, 0xA9, WIDE_OTHER},           {0xAB, 0xAC, WIDE_OTHER},
    {0xAD, 0xAD, WIDE_JOINER}, /* soft hyphen */
    {0xAE, 0xB4, WIDE_OTHER},           {0xB6, 0xB9, WIDE_OTHER},
    {0xBB, 0xBF, WIDE_OTHER},           {0xD7, 0xD7, WIDE_OTHER},
    {0xF7, 0xF7, WIDE_OTHER},           {0x1680, 0x1680, WIDE_OTHER},
    {0x2000, 0x200B, WIDE_OTHER},       {0x200C, 0x200D, WIDE_JOINER}, /* zero width joiners */
    {0x200E, 0x200F, WIDE_OTHER},       {0x2010, 0x2011, WIDE_JOINER}, /* hyphens */
    {0x2012, 0x2018, WIDE_OTHER},       {0x2019, 0x2019, WIDE_JOINER}, /* apostrophe */
    {0x201A, 0x2070, WIDE_OTHER},       {0x2072, 0x207E, WIDE_OTHER},
    {0x2080, 0x208F, WIDE_OTHER},       {0x20A0, 0x20CF, WIDE_OTHER},
    {0x2190, 0x2BFF, WIDE_OTHER}, /* arrows, mathematics, boxes, dingbats */
    {0x2E00, 0x2E7F, WIDE_OTHER},       {0x2E80, 0x2FDF, WIDE_IDEOGRAPH},
    {0x2FF0, 0x3004, WIDE_OTHER},       {0x3005, 0x3007, WIDE_IDEOGRAPH},
    {0x3008, 0x3020, WIDE_OTHER},       {0x3021, 0x3029, WIDE_IDEOGRAPH},
    {0x302A, 0x3040, WIDE_OTHER},       {0x3041, 0x309F, WIDE_IDEOGRAPH}, /* Hiragana */
    {0x30A0, 0x30A0, WIDE_OTHER},       {0x30A1, 0x30FA, WIDE_IDEOGRAPH}, /* Katakana */
    {0x30FB, 0x30FB, WIDE_OTHER},       {0x30FC, 0x312F, WIDE_IDEOGRAPH},
    {0x3190, 0x319F, WIDE_OTHER},       {0x31A0, 0x31BF, WIDE_IDEOGRAPH},
    {0x31C0, 0x31EF, WIDE_OTHER},       {0x31F0, 0x31FF, WIDE_IDEOGRAPH},
    {0x3200, 0x33FF, WIDE_OTHER},       {0x3400, 0x4DBF, WIDE_IDEOGRAPH},
    {0x4DC0, 0x4DFF, WIDE_OTHER},       {0x4E00, 0xA4CF, WIDE_IDEOGRAPH},
    {0xE000, 0xF8FF, WIDE_OTHER},       {0xF900, 0xFAFF, WIDE_IDEOGRAPH},
    {0xFE00, 0xFE0F, WIDE_JOINER}, /* variation selectors */
    {0xFE10, 0xFE1F, WIDE_OTHER},       {0xFE30, 0xFE6F, WIDE_OTHER},
    {0xFEFF, 0xFF0F, WIDE_OTHER},       {0xFF1A, 0xFF20, WIDE_OTHER},
    {0xFF3B, 0xFF40, WIDE_OTHER},       {0xFF5B, 0xFF65, WIDE_OTHER},
    {0xFF66, 0xFF9D, WIDE_IDEOGRAPH},                                   /* half-width Katakana */
    {0xFFE0, 0xFFFF, WIDE_OTHER},       {0x1F000, 0x1FAFF, WIDE_OTHER}, /* emoji */
    {0x20000, 0x3FFFF, WIDE_IDEOGRAPH}, {0xE0000, 0x10FFFF, WIDE_OTHER},
};

static enum wide_class wide_class(uint32_t c)
{
    size_t low = 0, high = sizeof wide_ranges / sizeof wide_ranges[0];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c > wide_ranges[middle].last)
            low = middle + 1;
        else if (c < wide_ranges[middle].first)
            high = middle;
        else
            return wide_ranges[middle].class;
    }
    return WIDE_LETTER;
}

static size_t count_wide(struct word_count *count, struct str text, size_t at)
{
    switch (wide_class(utf8_next(text, &at))) {
    case WIDE_LETTER:
        count->words += !count->inside;
        count->inside = 1;
        break;
    case WIDE_IDEOGRAPH:
        count->words++;
        count->inside = 0;
        break;
    case WIDE_OTHER: count->inside = 0; break;
    case WIDE_JOINER: break;
    }
    return at;
}

size_t word_count_run(struct word_count *count, struct str text, size_t at, size_t end,
                      unsigned stops)
{
    struct str part = str_slice(text, 0, end);
    unsigned class = 0;
    stops |= BYTE_POINT | BYTE_WIDE;
    for (;;) {
        unsigned inside = count->inside;
        uint32_t words = 0;
        while (at < end && !((class = markdown_bytes[(unsigned char)text.at[at]]) & stops)) {
            words += class & ~inside & 1;
            inside = (class | (inside & class >> 1)) & 1;
            at++;
        }
        count->words += words;
        count->inside = inside;
        if (at >= end)
            return at;
        if (class & BYTE_WIDE) {
            at = count_wide(count, part, at);
        } else if (class & BYTE_POINT) {
            if (at == 0 || !markdown_is_digit(text.at[at - 1]) || at + 1 == end ||
                !markdown_is_digit(text.at[at + 1]))
                count->inside = 0;
            at++;
        } else {
            return at;
        }
    }
}

bool markdown_is_space(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
           c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

bool markdown_space_before(struct str text, size_t at)
{
    size_t start = at;
    while (start > 0 && at - start < 4) {
        start--;
        if (((unsigned char)text.at[start] & 0xC0) != 0x80)
            break;
    }
    return start == at || markdown_is_space(utf8_next(str_slice(text, 0, at), &start));
}

/* What Obsidian's own expression excludes: spaces, ASCII punctuation but _ - /, and the blocks
 * General Punctuation and Supplemental Punctuation. Emoji and symbols are allowed. */
static bool is_tag_char(uint32_t c)
{
    if (c < 0x80)
        return c > ' ' && c != 0x7F && !strchr("'!\"#$%&()*+,.:;<=>?@^`{|}~[]\\", (int)c);
    return !markdown_is_space(c) && !(c >= 0x2000 && c <= 0x206F) && !(c >= 0x2E00 && c <= 0x2E7F);
}

size_t markdown_tag_end(struct str text, size_t at, size_t end)
{
    struct str part = str_slice(text, 0, end);
    bool has_name = false;
    size_t next = at, stop = at;
    while (next < end) {
        uint32_t c = utf8_next(part, &next);
        if (!is_tag_char(c))
            break;
        has_name |= c < '0' || c > '9';
        stop = next;
    }
    return has_name ? stop : at;
}

bool markdown_is_word_char(uint32_t c)
{
    if (c < 0x80)
        return markdown_bytes[c] & BYTE_WORD;
    return wide_class(c) == WIDE_LETTER || wide_class(c) == WIDE_IDEOGRAPH;
}

bool markdown_is_key_char(uint32_t c)
{
    if (c < 0x80)
        return (markdown_bytes[c] & BYTE_WORD) || c == ' ' || c == '-' || c == '/';
    /* Symbols are in: an emoji may be a part of a key. */
    return wide_class(c) != WIDE_OTHER || (c >= 0x2190 && c <= 0x2BFF) || c >= 0x1F000;
}

bool markdown_is_wide_punctuation(uint32_t c)
{
    return c >= 0x3000 && wide_class(c) == WIDE_OTHER;
}

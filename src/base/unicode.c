// SPDX-License-Identifier: MIT
#include "base/unicode.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <utf8proc.h>

/* Other_ID_Start and Other_ID_Continue: characters that keep the property for old times' sake
 * though their category lost it (PropList.txt). */
static bool is_other_id_start(uint32_t c)
{
    return c == 0x1885 || c == 0x1886 || c == 0x2118 || c == 0x212E || c == 0x309B || c == 0x309C;
}

static bool is_other_id_continue(uint32_t c)
{
    return c == 0xB7 || c == 0x387 || (c >= 0x1369 && c <= 0x1371) || c == 0x19DA;
}

/* Pattern_Syntax and Pattern_White_Space take their characters out of both; among letters and marks
 * that is this one alone. */
static bool is_pattern_syntax(uint32_t c)
{
    return c == 0x2E2F;
}

bool unicode_is_id_start(uint32_t code_point)
{
    if (is_pattern_syntax(code_point))
        return false;
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code_point);
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
           category == UTF8PROC_CATEGORY_NL || is_other_id_start(code_point);
}

bool unicode_is_id_continue(uint32_t code_point)
{
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code_point);
    return unicode_is_id_start(code_point) || category == UTF8PROC_CATEGORY_MN ||
           category == UTF8PROC_CATEGORY_MC || category == UTF8PROC_CATEGORY_ND ||
           category == UTF8PROC_CATEGORY_PC || is_other_id_continue(code_point);
}

enum unicode_direction unicode_direction(uint32_t code_point)
{
    switch (utf8proc_get_property((utf8proc_int32_t)code_point)->bidi_class) {
    case UTF8PROC_BIDI_CLASS_L: return DIRECTION_LEFT_TO_RIGHT;
    case UTF8PROC_BIDI_CLASS_R:
    case UTF8PROC_BIDI_CLASS_AL: return DIRECTION_RIGHT_TO_LEFT;
    case UTF8PROC_BIDI_CLASS_AN: return DIRECTION_ARABIC_NUMBER;
    case UTF8PROC_BIDI_CLASS_EN: return DIRECTION_EUROPEAN_NUMBER;
    case UTF8PROC_BIDI_CLASS_NSM: return DIRECTION_MARK;
    case UTF8PROC_BIDI_CLASS_ES:
    case UTF8PROC_BIDI_CLASS_CS:
    case UTF8PROC_BIDI_CLASS_ET:
    case UTF8PROC_BIDI_CLASS_ON:
    case UTF8PROC_BIDI_CLASS_BN: return DIRECTION_NEUTRAL;
    default: return DIRECTION_OTHER;
    }
}

unsigned unicode_width(uint32_t code_point)
{
    int width = utf8proc_charwidth((utf8proc_int32_t)code_point);
    return width < 0 ? 0 : (unsigned)width;
}

static bool is_all_ascii(struct str text)
{
    unsigned char all = 0;
    for (size_t i = 0; i < text.length; i++)
        all |= (unsigned char)text.at[i];
    return all < 0x80;
}

static void add_folded_ascii(struct strbuf *out, struct str text)
{
    char *room = strbuf_reserve(out, text.length);
    if (!room || !text.length)
        return;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.at[i];
        room[i] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
    }
    out->length += text.length;
    out->at[out->length] = '\0';
}

static void add_folded_valid(struct strbuf *out, struct str text)
{
    const utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD;
    utf8proc_uint8_t *folded = NULL;
    utf8proc_ssize_t length = utf8proc_map((const utf8proc_uint8_t *)text.at,
                                           (utf8proc_ssize_t)text.length, &folded, options);
    if (length < 0)
        out->failed = true;
    else
        strbuf_add(out, (struct str){(const char *)folded, (size_t)length});
    free(folded);
}

void unicode_add_folded(struct strbuf *out, struct str text)
{
    while (!is_all_ascii(text)) {
        size_t broken = utf8_find_invalid(text);
        if (broken == STR_NONE) {
            add_folded_valid(out, text);
            return;
        }
        if (broken)
            add_folded_valid(out, str_slice(text, 0, broken));
        strbuf_add_char(out, text.at[broken]);
        text = str_slice(text, broken + 1, text.length);
    }
    add_folded_ascii(out, text);
}

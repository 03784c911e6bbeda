// SPDX-License-Identifier: MIT
#include "base/unicode.h"

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

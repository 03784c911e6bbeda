// SPDX-License-Identifier: MIT
/* UUIDs (RFC 4122, section 3), JSON Pointers (RFC 6901) and the relative ones (draft-bhutton). */
#include "validate/format_rules.h"

#include "base/utf8.h"

bool format_is_uuid(struct str value)
{
    if (value.length != 36)
        return false;
    for (size_t i = 0; i < value.length; i++) {
        bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (hyphen ? value.at[i] != '-' : !is_hex_digit((unsigned char)value.at[i]))
            return false;
    }
    return true;
}

static bool is_pointer(struct str value)
{
    if (value.length && value.at[0] != '/')
        return false;
    for (size_t i = 0; i < value.length; i++) {
        int next = i + 1 < value.length ? value.at[i + 1] : -1;
        if (value.at[i] == '~' && next != '0' && next != '1')
            return false;
    }
    return true;
}

bool format_is_json_pointer(struct str value)
{
    return is_pointer(value) && utf8_find_invalid(value) == STR_NONE;
}

/** Digits without a leading zero. */
static bool take_integer(struct cursor *cursor, int lowest_digit)
{
    int first = cursor_peek(cursor, 0);
    if (!is_digit(first) || first < lowest_digit)
        return false;
    return cursor_digits(cursor) == 1 || first != '0';
}

bool format_is_relative_json_pointer(struct str value)
{
    struct cursor cursor = {value, 0};
    if (!take_integer(&cursor, '0'))
        return false;
    if ((cursor_accept(&cursor, '+') || cursor_accept(&cursor, '-')) && !take_integer(&cursor, '1'))
        return false;
    struct str rest = str_slice(value, cursor.at, value.length);
    return str_equal(rest, STR("#")) || format_is_json_pointer(rest);
}

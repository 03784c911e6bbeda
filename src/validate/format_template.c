// SPDX-License-Identifier: MIT
/* URI templates (RFC 6570, section 2, with erratum 6937: an apostrophe is a literal). */
#include "base/utf8.h"
#include "validate/format_rules.h"

/** ALPHA, DIGIT, "_" or pct-encoded. */
static bool take_name_character(struct cursor *cursor)
{
    int c = cursor_peek(cursor, 0);
    if (!is_letter(c) && !is_digit(c) && c != '_')
        return cursor_percent_encoded(cursor);
    cursor->at++;
    return true;
}

static bool take_name(struct cursor *cursor)
{
    if (!take_name_character(cursor))
        return false;
    for (;;) {
        bool dot = cursor_accept(cursor, '.');
        if (!take_name_character(cursor))
            return !dot;
    }
}

/** `:3` (1 to 9999) or `*`, or nothing. */
static bool take_modifier(struct cursor *cursor)
{
    if (cursor_accept(cursor, '*') || !cursor_accept(cursor, ':'))
        return true;
    if (cursor_peek(cursor, 0) == '0')
        return false;
    size_t digits = cursor_digits(cursor);
    return digits >= 1 && digits <= 4;
}

/** What stands between the braces; the first one is taken already. */
static bool take_expression(struct cursor *cursor)
{
    int operator= cursor_peek(cursor, 0);
    if (operator> 0 && operator<0x80 && strchr("+#./;?&=,!@|", operator))
        cursor->at++;
    do {
        if (!take_name(cursor) || !take_modifier(cursor))
            return false;
    } while (cursor_accept(cursor, ','));
    return cursor_accept(cursor, '}');
}

static bool take_literal(struct cursor *cursor)
{
    int c = cursor_peek(cursor, 0);
    if (c == '%')
        return cursor_percent_encoded(cursor);
    if (c <= 0x20 || c == 0x7F || (c < 0x80 && strchr("\"<>\\^`{|}", c)))
        return false;
    uint32_t code_point = utf8_next(cursor->text, &cursor->at);
    /* ucschar and iprivate leave out the C1 controls and the noncharacters. */
    bool noncharacter =
        (code_point & 0xFFFE) == 0xFFFE || (code_point >= 0xFDD0 && code_point <= 0xFDEF);
    return code_point < 0x80 || (code_point >= 0xA0 && !noncharacter);
}

bool format_is_uri_template(struct str value)
{
    if (utf8_find_invalid(value) != STR_NONE)
        return false;
    struct cursor cursor = {value, 0};
    while (!cursor_at_end(&cursor)) {
        bool fine = cursor_accept(&cursor, '{') ? take_expression(&cursor) : take_literal(&cursor);
        if (!fine)
            return false;
    }
    return true;
}

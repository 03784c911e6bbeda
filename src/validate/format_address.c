// SPDX-License-Identifier: MIT
/* IP addresses (RFC 2673, section 3.2; RFC 4291, section 2.2) and e-mail addresses (RFC 5321,
 * section 4.1.2; RFC 6531, section 3.3, for those beyond ASCII). */
#include "base/utf8.h"
#include "validate/format_rules.h"

#include <strings.h>

/** 0 to 255, without a leading zero: some readers take that for octal. */
static bool take_octet(struct cursor *cursor)
{
    unsigned value = 0;
    size_t start = cursor->at;
    while (is_digit(cursor_peek(cursor, 0)) && cursor->at - start < 3)
        value = value * 10 + (unsigned)(cursor->text.at[cursor->at++] - '0');
    size_t digits = cursor->at - start;
    return digits > 0 && value <= 255 && (digits == 1 || cursor->text.at[start] != '0');
}

bool format_is_ipv4(struct str value)
{
    struct cursor cursor = {value, 0};
    for (int i = 0; i < 4; i++)
        if ((i > 0 && !cursor_accept(&cursor, '.')) || !take_octet(&cursor))
            return false;
    return cursor_at_end(&cursor);
}

/** One to four hexadecimal digits. */
static bool take_piece(struct cursor *cursor)
{
    size_t start = cursor->at;
    while (is_hex_digit(cursor_peek(cursor, 0)) && cursor->at - start < 4)
        cursor->at++;
    return cursor->at > start;
}

bool format_is_ipv6(struct str value)
{
    struct cursor cursor = {value, 0};
    size_t pieces = 0;
    bool shortened = false; /* there was a "::" */
    while (!cursor_at_end(&cursor)) {
        if (!shortened && cursor_peek(&cursor, 0) == ':' && cursor_peek(&cursor, 1) == ':') {
            shortened = true;
            cursor.at += 2;
            if (cursor_at_end(&cursor))
                break;
        } else if (pieces > 0 && !cursor_accept(&cursor, ':')) {
            return false;
        }
        size_t start = cursor.at;
        if (!take_piece(&cursor))
            return false;
        pieces++;
        if (cursor_peek(&cursor, 0) == '.') {
            if (!format_is_ipv4(str_slice(value, start, value.length)))
                return false;
            cursor.at = value.length;
            pieces++;
        }
    }
    return shortened ? pieces <= 7 : pieces == 8;
}

enum email_kind { EMAIL_ASCII, EMAIL_INTERNATIONAL };

/* RFC 5321, section 4.5.3.1.1. */
#define LOCAL_PART_MAX 64u

static bool is_atext(int c)
{
    return is_letter(c) || is_digit(c) || (c > 0 && c < 0x80 && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

static bool is_dot_string(struct str local, enum email_kind kind)
{
    bool after_dot = true;
    for (size_t i = 0; i < local.length; i++) {
        unsigned char c = (unsigned char)local.at[i];
        bool dot = c == '.';
        if (dot ? after_dot : !is_atext(c) && !(c >= 0x80 && kind == EMAIL_INTERNATIONAL))
            return false;
        after_dot = dot;
    }
    return !after_dot;
}

static bool is_quoted_string(struct str local, enum email_kind kind)
{
    if (local.length < 2 || local.at[0] != '"' || local.at[local.length - 1] != '"')
        return false;
    struct cursor inside = {str_slice(local, 1, local.length - 1), 0};
    while (!cursor_at_end(&inside)) {
        bool escaped = cursor_accept(&inside, '\\');
        int c = cursor_peek(&inside, 0);
        inside.at += c >= 0;
        bool printable = c >= 0x20 && c < 0x7F;
        bool beyond = c >= 0x80 && kind == EMAIL_INTERNATIONAL && !escaped;
        if (!(printable && (escaped || c != '"')) && !beyond)
            return false;
    }
    return true;
}

static bool is_address_literal(struct str domain)
{
    if (domain.length < 2 || domain.at[0] != '[' || domain.at[domain.length - 1] != ']')
        return false;
    struct str inside = str_slice(domain, 1, domain.length - 1);
    if (inside.length >= 5 && strncasecmp(inside.at, "IPv6:", 5) == 0)
        return format_is_ipv6(str_slice(inside, 5, inside.length));
    return format_is_ipv4(inside);
}

static bool is_email(struct str value, enum email_kind kind)
{
    size_t at = str_find_last(value, '@');
    if (at == STR_NONE || at > LOCAL_PART_MAX || utf8_find_invalid(value) != STR_NONE)
        return false;
    struct str local = str_slice(value, 0, at), domain = str_slice(value, at + 1, value.length);
    if (!is_dot_string(local, kind) && !is_quoted_string(local, kind))
        return false;
    if (is_address_literal(domain))
        return true;
    return kind == EMAIL_ASCII ? format_is_hostname(domain) : format_is_email_domain(domain);
}

bool format_is_email(struct str value)
{
    return is_email(value, EMAIL_ASCII);
}

bool format_is_idn_email(struct str value)
{
    return is_email(value, EMAIL_INTERNATIONAL);
}

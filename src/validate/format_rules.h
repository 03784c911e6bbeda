// SPDX-License-Identifier: MIT
/* One function a format, and the pieces that one grammar borrows from another. */
#ifndef VALIDATE_FORMAT_RULES_H
#define VALIDATE_FORMAT_RULES_H

#include "base/str.h"

bool format_is_date_time(struct str value);
bool format_is_date(struct str value);
bool format_is_time(struct str value);
bool format_is_duration(struct str value);

bool format_is_ipv4(struct str value);
bool format_is_ipv6(struct str value);

bool format_is_hostname(struct str value);
bool format_is_idn_hostname(struct str value);
/** The domain of an internationalized address: labels between ASCII dots, in any normalization. */
bool format_is_email_domain(struct str value);

bool format_is_email(struct str value);
bool format_is_idn_email(struct str value);

bool format_is_uri(struct str value);
bool format_is_uri_reference(struct str value);
bool format_is_iri(struct str value);
bool format_is_iri_reference(struct str value);
bool format_is_uri_template(struct str value);

bool format_is_uuid(struct str value);
bool format_is_json_pointer(struct str value);
bool format_is_relative_json_pointer(struct str value);

/* ASCII, whatever the locale. */
static inline bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static inline bool is_letter(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool is_hex_digit(int c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* A place in a text that a grammar is read from. */
struct cursor {
    struct str text;
    size_t at;
};

/** The byte `ahead` places on, or -1 behind the end. */
static inline int cursor_peek(const struct cursor *cursor, size_t ahead)
{
    size_t left = cursor->text.length - cursor->at;
    return ahead < left ? (unsigned char)cursor->text.at[cursor->at + ahead] : -1;
}

static inline bool cursor_accept(struct cursor *cursor, char c)
{
    if (cursor_peek(cursor, 0) != (unsigned char)c)
        return false;
    cursor->at++;
    return true;
}

static inline bool cursor_at_end(const struct cursor *cursor)
{
    return cursor->at == cursor->text.length;
}

/** Exactly `count` digits, as a number. */
bool cursor_number(struct cursor *cursor, size_t count, unsigned *number);

/** As many digits as there are, and how many. */
size_t cursor_digits(struct cursor *cursor);

/** `%` and two hexadecimal digits. */
bool cursor_percent_encoded(struct cursor *cursor);

#endif

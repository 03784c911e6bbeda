// SPDX-License-Identifier: MIT
/* URIs (RFC 3986, appendix A), IRIs (RFC 3987, section 2.2) and URI templates (RFC 6570, section
 * 2). */
#include "validate/format_rules.h"

#include "base/utf8.h"

enum uri_kind { URI_ASCII, URI_INTERNATIONAL };
enum uri_part { PART_AUTHORITY, PART_PATH, PART_QUERY, PART_FRAGMENT };

bool cursor_percent_encoded(struct cursor *cursor)
{
    if (cursor_peek(cursor, 0) != '%' || !is_hex_digit(cursor_peek(cursor, 1)) ||
        !is_hex_digit(cursor_peek(cursor, 2)))
        return false;
    cursor->at += 3;
    return true;
}

static bool is_unreserved(int c)
{
    return is_letter(c) || is_digit(c) || (c > 0 && strchr("-._~", c));
}

static bool is_sub_delimiter(int c)
{
    return c > 0 && c < 0x80 && strchr("!$&'()*+,;=", c);
}

/* ucschar: everything beyond ASCII but controls, surrogates, private use and noncharacters. */
static bool is_ucschar(uint32_t c)
{
    if (c < 0x10000)
        return (c >= 0xA0 && c <= 0xD7FF) || (c >= 0xF900 && c <= 0xFDCF) ||
               (c >= 0xFDF0 && c <= 0xFFEF);
    return c <= 0xEFFFD && (c & 0xFFFF) <= 0xFFFD && !(c >= 0xE0000 && c < 0xE1000);
}

static bool is_iprivate(uint32_t c)
{
    return (c >= 0xE000 && c <= 0xF8FF) ||
           (c >= 0xF0000 && c <= 0x10FFFD && (c & 0xFFFF) <= 0xFFFD);
}

static bool take_beyond_ascii(struct cursor *cursor, enum uri_kind kind, enum uri_part part)
{
    if (kind == URI_ASCII || cursor_peek(cursor, 0) < 0x80)
        return false;
    size_t at = cursor->at;
    uint32_t c = utf8_next(cursor->text, &at);
    if (!is_ucschar(c) && !(part == PART_QUERY && is_iprivate(c)))
        return false;
    cursor->at = at;
    return true;
}

/** unreserved / pct-encoded / sub-delims, and one of `others`. */
static bool take_character(struct cursor *cursor, enum uri_kind kind, enum uri_part part,
                           const char *others)
{
    int c = cursor_peek(cursor, 0);
    if (c > 0 && c < 0x80 && (is_unreserved(c) || is_sub_delimiter(c) || strchr(others, c))) {
        cursor->at++;
        return true;
    }
    return cursor_percent_encoded(cursor) || take_beyond_ascii(cursor, kind, part);
}

static bool is_all(struct str text, enum uri_kind kind, enum uri_part part, const char *others)
{
    struct cursor cursor = {text, 0};
    while (!cursor_at_end(&cursor))
        if (!take_character(&cursor, kind, part, others))
            return false;
    return true;
}

/** v1.fe:80 */
static bool is_ip_future(struct str text)
{
    struct cursor cursor = {text, 0};
    if (!cursor_accept(&cursor, 'v') && !cursor_accept(&cursor, 'V'))
        return false;
    size_t start = cursor.at;
    while (is_hex_digit(cursor_peek(&cursor, 0)))
        cursor.at++;
    if (cursor.at == start || !cursor_accept(&cursor, '.') || cursor_at_end(&cursor))
        return false;
    struct str address = str_slice(text, cursor.at, text.length);
    return str_find(address, '%') == STR_NONE && is_all(address, URI_ASCII, PART_AUTHORITY, ":");
}

/** Splits at the first `c`: false, and all of it in `before`, when there is none. */
static bool split(struct str text, char c, struct str *before, struct str *after)
{
    size_t at = str_find(text, c);
    *before = str_slice(text, 0, at);
    *after = str_slice(text, at == STR_NONE ? text.length : at + 1, text.length);
    return at != STR_NONE;
}

static bool is_host_and_port(struct str text, enum uri_kind kind)
{
    struct str host, port;
    if (text.length && text.at[0] == '[') {
        if (!split(text, ']', &host, &port))
            return false;
        host = str_slice(host, 1, host.length);
        if (!format_is_ipv6(host) && !is_ip_future(host))
            return false;
        if (port.length && port.at[0] != ':')
            return false;
        port = str_slice(port, 1, port.length);
    } else {
        split(text, ':', &host, &port);
        if (!is_all(host, kind, PART_AUTHORITY, ""))
            return false;
    }
    struct cursor digits = {port, 0};
    cursor_digits(&digits);
    return cursor_at_end(&digits);
}

static bool is_authority(struct str text, enum uri_kind kind)
{
    struct str user, host;
    if (!split(text, '@', &user, &host))
        return is_host_and_port(text, kind);
    return is_all(user, kind, PART_AUTHORITY, ":") && is_host_and_port(host, kind);
}

/** What stands behind the scheme: hier-part or relative-part, query, fragment. */
static bool is_rest(struct str text, enum uri_kind kind)
{
    struct str query, fragment, path;
    split(text, '#', &text, &fragment);
    split(text, '?', &path, &query);
    if (!is_all(fragment, kind, PART_FRAGMENT, ":@/?") || !is_all(query, kind, PART_QUERY, ":@/?"))
        return false;
    if (!str_starts_with(path, STR("//")))
        return is_all(path, kind, PART_PATH, ":@/");
    struct str authority, segments;
    split(str_slice(path, 2, path.length), '/', &authority, &segments);
    return is_authority(authority, kind) && is_all(segments, kind, PART_PATH, ":@/");
}

/** The length of `http` in `http:…`, or 0. */
static size_t scheme_length(struct str value)
{
    size_t length = 0;
    while (length < value.length &&
           (is_letter(value.at[length]) ||
            (length > 0 && (is_digit(value.at[length]) ||
                            (value.at[length] && strchr("+-.", value.at[length]))))))
        length++;
    return length < value.length && value.at[length] == ':' ? length : 0;
}

static bool is_absolute(struct str value, enum uri_kind kind)
{
    size_t scheme = scheme_length(value);
    return scheme && is_rest(str_slice(value, scheme + 1, value.length), kind);
}

static bool is_reference(struct str value, enum uri_kind kind)
{
    if (scheme_length(value))
        return is_absolute(value, kind);
    /* The first segment of a relative path holds no colon: it would look like a scheme. */
    for (size_t i = 0; i < value.length && !strchr("/?#", value.at[i] ? value.at[i] : 1); i++)
        if (value.at[i] == ':')
            return false;
    return is_rest(value, kind);
}

bool format_is_uri(struct str value)
{
    return is_absolute(value, URI_ASCII);
}

bool format_is_uri_reference(struct str value)
{
    return is_reference(value, URI_ASCII);
}

bool format_is_iri(struct str value)
{
    return is_absolute(value, URI_INTERNATIONAL);
}

bool format_is_iri_reference(struct str value)
{
    return is_reference(value, URI_INTERNATIONAL);
}

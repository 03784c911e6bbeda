// SPDX-License-Identifier: MIT
#include "parse/json_string.h"

#include "base/utf8.h"

static bool broken(struct json_string *string, const char *error, const char *start,
                   const char *end)
{
    string->error = error;
    string->error_start = start;
    string->error_end = end;
    return false;
}

/** The closing quote of the string whose text starts at `text`, or false with the reason. */
static bool find_quote(const char *text, const char *end, struct json_string *string)
{
    uint64_t bytes;
    const char *at = json_string_stop(text, end, &bytes);
    while (at < end && *at == '\\')
        at = json_string_stop(end - at > 2 ? at + 2 : end, end, &bytes);
    if (at == end)
        return broken(string, "the string has no closing quote", text - 1, end);
    if (*at == '\n' || *at == '\r')
        return broken(string,
                      "the string has no closing quote in its line (write \\n for a line break)",
                      text - 1, at);
    if (*at == '\t')
        return broken(string, "a tab inside a string (write \\t)", at, at + 1);
    if (*at != '"')
        return broken(string, "a control character inside a string (write \\u and four digits)", at,
                      at + 1);
    string->end = at + 1;
    return true;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/** The four digits behind `\u`, or -1. */
static int32_t hex_unit(const char *at, const char *end)
{
    int32_t unit = 0;
    if (end - at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(at[i]);
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

/** Decodes the `\u` escape at `*at`, both halves of a pair; moves `*at` behind it. */
static bool decode_unicode(const char **at, const char *end, uint32_t *ret_code_point,
                           struct json_string *string)
{
    const char *start = *at;
    int32_t unit = hex_unit(start + 2, end);
    if (unit < 0)
        return broken(string, "\\u needs four hexadecimal digits", start, start + 2);
    *at += 6;
    *ret_code_point = (uint32_t)unit;
    if (unit < 0xD800 || unit > 0xDFFF)
        return true;
    int32_t low = unit < 0xDC00 && end - *at >= 2 && (*at)[0] == '\\' && (*at)[1] == 'u'
                      ? hex_unit(*at + 2, end)
                      : -1;
    if (low < 0xDC00 || low > 0xDFFF)
        return broken(string, "half of a surrogate pair: it stands for no character", start, *at);
    *at += 6;
    *ret_code_point = 0x10000 + (((uint32_t)unit & 0x3FF) << 10 | ((uint32_t)low & 0x3FF));
    return true;
}

/** Decodes the escape at `*at` to `*out`, and moves both behind it. */
static bool decode_escape(const char **at, const char *end, char **out, struct json_string *string)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    char letter = (*at)[1];
    if (letter == 'u') {
        uint32_t code_point;
        if (!decode_unicode(at, end, &code_point, string))
            return false;
        *out += utf8_encode(code_point, *out);
        return true;
    }
    const char *found = letter ? strchr(letters, letter) : NULL;
    if (!found)
        return broken(string, "unknown escape (a backslash itself is written \\\\)", *at, *at + 2);
    *(*out)++ = meanings[found - letters];
    *at += 2;
    return true;
}

/** Fills in what the string says. An escape is never shorter than what it stands for, so the length
 *  of the source is room enough. */
static bool decode(const char *text, const char *end, struct arena *arena,
                   struct json_string *string)
{
    char *start = arena_alloc(arena, (size_t)(end - text)), *out = start;
    if (!start)
        return broken(string, "out of memory", text, end);
    uint64_t bytes;
    for (const char *at = text; at < end;) {
        const char *stop = json_string_stop(at, end, &bytes);
        memcpy(out, at, (size_t)(stop - at));
        out += stop - at;
        at = stop;
        if (at < end && !decode_escape(&at, end, &out, string))
            return false;
    }
    string->text = (struct str){start, (size_t)(out - start)};
    return true;
}

bool json_string_decode(const char *text, const char *end, struct arena *arena,
                        struct json_string *ret_string)
{
    *ret_string = (struct json_string){0};
    return find_quote(text, end, ret_string) &&
           decode(text, ret_string->end - 1, arena, ret_string);
}

// SPDX-License-Identifier: MIT
/*
 * A text needs quotes when it would be read as syntax, as another type by YAML 1.2's core schema,
 * or as another type by YAML 1.1's: the tools that share the files read either.
 */
#include "writeback/yaml_plain_text.h"

#include <strings.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter_or_digit(char c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (unsigned char)c >= 0x80;
}

/** A word that is null or a boolean to one of the readers, in any case. */
static bool is_reserved(struct str text)
{
    static const char *const words[] = {"null",  "true", "false", "yes", "no",   "on",
                                        "off",   "y",    "n",     "~",   ".inf", "-.inf",
                                        "+.inf", ".nan", "=",     "<<",  "---",  "..."};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (text.length == strlen(words[i]) && strncasecmp(text.at, words[i], text.length) == 0)
            return true;
    return false;
}

static size_t skip(struct str text, size_t at, const char *set)
{
    while (at < text.length && text.at[at] && strchr(set, text.at[at]))
        at++;
    return at;
}

/** 0x1F, 0o17, 0b101: digits of any radix behind a letter. */
static bool is_radix(struct str text)
{
    return text.length > 2 && text.at[0] == '0' && strchr("xXoObB", text.at[1]) &&
           skip(text, 2, "0123456789abcdefABCDEF_") == text.length;
}

/** 12, 1_000, 1.5, .5, 1e3, and 12:30:45, which counts in sixties; the sign is off. */
static bool is_decimal(struct str text)
{
    size_t at = skip(text, 0, "0123456789_:");
    bool has_digit = at > 0 && (is_digit(text.at[0]) || is_digit(text.at[at - 1]));
    if (at < text.length && text.at[at] == '.') {
        has_digit |= at + 1 < text.length && is_digit(text.at[at + 1]);
        at = skip(text, at + 1, "0123456789_");
    }
    if (has_digit && at < text.length && (text.at[at] | 0x20) == 'e')
        at = skip(text, skip(text, at + 1, "+-"), "0123456789_");
    return has_digit && at == text.length;
}

static bool is_number(struct str text)
{
    if (text.at[0] == '-' || text.at[0] == '+')
        text = str_slice(text, 1, text.length);
    return text.length && (is_radix(text) || is_decimal(text));
}

/** What may come first without being an indicator. */
static bool begins_plain(struct str text, enum yaml_place place)
{
    char first = text.at[0], second = text.length > 1 ? text.at[1] : '\0';
    if (first == '-')
        return place == YAML_BLOCK && is_letter_or_digit(second);
    return !strchr(" \t?:,[]{}#&*!|>'\"%@`=", first);
}

/** Whether a `:` at `at` ends a key, or may be taken for that. */
static bool is_colon_syntax(struct str text, size_t at, enum yaml_place place)
{
    char behind = at + 1 < text.length ? text.at[at + 1] : '\0';
    if (place == YAML_NAME)
        return true;
    return behind == '\0' || behind == ' ' || (place == YAML_FLOW && !is_letter_or_digit(behind));
}

static bool has_syntax(struct str text, enum yaml_place place)
{
    for (size_t at = 0; at < text.length; at++) {
        char c = text.at[at];
        if ((c == ':' && is_colon_syntax(text, at, place)) ||
            (c == '#' && at > 0 && text.at[at - 1] == ' ') ||
            (place != YAML_BLOCK && strchr(",[]{}", c)))
            return true;
    }
    return false;
}

bool yaml_is_plain(struct str text, enum yaml_place place)
{
    if (!text.length || !text.at[0] || !begins_plain(text, place) ||
        text.at[text.length - 1] == ' ')
        return false;
    return !has_syntax(text, place) && !is_reserved(text) && !is_number(text);
}

// SPDX-License-Identifier: MIT
/*
 * What stands behind a backslash (ECMA-262, 22.2.1: CharacterEscape and CharacterClassEscape).
 *
 * In lenient mode a malformed escape stands for its own letter, and \1 with no such group is an
 * octal number, as Annex B has it. Two things differ from Annex B on purpose: \u{…} and \p{…} keep
 * their meaning, because JSON Schema's patterns are about Unicode text in any case.
 */
#include "base/utf8.h"
#include "validate/pattern_property.h"
#include "validate/pattern_reader.h"

static int hex_value(int c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/** Exactly `count` hexadecimal digits. */
static bool take_hex(struct pattern_reader *reader, size_t count, uint32_t *value)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        int digit = hex_value(reader_peek(reader, i));
        if (digit < 0)
            return false;
        sum = sum * 16 + (uint32_t)digit;
    }
    reader->at += count;
    *value = sum;
    return true;
}

/** `{1F600}`; nothing is taken when it is not that. */
static bool take_braced_hex(struct pattern_reader *reader, uint32_t *value)
{
    size_t start = reader->at++;
    uint32_t sum = 0;
    size_t digits = 0;
    for (int digit; (digit = hex_value(reader_peek(reader, 0))) >= 0; digits++) {
        sum = sum * 16 + (uint32_t)digit;
        if (sum > CODE_POINT_LAST)
            break;
        reader->at++;
    }
    if (digits && sum <= CODE_POINT_LAST && reader_accept(reader, '}')) {
        *value = sum;
        return true;
    }
    reader->at = start;
    return false;
}

static bool is_lead_surrogate(uint32_t c)
{
    return c >= 0xD800 && c <= 0xDBFF;
}

/** The second half of a surrogate pair, `\uDC00`, joined to `lead`; nothing taken when it is not
 * there. */
static void join_trail_surrogate(struct pattern_reader *reader, uint32_t *lead)
{
    size_t start = reader->at;
    uint32_t trail;
    if (reader_accept_text(reader, "\\u") && take_hex(reader, 4, &trail) && trail >= 0xDC00 &&
        trail <= 0xDFFF)
        *lead = 0x10000 + ((*lead - 0xD800) << 10) + (trail - 0xDC00);
    else
        reader->at = start;
}

bool reader_unicode_escape(struct pattern_reader *reader, uint32_t *code_point)
{
    if (reader_peek(reader, 0) == '{')
        return take_braced_hex(reader, code_point);
    if (!take_hex(reader, 4, code_point))
        return false;
    if (is_lead_surrogate(*code_point))
        join_trail_surrogate(reader, code_point);
    return true;
}

static bool is_ascii_letter(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/** \cA. Annex B: in a class a digit or _ will do; else the backslash stands for itself. */
static bool escape_control(struct pattern_reader *reader, enum escape_place place, size_t start,
                           uint32_t *code_point)
{
    int letter = reader_peek(reader, 0);
    bool allowed = is_ascii_letter(letter);
    if (!allowed) {
        if (!reader_tolerate(reader, start, "\\c without a letter"))
            return false;
        allowed = place == ESCAPE_IN_CLASS && ((letter >= '0' && letter <= '9') || letter == '_');
    }
    if (allowed) {
        reader->at++;
        *code_point = (uint32_t)letter % 32;
    } else {
        reader->at--; /* the c comes next, as itself */
        *code_point = '\\';
    }
    return true;
}

/** \0, and Annex B's octal numbers up to \377. The first digit is taken already. */
static bool escape_digit(struct pattern_reader *reader, size_t start, int first,
                         uint32_t *code_point)
{
    int next = reader_peek(reader, 0);
    if (first == '0' && !(next >= '0' && next <= '9')) {
        *code_point = 0;
        return true;
    }
    if (!reader_tolerate(reader, start, "an octal escape, or a reference to a missing group"))
        return false;
    uint32_t value = (uint32_t)(first - '0');
    size_t digits_max = first <= '3' ? 3 : first <= '7' ? 2 : 1;
    for (size_t i = 1; i < digits_max; i++) {
        int digit = reader_peek(reader, 0);
        if (digit < '0' || digit > '7')
            break;
        value = value * 8 + (uint32_t)(digit - '0');
        reader->at++;
    }
    *code_point = first <= '7' ? value : (uint32_t)first;
    return true;
}

/** \p{…} and \P{…}; the letter is taken already. */
static bool escape_property(struct pattern_reader *reader, size_t start, bool negated,
                            struct pattern_set *set)
{
    if (!reader_accept(reader, '{'))
        return reader_fail(reader, start, "\\p needs a property in braces, such as \\p{Letter}");
    size_t name_start = reader->at;
    while (reader_peek(reader, 0) >= 0 && reader_peek(reader, 0) != '}')
        reader->at++;
    struct str text = str_slice(reader->source, name_start, reader->at);
    if (!reader_accept(reader, '}'))
        return reader_fail(reader, start, "\\p{ without its }");
    struct property_meaning meaning;
    if (!pattern_property_find(text, &meaning))
        return reader_fail(reader, start, "unknown Unicode property");
    meaning.negated = meaning.negated != negated;
    pattern_set_add_property(reader->arena, set, meaning);
    return true;
}

static bool is_syntax_character(uint32_t c)
{
    return c < 0x80 && strchr("^$\\.*+?()[]{}|/", (int)c) && c != 0;
}

/** A character that needs no escape: only Annex B lets it have one. */
static bool escape_identity(struct pattern_reader *reader, enum escape_place place, size_t start,
                            uint32_t c)
{
    if (is_syntax_character(c) || (c == '-' && place == ESCAPE_IN_CLASS))
        return true;
    if (c == 'k' && reader->has_names)
        return reader_fail(reader, start, "\\k needs a group's name, such as \\k<year>");
    return reader_tolerate(reader, start, "a backslash before a character that needs none");
}

/** The escapes of one character that are more than the character itself. */
static bool escape_letter(struct pattern_reader *reader, enum escape_place place, size_t start,
                          uint32_t letter, uint32_t *code_point)
{
    switch (letter) {
    case 'f': *code_point = '\f'; return true;
    case 'n': *code_point = '\n'; return true;
    case 'r': *code_point = '\r'; return true;
    case 't': *code_point = '\t'; return true;
    case 'v': *code_point = '\v'; return true;
    case 'c': return escape_control(reader, place, start, code_point);
    case 'x':
        return take_hex(reader, 2, code_point) ||
               reader_tolerate(reader, start, "\\x without two hexadecimal digits");
    case 'u':
        return reader_unicode_escape(reader, code_point) ||
               reader_tolerate(reader, start, "\\u without four hexadecimal digits");
    default: return escape_identity(reader, place, start, letter);
    }
}

enum escape_kind reader_escape(struct pattern_reader *reader, enum escape_place place,
                               struct pattern_set *set, uint32_t *code_point)
{
    size_t start = reader->at - 1;
    if (reader_peek(reader, 0) < 0) {
        reader_fail(reader, start, "a backslash at the end");
        return ESCAPE_FAILED;
    }
    uint32_t letter = reader_next(reader);
    if (letter < 0x80 && letter && strchr("dswDSW", (int)letter)) {
        pattern_set_add_class(reader->arena, set, (char)letter);
        return ESCAPE_SET;
    }
    if (letter == 'p' || letter == 'P')
        return escape_property(reader, start, letter == 'P', set) ? ESCAPE_SET : ESCAPE_FAILED;
    *code_point = letter;
    if (letter == 'b' && place == ESCAPE_IN_CLASS) {
        *code_point = '\b';
        return ESCAPE_CHARACTER;
    }
    bool fine = letter >= '0' && letter <= '9'
                    ? escape_digit(reader, start, (int)letter, code_point)
                    : escape_letter(reader, place, start, letter, code_point);
    return fine ? ESCAPE_CHARACTER : ESCAPE_FAILED;
}

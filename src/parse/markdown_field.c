// SPDX-License-Identifier: MIT
/*
 * Inline fields, by Dataview's rules: `[key:: value]` and `(key:: value)` anywhere in a line; else,
 * where a line has none of these, `key:: value` as all of the line. The key of a whole line is made
 * of letters, digits, spaces, `_ - /` and emoji, once the marks around it are taken off. A task's
 * line is no field, only what stands in brackets in it.
 */
#include "base/utf8.h"
#include "parse/markdown_walk.h"

static bool is_opening(char c)
{
    return c == '[' || c == '(';
}

static bool is_bracket(char c)
{
    return is_opening(c) || c == ']' || c == ')';
}

/** Back from `at` to the nearest bracket, not before `from`; PLACE_NONE when there is none. */
static uint32_t find_bracket_back(const struct markdown_reader *reader, uint32_t from, uint32_t at)
{
    if (at - from > FIELD_KEY_LIMIT)
        from = at - FIELD_KEY_LIMIT;
    while (at > from)
        if (is_bracket(reader->source.at[--at]))
            return at;
    return PLACE_NONE;
}

/** The bracket that closes what `open` opened before `at`, or PLACE_NONE. */
static uint32_t find_closing(const struct markdown_reader *reader, char open, uint32_t at,
                             uint32_t end)
{
    const char *text = reader->source.at;
    const char close = open == '[' ? ']' : ')';
    unsigned depth = 0;
    if (end - at > FIELD_VALUE_LIMIT)
        end = at + FIELD_VALUE_LIMIT;
    for (; at < end; at++) {
        if (text[at] == '\\')
            at++;
        else if (text[at] == open)
            depth++;
        else if (text[at] == close && depth-- == 0)
            return at;
    }
    return PLACE_NONE;
}

static bool is_mark(char c)
{
    return c == '*' || c == '_' || c == '~' || c == '`' || c == '=';
}

static struct str strip_marks(struct str key)
{
    key = str_trim(key);
    size_t start = 0, end = key.length;
    while (start < end && is_mark(key.at[start]))
        start++;
    while (end > start && is_mark(key.at[end - 1]))
        end--;
    return str_trim(str_slice(key, start, end));
}

/** The key of a whole line: what stands before its first letter or digit does not belong to it.
 *  Empty when it cannot be one. */
static struct str line_key(struct str written)
{
    struct str key = strip_marks(written);
    size_t at = 0, start = 0;
    while (start < key.length && !markdown_is_word_char(utf8_next(key, &at)))
        start = at;
    key = str_slice(key, start, key.length);
    for (at = 0; at < key.length;)
        if (!markdown_is_key_char(utf8_next(key, &at)))
            return (struct str){0};
    return key;
}

/** The field in brackets whose `::` is at `at`; its brackets stand between `from` and `end`. */
static bool scan_bracketed(const struct markdown_reader *reader, uint32_t from, uint32_t at,
                           uint32_t end, struct note_property *ret_field)
{
    const char *text = reader->source.at;
    uint32_t open = find_bracket_back(reader, from, at);
    if (open == PLACE_NONE || !is_opening(text[open]) || (open > from && text[open - 1] == '\\'))
        return false;
    struct str key = strip_marks(markdown_slice(reader, open + 1, at));
    uint32_t close = key.length ? find_closing(reader, text[open], at + 2, end) : PLACE_NONE;
    if (close == PLACE_NONE)
        return false;
    ret_field->span = (struct span){open, close + 1};
    ret_field->key = key;
    ret_field->value = str_trim(markdown_slice(reader, at + 2, close));
    return true;
}

/** Whether a bracketed field follows in the line: then the line as a whole is none. */
static bool bracketed_follows(const struct markdown_reader *reader, uint32_t at, uint32_t end)
{
    struct note_property unused;
    for (uint32_t next = at; next < end;) {
        size_t found = str_find_str(markdown_slice(reader, next, end), STR("::"));
        if (found == STR_NONE)
            return false;
        next += (uint32_t)found;
        if (scan_bracketed(reader, at, next, end, &unused))
            return true;
        next += 2;
    }
    return false;
}

static bool scan_line(const struct markdown_reader *reader, uint32_t at, uint32_t end,
                      struct note_property *ret_field)
{
    const struct markdown_leaf *leaf = &reader->leaf;
    if (leaf->task != SLOT_NONE || leaf->kind == LEAF_CELL || leaf->line_first == PLACE_NONE ||
        at - leaf->line_first > FIELD_KEY_LIMIT)
        return false;
    if (find_bracket_back(reader, leaf->line_first, at) != PLACE_NONE)
        return false;
    struct str key = line_key(markdown_slice(reader, leaf->line_first, at));
    if (!key.length || bracketed_follows(reader, at + 2, end))
        return false;
    struct str value = str_trim(markdown_slice(reader, at + 2, end));
    uint32_t value_end =
        value.length ? (uint32_t)(value.at + value.length - reader->source.at) : at + 2;
    *ret_field = (struct note_property){{leaf->line_first, value_end}, key, value};
    return true;
}

uint32_t markdown_read_field(struct markdown_reader *reader, uint32_t at)
{
    uint32_t behind = at + 2;
    while (behind < reader->piece_end && reader->source.at[behind] == ':')
        behind++;
    struct markdown_leaf *leaf = &reader->leaf;
    if (leaf->line_has_field && at < leaf->field_end)
        return behind;
    uint32_t end = markdown_line_end(reader, at);
    struct note_property field;
    bool is_field = scan_bracketed(reader, leaf->line_first, at, end, &field);
    if (!is_field && !leaf->line_has_field) {
        is_field = scan_line(reader, at, end, &field);
        /* A second `::` finds the key that failed, and more. */
        leaf->line_has_field = true;
        leaf->field_end = is_field ? end : 0;
    }
    if (!is_field)
        return behind;
    leaf->line_has_field = true;
    if (leaf->field_end < field.span.end)
        leaf->field_end = field.span.end;
    struct note_property *property = markdown_add_property(reader);
    if (property)
        *property = field;
    return behind;
}

// SPDX-License-Identifier: MIT
/* Character classes, [a-z\d], and the names of groups (ECMA-262, 22.2.1: CharacterClass,
 * GroupName). */
#include "base/unicode.h"
#include "base/utf8.h"
#include "validate/pattern_reader.h"

/* One side of a range. */
struct class_atom {
    bool is_set; /* such as \d: its members stand in the class already */
    uint32_t code_point;
    size_t at;
};

static bool read_atom(struct pattern_reader *reader, struct pattern_set *set,
                      struct class_atom *atom)
{
    atom->is_set = false;
    atom->at = reader->at;
    atom->code_point = reader_next(reader);
    if (atom->code_point != '\\')
        return true;
    switch (reader_escape(reader, ESCAPE_IN_CLASS, set, &atom->code_point)) {
    case ESCAPE_FAILED: return false;
    case ESCAPE_SET: atom->is_set = true; return true;
    case ESCAPE_CHARACTER: return true;
    }
    return false;
}

static void add_atom(struct pattern_reader *reader, struct pattern_set *set,
                     const struct class_atom *atom)
{
    if (!atom->is_set)
        pattern_set_add(reader->arena, set, atom->code_point, atom->code_point);
}

/** Adds `first-last`. Annex B: with a set at either side the hyphen is itself. */
static bool add_range(struct pattern_reader *reader, struct pattern_set *set,
                      const struct class_atom *first, const struct class_atom *last)
{
    if (first->is_set || last->is_set) {
        if (!reader_tolerate(reader, first->at, "a range with a class at one end"))
            return false;
        add_atom(reader, set, first);
        add_atom(reader, set, last);
        pattern_set_add(reader->arena, set, '-', '-');
        return true;
    }
    if (first->code_point > last->code_point)
        return reader_fail(reader, first->at, "a range whose end comes before its start");
    pattern_set_add(reader->arena, set, first->code_point, last->code_point);
    return true;
}

struct pattern_set *reader_class(struct pattern_reader *reader)
{
    size_t start = reader->at - 1;
    struct pattern_set *set = pattern_set_new(reader->arena);
    bool negated = reader_accept(reader, '^');
    while (set && !reader_accept(reader, ']')) {
        if (reader_peek(reader, 0) < 0) {
            reader_fail(reader, start, "a [ without its ]");
            return NULL;
        }
        struct class_atom first, last;
        if (!read_atom(reader, set, &first))
            return NULL;
        int behind_hyphen = reader_peek(reader, 0) == '-' ? reader_peek(reader, 1) : ']';
        if (behind_hyphen == ']' || behind_hyphen < 0) {
            add_atom(reader, set, &first);
            continue;
        }
        reader->at++;
        if (!read_atom(reader, set, &last) || !add_range(reader, set, &first, &last))
            return NULL;
    }
    if (set && negated)
        pattern_set_complement(reader->arena, set);
    else if (set)
        pattern_set_finish(set);
    return set;
}

/** A name's next character, which may be written as \u0061. */
static bool next_of_name(struct pattern_reader *reader, uint32_t *code_point)
{
    *code_point = reader_next(reader);
    if (*code_point != '\\')
        return true;
    return reader_accept(reader, 'u') && reader_unicode_escape(reader, code_point);
}

static bool fits_name(uint32_t c, bool first)
{
    if (c == '$' || c == '_')
        return true;
    if (first)
        return unicode_is_id_start(c);
    return unicode_is_id_continue(c) || c == 0x200C || c == 0x200D;
}

bool reader_group_name(struct pattern_reader *reader, struct str *name)
{
    size_t start = reader->at;
    struct str rest = str_slice(reader->source, start, reader->source.length);
    size_t room = str_find(rest, '>'); /* an escape is longer than what it stands for */
    if (room == STR_NONE)
        return reader_fail(reader, start, "a group's name without its >");
    if (room == 0)
        return reader_fail(reader, start, "a group's name that is empty");
    char *bytes = arena_alloc(reader->arena, room + 1);
    size_t length = 0;
    while (bytes && reader->at < start + room) {
        uint32_t c;
        if (!next_of_name(reader, &c) || !fits_name(c, length == 0))
            return reader_fail(reader, start, "a character that no group's name may hold");
        length += utf8_encode(c, bytes + length);
    }
    *name = (struct str){bytes, bytes ? length : 0};
    return reader_accept(reader, '>');
}

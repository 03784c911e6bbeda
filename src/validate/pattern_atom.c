// SPDX-License-Identifier: MIT
/* What a repeat may follow: a character, a class, an escape, something in parentheses. */
#include "validate/pattern_reader.h"

#include <assert.h>

/** Which kind of parenthesis has been opened; the `(` is taken already. */
static struct pattern_node *open_group(struct pattern_reader *reader, size_t at)
{
    static const struct {
        const char *text;
        enum pattern_kind kind;
    } openings[] = {{"?:", PATTERN_SEQUENCE},
                    {"?=", PATTERN_AHEAD},
                    {"?!", PATTERN_NOT_AHEAD},
                    {"?<=", PATTERN_BEHIND},
                    {"?<!", PATTERN_NOT_BEHIND}};
    for (size_t i = 0; i < sizeof openings / sizeof openings[0]; i++)
        if (reader_accept_text(reader, openings[i].text))
            return reader_node(reader, openings[i].kind, at);
    struct pattern_node *group = reader_node(reader, PATTERN_GROUP, at);
    bool named = reader_accept_text(reader, "?<");
    if (!named && reader_peek(reader, 0) == '?') {
        reader_fail(reader, at, "a kind of group that ECMA-262 does not have");
        return NULL;
    }
    if (!group || (named && !reader_group_name(reader, &group->name)))
        return NULL;
    assert(reader->tree->group_count < reader->groups_total);
    group->group = ++reader->tree->group_count;
    reader->tree->groups[group->group] = group;
    return group;
}

static struct pattern_node *read_group(struct pattern_reader *reader, size_t at)
{
    struct pattern_node *group = open_group(reader, at);
    if (!group)
        return NULL;
    if (++reader->depth > PATTERN_DEPTH_MAX) {
        reader_fail(reader, at, "too many parentheses in each other");
        reader->status = NEXUS_ERROR_LIMIT;
        return NULL;
    }
    struct pattern_node *inside = reader_disjunction(reader);
    reader->depth--;
    if (!inside)
        return NULL;
    if (!reader_accept(reader, ')')) {
        reader_fail(reader, at, "a ( without its )");
        return NULL;
    }
    group->child = inside;
    group->end = reader->at;
    return group;
}

static struct pattern_node *character(struct pattern_reader *reader, uint32_t code_point, size_t at)
{
    struct pattern_node *node = reader_node(reader, PATTERN_CHARACTER, at);
    if (node)
        node->code_point = code_point;
    return node;
}

static struct pattern_node *class_node(struct pattern_reader *reader, struct pattern_set *set,
                                       size_t at)
{
    struct pattern_node *node = set ? reader_node(reader, PATTERN_CLASS, at) : NULL;
    if (node)
        node->set = set;
    return node;
}

/** `.`: everything but LineTerminator. */
static struct pattern_node *dot(struct pattern_reader *reader, size_t at)
{
    struct pattern_set *set = pattern_set_new(reader->arena);
    if (!set)
        return NULL;
    pattern_set_add(reader->arena, set, '\n', '\n');
    pattern_set_add(reader->arena, set, '\r', '\r');
    pattern_set_add(reader->arena, set, 0x2028, 0x2029);
    pattern_set_complement(reader->arena, set);
    return class_node(reader, set, at);
}

/** \1, when there is such a group; the backslash is taken already. */
static struct pattern_node *numbered_reference(struct pattern_reader *reader, size_t at)
{
    size_t start = reader->at;
    uint32_t number;
    if (reader_peek(reader, 0) == '0' || !reader_number(reader, &number) ||
        number > reader->groups_total) {
        reader->at = start;
        return NULL;
    }
    struct pattern_node *node = reader_node(reader, PATTERN_BACKREFERENCE, at);
    if (node)
        node->group = number;
    return node;
}

static struct pattern_node *named_reference(struct pattern_reader *reader, size_t at)
{
    struct pattern_node *node = reader_node(reader, PATTERN_BACKREFERENCE, at);
    return node && reader_group_name(reader, &node->name) ? node : NULL;
}

/** The backslash is taken already. */
static struct pattern_node *read_escape(struct pattern_reader *reader, size_t at)
{
    if (reader_accept(reader, 'b'))
        return reader_node(reader, PATTERN_WORD_EDGE, at);
    if (reader_accept(reader, 'B'))
        return reader_node(reader, PATTERN_NOT_WORD_EDGE, at);
    struct pattern_node *reference = numbered_reference(reader, at);
    if (reference)
        return reference;
    if (reader->has_names && reader_accept_text(reader, "k<"))
        return named_reference(reader, at);
    struct pattern_set *set = pattern_set_new(reader->arena);
    uint32_t code_point;
    switch (set ? reader_escape(reader, ESCAPE_OUTSIDE, set, &code_point) : ESCAPE_FAILED) {
    case ESCAPE_CHARACTER: return character(reader, code_point, at);
    case ESCAPE_SET: pattern_set_finish(set); return class_node(reader, set, at);
    case ESCAPE_FAILED: break;
    }
    return NULL;
}

/** `{`, `}` and `]` where they mean nothing: Annex B takes them as they are. */
static struct pattern_node *lone_bracket(struct pattern_reader *reader, size_t at, uint32_t c)
{
    uint32_t min, max;
    if (c == '{') {
        reader->at = at;
        if (reader_braces(reader, &min, &max)) {
            reader_fail(reader, at, "nothing to repeat");
            return NULL;
        }
        reader->at++;
    }
    if (!reader_tolerate(reader, at, "a bracket or brace without a backslash before it"))
        return NULL;
    return character(reader, c, at);
}

struct pattern_node *reader_atom(struct pattern_reader *reader)
{
    size_t at = reader->at;
    uint32_t c = reader_next(reader);
    switch (c) {
    case '^': return reader_node(reader, PATTERN_START, at);
    case '$': return reader_node(reader, PATTERN_END, at);
    case '.': return dot(reader, at);
    case '(': return read_group(reader, at);
    case '[': return class_node(reader, reader_class(reader), at);
    case '\\': return read_escape(reader, at);
    case '{':
    case '}':
    case ']': return lone_bracket(reader, at, c);
    case '*':
    case '+':
    case '?': reader_fail(reader, at, "nothing to repeat"); return NULL;
    default: return character(reader, c, at);
    }
}

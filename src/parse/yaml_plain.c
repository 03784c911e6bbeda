// SPDX-License-Identifier: MIT
/*
 * Lines are read one after the other. A block ends with the first line that is indented less; a
 * line that is indented more than its block, where nothing may be nested, is the continuation of a
 * scalar, or a mistake: both are libyaml's.
 *
 * What libyaml would tell something about (a comment behind a key without a value, a key that
 * stands twice, .inf) is libyaml's as well, and so is every character that it does not take or
 * takes for a line break. So nothing is ever told here.
 */
#include "parse/yaml_plain.h"

#include "parse/repeats.h"
#include "parse/yaml_plain_scan.h"
#include "parse/yaml_resolve.h"
#include "parse/yaml_scalar.h"

enum {
    DEPTH_LIMIT = 16,       /* deeper ones are rare */
    KEY_LIMIT_BYTES = 1000, /* libyaml's is 1024 characters */
};

static bool is_dash(const struct plain *plain)
{
    if (plain_char(plain, plain->at) != '-')
        return false;
    return plain_char(plain, plain->at + 1) == ' ' || plain_is_break(plain, plain->at + 1);
}

static bool resolve(struct tape *tape, struct node *node, struct str text)
{
    enum yaml_scalar kind = node->style == STYLE_PLAIN ? yaml_scalar_of(text) : YAML_STRING;
    switch (kind) {
    case YAML_STRING:
        node->type = NODE_STRING;
        node->text = text.at;
        node->text_length = (uint32_t)text.length;
        return true;
    case YAML_NULL: node->type = NODE_NULL; return true;
    case YAML_TRUE: node->type = NODE_TRUE; return true;
    case YAML_FALSE: node->type = NODE_FALSE; return true;
    case YAML_INTEGER:
    case YAML_FLOAT: return yaml_resolve_number(text, tape, node, NULL);
    case YAML_NOT_FINITE: break;
    }
    return false;
}

static bool push_value(struct plain *plain, const struct scalar *scalar)
{
    uint32_t index = tape_push(plain->tape, NODE_STRING, scalar->start, scalar->end);
    if (index == TAPE_NONE)
        return false;
    struct node *node = &plain->tape->nodes[index];
    node->style = (uint8_t)scalar->style;
    return resolve(plain->tape, node, scalar->text);
}

/** The list in brackets at `plain->at`, which goes behind it. */
static bool compose_flow_list(struct plain *plain)
{
    uint32_t array = tape_push(plain->tape, NODE_ARRAY, plain->at, plain->at), count = 0;
    uint32_t at = plain_skip_spaces(plain, plain->at + 1);
    if (array == TAPE_NONE)
        return false;
    while (plain_char(plain, at) != ']' || count) {
        struct scalar scalar;
        if (!plain_read_in_brackets(plain, at, &scalar) || !push_value(plain, &scalar))
            return false;
        count++;
        at = plain_skip_spaces(plain, scalar.end);
        if (plain_char(plain, at) == ']')
            break;
        if (plain_char(plain, at) != ',')
            return false;
        at = plain_skip_spaces(plain, at + 1);
    }
    plain->at = at + 1;
    struct node *node = &plain->tape->nodes[array];
    node->style = STYLE_FLOW;
    node->end = plain->at;
    node->next = (uint32_t)plain->tape->count;
    node->count = count;
    return true;
}

static bool compose_mapping(struct plain *plain, int64_t indent, const struct scalar *first);

/** What stands behind a colon or a dash, up to the next line. A key there (behind a dash) begins a
 * mapping. */
static bool compose_inline(struct plain *plain, uint32_t line_start)
{
    struct scalar scalar;
    if (plain_char(plain, plain->at) == '[') {
        if (!compose_flow_list(plain))
            return false;
    } else {
        if (!plain_read(plain, plain->at, &scalar))
            return false;
        if (scalar.is_key)
            return line_start != UINT32_MAX &&
                   compose_mapping(plain, (int64_t)plain->at - line_start, &scalar);
        if (!push_value(plain, &scalar))
            return false;
        plain->at = scalar.end;
    }
    plain->at = plain_skip_spaces(plain, plain->at);
    return plain_next_line(plain);
}

/** Ends a block whose children are all on the tape. */
static void close_block(struct plain *plain, uint32_t index, uint32_t last, uint32_t count)
{
    struct node *node = &plain->tape->nodes[index];
    node->style = STYLE_BLOCK;
    node->end = plain->tape->nodes[last].end;
    node->next = (uint32_t)plain->tape->count;
    node->count = count;
    plain->depth--;
}

/** A value that is not there, at `at`. */
static bool push_absent(struct plain *plain, uint32_t at)
{
    uint32_t index = tape_push(plain->tape, NODE_NULL, at, at);
    if (index == TAPE_NONE)
        return false;
    plain->tape->nodes[index].style = STYLE_ABSENT;
    return true;
}

/** The item whose dash is at `plain->at`, which goes to the next line. */
static bool compose_item(struct plain *plain, int64_t indent)
{
    uint32_t dash = plain->at;
    plain->at = plain_skip_spaces(plain, dash + 1);
    if (!plain_is_break(plain, plain->at))
        return compose_inline(plain, dash - (uint32_t)indent);
    return push_absent(plain, dash + 1) && plain_next_line(plain) && plain->indent <= indent;
}

static bool compose_list(struct plain *plain)
{
    int64_t indent = plain->indent;
    uint32_t array = tape_push(plain->tape, NODE_ARRAY, plain->at, plain->at);
    uint32_t item = array, count = 0;
    if (array == TAPE_NONE || ++plain->depth > DEPTH_LIMIT)
        return false;
    do {
        item = (uint32_t)plain->tape->count;
        if (!compose_item(plain, indent))
            return false;
        count++;
    } while (plain->indent == indent && is_dash(plain));
    close_block(plain, array, item, count);
    return plain->indent <= indent;
}

/** The value of a key whose line ends behind the colon at `colon`. */
static bool compose_below(struct plain *plain, int64_t indent, uint32_t colon)
{
    if (!plain_next_line(plain))
        return false;
    bool is_list = plain->indent >= indent && is_dash(plain);
    if (is_list)
        return compose_list(plain);
    if (plain->indent > indent)
        return compose_mapping(plain, plain->indent, NULL);
    return push_absent(plain, colon + 1);
}

/** The names of an object's keys, by a hash of few bits: whether a name was there may be wrongly
 * answered with yes, and then they are compared one by one. */
struct seen_names {
    uint64_t bits[4];
    bool is_repeat_possible;
};

static void note_name(struct seen_names *seen, uint64_t hash)
{
    unsigned bit = (unsigned)(hash * UINT64_C(0x9E3779B97F4A7C15) >> 56);
    uint64_t mask = UINT64_C(1) << bit % 64, *word = &seen->bits[bit / 64];
    seen->is_repeat_possible |= (*word & mask) != 0;
    *word |= mask;
}

static bool push_key(struct plain *plain, const struct scalar *scalar)
{
    uint32_t index = tape_push(plain->tape, NODE_KEY, scalar->start, scalar->end);
    if (index == TAPE_NONE)
        return false;
    struct node *node = &plain->tape->nodes[index];
    node->style = (uint8_t)scalar->style;
    node->text = scalar->text.at;
    node->text_length = (uint32_t)scalar->text.length;
    node->hash = name_hash(scalar->text);
    return true;
}

/** The key at `plain->at`, which goes behind its colon. */
static bool compose_key(struct plain *plain, const struct scalar *read)
{
    struct scalar scalar;
    if (!read && !plain_read(plain, plain->at, &scalar))
        return false;
    if (!read)
        read = &scalar;
    bool is_ours = read->is_key && plain_char(plain, read->end) == ':' &&
                   read->end - read->start <= KEY_LIMIT_BYTES && plain->text[read->start] != '-' &&
                   plain->text[read->start] != '.';
    plain->at = read->end + 1;
    return is_ours && push_key(plain, read);
}

static bool compose_mapping(struct plain *plain, int64_t indent, const struct scalar *first)
{
    struct tape *tape = plain->tape;
    uint32_t object = tape_push(tape, NODE_OBJECT, plain->at, plain->at);
    uint32_t key = object, count = 0;
    struct seen_names seen = {0};
    if (object == TAPE_NONE || ++plain->depth > DEPTH_LIMIT)
        return false;
    do {
        key = (uint32_t)tape->count;
        if (!compose_key(plain, first))
            return false;
        first = NULL;
        note_name(&seen, tape->nodes[key].hash);
        uint32_t colon = plain->at - 1;
        plain->at = plain_skip_spaces(plain, plain->at);
        bool is_composed = plain_is_break(plain, plain->at) ? compose_below(plain, indent, colon)
                                                            : compose_inline(plain, UINT32_MAX);
        if (!is_composed)
            return false;
        tape->nodes[key].next = (uint32_t)tape->count;
        count++;
    } while (plain->indent == indent);
    close_block(plain, object, key + 1, count);
    return plain->indent <= indent &&
           (!seen.is_repeat_possible || repeats_check(tape, object, NULL));
}

bool yaml_plain_compose(struct str source, uint32_t start, uint32_t end, struct tape *tape)
{
    struct plain plain = {.text = source.at, .at = start, .end = end, .tape = tape};
    return plain_find_content(&plain, start) && plain.indent == 0 &&
           compose_mapping(&plain, 0, NULL) && plain.indent < 0 && !tape_failed(tape);
}

// SPDX-License-Identifier: MIT
#include "model/tape.h"

#include <stdlib.h>

void tape_init(struct tape *tape)
{
    *tape = (struct tape){0};
}

void tape_finish(struct tape *tape)
{
    if (!tape)
        return;
    free(tape->nodes);
    arena_finish(&tape->text);
    *tape = (struct tape){0};
}

void tape_reset(struct tape *tape, struct str source)
{
    tape->count = 0;
    tape->source = source;
    tape->failed = false;
    arena_reset(&tape->text);
}

bool tape_grow(struct tape *tape)
{
    tape->failed |=
        tape->count >= TAPE_NONE - 1 ||
        !array_reserve(&tape->nodes, &tape->capacity, tape->count + 1, sizeof *tape->nodes);
    return !tape->failed;
}

/** Reads the digits of an integer, '-' before them or not; false when int64_t cannot hold it. */
static bool read_integer(struct str text, int64_t *ret_integer)
{
    bool is_negative = text.length && text.at[0] == '-';
    int64_t value = 0; /* below zero on the way: the negative side reaches one further */
    for (size_t i = is_negative; i < text.length; i++)
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, text.at[i] - '0', &value))
            return false;
    if (!is_negative && __builtin_sub_overflow(0, value, &value))
        return false;
    *ret_integer = value;
    return true;
}

void node_set_number(struct node *node, struct str text)
{
    node->text = text.at;
    node->text_length = (uint32_t)text.length;
    node->flags &= (uint8_t) ~(NODE_INTEGER | NODE_SMALL);
    for (size_t i = 0; i < text.length; i++)
        if (text.at[i] == '.' || (text.at[i] | 0x20) == 'e')
            return;
    node->flags |= NODE_INTEGER;
    if (read_integer(text, &node->integer))
        node->flags |= NODE_SMALL;
}

uint64_t name_hash_long(struct str name)
{
    const uint64_t prime = UINT64_C(0x9E3779B97F4A7C15);
    uint64_t hash = name.length * prime, word;
    for (size_t at = 0; at + sizeof word < name.length; at += sizeof word) {
        memcpy(&word, name.at + at, sizeof word);
        hash = (hash ^ word) * prime;
        hash ^= hash >> 32;
    }
    memcpy(&word, name.at + name.length - sizeof word, sizeof word); /* may take some bytes again */
    hash = (hash ^ word) * prime;
    return (hash ^ hash >> 29) | UINT64_C(1) << 63;
}

uint32_t tape_member(const struct tape *tape, uint32_t object, struct str name)
{
    if (tape->nodes[object].type != NODE_OBJECT)
        return TAPE_NONE;
    uint64_t hash = name_hash(name);
    tape_for_each_member (tape, object, key) {
        const struct node *node = &tape->nodes[key];
        if (node->hash == hash && str_equal(node_text(node), name))
            return key + 1;
    }
    return TAPE_NONE;
}

uint32_t tape_member_near(const struct tape *tape, uint32_t object, struct str name, uint32_t *hint)
{
    const struct node *parent = &tape->nodes[object];
    if (parent->type != NODE_OBJECT)
        return TAPE_NONE;
    uint32_t key = *hint > object ? *hint : object + 1, value = TAPE_NONE;
    if (key < parent->next && str_equal(node_text(&tape->nodes[key]), name))
        value = key + 1;
    else
        value = tape_member(tape, object, name);
    if (value != TAPE_NONE)
        *hint = tape->nodes[value].next;
    return value;
}

static bool objects_equal(const struct tape *a, uint32_t a_index, const struct tape *b,
                          uint32_t b_index)
{
    uint32_t hint = 0;
    tape_for_each_member (a, a_index, key) {
        uint32_t value = tape_member_near(b, b_index, node_text(&a->nodes[key]), &hint);
        if (value == TAPE_NONE || !tape_equal(a, key + 1, b, value))
            return false;
    }
    return true;
}

static bool arrays_equal(const struct tape *a, uint32_t a_index, const struct tape *b,
                         uint32_t b_index)
{
    uint32_t other = b_index + 1;
    tape_for_each_item (a, a_index, item) {
        if (!tape_equal(a, item, b, other))
            return false;
        other = b->nodes[other].next;
    }
    return true;
}

bool tape_equal(const struct tape *a, uint32_t a_index, const struct tape *b, uint32_t b_index)
{
    const struct node *one = &a->nodes[a_index], *other = &b->nodes[b_index];
    if (one->type != other->type || one->count != other->count)
        return false;
    switch ((enum node_type)one->type) {
    case NODE_NULL:
    case NODE_FALSE:
    case NODE_TRUE: return true;
    case NODE_KEY:
    case NODE_NUMBER:
    case NODE_STRING: return str_equal(node_text(one), node_text(other));
    case NODE_ARRAY: return arrays_equal(a, a_index, b, b_index);
    case NODE_OBJECT: break;
    }
    return objects_equal(a, a_index, b, b_index);
}

static void add_scalar(const struct node *node, struct strbuf *out)
{
    switch ((enum node_type)node->type) {
    case NODE_NULL: strbuf_add_text(out, "null"); break;
    case NODE_FALSE: strbuf_add_text(out, "false"); break;
    case NODE_TRUE: strbuf_add_text(out, "true"); break;
    case NODE_NUMBER: strbuf_add(out, node_text(node)); break;
    case NODE_STRING:
    case NODE_KEY: strbuf_add_json(out, node_text(node)); break;
    case NODE_ARRAY:
    case NODE_OBJECT: break;
    }
}

/* The depth of a tape is bounded by its parser (512 for JSON, 64 for YAML), so is the recursion. */
void tape_add_json(const struct tape *tape, uint32_t index, struct strbuf *out)
{
    const struct node *node = &tape->nodes[index];
    if (node->type == NODE_ARRAY) {
        strbuf_add_char(out, '[');
        tape_for_each_item (tape, index, item) {
            if (item != index + 1)
                strbuf_add_char(out, ',');
            tape_add_json(tape, item, out);
        }
        strbuf_add_char(out, ']');
    } else if (node->type == NODE_OBJECT) {
        strbuf_add_char(out, '{');
        tape_for_each_member (tape, index, key) {
            if (key != index + 1)
                strbuf_add_char(out, ',');
            add_scalar(&tape->nodes[key], out);
            strbuf_add_char(out, ':');
            tape_add_json(tape, key + 1, out);
        }
        strbuf_add_char(out, '}');
    } else {
        add_scalar(node, out);
    }
}

void pointer_add_token(struct str token, struct strbuf *out)
{
    strbuf_add_char(out, '/');
    for (size_t i = 0; i < token.length; i++) {
        if (token.at[i] == '~')
            strbuf_add_text(out, "~0");
        else if (token.at[i] == '/')
            strbuf_add_text(out, "~1");
        else
            strbuf_add_char(out, token.at[i]);
    }
}

void tape_add_pointer(const struct tape *tape, uint32_t index, struct strbuf *out)
{
    if (index >= tape->count)
        return;
    if (tape->nodes[index].type == NODE_KEY)
        index++;
    uint32_t at = 0;
    while (at < index) {
        uint32_t child = at + 1, position = 0;
        bool is_object = tape->nodes[at].type == NODE_OBJECT;
        while (tape->nodes[child].next <= index) {
            child = tape->nodes[child].next;
            position++;
        }
        if (is_object)
            pointer_add_token(node_text(&tape->nodes[child]), out);
        else
            strbuf_addf(out, "/%u", position);
        at = is_object ? child + 1 : child;
    }
}

/** Compares a reference token with a name; a '~' that is neither ~0 nor ~1 equals nothing. */
static bool token_equals(struct str token, struct str name)
{
    size_t at = 0;
    for (size_t i = 0; i < token.length; i++, at++) {
        char c = token.at[i];
        if (c == '~') {
            char escaped = ++i < token.length ? token.at[i] : '\0';
            if (escaped != '0' && escaped != '1')
                return false;
            c = escaped == '1' ? '/' : '~';
        }
        if (at >= name.length || name.at[at] != c)
            return false;
    }
    return at == name.length;
}

/** Reads an array index: digits, no leading zero. */
static bool read_index(struct str token, uint64_t *ret_index)
{
    uint64_t index = 0;
    bool is_padded = token.length > 1 && token.at[0] == '0';
    if (!token.length || token.length > 10 || is_padded)
        return false;
    for (size_t i = 0; i < token.length; i++) {
        if (token.at[i] < '0' || token.at[i] > '9')
            return false;
        index = index * 10 + (uint64_t)(token.at[i] - '0');
    }
    *ret_index = index;
    return true;
}

static uint32_t find_child(const struct tape *tape, uint32_t parent, struct str token)
{
    if (tape->nodes[parent].type == NODE_OBJECT) {
        tape_for_each_member (tape, parent, key) {
            if (token_equals(token, node_text(&tape->nodes[key])))
                return key + 1;
        }
    } else if (tape->nodes[parent].type == NODE_ARRAY) {
        uint64_t wanted;
        if (!read_index(token, &wanted))
            return TAPE_NONE;
        tape_for_each_item (tape, parent, item) {
            if (wanted-- == 0)
                return item;
        }
    }
    return TAPE_NONE;
}

uint32_t tape_find_pointer(const struct tape *tape, struct str pointer)
{
    return tape_find_pointer_from(tape, tape->count ? 0 : TAPE_NONE, pointer);
}

uint32_t tape_find_pointer_from(const struct tape *tape, uint32_t from, struct str pointer)
{
    uint32_t at = from;
    while (pointer.length && at != TAPE_NONE) {
        if (pointer.at[0] != '/')
            return TAPE_NONE;
        pointer = str_slice(pointer, 1, pointer.length);
        size_t end = str_find(pointer, '/');
        at = find_child(tape, at, str_slice(pointer, 0, end));
        pointer = str_slice(pointer, end, pointer.length);
    }
    return at;
}

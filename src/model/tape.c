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
    arena_reset(&tape->text);
}

uint32_t tape_push(struct tape *tape, enum node_type type, uint32_t start, uint32_t end)
{
    if (tape->count >= TAPE_NONE ||
        !array_reserve(&tape->nodes, &tape->capacity, tape->count + 1, sizeof *tape->nodes))
        return TAPE_NONE;
    uint32_t index = (uint32_t)tape->count++;
    tape->nodes[index] =
        (struct node){.type = (uint8_t)type, .start = start, .end = end, .next = index + 1};
    return index;
}

uint64_t name_hash_long(struct str name)
{
    const uint64_t prime = UINT64_C(0x9E3779B97F4A7C15);
    uint64_t hash = name.length * prime, word;
    const char *at = name.at;
    size_t left = name.length;
    for (; left >= sizeof word; at += sizeof word, left -= sizeof word) {
        memcpy(&word, at, sizeof word);
        hash = (hash ^ word) * prime;
        hash ^= hash >> 32;
    }
    word = 0;
    if (left)
        memcpy(&word, at, left);
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

static void add_token(struct str token, struct strbuf *out)
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
    if (index < tape->count && tape->nodes[index].type == NODE_KEY)
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
            add_token(node_text(&tape->nodes[child]), out);
        else
            strbuf_addf(out, "/%u", position);
        at = is_object ? child + 1 : child;
    }
}

static bool token_equals(struct str token, struct str name)
{
    size_t at = 0;
    for (size_t i = 0; i < token.length; i++, at++) {
        char c = token.at[i];
        if (c == '~' && i + 1 < token.length)
            c = token.at[++i] == '1' ? '/' : '~';
        if (at >= name.length || name.at[at] != c)
            return false;
    }
    return at == name.length;
}

static uint32_t find_child(const struct tape *tape, uint32_t parent, struct str token)
{
    if (tape->nodes[parent].type == NODE_OBJECT) {
        tape_for_each_member (tape, parent, key) {
            if (token_equals(token, node_text(&tape->nodes[key])))
                return key + 1;
        }
    } else if (tape->nodes[parent].type == NODE_ARRAY) {
        uint64_t wanted = 0;
        if (!token.length || token.length > 10 || (token.at[0] == '0' && token.length > 1))
            return TAPE_NONE;
        for (size_t i = 0; i < token.length; i++) {
            if (token.at[i] < '0' || token.at[i] > '9')
                return TAPE_NONE;
            wanted = wanted * 10 + (uint64_t)(token.at[i] - '0');
        }
        tape_for_each_item (tape, parent, item) {
            if (wanted-- == 0)
                return item;
        }
    }
    return TAPE_NONE;
}

uint32_t tape_find_pointer(const struct tape *tape, struct str pointer)
{
    uint32_t at = 0;
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

// SPDX-License-Identifier: MIT
#include "validate/equal.h"

#include "validate/number.h"

static bool numbers_equal(const struct node *a, const struct node *b)
{
    if (a->flags & b->flags & NODE_SMALL)
        return a->integer == b->integer;
    struct decimal left = decimal_of_node(a), right = decimal_of_node(b);
    return decimal_compare(&left, &right) == 0;
}

static bool keys_equal(const struct node *a, const struct node *b)
{
    return a->hash == b->hash && str_equal(node_text(a), node_text(b));
}

/** The value of the member with this key; looks first where it would be in the same order. */
static uint32_t find_same_key(const struct tape *tape, uint32_t object, uint32_t guess,
                              const struct node *key, int64_t *work)
{
    if (guess < tape->nodes[object].next && keys_equal(&tape->nodes[guess], key))
        return guess + 1;
    tape_for_each_member (tape, object, other) {
        if (--*work <= 0)
            return TAPE_NONE;
        if (keys_equal(&tape->nodes[other], key))
            return other + 1;
    }
    return TAPE_NONE;
}

static bool objects_equal(const struct tape *a, uint32_t a_index, const struct tape *b,
                          uint32_t b_index, int64_t *work)
{
    uint32_t guess = b_index + 1;
    tape_for_each_member (a, a_index, key) {
        uint32_t value = find_same_key(b, b_index, guess, &a->nodes[key], work);
        if (value == TAPE_NONE || !value_equal(a, key + 1, b, value, work))
            return false;
        guess = b->nodes[value].next;
    }
    return true;
}

static bool arrays_equal(const struct tape *a, uint32_t a_index, const struct tape *b,
                         uint32_t b_index, int64_t *work)
{
    uint32_t other = b_index + 1;
    tape_for_each_item (a, a_index, item) {
        if (!value_equal(a, item, b, other, work))
            return false;
        other = b->nodes[other].next;
    }
    return true;
}

bool value_equal(const struct tape *a, uint32_t a_index, const struct tape *b, uint32_t b_index,
                 int64_t *work)
{
    const struct node *left = &a->nodes[a_index], *right = &b->nodes[b_index];
    if (left->type != right->type || --*work <= 0)
        return false;
    switch ((enum node_type)left->type) {
    case NODE_NULL:
    case NODE_FALSE:
    case NODE_TRUE: return true;
    case NODE_NUMBER: return numbers_equal(left, right);
    case NODE_STRING:
    case NODE_KEY: return str_equal(node_text(left), node_text(right));
    case NODE_ARRAY:
        return left->count == right->count && arrays_equal(a, a_index, b, b_index, work);
    case NODE_OBJECT:
        return left->count == right->count && objects_equal(a, a_index, b, b_index, work);
    }
    return false;
}

static uint64_t mix(uint64_t hash, uint64_t more)
{
    hash = (hash ^ more) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 29;
}

uint64_t value_hash(const struct tape *tape, uint32_t index)
{
    const struct node *node = &tape->nodes[index];
    uint64_t hash = mix(0, node->type);
    if (node->type == NODE_STRING)
        return mix(hash, name_hash(node_text(node)));
    if (node->type == NODE_NUMBER) {
        struct decimal number = decimal_of_node(node);
        return mix(hash, decimal_hash(&number));
    }
    if (node->type == NODE_ARRAY) {
        tape_for_each_item (tape, index, item)
            hash = mix(hash, value_hash(tape, item));
    } else if (node->type == NODE_OBJECT) {
        uint64_t sum = 0; /* adding is what does not ask for an order */
        tape_for_each_member (tape, index, key)
            sum += mix(tape->nodes[key].hash, value_hash(tape, key + 1));
        hash = mix(hash, sum);
    }
    return hash;
}

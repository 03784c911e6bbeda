// SPDX-License-Identifier: MIT
#include "writeback/children.h"

uint32_t behind_colon(const struct patch *patch, uint32_t key)
{
    const struct node *node = &patch->source.tape->nodes[key];
    uint32_t at = skip_filling(patch, node->end, node[1].start);
    return source_char(patch, at) == ':' ? at + 1 : node->end;
}

/** Where an item starts: at its dash, in a block. */
static uint32_t item_start(const struct patch *patch, uint32_t array, uint32_t item,
                           uint32_t behind)
{
    const struct node *nodes = patch->source.tape->nodes;
    if (nodes[array].style != STYLE_BLOCK)
        return nodes[item].start;
    return skip_filling(patch, behind, nodes[item].start);
}

bool splice_init(struct splice *splice, struct patch *patch, uint32_t container)
{
    const struct node *nodes = patch->source.tape->nodes, *parent = &nodes[container];
    bool is_object = parent->type == NODE_OBJECT;
    uint32_t behind = parent->start;
    *splice = (struct splice){.container = container};
    splice->children =
        arena_alloc_array(&patch->arena, (size_t)parent->count + 1, sizeof *splice->children);
    if (!splice->children)
        return false;
    for (uint32_t at = container + 1; at < parent->next; at = nodes[at].next) {
        if (at == patch->body)
            continue;
        struct child *child = &splice->children[splice->count++];
        child->value = at + is_object;
        child->start = is_object ? nodes[at].start : item_start(patch, container, at, behind);
        child->end = nodes[child->value].end;
        if (is_object && child->end < nodes[at].end)
            child->end = nodes[at].end;
        behind = child->end;
    }
    splice->before = splice->count;
    return true;
}

void splice_add(struct splice *splice, struct patch *patch, struct str text)
{
    size_t capacity = splice->added_count; /* a power of two, or full */
    bool is_full = (capacity & (capacity - 1)) == 0;
    if (is_full) {
        struct str *more =
            arena_alloc_array(&patch->arena, capacity ? capacity * 2 : 1, sizeof *more);
        if (!more)
            return;
        if (capacity)
            memcpy(more, splice->added, capacity * sizeof *more);
        splice->added = more;
    }
    splice->added[splice->added_count++] = arena_copy(&patch->arena, text);
}

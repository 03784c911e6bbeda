// SPDX-License-Identifier: MIT
#include "parse/yaml_anchors.h"

#include <stdlib.h>

void yaml_anchors_finish(struct yaml_anchors *anchors)
{
    free(anchors->items);
    *anchors = (struct yaml_anchors){0};
}

struct yaml_anchor *yaml_anchors_add(struct yaml_anchors *anchors, struct tape *tape,
                                     struct str name)
{
    if (anchors->count == YAML_ANCHORS)
        return NULL;
    if (!array_reserve(&anchors->items, &anchors->capacity, anchors->count + 1,
                       sizeof *anchors->items)) {
        tape->failed = true;
        return NULL;
    }
    struct yaml_anchor *anchor = &anchors->items[anchors->count++];
    *anchor = (struct yaml_anchor){.name = arena_copy(&tape->text, name), .hash = name_hash(name)};
    return anchor;
}

const struct yaml_anchor *yaml_anchors_find(const struct yaml_anchors *anchors, struct str name)
{
    uint64_t hash = name_hash(name);
    for (size_t i = anchors->count; i-- > 0;)
        if (anchors->items[i].hash == hash && str_equal(anchors->items[i].name, name))
            return &anchors->items[i];
    return NULL;
}

/** Counts a node against the budget. */
static bool spend(struct yaml_anchors *anchors, const struct node *node, size_t part_bytes)
{
    anchors->copied_nodes++;
    anchors->copied_bytes += node->text_length;
    return anchors->copied_nodes <= YAML_ALIAS_NODES &&
           anchors->copied_bytes <= part_bytes * YAML_ALIAS_GROWTH + YAML_ALIAS_BYTES_FREE;
}

static bool copy_node(struct tape *tape, struct node node, uint32_t start, uint32_t end)
{
    uint32_t index = tape_push(tape, NODE_NULL, start, end);
    if (index == TAPE_NONE)
        return false;
    node.start = start;
    node.end = end;
    node.flags |= NODE_ALIAS;
    if (node.style == STYLE_ABSENT) /* the alias is not */
        node.style = STYLE_PLAIN;
    tape->nodes[index] = node;
    return true;
}

bool yaml_anchors_copy(struct yaml_anchors *anchors, const struct yaml_anchor *anchor,
                       struct tape *tape, uint32_t start, uint32_t end, size_t part_bytes)
{
    uint32_t target = (uint32_t)tape->count;
    if (anchor->is_scalar) {
        struct node node = anchor->scalar;
        node.next = target + 1;
        return spend(anchors, &node, part_bytes) && copy_node(tape, node, start, end);
    }
    uint32_t distance = target - anchor->first;
    for (uint32_t from = anchor->first; from < anchor->next; from++) {
        struct node node = tape->nodes[from];
        node.next += distance;
        if (!spend(anchors, &node, part_bytes) || !copy_node(tape, node, start, end))
            return false;
    }
    return true;
}

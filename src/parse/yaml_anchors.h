// SPDX-License-Identifier: MIT
/*
 * `&name` and `*name`: an alias becomes a copy of what the anchor names, within a budget that a few
 * lines of aliases to aliases would blow up otherwise.
 */
#ifndef PARSE_YAML_ANCHORS_H
#define PARSE_YAML_ANCHORS_H

#include "model/tape.h"

enum {
    YAML_ANCHORS = 1000,              /* each alias looks through all of them */
    YAML_ALIAS_NODES = 100 * 1000,    /* copied, all aliases together */
    YAML_ALIAS_GROWTH = 10,           /* copied text, in sizes of the part that is read … */
    YAML_ALIAS_BYTES_FREE = 64 * 1024 /* … and what is allowed to the smallest one */
};

struct yaml_anchor {
    uint64_t hash;
    struct str name;
    bool is_open; /* its value is not complete: an alias now would hold itself */
    bool is_scalar;
    struct node scalar;   /* is_scalar: the value, whether it stands as a value or as a key */
    struct str text;      /* is_scalar: the same as a key */
    uint32_t first, next; /* else: its nodes */
    unsigned height;      /* levels below the first node */
};

struct yaml_anchors {
    struct yaml_anchor *items;
    size_t count, capacity;
    size_t copied_nodes, copied_bytes;
};

void yaml_anchors_finish(struct yaml_anchors *anchors);

/** A new anchor, zeroed but for its name, valid until the next one is added. NULL: there are too
 * many (or memory is out, and `tape->failed` is set). */
struct yaml_anchor *yaml_anchors_add(struct yaml_anchors *anchors, struct tape *tape,
                                     struct str name);

/** The last one of that name, or NULL. */
const struct yaml_anchor *yaml_anchors_find(const struct yaml_anchors *anchors, struct str name);

/** Appends a copy of the anchor's value, with the alias's span. False when that is over a limit for
 * a part of `part_bytes`, or memory is out (`tape->failed`). */
bool yaml_anchors_copy(struct yaml_anchors *anchors, const struct yaml_anchor *anchor,
                       struct tape *tape, uint32_t start, uint32_t end, size_t part_bytes);

#endif

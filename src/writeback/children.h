// SPDX-License-Identifier: MIT
/* What becomes of a collection's children: some are taken out, some are put in at one place. */
#ifndef WRITEBACK_CHILDREN_H
#define WRITEBACK_CHILDREN_H

#include "writeback/edits.h"

struct child {
    uint32_t start, end; /* from its key, dash or value to the end of its value */
    uint32_t value;      /* its node */
    bool is_removed;
};

struct splice {
    uint32_t container; /* its node */
    struct child *children;
    size_t count;
    size_t removed_count;
    size_t before;     /* how many children stand before what is added */
    struct str *added; /* written out */
    size_t added_count;
};

/** All children of a collection (not a note's body). False when memory is out. */
bool splice_init(struct splice *splice, struct patch *patch, uint32_t container);

/** Adds a text, which is copied. */
void splice_add(struct splice *splice, struct patch *patch, struct str text);

/** Behind the colon that follows the key at `key`; the key's end when there is none. */
uint32_t behind_colon(const struct patch *patch, uint32_t key);

#endif

// SPDX-License-Identifier: MIT
/*
 * Private to this folder: the files that a first index is going to put, told before it starts.
 *
 * Each gets its id at once, so a link to a file that comes later is resolved when it is inserted,
 * and its row is written once. Nothing but hashes is kept, 24 bytes for a path and as many for a
 * name.
 */
#ifndef STORE_EXPECT_H
#define STORE_EXPECT_H

#include "base/error.h"
#include "base/hash.h"

enum expected_kind {
    EXPECTED_FREE,
    EXPECTED_KEY,  /* as in nx_name */
    EXPECTED_PATH, /* folded */
};

struct expected_name {
    struct hash hash;
    uint32_t file_id;
    uint8_t kind;
    bool is_shared; /* by several files: nothing can be told from it */
    bool is_note;   /* a key: ".md" stands behind it */
    bool is_put;    /* a path: its row is there */
};

struct expected {
    struct expected_name *names; /* open addressing; the capacity is a power of two */
    size_t capacity, count;
    int64_t last_file_id;
    size_t told, put; /* files */
};

void expected_finish(struct expected *expected);

enum nexus_status expected_add(struct expected *expected, struct str folded_path,
                               struct nexus_error *err);
/** The name, or NULL. Borrowed until the next addition. */
struct expected_name *expected_find(const struct expected *expected, enum expected_kind kind,
                                    struct str text);

/** Whether every file was told beforehand, and came: only then everything that could be told from
 *  the names was right. */
bool expected_is_complete(const struct expected *expected);

#endif

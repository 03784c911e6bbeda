// SPDX-License-Identifier: MIT
/*
 * Who is who: files that are gone from one path, and files that appeared at another.
 *
 * A file that was moved or renamed is still the same one: its id, its uid, its permissions and its
 * history follow it. Two things tell. First the file itself: a rename keeps the inode, and together
 * with the time of its birth that number is never given to another file. Then the content: where
 * exactly one file that is gone and exactly one that appeared have the same bytes (and there are
 * any), they are the same. In every other case none is taken: what appeared is new, with default
 * permissions.
 */
#ifndef ENGINE_IDENTITY_H
#define ENGINE_IDENTITY_H

#include "engine/engine.h"
#include "model/file.h"

struct gone_file {
    struct file_record known;
    bool is_paired;
};

struct appeared_file {
    struct str path;
    struct fingerprint print;
    const struct file_record *was; /* the row of the one it was before; NULL: it is new */
};

/** The zero value is empty. */
struct identity {
    struct arena arena; /* owns the paths */
    struct gone_file *gone;
    struct appeared_file *appeared;
    size_t gone_count, gone_capacity, appeared_count, appeared_capacity;
};

void identity_finish(struct identity *identity);

/* The record and the path are copied. */
enum nexus_status identity_add_gone(struct identity *identity, const struct file_record *known,
                                    struct nexus_error *err);
enum nexus_status identity_add_appeared(struct identity *identity, struct str path,
                                        const struct fingerprint *print, struct nexus_error *err);

/** Sets `was` and `is_paired`. Reads the content of those that appeared only when something with
 * content is still unpaired on the other side. To be called once, when both lists are complete. */
enum nexus_status identity_pair(struct identity *identity, const struct engine *engine,
                                struct nexus_error *err);

#endif

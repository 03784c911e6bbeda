// SPDX-License-Identifier: MIT
/*
 * Who is who: files that are gone from one path, and files that appeared at another.
 *
 * A file that was moved or renamed is still the same one: its id, its uid, its permissions and its
 * history follow it. What tells, in this order:
 *
 * 1. An event that named both ends of a rename.
 * 2. The file itself: a rename keeps the inode, and together with the time of its birth that number
 * is never given to another file.
 * 3. The path: another file under a known name is the known one, saved anew, unless that one turned
 * up elsewhere or this one came from elsewhere.
 * 4. The content: where exactly one file that is gone and exactly one that appeared have the same
 * bytes (and there are any), they are the same.
 *
 * In every other case none is taken: what appeared is new, with default permissions.
 */
#ifndef ENGINE_IDENTITY_H
#define ENGINE_IDENTITY_H

#include "engine/engine.h"
#include "model/file.h"

/** A known file that is not, or not surely, where it was. */
struct gone_file {
    struct file_record known;
    bool is_paired; /* it is one of those that appeared */
    bool is_taken;  /* another file has its path now */
};

#define IDENTITY_NONE SIZE_MAX

struct appeared_file {
    struct str path;
    struct fingerprint print;
    size_t was;      /* which of the gone it was before, or IDENTITY_NONE: it is new */
    size_t replaces; /* whose path it has, or IDENTITY_NONE */
};

/** A look at a path, in the order of the looks. Events come while a pass is under way, and a path
 * may be looked at again after another file took its place: what was seen last is so. */
struct path_look {
    struct str path;
    size_t appeared; /* the file that was seen, or IDENTITY_NONE: there was none */
    size_t order;
};

/** The zero value is empty. */
struct identity {
    struct arena arena;     /* owns the paths */
    struct gone_file *gone; /* after identity_pair() each known file stands here once */
    struct appeared_file *appeared;
    struct path_look *looks;
    size_t gone_count, gone_capacity, appeared_count, appeared_capacity, look_count, look_capacity;
};

void identity_finish(struct identity *identity);

/* Records and paths are copied. */

/** No file is at the path, and none is known that was there. */
enum nexus_status identity_add_missing(struct identity *identity, struct str path,
                                       struct nexus_error *err);
/** No file is at the known one's path. */
enum nexus_status identity_add_gone(struct identity *identity, const struct file_record *known,
                                    struct nexus_error *err);
/** A file is at a path that was not known. */
enum nexus_status identity_add_appeared(struct identity *identity, struct str path,
                                        const struct fingerprint *print, struct nexus_error *err);
/** Another file is at the known one's path. */
enum nexus_status identity_add_replaced(struct identity *identity, const struct file_record *known,
                                        const struct fingerprint *print, struct nexus_error *err);
/** An event told that `before` is at `path` now; `known` is the one that was there, or NULL. */
enum nexus_status identity_add_moved(struct identity *identity, const struct file_record *before,
                                     const struct file_record *known, struct str path,
                                     const struct fingerprint *print, struct nexus_error *err);

/** Decides: sets `was`, `is_paired` and `is_taken`. Reads the content of those that appeared only
 * when something with content is still unpaired on the other side. To be called once, when all is
 * added. */
enum nexus_status identity_pair(struct identity *identity, const struct engine *engine,
                                struct nexus_error *err);

/** How many are gone for good: neither paired nor replaced. */
uint64_t identity_count_lost(const struct identity *identity);
/** Whether a row has to leave its path before the new owner can have it. */
bool identity_is_anybody_in_the_way(const struct identity *identity);
/** The row of the one that it was, or NULL. */
const struct file_record *identity_was(const struct identity *identity,
                                       const struct appeared_file *file);

#endif

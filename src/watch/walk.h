// SPDX-License-Identifier: MIT
/*
 * Every entry of a folder tree, in the byte order of the paths, one at a time: so that a caller can
 * hold the tree against a sorted list of known files without having all of either in memory.
 *
 * "a.md" comes before "a/b.md" because '.' sorts before '/': a folder takes part in its parent's
 * order with a slash behind its name. Memory: the names of the folders on the way down to the
 * current entry. Symbolic links are never followed. A name that vanishes between the listing and
 * the look at it is left out, as if it had vanished before.
 */
#ifndef WATCH_WALK_H
#define WATCH_WALK_H

#include "base/file.h"
#include "watch/ignore.h"

enum walk_verdict {
    WALK_FILE,       /* a regular file that no rule leaves alone */
    WALK_SKIPPED,    /* left alone; `reason` says by which rule; a folder is not entered */
    WALK_UNREADABLE, /* a folder that cannot be listed; `reason` says why */
    WALK_MISNAMED,   /* its name is not UTF-8; `reason` says so; a folder is not entered */
};

struct walk_entry {
    enum walk_verdict verdict;
    enum entry_kind kind;
    struct str path; /* relative to the root, NUL-terminated; borrowed until the next step */
    struct fingerprint print; /* of a WALK_FILE */
    struct str reason;        /* borrowed until the next step */
};

struct walk;

/** Starts at `folder` ("" for all) below the folder behind `root_fd`; that descriptor and `ignore`
 * are borrowed. NEXUS_ERROR_NOT_FOUND when there is no such folder. */
enum nexus_status walk_open(int root_fd, const char *folder, const struct ignore *ignore,
                            struct walk **ret_walk, struct nexus_error *err);
void walk_close(struct walk *walk);

/** The next entry; `*ret_more` is false behind the last. */
enum nexus_status walk_next(struct walk *walk, struct walk_entry *entry, bool *ret_more,
                            struct nexus_error *err);

#endif

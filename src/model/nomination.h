// SPDX-License-Identifier: MIT
/*
 * "Look at this": what the watcher hands to whoever keeps files and database in step. A nomination
 * is a hint and says nothing of contents; what is true is decided by looking at the path.
 *
 * In the order in which they are handed over, each is meant in terms of the ones before. Those with
 * the same `batch` became ready together and are handed over together: when there is no more to
 * fetch for now, the batch is complete. The two ends of a rename are always in one batch, and a
 * swap of two files is two nominations that name each other. Within a batch first come moved files,
 * then other files, then folders, then what is missing: so deletes can be decided last.
 */
#ifndef MODEL_NOMINATION_H
#define MODEL_NOMINATION_H

#include "base/str.h"

enum nominated {
    NOMINATED_FILE,      /* a file is at `path`, quiet, and no writer has it open */
    NOMINATED_OPEN_FILE, /* … a writer has had it open for long: what is read is provisional */
    NOMINATED_MISSING,   /* no regular file is there any more */
    NOMINATED_FOLDER,    /* anything below `path` may have changed; "" is the whole vault */

    /* What was known below `moved_from` is below `path` now: names, not a reason to look; for that
     * a NOMINATED_FOLDER follows. A path that starts with ".nexus-displaced-" is never on the disk:
     * it keeps the place of a folder whose name another one has taken, until it is known where it
     * went. */
    NOMINATED_FOLDER_MOVED,

    NOMINATED_DATABASE,      /* somebody wrote to the database's files, perhaps this process */
    NOMINATED_OVERFLOW,      /* events were lost: look at everything */
    NOMINATED_ROOT_GONE,     /* the vault's folder is not at its path: forget nothing, wait */
    NOMINATED_ROOT_BACK,     /* it is there again */
    NOMINATED_ROOT_REPLACED, /* another folder is there: open the vault anew */
    NOMINATED_WATCH_LIMIT,   /* some folders cannot be watched; `path` is a sentence about it */
    NOMINATED_DEAF,          /* no events come any more, and the thread has ended */
    NOMINATED_FLUSHED,       /* all that had happened before a watcher_flush() was handed over */
};

struct nomination {
    enum nominated kind;
    struct str path;       /* relative to the vault's root, NUL-terminated */
    struct str moved_from; /* of a file: where it was when it was last nominated; empty: nowhere */
    uint64_t batch;
};

#endif

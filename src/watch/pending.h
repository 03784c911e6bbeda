// SPDX-License-Identifier: MIT
/*
 * When is a path's turn: what was heard of it goes in, what to do about it comes out. No I/O and no
 * clock in here: the caller brings the time, and looks at the files.
 *
 *   PENDING   waits until nothing was heard for `debounce`, at most `max_wait` from the first event
 *   SETTLING  handed out by pending_take(): the caller looks at the file and calls judge_look()
 *   BUSY      a writer has the file open: looked at again at growing intervals and at its close.
 *             After 30 s it is told of all the same, as still open, and stays BUSY
 *   HELD      the file is gone, but was renamed to a backup name that still exists: vim and emacs
 *             are about to write it anew, and a slow disk may take them seconds. Up to 10 s
 *
 * A path that leaves this machine was told of (or is an ignored name, which is only remembered to
 * follow a file through it, as Syncthing and JetBrains rename). Renames are hints, too: `origin` is
 * the path under which the file at a path was last told of. The ends of a rename, and of renames
 * that meet, become due together, so that whoever is told sees all of them.
 *
 * More than 50,000 paths at once become one: their common folder, to be looked through whole.
 */
#ifndef WATCH_PENDING_H
#define WATCH_PENDING_H

#include "base/time.h"
#include "watch/paths.h"

#define PENDING_HOLD_NS (10 * NS_PER_S) /* an editor on a slow disk: 1.4 s were seen */
#define PENDING_STEP_NS (5 * NS_PER_S)  /* at the end of one, ignored names are forgotten */
enum { PENDING_LIMIT = 50000 };

struct pending {
    struct paths paths;
    int64_t debounce_ns, max_wait_ns;
    size_t limit;              /* PENDING_LIMIT, less in tests */
    struct waiting *collapsed; /* the folder that stands for too many paths, or NULL */
    bool failed;               /* memory was out: what was heard is not complete */
};

enum heard {
    HEARD_MADE,    /* a name came to be */
    HEARD_WRITTEN, /* and not closed yet */
    HEARD_CLOSED,  /* by a writer */
    HEARD_CHANGED, /* mode, times; or somebody wants the path looked at */
    HEARD_DELETED,
    HEARD_LEFT,    /* renamed away */
    HEARD_ARRIVED, /* renamed to here */
};

/** `max_wait_ns` under `debounce_ns` counts as equal. */
void pending_init(struct pending *pending, int64_t debounce_ns, int64_t max_wait_ns);
void pending_finish(struct pending *pending);
/** Forgets all of it. */
void pending_clear(struct pending *pending);

void pending_hear(struct pending *pending, struct str path, enum heard heard, int64_t now_ns);
/** A folder is to be looked through. */
void pending_hear_folder(struct pending *pending, struct str path, int64_t now_ns);
/** An ignored name: only of interest where a file went through it. */
void pending_hear_ignored(struct pending *pending, struct str path, enum heard heard,
                          int64_t now_ns);

enum rename_flag { RENAME_FROM_IGNORED = 1, RENAME_TO_IGNORED = 2 };
/** A file's rename, both ends of it. (That something left `from` may have been heard before.) */
void pending_hear_rename(struct pending *pending, struct str from, struct str to, unsigned flags,
                         int64_t now_ns);
/** A folder's rename: what waits below it goes on waiting under its new path. */
void pending_move_folder(struct pending *pending, struct str from, struct str to);

/** A file is at a path that its file had left: the rename was one half of an exchange of two files
 * (renameat2(2)), which looks like a rename there and back. Puts both origins right. */
void pending_correct_exchange(struct pending *pending, struct waiting *waiting);

/** When pending_take() has something next; INT64_MAX: when something is heard. */
int64_t pending_due(const struct pending *pending);
/** Makes everything due that only waits for quiet. */
void pending_hurry(struct pending *pending, int64_t now_ns);
/** The next path that is due, or NULL. */
struct waiting *pending_take(struct pending *pending, int64_t now_ns);
/** One that a rename has tied to it and that is due, too, or NULL. */
struct waiting *pending_take_tied(struct pending *pending, const struct waiting *waiting,
                                  int64_t now_ns);
/** It was told of, and is of no interest until something is heard of it again. */
void pending_done(struct pending *pending, struct waiting *waiting);

#endif

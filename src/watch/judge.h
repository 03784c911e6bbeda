// SPDX-License-Identifier: MIT
/*
 * What a look at a path means: may it be told of now, or does it wait on, and how long. Pure, like
 * pending.h: the caller looked, and brings the time.
 */
#ifndef WATCH_JUDGE_H
#define WATCH_JUDGE_H

#include "base/lease.h"
#include "watch/pending.h"

#define JUDGE_OPEN_NS (30 * NS_PER_S)   /* after which an open file is told of */
#define JUDGE_PROBE_NS (50 * NS_PER_MS) /* first interval between looks at a busy file */
#define JUDGE_PROBE_MAX_NS NS_PER_S     /* … and the longest, until it was told of */

enum seen { SEEN_FILE, SEEN_NOTHING, SEEN_UNREADABLE };

/** What the caller saw at a path. SEEN_NOTHING: no regular file. */
struct look {
    enum seen seen;
    enum writer writer;       /* of a SEEN_FILE */
    struct fingerprint print; /* of a SEEN_FILE */
    bool has_backup;          /* judge_backup() names a file that exists */
};

enum judgement {
    JUDGED_WAIT,      /* not yet */
    JUDGED_QUIET,     /* tell of it, then pending_done() */
    JUDGED_GONE,      /* tell that it is gone, then pending_done() */
    JUDGED_STILL_OPEN /* tell of it, it goes on waiting */
};

/** The backup name that could hold `waiting` back if it is gone; empty: none. Borrowed. */
struct str judge_backup(const struct waiting *waiting);

/** `waiting` comes from pending_take(); with JUDGED_WAIT and JUDGED_STILL_OPEN it waits again. */
enum judgement judge_look(struct pending *pending, struct waiting *waiting, const struct look *look,
                          int64_t now_ns);

#endif

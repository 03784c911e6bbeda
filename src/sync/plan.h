// SPDX-License-Identifier: MIT
/*
 * What becomes of an object: decided from what both sides agreed on last (the base), the file and
 * the row, and from nothing else. Who changed is told by content; clocks only choose between two
 * changes of the same object.
 *
 * A pure function over a table that a person can read (plan.c). Carrying it out is for others.
 */
#ifndef SYNC_PLAN_H
#define SYNC_PLAN_H

#include "base/str.h"

#include <stdbool.h>

/** How one side of an object stands to the base. */
enum side_change {
    SIDE_ABSENT,    /* not in the base, and not here */
    SIDE_CREATED,   /* not in the base, and here */
    SIDE_UNCHANGED, /* as in the base */
    SIDE_EDITED,    /* in the base and here, and different */
    SIDE_DELETED,   /* in the base, and not here any more */
};
enum { SIDE_CHANGE_COUNT = SIDE_DELETED + 1 };

enum side { SIDE_FILE, SIDE_ROW };
enum { SIDE_COUNT = 2 };

enum plan_action {
    PLAN_NOTHING, /* both sides agree as they are */
    PLAN_AGREE,   /* both were changed to the same: a new base */
    PLAN_STORE,   /* the row takes the file's content */
    PLAN_WRITE,   /* the file takes the row's content */
    PLAN_FORGET,  /* gone from the file: the row goes, and leaves a tombstone */
    PLAN_TRASH,   /* gone from the database: the file goes to the trash, an item out of its file */
    PLAN_FILE_WINS,  /* a conflict: as PLAN_STORE, and the row's version is kept */
    PLAN_ROW_WINS,   /* a conflict: as PLAN_WRITE, and the file's version is kept */
    PLAN_MERGE,      /* both sides take what the other changed alone; see sync/merge.h */
    PLAN_IMPOSSIBLE, /* one side says that there is a base and the other that there is none */
};

struct plan_input {
    enum side_change change[SIDE_COUNT];
    bool is_same;   /* both sides hold the same content */
    bool is_merged; /* two edits are not decided between, but merged, property by property */
    int64_t changed_ns[SIDE_COUNT]; /* the file's modification time, the row's updated_at */
    int64_t now_ns;                 /* when the conflict was first seen */
    int64_t tick_ns;                /* how coarse the file's times are */
};

enum plan_action plan(const struct plan_input *input);

/** Which side of a conflict is newer: a time in the future counts as now, and times that are closer
 * than a tick are equal; then it is the file. */
enum side plan_newer(const struct plan_input *input);
/** The time that counts for a side. */
int64_t plan_counted_ns(const struct plan_input *input, enum side side);

static inline bool plan_is_conflict(enum plan_action action)
{
    return action == PLAN_FILE_WINS || action == PLAN_ROW_WINS;
}

/** The words of tests and logs: "unchanged", "write". Static. */
const char *side_change_name(enum side_change change);
const char *plan_action_name(enum plan_action action);

#endif

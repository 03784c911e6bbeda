// SPDX-License-Identifier: MIT
/*
 * Following what changes: the table `changes`, row by row, as it grows.
 *
 * Whoever remembers the number of the last change that it has seen misses nothing, across restarts
 * of itself and of everybody else. It needs no daemon: a change is told of when it is committed, by
 * whomever. A quiet vault makes no work. A feed sees everything; what an AI or a cloud may see of
 * the changes is told by a reader of theirs (nexus/permission.h).
 */
#ifndef NEXUS_FEED_H
#define NEXUS_FEED_H

#include "nexus/error.h"

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct nexus_feed;

/** One row of `changes`. Texts are borrowed until the next call; NULL where the row has NULL. */
struct nexus_change {
    int64_t seq;
    const char *at;     /* ISO 8601, UTC */
    const char *op;     /* create, update, delete, move, permission, schema, recovery */
    const char *origin; /* who caused it: file, sql, api, nexus */
    int64_t object_id;  /* 0: of no object */
    const char *uid, *path, *old_path;
};

/** Follows the vault whose root is `dir`, from the change behind number `since` on; 0: all that
 * there are, NEXUS_FEED_FROM_NOW: those that come. NEXUS_ERROR_NOT_FOUND when there is no database
 * yet. */
#define NEXUS_FEED_FROM_NOW INT64_C(-1)
NEXUS_API enum nexus_status nexus_feed_open(const char *dir, int64_t since,
                                            struct nexus_feed **ret_feed, struct nexus_error *err);
NEXUS_API void nexus_feed_close(struct nexus_feed *feed);

/** The next change; `*ret_more` is false when there is none, after waiting for one for `wait_ms`
 * (0: not at all, -1: for as long as it takes; a signal ends the wait). A database that was made
 * anew and counts from the start again is told from its start. */
NEXUS_API enum nexus_status nexus_feed_next(struct nexus_feed *feed, int wait_ms,
                                            struct nexus_change *change, bool *ret_more,
                                            struct nexus_error *err);

/** For an event loop: readable when nexus_feed_next() should be called, until there is no more. It
 * may find nothing. */
NEXUS_API int nexus_feed_fd(const struct nexus_feed *feed);

#ifdef __cplusplus
}
#endif
#endif

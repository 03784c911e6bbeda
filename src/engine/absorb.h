// SPDX-License-Identifier: MIT
/* What a digest found out becomes rows. Only inside a transaction of the store. */
#ifndef ENGINE_ABSORB_H
#define ENGINE_ABSORB_H

#include "engine/digest.h"
#include "nexus/vault.h"
#include "store/store.h"

/** Brings the rows of the digest's file in step with it; `report` counts what changed. A deleted
 *  object that comes back takes its id, uid and permissions again: in the very same file wherever
 *  that is, or at its path within 10 seconds or with the same content. */
enum nexus_status absorb_digest(struct store *store, struct digest *digest, int64_t now_ns,
                                struct nexus_sync_report *report, struct nexus_error *err);

/** Whether somebody changed rows of the file with SQL, so that both sides have to be looked at
 * together (engine/push.h). Nothing of it may be absorbed alone then, but a move: that is done. */
enum nexus_status absorb_is_contested(struct store *store, struct digest *digest,
                                      bool *ret_contested, struct nexus_sync_report *report,
                                      struct nexus_error *err);

/** What is special about an object whose row was changed with SQL. */
enum pushed_how {
    PUSHED_TOLD,   /* the file says what the row says, and the feed has it already */
    PUSHED_OUTRUN, /* the same, but the row was changed once more since: it stays */
    PUSHED_LEFT,   /* the row stays in every way: it is for the next push */
};
struct pushed {
    int64_t object_id;
    struct str key; /* `at` NULL: a whole file */
    enum pushed_how how;
};

/** The same as absorb_digest() for a file whose rows were written into it; `pushed` is ascending by
 * id. */
enum nexus_status absorb_pushed(struct store *store, struct digest *digest,
                                const struct pushed *pushed, size_t pushed_count, int64_t now_ns,
                                struct nexus_sync_report *report, struct nexus_error *err);

/** Forgets a file that is gone, with its objects. */
enum nexus_status absorb_gone(struct store *store, int64_t file_id, struct str path,
                              struct nexus_sync_report *report, struct nexus_error *err);

#endif

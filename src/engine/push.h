// SPDX-License-Identifier: MIT
/*
 * From the database to the files: whatever SQL changed is carried into the files, or taken back and
 * told. A file that was changed as well is decided by the same table (sync/plan.h).
 *
 * The brake: when more files wait at once than a person changes in one go, they are held until a
 * person says `nexus apply` or `nexus discard`.
 */
#ifndef ENGINE_PUSH_H
#define ENGINE_PUSH_H

#include "engine/engine.h"
#include "nexus/vault.h"

/** Whether a file that is not at its place is gone. */
enum push_sight {
    PUSH_HEARS_LATER, /* it may have been moved a moment ago, which is not heard of yet */
    PUSH_SAW_ALL,     /* everything was looked at since, or each move is heard of */
};

/** Carries out all that waits and all that a person asked for; `report` counts what became of it.
 * What SQL changed of a file that may have been moved waits for a moment.
 * `*ret_again_ns` is when to come again for what had to be put off (wall clock), 0 for never. With
 * an empty outbox it reads next to nothing. No transaction must be open. */
enum nexus_status push_all(struct engine *engine, enum push_sight sight,
                           struct nexus_sync_report *report, int64_t *ret_again_ns,
                           struct nexus_error *err);

/** Looks once more at what was displaced by our writes, and takes in late saves. `*ret_due_ns`
 * (monotonic) is when the next look is due; INT64_MAX: never. */
enum nexus_status push_settle_displaced(struct engine *engine, int64_t now_ns, int64_t *ret_due_ns,
                                        struct nexus_error *err);

#endif

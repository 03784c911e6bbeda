// SPDX-License-Identifier: MIT
/*
 * Changing permissions: each change is checked, written, told in the feed and recorded in the audit
 * log in one transaction that is on the disk when the call returns. None needs the vault's lock.
 * permissions.json is written after each.
 */
#ifndef ENGINE_PERMIT_H
#define ENGINE_PERMIT_H

#include "engine/engine.h"
#include "permissions/change.h"
#include "store/permissions.h"

/** Changes the permissions of all these objects, or of none. `*ret_changed`: how many were not so
 *  already. NEXUS_ERROR_NOT_FOUND when one of them is no object. */
enum nexus_status engine_permit(struct engine *engine, const int64_t *object_ids, size_t count,
                                const struct permission_change *change, size_t *ret_changed,
                                struct nexus_error *err);

/** Records what was changed with SQL since the last time, by nobody knows whom. */
enum nexus_status engine_take_permission_edits(struct engine *engine, size_t *ret_taken,
                                               struct nexus_error *err);

/** When the next sharing ends; INT64_MAX: none does. */
enum nexus_status engine_next_expiry(struct engine *engine, int64_t *ret_at_ns,
                                     struct nexus_error *err);
/** Takes back what has ended: it is not shared any more, however the clock is set. */
enum nexus_status engine_expire(struct engine *engine, size_t *ret_expired,
                                struct nexus_error *err);

/** Who changes permissions, and in which words the audit log tells it. */
struct permit_by {
    const char *actor, *action;
    enum change_origin origin;
};

/** Adds the entry of the audit log, within the transaction. `rule` says which one it was; NULL. */
enum nexus_status permit_record(struct store *store, const struct store_permission_edit *edit,
                                const struct permit_by *by, const char *rule,
                                struct nexus_error *err);
/** In a transaction: writes the row, and tells the feed and the audit log. */
enum nexus_status permit_write(struct store *store, const struct store_permission *before,
                               const struct permission *after, const struct permit_by *by,
                               struct nexus_error *err);
/** After the commit: what others read of it. The change itself is done, and stays done when this
 * fails. */
enum nexus_status permit_tell(struct engine *engine, struct store *store, struct nexus_error *err);

/** The latest time that was ever seen: what ends before it has ended. 0: none was; INT64_MAX: what
 *  is kept of it cannot be read. */
enum nexus_status engine_clock(struct engine *engine, int64_t *ret_latest_ns,
                               struct nexus_error *err);
/** The clock was wrong whenever it was later than it is now. Recorded in the audit log. */
enum nexus_status engine_trust_clock(struct engine *engine, bool *ret_changed,
                                     struct nexus_error *err);

#endif

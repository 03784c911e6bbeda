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

/** Forgets a file that is gone, with its objects. */
enum nexus_status absorb_gone(struct store *store, int64_t file_id, struct str path,
                              struct nexus_sync_report *report, struct nexus_error *err);

#endif

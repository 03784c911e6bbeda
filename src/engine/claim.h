// SPDX-License-Identifier: MIT
/* Paths that rows ask for with SQL and that are somebody else's. Only inside a transaction. */
#ifndef ENGINE_CLAIM_H
#define ENGINE_CLAIM_H

#include "nexus/vault.h"
#include "store/outbox.h"

/** A row that asks with SQL for the path of an object that a file holds: the file was there first,
 * and the row is taken back and told. Not a row of the file `file_id`. */
enum nexus_status claim_path(struct store *store, struct str path, int64_t file_id,
                             struct nexus_sync_report *report, struct nexus_error *err);

/** store_outbox_take_back(); who asks for the path that it goes back to is taken back before. What
 * was deleted stays deleted if its path is another object's by now. */
enum nexus_status claim_back(struct store *store, const struct outbox_entry *entry, bool *ret_taken,
                             struct nexus_sync_report *report, struct nexus_error *err);

#endif

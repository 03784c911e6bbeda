// SPDX-License-Identifier: MIT
/* A file that is gone, while another one has its path by now. */
#ifndef ENGINE_DETACH_H
#define ENGINE_DETACH_H

#include "nexus/vault.h"
#include "store/store.h"

/** Forgets the file. Objects of it whose rows were changed with SQL stay: an edit outweighs a
 * delete, and they get a file of their own with the next push. Only inside a transaction. */
enum nexus_status detach_file(struct store *store, int64_t file_id, struct str path,
                              struct nexus_sync_report *report, struct nexus_error *err);

#endif

// SPDX-License-Identifier: MIT
/* Undo requests are carried out some at a time: whoever takes back ten thousand writes asks ten
 * thousand times in one go. */
#ifndef ENGINE_UNDO_H
#define ENGINE_UNDO_H

#include "engine/rewrite.h"
#include "store/writes.h"

/** Carries out `first`, an undo request, and those behind it, as long as each is of another file;
 * answers them. `*ret_last` is the id of the last one. No transaction must be open. */
enum nexus_status undo_requests(struct engine *engine, const struct store_request *first,
                                int64_t batch, struct nexus_sync_report *report, int64_t *ret_last,
                                struct nexus_error *err);

#endif

// SPDX-License-Identifier: MIT
/*
 * What a person asked for by a command: `apply` and `discard` of what the brake holds, `undo`,
 * `resolve`. The command writes a row, whoever keeps the vault in step carries it out here, and the
 * answer stands in the row.
 */
#ifndef ENGINE_REQUESTS_H
#define ENGINE_REQUESTS_H

#include "engine/engine.h"
#include "nexus/vault.h"

/** `*ret_any` tells whether there was any, so that the outbox is worth another look. No transaction
 * must be open. */
enum nexus_status requests_carry_out(struct engine *engine, struct nexus_sync_report *report,
                                     bool *ret_any, struct nexus_error *err);

#endif

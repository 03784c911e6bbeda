// SPDX-License-Identifier: MIT
/* One pass over the vault. */
#ifndef ENGINE_SYNC_H
#define ENGINE_SYNC_H

#include "engine/engine.h"
#include "nexus/vault.h"

/** As nexus_sync(). */
enum nexus_status engine_sync(struct engine *engine, unsigned options, nexus_progress *progress,
                              void *context, struct nexus_sync_report *report,
                              struct nexus_error *err);

/** As nexus_restore() and nexus_rebuild(). */
enum nexus_status engine_restore(struct engine *engine, const char *backup,
                                 struct nexus_sync_report *report, struct nexus_error *err);
enum nexus_status engine_rebuild(struct engine *engine, struct nexus_sync_report *report,
                                 struct nexus_error *err);

/** As nexus_list_skipped(). */
enum nexus_status engine_list_skipped(struct engine *engine, nexus_skipped *skipped, void *context,
                                      struct nexus_error *err);

#endif

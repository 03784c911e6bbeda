// SPDX-License-Identifier: MIT
/* A followed vault: the watcher's nominations go through the same reconcile as a walk. */
#ifndef ENGINE_LIVE_H
#define ENGINE_LIVE_H

#include "engine/engine.h"
#include "nexus/live.h"

struct live;

/* As their namesakes in nexus/live.h. */
enum nexus_status live_open(struct engine *engine, nexus_progress *progress, void *progress_context,
                            nexus_live_listener *listener, void *listener_context,
                            struct live **ret_live, struct nexus_error *err);
void live_close(struct live *live);
int live_fd(const struct live *live);
enum nexus_status live_step(struct live *live, struct nexus_error *err);
enum nexus_status live_sync(struct live *live, unsigned options, struct nexus_sync_report *report,
                            struct nexus_error *err);
enum nexus_status live_check(struct live *live, struct nexus_error *err);
int live_check_seconds(const struct live *live);
enum nexus_status live_reload(struct live *live, struct nexus_error *err);
uint64_t live_flush(struct live *live);
void live_status(struct live *live, struct nexus_live_status *status);

#endif

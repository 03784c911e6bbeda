// SPDX-License-Identifier: MIT
/* What engine/live.c and engine/live_database.c share; nothing else includes it. */
#ifndef ENGINE_LIVE_STATE_H
#define ENGINE_LIVE_STATE_H

#include "engine/alarm.h"
#include "engine/live.h"
#include "engine/reconcile.h"
#include "engine/rules.h"
#include "watch/watcher.h"

struct live {
    struct engine *engine;
    struct watcher *watcher;
    nexus_live_listener *listener;
    void *listener_context;
    bool is_locked;
    bool is_paused;
    bool is_stale; /* a nomination could not be taken in: look at everything with the next */
    bool are_rules_changed;
    struct hash rules; /* as they were when they were last read */
    int64_t walked_at_ns;
    uint64_t held, held_writes;
    uint64_t flushes_before, last_flush; /* numbers go on when the watcher is opened anew */
    struct alarms alarms;
    int64_t foreign_pause_ns; /* before the next look at another's commit */
    bool is_database_lost;    /* it was moved away: open the one that is there */
    bool is_database_touched; /* somebody wrote to its files, perhaps this process */
    int64_t tended_rows;      /* what store_written_rows() said when it was last tended */

    /* Of the step at hand: */
    struct reconcile reconcile;
    bool is_open; /* `reconcile` has been started */
};

/* live.c */

void live_tell(const struct live *live, struct nexus_live_news news);

/* live_database.c */

/** There is something to tend when something was written. */
void live_plan_tending(struct live *live);
/** A piece of it. */
enum nexus_status live_tend(struct live *live, struct nexus_error *err);
/** When to come again for what could not be written (`again_ns`, wall clock, 0: never), and for
 * what was displaced. */
enum nexus_status live_plan_pushing(struct live *live, int64_t again_ns, struct nexus_error *err);
/** Rows of `schemas` that somebody wrote are taken in as files of `.nexus/schemas/` are. */
enum nexus_status live_look_at_schemas(struct live *live, struct nexus_error *err);
/** Records permissions that SQL changed, ends what has ended, and waits for what will. */
enum nexus_status live_settle_permissions(struct live *live, struct nexus_error *err);
/** Tells of what was done to bring the database back. */
void live_tell_recovery(struct live *live);
/** After something was taken in: what is kept beside the database is brought up to it in a while.
 */
void live_plan_keeping(struct live *live);
/** Does what of it is due: permissions.json, the watermark, a backup. */
enum nexus_status live_keep(struct live *live, struct nexus_error *err);
/** Whether another process has changed something, so that it has to be carried into the files; also
 * whether the database still is what and where it was: `is_database_lost` tells. */
enum nexus_status live_look_at_database(struct live *live, bool *ret_changed,
                                        struct nexus_error *err);

#endif

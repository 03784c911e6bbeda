// SPDX-License-Identifier: MIT
/* What engine/live.c, live_database.c and live_watch.c share; nothing else includes it. */
#ifndef ENGINE_LIVE_STATE_H
#define ENGINE_LIVE_STATE_H

#include "engine/alarm.h"
#include "engine/live.h"
#include "engine/reconcile.h"
#include "engine/rules.h"
#include "watch/watcher.h"

enum check_phase {
    CHECK_NONE,
    CHECK_ASKED,           /* until all that was told of is taken in: then everything is walked */
    CHECK_LISTENING,       /* until all that happened before the end of the walk was told of */
    CHECK_PAUSING,         /* something is not quiet yet: let it become so */
    CHECK_LISTENING_AGAIN, /* and that was that */
};

/** Whether the watcher lives, and hears; see live_watch.c. */
struct check {
    enum check_phase phase;
    uint64_t flush; /* ends the phase; numbered as `last_flush` */
    struct strbuf
        unheard; /* paths that the walk found changed and that nobody told of, with NULs */
};

struct live {
    struct engine *engine;
    struct watcher *watcher; /* NULL: it could not be opened again yet */
    bool is_stuck;           /* its thread does not answer, so it cannot be closed either */
    uint64_t restarts;       /* how often it was opened again because something was wrong with it */
    struct check check;
    nexus_progress *progress; /* may be NULL */
    void *progress_context;
    nexus_live_listener *listener;
    void *listener_context;
    bool is_locked;
    bool is_paused;
    bool is_stale; /* a nomination could not be taken in: look at everything with the next */
    bool are_rules_changed;
    struct hash rules; /* as they were when they were last read */
    int64_t walked_at_ns;
    uint64_t held, held_writes;
    uint64_t owed_flush; /* could not be answered yet: the next look at everything does; 0: none */
    uint64_t flushes_before, last_flush; /* numbers go on when the watcher is opened anew */
    uint64_t push_flush; /* with it what waits is pushed again; 0: none was asked for */
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
/** Looks at all files. */
enum nexus_status live_walk(struct live *live, unsigned options, struct nexus_sync_report *report,
                            struct nexus_error *err);
/** At permissions, schemas and rules, too. */
enum nexus_status live_look_at_all(struct live *live, unsigned options,
                                   struct nexus_sync_report *report, struct nexus_error *err);

/* live_watch.c */

enum nexus_status live_open_watcher(struct live *live, struct nexus_error *err);
/** After which a walk has to follow, or whoever waits for a flush waits for ever. Twice does no
 * harm. */
void live_close_watcher(struct live *live);
/** Where there is no watcher: opens one and looks at everything. */
enum nexus_status live_watch_again(struct live *live, struct nexus_error *err);
/** Starts the watcher afresh, since it does not do what it should: `why`, as a sentence. */
enum nexus_status live_restart_watcher(struct live *live, const char *why, struct nexus_error *err);
/** A path was told of, which a walk may have found before. */
void live_check_heard(struct live *live, struct str path);
/** A flush is done: the check goes on. */
enum nexus_status live_check_flushed(struct live *live, uint64_t flush, struct nexus_error *err);
/** The check has waited long. */
enum nexus_status live_check_late(struct live *live, struct nexus_error *err);

/* live_database.c */

/** There is something to tend when something was written. */
void live_plan_tending(struct live *live);
/** A piece of it. */
enum nexus_status live_tend(struct live *live, struct nexus_error *err);
/** With that flush each move is heard of that was made before it was time to push again. */
bool live_may_push_again(struct live *live, uint64_t flush);
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

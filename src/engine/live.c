// SPDX-License-Identifier: MIT
/*
 * The watcher is opened before the first walk, so what happens during the walk is nominated, and
 * looked at again.
 *
 * A step drains the queue: all files and folders that are nominated go through one reconcile, so
 * that the two ends of a rename meet in it. News about the watching itself (overflow, the folder
 * gone or back) ends the reconcile at hand and is dealt with in its order. While the vault's folder
 * is away nothing is looked at: an empty place and a deleted vault look the same.
 *
 * A step that failed is tried again later, and ever later: no disk is full for ever.
 */
#include "engine/live_state.h"

#include "base/time.h"
#include "engine/crash.h"
#include "engine/defaults.h"
#include "engine/lock.h"
#include "engine/permissions_file.h"
#include "engine/recovery.h"
#include "engine/relocate.h"
#include "engine/upkeep.h"
#include "engine/vault.h"
#include "store/files.h"

#include <stdlib.h>

#define RETRY_DELAY_NS NS_PER_S /* before a step that failed is tried again */

void live_tell(const struct live *live, struct nexus_live_news news)
{
    if (live->listener)
        live->listener(live->listener_context, &news);
}

static enum nexus_status begin(struct live *live, unsigned options, struct nexus_error *err)
{
    if (live->is_open)
        return NEXUS_OK;
    TRY(reconcile_init(&live->reconcile, live->engine, options, err));
    live->reconcile.progress = live->progress;
    live->reconcile.progress_context = live->progress_context;
    batch_set_reading(live->reconcile.batch, DIGEST_READ_QUIET);
    live->is_open = true;
    return NEXUS_OK;
}

static bool is_news(const struct live *live, const struct nexus_sync_report *report)
{
    return report->waiting || report->held_writes != live->held_writes || report->objects_created ||
           report->objects_updated || report->objects_deleted || report->read || report->written ||
           report->refused || report->conflicts;
}

/** Files that turned out to have an open writer wait until they are quiet again. */
static enum nexus_status give_back_busy(struct live *live, struct nexus_error *err)
{
    size_t count;
    const struct str *paths = batch_busy(live->reconcile.batch, &count);
    for (size_t i = 0; i < count; i++)
        TRY(watcher_nominate(live->watcher, paths[i], err));
    return NEXUS_OK;
}

/** Writes what the step found out so far, and tells of it. */
static enum nexus_status settle(struct live *live, struct nexus_sync_report *report,
                                struct nexus_error *err)
{
    if (!live->is_open)
        return NEXUS_OK;
    live->is_open = false;
    enum nexus_status status = reconcile_settle(&live->reconcile, err);
    /* At first it has to be known what was decided: live_settle_permissions() does it then. */
    if (status == NEXUS_OK && !(live->reconcile.options & RECONCILE_FIRST))
        status = defaults_apply(live->engine, err);
    if (status == NEXUS_OK)
        status = lock_settle(live->engine, live->engine->store, err);
    if (status == NEXUS_OK)
        status = give_back_busy(live, err);
    if (status == NEXUS_OK)
        status = live_plan_pushing(live, live->reconcile.push_again_ns, err);
    struct nexus_sync_report found = live->reconcile.report;
    reconcile_finish(&live->reconcile);
    live_plan_tending(live);
    if (status != NEXUS_OK) {
        live->is_stale = true;
        return status;
    }
    if (found.held)
        live_tell(live, (struct nexus_live_news){.event = NEXUS_LIVE_HELD, .report = &found});
    live->held = found.held;
    bool is_told = is_news(live, &found);
    live->held_writes = found.held_writes;
    if (is_told) {
        live_plan_keeping(live);
        live_tell(live, (struct nexus_live_news){.event = NEXUS_LIVE_SYNCED, .report = &found});
    }
    if (report)
        *report = found;
    return NEXUS_OK;
}

/** What was changed in a database before this one is carried into the files. */
static enum nexus_status carry_over(struct live *live, struct nexus_error *err)
{
    uint64_t taken;
    TRY(recovery_settle(live->engine, &taken, err));
    live_tell_recovery(live);
    if (!taken)
        return NEXUS_OK;
    TRY(begin(live, 0, err));
    return settle(live, NULL, err);
}

enum nexus_status live_walk(struct live *live, unsigned options, struct nexus_sync_report *report,
                            struct nexus_error *err)
{
    int64_t started_ns = live->engine->now_ns(), begun_ns = time_monotonic_ns();
    TRY(begin(live, options, err));
    enum nexus_status status = reconcile_folder(&live->reconcile, STR(""), err);
    if (status != NEXUS_OK) {
        live->is_open = false;
        live->is_stale = true;
        reconcile_finish(&live->reconcile);
        return status;
    }
    TRY(settle(live, report, err));
    if (report)
        report->duration_ns = time_monotonic_ns() - begun_ns;
    if (options & RECONCILE_FIRST)
        TRY(recovery_finish_first(live->engine, err));
    live->is_stale = false;
    live->walked_at_ns = started_ns;
    uint64_t owed_flush = live->owed_flush;
    live->owed_flush = 0;
    if (owed_flush)
        live_tell(live, (struct nexus_live_news){.event = NEXUS_LIVE_FLUSHED, .flush = owed_flush});
    return carry_over(live, err);
}

static enum nexus_status look_at(struct live *live, const struct nomination *nomination,
                                 struct nexus_error *err)
{
    if (str_is(nomination->path, PERMISSIONS_FILE_PATH))
        return live_settle_permissions(live, err);
    if (rules_have(nomination->path)) {
        struct hash rules = rules_print(live->engine);
        live->are_rules_changed |= !hash_equal(rules, live->rules);
        return NEXUS_OK;
    }
    TRY(begin(live, 0, err));
    if (nomination->kind == NOMINATED_FOLDER)
        return reconcile_folder(&live->reconcile, nomination->path, err);
    batch_set_reading(live->reconcile.batch, nomination->kind == NOMINATED_OPEN_FILE
                                                 ? DIGEST_READ_ANYHOW
                                                 : DIGEST_READ_QUIET);
    return reconcile_path(&live->reconcile, nomination->path, nomination->moved_from, err);
}

static enum nexus_status set_paused(struct live *live, bool is_paused, struct nexus_error *err)
{
    TRY(settle(live, NULL, err));
    if (live->is_paused == is_paused)
        return NEXUS_OK;
    live->is_paused = is_paused;
    live_tell(live, (struct nexus_live_news){.event = is_paused ? NEXUS_LIVE_PAUSED
                                                                : NEXUS_LIVE_RESUMED});
    return is_paused ? NEXUS_OK : live_walk(live, 0, NULL, err);
}

static enum nexus_status look_again(struct live *live, struct nexus_error *err)
{
    TRY(settle(live, NULL, err));
    live_tell(live, (struct nexus_live_news){.event = NEXUS_LIVE_OVERFLOW});
    return live->is_paused ? NEXUS_OK : live_walk(live, 0, NULL, err);
}

/** The database that is at its place now, or a new one; the files say what is true. */
static enum nexus_status open_database_again(struct live *live, struct nexus_error *err)
{
    bool is_first;
    if (live->is_open)
        reconcile_finish(&live->reconcile);
    live->is_open = false;
    recovery_close(live->engine);
    /* Lost it stays until there is a whole one: somebody may put another in its place meanwhile. */
    TRY(engine_ready(live->engine, &is_first, err));
    if (!is_first) {
        TRY(upkeep_check(live->engine, NULL, err));
        TRY(crash_mend(live->engine, err));
    }
    TRY(live_walk(live, is_first ? RECONCILE_FIRST : 0U, NULL, err));
    live->is_database_lost = false;
    return live_settle_permissions(live, err);
}

static enum nexus_status take_flushed(struct live *live, uint64_t batch, struct nexus_error *err)
{
    uint64_t flush = live->flushes_before + batch;
    live->owed_flush = flush;
    if (live_may_push_again(live, flush)) {
        TRY(begin(live, 0, err));
        live->reconcile.sight = PUSH_SAW_ALL;
    }
    TRY(settle(live, NULL, err));
    live->owed_flush = 0;
    live_tell(live, (struct nexus_live_news){.event = NEXUS_LIVE_FLUSHED, .flush = flush});
    return live_check_flushed(live, flush, err);
}

static enum nexus_status take(struct live *live, const struct nomination *nomination,
                              struct nexus_error *err)
{
    switch (nomination->kind) {
    case NOMINATED_FILE:
    case NOMINATED_OPEN_FILE:
    case NOMINATED_MISSING:
    case NOMINATED_FOLDER:
        live_check_heard(live, nomination->path);
        return live->is_paused ? NEXUS_OK : look_at(live, nomination, err);
    case NOMINATED_FOLDER_MOVED:
        live_check_heard(live, nomination->path);
        TRY(settle(live, NULL, err));
        TRY(relocate_folder(live->engine, nomination->moved_from, nomination->path, err));
        TRY(begin(live, 0, err));
        return reconcile_moved(&live->reconcile, nomination->moved_from, nomination->path, err);
    case NOMINATED_DATABASE: live->is_database_touched = true; return NEXUS_OK;
    case NOMINATED_OVERFLOW: live_check_heard(live, STR("")); return look_again(live, err);
    case NOMINATED_DEAF:
        return live_restart_watcher(live, "the events of the vault's folders came to an end", err);
    case NOMINATED_ROOT_GONE:
    case NOMINATED_ROOT_REPLACED: return set_paused(live, true, err);
    case NOMINATED_ROOT_BACK: return set_paused(live, false, err);
    case NOMINATED_WATCH_LIMIT:
        live_tell(live, (struct nexus_live_news){.event = NEXUS_LIVE_WATCH_LIMIT,
                                                 .text = nomination->path.at});
        return NEXUS_OK;
    case NOMINATED_FLUSHED: return take_flushed(live, nomination->batch, err);
    }
    return NEXUS_OK;
}

static enum nexus_status take_all(struct live *live, struct nexus_error *err)
{
    struct nomination nomination;
    bool has_changed = false;
    enum nexus_status status = NEXUS_OK;
    while (status == NEXUS_OK && watcher_next(live->watcher, &nomination))
        status = take(live, &nomination, err);
    if (status == NEXUS_OK && live->is_database_touched && !live->is_paused)
        status = live_look_at_database(live, &has_changed, err);
    if (status == NEXUS_OK && has_changed)
        status = begin(live, 0, err);
    if (status == NEXUS_OK && !live->is_database_lost)
        status = settle(live, NULL, err);
    if (status != NEXUS_OK) {
        live->is_stale = true;
        if (live->is_open)
            reconcile_finish(&live->reconcile);
        live->is_open = false;
        return status;
    }
    if (live->is_database_lost)
        return open_database_again(live, err);
    if (live->are_rules_changed && !live->is_paused)
        return live_reload(live, err);
    if (live->is_stale && !live->is_paused)
        return live_walk(live, 0, NULL, err);
    return NEXUS_OK;
}

static enum nexus_status step(struct live *live, struct nexus_error *err)
{
    bool is_time_to_tend = alarms_take(&live->alarms, ALARM_TEND);
    live->is_database_touched |= alarms_take(&live->alarms, ALARM_DATABASE);
    bool is_time_to_push = alarms_take(&live->alarms, ALARM_PUSH);
    bool is_time_to_settle = alarms_take(&live->alarms, ALARM_DISPLACED);
    alarms_take(&live->alarms, ALARM_RETRY);
    bool is_late = alarms_take(&live->alarms, ALARM_CHECK);
    enum nexus_status status = NEXUS_OK;
    if (live->is_database_lost)
        status = open_database_again(live, err);
    if (status == NEXUS_OK && is_late)
        status = live_check_late(live, err);
    if (status == NEXUS_OK && !live->watcher)
        status = live_watch_again(live, err);
    if (status == NEXUS_OK && alarms_take(&live->alarms, ALARM_EXPIRY) && !live->is_database_lost)
        status = live_settle_permissions(live, err);
    if (status == NEXUS_OK && is_time_to_settle && !live->is_paused)
        status = begin(live, 0, err);
    if (is_time_to_push && !live->is_paused)
        live->push_flush = live_flush(live);
    if (status == NEXUS_OK)
        status = take_all(live, err);
    if (status != NEXUS_OK)
        return status;
    if (!live->is_paused && !live->is_database_lost)
        TRY(live_keep(live, err));
    return is_time_to_tend && !live->is_paused ? live_tend(live, err) : NEXUS_OK;
}

enum nexus_status live_look_at_all(struct live *live, unsigned options,
                                   struct nexus_sync_report *report, struct nexus_error *err)
{
    TRY(live_settle_permissions(live, err));
    TRY(live_look_at_schemas(live, err));
    if (live->are_rules_changed)
        TRY(live_reload(live, err));
    TRY(upkeep_expire(live->engine, err));
    return live_walk(live, options, report, err);
}

/** SQLite has met damage: the database is opened again, or another, with the next look. */
static void doubt(struct live *live)
{
    if (live->is_open)
        reconcile_finish(&live->reconcile);
    live->is_open = false;
    recovery_doubt(live->engine);
    live->is_database_lost = true;
}

enum nexus_status live_step(struct live *live, struct nexus_error *err)
{
    enum nexus_status status = step(live, err);
    for (int doubts = 0; status == NEXUS_ERROR_DAMAGED && doubts < 2; doubts++) {
        doubt(live);
        status = step(live, err);
    }
    if (status != NEXUS_OK)
        alarms_put_off(&live->alarms, ALARM_RETRY, RETRY_DELAY_NS);
    else
        alarms_succeed(&live->alarms, ALARM_RETRY);
    return status;
}

enum nexus_status live_sync(struct live *live, unsigned options, struct nexus_sync_report *report,
                            struct nexus_error *err)
{
    TRY(live_step(live, err));
    if (live->is_paused)
        return fail(err, NEXUS_ERROR_REFUSED,
                    "paused: the vault's folder is not where it was; it goes on when it is back");
    return live_look_at_all(live, options & NEXUS_SYNC_FORGET ? RECONCILE_FORGET : 0U, report, err);
}

/* The watcher goes by the old rules, so there is a new one; the walk sees what neither saw. */
enum nexus_status live_reload(struct live *live, struct nexus_error *err)
{
    bool is_first;
    live->are_rules_changed = false;
    live->rules = rules_print(live->engine);
    live_close_watcher(live);
    enum nexus_status status = engine_reload(live->engine, err);
    TRY(live_open_watcher(live, status == NEXUS_OK ? err : NULL));
    TRY(status);
    TRY(engine_ready(live->engine, &is_first, err));
    TRY(live_walk(live, 0, NULL, err));
    live_tell(live,
              (struct nexus_live_news){.event = NEXUS_LIVE_FLUSHED, .flush = live->last_flush});
    return NEXUS_OK;
}

/** The first look at everything. */
static enum nexus_status take_in_all(struct live *live, struct nexus_error *err)
{
    bool is_first;
    TRY(engine_ready(live->engine, &is_first, err));
    if (!is_first) {
        TRY(upkeep_check(live->engine, NULL, err));
        TRY(crash_mend(live->engine, err));
        TRY(upkeep_expire(live->engine, err));
    }
    TRY(live_walk(live, is_first ? RECONCILE_FIRST : 0U, NULL, err));
    TRY(live_settle_permissions(live, err));
    live_plan_keeping(live);
    alarms_set(&live->alarms, ALARM_BACKUP, 0);
    return NEXUS_OK;
}

static enum nexus_status start(struct live *live, struct nexus_error *err)
{
    live->rules = rules_print(live->engine);
    TRY(engine_lock(live->engine, err));
    live->is_locked = true;
    TRY(alarms_open(&live->alarms, err));
    TRY(live_open_watcher(live, err));
    enum nexus_status status = take_in_all(live, err);
    for (int doubts = 0; status == NEXUS_ERROR_DAMAGED && doubts < 2; doubts++) {
        doubt(live);
        live->is_database_lost = false;
        status = take_in_all(live, err);
    }
    if (status == NEXUS_OK && !hash_equal(rules_print(live->engine), live->rules))
        status = live_reload(live, err); /* they changed before they were watched */
    return status;
}

enum nexus_status live_open(struct engine *engine, nexus_progress *progress, void *progress_context,
                            nexus_live_listener *listener, void *listener_context,
                            struct live **ret_live, struct nexus_error *err)
{
    struct live *live = calloc(1, sizeof *live);
    if (!live)
        return fail_no_memory(err);
    live->engine = engine;
    live->alarms.fd = live->alarms.timer_fd = -1;
    live->progress = progress;
    live->progress_context = progress_context;
    live->listener = listener;
    live->listener_context = listener_context;
    enum nexus_status status = start(live, err);
    if (status != NEXUS_OK) {
        live_close(live);
        return status;
    }
    *ret_live = live;
    return NEXUS_OK;
}

void live_close(struct live *live)
{
    if (!live)
        return;
    live_close_watcher(live);
    if (live->is_locked && !live->is_paused)
        (void)crash_rest(live->engine, NULL); /* else the next start does it */
    alarms_close(&live->alarms);
    if (live->is_locked)
        vault_unlock(live->engine->nexus_fd);
    free(live);
}

int live_fd(const struct live *live)
{
    return live->alarms.fd;
}

int live_check_seconds(const struct live *live)
{
    return (int)live->engine->settings.walk_seconds;
}

uint64_t live_flush(struct live *live)
{
    if (!live->watcher) /* the walk that follows the next opening answers it */
        return ++live->last_flush;
    return live->last_flush = live->flushes_before + watcher_flush(live->watcher);
}

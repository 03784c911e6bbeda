// SPDX-License-Identifier: MIT
/*
 * The watcher is opened before the first walk, so what happens during the walk is nominated, and
 * looked at again.
 *
 * A step drains the queue: all files and folders that are nominated go through one reconcile, so
 * that the two ends of a rename meet in it. News about the watching itself (overflow, the folder
 * gone or back) ends the reconcile at hand and is dealt with in its order. While the vault's folder
 * is away nothing is looked at: an empty place and a deleted vault look the same.
 */
#include "engine/live.h"

#include "base/time.h"
#include "engine/reconcile.h"
#include "engine/vault.h"
#include "store/files.h"
#include "watch/watcher.h"

#include <stdlib.h>

/* What counts although its name is hidden: a change there changes how the vault is read. */
static const char *const also_watched[] = {".nexus/schemas/", ".nexus/config.json", ".nexusignore",
                                           NULL};

struct live {
    struct engine *engine;
    struct watcher *watcher;
    nexus_live_listener *listener;
    void *listener_context;
    bool is_locked;
    bool is_paused;
    bool is_stale; /* a nomination could not be taken in: look at everything with the next */
    bool are_rules_changed;
    int64_t walked_at_ns;
    uint64_t held;
    uint64_t flushes_before, last_flush; /* numbers go on when the watcher is opened anew */

    /* Of the step at hand: */
    struct reconcile reconcile;
    bool is_open; /* `reconcile` has been started */
};

static void tell(const struct live *live, struct nexus_live_news news)
{
    if (live->listener)
        live->listener(live->listener_context, &news);
}

static enum nexus_status begin(struct live *live, unsigned options, struct nexus_error *err)
{
    if (live->is_open)
        return NEXUS_OK;
    TRY(reconcile_init(&live->reconcile, live->engine, options, err));
    batch_set_reading(live->reconcile.batch, DIGEST_READ_QUIET);
    live->is_open = true;
    return NEXUS_OK;
}

static bool is_news(const struct nexus_sync_report *report)
{
    return report->objects_created || report->objects_updated || report->objects_deleted ||
           report->read;
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
    if (status == NEXUS_OK)
        status = give_back_busy(live, err);
    struct nexus_sync_report found = live->reconcile.report;
    reconcile_finish(&live->reconcile);
    if (status != NEXUS_OK) {
        live->is_stale = true;
        return status;
    }
    if (found.held)
        tell(live, (struct nexus_live_news){.event = NEXUS_LIVE_HELD, .report = &found});
    live->held = found.held;
    if (is_news(&found))
        tell(live, (struct nexus_live_news){.event = NEXUS_LIVE_SYNCED, .report = &found});
    if (report)
        *report = found;
    return NEXUS_OK;
}

static enum nexus_status walk_all(struct live *live, unsigned options, nexus_progress *progress,
                                  void *context, struct nexus_sync_report *report,
                                  struct nexus_error *err)
{
    int64_t started_ns = live->engine->now_ns(), begun_ns = time_monotonic_ns();
    TRY(begin(live, options, err));
    live->reconcile.progress = progress;
    live->reconcile.progress_context = context;
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
        TRY(store_finish_bulk(live->engine->store, err));
    live->is_stale = false;
    live->walked_at_ns = started_ns;
    return NEXUS_OK;
}

/** Moves the row. Where another schema claims the new path, or no schema does any more, what was
 * found out about the file does not hold: the next look reads it again. */
static enum nexus_status move_row(struct live *live, const struct file_record *file, struct str to,
                                  struct nexus_error *err)
{
    const struct registry *registry = &live->engine->registry;
    const struct registered *rival;
    TRY(store_file_move(live->engine->store, file->id, file->path, to, ORIGIN_FILE, err));
    if (registry_claim(registry, file->path, &rival) == registry_claim(registry, to, &rival))
        return NEXUS_OK;
    struct file_record moved = *file;
    moved.path = to;
    moved.is_indexed = false;
    return store_file_put(live->engine->store, &moved, NULL, err);
}

/** What was known below one folder is below another now. */
static enum nexus_status move_folder(struct live *live, struct str from, struct str to,
                                     struct nexus_error *err)
{
    struct store *store = live->engine->store;
    struct store_files *files = NULL;
    const struct file_record *file = NULL;
    STRBUF_SCOPED path = {0};
    TRY(store_begin(store, live->engine->now_ns(), err));
    enum nexus_status status = store_files_open(store, from, &files, err);
    while (status == NEXUS_OK && (status = store_files_next(files, &file, err)) == NEXUS_OK &&
           file) {
        strbuf_reset(&path);
        strbuf_add(&path, to);
        strbuf_add(&path, str_slice(file->path, from.length, file->path.length));
        status = path.failed ? fail_no_memory(err) : move_row(live, file, strbuf_str(&path), err);
        if (status == NEXUS_ERROR_EXISTS)
            status = NEXUS_OK; /* a file of that name was taken in before: the folder's own look
                                  decides */
    }
    store_files_close(files);
    if (status == NEXUS_OK)
        status = store_commit(store, err);
    if (status != NEXUS_OK)
        store_rollback(store);
    return status;
}

static bool is_rule(struct str path)
{
    return str_starts_with(path, STR(".nexus/")) || str_is(path, ".nexusignore");
}

static enum nexus_status look_at(struct live *live, const struct nomination *nomination,
                                 struct nexus_error *err)
{
    if (is_rule(nomination->path)) {
        live->are_rules_changed = true;
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
    tell(live,
         (struct nexus_live_news){.event = is_paused ? NEXUS_LIVE_PAUSED : NEXUS_LIVE_RESUMED});
    return is_paused ? NEXUS_OK : walk_all(live, 0, NULL, NULL, NULL, err);
}

static enum nexus_status look_again(struct live *live, struct nexus_error *err)
{
    TRY(settle(live, NULL, err));
    tell(live, (struct nexus_live_news){.event = NEXUS_LIVE_OVERFLOW});
    return live->is_paused ? NEXUS_OK : walk_all(live, 0, NULL, NULL, NULL, err);
}

static enum nexus_status take(struct live *live, const struct nomination *nomination,
                              struct nexus_error *err)
{
    switch (nomination->kind) {
    case NOMINATED_FILE:
    case NOMINATED_OPEN_FILE:
    case NOMINATED_MISSING:
    case NOMINATED_FOLDER: return live->is_paused ? NEXUS_OK : look_at(live, nomination, err);
    case NOMINATED_FOLDER_MOVED:
        TRY(settle(live, NULL, err));
        TRY(move_folder(live, nomination->moved_from, nomination->path, err));
        TRY(begin(live, 0, err));
        return reconcile_folder(&live->reconcile, nomination->path, err);
    case NOMINATED_DATABASE: return NEXUS_OK; /* not asked for */
    case NOMINATED_OVERFLOW: return look_again(live, err);
    case NOMINATED_ROOT_GONE:
    case NOMINATED_ROOT_REPLACED: return set_paused(live, true, err);
    case NOMINATED_ROOT_BACK: return set_paused(live, false, err);
    case NOMINATED_WATCH_LIMIT:
        tell(live, (struct nexus_live_news){.event = NEXUS_LIVE_WATCH_LIMIT,
                                            .text = nomination->path.at});
        return NEXUS_OK;
    case NOMINATED_FLUSHED:
        TRY(settle(live, NULL, err));
        tell(live, (struct nexus_live_news){.event = NEXUS_LIVE_FLUSHED,
                                            .flush = live->flushes_before + nomination->batch});
        return NEXUS_OK;
    }
    return NEXUS_OK;
}

enum nexus_status live_step(struct live *live, struct nexus_error *err)
{
    struct nomination nomination;
    enum nexus_status status = NEXUS_OK;
    while (status == NEXUS_OK && watcher_next(live->watcher, &nomination))
        status = take(live, &nomination, err);
    if (status == NEXUS_OK)
        status = settle(live, NULL, err);
    if (status != NEXUS_OK) {
        live->is_stale = true;
        if (live->is_open)
            reconcile_finish(&live->reconcile);
        live->is_open = false;
        return status;
    }
    if (live->are_rules_changed && !live->is_paused)
        return live_reload(live, err);
    if (live->is_stale && !live->is_paused)
        return walk_all(live, 0, NULL, NULL, NULL, err);
    return NEXUS_OK;
}

enum nexus_status live_sync(struct live *live, unsigned options, struct nexus_sync_report *report,
                            struct nexus_error *err)
{
    TRY(live_step(live, err));
    if (live->is_paused)
        return fail(err, NEXUS_ERROR_REFUSED,
                    "paused: the vault's folder is not where it was; it goes on when it is back");
    return walk_all(live, options & NEXUS_SYNC_FORGET ? RECONCILE_FORGET : 0U, NULL, NULL, report,
                    err);
}

static enum nexus_status open_watcher(struct live *live, struct nexus_error *err)
{
    struct engine *engine = live->engine;
    struct watcher_options options = {
        .debounce_ms = (int)engine->settings.debounce_ms,
        .max_wait_ms = (int)engine->settings.max_wait_ms,
        .also = also_watched,
    };
    return watcher_open(engine->root_path, engine->root_fd, engine->ignore, &options,
                        &live->watcher, err);
}

/* The watcher goes by the old rules, so there is a new one; the walk sees what neither of them saw.
 */
enum nexus_status live_reload(struct live *live, struct nexus_error *err)
{
    bool is_first;
    live->are_rules_changed = false;
    watcher_close(live->watcher);
    live->watcher = NULL;
    live->flushes_before = live->last_flush;
    enum nexus_status status = engine_reload(live->engine, err);
    TRY(open_watcher(live, status == NEXUS_OK ? err : NULL));
    TRY(status);
    TRY(engine_ready(live->engine, &is_first, err));
    TRY(walk_all(live, 0, NULL, NULL, NULL, err));
    tell(live, (struct nexus_live_news){.event = NEXUS_LIVE_FLUSHED, .flush = live->last_flush});
    return NEXUS_OK;
}

static enum nexus_status start(struct live *live, nexus_progress *progress, void *context,
                               struct nexus_error *err)
{
    bool is_first;
    TRY(vault_lock(live->engine->nexus_fd, err));
    live->is_locked = true;
    TRY(open_watcher(live, err));
    TRY(engine_ready(live->engine, &is_first, err));
    return walk_all(live, is_first ? RECONCILE_FIRST : 0U, progress, context, NULL, err);
}

enum nexus_status live_open(struct engine *engine, nexus_progress *progress, void *progress_context,
                            nexus_live_listener *listener, void *listener_context,
                            struct live **ret_live, struct nexus_error *err)
{
    struct live *live = calloc(1, sizeof *live);
    if (!live)
        return fail_no_memory(err);
    live->engine = engine;
    live->listener = listener;
    live->listener_context = listener_context;
    enum nexus_status status = start(live, progress, progress_context, err);
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
    watcher_close(live->watcher);
    if (live->is_locked)
        vault_unlock(live->engine->nexus_fd);
    free(live);
}

int live_fd(const struct live *live)
{
    return watcher_fd(live->watcher);
}

uint64_t live_flush(struct live *live)
{
    return live->last_flush = live->flushes_before + watcher_flush(live->watcher);
}

void live_status(struct live *live, struct nexus_live_status *status)
{
    struct watcher_stats stats = watcher_stats(live->watcher);
    *status = (struct nexus_live_status){
        .is_paused = live->is_paused,
        .events = stats.events,
        .overflows = stats.overflows,
        .event_age_ms = stats.event_age_ns < 0 ? -1 : stats.event_age_ns / NS_PER_MS,
        .waiting = stats.waiting,
        .queued = stats.queued,
        .folders_watched = stats.folders,
        .folders_unwatched = stats.unwatched,
        .walked_at_ms = live->walked_at_ns / NS_PER_MS,
        .held = live->held,
    };
}

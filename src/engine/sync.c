// SPDX-License-Identifier: MIT
#include "engine/sync.h"

#include "base/time.h"
#include "engine/crash.h"
#include "engine/permit.h"
#include "engine/reconcile.h"
#include "engine/upkeep.h"
#include "engine/vault.h"
#include "store/files.h"
#include "watch/walk.h"

/** Tells the store which files a first index will hold, so that links find those that come later.
 */
static enum nexus_status expect_files(struct engine *engine, struct nexus_error *err)
{
    struct walk *walk;
    TRY(walk_open(engine->root_fd, "", engine->ignore, &walk, err));
    struct walk_entry entry;
    bool more = false;
    enum nexus_status status = walk_next(walk, &entry, &more, err);
    while (status == NEXUS_OK && more) {
        if (entry.verdict == WALK_FILE)
            status = store_expect_file(engine->store, entry.path, err);
        if (status == NEXUS_OK)
            status = walk_next(walk, &entry, &more, err);
    }
    walk_close(walk);
    return status;
}

static enum nexus_status run(struct reconcile *reconcile, struct nexus_error *err)
{
    if (reconcile->options & RECONCILE_FIRST)
        TRY(expect_files(reconcile->engine, err));
    TRY(reconcile_folder(reconcile, STR(""), err));
    TRY(reconcile_settle(reconcile, err));
    return reconcile->options & RECONCILE_FIRST ? store_finish_bulk(reconcile->engine->store, err)
                                                : NEXUS_OK;
}

static enum nexus_status sync_locked(struct engine *engine, unsigned options,
                                     nexus_progress *progress, void *context,
                                     struct nexus_sync_report *report, struct nexus_error *err)
{
    struct reconcile reconcile;
    int64_t started_ns = time_monotonic_ns();
    bool is_first;
    TRY(engine_ready(engine, &is_first, err));
    if (!is_first) {
        TRY(upkeep_check(engine, NULL, err));
        TRY(crash_mend(engine, err));
        TRY(upkeep_expire(engine, err));
    }
    unsigned how =
        (options & NEXUS_SYNC_FORGET ? RECONCILE_FORGET : 0U) | (is_first ? RECONCILE_FIRST : 0U);
    TRY(reconcile_init(&reconcile, engine, how, err));
    reconcile.progress = progress;
    reconcile.progress_context = context;
    enum nexus_status status = run(&reconcile, err);
    reconcile.report.duration_ns = time_monotonic_ns() - started_ns;
    if (status == NEXUS_OK && report)
        *report = reconcile.report;
    reconcile_finish(&reconcile);
    return status == NEXUS_OK ? crash_rest(engine, err) : status;
}

static enum nexus_status settle_permissions(struct engine *engine, struct nexus_error *err)
{
    size_t count;
    TRY(engine_take_permission_edits(engine, &count, err));
    return engine_expire(engine, &count, err);
}

enum nexus_status engine_sync(struct engine *engine, unsigned options, nexus_progress *progress,
                              void *context, struct nexus_sync_report *report,
                              struct nexus_error *err)
{
    TRY(vault_lock(engine->nexus_fd, err));
    enum nexus_status status = sync_locked(engine, options, progress, context, report, err);
    vault_unlock(engine->nexus_fd);
    return status == NEXUS_OK ? settle_permissions(engine, err) : status;
}

enum nexus_status engine_list_skipped(struct engine *engine, nexus_skipped *skipped, void *context,
                                      struct nexus_error *err)
{
    struct walk *walk;
    TRY(walk_open(engine->root_fd, "", engine->ignore, &walk, err));
    struct walk_entry entry;
    bool more = false;
    enum nexus_status status;
    while ((status = walk_next(walk, &entry, &more, err)) == NEXUS_OK && more)
        if (entry.verdict != WALK_FILE)
            skipped(context, entry.path.at, entry.reason.at);
    walk_close(walk);
    return status;
}

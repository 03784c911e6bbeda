// SPDX-License-Identifier: MIT
#include "engine/sync.h"

#include "base/time.h"
#include "engine/beside.h"
#include "engine/crash.h"
#include "engine/defaults.h"
#include "engine/lock.h"
#include "engine/permissions_read.h"
#include "engine/permit.h"
#include "engine/push.h"
#include "engine/reconcile.h"
#include "engine/recovery.h"
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
    return reconcile->options & RECONCILE_FIRST ? recovery_finish_first(reconcile->engine, err)
                                                : NEXUS_OK;
}

/** What was changed in a database before this one is carried into the files like any other edit. */
static enum nexus_status carry_over(struct engine *engine, struct nexus_sync_report *report,
                                    struct nexus_error *err)
{
    uint64_t taken;
    int64_t again_ns;
    TRY(recovery_settle(engine, &taken, err));
    return taken ? push_all(engine, PUSH_SAW_ALL, report, &again_ns, err) : NEXUS_OK;
}

static enum nexus_status pass(struct engine *engine, unsigned how, nexus_progress *progress,
                              void *context, struct nexus_sync_report *report,
                              struct nexus_error *err)
{
    struct reconcile reconcile;
    int64_t started_ns = time_monotonic_ns();
    if (!(how & RECONCILE_FIRST)) {
        TRY(upkeep_check(engine, NULL, err));
        TRY(crash_mend(engine, err));
        TRY(upkeep_expire(engine, err));
    }
    TRY(reconcile_init(&reconcile, engine, how, err));
    reconcile.progress = progress;
    reconcile.progress_context = context;
    enum nexus_status status = run(&reconcile, err);
    if (status == NEXUS_OK)
        status = carry_over(engine, &reconcile.report, err);
    reconcile.report.duration_ns = time_monotonic_ns() - started_ns;
    if (status == NEXUS_OK && report)
        *report = reconcile.report;
    reconcile_finish(&reconcile);
    return status == NEXUS_OK ? crash_rest(engine, err) : status;
}

static enum nexus_status sync_locked(struct engine *engine, unsigned options,
                                     nexus_progress *progress, void *context,
                                     struct nexus_sync_report *report, struct nexus_error *err)
{
    bool is_first;
    TRY(engine_ready(engine, &is_first, err));
    unsigned how =
        (options & NEXUS_SYNC_FORGET ? RECONCILE_FORGET : 0U) | (is_first ? RECONCILE_FIRST : 0U);
    return pass(engine, how, progress, context, report, err);
}

static enum nexus_status settle_permissions(struct engine *engine, struct nexus_error *err)
{
    size_t count;
    TRY(permissions_distrust(engine, err));
    TRY(engine_take_permission_edits(engine, &count, err));
    TRY(permissions_settle(engine, err));
    TRY(engine_expire(engine, &count, err));
    TRY(defaults_apply(engine, err));
    return lock_settle(engine, engine->store, err);
}

static enum nexus_status settle(struct engine *engine, struct nexus_error *err)
{
    struct store *beside;
    int64_t due_ns;
    TRY(beside_take(engine, &beside, err));
    enum nexus_status status = settle_permissions(engine, err);
    beside_give_back(engine);
    return status == NEXUS_OK ? recovery_back_up(engine, &due_ns, err) : status;
}

enum nexus_status engine_sync(struct engine *engine, unsigned options, nexus_progress *progress,
                              void *context, struct nexus_sync_report *report,
                              struct nexus_error *err)
{
    TRY(engine_lock(engine, err));
    enum nexus_status status = sync_locked(engine, options, progress, context, report, err);
    for (int doubts = 0; status == NEXUS_ERROR_DAMAGED && doubts < 2; doubts++) {
        recovery_doubt(engine);
        status = sync_locked(engine, options, progress, context, report, err);
    }
    vault_unlock(engine->nexus_fd);
    return status == NEXUS_OK ? settle(engine, err) : status;
}

/** The database is another one afterwards: it is looked at under the same lock. */
static enum nexus_status sync_anew(struct engine *engine, struct nexus_sync_report *report,
                                   struct nexus_error *err)
{
    engine->recovery.is_asked = true;
    enum nexus_status status = sync_locked(engine, 0, NULL, NULL, report, err);
    vault_unlock(engine->nexus_fd);
    if (status == NEXUS_OK)
        status = settle(engine, err);
    engine->recovery.is_asked = engine->recovery.is_rebuild_asked = false;
    return status;
}

enum nexus_status engine_restore(struct engine *engine, const char *backup,
                                 struct nexus_sync_report *report, struct nexus_error *err)
{
    TRY(engine_lock(engine, err));
    recovery_close(engine);
    enum nexus_status status = recovery_restore(engine, backup, err);
    if (status == NEXUS_OK)
        return sync_anew(engine, report, err);
    vault_unlock(engine->nexus_fd);
    return status;
}

enum nexus_status engine_rebuild(struct engine *engine, struct nexus_sync_report *report,
                                 struct nexus_error *err)
{
    TRY(engine_lock(engine, err));
    recovery_close(engine);
    engine->recovery.is_rebuild_asked = true;
    return sync_anew(engine, report, err);
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

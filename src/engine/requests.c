// SPDX-License-Identifier: MIT
#include "engine/requests.h"

#include "base/time.h"
#include "engine/claim.h"
#include "engine/rewrite.h"
#include "engine/undo.h"
#include "engine/writing.h"
#include "store/objects.h"
#include "store/writes.h"

enum { PAGE = 64, REQUESTS_KEPT_HOURS = 24 };

/** One request at work. */
struct requested {
    struct engine *engine;
    struct nexus_sync_report *report;
    struct arena arena;
    struct store_request request;
    int64_t batch; /* in history: all that was asked for together */
    int64_t last;  /* the id of the last one that has its answer */
    uint64_t done;
};

static enum nexus_status apply(struct requested *requested, struct nexus_error *err)
{
    struct engine *engine = requested->engine;
    struct outbox_counts counts;
    TRY(store_outbox_count(engine->store, engine->now_ns(), &counts, err));
    requested->done = counts.held_files;
    TRY(store_begin(engine->store, engine->now_ns(), err));
    TRY(store_outbox_mark(engine->store, OUTBOX_HELD, OUTBOX_APPROVED, err));
    return store_commit(engine->store, err);
}

static enum nexus_status discard_entries(struct requested *requested,
                                         const struct outbox_entry *entries, size_t count,
                                         struct nexus_error *err)
{
    struct store *store = requested->engine->store;
    TRY(store_begin(store, requested->engine->now_ns(), err));
    for (size_t i = 0; i < count; i++) {
        bool is_taken;
        struct store_write write = {
            .op = WRITE_REFUSED,
            .origin = ORIGIN_API,
            .path = entries[i].is.path.at ? entries[i].is.path : entries[i].was.path,
            .object_id = entries[i].object_id,
            .refused = entries[i].is.content_json,
            .batch = requested->batch,
        };
        TRY(claim_back(store, &entries[i], &is_taken, requested->report, err));
        if (is_taken)
            TRY(store_history_add(store, &write, NULL, err));
    }
    return store_commit(store, err);
}

static enum nexus_status discard_files(struct requested *requested, struct nexus_error *err)
{
    struct store *store = requested->engine->store;
    int64_t *files, after = 0;
    size_t count;
    do {
        struct arena arena = {0};
        enum nexus_status status = store_outbox_files(store, OUTBOX_HELD, INT64_MAX, after, PAGE,
                                                      &arena, &files, &count, err);
        for (size_t i = 0; status == NEXUS_OK && i < count; i++) {
            struct outbox_entry *entries;
            size_t entry_count;
            after = files[i];
            status = store_outbox_of_file(store, files[i], &arena, &entries, &entry_count, err);
            if (status == NEXUS_OK)
                status = discard_entries(requested, entries, entry_count, err);
            requested->done++;
        }
        arena_finish(&arena);
        TRY(status);
    } while (count);
    return NEXUS_OK;
}

/** What was refused was discarded without asking; whoever says so now has seen it. */
static enum nexus_status drop_refusals(const struct requested *requested, struct nexus_error *err)
{
    TRY(store_begin(requested->engine->store, requested->engine->now_ns(), err));
    TRY(store_refusals_drop(requested->engine->store, err));
    return store_commit(requested->engine->store, err);
}

static enum nexus_status discard(struct requested *requested, struct nexus_error *err)
{
    struct store *store = requested->engine->store;
    struct outbox_entry *entries;
    int64_t after = 0;
    size_t count;
    TRY(discard_files(requested, err));
    TRY(drop_refusals(requested, err));
    do {
        struct arena arena = {0};
        enum nexus_status status = store_outbox_fileless(store, OUTBOX_HELD, INT64_MAX, after, PAGE,
                                                         &arena, &entries, &count, err);
        if (status == NEXUS_OK && count) {
            after = entries[count - 1].object_id;
            status = discard_entries(requested, entries, count, err);
            requested->done += count;
        }
        arena_finish(&arena);
        TRY(status);
    } while (count);
    return NEXUS_OK;
}

static const char *resolution_of(struct str choice)
{
    static const char *const choices[] = {"file", "database", "both"};
    for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++)
        if (str_is(choice, choices[i]))
            return choices[i];
    return NULL;
}

/** The loser as a file of its own, beside the winner. */
static enum nexus_status keep_both(struct requested *requested,
                                   const struct store_conflict *conflict, struct nexus_error *err)
{
    struct engine *engine = requested->engine;
    STRBUF_SCOPED bytes = {0};
    if (!conflict->copy_path.at)
        return fail(err, NEXUS_ERROR_REFUSED,
                    "one side of conflict %lld is a delete: choose 'file' or 'database'",
                    (long long)conflict->id);
    TRY(file_read_beneath(engine->root_fd, conflict->copy_path.at, engine->settings.max_file_bytes,
                          &bytes, NULL, err));
    struct str file = conflict->copy_path;
    size_t slash = str_find(str_slice(file, sizeof ".nexus/" - 1, file.length), '/');
    struct rewrite rewrite = {
        .path = str_slice(file, sizeof ".nexus/" + slash, file.length),
        .bytes = strbuf_str(&bytes),
        .batch = requested->batch,
    };
    rewrite.path = arena_copy(&requested->arena, rewrite.path);
    requested->done = 1;
    return requested->arena.failed ? fail_no_memory(err)
                                   : rewrite_file(engine, &rewrite, requested->report, err);
}

/** The side that lost is what both say from now on. */
static enum nexus_status turn_around(struct requested *requested,
                                     const struct store_conflict *conflict, struct nexus_error *err)
{
    struct engine *engine = requested->engine;
    size_t hash = str_find_last(conflict->path, '#');
    bool is_item = hash != STR_NONE && file_kind_of(conflict->path) == FILE_ATTACHMENT;
    struct rewrite rewrite = {.path = conflict->path, .batch = requested->batch};
    requested->done = 1;
    if (conflict->has_file_won && conflict->database_version.at)
        return rewrite_object(engine, conflict->object_id, conflict->database_version,
                              requested->batch, requested->report, err);
    if (is_item && conflict->file_version.at)
        return rewrite_object_from(
            engine, conflict->object_id,
            arena_copy(&requested->arena, str_slice(conflict->path, 0, hash)),
            conflict->file_version, requested->batch, requested->report, err);
    if (is_item)
        return fail(err, NEXUS_ERROR_REFUSED, "delete the item '%.*s' where it stands",
                    STR_ARG(conflict->path));
    if (!conflict->has_file_won)
        rewrite.bytes = conflict->file_version; /* none: the file had been deleted */
    return rewrite_file(engine, &rewrite, requested->report, err);
}

static enum nexus_status resolve(struct requested *requested, struct nexus_error *err)
{
    struct store *store = requested->engine->store;
    struct store_conflict conflict;
    const char *resolution = resolution_of(requested->request.choice);
    TRY(store_conflict_get(store, requested->request.argument, &requested->arena, &conflict, err));
    if (!resolution)
        return fail(err, NEXUS_ERROR_ARGUMENT, "choose 'file', 'database' or 'both'");
    if (!conflict.is_open)
        return fail(err, NEXUS_ERROR_REFUSED, "conflict %lld is settled already",
                    (long long)conflict.id);
    if (str_is(requested->request.choice, "both"))
        TRY(keep_both(requested, &conflict, err));
    else if (conflict.has_file_won != str_is(requested->request.choice, "file"))
        TRY(turn_around(requested, &conflict, err));
    TRY(store_begin(store, requested->engine->now_ns(), err));
    TRY(store_conflict_settle(store, conflict.id, resolution, err));
    return store_commit(store, err);
}

static enum nexus_status carry_out_one(struct requested *requested, struct nexus_error *err)
{
    switch (requested->request.kind) {
    case REQUEST_APPLY: return apply(requested, err);
    case REQUEST_DISCARD: return discard(requested, err);
    case REQUEST_UNDO: break; /* several at a time: engine/undo.h */
    case REQUEST_RESOLVE: return resolve(requested, err);
    }
    return NEXUS_OK;
}

static enum nexus_status answer(struct requested *requested, struct str text,
                                struct nexus_error *err)
{
    struct store *store = requested->engine->store;
    TRY(store_begin(store, requested->engine->now_ns(), err));
    TRY(store_request_answer(store, requested->request.id, text, requested->done, err));
    return store_commit(store, err);
}

static enum nexus_status forget_old(struct engine *engine, struct nexus_error *err)
{
    int64_t now_ns = engine->now_ns();
    TRY(store_begin(engine->store, now_ns, err));
    TRY(store_requests_expire(engine->store,
                              now_ns - INT64_C(3600) * REQUESTS_KEPT_HOURS * NS_PER_S, err));
    return store_commit(engine->store, err);
}

static enum nexus_status carry_out_and_answer(struct requested *requested, struct nexus_error *err)
{
    struct nexus_error reason = {0};
    requested->done = 0;
    enum nexus_status status = carry_out_one(requested, &reason);
    if (status != NEXUS_OK) {
        store_rollback(requested->engine->store);
        requested->done = 0;
    }
    requested->last = requested->request.id;
    return answer(requested, status == NEXUS_OK ? STR("") : str_of(reason.message), err);
}

static enum nexus_status next(struct requested *requested, bool *ret_found, struct nexus_error *err)
{
    struct store *store = requested->engine->store;
    arena_reset(&requested->arena);
    TRY(store_request_next(store, requested->last, &requested->arena, &requested->request,
                           ret_found, err));
    if (!*ret_found)
        return NEXUS_OK;
    if (!requested->batch)
        TRY(store_history_new_batch(store, &requested->batch, err));
    if (requested->request.kind == REQUEST_UNDO)
        return undo_requests(requested->engine, &requested->request, requested->batch,
                             requested->report, &requested->last, err);
    return carry_out_and_answer(requested, err);
}

enum nexus_status requests_carry_out(struct engine *engine, struct nexus_sync_report *report,
                                     bool *ret_any, struct nexus_error *err)
{
    struct requested requested = {.engine = engine, .report = report};
    bool found = true;
    enum nexus_status status = NEXUS_OK;
    *ret_any = false;
    while (status == NEXUS_OK && found) {
        status = next(&requested, &found, err);
        *ret_any |= found;
    }
    if (status == NEXUS_OK && *ret_any)
        status = forget_old(engine, err);
    if (status != NEXUS_OK)
        store_rollback(engine->store);
    arena_finish(&requested.arena);
    return status;
}

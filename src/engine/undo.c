// SPDX-License-Identifier: MIT
#include "engine/undo.h"

#include "engine/carry.h"

#include <stdlib.h>

/** Some requests at work; those that cannot be carried out have a reason and no rewrite. */
struct undoing {
    struct engine *engine;
    struct arena arena;
    struct store_request requests[CARRY_WRITINGS];
    struct nexus_error answers[CARRY_WRITINGS];
    size_t count;
    struct store_write writes[CARRY_WRITINGS];
    struct rewrite rewrites[CARRY_WRITINGS];
    struct nexus_error reasons[CARRY_WRITINGS];
    size_t request_of[CARRY_WRITINGS]; /* for each rewrite */
    size_t rewrite_count, bytes;
};

static bool is_path_taken(const struct undoing *undoing, struct str path)
{
    for (size_t i = 0; path.length && i < undoing->rewrite_count; i++)
        if (str_equal(undoing->rewrites[i].path, path) ||
            str_equal(undoing->rewrites[i].moved_from, path))
            return true;
    return false;
}

static enum nexus_status read_write(struct undoing *undoing, const struct store_request *request,
                                    struct store_write *write, struct nexus_error *err)
{
    TRY(store_history_get(undoing->engine->store, request->argument, &undoing->arena, write, err));
    if (write->op == WRITE_REFUSED)
        return fail(err, NEXUS_ERROR_REFUSED, "entry %lld wrote no file", (long long)write->seq);
    if (write->temporary.at)
        return fail(err, NEXUS_ERROR_REFUSED, "entry %lld is under way", (long long)write->seq);
    return NEXUS_OK;
}

static struct rewrite rewrite_of(const struct store_write *write, int64_t batch)
{
    bool is_move = write->op == WRITE_MOVE;
    return (struct rewrite){
        .path = is_move ? write->moved_from : write->path,
        .moved_from = is_move ? write->path : STR(""),
        .bytes = write->before,
        .expected = write->has_after_hash ? &write->after_hash : NULL,
        .batch = batch,
        .undoes = write->seq,
    };
}

/** `*ret_added` is false when it has to wait for those before it. */
static void add(struct undoing *undoing, const struct store_request *request, int64_t batch,
                bool *ret_added)
{
    size_t at = undoing->rewrite_count;
    struct store_write *write = &undoing->writes[at];
    struct nexus_error *answer = &undoing->answers[undoing->count];
    *ret_added = true;
    undoing->requests[undoing->count] = *request;
    if (read_write(undoing, request, write, answer) != NEXUS_OK) {
        undoing->count++;
        return;
    }
    struct rewrite rewrite = rewrite_of(write, batch);
    if (is_path_taken(undoing, rewrite.path) || is_path_taken(undoing, rewrite.moved_from)) {
        *ret_added = false;
        return;
    }
    undoing->rewrites[at] = rewrite;
    undoing->request_of[at] = undoing->count++;
    undoing->rewrite_count++;
    undoing->bytes += write->before.length;
}

static enum nexus_status collect(struct undoing *undoing, struct store_request request,
                                 int64_t batch, struct nexus_error *err)
{
    bool more = true;
    while (more && request.kind == REQUEST_UNDO) {
        add(undoing, &request, batch, &more);
        if (!more || undoing->count == CARRY_WRITINGS || undoing->bytes > CARRY_BYTES)
            break;
        TRY(store_request_next(undoing->engine->store, request.id, &undoing->arena, &request, &more,
                               err));
    }
    return undoing->arena.failed ? fail_no_memory(err) : NEXUS_OK;
}

static enum nexus_status rewrite_all(struct undoing *undoing, struct nexus_sync_report *report,
                                     struct nexus_error *err)
{
    if (!undoing->rewrite_count)
        return NEXUS_OK;
    TRY(rewrite_files(undoing->engine, undoing->rewrites, undoing->rewrite_count, report,
                      undoing->reasons, err));
    for (size_t i = 0; i < undoing->rewrite_count; i++)
        undoing->answers[undoing->request_of[i]] = undoing->reasons[i];
    return NEXUS_OK;
}

static enum nexus_status answer_all(struct undoing *undoing, struct nexus_error *err)
{
    struct store *store = undoing->engine->store;
    TRY(store_begin(store, undoing->engine->now_ns(), err));
    for (size_t i = 0; i < undoing->count; i++) {
        struct str reason = str_of(undoing->answers[i].message);
        TRY(store_request_answer(store, undoing->requests[i].id, reason, !reason.length, err));
    }
    return store_commit(store, err);
}

/** What kept all of them from being carried out is the answer to each. */
static void fail_all(struct undoing *undoing, const struct nexus_error *reason)
{
    for (size_t i = 0; i < undoing->count; i++)
        undoing->answers[i] = *reason;
}

enum nexus_status undo_requests(struct engine *engine, const struct store_request *first,
                                int64_t batch, struct nexus_sync_report *report, int64_t *ret_last,
                                struct nexus_error *err)
{
    struct nexus_error reason = {0};
    struct undoing *undoing = calloc(1, sizeof *undoing);
    if (!undoing)
        return fail_no_memory(err);
    undoing->engine = engine;
    enum nexus_status status = collect(undoing, *first, batch, err);
    if (status == NEXUS_OK && rewrite_all(undoing, report, &reason) != NEXUS_OK) {
        store_rollback(engine->store);
        fail_all(undoing, &reason);
    }
    if (status == NEXUS_OK)
        status = answer_all(undoing, err);
    if (status != NEXUS_OK)
        store_rollback(engine->store);
    else
        *ret_last = undoing->requests[undoing->count - 1].id;
    arena_finish(&undoing->arena);
    free(undoing);
    return status;
}

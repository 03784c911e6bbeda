// SPDX-License-Identifier: MIT
#include "engine/claim.h"

#include "model/problem.h"
#include "store/notes.h"
#include "store/objects.h"
#include "store/writes.h"

enum { CHAIN_LIMIT = 16 }; /* rows that each sit where the one before has to go */

static enum nexus_status claim(struct store *store, struct str path, int64_t file_id, int depth,
                               struct nexus_sync_report *report, struct nexus_error *err);

static enum nexus_status take_back(struct store *store, const struct outbox_entry *entry, int depth,
                                   bool *ret_taken, struct nexus_sync_report *report,
                                   struct nexus_error *err)
{
    enum nexus_status status = store_outbox_take_back(store, entry, ret_taken, err);
    if (status != NEXUS_ERROR_EXISTS)
        return status;
    *ret_taken = false;
    if (entry->op == OUTBOX_DELETE)
        return store_outbox_done(store, entry, err);
    if (depth == CHAIN_LIMIT)
        return status;
    TRY(claim(store, entry->was.path, entry->was.file_id, depth + 1, report, err));
    return store_outbox_take_back(store, entry, ret_taken, err);
}

static enum nexus_status tell(struct store *store, const struct outbox_entry *entry,
                              struct str path, struct arena *arena,
                              struct nexus_sync_report *report, struct nexus_error *err)
{
    struct store_write write = {
        .op = WRITE_REFUSED,
        .origin = ORIGIN_SQL,
        .path = entry->was.path.at ? entry->was.path : path,
        .object_id = entry->object_id,
        .refused = entry->is.content_json,
    };
    struct problem problem = {
        .severity = PROBLEM_ERROR,
        .keyword = "refused",
        .message = arena_format(arena, "the row was taken back: a file is at '%.*s' already",
                                STR_ARG(path)),
    };
    if (arena->failed)
        return fail_no_memory(err);
    report->refused++;
    TRY(store_history_add(store, &write, NULL, err));
    return store_problem_tell(store, write.path, &problem, err);
}

static enum nexus_status claim_from(struct store *store, const struct store_object_row *row,
                                    struct str path, int depth, struct arena *arena,
                                    struct nexus_sync_report *report, struct nexus_error *err)
{
    struct outbox_entry entry;
    bool is_taken = false;
    enum nexus_status status = store_outbox_get(store, row->id, arena, &entry, err);
    if (status == NEXUS_ERROR_NOT_FOUND)
        return NEXUS_OK; /* the store tells of it */
    TRY(status);
    TRY(take_back(store, &entry, depth, &is_taken, report, err));
    return is_taken ? tell(store, &entry, path, arena, report, err) : NEXUS_OK;
}

static enum nexus_status claim(struct store *store, struct str path, int64_t file_id, int depth,
                               struct nexus_sync_report *report, struct nexus_error *err)
{
    struct arena arena = {0};
    struct store_object_row row;
    enum nexus_status status = store_object_at(store, path, &arena, &row, err);
    bool is_free = status == NEXUS_ERROR_NOT_FOUND ||
                   (status == NEXUS_OK && row.file_id && row.file_id == file_id);
    if (is_free)
        status = NEXUS_OK;
    else if (status == NEXUS_OK)
        status = claim_from(store, &row, path, depth, &arena, report, err);
    arena_finish(&arena);
    return status;
}

enum nexus_status claim_path(struct store *store, struct str path, int64_t file_id,
                             struct nexus_sync_report *report, struct nexus_error *err)
{
    return claim(store, path, file_id, 0, report, err);
}

enum nexus_status claim_back(struct store *store, const struct outbox_entry *entry, bool *ret_taken,
                             struct nexus_sync_report *report, struct nexus_error *err)
{
    return take_back(store, entry, 0, ret_taken, report, err);
}

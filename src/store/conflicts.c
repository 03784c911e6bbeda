// SPDX-License-Identifier: MIT
#include "store/internal.h"
#include "store/writes.h"

static const char *winner_name(bool has_file_won)
{
    return has_file_won ? "file" : "database";
}

/** `text` has to live until the query has run. */
static void query_time_or_null(struct query *query, bool has_time, int64_t time_ns,
                               char text[TIME_TEXT_SIZE])
{
    if (has_time)
        query_text(query, str_of(time_format(time_ns, text)));
    else
        query_null(query);
}

enum nexus_status store_conflict_add(struct store *store, const struct store_conflict *conflict,
                                     int64_t *ret_id, struct nexus_error *err)
{
    char file_time[TIME_TEXT_SIZE], database_time[TIME_TEXT_SIZE];
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_conflict_add, err));
    query_text(&query, str_of(store->now));
    query_text(&query, conflict->path);
    query_id(&query, conflict->object_id);
    query_text_or_null(&query, conflict->uid);
    query_text(&query, str_of(winner_name(conflict->has_file_won)));
    if (conflict->has_base_hash)
        query_hash(&query, conflict->base_hash);
    else
        query_null(&query);
    query_blob_or_null(&query, conflict->file_version);
    query_text_or_null(&query, conflict->database_version);
    query_text_or_null(&query, conflict->copy_path);
    query_time_or_null(&query, conflict->has_file_time, conflict->file_time_ns, file_time);
    query_time_or_null(&query, conflict->has_database_time, conflict->database_time_ns,
                       database_time);
    query_text(&query, conflict->why);
    TRY(query_run(&query, err));
    if (ret_id)
        *ret_id = sqlite3_changes64(store->db) ? sqlite3_last_insert_rowid(store->db) : 0;
    return NEXUS_OK;
}

enum nexus_status store_conflict_drop(struct store *store, int64_t id, struct nexus_error *err)
{
    return store_run_on(store, SQL_conflict_drop, id, err);
}

enum nexus_status store_conflict_get(struct store *store, int64_t id, struct arena *arena,
                                     struct store_conflict *ret_conflict, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool found;
    TRY(query_open(&query, &store->statements, SQL_conflict_get, err));
    query_integer(&query, id);
    TRY(query_next(&query, &found, err));
    if (!found)
        return fail(err, NEXUS_ERROR_NOT_FOUND, "there is no conflict %lld", (long long)id);
    struct store_conflict conflict = {
        .id = id,
        .path = column_copy(&query, 1, arena),
        .object_id = column_integer(&query, 2),
        .uid = column_copy(&query, 3, arena),
        .is_open = str_is(column_text(&query, 4), "open"),
        .has_file_won = str_is(column_text(&query, 5), winner_name(true)),
        .file_version = column_copy_blob(&query, 6, arena),
        .database_version = column_copy(&query, 7, arena),
        .copy_path = column_copy(&query, 8, arena),
    };
    if (arena->failed)
        return fail_no_memory(err);
    *ret_conflict = conflict;
    return NEXUS_OK;
}

enum nexus_status store_conflict_settle(struct store *store, int64_t id, const char *resolution,
                                        struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_conflict_settle, err));
    query_integer(&query, id);
    query_text(&query, str_of(store->now));
    query_text(&query, str_of(resolution));
    return query_run(&query, err);
}

// SPDX-License-Identifier: MIT
#include "store/writer.h"

#include "store/connection.h"
#include "store/statements.h"

#include <stdlib.h>

enum { WRITER_BUSY_MS = 10000 };

struct store_writer {
    sqlite3 *db;
    struct statement_cache statements;
};

enum nexus_status store_writer_open(const char *abs_path, struct store_writer **ret_writer,
                                    struct nexus_error *err)
{
    struct store_writer *writer = calloc(1, sizeof *writer);
    if (!writer)
        return fail_no_memory(err);
    enum nexus_status status =
        connection_open(abs_path, CONNECTION_PERSON, WRITER_BUSY_MS, &writer->db, err);
    if (status != NEXUS_OK) {
        free(writer);
        return status;
    }
    statement_cache_init(&writer->statements, writer->db);
    *ret_writer = writer;
    return NEXUS_OK;
}

void store_writer_close(struct store_writer *writer)
{
    if (!writer)
        return;
    statement_cache_finish(&writer->statements);
    sqlite3_close(writer->db);
    free(writer);
}

/** A trigger's or a CHECK's words are for the person who wrote, without a prefix. */
static enum nexus_status run(struct store_writer *writer, struct query *query,
                             struct nexus_error *err)
{
    struct nexus_error why = {0};
    bool row;
    enum nexus_status status = query_next(query, &row, &why);
    if (status == NEXUS_OK)
        return NEXUS_OK;
    if (sqlite3_errcode(writer->db) % 256 == SQLITE_CONSTRAINT)
        return fail(err, NEXUS_ERROR_REFUSED, "%s", sqlite3_errmsg(writer->db));
    if (status == NEXUS_ERROR_BUSY)
        return fail(err, status, "another program keeps writing to the database: try again");
    return fail(err, status, "%s", why.message);
}

static enum nexus_status run_plain(struct store_writer *writer, enum statement statement,
                                   struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &writer->statements, statement, err));
    return run(writer, &query, err);
}

enum nexus_status store_writer_begin(struct store_writer *writer, struct store_mark *ret_mark,
                                     struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool row;
    TRY(run_plain(writer, SQL_begin, err));
    enum nexus_status status = query_open(&query, &writer->statements, SQL_writer_mark, err);
    if (status == NEXUS_OK)
        status = query_next(&query, &row, err);
    if (status != NEXUS_OK) {
        query_close(&query);
        store_writer_rollback(writer);
        return status;
    }
    *ret_mark = (struct store_mark){column_integer(&query, 0), column_integer(&query, 1)};
    return NEXUS_OK;
}

enum nexus_status store_writer_commit(struct store_writer *writer, struct nexus_error *err)
{
    return run_plain(writer, SQL_commit, err);
}

void store_writer_rollback(struct store_writer *writer)
{
    if (!sqlite3_get_autocommit(writer->db))
        run_plain(writer, SQL_rollback, NULL);
}

enum nexus_status store_writer_get(struct store_writer *writer, int64_t id, struct arena *arena,
                                   struct store_known_object *ret_object, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool found;
    TRY(query_open(&query, &writer->statements, SQL_writer_get, err));
    query_integer(&query, id);
    TRY(query_next(&query, &found, err));
    if (!found)
        return fail(err, NEXUS_ERROR_NOT_FOUND, "there is no object %lld", (long long)id);
    struct store_known_object object = {
        .schema_id = column_integer(&query, 0),
        .path = column_copy(&query, 1, arena),
        .content_json = column_copy(&query, 2, arena),
    };
    if (arena->failed)
        return fail_no_memory(err);
    *ret_object = object;
    return NEXUS_OK;
}

enum nexus_status store_writer_find(struct store_writer *writer, struct str name, int64_t *ret_id,
                                    struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool found;
    TRY(query_open(&query, &writer->statements, SQL_writer_find, err));
    query_text(&query, name);
    TRY(query_next(&query, &found, err));
    if (!found)
        return fail(err, NEXUS_ERROR_NOT_FOUND, "'%.*s' is no object", STR_ARG(name));
    *ret_id = column_integer(&query, 0);
    return NEXUS_OK;
}

/** A statement whose parameters are an id and a text. */
static enum nexus_status run_on(struct store_writer *writer, enum statement statement, int64_t id,
                                struct str text, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &writer->statements, statement, err));
    query_integer(&query, id);
    query_text_or_null(&query, text);
    return run(writer, &query, err);
}

enum nexus_status store_writer_create(struct store_writer *writer, int64_t schema_id,
                                      struct str path, struct str content_json, int64_t *ret_id,
                                      struct nexus_error *err)
{
    TRY(run_on(writer, SQL_writer_create, schema_id, path, err));
    int64_t id = sqlite3_last_insert_rowid(writer->db);
    TRY(run_on(writer, SQL_writer_create_content, id, content_json, err));
    *ret_id = id;
    return NEXUS_OK;
}

enum nexus_status store_writer_next_key(struct store_writer *writer, int64_t schema_id,
                                        int64_t *ret_key, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool row;
    TRY(query_open(&query, &writer->statements, SQL_writer_next_key, err));
    query_integer(&query, schema_id);
    TRY(query_next(&query, &row, err));
    *ret_key = column_integer(&query, 0);
    return NEXUS_OK;
}

enum nexus_status store_writer_set_content(struct store_writer *writer, int64_t id,
                                           struct str content_json, struct nexus_error *err)
{
    return run_on(writer, SQL_writer_set_content, id, content_json, err);
}

enum nexus_status store_writer_set_path(struct store_writer *writer, int64_t id, struct str path,
                                        struct nexus_error *err)
{
    return run_on(writer, SQL_writer_set_path, id, path, err);
}

enum nexus_status store_writer_remove(struct store_writer *writer, int64_t id,
                                      struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &writer->statements, SQL_writer_remove, err));
    query_integer(&query, id);
    return run(writer, &query, err);
}

static enum outbox_state state_of(struct str name)
{
    if (str_is(name, "held"))
        return OUTBOX_HELD;
    return str_is(name, "approved") ? OUTBOX_APPROVED : OUTBOX_WAITING;
}

enum nexus_status store_writer_fate(struct store_writer *writer, int64_t id,
                                    const struct store_mark *mark, struct arena *arena,
                                    struct store_fate *ret_fate, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool row;
    TRY(query_open(&query, &writer->statements, SQL_writer_fate, err));
    query_integer(&query, id);
    query_integer(&query, mark->history_seq);
    query_integer(&query, mark->conflict_id);
    TRY(query_next(&query, &row, err));
    struct store_fate fate = {
        .is_there = column_integer(&query, 0) != 0,
        .path = column_copy(&query, 1, arena),
        .has_entry = !column_is_null(&query, 2),
        .state = state_of(column_text(&query, 2)),
        .pending = column_copy(&query, 3, arena),
        .is_refused = column_integer(&query, 4) != 0,
        .refusal = column_copy(&query, 5, arena),
        .conflict_id = column_integer(&query, 6),
        .has_file_won = column_integer(&query, 7) != 0,
        .is_written = column_integer(&query, 8) != 0,
    };
    if (arena->failed)
        return fail_no_memory(err);
    *ret_fate = fate;
    return NEXUS_OK;
}

enum nexus_status store_writer_count(struct store_writer *writer, uint64_t *ret_held,
                                     uint64_t *ret_waiting, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool row;
    TRY(query_open(&query, &writer->statements, SQL_writer_count, err));
    TRY(query_next(&query, &row, err));
    *ret_held = (uint64_t)column_integer(&query, 0);
    *ret_waiting = (uint64_t)column_integer(&query, 1);
    return NEXUS_OK;
}

enum nexus_status store_writer_ask(struct store_writer *writer, struct store_request *request,
                                   struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &writer->statements, SQL_writer_ask, err));
    query_text(&query, str_of(request_kind_name(request->kind)));
    query_id(&query, request->argument);
    query_text_or_null(&query, request->choice);
    TRY(run(writer, &query, err));
    request->id = sqlite3_last_insert_rowid(writer->db);
    return NEXUS_OK;
}

enum nexus_status store_writer_answer(struct store_writer *writer, int64_t id, struct arena *arena,
                                      bool *ret_answered, struct str *ret_answer,
                                      uint64_t *ret_done, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool found;
    TRY(query_open(&query, &writer->statements, SQL_writer_answer, err));
    query_integer(&query, id);
    TRY(query_next(&query, &found, err));
    if (!found)
        return fail(err, NEXUS_ERROR_NOT_FOUND, "there is no request %lld", (long long)id);
    *ret_answered = !column_is_null(&query, 0);
    *ret_answer = column_copy(&query, 0, arena);
    *ret_done = (uint64_t)column_integer(&query, 1);
    return arena->failed ? fail_no_memory(err) : NEXUS_OK;
}

// SPDX-License-Identifier: MIT
#include "store/statements.h"

#include "base/embed.h"
#include "store/connection.h"

#include <assert.h>
#include <stdio.h>

const char *statement_name(enum statement statement)
{
    static const char *const names[] = {
#define X(name) #name,
        STORE_STATEMENTS(X)
#undef X
    };
    return names[statement];
}

struct str statement_find(struct str file, const char *name)
{
    const struct str mark = STR("-- name: ");
    size_t wanted = strlen(name);
    for (size_t at; (at = str_find_str(file, mark)) != STR_NONE;) {
        file = str_slice(file, at + mark.length, file.length);
        bool found =
            file.length > wanted && memcmp(file.at, name, wanted) == 0 && file.at[wanted] == '\n';
        if (found)
            return str_slice(file, wanted, str_find_str(file, mark));
    }
    return (struct str){NULL, 0};
}

struct str statement_text(enum statement statement)
{
    const struct str folder = STR("src/store/sql/queries/");
    for (const struct embedded_file *file = embedded_files; file->path; file++) {
        if (!str_starts_with(str_of(file->path), folder))
            continue;
        struct str text = statement_find(file->text, statement_name(statement));
        if (text.at)
            return text;
    }
    assert(false && "a statement without its text");
    return (struct str){NULL, 0};
}

void statement_cache_init(struct statement_cache *cache, sqlite3 *db)
{
    *cache = (struct statement_cache){.db = db};
}

void statement_cache_finish(struct statement_cache *cache)
{
    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        sqlite3_finalize(cache->prepared[i]);
        cache->prepared[i] = NULL;
    }
}

enum nexus_status query_open(struct query *query, struct statement_cache *cache,
                             enum statement statement, struct nexus_error *err)
{
    *query = (struct query){0};
    if (!cache->prepared[statement]) {
        struct str text = statement_text(statement);
        int code = sqlite3_prepare_v3(cache->db, text.at, (int)text.length,
                                      SQLITE_PREPARE_PERSISTENT, &cache->prepared[statement], NULL);
        /* In what the scripts make each of them has its tables and columns. */
        if (code == SQLITE_ERROR)
            return fail(err, NEXUS_ERROR_DAMAGED, "database: %s: %s", statement_name(statement),
                        sqlite3_errmsg(cache->db));
        if (code != SQLITE_OK)
            return fail_sqlite(err, cache->db, statement_name(statement));
    }
    query->statement = cache->prepared[statement];
    return NEXUS_OK;
}

void query_close(struct query *query)
{
    if (query->statement)
        sqlite3_reset(query->statement);
    *query = (struct query){0};
}

static void keep_failure(struct query *query, int code)
{
    if (query->code == SQLITE_OK)
        query->code = code;
}

void query_integer(struct query *query, int64_t value)
{
    keep_failure(query, sqlite3_bind_int64(query->statement, ++query->bound, value));
}

void query_null(struct query *query)
{
    keep_failure(query, sqlite3_bind_null(query->statement, ++query->bound));
}

void query_id(struct query *query, int64_t id)
{
    if (id)
        query_integer(query, id);
    else
        query_null(query);
}

void query_text(struct query *query, struct str text)
{
    keep_failure(query,
                 sqlite3_bind_text64(query->statement, ++query->bound, text.at ? text.at : "",
                                     text.length, SQLITE_STATIC, SQLITE_UTF8));
}

void query_text_or_null(struct query *query, struct str text)
{
    if (text.at)
        query_text(query, text);
    else
        query_null(query);
}

void query_text_if_any(struct query *query, struct str text)
{
    if (text.length)
        query_text(query, text);
    else
        query_null(query);
}

void query_blob_or_null(struct query *query, struct str bytes)
{
    if (!bytes.at)
        query_null(query);
    else
        keep_failure(query, sqlite3_bind_blob64(query->statement, ++query->bound, bytes.at,
                                                bytes.length, SQLITE_STATIC));
}

void query_hash(struct query *query, struct hash hash)
{
    char text[HASH_TEXT_SIZE];
    hash_format(hash, text);
    keep_failure(query, sqlite3_bind_text(query->statement, ++query->bound, text,
                                          HASH_TEXT_SIZE - 1, SQLITE_TRANSIENT));
}

void query_column(struct query *query, const struct query *row, int column)
{
    sqlite3_value *value = sqlite3_column_value(row->statement, column);
    keep_failure(query, sqlite3_bind_value(query->statement, ++query->bound, value));
}

enum nexus_status query_next(struct query *query, bool *ret_row, struct nexus_error *err)
{
    sqlite3 *db = sqlite3_db_handle(query->statement);
    if (query->code != SQLITE_OK)
        return fail_sqlite_code(err, query->code, "cannot bind a value");
    int code = sqlite3_step(query->statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return fail_sqlite(err, db, NULL);
    *ret_row = code == SQLITE_ROW;
    return NEXUS_OK;
}

enum nexus_status query_run(struct query *query, struct nexus_error *err)
{
    bool row = false;
    enum nexus_status status = query_next(query, &row, err);
    assert(status != NEXUS_OK || !row);
    query_close(query);
    return status;
}

struct str column_text(const struct query *query, int column)
{
    const char *text = (const char *)sqlite3_column_text(query->statement, column);
    if (!text)
        return (struct str){NULL, 0};
    return (struct str){text, (size_t)sqlite3_column_bytes(query->statement, column)};
}

struct str column_copy(const struct query *query, int column, struct arena *arena)
{
    if (column_is_null(query, column))
        return (struct str){NULL, 0};
    struct str text = column_text(query, column);
    arena->failed |= !text.at; /* SQLite lacks memory: that is no NULL */
    return text.at ? arena_copy(arena, text) : text;
}

struct str column_copy_blob(const struct query *query, int column, struct arena *arena)
{
    if (column_is_null(query, column))
        return (struct str){NULL, 0};
    const char *bytes = sqlite3_column_blob(query->statement, column); /* NULL for no bytes */
    return arena_copy(arena, (struct str){bytes ? bytes : "",
                                          (size_t)sqlite3_column_bytes(query->statement, column)});
}

int64_t column_integer(const struct query *query, int column)
{
    return sqlite3_column_int64(query->statement, column);
}

bool column_is_null(const struct query *query, int column)
{
    return sqlite3_column_type(query->statement, column) == SQLITE_NULL;
}

bool column_hash(const struct query *query, int column, struct hash *ret_hash)
{
    struct str text = column_text(query, column);
    return text.at && hash_parse(text, ret_hash);
}

// SPDX-License-Identifier: MIT
#include "store/reader.h"

#include "store/connection.h"
#include "store/gate_internal.h"
#include "store/internal.h"

#include <stdlib.h>

enum { READER_BUSY_MS = 5000 }; /* only a checkpoint or a recovery makes a reader wait at all */

struct store_reader {
    sqlite3 *db;
    struct gate *gate;       /* NULL: the reader sees all there is */
    bool was_denied;         /* the authorizer said no since it was last asked */
    struct gate_shape shape; /* of what was compiled last */
};

struct store_rows {
    struct store_reader *reader;
    sqlite3_stmt *statement;
    int64_t object_id; /* the parameter :id, for the record */
    bool has_started;
    struct gate_tally tally;
};

/* PRAGMAs that describe, also as table-valued functions; data_version is what FTS5 asks itself. The
 * first group's argument is a name, the second group's would be a new value. */
static bool is_describing(const char *pragma, const char *argument)
{
    static const char *const of_name[] = {
        "table_info", "table_xinfo", "table_list",       "index_list",
        "index_info", "index_xinfo", "foreign_key_list",
    };
    static const char *const of_database[] = {
        "database_list", "function_list",  "collation_list", "module_list",     "user_version",
        "data_version",  "application_id", "schema_version", "compile_options", "page_count",
        "page_size",     "freelist_count", "encoding",
    };
    for (size_t i = 0; i < sizeof of_name / sizeof of_name[0]; i++)
        if (sqlite3_stricmp(pragma, of_name[i]) == 0)
            return true;
    for (size_t i = 0; i < sizeof of_database / sizeof of_database[0]; i++)
        if (sqlite3_stricmp(pragma, of_database[i]) == 0)
            return !argument;
    return false;
}

/* The shell's functions for files are not there at all; these two are SQLite's own. */
static bool reaches_outside(const char *function)
{
    return sqlite3_stricmp(function, "load_extension") == 0 ||
           sqlite3_stricmp(function, "fts3_tokenizer") == 0;
}

static bool is_reading(int action, const char *first, const char *second)
{
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE: return true;
    case SQLITE_FUNCTION: return !reaches_outside(second);
    case SQLITE_PRAGMA: return is_describing(first, second);
    /* Asked for when a table-valued function describes itself; nobody can really do it here. */
    case SQLITE_UPDATE: return sqlite3_stricmp(first, "sqlite_master") == 0;
    default: return false;
    }
}

static int authorize(void *context, int action, const char *first, const char *second,
                     const char *database_name, const char *trigger)
{
    struct store_reader *reader = context;
    (void)database_name;
    (void)trigger;
    gate_note_action(&reader->shape, action, second ? second : "");
    if (is_reading(action, first, second))
        return SQLITE_OK;
    reader->was_denied = true;
    return SQLITE_DENY;
}

enum nexus_status store_reader_open(const char *abs_path, struct store_reader **ret_reader,
                                    struct nexus_error *err)
{
    struct store_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        return fail_no_memory(err);
    enum nexus_status status =
        connection_open(abs_path, CONNECTION_READER, READER_BUSY_MS, &reader->db, err);
    if (status == NEXUS_OK && sqlite3_set_authorizer(reader->db, authorize, reader) != SQLITE_OK)
        status = fail_sqlite(err, reader->db, NULL);
    if (status != NEXUS_OK) {
        store_reader_close(reader);
        return status;
    }
    *ret_reader = reader;
    return NEXUS_OK;
}

static enum nexus_status open_gate(struct store_reader *reader,
                                   const struct store_gate_options *options,
                                   struct nexus_error *err)
{
    TRY(connection_open_empty(&reader->db, err));
    TRY(gate_open(options, reader->db, &reader->gate, err));
    if (sqlite3_set_authorizer(reader->db, authorize, reader) != SQLITE_OK)
        return fail_sqlite(err, reader->db, NULL);
    return NEXUS_OK;
}

enum nexus_status store_gate_open(const struct store_gate_options *options,
                                  struct store_reader **ret_reader, struct nexus_error *err)
{
    struct store_reader *reader = calloc(1, sizeof *reader);
    enum nexus_status status = reader ? open_gate(reader, options, err) : fail_no_memory(err);
    if (status == NEXUS_OK) {
        *ret_reader = reader;
        return NEXUS_OK;
    }
    if ((!reader || !reader->gate) && options->close)
        options->close(options->context);
    store_reader_close(reader);
    return status;
}

void store_reader_close(struct store_reader *reader)
{
    if (!reader)
        return;
    sqlite3_close(reader->db);
    gate_close(reader->gate);
    free(reader);
}

void store_reader_interrupt(struct store_reader *reader)
{
    sqlite3_interrupt(reader->db);
    if (reader->gate)
        sqlite3_interrupt(reader->gate->inner);
}

static enum nexus_status look_for_damage(sqlite3 *db, struct nexus_error *err)
{
    sqlite3_stmt *look = NULL;
    if (sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &look, NULL) != SQLITE_OK)
        return fail_sqlite(err, db, NULL);
    bool has_answer = sqlite3_step(look) == SQLITE_ROW;
    const char *answer = has_answer ? (const char *)sqlite3_column_text(look, 0) : NULL;
    bool is_sound = answer && strcmp(answer, "ok") == 0;
    if (sqlite3_finalize(look) != SQLITE_OK)
        return fail_sqlite(err, db, NULL);
    if (!is_sound)
        return fail(err, NEXUS_ERROR_DATABASE,
                    "the database is damaged, and may not tell all: run 'nexus doctor'");
    return NEXUS_OK;
}

enum nexus_status store_reader_check(struct store_reader *reader, struct nexus_error *err)
{
    sqlite3_set_authorizer(reader->db, NULL, NULL);
    enum nexus_status status =
        look_for_damage(reader->gate ? reader->gate->inner : reader->db, err);
    sqlite3_set_authorizer(reader->db, authorize, reader);
    return status;
}

/** Before a statement. The gate itself makes tables, which nobody else may. */
static enum nexus_status begin_moment(struct store_reader *reader, struct nexus_error *err)
{
    if (!reader->gate)
        return NEXUS_OK;
    sqlite3_set_authorizer(reader->db, NULL, NULL);
    enum nexus_status status = gate_begin(reader->gate, err);
    sqlite3_set_authorizer(reader->db, authorize, reader);
    return status;
}

static void end_moment(struct store_reader *reader)
{
    if (reader->gate)
        gate_end(reader->gate);
}

/** A failure of somebody's SQL: SQLite's words without a prefix. */
static enum nexus_status fail_query(struct nexus_error *err, struct store_reader *reader)
{
    sqlite3 *db = reader->db;
    bool was_denied = reader->was_denied;
    reader->was_denied = false;
    if (was_denied) /* the code is not always SQLITE_AUTH: a denied CREATE has SQLITE_SCHEMA */
        return fail(err, NEXUS_ERROR_REFUSED, "only reading is possible here: %s",
                    sqlite3_errmsg(db));
    switch (sqlite3_errcode(db)) {
    case SQLITE_ERROR:
    case SQLITE_RANGE:
    case SQLITE_MISMATCH: return fail(err, NEXUS_ERROR_ARGUMENT, "%s", sqlite3_errmsg(db));
    default: return fail_sqlite(err, db, NULL);
    }
}

/** Whether there is anything but white space, comments and semicolons. */
static bool holds_a_statement(sqlite3 *db, struct str sql)
{
    while (sql.length) {
        sqlite3_stmt *statement = NULL;
        const char *tail = NULL;
        int code = sqlite3_prepare_v2(db, sql.at, (int)sql.length, &statement, &tail);
        bool is_statement = statement || code != SQLITE_OK;
        sqlite3_finalize(statement);
        if (is_statement || !tail || tail == sql.at)
            return is_statement;
        sql = str_slice(sql, (size_t)(tail - sql.at), sql.length);
    }
    return false;
}

static enum nexus_status check_statement(sqlite3 *db, sqlite3_stmt *statement, struct str rest,
                                         struct nexus_error *err)
{
    if (!statement)
        return fail(err, NEXUS_ERROR_ARGUMENT, "there is no statement");
    if (!sqlite3_stmt_readonly(statement))
        return fail(err, NEXUS_ERROR_REFUSED, "only reading is possible here");
    if (holds_a_statement(db, rest))
        return fail(err, NEXUS_ERROR_REFUSED, "there is more than one statement");
    return NEXUS_OK;
}

static enum nexus_status check_text(struct store_reader *reader, struct str sql,
                                    struct nexus_error *err)
{
    if (sql.length > (size_t)sqlite3_limit(reader->db, SQLITE_LIMIT_SQL_LENGTH, -1))
        return fail(err, NEXUS_ERROR_LIMIT, "the statement is too long");
    if (sql.length && memchr(sql.at, '\0', sql.length))
        return fail(err, NEXUS_ERROR_ARGUMENT, "the statement holds a NUL");
    return NEXUS_OK;
}

/** Makes the typed view that a statement has just asked for in vain. */
static enum nexus_status make_missing(struct store_reader *reader, bool *ret_made,
                                      struct nexus_error *err)
{
    const struct str head = STR("no such table: "), schema = STR("main.");
    struct str message = str_of(sqlite3_errmsg(reader->db));
    *ret_made = false;
    if (!reader->gate || !str_starts_with(message, head))
        return NEXUS_OK;
    message = str_slice(message, head.length, message.length);
    if (str_starts_with(message, schema))
        message = str_slice(message, schema.length, message.length);
    STRBUF_SCOPED name = {0};
    strbuf_add(&name, message);
    if (name.failed)
        return fail_no_memory(err);
    sqlite3_set_authorizer(reader->db, NULL, NULL);
    enum nexus_status status =
        name.length ? gate_make_view(reader->gate, name.at, ret_made, err) : NEXUS_OK;
    sqlite3_set_authorizer(reader->db, authorize, reader);
    return status;
}

/** Where the file is empty, or a database of somebody else's, the SQL is not to blame. Nothing is
 * read before: to open a reader and to close it again leaves the files as they are. */
static enum nexus_status blame(struct store_reader *reader, enum nexus_status status,
                               const struct nexus_error *why, struct nexus_error *err)
{
    sqlite3 *db = reader->gate ? reader->gate->inner : reader->db;
    int64_t application_id = STORE_APPLICATION_ID;
    sqlite3_set_authorizer(reader->db, NULL, NULL);
    (void)connection_pragma(db, "PRAGMA application_id", &application_id, NULL);
    sqlite3_set_authorizer(reader->db, authorize, reader);
    if (application_id == STORE_APPLICATION_ID)
        return fail(err, status, "%s", why->message);
    return fail(err, NEXUS_ERROR_DATABASE, "'%s' is no database of Nexus: run 'nexus sync'",
                sqlite3_db_filename(db, "main"));
}

static enum nexus_status compile(struct store_reader *reader, struct str sql,
                                 sqlite3_stmt **ret_statement, const char **ret_tail,
                                 struct nexus_error *err)
{
    for (bool again = true; again;) {
        reader->was_denied = false;
        reader->shape = (struct gate_shape){0};
        if (sqlite3_prepare_v2(reader->db, sql.length ? sql.at : "", (int)sql.length, ret_statement,
                               ret_tail) == SQLITE_OK)
            return NEXUS_OK;
        struct nexus_error why = {0};
        enum nexus_status status = fail_query(&why, reader);
        TRY(make_missing(reader, &again, err));
        if (!again)
            return blame(reader, status, &why, err);
    }
    return NEXUS_OK;
}

static enum nexus_status prepare(struct store_reader *reader, struct str sql,
                                 struct store_rows **ret_rows, struct nexus_error *err)
{
    sqlite3_stmt *statement = NULL;
    const char *tail = NULL;
    TRY(compile(reader, sql, &statement, &tail, err));
    const struct gate_tally tally = {
        .is_alike = gate_cannot_tell_apart(&reader->shape),
        .weight = 1,
    };
    size_t used = sql.length ? (size_t)(tail - sql.at) : 0;
    enum nexus_status status =
        check_statement(reader->db, statement, str_slice(sql, used, sql.length), err);
    struct store_rows *rows = status == NEXUS_OK ? calloc(1, sizeof *rows) : NULL;
    if (status == NEXUS_OK && !rows)
        status = fail_no_memory(err);
    if (status != NEXUS_OK) {
        sqlite3_finalize(statement);
        return status;
    }
    *rows = (struct store_rows){.reader = reader, .statement = statement, .tally = tally};
    *ret_rows = rows;
    return NEXUS_OK;
}

enum nexus_status store_query(struct store_reader *reader, struct str sql,
                              struct store_rows **ret_rows, struct nexus_error *err)
{
    TRY(check_text(reader, sql, err));
    TRY(begin_moment(reader, err));
    enum nexus_status status = prepare(reader, sql, ret_rows, err);
    if (status != NEXUS_OK)
        end_moment(reader);
    return status;
}

void store_rows_close(struct store_rows *rows)
{
    if (!rows)
        return;
    sqlite3_finalize(rows->statement);
    end_moment(rows->reader);
    free(rows);
}

static enum nexus_status find_parameter(const struct store_rows *rows, const char *name,
                                        int position, int *ret_index, struct nexus_error *err)
{
    int index = name ? sqlite3_bind_parameter_index(rows->statement, name) : position;
    if (name && !index)
        return fail(err, NEXUS_ERROR_ARGUMENT, "the statement has no parameter '%s'", name);
    if (index < 1 || index > sqlite3_bind_parameter_count(rows->statement))
        return fail(err, NEXUS_ERROR_ARGUMENT, "the statement has no parameter %d", position);
    if (rows->has_started)
        return fail(err, NEXUS_ERROR_ARGUMENT, "parameters get their values before the first row");
    *ret_index = index;
    return NEXUS_OK;
}

enum nexus_status store_rows_bind_text(struct store_rows *rows, const char *name, int position,
                                       struct str value, struct nexus_error *err)
{
    int index = 0;
    TRY(find_parameter(rows, name, position, &index, err));
    int code = sqlite3_bind_text64(rows->statement, index, value.at ? value.at : "", value.length,
                                   SQLITE_TRANSIENT, SQLITE_UTF8);
    return code == SQLITE_OK ? NEXUS_OK : fail_query(err, rows->reader);
}

enum nexus_status store_rows_bind_integer(struct store_rows *rows, const char *name, int position,
                                          int64_t value, struct nexus_error *err)
{
    int index = 0;
    TRY(find_parameter(rows, name, position, &index, err));
    if (name && strcmp(name, ":id") == 0)
        rows->object_id = value;
    int code = sqlite3_bind_int64(rows->statement, index, value);
    return code == SQLITE_OK ? NEXUS_OK : fail_query(err, rows->reader);
}

/** What is handed out through the gate is recorded before. */
static enum nexus_status record_access(const struct store_rows *rows, struct nexus_error *err)
{
    const struct gate *gate = rows->reader->gate;
    if (rows->has_started || !gate || !gate->options.record)
        return NEXUS_OK;
    const struct store_access access = {
        .statement = str_of(sqlite3_sql(rows->statement)),
        .object_id = rows->object_id,
    };
    return gate->options.record(gate->options.context, &access, err);
}

enum nexus_status store_rows_next(struct store_rows *rows, bool *ret_more, struct nexus_error *err)
{
    TRY(record_access(rows, err));
    rows->has_started = true;
    int code = gate_step(rows->reader->gate, &rows->tally, rows->statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return fail_query(err, rows->reader);
    *ret_more = code == SQLITE_ROW;
    return NEXUS_OK;
}

int store_rows_column_count(const struct store_rows *rows)
{
    return sqlite3_column_count(rows->statement);
}

const char *store_rows_column_name(const struct store_rows *rows, int column)
{
    const char *name = sqlite3_column_name(rows->statement, column);
    return name ? name : "";
}

enum store_type store_rows_type(const struct store_rows *rows, int column)
{
    switch (sqlite3_column_type(rows->statement, column)) {
    case SQLITE_INTEGER: return STORE_INTEGER;
    case SQLITE_FLOAT: return STORE_REAL;
    case SQLITE_TEXT: return STORE_TEXT;
    case SQLITE_BLOB: return STORE_BLOB;
    default: return STORE_NULL;
    }
}

int64_t store_rows_integer(struct store_rows *rows, int column)
{
    return sqlite3_column_int64(rows->statement, column);
}

double store_rows_real(struct store_rows *rows, int column)
{
    return sqlite3_column_double(rows->statement, column);
}

struct str store_rows_text(struct store_rows *rows, int column)
{
    const char *text = (const char *)sqlite3_column_text(rows->statement, column);
    if (!text)
        return STR("");
    return (struct str){text, (size_t)sqlite3_column_bytes(rows->statement, column)};
}

// SPDX-License-Identifier: MIT
/*
 * The INSTEAD OF triggers of typed views, as SQL that the stock shell can run: first everything
 * that can be told at once is checked (view_checks.c), then the tables are written, whose own
 * triggers (triggers.sql) do the rest.
 *
 * An UPDATE touches only properties whose column got another value, so a number keeps its text and
 * an explicit null stays where nobody meant it. json_set() takes all of them in one call; where
 * there is nothing to set, its path is one that leads nowhere in an object ($[0]). SQLite takes up
 * to 127 arguments, hence the nested calls.
 *
 * Names come from anywhere: see view.c.
 */
#include "store/view_triggers.h"

#include "store/view.h"
#include "store/view_checks.h"

enum {
    SQL_LIMIT = 1000000,
    PAIRS_OF_A_CALL = 60,  /* of path and value */
    PATHS_OF_A_CALL = 120, /* to remove */
};

enum row { ROW_NEW, ROW_OLD };

static const char *const verb_names[] = {
    [VIEW_INSERT] = "insert",
    [VIEW_UPDATE] = "update",
    [VIEW_DELETE] = "delete",
};

#define NOW "strftime('%%Y-%%m-%%dT%%H:%%M:%%fZ', 'now')"

char *view_trigger_name(enum view_verb verb, const char *view)
{
    return sqlite3_mprintf("nx_%s_%s", verb_names[verb], view);
}

/** "WHEN the column has another value (for an INSERT: has one)" without the WHEN. */
static void add_is_set(sqlite3_str *sql, const struct view_column *column)
{
    if (column->verb == VIEW_UPDATE)
        sqlite3_str_appendf(sql, "%s IS NOT %s", column->new_value, column->old_value);
    else
        sqlite3_str_appendf(sql, "%s IS NOT NULL", column->new_value);
}

/** 0.1 stays 0.1, and every other double keeps all that it says. One that stays as it is is not
 *  used: a file may say 1e400, which is no JSON once it is a double. */
static void add_real(sqlite3_str *sql, const struct view_column *column)
{
    const char *value = column->new_value;
    sqlite3_str_appendall(sql, "json(CASE ");
    if (column->verb == VIEW_UPDATE)
        sqlite3_str_appendf(sql, "WHEN %s IS %s THEN 'null' ", value, column->old_value);
    sqlite3_str_appendf(sql,
                        "WHEN CAST(printf('%%!.15g', %s) AS REAL) = %s"
                        " THEN printf('%%!.15g', %s) ELSE printf('%%!.17g', %s) END)",
                        value, value, value, value);
}

static void add_boolean(sqlite3_str *sql, const char *value)
{
    sqlite3_str_appendf(sql, "json(CASE WHEN %s THEN 'true' ELSE 'false' END)", value);
}

/** The type that the property has in the content: what a value becomes where the schema does not
 *  say. */
static void add_old_type(sqlite3_str *sql, const struct view_column *column)
{
    sqlite3_str_appendf(sql,
                        "(SELECT json_type(content_json, '$.\"%.*q\"') FROM object_content WHERE "
                        "object_id = old._id)",
                        (int)column->binding->property.length, column->binding->property.at);
}

static void add_integer_case(sqlite3_str *sql, const struct view_column *column)
{
    const char *value = column->new_value;
    bool is_numeric = column->types & (COLUMN_INTEGER | COLUMN_NUMBER);
    if (column->types & COLUMN_BOOLEAN && !is_numeric) {
        add_boolean(sql, value);
    } else if (!column->types && column->verb == VIEW_UPDATE) {
        sqlite3_str_appendf(sql, "CASE WHEN %s IN (0, 1) AND ", value);
        add_old_type(sql, column);
        sqlite3_str_appendall(sql, " IN ('true', 'false') THEN ");
        add_boolean(sql, value);
        sqlite3_str_appendf(sql, " ELSE %s END", value);
    } else {
        sqlite3_str_appendall(sql, value);
    }
}

static void add_real_case(sqlite3_str *sql, const struct view_column *column)
{
    if (column->types & COLUMN_INTEGER && !(column->types & COLUMN_NUMBER))
        sqlite3_str_appendf(sql, "CAST(%s AS INTEGER)", column->new_value);
    else
        add_real(sql, column);
}

/** JSON text becomes the array or object that it is, where there may be one. */
static void add_text_case(sqlite3_str *sql, const struct view_column *column)
{
    const char *value = column->new_value;
    bool has_array = column->types & COLUMN_ARRAY, has_object = column->types & COLUMN_OBJECT;
    bool is_open = !column->types && column->verb == VIEW_UPDATE;
    if (!has_array && !has_object && !is_open) {
        sqlite3_str_appendall(sql, value);
        return;
    }
    sqlite3_str_appendf(
        sql, "CASE WHEN CASE WHEN json_valid(%s) THEN json_type(%s) END IN (%s%s%s)", value, value,
        has_array || is_open ? "'array'" : "", (has_array && has_object) || is_open ? ", " : "",
        has_object || is_open ? "'object'" : "");
    if (is_open) {
        sqlite3_str_appendall(sql, " AND ");
        add_old_type(sql, column);
        sqlite3_str_appendall(sql, " IN ('array', 'object')");
    }
    sqlite3_str_appendf(sql, " THEN json(%s) ELSE %s END", value, value);
}

static bool takes_only(const struct view_column *column, unsigned types)
{
    return column->types & types && !(column->types & ~(types | COLUMN_NULL));
}

/** The value as json_set() takes it: one that has passed the checks, is NULL, or stays as it is, in
 * which case it does not matter but must not be an error. */
static void add_value(sqlite3_str *sql, const struct view_column *column)
{
    const char *value = column->new_value;
    if (column->is_text) {
        sqlite3_str_appendf(sql, "CAST(%s AS TEXT)", value);
        return;
    }
    if (takes_only(column, COLUMN_BOOLEAN)) {
        add_boolean(sql, value);
        return;
    }
    if (takes_only(column, COLUMN_ARRAY | COLUMN_OBJECT)) {
        sqlite3_str_appendf(sql, "CASE WHEN json_valid(%s) THEN json(%s) END", value, value);
        return;
    }
    sqlite3_str_appendf(sql, "CASE typeof(%s) WHEN 'integer' THEN ", value);
    add_integer_case(sql, column);
    sqlite3_str_appendall(sql, " WHEN 'real' THEN ");
    add_real_case(sql, column);
    sqlite3_str_appendall(sql, " ELSE ");
    add_text_case(sql, column);
    sqlite3_str_appendall(sql, " END");
}

static bool is_counted(const struct view_column *column)
{
    bool may_be_number = !column->types || column->types & (COLUMN_INTEGER | COLUMN_NUMBER);
    return column->is_fresh_key && may_be_number;
}

/** Before the INSERT of an item without its key: what the next number is, unless that is known. */
static void add_count(sqlite3_str *sql, const struct view *view, const struct view_column *key)
{
    struct str property = key->binding->property;
    long long schema = (long long)view->schema_id;
    sqlite3_str_appendf(sql,
                        " INSERT OR REPLACE INTO nx_next_key(schema_id, key, seq)"
                        " SELECT %lld, (SELECT coalesce(max(json_extract(c.content_json,"
                        " '$.\"%.*q\"')), 0) + 1 FROM data_objects o"
                        " JOIN object_content c ON c.object_id = o.id WHERE o.schema_id = %lld"
                        " AND CASE WHEN json_valid(c.content_json)"
                        " THEN json_type(c.content_json, '$.\"%.*q\"') END = 'integer'),"
                        " coalesce((SELECT max(seq) FROM changes), 0) WHERE %s IS NULL"
                        " AND NOT EXISTS(SELECT 1 FROM nx_next_key WHERE schema_id = %lld"
                        " AND seq = (SELECT max(seq) FROM changes));",
                        schema, STR_ARG(property), schema, STR_ARG(property), key->new_value,
                        schema);
}

/** After it. */
static void add_count_on(sqlite3_str *sql, const struct view *view, const struct view_column *key)
{
    sqlite3_str_appendf(
        sql,
        " UPDATE nx_next_key SET key = key + 1, seq = (SELECT max(seq) FROM changes)"
        " WHERE schema_id = %lld AND %s IS NULL;",
        (long long)view->schema_id, key->new_value);
}

/** A value that nobody gave for the key of a collection's item: the next number, or a text that
 *  nobody has. */
static void add_fresh_key(sqlite3_str *sql, const struct view_column *column, int64_t schema_id)
{
    if (is_counted(column))
        sqlite3_str_appendf(sql, "(SELECT key FROM nx_next_key WHERE schema_id = %lld)",
                            (long long)schema_id);
    else
        sqlite3_str_appendall(sql, "lower(hex(randomblob(8)))");
}

static void add_pair(sqlite3_str *sql, const struct view *view, const struct view_column *column)
{
    struct str property = column->binding->property;
    if (column->is_fresh_key) {
        sqlite3_str_appendf(sql, ", '$.\"%.*q\"', CASE WHEN %s IS NULL THEN ", (int)property.length,
                            property.at, column->new_value);
        add_fresh_key(sql, column, view->schema_id);
        sqlite3_str_appendall(sql, " ELSE ");
        add_value(sql, column);
        sqlite3_str_appendall(sql, " END");
        return;
    }
    sqlite3_str_appendall(sql, ", CASE WHEN ");
    add_is_set(sql, column); /* to NULL, too: add_removal() takes that out again */
    sqlite3_str_appendf(sql, " THEN '$.\"%.*q\"' ELSE '$[0]' END, ", (int)property.length,
                        property.at);
    add_value(sql, column);
}

static void add_removal(sqlite3_str *sql, const struct view_column *column)
{
    sqlite3_str_appendf(
        sql, ", CASE WHEN %s IS NULL AND %s IS NOT NULL THEN '$.\"%.*q\"' ELSE '$[0]' END",
        column->new_value, column->old_value, (int)column->binding->property.length,
        column->binding->property.at);
}

static size_t calls_for(const struct view *view, size_t items)
{
    return (view->settable_count + items - 1) / items;
}

/** The columns that can be set, in calls nested into each other. */
static void add_pairs(sqlite3_str *sql, const struct view *view, const char *content)
{
    size_t in_call = 0;
    for (size_t i = 0; i < calls_for(view, PAIRS_OF_A_CALL); i++)
        sqlite3_str_appendall(sql, "json_set(");
    sqlite3_str_appendall(sql, content);
    for (size_t i = 0; i < view->settable_count; i++) {
        add_pair(sql, view, &view->settable[i]);
        if (++in_call == PAIRS_OF_A_CALL || i + 1 == view->settable_count) {
            sqlite3_str_appendall(sql, ")");
            in_call = 0;
        }
    }
}

static void add_content(sqlite3_str *sql, const struct view *view)
{
    size_t in_call = 0;
    for (size_t i = 0; i < calls_for(view, PATHS_OF_A_CALL); i++)
        sqlite3_str_appendall(sql, "json_remove(");
    add_pairs(sql, view, "content_json");
    for (size_t i = 0; i < view->settable_count; i++) {
        add_removal(sql, &view->settable[i]);
        if (++in_call == PATHS_OF_A_CALL || i + 1 == view->settable_count) {
            sqlite3_str_appendall(sql, ")");
            in_call = 0;
        }
    }
}

static void add_list(sqlite3_str *sql, const struct view *view, enum row row)
{
    for (size_t i = 0; i < view->settable_count; i++)
        sqlite3_str_appendf(sql, "%s%s", i ? ", " : "",
                            row == ROW_NEW ? view->settable[i].new_value
                                           : view->settable[i].old_value);
}

/** "some column has another value": of rows, since SQLite would nest a chain of ORs. */
static void add_is_any_set(sqlite3_str *sql, const struct view *view)
{
    sqlite3_str_appendall(sql, "(");
    add_list(sql, view, ROW_NEW);
    sqlite3_str_appendall(sql, ") IS NOT (");
    add_list(sql, view, ROW_OLD);
    sqlite3_str_appendall(sql, ")");
}

static void add_update(sqlite3_str *sql, const struct view *view)
{
    if (view->settable_count) {
        sqlite3_str_appendall(sql, " UPDATE object_content SET content_json ="
                                   " CASE json_type(content_json) WHEN 'object' THEN ");
        add_content(sql, view);
        sqlite3_str_appendf(sql, " ELSE RAISE(ABORT, %Q) END WHERE object_id = old._id AND ",
                            view->not_an_object);
        add_is_any_set(sql, view);
        sqlite3_str_appendall(sql, ";");
    }
    sqlite3_str_appendall(sql, " UPDATE data_objects SET file_path = new._path"
                               " WHERE id = old._id AND new._path IS NOT old._path;");
}

static const struct view_column *find_counted(const struct view *view)
{
    for (size_t i = 0; i < view->settable_count; i++)
        if (is_counted(&view->settable[i]))
            return &view->settable[i];
    return NULL;
}

static void add_insert(sqlite3_str *sql, const struct view *view)
{
    const struct view_column *key = find_counted(view);
    if (key)
        add_count(sql, view, key);
    sqlite3_str_appendf(sql,
                        " INSERT INTO data_objects(schema_id, file_path, updated_at, created_at)"
                        " VALUES(%lld, new._path, " NOW ", " NOW ");"
                        " INSERT INTO object_content(object_id, content_json)"
                        " VALUES(last_insert_rowid(), ",
                        (long long)view->schema_id);
    if (view->settable_count)
        add_pairs(sql, view, "'{}'");
    else
        sqlite3_str_appendall(sql, "'{}'");
    sqlite3_str_appendall(sql, ");");
    if (key)
        add_count_on(sql, view, key);
}

static void add_head(sqlite3_str *sql, const struct view *view)
{
    const char *verb = verb_names[view->verb];
    sqlite3_str_appendf(sql, "CREATE TRIGGER \"nx_%s_%w\" INSTEAD OF %s ON \"%w\" BEGIN", verb,
                        view->name, verb, view->name);
}

static char *full_definition(const struct view *view)
{
    sqlite3_str *sql = sqlite3_str_new(NULL);
    add_head(sql, view);
    if (view->verb != VIEW_DELETE)
        view_add_checks(sql, view);
    if (view->verb == VIEW_INSERT)
        add_insert(sql, view);
    else if (view->verb == VIEW_UPDATE)
        add_update(sql, view);
    else
        sqlite3_str_appendall(sql, " DELETE FROM data_objects WHERE id = old._id;");
    sqlite3_str_appendall(sql, " END");
    return sqlite3_str_finish(sql);
}

static char *refusing_definition(const struct view *view)
{
    sqlite3_str *sql = sqlite3_str_new(NULL);
    add_head(sql, view);
    sqlite3_str_appendf(sql, " SELECT RAISE(ABORT, %Q); END", view->too_wide);
    return sqlite3_str_finish(sql);
}

char *view_trigger_definition(enum view_verb verb, int64_t schema_id, struct str schema_name,
                              const struct binding *binding)
{
    struct view view;
    char *sql = NULL;
    if (view_open(&view, verb, schema_id, schema_name, binding))
        sql = full_definition(&view);
    if (sql && strlen(sql) > SQL_LIMIT) {
        sqlite3_free(sql);
        sql = refusing_definition(&view);
    }
    view_close(&view);
    return sql;
}

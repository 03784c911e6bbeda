// SPDX-License-Identifier: MIT
/*
 * The SQL of typed views. Names come from schemas, which come from anywhere: they enter SQL through
 * %w and %Q alone.
 *
 * SQLite's JSON paths cannot name every key: a quoted label ends at the next quote and is compared
 * with the key's bytes as the JSON has them. A property whose name JSON must escape is looked up by
 * json_each() instead, which compares the decoded key.
 *
 * One malformed content would make a view fail for all rows, so such rows are left out;
 * json_valid() costs nothing, because SQLite parses a row's JSON once for all functions of a
 * statement.
 */
#include "store/view.h"

#include <stdlib.h>

#define PRINTF_NAME(text) (int)(text).length, (text).at

/* _id, _path, _created_at, _updated_at */
static const char *const fixed_columns[] = {"_id", "_path", "_created_at", "_updated_at"};
enum { FIXED_COLUMNS = sizeof fixed_columns / sizeof fixed_columns[0] };

/* SQLite's own defaults: a build with higher ones must not make what others cannot read. */
enum { COLUMN_LIMIT = 2000, SQL_LIMIT = 1000000 };

bool property_has_path(struct str property)
{
    for (size_t i = 0; i < property.length; i++) {
        unsigned char c = (unsigned char)property.at[i];
        if (c < 0x20 || c == '"' || c == '\\')
            return false;
    }
    return property.length > 0;
}

char *view_name(struct str schema_name)
{
    char *name = sqlite3_mprintf("%.*s", PRINTF_NAME(schema_name));
    for (char *at = name; at && *at; at++)
        if (*at == '.' || *at == '-')
            *at = '_';
    return name;
}

/** The value of the property in the object_content row `alias`. */
static void add_value(sqlite3_str *sql, const char *alias, struct str property)
{
    if (!property_has_path(property)) {
        sqlite3_str_appendf(sql, "(SELECT value FROM json_each(%scontent_json) WHERE key = '%.*q')",
                            alias, PRINTF_NAME(property));
        return;
    }
    sqlite3_str_appendf(sql, "json_extract(%scontent_json, '$.\"%.*q\"')", alias,
                        PRINTF_NAME(property));
}

char *view_definition(int64_t schema_id, struct str schema_name, const struct binding *binding)
{
    char *name = view_name(schema_name);
    if (!name)
        return NULL;
    sqlite3_str *sql = sqlite3_str_new(NULL);
    sqlite3_str_appendf(sql, "CREATE VIEW \"%w\" AS SELECT o.id AS _id, o.file_path AS _path, ",
                        name);
    sqlite3_str_appendall(sql, "o.created_at AS _created_at, o.updated_at AS _updated_at");
    for (size_t i = 0; i < binding->column_count; i++) {
        const struct binding_column *column = &binding->columns[i];
        sqlite3_str_appendall(sql, ", ");
        add_value(sql, "c.", column->property);
        sqlite3_str_appendf(sql, " AS \"%.*w\"", PRINTF_NAME(column->name));
    }
    sqlite3_str_appendf(sql,
                        " FROM data_objects o JOIN object_content c ON c.object_id = o.id"
                        " WHERE o.schema_id = %lld AND json_valid(c.content_json)",
                        (long long)schema_id);
    sqlite3_free(name);
    return sqlite3_str_finish(sql);
}

char *property_index_name(struct str property)
{
    char hash[HASH_TEXT_SIZE];
    return sqlite3_mprintf("nx_index_%s", hash_format(hash_of(property), hash));
}

char *property_index_definition(struct str property)
{
    char *name = property_index_name(property);
    if (!name)
        return NULL;
    sqlite3_str *sql = sqlite3_str_new(NULL);
    sqlite3_str_appendf(sql, "CREATE INDEX \"%w\" ON object_content(", name);
    add_value(sql, "", property);
    sqlite3_str_appendall(sql, ") WHERE ");
    add_value(sql, "", property);
    sqlite3_str_appendall(sql, " IS NOT NULL");
    sqlite3_free(name);
    return sqlite3_str_finish(sql);
}

static enum nexus_status check_owner(struct store *store, struct str schema_name, const char *name,
                                     struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool found;
    TRY(query_open(&query, &store->statements, SQL_view_owner, err));
    query_text(&query, str_of(name));
    TRY(query_next(&query, &found, err));
    if (found && !str_equal(column_text(&query, 1), schema_name))
        return fail(err, NEXUS_ERROR_INVALID,
                    "the view of '%.*s' would be '%s', which is the view of '%.*s'",
                    STR_ARG(schema_name), name, STR_ARG(column_text(&query, 1)));
    return NEXUS_OK;
}

static bool is_reserved(const char *name)
{
    return sqlite3_strnicmp(name, "sqlite_", 7) == 0 || sqlite3_strnicmp(name, "nx_", 3) == 0 ||
           sqlite3_strnicmp(name, "pragma_", 7) == 0;
}

static enum nexus_status check_name(struct store *store, struct str schema_name, const char *name,
                                    struct nexus_error *err)
{
    if (!schema_name.length || memchr(schema_name.at, '\0', schema_name.length))
        return fail(err, NEXUS_ERROR_INVALID, "a schema's name must be text without NUL");
    if (is_reserved(name))
        return fail(err, NEXUS_ERROR_INVALID,
                    "the view of '%.*s' would be '%s', and such names are reserved",
                    STR_ARG(schema_name), name);
    TRY(check_owner(store, schema_name, name, err));
    QUERY_SCOPED query = {0};
    bool found;
    TRY(query_open(&query, &store->statements, SQL_view_is_taken, err));
    query_text(&query, str_of(name));
    TRY(query_next(&query, &found, err));
    if (found)
        return fail(err, NEXUS_ERROR_INVALID,
                    "the view of '%.*s' would be '%s', which the database has already",
                    STR_ARG(schema_name), name);
    return NEXUS_OK;
}

struct named_column {
    struct str name, property;
};

/** As SQLite compares names: without the case of ASCII letters. */
static int by_name(const void *a, const void *b)
{
    const struct named_column *left = a, *right = b;
    size_t shorter =
        left->name.length < right->name.length ? left->name.length : right->name.length;
    int order = shorter ? sqlite3_strnicmp(left->name.at, right->name.at, (int)shorter) : 0;
    if (order)
        return order;
    return (left->name.length > right->name.length) - (left->name.length < right->name.length);
}

static enum nexus_status check_twins(struct named_column *columns, size_t count,
                                     struct nexus_error *err)
{
    qsort(columns, count, sizeof *columns, by_name);
    for (size_t i = 1; i < count; i++) {
        const struct named_column *one = &columns[i - 1], *other = &columns[i];
        if (by_name(one, other) != 0)
            continue;
        if (!one->property.at || !other->property.at)
            return fail(err, NEXUS_ERROR_INVALID,
                        "the column '%.*s' is Nexus's own (x-nexus.columns can rename it)",
                        STR_ARG(one->name));
        return fail(err, NEXUS_ERROR_INVALID,
                    "the columns '%.*s' and '%.*s' are the same to SQL (x-nexus.columns can rename "
                    "one)",
                    STR_ARG(one->name), STR_ARG(other->name));
    }
    return NEXUS_OK;
}

static enum nexus_status check_columns(const struct binding *binding, struct nexus_error *err)
{
    size_t count = binding->column_count + FIXED_COLUMNS;
    struct named_column *columns = calloc(count, sizeof *columns);
    if (!columns)
        return fail_no_memory(err);
    for (size_t i = 0; i < FIXED_COLUMNS; i++)
        columns[i].name = str_of(fixed_columns[i]);
    enum nexus_status status = NEXUS_OK;
    for (size_t i = 0; i < binding->column_count && status == NEXUS_OK; i++) {
        const struct binding_column *column = &binding->columns[i];
        columns[i + FIXED_COLUMNS] = (struct named_column){column->name, column->property};
        if ((column->name.length && memchr(column->name.at, '\0', column->name.length)) ||
            (column->property.length && memchr(column->property.at, '\0', column->property.length)))
            status = fail(err, NEXUS_ERROR_INVALID,
                          "the property '%.*s' cannot be a column: its name holds a NUL",
                          STR_ARG(column->property));
    }
    if (status == NEXUS_OK)
        status = check_twins(columns, count, err);
    free(columns);
    return status;
}

static enum nexus_status check_indexes(const struct binding *binding, struct nexus_error *err)
{
    for (size_t i = 0; i < binding->index_count; i++)
        if (!property_has_path(binding->indexes[i]))
            return fail(err, NEXUS_ERROR_INVALID, "the property '%.*s' cannot be indexed",
                        STR_ARG(binding->indexes[i]));
    return NEXUS_OK;
}

static enum nexus_status check_size(struct str schema_name, const struct binding *binding,
                                    struct nexus_error *err)
{
    if (binding->column_count + FIXED_COLUMNS > COLUMN_LIMIT)
        return fail(err, NEXUS_ERROR_INVALID, "'%.*s' has %zu properties; a view holds %d",
                    STR_ARG(schema_name), binding->column_count, COLUMN_LIMIT - FIXED_COLUMNS);
    char *sql = view_definition(INT64_MAX, schema_name, binding);
    if (!sql)
        return fail_no_memory(err);
    bool is_too_long = strlen(sql) > SQL_LIMIT;
    sqlite3_free(sql);
    if (is_too_long)
        return fail(err, NEXUS_ERROR_INVALID, "the names of the properties of '%.*s' are too long",
                    STR_ARG(schema_name));
    return NEXUS_OK;
}

enum nexus_status view_check(struct store *store, struct str schema_name,
                             const struct binding *binding, struct nexus_error *err)
{
    char *name = view_name(schema_name);
    if (!name)
        return fail_no_memory(err);
    enum nexus_status status = check_name(store, schema_name, name, err);
    sqlite3_free(name);
    if (status == NEXUS_OK)
        status = check_columns(binding, err);
    if (status == NEXUS_OK)
        status = check_indexes(binding, err);
    if (status == NEXUS_OK)
        status = check_size(schema_name, binding, err);
    return status;
}

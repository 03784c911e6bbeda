// SPDX-License-Identifier: MIT
#include "store/schemas.h"

#include "store/connection.h"
#include "store/shape.h"
#include "store/view.h"
#include "store/view_triggers.h"

static struct store_schema read_row(const struct query *query, struct arena *arena)
{
    return (struct store_schema){
        .id = column_integer(query, 0),
        .name = column_copy(query, 1, arena),
        .definition_json = column_copy(query, 2, arena),
        .version = column_integer(query, 3),
    };
}

enum nexus_status store_schemas_list(struct store *store, struct arena *arena,
                                     struct store_schema **ret_schemas, size_t *ret_count,
                                     struct nexus_error *err)
{
    struct store_schema *schemas = NULL;
    size_t count = 0, capacity = 0;
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_schemas_list, err));
    for (bool row;;) {
        TRY(query_next(&query, &row, err));
        if (!row)
            break;
        if (!arena_reserve(arena, &schemas, &capacity, count + 1, sizeof *schemas))
            return fail_no_memory(err);
        schemas[count++] = read_row(&query, arena);
    }
    if (arena->failed)
        return fail_no_memory(err);
    *ret_schemas = schemas;
    *ret_count = count;
    return NEXUS_OK;
}

/** Makes a view or trigger what it is to be; nothing is written when it is so. */
static enum nexus_status make_shape(struct store *store, const char *type, const char *name,
                                    const char *wanted, struct nexus_error *err)
{
    STRBUF_SCOPED sql = {0};
    bool found;
    TRY(shape_find(store, type, name, &sql, &found, err));
    if (!found || !str_is(strbuf_str(&sql), wanted)) {
        if (found)
            TRY(store_run_sql(store, sqlite3_mprintf("DROP %s \"%w\"", type, name), err));
        TRY(connection_run(store->db, str_of(wanted), err));
    }
    return shape_expect(store, type, name, wanted, err);
}

typedef enum nexus_status shape_action(struct store *store, const char *type, const char *name,
                                       const char *sql, struct nexus_error *err);

static enum nexus_status for_trigger(struct store *store, enum view_verb verb, const char *view,
                                     int64_t schema_id, struct str schema_name,
                                     const struct binding *binding, shape_action *action,
                                     struct nexus_error *err)
{
    char *name = view_trigger_name(verb, view);
    char *sql = view_trigger_definition(verb, schema_id, schema_name, binding);
    enum nexus_status status =
        name && sql ? action(store, "trigger", name, sql, err) : fail_no_memory(err);
    sqlite3_free(sql);
    sqlite3_free(name);
    return status;
}

/** The view first: its triggers go with it. */
static enum nexus_status for_view(struct store *store, const char *name, int64_t schema_id,
                                  struct str schema_name, const struct binding *binding,
                                  shape_action *action, struct nexus_error *err)
{
    char *sql = view_definition(schema_id, schema_name, binding);
    if (!sql)
        return fail_no_memory(err);
    enum nexus_status status = action(store, "view", name, sql, err);
    sqlite3_free(sql);
    for (int verb = 0; verb < VIEW_VERB_COUNT && status == NEXUS_OK; verb++)
        status = for_trigger(store, (enum view_verb)verb, name, schema_id, schema_name, binding,
                             action, err);
    return status;
}

enum nexus_status store_view_expect(struct store *store, int64_t schema_id, struct str schema_name,
                                    const struct binding *binding, struct nexus_error *err)
{
    char *name = view_name(schema_name);
    if (!name)
        return fail_no_memory(err);
    enum nexus_status status =
        for_view(store, name, schema_id, schema_name, binding, shape_expect, err);
    sqlite3_free(name);
    return status;
}

static enum nexus_status record_view(struct store *store, int64_t schema_id, const char *name,
                                     struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_view_add, err));
    query_integer(&query, schema_id);
    query_text(&query, str_of(name));
    return query_run(&query, err);
}

static enum nexus_status refresh(struct store *store, int64_t schema_id, struct str schema_name,
                                 const struct binding *binding, struct nexus_error *err)
{
    char *name = view_name(schema_name);
    if (!name)
        return fail_no_memory(err);
    enum nexus_status status =
        for_view(store, name, schema_id, schema_name, binding, make_shape, err);
    if (status == NEXUS_OK)
        status = record_view(store, schema_id, name, err);
    sqlite3_free(name);
    if (status == NEXUS_OK)
        status = property_indexes_record(store, schema_id, binding, err);
    if (status == NEXUS_OK)
        status = property_indexes_make(store, err);
    return status;
}

static enum nexus_status find_by_id(struct store *store, int64_t id, struct arena *arena,
                                    struct store_schema *schema, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool found;
    TRY(query_open(&query, &store->statements, SQL_schema_by_id, err));
    query_integer(&query, id);
    TRY(query_next(&query, &found, err));
    if (!found)
        return fail(err, NEXUS_ERROR_NOT_FOUND, "there is no schema %lld", (long long)id);
    *schema = read_row(&query, arena);
    return arena->failed ? fail_no_memory(err) : NEXUS_OK;
}

enum nexus_status store_view_refresh(struct store *store, int64_t schema_id,
                                     const struct binding *binding, struct nexus_error *err)
{
    struct arena arena = {0};
    struct store_schema schema = {0};
    enum nexus_status status = find_by_id(store, schema_id, &arena, &schema, err);
    if (status == NEXUS_OK)
        status = view_check(store, schema.name, binding, err);
    if (status == NEXUS_OK)
        status = refresh(store, schema_id, schema.name, binding, err);
    arena_finish(&arena);
    return status;
}

static enum nexus_status insert(struct store *store, struct store_schema *schema,
                                struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_schema_insert, err));
    query_text(&query, schema->name);
    query_text(&query, schema->definition_json);
    query_integer(&query, schema->version);
    query_text(&query, str_of(store->now));
    TRY(query_run(&query, err));
    schema->id = sqlite3_last_insert_rowid(store->db);
    return NEXUS_OK;
}

static enum nexus_status update(struct store *store, const struct store_schema *schema,
                                struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_schema_update, err));
    query_integer(&query, schema->id);
    query_text(&query, schema->definition_json);
    query_integer(&query, schema->version);
    query_text(&query, str_of(store->now));
    return query_run(&query, err);
}

static enum nexus_status keep_history(struct store *store, const struct store_schema *schema,
                                      struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    const struct str none = {NULL, 0};
    TRY(query_open(&query, &store->statements, SQL_schema_history_add, err));
    query_text(&query, schema->name);
    query_integer(&query, schema->version);
    query_text(&query, schema->definition_json);
    query_text(&query, str_of(store->now));
    TRY(query_run(&query, err));
    return feed_add(store, CHANGE_SCHEMA, ORIGIN_API, 0, none, schema->name, none, err);
}

/** What a name stands for: the row, and what was registered last. */
struct standing {
    struct store_schema row; /* id 0: there is none */
    int64_t version;         /* registered last; 0: none was, ever */
    bool is_row_same;        /* the row says what is wanted … */
    bool is_text_same;       /* … and so does what was registered */
};

static enum nexus_status find_row(struct store *store, struct str definition,
                                  struct standing *standing, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool found;
    TRY(query_open(&query, &store->statements, SQL_schema_by_name, err));
    query_text(&query, standing->row.name);
    TRY(query_next(&query, &found, err));
    if (!found)
        return NEXUS_OK;
    standing->row.id = column_integer(&query, 0);
    standing->row.version = column_integer(&query, 3);
    standing->is_row_same = str_equal(column_text(&query, 2), definition);
    return NEXUS_OK;
}

static enum nexus_status find_standing(struct store *store, struct str name, struct str definition,
                                       struct standing *standing, struct nexus_error *err)
{
    *standing = (struct standing){.row = {.name = name, .definition_json = definition}};
    TRY(find_row(store, definition, standing, err));
    QUERY_SCOPED query = {0};
    bool found;
    TRY(query_open(&query, &store->statements, SQL_schema_registered, err));
    query_text(&query, name);
    TRY(query_next(&query, &found, err));
    if (!found)
        return NEXUS_OK;
    standing->version = column_integer(&query, 0);
    standing->is_text_same = str_equal(column_text(&query, 1), definition);
    standing->is_row_same &= standing->row.version == standing->version;
    return NEXUS_OK;
}

static enum nexus_status put_version(struct store *store, struct store_schema *schema,
                                     int64_t last_version, int64_t wanted_version,
                                     struct nexus_error *err)
{
    int64_t next = last_version + 1;
    schema->version = wanted_version > next ? wanted_version : next;
    TRY(schema->id ? update(store, schema, err) : insert(store, schema, err));
    return keep_history(store, schema, err);
}

/** The same version in other words. */
static enum nexus_status reword(struct store *store, const struct store_schema *schema,
                                int64_t version, struct nexus_error *err)
{
    QUERY_SCOPED row = {0};
    TRY(query_open(&row, &store->statements, SQL_schema_reword, err));
    query_integer(&row, schema->id);
    query_text(&row, schema->definition_json);
    query_integer(&row, version);
    TRY(query_run(&row, err));
    QUERY_SCOPED history = {0};
    TRY(query_open(&history, &store->statements, SQL_schema_history_reword, err));
    query_text(&history, schema->name);
    query_integer(&history, version);
    query_text(&history, schema->definition_json);
    return query_run(&history, err);
}

enum nexus_status store_schema_check(struct store *store, struct str name,
                                     const struct binding *binding, struct nexus_error *err)
{
    return view_check(store, name, binding, err);
}

enum meaning { MEANS_ELSE, MEANS_THE_SAME };

static enum nexus_status put(struct store *store, struct str name, struct str definition_json,
                             enum meaning meaning, const struct binding *binding, int64_t *ret_id,
                             struct nexus_error *err)
{
    struct standing standing;
    TRY(view_check(store, name, binding, err));
    TRY(find_standing(store, name, definition_json, &standing, err));
    bool is_registered = standing.row.id && standing.version;
    bool is_same = standing.is_text_same || meaning == MEANS_THE_SAME;
    if (!is_registered || !is_same)
        TRY(put_version(store, &standing.row, standing.version, binding->version, err));
    else if (!standing.is_row_same || !standing.is_text_same)
        TRY(reword(store, &standing.row, standing.version, err));
    TRY(refresh(store, standing.row.id, name, binding, err));
    if (ret_id)
        *ret_id = standing.row.id;
    return NEXUS_OK;
}

enum nexus_status store_schema_put(struct store *store, struct str name, struct str definition_json,
                                   const struct binding *binding, int64_t *ret_id,
                                   struct nexus_error *err)
{
    return put(store, name, definition_json, MEANS_ELSE, binding, ret_id, err);
}

enum nexus_status store_schema_reword(struct store *store, struct str name,
                                      struct str definition_json, const struct binding *binding,
                                      int64_t *ret_id, struct nexus_error *err)
{
    return put(store, name, definition_json, MEANS_THE_SAME, binding, ret_id, err);
}

enum nexus_status schema_count_objects(struct store *store, int64_t id, int64_t *ret_count,
                                       struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool found;
    TRY(query_open(&query, &store->statements, SQL_schema_count_objects, err));
    query_integer(&query, id);
    TRY(query_next(&query, &found, err));
    *ret_count = column_integer(&query, 0);
    return NEXUS_OK;
}

static enum nexus_status check_unused(struct store *store, const struct store_schema *schema,
                                      struct nexus_error *err)
{
    int64_t count;
    TRY(schema_count_objects(store, schema->id, &count, err));
    if (count)
        return fail(err, NEXUS_ERROR_REFUSED,
                    "the schema '%.*s' has %lld object%s: delete them first, or give "
                    "them another schema",
                    STR_ARG(schema->name), (long long)count, count == 1 ? "" : "s");
    return NEXUS_OK;
}

static enum nexus_status forget(struct store *store, const struct store_schema *schema,
                                struct nexus_error *err)
{
    static const struct binding nothing;
    const struct str none = {NULL, 0};
    TRY(check_unused(store, schema, err));
    char *name = view_name(schema->name);
    if (!name)
        return fail_no_memory(err);
    enum nexus_status status =
        store_run_sql(store, sqlite3_mprintf("DROP VIEW IF EXISTS \"%w\"", name), err);
    shape_forget(store, name);
    sqlite3_free(name);
    if (status != NEXUS_OK)
        return status;
    TRY(property_indexes_record(store, schema->id, &nothing, err));
    TRY(property_indexes_make(store, err));
    TRY(store_run_on(store, SQL_view_delete, schema->id, err));
    TRY(store_run_on(store, SQL_schema_delete, schema->id, err));
    return feed_add(store, CHANGE_SCHEMA, ORIGIN_API, 0, none, schema->name, none, err);
}

enum nexus_status store_schema_delete(struct store *store, int64_t id, struct nexus_error *err)
{
    struct arena arena = {0};
    struct store_schema schema = {0};
    enum nexus_status status = find_by_id(store, id, &arena, &schema, err);
    if (status == NEXUS_OK)
        status = forget(store, &schema, err);
    arena_finish(&arena);
    return status;
}

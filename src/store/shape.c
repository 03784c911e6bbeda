// SPDX-License-Identifier: MIT
#include "store/shape.h"

#include "store/view_triggers.h"

#include <stdlib.h>

enum nexus_status shape_find(struct store *store, const char *type, const char *name,
                             struct strbuf *sql, bool *ret_found, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_shape_sql, err));
    query_text(&query, str_of(type));
    query_text(&query, str_of(name));
    TRY(query_next(&query, ret_found, err));
    if (*ret_found)
        strbuf_add(sql, column_text(&query, 0));
    return sql->failed ? fail_no_memory(err) : NEXUS_OK;
}

static void free_shape(struct expected_shape *shape)
{
    sqlite3_free(shape->name);
    sqlite3_free(shape->sql);
}

static void forget_all(struct store *store)
{
    for (size_t i = 0; i < store->shape_count; i++)
        free_shape(&store->shapes[i]);
    store->shape_count = 0;
}

static struct expected_shape *find(const struct store *store, const char *type, const char *name)
{
    for (size_t i = 0; i < store->shape_count; i++)
        if (strcmp(store->shapes[i].type, type) == 0 &&
            sqlite3_stricmp(store->shapes[i].name, name) == 0)
            return &store->shapes[i];
    return NULL;
}

static void forget(struct store *store, const char *type, const char *name)
{
    struct expected_shape *shape = name ? find(store, type, name) : NULL;
    if (!shape)
        return;
    free_shape(shape);
    /* The order counts: a view comes before its triggers. */
    size_t behind = store->shape_count - (size_t)(shape - store->shapes) - 1;
    memmove(shape, shape + 1, behind * sizeof *shape);
    store->shape_count--;
}

enum nexus_status shape_expect(struct store *store, const char *type, const char *name,
                               const char *sql, struct nexus_error *err)
{
    const struct expected_shape *known = find(store, type, name);
    if (known && strcmp(known->sql, sql) == 0)
        return NEXUS_OK;
    store->has_shape_hash = false; /* what was right is not any more */
    forget(store, type, name);
    struct expected_shape shape = {type, sqlite3_mprintf("%s", name), sqlite3_mprintf("%s", sql)};
    if (!shape.name || !shape.sql ||
        !array_reserve(&store->shapes, &store->shape_capacity, store->shape_count + 1,
                       sizeof shape)) {
        free_shape(&shape);
        return fail_no_memory(err);
    }
    store->shapes[store->shape_count++] = shape;
    store->has_new_shapes |= store_in_transaction(store);
    return NEXUS_OK;
}

void shape_rolled_back(struct store *store)
{
    if (store->has_new_shapes)
        forget_all(store);
    store->has_new_shapes = false;
}

void shape_forget(struct store *store, const char *view)
{
    forget(store, "view", view);
    for (int verb = 0; verb < VIEW_VERB_COUNT; verb++) {
        char *name = view_trigger_name((enum view_verb)verb, view);
        forget(store, "trigger", name);
        sqlite3_free(name);
    }
}

void shape_finish(struct store *store)
{
    forget_all(store);
    free(store->shapes);
}

bool shape_is_expected(const struct store *store, const char *type, const char *name)
{
    return find(store, type, name) != NULL;
}

// SPDX-License-Identifier: MIT
#include "store/permissions.h"

#include "store/internal.h"

/* Columns of permission_get. */
enum { UID, PATH, SHARE_WITH_AI };
/* Columns of permission_edit_next. */
enum { EDIT_ID, EDIT_OBJECT, EDIT_UID, EDIT_BEFORE, EDIT_AFTER = EDIT_BEFORE + 4 };

static enum permission_flag flag_of(const struct query *query, int column, struct arena *arena)
{
    struct str text = column_copy(query, column, arena);
    if (!text.at)
        return arena->failed ? FLAG_MALFORMED : FLAG_NO;
    return str_is(text, "0") ? FLAG_NO : str_is(text, "1") ? FLAG_YES : FLAG_MALFORMED;
}

/** Of four columns from there on. */
static struct permission row_of(const struct query *query, int first, struct arena *arena)
{
    return (struct permission){
        .share_with_ai = flag_of(query, first, arena),
        .share_with_cloud = flag_of(query, first + 1, arena),
        .read_only = flag_of(query, first + 2, arena),
        .expires_at = column_copy(query, first + 3, arena),
    };
}

enum nexus_status store_permission_get(struct store *store, int64_t object_id, struct arena *arena,
                                       struct store_permission *ret_permission,
                                       struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool row;
    TRY(query_open(&query, &store->statements, SQL_permission_get, err));
    query_integer(&query, object_id);
    TRY(query_next(&query, &row, err));
    if (!row)
        return fail(err, NEXUS_ERROR_NOT_FOUND, "there is no object %lld", (long long)object_id);
    const struct store_permission permission = {
        .object_id = object_id,
        .uid = column_copy(&query, UID, arena),
        .path = column_copy(&query, PATH, arena),
        .row = row_of(&query, SHARE_WITH_AI, arena),
    };
    if (arena->failed)
        return fail_no_memory(err);
    *ret_permission = permission;
    return NEXUS_OK;
}

enum nexus_status store_permission_decide(struct store *store, int64_t object_id,
                                          struct nexus_error *err)
{
    TRY(store_run_on(store, SQL_default_drop, object_id, err));
    return store_run_on(store, SQL_decided_put, object_id, err);
}

enum nexus_status store_permission_put(struct store *store,
                                       const struct store_permission *permission,
                                       enum change_origin origin, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    const struct permission *row = &permission->row;
    TRY(query_open(&query, &store->statements, SQL_permission_put, err));
    query_integer(&query, permission->object_id);
    query_integer(&query, row->share_with_ai == FLAG_YES);
    query_integer(&query, row->share_with_cloud == FLAG_YES);
    query_integer(&query, row->read_only != FLAG_NO);
    query_text_or_null(&query, row->expires_at);
    TRY(query_run(&query, err));
    query_close(&query);
    TRY(store_permission_decide(store, permission->object_id, err));
    return feed_add(store, CHANGE_PERMISSION, origin, permission->object_id, permission->uid,
                    permission->path, (struct str){NULL, 0}, err);
}

enum nexus_status store_permission_edit_take(struct store *store, struct arena *arena,
                                             struct store_permission_edit *ret_edit,
                                             bool *ret_found, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_permission_edit_next, err));
    TRY(query_next(&query, ret_found, err));
    if (!*ret_found)
        return NEXUS_OK;
    const struct store_permission_edit edit = {
        .object_id = column_integer(&query, EDIT_OBJECT),
        .uid = column_copy(&query, EDIT_UID, arena),
        .before = row_of(&query, EDIT_BEFORE, arena),
        .after = row_of(&query, EDIT_AFTER, arena),
    };
    int64_t id = column_integer(&query, EDIT_ID);
    query_close(&query);
    if (arena->failed)
        return fail_no_memory(err);
    *ret_edit = edit;
    return store_run_on(store, SQL_permission_edit_drop, id, err);
}

enum nexus_status store_permission_edit_first(struct store *store, int64_t object_id,
                                              struct arena *arena, struct permission *ret_before,
                                              bool *ret_found, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_permission_edit_of, err));
    query_integer(&query, object_id);
    TRY(query_next(&query, ret_found, err));
    if (*ret_found)
        *ret_before = row_of(&query, 0, arena);
    return arena->failed ? fail_no_memory(err) : NEXUS_OK;
}

/** Both lists: an id, and a text. */
static enum nexus_status list(struct store *store, enum statement statement, permission_line *each,
                              void *context, struct nexus_error *err)
{
    QUERY_SCOPED rows = {0};
    TRY(query_open(&rows, &store->statements, statement, err));
    for (bool row;;) {
        TRY(query_next(&rows, &row, err));
        if (!row)
            return NEXUS_OK;
        TRY(each(context, column_integer(&rows, 0), column_text(&rows, 1), err));
    }
}

enum nexus_status store_permissions_ending(struct store *store, permission_ending *each,
                                           void *context, struct nexus_error *err)
{
    return list(store, SQL_permissions_ending, each, context, err);
}

enum nexus_status store_permissions_lines(struct store *store, permission_line *each, void *context,
                                          struct nexus_error *err)
{
    return list(store, SQL_permissions_lines, each, context, err);
}

enum nexus_status store_clock_get(struct store *store, int64_t *ret_latest_ns,
                                  struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool row;
    TRY(query_open(&query, &store->statements, SQL_clock_get, err));
    TRY(query_next(&query, &row, err));
    *ret_latest_ns = 0;
    if (row && !time_parse(column_text(&query, 0), ret_latest_ns))
        *ret_latest_ns = INT64_MAX;
    return NEXUS_OK;
}

enum nexus_status store_clock_set(struct store *store, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_clock_set, err));
    query_text(&query, str_of(store->now));
    return query_run(&query, err);
}

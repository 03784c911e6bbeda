// SPDX-License-Identifier: MIT
#include "store/permissions.h"

#include "store/internal.h"

/* Columns of permission_get. */
enum { UID, PATH, SHARE_WITH_AI, SHARE_WITH_CLOUD, READ_ONLY, EXPIRES_AT };

static enum permission_flag flag_of(const struct query *query, int column)
{
    if (column_is_null(query, column))
        return FLAG_NO;
    struct str text = column_text(query, column);
    return str_is(text, "0") ? FLAG_NO : str_is(text, "1") ? FLAG_YES : FLAG_MALFORMED;
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
        .row =
            {
                .share_with_ai = flag_of(&query, SHARE_WITH_AI),
                .share_with_cloud = flag_of(&query, SHARE_WITH_CLOUD),
                .read_only = flag_of(&query, READ_ONLY),
                .expires_at = column_copy(&query, EXPIRES_AT, arena),
            },
    };
    if (arena->failed)
        return fail_no_memory(err);
    *ret_permission = permission;
    return NEXUS_OK;
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
    return feed_add(store, CHANGE_PERMISSION, origin, permission->object_id, permission->uid,
                    permission->path, (struct str){NULL, 0}, err);
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

// SPDX-License-Identifier: MIT
/*
 * Keeping nx_link.target_file right while files and aliases come and go.
 *
 * Invariant after each commit: every link leads where link_resolve() says. A transaction remembers
 * which keys got or lost a name and which notes moved; only the links with such a key, or in such a
 * note, are resolved again, and only those that lead somewhere else now are written. A link that is
 * inserted is resolved at once.
 */
#include "store/internal.h"

#include <stdlib.h>

enum nexus_status links_touch_key(struct store *store, struct str key, struct nexus_error *err)
{
    if (store->mode == STORE_BULK)
        return NEXUS_OK;
    if (!array_reserve(&store->touched_keys, &store->touched_key_capacity,
                       store->touched_key_count + 1, sizeof *store->touched_keys))
        return fail_no_memory(err);
    store->touched_keys[store->touched_key_count++] = arena_copy(&store->pending_arena, key);
    return store->pending_arena.failed ? fail_no_memory(err) : NEXUS_OK;
}

enum nexus_status links_touch_object(struct store *store, int64_t object_id,
                                     struct nexus_error *err)
{
    if (store->mode == STORE_BULK)
        return NEXUS_OK;
    if (!array_reserve(&store->touched_objects, &store->touched_object_capacity,
                       store->touched_object_count + 1, sizeof *store->touched_objects))
        return fail_no_memory(err);
    store->touched_objects[store->touched_object_count++] = object_id;
    return NEXUS_OK;
}

static enum nexus_status set_target(struct store *store, int64_t object_id, int64_t n,
                                    int64_t file_id, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_link_set_target, err));
    query_integer(&query, object_id);
    query_integer(&query, n);
    query_id(&query, file_id);
    return query_run(&query, err);
}

/** Resolves the links that the query finds. */
static enum nexus_status resolve_rows(struct store *store, struct query *links,
                                      struct nexus_error *err)
{
    for (bool row;;) {
        TRY(query_next(links, &row, err));
        if (!row)
            return NEXUS_OK;
        int64_t file_id = 0;
        TRY(link_resolve(store, column_text(links, 2), column_text(links, 4), &file_id, err));
        if (file_id != column_integer(links, 3))
            TRY(set_target(store, column_integer(links, 0), column_integer(links, 1), file_id,
                           err));
    }
}

static int by_text(const void *a, const void *b)
{
    const struct str *left = a, *right = b;
    return str_compare(*left, *right);
}

static enum nexus_status settle_keys(struct store *store, struct nexus_error *err)
{
    struct str *keys = store->touched_keys;
    size_t count = store->touched_key_count;
    if (count)
        qsort(keys, count, sizeof *keys, by_text);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && str_equal(keys[i], keys[i - 1]))
            continue;
        QUERY_SCOPED query = {0};
        TRY(query_open(&query, &store->statements, SQL_links_by_key, err));
        query_text(&query, keys[i]);
        TRY(resolve_rows(store, &query, err));
    }
    return NEXUS_OK;
}

enum nexus_status links_settle(struct store *store, struct nexus_error *err)
{
    TRY(settle_keys(store, err));
    for (size_t i = 0; i < store->touched_object_count; i++) {
        QUERY_SCOPED query = {0};
        TRY(query_open(&query, &store->statements, SQL_links_of_object, err));
        query_integer(&query, store->touched_objects[i]);
        TRY(resolve_rows(store, &query, err));
    }
    return NEXUS_OK;
}

enum nexus_status links_resolve_open(struct store *store, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_links_open, err));
    return resolve_rows(store, &query, err);
}

enum nexus_status links_resolve_all(struct store *store, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_links_all, err));
    return resolve_rows(store, &query, err);
}

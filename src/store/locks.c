// SPDX-License-Identifier: MIT
#include "store/locks.h"

#include "store/internal.h"

enum nexus_status store_locks_due(struct store *store, struct arena *arena,
                                  struct store_lock **ret_locks, size_t *ret_count,
                                  struct nexus_error *err)
{
    struct store_lock *locks = NULL;
    size_t count = 0, capacity = 0;
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_locks_due, err));
    for (bool row;;) {
        TRY(query_next(&query, &row, err));
        if (!row)
            break;
        if (!arena_reserve(arena, &locks, &capacity, count + 1, sizeof *locks))
            return fail_no_memory(err);
        locks[count++] = (struct store_lock){
            .file_id = column_integer(&query, 0),
            .path = column_copy(&query, 1, arena),
            .is_wanted = column_integer(&query, 2) != 0,
            .has_bits = !column_is_null(&query, 3),
            .mode_bits = column_integer(&query, 3),
        };
    }
    if (arena->failed)
        return fail_no_memory(err);
    *ret_locks = locks;
    *ret_count = count;
    return NEXUS_OK;
}

enum nexus_status store_lock_put(struct store *store, int64_t file_id, int64_t mode_bits,
                                 struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_lock_put, err));
    query_integer(&query, file_id);
    query_integer(&query, mode_bits);
    return query_run(&query, err);
}

enum nexus_status store_lock_settle(struct store *store, int64_t file_id, struct nexus_error *err)
{
    return store_run_on(store, SQL_lock_settle, file_id, err);
}

enum nexus_status store_lock_drop(struct store *store, int64_t file_id, struct nexus_error *err)
{
    return store_run_on(store, SQL_lock_drop, file_id, err);
}

enum nexus_status store_lock_touch(struct store *store, int64_t file_id, struct nexus_error *err)
{
    return store_run_on(store, SQL_lock_touch, file_id, err);
}

enum nexus_status store_lock_get(struct store *store, int64_t file_id, int *ret_state,
                                 struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool row;
    TRY(query_open(&query, &store->statements, SQL_lock_get, err));
    query_integer(&query, file_id);
    TRY(query_next(&query, &row, err));
    *ret_state = !row ? LOCK_NONE : column_integer(&query, 0) ? LOCK_BROKEN : LOCK_HELD;
    return NEXUS_OK;
}

enum nexus_status store_lock_break(struct store *store, int64_t object_id, int64_t file_id,
                                   bool *ret_broken, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_lock_is_wanted, err));
    query_integer(&query, object_id);
    TRY(query_next(&query, ret_broken, err));
    query_close(&query);
    return *ret_broken ? store_run_on(store, SQL_lock_break, file_id, err) : NEXUS_OK;
}

enum nexus_status store_file_is_read_only(struct store *store, int64_t file_id, bool *ret_locked,
                                          struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_file_is_read_only, err));
    query_integer(&query, file_id);
    return query_next(&query, ret_locked, err);
}

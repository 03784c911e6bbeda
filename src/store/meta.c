// SPDX-License-Identifier: MIT
#include "store/internal.h"

enum nexus_status store_meta_get(struct store *store, const char *key, struct arena *arena,
                                 struct str *ret_value, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool found;
    TRY(query_open(&query, &store->statements, SQL_meta_get, err));
    query_text(&query, str_of(key));
    TRY(query_next(&query, &found, err));
    if (!found)
        return fail(err, NEXUS_ERROR_NOT_FOUND, "the database knows no '%s'", key);
    struct str value = column_copy(&query, 0, arena);
    if (arena->failed)
        return fail_no_memory(err);
    *ret_value = value;
    return NEXUS_OK;
}

enum nexus_status store_meta_set(struct store *store, const char *key, struct str value,
                                 struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_meta_set, err));
    query_text(&query, str_of(key));
    query_text(&query, value);
    return query_run(&query, err);
}

enum nexus_status store_meta_drop(struct store *store, const char *key, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_meta_drop, err));
    query_text(&query, str_of(key));
    return query_run(&query, err);
}

static enum nexus_status count(struct store *store, enum statement statement, uint64_t *ret_count,
                               struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool row;
    TRY(query_open(&query, &store->statements, statement, err));
    TRY(query_next(&query, &row, err));
    *ret_count = row ? (uint64_t)column_integer(&query, 0) : 0;
    return NEXUS_OK;
}

static enum nexus_status count_files(struct store *store, uint64_t *counts, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_count_files, err));
    for (bool row;;) {
        TRY(query_next(&query, &row, err));
        if (!row)
            return NEXUS_OK;
        for (size_t state = 0; state < FILE_STATE_COUNT; state++)
            if (str_is(column_text(&query, 0), file_state_name((enum file_state)state)))
                counts[state] = (uint64_t)column_integer(&query, 1);
    }
}

enum nexus_status store_count(struct store *store, struct store_counts *ret_counts,
                              struct nexus_error *err)
{
    struct store_counts counts = {0};
    TRY(count_files(store, counts.files, err));
    TRY(count(store, SQL_count_objects, &counts.objects, err));
    TRY(count(store, SQL_count_open_conflicts, &counts.open_conflicts, err));
    *ret_counts = counts;
    return NEXUS_OK;
}

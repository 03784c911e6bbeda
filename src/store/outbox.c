// SPDX-License-Identifier: MIT
#include "store/outbox.h"

#include "store/internal.h"

static const char *const state_names[] = {
    [OUTBOX_WAITING] = "waiting",
    [OUTBOX_HELD] = "held",
    [OUTBOX_APPROVED] = "approved",
};

static enum outbox_state state_of(struct str name)
{
    enum outbox_state state = OUTBOX_WAITING;
    while (state < OUTBOX_APPROVED && !str_is(name, state_names[state]))
        state++;
    return state;
}

/** schema_id, file_id, path, item_key, content_json in the columns from `first` on. */
static struct outbox_side read_side(const struct query *query, int first, struct arena *arena)
{
    return (struct outbox_side){
        .schema_id = column_integer(query, first),
        .file_id = column_integer(query, first + 1),
        .path = column_copy(query, first + 2, arena),
        .item_key = column_copy(query, first + 3, arena),
        .content_json = column_copy(query, first + 4, arena),
    };
}

/** The columns of nx_outbox_entry. */
static struct outbox_entry read_row(const struct query *query, struct arena *arena)
{
    bool is_new = column_integer(query, 1) != 0;
    bool is_there = column_integer(query, 2) != 0;
    struct outbox_entry entry = {
        .object_id = column_integer(query, 0),
        .op = !is_there ? OUTBOX_DELETE
              : is_new  ? OUTBOX_CREATE
                        : OUTBOX_UPDATE,
        .state = state_of(column_text(query, 3)),
        .uid = column_copy(query, 4, arena),
        .tries = column_integer(query, 17),
        .is_read_only = column_integer(query, 19) != 0,
    };
    if (!is_new)
        entry.was = read_side(query, 5, arena);
    if (is_there)
        entry.is = read_side(query, 10, arena);
    entry.has_base = column_hash(query, 15, &entry.base_hash);
    time_parse(column_text(query, 16), &entry.changed_at_ns);
    return entry;
}

static enum nexus_status read_rows(struct query *query, struct arena *arena,
                                   struct outbox_entry **ret_entries, size_t *ret_count,
                                   struct nexus_error *err)
{
    struct outbox_entry *entries = NULL;
    size_t count = 0, capacity = 0;
    for (bool row;;) {
        TRY(query_next(query, &row, err));
        if (!row)
            break;
        if (!arena_reserve(arena, &entries, &capacity, count + 1, sizeof *entries))
            return fail_no_memory(err);
        entries[count++] = read_row(query, arena);
    }
    if (arena->failed)
        return fail_no_memory(err);
    *ret_entries = entries;
    *ret_count = count;
    return NEXUS_OK;
}

/** state, now, after, limit: the parameters of both lists. */
static enum nexus_status open_list(struct query *query, struct store *store,
                                   enum statement statement, enum outbox_state state,
                                   int64_t now_ns, int64_t after, size_t limit,
                                   struct nexus_error *err)
{
    TRY(query_open(query, &store->statements, statement, err));
    query_text(query, str_of(state_names[state]));
    query_integer(query, now_ns);
    query_integer(query, after);
    query_integer(query, limit > INT32_MAX ? INT32_MAX : (int64_t)limit);
    return NEXUS_OK;
}

enum nexus_status store_outbox_files(struct store *store, enum outbox_state state, int64_t now_ns,
                                     int64_t after, size_t limit, struct arena *arena,
                                     int64_t **ret_file_ids, size_t *ret_count,
                                     struct nexus_error *err)
{
    int64_t *ids = NULL;
    size_t count = 0, capacity = 0;
    QUERY_SCOPED query = {0};
    TRY(open_list(&query, store, SQL_outbox_files, state, now_ns, after, limit, err));
    for (bool row;;) {
        TRY(query_next(&query, &row, err));
        if (!row)
            break;
        if (!arena_reserve(arena, &ids, &capacity, count + 1, sizeof *ids))
            return fail_no_memory(err);
        ids[count++] = column_integer(&query, 0);
    }
    *ret_file_ids = ids;
    *ret_count = count;
    return NEXUS_OK;
}

enum nexus_status store_outbox_of_file(struct store *store, int64_t file_id, struct arena *arena,
                                       struct outbox_entry **ret_entries, size_t *ret_count,
                                       struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_outbox_of_file, err));
    query_integer(&query, file_id);
    return read_rows(&query, arena, ret_entries, ret_count, err);
}

enum nexus_status store_outbox_fileless(struct store *store, enum outbox_state state,
                                        int64_t now_ns, int64_t after, size_t limit,
                                        struct arena *arena, struct outbox_entry **ret_entries,
                                        size_t *ret_count, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(open_list(&query, store, SQL_outbox_fileless, state, now_ns, after, limit, err));
    return read_rows(&query, arena, ret_entries, ret_count, err);
}

enum nexus_status store_outbox_get(struct store *store, int64_t object_id, struct arena *arena,
                                   struct outbox_entry *ret_entry, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool found;
    TRY(query_open(&query, &store->statements, SQL_outbox_get, err));
    query_integer(&query, object_id);
    TRY(query_next(&query, &found, err));
    if (!found)
        return fail(err, NEXUS_ERROR_NOT_FOUND, "SQL did not change object %lld",
                    (long long)object_id);
    struct outbox_entry entry = read_row(&query, arena);
    if (arena->failed)
        return fail_no_memory(err);
    *ret_entry = entry;
    return NEXUS_OK;
}

enum nexus_status store_outbox_has_file(struct store *store, int64_t file_id, bool *ret_has,
                                        struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_outbox_has_file, err));
    query_integer(&query, file_id);
    return query_next(&query, ret_has, err);
}

enum nexus_status store_outbox_count(struct store *store, int64_t now_ns,
                                     struct outbox_counts *ret_counts, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool row;
    TRY(query_open(&query, &store->statements, SQL_outbox_count, err));
    query_integer(&query, now_ns);
    TRY(query_next(&query, &row, err));
    *ret_counts = (struct outbox_counts){
        .entries = (uint64_t)column_integer(&query, 0),
        .waiting_files = (uint64_t)column_integer(&query, 1),
        .held_files = (uint64_t)column_integer(&query, 2),
        .waiting_deletes = (uint64_t)column_integer(&query, 3),
        .next_retry_ns = column_integer(&query, 4),
    };
    return NEXUS_OK;
}

enum nexus_status store_outbox_mark(struct store *store, enum outbox_state from,
                                    enum outbox_state to, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_outbox_mark, err));
    query_text(&query, str_of(state_names[from]));
    query_text(&query, str_of(state_names[to]));
    return query_run(&query, err);
}

enum nexus_status store_outbox_delay(struct store *store, int64_t file_id, int64_t object_id,
                                     int64_t retry_at_ns, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements,
                   file_id ? SQL_outbox_delay_file : SQL_outbox_delay_object, err));
    query_integer(&query, file_id ? file_id : object_id);
    query_integer(&query, retry_at_ns);
    return query_run(&query, err);
}

enum nexus_status store_outbox_hurry(struct store *store, int64_t file_id, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, file_id ? SQL_outbox_hurry_file : SQL_outbox_hurry,
                   err));
    if (file_id)
        query_integer(&query, file_id);
    return query_run(&query, err);
}

enum nexus_status store_outbox_know(struct store *store, int64_t object_id, struct str content_json,
                                    struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_outbox_know, err));
    query_integer(&query, object_id);
    query_text(&query, content_json);
    return query_run(&query, err);
}

// SPDX-License-Identifier: MIT
#include "store/internal.h"
#include "store/writes.h"

static const char *const op_names[] = {
    [WRITE_CREATE] = "create", [WRITE_UPDATE] = "update",   [WRITE_DELETE] = "delete",
    [WRITE_MOVE] = "move",     [WRITE_REFUSED] = "refused",
};

const char *write_op_name(enum write_op op)
{
    return op_names[op];
}

static enum write_op op_of(struct str name)
{
    size_t op = 0;
    while (op < WRITE_REFUSED && !str_is(name, op_names[op]))
        op++;
    return (enum write_op)op;
}

static enum change_origin origin_of(struct str name)
{
    unsigned origin = ORIGIN_FILE;
    while (origin < ORIGIN_NEXUS && !str_is(name, change_origin_name((enum change_origin)origin)))
        origin++;
    return (enum change_origin)origin;
}

static void bind_hash(struct query *query, bool has_hash, struct hash hash)
{
    if (has_hash)
        query_hash(query, hash);
    else
        query_null(query);
}

enum nexus_status store_history_add(struct store *store, const struct store_write *write,
                                    int64_t *ret_seq, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_history_add, err));
    query_text(&query, str_of(store->now));
    query_text(&query, write->path);
    query_id(&query, write->object_id);
    query_text(&query, str_of(op_names[write->op]));
    query_text(&query, str_of(change_origin_name(write->origin)));
    query_blob_or_null(&query, write->before);
    bind_hash(&query, write->has_before_hash, write->before_hash);
    bind_hash(&query, write->has_after_hash, write->after_hash);
    query_text_or_null(&query, write->refused);
    query_id(&query, write->undoes);
    query_id(&query, write->batch);
    query_text_or_null(&query, write->moved_from);
    query_text_or_null(&query, write->temporary);
    TRY(query_run(&query, err));
    if (ret_seq)
        *ret_seq = sqlite3_last_insert_rowid(store->db);
    return NEXUS_OK;
}

enum nexus_status store_history_finish(struct store *store, int64_t seq, struct nexus_error *err)
{
    return store_run_on(store, SQL_history_finish, seq, err);
}

enum nexus_status store_history_drop(struct store *store, int64_t seq, struct nexus_error *err)
{
    return store_run_on(store, SQL_history_drop, seq, err);
}

/** The columns of history_get and its like. */
static struct store_write read_write(const struct query *query, struct arena *arena)
{
    struct store_write write = {
        .seq = column_integer(query, 0),
        .path = column_copy(query, 2, arena),
        .object_id = column_integer(query, 3),
        .op = op_of(column_text(query, 4)),
        .origin = origin_of(column_text(query, 5)),
        .before = column_copy_blob(query, 6, arena),
        .undoes = column_integer(query, 9),
        .batch = column_integer(query, 10),
        .moved_from = column_copy(query, 11, arena),
        .temporary = column_copy(query, 12, arena),
    };
    write.has_before_hash = column_hash(query, 7, &write.before_hash);
    write.has_after_hash = column_hash(query, 8, &write.after_hash);
    return write;
}

enum nexus_status store_history_get(struct store *store, int64_t seq, struct arena *arena,
                                    struct store_write *ret_write, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool found;
    TRY(query_open(&query, &store->statements, SQL_history_get, err));
    query_integer(&query, seq);
    TRY(query_next(&query, &found, err));
    if (!found)
        return fail(err, NEXUS_ERROR_NOT_FOUND, "history has no entry %lld", (long long)seq);
    struct store_write write = read_write(&query, arena);
    if (arena->failed)
        return fail_no_memory(err);
    *ret_write = write;
    return NEXUS_OK;
}

enum nexus_status store_history_unfinished(struct store *store, struct arena *arena,
                                           struct store_write **ret_writes, size_t *ret_count,
                                           struct nexus_error *err)
{
    struct store_write *writes = NULL;
    size_t count = 0, capacity = 0;
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_history_unfinished, err));
    for (bool row;;) {
        TRY(query_next(&query, &row, err));
        if (!row)
            break;
        if (!arena_reserve(arena, &writes, &capacity, count + 1, sizeof *writes))
            return fail_no_memory(err);
        writes[count++] = read_write(&query, arena);
    }
    *ret_writes = writes;
    *ret_count = count;
    return arena->failed ? fail_no_memory(err) : NEXUS_OK;
}

enum nexus_status store_history_new_batch(struct store *store, int64_t *ret_batch,
                                          struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool row;
    TRY(query_open(&query, &store->statements, SQL_history_last_batch, err));
    TRY(query_next(&query, &row, err));
    *ret_batch = column_integer(&query, 0) + 1;
    return NEXUS_OK;
}

static enum nexus_status expire(struct store *store, enum statement statement, int64_t before_ns,
                                struct nexus_error *err)
{
    char before[TIME_TEXT_SIZE];
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, statement, err));
    query_text(&query, str_of(time_format(before_ns, before)));
    return query_run(&query, err);
}

enum nexus_status store_history_expire(struct store *store, int64_t before_ns,
                                       struct nexus_error *err)
{
    return expire(store, SQL_history_expire, before_ns, err);
}

static enum nexus_status run(struct store *store, enum statement statement, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, statement, err));
    return query_run(&query, err);
}

enum nexus_status store_refusals_expire(struct store *store, struct nexus_error *err)
{
    return run(store, SQL_refusals_expire, err);
}

enum nexus_status store_refusals_drop(struct store *store, struct nexus_error *err)
{
    return run(store, SQL_refusals_drop, err);
}

enum nexus_status store_requests_expire(struct store *store, int64_t before_ns,
                                        struct nexus_error *err)
{
    return expire(store, SQL_requests_expire, before_ns, err);
}

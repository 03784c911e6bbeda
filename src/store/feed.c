// SPDX-License-Identifier: MIT
#include "store/feed.h"

#include "store/internal.h"

#include <stdio.h>
#include <sys/random.h>

enum nexus_status feed_add(struct store *store, enum change_op op, enum change_origin origin,
                           int64_t object_id, struct str uid, struct str path, struct str old_path,
                           struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_change_add, err));
    query_text(&query, str_of(store->now));
    query_text(&query, str_of(change_op_name(op)));
    query_text(&query, str_of(change_origin_name(origin)));
    query_id(&query, object_id);
    query_text_or_null(&query, uid);
    query_text_or_null(&query, path);
    query_text_or_null(&query, old_path);
    return query_run(&query, err);
}

enum nexus_status store_feed_tell_recovery(struct store *store, struct nexus_error *err)
{
    const struct str none = {NULL, 0};
    return feed_add(store, CHANGE_RECOVERY, ORIGIN_NEXUS, 0, none, none, none, err);
}

enum nexus_status store_feed_last(struct store *store, int64_t *ret_seq, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool row;
    TRY(query_open(&query, &store->statements, SQL_change_last, err));
    TRY(query_next(&query, &row, err));
    *ret_seq = row ? column_integer(&query, 0) : 0;
    return NEXUS_OK;
}

enum nexus_status store_feed_ask_last(struct store_reader *reader, int64_t *ret_seq,
                                      struct nexus_error *err)
{
    struct store_rows *rows;
    bool more;
    TRY(store_query(reader, statement_text(SQL_change_last), &rows, err));
    enum nexus_status status = store_rows_next(rows, &more, err);
    if (status == NEXUS_OK)
        *ret_seq = more ? store_rows_integer(rows, 0) : 0;
    store_rows_close(rows);
    return status;
}

enum nexus_status store_feed_ask(struct store_reader *reader, int64_t seq,
                                 struct store_rows **ret_rows, struct nexus_error *err)
{
    struct store_rows *rows;
    TRY(store_query(reader, statement_text(SQL_changes_since), &rows, err));
    enum nexus_status status = store_rows_bind_integer(rows, NULL, 1, seq, err);
    if (status != NEXUS_OK) {
        store_rows_close(rows);
        return status;
    }
    *ret_rows = rows;
    return NEXUS_OK;
}

enum nexus_status store_feed_paths_since(struct store *store, int64_t seq, int limit,
                                         struct strbuf *paths, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_change_paths_since, err));
    query_integer(&query, seq);
    query_integer(&query, limit);
    for (bool row;;) {
        TRY(query_next(&query, &row, err));
        if (!row)
            return paths->failed ? fail_no_memory(err) : NEXUS_OK;
        strbuf_add(paths, column_text(&query, 0));
        strbuf_add_char(paths, '\0');
    }
}

/** RFC 9562, section 6.2, method 1: rand_a counts within the millisecond. */
void uid_make(struct store *store, char text[37])
{
    uint64_t ms = store->now_ns > 0 ? (uint64_t)(store->now_ns / NS_PER_MS) : 0;
    if (ms > store->last_uid_ms) {
        store->last_uid_ms = ms;
        store->last_uid_count = 0;
    } else if (++store->last_uid_count > 0xFFF) {
        store->last_uid_ms++; /* more than 4096 in one: borrow from the next */
        store->last_uid_count = 0;
    }
    uint64_t random = 0;
    /* 8 bytes never block or come short once the system is up; a zero would only be less random. */
    if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random)
        random = (uint64_t)time_monotonic_ns();
    snprintf(text, 37, "%08x-%04x-7%03x-%04x-%012llx", (unsigned)(store->last_uid_ms >> 16),
             (unsigned)(store->last_uid_ms & 0xFFFF), (unsigned)store->last_uid_count,
             (unsigned)(0x8000 | (random >> 50 & 0x3FFF)),
             (unsigned long long)(random & UINT64_C(0xFFFFFFFFFFFF)));
}

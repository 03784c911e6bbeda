// SPDX-License-Identifier: MIT
/*
 * What triggers missed, because somebody had dropped them: every row's content is compared with the
 * base that both sides agreed on. What the row said before is not known then, so its text leaves
 * the search index by making that anew; the file knows, and is read for it. When nobody can have
 * changed the row, the database is damaged, and the file counts: a bit that flipped must not get
 * into a file as if somebody had meant it.
 *
 * A row that vanished left no trace of who it was. Its remains go, and files without their object
 * are read again.
 */
#include "store/contents.h"
#include "store/internal.h"
#include "store/outbox.h"

enum { PAGE_ROWS = 256 };

struct sweep {
    struct store *store;
    int64_t after;
    uint64_t found;
    enum sweep_trust trust;
    bool is_index_off; /* the search index holds texts that nobody knows any more */
};

enum finding { FOUND_NOTHING, FOUND_CHANGE, FOUND_NO_CONTENT };

struct swept_row {
    int64_t id, file_id;
    enum finding finding;
};

static enum finding judge(const struct query *row)
{
    struct str content = column_text(row, 2);
    struct hash base;
    if (!content.at)
        return FOUND_NO_CONTENT;
    if (column_hash(row, 1, &base) && hash_equal(base, hash_of(content)))
        return FOUND_NOTHING;
    return FOUND_CHANGE;
}

/** Reads a page of rows, and keeps what is to be done: a list must not be written while it is
 *  read. */
static enum nexus_status read_page(struct sweep *sweep, struct swept_row *rows, size_t *ret_count,
                                   bool *ret_more, struct nexus_error *err)
{
    size_t count = 0, seen = 0;
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &sweep->store->statements, SQL_sweep_contents, err));
    query_integer(&query, sweep->after);
    query_integer(&query, PAGE_ROWS);
    for (bool row;;) {
        TRY(query_next(&query, &row, err));
        if (!row)
            break;
        struct swept_row found = {column_integer(&query, 0), column_integer(&query, 3),
                                  judge(&query)};
        sweep->after = found.id;
        seen++;
        if (found.finding != FOUND_NOTHING)
            rows[count++] = found;
    }
    *ret_count = count;
    *ret_more = seen == PAGE_ROWS;
    return NEXUS_OK;
}

static enum nexus_status run_stamped(struct sweep *sweep, enum statement statement, int64_t id,
                                     struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &sweep->store->statements, statement, err));
    query_integer(&query, id);
    query_text(&query, str_of(sweep->store->now));
    return query_run(&query, err);
}

static enum nexus_status tell_change(struct sweep *sweep, const struct swept_row *row,
                                     struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool found;
    TRY(query_open(&query, &sweep->store->statements, SQL_sweep_stamp, err));
    query_integer(&query, row->id);
    query_text(&query, str_of(sweep->store->now));
    TRY(query_next(&query, &found, err));
    if (!found)
        return NEXUS_OK;
    return feed_add(sweep->store, row->file_id ? CHANGE_UPDATE : CHANGE_CREATE, ORIGIN_SQL, row->id,
                    column_text(&query, 0), column_text(&query, 1), (struct str){NULL, 0}, err);
}

static enum nexus_status take_out_of_index(struct sweep *sweep, int64_t id, struct nexus_error *err)
{
    int64_t before = sqlite3_total_changes64(sweep->store->db);
    TRY(store_run_on(sweep->store, SQL_text_delete, id, err));
    sweep->is_index_off |= sqlite3_total_changes64(sweep->store->db) > before;
    return NEXUS_OK;
}

static enum nexus_status handle(struct sweep *sweep, const struct swept_row *row,
                                struct nexus_error *err)
{
    TRY(take_out_of_index(sweep, row->id, err));
    if (row->finding == FOUND_CHANGE)
        sweep->found++;
    if (row->finding == FOUND_CHANGE && row->file_id && sweep->trust == SWEEP_FILES) {
        TRY(run_stamped(sweep, SQL_sweep_keep, row->id, err));
        TRY(store_run_on(sweep->store, SQL_content_delete, row->id, err));
        return store_file_unindex(sweep->store, row->file_id, err);
    }
    if (row->finding == FOUND_CHANGE) {
        TRY(run_stamped(sweep, SQL_sweep_add, row->id, err));
        return tell_change(sweep, row, err);
    }
    if (row->file_id) /* reading the file brings the content back */
        return store_file_unindex(sweep->store, row->file_id, err);
    TRY(store_run_on(sweep->store, SQL_permission_delete, row->id, err));
    return store_run_on(sweep->store, SQL_object_delete, row->id, err);
}

static enum nexus_status sweep_rows(struct sweep *sweep, struct nexus_error *err)
{
    struct swept_row rows[PAGE_ROWS];
    size_t count;
    for (bool more = true; more;) {
        TRY(read_page(sweep, rows, &count, &more, err));
        for (size_t i = 0; i < count; i++)
            TRY(handle(sweep, &rows[i], err));
    }
    return NEXUS_OK;
}

static enum nexus_status remove_orphan(struct sweep *sweep, int64_t id, struct nexus_error *err)
{
    TRY(take_out_of_index(sweep, id, err));
    TRY(derived_delete(sweep->store, id, err));
    TRY(store_run_on(sweep->store, SQL_content_delete, id, err));
    return store_run_on(sweep->store, SQL_permission_delete, id, err);
}

static enum nexus_status sweep_orphans(struct sweep *sweep, struct nexus_error *err)
{
    bool had_any = false;
    for (;;) {
        QUERY_SCOPED query = {0};
        bool found;
        TRY(query_open(&query, &sweep->store->statements, SQL_sweep_orphans, err));
        TRY(query_next(&query, &found, err));
        if (!found)
            break;
        int64_t id = column_integer(&query, 0);
        query_close(&query);
        TRY(remove_orphan(sweep, id, err));
        had_any = true;
    }
    if (!had_any)
        return NEXUS_OK;
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &sweep->store->statements, SQL_sweep_unindex, err));
    return query_run(&query, err);
}

static enum nexus_status run(struct sweep *sweep, enum statement statement, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &sweep->store->statements, statement, err));
    return query_run(&query, err);
}

enum nexus_status store_outbox_sweep(struct store *store, enum sweep_trust trust,
                                     uint64_t *ret_found, struct nexus_error *err)
{
    struct sweep sweep = {.store = store, .trust = trust};
    TRY(run(&sweep, SQL_sweep_vanished, err));
    TRY(sweep_orphans(&sweep, err));
    TRY(sweep_rows(&sweep, err));
    if (sweep.is_index_off)
        TRY(run(&sweep, SQL_search_rebuild, err));
    *ret_found = sweep.found;
    return NEXUS_OK;
}

/** An index that lags behind, while edits wait, is none that is damaged. */
static enum nexus_status is_search_damaged(struct store *store, bool *ret_damaged,
                                           struct nexus_error *err)
{
    struct outbox_counts counts;
    struct sweep sweep = {.store = store};
    *ret_damaged = false;
    TRY(store_outbox_count(store, 0, &counts, err));
    if (counts.entries)
        return NEXUS_OK;
    enum nexus_status status = run(&sweep, SQL_search_check, err);
    *ret_damaged = status == NEXUS_ERROR_DAMAGED;
    return *ret_damaged ? NEXUS_OK : status;
}

enum nexus_status store_derive_again(struct store *store, enum derive_again how,
                                     struct nexus_error *err)
{
    bool is_damaged = how == DERIVE_ALL;
    if (!is_damaged)
        TRY(is_search_damaged(store, &is_damaged, err));
    return is_damaged ? store_create_derived(store, err) : NEXUS_OK;
}

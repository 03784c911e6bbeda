// SPDX-License-Identifier: MIT
/*
 * What a database needs between bursts of work, and what would only be in the way inside of them:
 * moving the write-ahead log into the file, and merging the pieces of the search index.
 *
 * SQLite before 3.51.3 can damage a database when a checkpoint in one connection meets the restart
 * of the log by a writer in another. So Nexus alone checkpoints, long before a shell's own
 * checkpoint at 1000 pages would come, and no writer can be at work meanwhile: a second connection
 * holds the write lock.
 */
#include "store/internal.h"

#include "base/time.h"
#include "store/connection.h"

enum {
    CHECKPOINT_PAGES = 200,
    BURST_PAGES = 2000, /* in the middle of a burst: 8 MiB of log */
    MERGE_PAGES = 200,  /* of the search index, in one transaction: a few milliseconds */
};
#define MERGE_NS (20 * NS_PER_MS) /* for one call: few calls, and nobody waits for long */

static int remember_log_pages(void *context, sqlite3 *db, const char *name, int pages)
{
    struct store *store = context;
    (void)db;
    (void)name;
    store->log_pages = pages;
    return SQLITE_OK;
}

void tend_begin(struct store *store)
{
    sqlite3_wal_hook(store->db, remember_log_pages, store);
    store->log_pages = 0;
}

void tend_finish(struct store *store)
{
    sqlite3_close(store->lock_db);
    store->lock_db = NULL;
}

static enum nexus_status checkpoint(struct store *store, struct nexus_error *err)
{
    if (!store->lock_db)
        TRY(connection_open(store->abs_path, CONNECTION_WRITER, 0, &store->lock_db, err));
    if (sqlite3_exec(store->lock_db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
        return fail_sqlite(err, store->lock_db, "checkpoint");
    int code = sqlite3_wal_checkpoint_v2(store->db, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    sqlite3_exec(store->lock_db, "ROLLBACK", NULL, NULL, NULL);
    if (code != SQLITE_OK)
        return fail_sqlite(err, store->db, "checkpoint");
    store->log_pages = 0;
    return NEXUS_OK;
}

static enum nexus_status merge(struct store *store, bool *ret_more, struct nexus_error *err)
{
    int64_t before = sqlite3_total_changes64(store->db);
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_search_merge, err));
    query_integer(&query, MERGE_PAGES);
    TRY(query_run(&query, err));
    /* FTS5 counts one change for the command itself. */
    *ret_more = sqlite3_total_changes64(store->db) - before >= 2;
    return NEXUS_OK;
}

enum nexus_status store_tend(struct store *store, bool *ret_more, struct nexus_error *err)
{
    bool more = false;
    int64_t until_ns = time_monotonic_ns() + MERGE_NS;
    if (store->has_loose_texts)
        do
            TRY(merge(store, &more, err));
        while (more && time_monotonic_ns() < until_ns);
    store->has_loose_texts = more;
    if (store->log_pages >= CHECKPOINT_PAGES)
        TRY(checkpoint(store, err));
    *ret_more = more;
    return NEXUS_OK;
}

void tend_in_burst(struct store *store)
{
    /* A failure, as when somebody else is writing, puts it off: the log grows on. */
    if (store->log_pages >= BURST_PAGES && store->mode == STORE_LIVE &&
        !store_in_transaction(store))
        (void)checkpoint(store, NULL);
}

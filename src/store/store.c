// SPDX-License-Identifier: MIT
/*
 * The life of the one writing connection, and its transactions.
 *
 * A transaction collects what it touched (names, objects, texts) in memory, and settles it right
 * before the commit: links are resolved once, and the search index is written in one run in the
 * order of the ids, which is what FTS5 is fast at.
 */
#include "store/internal.h"

#include "store/connection.h"
#include "store/shape.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    DEFAULT_BUSY_MS = 5000,
    BULK_TEXT_BYTES = 512 * 1024, /* of texts that are gathered for one run of the search index */
};

void store_claim_process(void)
{
    /* SQLITE_MISUSE where SQLite is in use already: then it goes on as it is. */
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static enum nexus_status connect(struct store *store, const char *abs_path, struct nexus_error *err)
{
    TRY(connection_open(abs_path, CONNECTION_WRITER, store->busy_ms, &store->db, err));
    statement_cache_init(&store->statements, store->db);
    return NEXUS_OK;
}

static void disconnect(struct store *store)
{
    if (!store->db)
        return;
    store_rollback(store);
    statement_cache_finish(&store->statements);
    store->rows_before += sqlite3_total_changes64(store->db);
    tend_finish(store);
    sqlite3_close(store->db);
    store->db = NULL;
}

/** Write-ahead logging, so that readers and the writer do not wait for each other. */
static enum nexus_status set_journal(struct store *store, struct nexus_error *err)
{
    bool is_full = store->durability == STORE_FULL;
    TRY(connection_run(store->db,
                       STR("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;"
                           "PRAGMA journal_size_limit = 16777216; PRAGMA cache_size = -8000;"),
                       err));
    tend_begin(store);
    TRY(connection_run(
        store->db,
        is_full ? STR("PRAGMA synchronous = FULL;") : STR("PRAGMA synchronous = NORMAL;"), err));
    return foreign_begin(store, err);
}

static struct store *new_store(const struct store_options *options)
{
    struct store *store = calloc(1, sizeof *store);
    if (!store)
        return NULL;
    store->durability = options->durability;
    store->busy_ms = options->busy_ms ? options->busy_ms : DEFAULT_BUSY_MS;
    store->index_fd = -1;
    store->abs_path = strdup(options->abs_path);
    if (options->replaced_path)
        store->replaced_path = strdup(options->replaced_path);
    if (!store->abs_path || !store->replaced_path != !options->replaced_path) {
        free(store->abs_path);
        free(store->replaced_path);
        free(store);
        return NULL;
    }
    return store;
}

static enum nexus_status open_live(struct store *store, const struct store_options *options,
                                   struct nexus_error *err)
{
    TRY(connect(store, store->abs_path, err));
    TRY(store_prepare_database(store, options, err));
    return set_journal(store, err);
}

static enum nexus_status open_bulk(struct store *store, const struct store_options *options,
                                   struct nexus_error *err)
{
    TRY(bulk_begin_file(store, err));
    TRY(connect(store, store->bulk_path, err));
    TRY(bulk_set_pragmas(store, err));
    return store_prepare_database(store, options, err);
}

static enum nexus_status check_version(struct store *store, struct nexus_error *err)
{
    int64_t version;
    TRY(connection_pragma(store->db, "PRAGMA user_version", &version, err));
    if (version != STORE_VERSION)
        return fail(err, NEXUS_ERROR_VERSION, "'%s' was made by another Nexus: run 'nexus sync'",
                    store->abs_path);
    return NEXUS_OK;
}

/** Nothing is upgraded, and nothing moved out of the log: whoever keeps the vault in step does it.
 */
static enum nexus_status open_beside(struct store *store, struct nexus_error *err)
{
    if (access(store->abs_path, F_OK) != 0)
        return fail_errno(err, errno, "cannot open '%s'", store->abs_path);
    TRY(connect(store, store->abs_path, err));
    TRY(check_version(store, err));
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    return connection_run(store->db,
                          STR("PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = FULL;"), err);
}

static enum nexus_status open_as(enum store_mode mode, const struct store_options *options,
                                 struct store **ret_store, struct nexus_error *err)
{
    struct store *store = new_store(options);
    if (!store)
        return fail_no_memory(err);
    store->mode = mode;
    enum nexus_status status = mode == STORE_BULK     ? open_bulk(store, options, err)
                               : mode == STORE_BESIDE ? open_beside(store, err)
                                                      : open_live(store, options, err);
    if (status != NEXUS_OK) {
        store_close(store);
        return status;
    }
    *ret_store = store;
    return NEXUS_OK;
}

enum nexus_status store_open(const struct store_options *options, struct store **ret_store,
                             struct nexus_error *err)
{
    return open_as(STORE_LIVE, options, ret_store, err);
}

enum nexus_status store_open_beside(const struct store_options *options, struct store **ret_store,
                                    struct nexus_error *err)
{
    return open_as(STORE_BESIDE, options, ret_store, err);
}

enum nexus_status store_open_bulk(const struct store_options *options, struct store **ret_store,
                                  struct nexus_error *err)
{
    return open_as(STORE_BULK, options, ret_store, err);
}

enum nexus_status store_finish_bulk(struct store *store, struct nexus_error *err)
{
    TRY(bulk_complete(store, err));
    disconnect(store);
    TRY(bulk_put_in_place(store, err));
    TRY(connect(store, store->abs_path, err));
    return set_journal(store, err);
}

void store_close(struct store *store)
{
    if (!store)
        return;
    disconnect(store);
    arena_finish(&store->pending_arena);
    arena_finish(&store->leaving.arena);
    free(store->touched_keys);
    free(store->touched_objects);
    free(store->texts);
    strbuf_finish(&store->fold);
    strbuf_finish(&store->link_path);
    strbuf_finish(&store->link_form);
    strbuf_finish(&store->recent.path);
    expected_finish(&store->expected);
    shape_finish(store);
    free(store->abs_path);
    free(store->replaced_path);
    sqlite3_free(store->bulk_path);
    free(store);
}

static enum nexus_status run(struct store *store, enum statement statement, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, statement, err));
    return query_run(&query, err);
}

static void forget_touched(struct store *store)
{
    store->touched_key_count = 0;
    store->touched_object_count = 0;
    store->text_count = 0;
    store->leaving.object_id = 0;
    store->recent.file_id = store->recent.object_id = 0;
    arena_reset(&store->pending_arena);
}

enum nexus_status store_begin(struct store *store, int64_t now_ns, struct nexus_error *err)
{
    store->now_ns = now_ns;
    time_format(now_ns, store->now);
    if (store->mode == STORE_BULK && store_in_transaction(store))
        return NEXUS_OK;
    TRY(run(store, SQL_begin, err));
    forget_touched(store);
    return NEXUS_OK;
}

static enum nexus_status raise_clock(struct store *store, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_clock_raise, err));
    query_text(&query, str_of(store->now));
    return query_run(&query, err);
}

static enum nexus_status settle(struct store *store, struct nexus_error *err)
{
    TRY(links_settle(store, err));
    TRY(search_settle(store, err));
    forget_touched(store);
    return NEXUS_OK;
}

enum nexus_status store_commit(struct store *store, struct nexus_error *err)
{
    /* A first index is one transaction: nobody sees it before its end, and what is written once
     * instead of with each batch is a tenth of the time. */
    if (store->mode == STORE_BULK)
        return store->pending_arena.used_bytes < BULK_TEXT_BYTES ? NEXUS_OK : settle(store, err);
    if (store->mode == STORE_BESIDE)
        TRY(raise_clock(store, err));
    TRY(settle(store, err));
    TRY(run(store, SQL_commit, err));
    store->has_new_shapes = false;
    tend_in_burst(store);
    return NEXUS_OK;
}

enum nexus_status store_begin_reading(struct store *store, struct nexus_error *err)
{
    return store_in_transaction(store) ? NEXUS_OK : run(store, SQL_begin_reading, err);
}

void store_end_reading(struct store *store)
{
    if (store_in_transaction(store))
        (void)run(store, SQL_rollback, NULL); /* nothing was written */
}

void store_rollback(struct store *store)
{
    for (size_t i = 0; i < STATEMENT_COUNT; i++)
        if (store->statements.prepared[i])
            sqlite3_reset(store->statements.prepared[i]);
    /* SQLite may have rolled back by itself (disk full); a failure here leaves nothing to do. */
    if (store_in_transaction(store))
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    shape_rolled_back(store);
    forget_touched(store);
}

bool store_is_bulk(const struct store *store)
{
    return store->mode == STORE_BULK;
}

bool store_may_revive(const struct store *store)
{
    return store->mode != STORE_BULK || store->has_taken_over;
}

enum nexus_status store_check_place(struct store *store, struct nexus_error *err)
{
    int has_moved = 0;
    int code = sqlite3_file_control(store->db, "main", SQLITE_FCNTL_HAS_MOVED, &has_moved);
    if (code != SQLITE_OK)
        return fail_sqlite_code(err, code, "cannot tell where the file is");
    if (has_moved)
        return fail(err, NEXUS_ERROR_CHANGED, "the database '%s' was moved or replaced",
                    store->abs_path);
    return NEXUS_OK;
}

enum nexus_status store_check_beside(struct store *store, struct nexus_error *err)
{
    TRY(store_check_place(store, err));
    return check_version(store, err);
}

int64_t store_written_rows(const struct store *store)
{
    return store->rows_before + sqlite3_total_changes64(store->db);
}

enum nexus_status store_run_sql(struct store *store, char *take_sql, struct nexus_error *err)
{
    if (!take_sql)
        return fail_no_memory(err);
    enum nexus_status status = connection_run(store->db, str_of(take_sql), err);
    sqlite3_free(take_sql);
    return status;
}

enum nexus_status store_run_on(struct store *store, enum statement statement, int64_t object_id,
                               struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, statement, err));
    query_integer(&query, object_id);
    return query_run(&query, err);
}

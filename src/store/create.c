// SPDX-License-Identifier: MIT
/*
 * The shape of the database: made when it is empty, upgraded when it is older, refused when it is
 * newer or somebody else's.
 *
 * The durable tables have a number (PRAGMA user_version); upgrade.c leads from each to the newest,
 * so that a new database and an upgraded one are the same. The derived tables have no number:
 * nx_meta keeps the hash of the text that made them, and when it is another one they are dropped,
 * made anew, and every file is marked to be derived again. Triggers are kept in the same way. A
 * view's triggers go with the view, so they come last.
 */
#include "store/internal.h"

#include "base/embed.h"
#include "store/connection.h"

#include <stdio.h>

struct shape {
    int64_t application_id, version;
    bool is_empty;
};

static enum nexus_status look(sqlite3 *db, struct shape *ret_shape, struct nexus_error *err)
{
    struct shape shape;
    int64_t tables;
    TRY(connection_pragma(db, "PRAGMA application_id", &shape.application_id, err));
    TRY(connection_pragma(db, "PRAGMA user_version", &shape.version, err));
    TRY(connection_pragma(db, "SELECT count(*) FROM sqlite_schema", &tables, err));
    shape.is_empty = tables == 0 && shape.version == 0 && shape.application_id == 0;
    *ret_shape = shape;
    return NEXUS_OK;
}

static enum nexus_status judge(const struct shape *shape, const char *abs_path,
                               struct nexus_error *err)
{
    if (shape->is_empty)
        return NEXUS_OK;
    if (shape->application_id != STORE_APPLICATION_ID || shape->version < 1)
        return fail(err, NEXUS_ERROR_DATABASE, "'%s' is not a database of Nexus", abs_path);
    if (shape->version > STORE_VERSION)
        return fail(err, NEXUS_ERROR_VERSION,
                    "'%s' was made by a newer Nexus (its version is %lld, this program knows up to "
                    "%d)",
                    abs_path, (long long)shape->version, STORE_VERSION);
    return NEXUS_OK;
}

static enum nexus_status sign(struct store *store, int64_t now_ns, struct nexus_error *err)
{
    char pragma[64], now[TIME_TEXT_SIZE];
    int length =
        snprintf(pragma, sizeof pragma, "PRAGMA application_id = %d", STORE_APPLICATION_ID);
    TRY(connection_run(store->db, (struct str){pragma, (size_t)length}, err));
    return store_meta_set(store, "created_at", str_of(time_format(now_ns, now)), err);
}

/** The names of all files that are known: what nx_name holds before any note is derived again. */
static enum nexus_status name_files(struct store *store, struct nexus_error *err)
{
    sqlite3_stmt *files = NULL;
    if (sqlite3_prepare_v2(store->db, "SELECT id, path FROM files", -1, &files, NULL) != SQLITE_OK)
        return fail_sqlite(err, store->db, NULL);
    enum nexus_status status = NEXUS_OK;
    while (status == NEXUS_OK && sqlite3_step(files) == SQLITE_ROW) {
        struct str path = {(const char *)sqlite3_column_text(files, 1),
                           (size_t)sqlite3_column_bytes(files, 1)};
        status = name_add_file(store, sqlite3_column_int64(files, 0), path, err);
    }
    if (sqlite3_finalize(files) != SQLITE_OK && status == NEXUS_OK)
        status = fail_sqlite(err, store->db, NULL);
    return status;
}

static enum nexus_status derived_mark(struct strbuf *mark, struct nexus_error *err)
{
    STRBUF_SCOPED text = {0};
    char hash[HASH_TEXT_SIZE];
    strbuf_add(&text, embedded_text("src/store/sql/derived.sql"));
    strbuf_add(&text, embedded_text("src/store/sql/indexes.sql"));
    strbuf_add_text(mark, hash_format(hash_of(strbuf_str(&text)), hash));
    return text.failed || mark->failed ? fail_no_memory(err) : NEXUS_OK;
}

static enum nexus_status is_current(struct store *store, const char *key, struct str mark,
                                    bool *ret_current, struct nexus_error *err)
{
    struct arena arena = {0};
    struct str found;
    enum nexus_status status = store_meta_get(store, key, &arena, &found, err);
    if (status == NEXUS_OK || status == NEXUS_ERROR_NOT_FOUND) {
        *ret_current = status == NEXUS_OK && str_equal(found, mark);
        status = NEXUS_OK;
    }
    arena_finish(&arena);
    return status;
}

static enum nexus_status create_derived(struct store *store, struct str mark,
                                        struct nexus_error *err)
{
    TRY(connection_run(store->db, embedded_text("src/store/sql/derived.sql"), err));
    if (store->mode == STORE_LIVE)
        TRY(connection_run(store->db, embedded_text("src/store/sql/indexes.sql"), err));
    TRY(connection_run(store->db, STR("UPDATE files SET indexed_at = NULL"), err));
    TRY(name_files(store, err));
    return store_meta_set(store, "derived", mark, err);
}

static enum nexus_status make_derived(struct store *store, bool *ret_made, struct nexus_error *err)
{
    STRBUF_SCOPED mark = {0};
    bool current;
    TRY(derived_mark(&mark, err));
    TRY(is_current(store, "derived", strbuf_str(&mark), &current, err));
    *ret_made = !current;
    if (current)
        return NEXUS_OK;
    return create_derived(store, strbuf_str(&mark), err);
}

enum making { MAKE_IF_OTHER, MAKE_ALWAYS };

/** The script, and what it is known by. */
static enum nexus_status read_triggers(struct strbuf *script, char mark[HASH_TEXT_SIZE],
                                       struct nexus_error *err)
{
    strbuf_add(script, embedded_text("src/store/sql/triggers.sql"));
    strbuf_add(script, embedded_text("src/store/sql/permission_triggers.sql"));
    if (script->failed)
        return fail_no_memory(err);
    hash_format(hash_of(strbuf_str(script)), mark);
    return NEXUS_OK;
}

enum nexus_status store_read_shape_again(struct store *store, struct nexus_error *err)
{
    return connection_run(store->db,
                          STR("PRAGMA writable_schema = RESET; SELECT 1 FROM sqlite_schema;"), err);
}

static enum nexus_status make_triggers(struct store *store, enum making making,
                                       struct nexus_error *err)
{
    STRBUF_SCOPED script = {0};
    char mark[HASH_TEXT_SIZE];
    bool current;
    TRY(read_triggers(&script, mark, err));
    TRY(is_current(store, "triggers", str_of(mark), &current, err));
    if (current && making == MAKE_IF_OTHER)
        return NEXUS_OK;
    TRY(connection_run(store->db, strbuf_str(&script), err));
    if (store->mode != STORE_BULK) /* a new file was never anything else */
        TRY(store_read_shape_again(store, err));
    return store_meta_set(store, "triggers", str_of(mark), err);
}

/** Whoever keeps the vault in step works with what it made: that stays. */
static enum nexus_status check_shape(struct store *store, const struct shape *shape,
                                     struct nexus_error *err)
{
    STRBUF_SCOPED script = {0};
    STRBUF_SCOPED derived = {0};
    char triggers[HASH_TEXT_SIZE];
    bool is_derived = false, is_triggers = false;
    TRY(derived_mark(&derived, err));
    TRY(read_triggers(&script, triggers, err));
    if (shape->version == STORE_VERSION) {
        TRY(is_current(store, "derived", strbuf_str(&derived), &is_derived, err));
        TRY(is_current(store, "triggers", str_of(triggers), &is_triggers, err));
    }
    if (is_derived && is_triggers)
        return NEXUS_OK;
    return fail(err, NEXUS_ERROR_VERSION,
                "another version of Nexus follows this vault: end it and start 'nexus watch' of "
                "this version");
}

enum nexus_status store_create_derived(struct store *store, struct nexus_error *err)
{
    STRBUF_SCOPED mark = {0};
    TRY(derived_mark(&mark, err));
    TRY(create_derived(store, strbuf_str(&mark), err));
    return make_triggers(store, MAKE_ALWAYS, err);
}

static enum nexus_status make_shape(struct store *store, const struct store_options *options,
                                    struct nexus_error *err)
{
    struct shape shape;
    bool is_derived_made;
    /* Looked at again: another program may have made it while we waited for the lock. */
    TRY(look(store->db, &shape, err));
    TRY(judge(&shape, options->abs_path, err));
    TRY(store_upgrade(store->db, (int)shape.version, err));
    if (shape.is_empty)
        TRY(sign(store, options->now_ns, err));
    TRY(make_derived(store, &is_derived_made, err));
    /* Triggers went with the tables they were on. */
    bool is_made = is_derived_made || shape.version != STORE_VERSION;
    return make_triggers(store, is_made ? MAKE_ALWAYS : MAKE_IF_OTHER, err);
}

enum nexus_status store_judge(sqlite3 *db, const char *abs_path, struct nexus_error *err)
{
    struct shape shape;
    TRY(look(db, &shape, err));
    if (shape.is_empty)
        return fail(err, NEXUS_ERROR_DATABASE, "'%s' is empty", abs_path);
    return judge(&shape, abs_path, err);
}

enum nexus_status store_prepare_database(struct store *store, const struct store_options *options,
                                         struct nexus_error *err)
{
    struct shape shape;
    TRY(look(store->db, &shape, err));
    TRY(judge(&shape, options->abs_path, err));
    if (options->is_shape_kept)
        return check_shape(store, &shape, err);
    if (shape.is_empty)
        TRY(connection_run(store->db, STR("PRAGMA page_size = 8192"), err));
    TRY(store_begin(store, options->now_ns, err));
    enum nexus_status status = make_shape(store, options, err);
    if (status == NEXUS_OK)
        status = store_commit(store, err);
    if (status != NEXUS_OK)
        store_rollback(store);
    return status;
}

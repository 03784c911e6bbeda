// SPDX-License-Identifier: MIT
/*
 * Holding the database to its shape, whoever writes to it.
 *
 * What it is to be made of is what the scripts make in an empty database in memory, and the typed
 * views as they were made last. Views, triggers and indexes that differ are made again; a trigger
 * of somebody else on a table of ours is dropped. A derived table that is missing is made with all
 * others; a durable one comes back empty. A table that somebody altered stays as it is: there is no
 * safe way back, and the rows are what counts.
 *
 * Whether it is right depends on nothing but what it is made of and what it is to be made of. So a
 * hash of both, taken when it was found right, says that it still is; the engine keeps it outside
 * of the database. It is believed only of a database that nobody else wrote since.
 *
 * Edits through writable_schema leave SQLite's own schema version as it was, so the texts
 * themselves are hashed, each time; that is some hundred rows. They also leave SQLite's picture of
 * them as it was: it is thrown away first.
 */
#include "store/internal.h"

#include "base/embed.h"
#include "store/connection.h"
#include "store/shape.h"

struct repair {
    struct store *store;
    struct strbuf *what; /* sentences, one a line */
    sqlite3 *reference;  /* what the scripts make */
    bool is_repaired, is_noted;
    bool lacks_derived;
};

static enum nexus_status note(struct repair *repair, const char *kind, const char *name,
                              const char *did, struct nexus_error *err)
{
    strbuf_addf(repair->what, "%sthe %s '%s' %s", repair->what->length ? "\n" : "", kind, name,
                did);
    repair->is_noted = true;
    return repair->what->failed ? fail_no_memory(err) : NEXUS_OK;
}

static enum nexus_status did(struct repair *repair, const char *kind, const char *name,
                             const char *what, struct nexus_error *err)
{
    repair->is_repaired = true;
    return note(repair, kind, name, what, err);
}

static const char *const scripts[] = {
    "src/store/sql/durable.sql",
    "src/store/sql/derived.sql",
    "src/store/sql/indexes.sql",
    "src/store/sql/triggers.sql",
    "src/store/sql/permission_triggers.sql",
};
enum { SCRIPT_COUNT = sizeof scripts / sizeof scripts[0] };

static void add_part(struct strbuf *text, struct str part)
{
    strbuf_add(text, part);
    strbuf_add_char(text, '\0');
}

static void add_wanted(struct strbuf *text, const struct store *store)
{
    for (size_t i = 0; i < SCRIPT_COUNT; i++)
        add_part(text, embedded_text(scripts[i]));
    for (size_t i = 0; i < store->shape_count; i++) {
        add_part(text, str_of(store->shapes[i].type));
        add_part(text, str_of(store->shapes[i].name));
        add_part(text, str_of(store->shapes[i].sql));
    }
}

static enum nexus_status hash_shape(struct store *store, struct hash *ret_hash,
                                    struct nexus_error *err)
{
    STRBUF_SCOPED text = {0};
    QUERY_SCOPED query = {0};
    add_wanted(&text, store);
    TRY(query_open(&query, &store->statements, SQL_shape_all, err));
    for (bool row;;) {
        TRY(query_next(&query, &row, err));
        if (!row)
            break;
        for (int column = 0; column < 4; column++)
            add_part(&text, column_text(&query, column));
    }
    *ret_hash = hash_of(strbuf_str(&text));
    return text.failed ? fail_no_memory(err) : NEXUS_OK;
}

static enum nexus_status drop(struct repair *repair, const char *type, const char *name,
                              struct nexus_error *err)
{
    char *sql = sqlite3_mprintf("DROP %s IF EXISTS \"%w\"", type, name);
    enum nexus_status status =
        sql ? connection_run(repair->store->db, str_of(sql), err) : fail_no_memory(err);
    sqlite3_free(sql);
    return status;
}

static bool is_type(const char *type, const char *wanted)
{
    return strcmp(type, wanted) == 0;
}

/** Without its columns nothing works: no statement of ours takes one away, but a bit that flips
 * does. */
static enum nexus_status check_columns(struct repair *repair, const char *table,
                                       struct nexus_error *err)
{
    sqlite3_stmt *wanted = NULL;
    enum nexus_status status = NEXUS_OK;
    if (sqlite3_prepare_v2(repair->reference, "SELECT name FROM pragma_table_info(?1)", -1, &wanted,
                           NULL) != SQLITE_OK)
        return fail_sqlite(err, repair->reference, NULL);
    sqlite3_bind_text(wanted, 1, table, -1, SQLITE_STATIC);
    while (status == NEXUS_OK && sqlite3_step(wanted) == SQLITE_ROW) {
        QUERY_SCOPED query = {0};
        const char *name = (const char *)sqlite3_column_text(wanted, 0);
        bool found = false;
        status = query_open(&query, &repair->store->statements, SQL_shape_column, err);
        query_text(&query, str_of(table));
        query_text(&query, str_of(name));
        if (status == NEXUS_OK)
            status = query_next(&query, &found, err);
        if (status == NEXUS_OK && !found)
            status = fail(err, NEXUS_ERROR_DAMAGED, "the table '%s' has no column '%s' any more",
                          table, name);
    }
    if (sqlite3_finalize(wanted) != SQLITE_OK && status == NEXUS_OK)
        status = fail_sqlite(err, repair->reference, NULL);
    return status;
}

/** A table is not replaced. */
static enum nexus_status mend_table(struct repair *repair, const char *name, const char *sql,
                                    bool is_there, struct nexus_error *err)
{
    if (is_there)
        TRY(check_columns(repair, name, err));
    if (is_there)
        return note(repair, "table", name, "has another definition than this program gives it",
                    err);
    char *mark = sqlite3_mprintf("DROP TABLE IF EXISTS %s;", name);
    bool is_derived =
        mark && str_find_str(embedded_text("src/store/sql/derived.sql"), str_of(mark)) != STR_NONE;
    bool is_of_search = strncmp(name, "search_", 7) == 0;
    sqlite3_free(mark);
    if (is_derived || is_of_search) {
        repair->lacks_derived = true;
        return did(repair, "table", name, "was missing: all files are read again", err);
    }
    TRY(connection_run(repair->store->db, str_of(sql), err));
    return did(repair, "table", name, "was missing: it is back, and empty", err);
}

static enum nexus_status hold(struct repair *repair, const char *type, const char *name,
                              const char *sql, struct nexus_error *err)
{
    STRBUF_SCOPED found_sql = {0};
    bool found;
    TRY(shape_find(repair->store, type, name, &found_sql, &found, err));
    if (found && str_is(strbuf_str(&found_sql), sql))
        return NEXUS_OK;
    if (is_type(type, "table"))
        return mend_table(repair, name, sql, found, err);
    TRY(drop(repair, type, name, err));
    TRY(connection_run(repair->store->db, str_of(sql), err));
    return did(repair, type, name,
               found ? "was changed: it is as before" : "was missing: it is back", err);
}

/** Calls hold() for everything in the reference that has this type; what SQLite makes by itself has
 *  no text. */
static enum nexus_status hold_all(struct repair *repair, sqlite3 *reference, const char *type,
                                  struct nexus_error *err)
{
    sqlite3_stmt *rows = NULL;
    enum nexus_status status = NEXUS_OK;
    const char *sql =
        "SELECT name, sql FROM sqlite_schema"
        " WHERE type = ?1 AND sql NOT NULL AND name NOT GLOB 'sqlite_*' ORDER BY rowid";
    if (sqlite3_prepare_v2(reference, sql, -1, &rows, NULL) != SQLITE_OK)
        return fail_sqlite(err, reference, NULL);
    sqlite3_bind_text(rows, 1, type, -1, SQLITE_STATIC);
    while (status == NEXUS_OK && sqlite3_step(rows) == SQLITE_ROW)
        status = hold(repair, type, (const char *)sqlite3_column_text(rows, 0),
                      (const char *)sqlite3_column_text(rows, 1), err);
    if (sqlite3_finalize(rows) != SQLITE_OK && status == NEXUS_OK)
        status = fail_sqlite(err, reference, NULL);
    return status;
}

static enum nexus_status hold_typed_views(struct repair *repair, struct nexus_error *err)
{
    const struct store *store = repair->store;
    for (size_t i = 0; i < store->shape_count; i++)
        TRY(hold(repair, store->shapes[i].type, store->shapes[i].name, store->shapes[i].sql, err));
    return NEXUS_OK;
}

static enum nexus_status is_in(sqlite3 *reference, const char *name, bool *ret_found,
                               struct nexus_error *err)
{
    sqlite3_stmt *row = NULL;
    if (sqlite3_prepare_v2(reference, "SELECT 1 FROM sqlite_schema WHERE name = ?1 COLLATE NOCASE",
                           -1, &row, NULL) != SQLITE_OK)
        return fail_sqlite(err, reference, NULL);
    sqlite3_bind_text(row, 1, name, -1, SQLITE_STATIC);
    *ret_found = sqlite3_step(row) == SQLITE_ROW;
    return sqlite3_finalize(row) == SQLITE_OK ? NEXUS_OK : fail_sqlite(err, reference, NULL);
}

/** The name of one trigger that somebody else put on what is ours. The triggers of a typed view
 * that was not made yet are told from others when it is. */
static enum nexus_status find_foreign(struct repair *repair, sqlite3 *reference,
                                      struct strbuf *name, bool *ret_found, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &repair->store->statements, SQL_shape_triggers, err));
    *ret_found = false;
    for (bool row;;) {
        TRY(query_next(&query, &row, err));
        if (!row)
            return NEXUS_OK;
        const char *trigger = column_text(&query, 0).at, *table = column_text(&query, 1).at;
        bool is_ours = false, is_on_ours = false,
             is_typed = shape_is_expected(repair->store, "view", table);
        TRY(is_in(reference, trigger, &is_ours, err));
        TRY(is_in(reference, table, &is_on_ours, err));
        is_ours |= shape_is_expected(repair->store, "trigger", trigger);
        if (is_ours || !(is_on_ours || is_typed))
            continue;
        strbuf_add_text(name, trigger);
        *ret_found = true;
        return name->failed ? fail_no_memory(err) : NEXUS_OK;
    }
}

static enum nexus_status drop_foreign(struct repair *repair, sqlite3 *reference,
                                      struct nexus_error *err)
{
    for (bool found;;) {
        STRBUF_SCOPED name = {0};
        TRY(find_foreign(repair, reference, &name, &found, err));
        if (!found)
            return NEXUS_OK;
        TRY(drop(repair, "trigger", name.at, err));
        TRY(did(repair, "trigger", name.at, "is not Nexus's: it was dropped", err));
    }
}

/** Content that is no JSON lets no index of a property be made. Without it its object's file is
 * read again (store_outbox_sweep()). */
static enum nexus_status drop_broken_contents(struct repair *repair, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &repair->store->statements, SQL_content_drop_broken, err));
    TRY(query_run(&query, err));
    int count = sqlite3_changes(repair->store->db);
    if (!count)
        return NEXUS_OK;
    repair->is_repaired = true;
    strbuf_addf(repair->what, "%s%d rows were no JSON: their files are read again",
                repair->what->length ? "\n" : "", count);
    return repair->what->failed ? fail_no_memory(err) : NEXUS_OK;
}

/** Dropped and made again, such a table would be there twice, and the database could not be opened.
 */
static enum nexus_status check_names(struct repair *repair, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool found;
    TRY(query_open(&query, &repair->store->statements, SQL_shape_two_names, err));
    TRY(query_next(&query, &found, err));
    return found ? fail(err, NEXUS_ERROR_DAMAGED, "the table '%s' is called two things",
                        column_text(&query, 0).at)
                 : NEXUS_OK;
}

static enum nexus_status compare(struct repair *repair, sqlite3 *reference, struct nexus_error *err)
{
    static const char *const types[] = {"table", "view", "index", "trigger"};
    TRY(check_names(repair, err));
    TRY(drop_foreign(repair, reference, err));
    TRY(hold_all(repair, reference, "table", err));
    if (repair->lacks_derived)
        TRY(store_create_derived(repair->store, err));
    TRY(drop_broken_contents(repair, err));
    for (size_t i = 1; i < sizeof types / sizeof types[0]; i++)
        TRY(hold_all(repair, reference, types[i], err));
    TRY(hold_typed_views(repair, err));
    return property_indexes_make(repair->store, err);
}

/** Compares with what the scripts make. */
static enum nexus_status compare_with_scripts(struct repair *repair, struct nexus_error *err)
{
    sqlite3 *reference = NULL;
    enum nexus_status status = NEXUS_OK;
    if (sqlite3_open(":memory:", &reference) != SQLITE_OK)
        status = fail_sqlite(err, reference, "in memory");
    for (size_t i = 0; i < SCRIPT_COUNT && status == NEXUS_OK; i++)
        status = connection_run(reference, embedded_text(scripts[i]), err);
    repair->reference = reference;
    if (status == NEXUS_OK)
        status = compare(repair, reference, err);
    sqlite3_close(reference);
    return status;
}

/** These statements work in what the scripts make, whatever anybody adds to it: where one does not,
 * it is something else. */
static enum nexus_status or_damage(enum nexus_status status, struct nexus_error *err)
{
    if (status != NEXUS_ERROR_DATABASE)
        return status;
    struct nexus_error reason = {0};
    if (err)
        reason = *err;
    return fail(err, NEXUS_ERROR_DAMAGED, "it cannot be put right: %s", reason.message);
}

/** In a transaction. */
static enum nexus_status hold_shape(struct repair *repair, struct nexus_error *err)
{
    struct store *store = repair->store;
    TRY(store_begin(store, store->now_ns, err));
    enum nexus_status status = or_damage(compare_with_scripts(repair, err), err);
    if (status == NEXUS_OK && repair->is_repaired)
        status = store_read_shape_again(store, err);
    if (status == NEXUS_OK)
        status = hash_shape(store, &store->shape_hash, err);
    if (status == NEXUS_OK)
        status = store_commit(store, err);
    if (status != NEXUS_OK)
        store_rollback(store);
    store->has_shape_hash = status == NEXUS_OK;
    store->is_shape_whole = status == NEXUS_OK && !repair->is_noted;
    return status;
}

enum nexus_status store_compare(struct store *store, struct strbuf *what, struct nexus_error *err)
{
    struct repair repair = {.store = store, .what = what};
    TRY(store_begin(store, store->now_ns, err));
    enum nexus_status status = compare_with_scripts(&repair, err);
    store_rollback(store);
    return status;
}

static enum nexus_status hold_journal(struct repair *repair, struct nexus_error *err)
{
    sqlite3_stmt *pragma = NULL;
    bool is_wal = false;
    sqlite3 *db = repair->store->db;
    if (sqlite3_prepare_v2(db, "PRAGMA journal_mode", -1, &pragma, NULL) != SQLITE_OK)
        return fail_sqlite(err, db, NULL);
    if (sqlite3_step(pragma) == SQLITE_ROW)
        is_wal = strcmp((const char *)sqlite3_column_text(pragma, 0), "wal") == 0;
    if (sqlite3_finalize(pragma) != SQLITE_OK)
        return fail_sqlite(err, db, NULL);
    if (is_wal)
        return NEXUS_OK;
    TRY(connection_run(db, STR("PRAGMA journal_mode = WAL"), err));
    return did(repair, "journal mode", "wal", "was turned off: it is on again", err);
}

static enum nexus_status is_as_before(struct store *store, bool *ret_same, struct nexus_error *err)
{
    struct hash hash;
    TRY(hash_shape(store, &hash, err));
    store->has_shape_hash |= store->is_shape_believed;
    *ret_same = store->has_shape_hash && hash_equal(hash, store->shape_hash);
    store->is_shape_whole |= *ret_same && store->is_shape_believed;
    store->is_shape_believed = false;
    return NEXUS_OK;
}

enum nexus_status repair_is_right(struct store *store, struct nexus_error *err)
{
    TRY(hash_shape(store, &store->shape_hash, err));
    store->has_shape_hash = store->is_shape_whole = true;
    return NEXUS_OK;
}

void store_shape_tell(const struct store *store, char text[HASH_TEXT_SIZE])
{
    if (store->has_shape_hash && store->is_shape_whole)
        hash_format(store->shape_hash, text);
    else
        text[0] = '\0';
}

void store_shape_believe(struct store *store, const char *text)
{
    store->is_shape_believed =
        !store->has_shape_hash && hash_parse(str_of(text), &store->shape_hash);
}

enum nexus_status store_repair(struct store *store, bool *ret_was_repaired, struct strbuf *what,
                               struct nexus_error *err)
{
    struct repair repair = {.store = store, .what = what};
    bool is_same;
    TRY(hold_journal(&repair, err));
    TRY(is_as_before(store, &is_same, err));
    if (!is_same) {
        TRY(connection_run(store->db, STR("PRAGMA writable_schema = RESET"), err));
        TRY(hold_shape(&repair, err));
    }
    *ret_was_repaired = repair.is_repaired;
    return NEXUS_OK;
}

// SPDX-License-Identifier: MIT
/*
 * The durable tables of an older Nexus become this program's, and no row is lost.
 *
 * The number of a database (PRAGMA user_version) is raised with every change of durable.sql. There
 * is one way from each older number to the newest: a table that is missing is made; one with
 * another text gives its rows, column by column, to one with the new text, and new columns have
 * their defaults; ids go on where they were, since none is ever given twice. What a new column or
 * table has to know about old rows, a step of its own tells then, once.
 *
 * The reference is what durable.sql makes in an empty database. All of it is one transaction of the
 * caller's, who sees to the triggers and to what is derived.
 */
#include "store/internal.h"

#include "base/embed.h"
#include "store/connection.h"

#include <stdio.h>

#define DURABLE "src/store/sql/durable.sql"

struct upgrade {
    sqlite3 *db, *reference;
};

static enum nexus_status run_made(sqlite3 *db, char *script, struct nexus_error *err)
{
    enum nexus_status status =
        script ? connection_run(db, str_of(script), err) : fail_no_memory(err);
    sqlite3_free(script);
    return status;
}

/** The columns that both have, as a list; to be sqlite3_free()d. */
static enum nexus_status common_columns(sqlite3 *db, const char *table, char **ret_list,
                                        struct nexus_error *err)
{
    sqlite3_stmt *row = NULL;
    const char *sql = "SELECT group_concat(printf('\"%w\"', name), ', ') FROM pragma_table_info(?1)"
                      " WHERE name IN (SELECT name FROM pragma_table_info('nx_carried'))";
    if (sqlite3_prepare_v2(db, sql, -1, &row, NULL) != SQLITE_OK)
        return fail_sqlite(err, db, NULL);
    sqlite3_bind_text(row, 1, table, -1, SQLITE_STATIC);
    char *list = NULL;
    if (sqlite3_step(row) == SQLITE_ROW)
        list = sqlite3_mprintf("%s", (const char *)sqlite3_column_text(row, 0));
    if (sqlite3_finalize(row) != SQLITE_OK || !list) {
        sqlite3_free(list);
        return fail_sqlite(err, db, NULL);
    }
    *ret_list = list;
    return NEXUS_OK;
}

/** Its indexes and triggers go with the old one. */
static enum nexus_status carry_rows(sqlite3 *db, const char *table, const char *sql,
                                    struct nexus_error *err)
{
    char *columns = NULL;
    TRY(run_made(db, sqlite3_mprintf("ALTER TABLE \"%w\" RENAME TO nx_carried; %s", table, sql),
                 err));
    TRY(common_columns(db, table, &columns, err));
    char *script =
        sqlite3_mprintf("INSERT INTO \"%w\"(%s) SELECT %s FROM nx_carried;"
                        "DELETE FROM sqlite_sequence WHERE name = %Q"
                        "   AND EXISTS(SELECT 1 FROM sqlite_sequence WHERE name = 'nx_carried');"
                        "UPDATE sqlite_sequence SET name = %Q WHERE name = 'nx_carried';"
                        "DROP TABLE nx_carried;",
                        table, columns, columns, table, table);
    sqlite3_free(columns);
    return run_made(db, script, err);
}

static enum nexus_status find_text(sqlite3 *db, const char *type, const char *name,
                                   struct strbuf *text, bool *ret_found, struct nexus_error *err)
{
    sqlite3_stmt *row = NULL;
    if (sqlite3_prepare_v2(db, "SELECT sql FROM sqlite_schema WHERE type = ?1 AND name = ?2", -1,
                           &row, NULL) != SQLITE_OK)
        return fail_sqlite(err, db, NULL);
    sqlite3_bind_text(row, 1, type, -1, SQLITE_STATIC);
    sqlite3_bind_text(row, 2, name, -1, SQLITE_STATIC);
    *ret_found = sqlite3_step(row) == SQLITE_ROW;
    if (*ret_found)
        strbuf_add_text(text, (const char *)sqlite3_column_text(row, 0));
    if (sqlite3_finalize(row) != SQLITE_OK)
        return fail_sqlite(err, db, NULL);
    return text->failed ? fail_no_memory(err) : NEXUS_OK;
}

static enum nexus_status bring(const struct upgrade *upgrade, const char *type, const char *name,
                               const char *sql, struct nexus_error *err)
{
    STRBUF_SCOPED text = {0};
    bool found = false;
    TRY(find_text(upgrade->db, type, name, &text, &found, err));
    if (!found)
        return connection_run(upgrade->db, str_of(sql), err);
    if (str_is(strbuf_str(&text), sql))
        return NEXUS_OK;
    if (strcmp(type, "table") == 0)
        return carry_rows(upgrade->db, name, sql, err);
    return run_made(upgrade->db, sqlite3_mprintf("DROP INDEX \"%w\"; %s", name, sql), err);
}

static enum nexus_status bring_all(const struct upgrade *upgrade, const char *type,
                                   struct nexus_error *err)
{
    sqlite3_stmt *rows = NULL;
    enum nexus_status status = NEXUS_OK;
    if (sqlite3_prepare_v2(upgrade->reference,
                           "SELECT name, sql FROM sqlite_schema WHERE type = ?1 AND sql NOT NULL"
                           " AND name NOT GLOB 'sqlite_*' ORDER BY rowid",
                           -1, &rows, NULL) != SQLITE_OK)
        return fail_sqlite(err, upgrade->reference, NULL);
    sqlite3_bind_text(rows, 1, type, -1, SQLITE_STATIC);
    while (status == NEXUS_OK && sqlite3_step(rows) == SQLITE_ROW)
        status = bring(upgrade, type, (const char *)sqlite3_column_text(rows, 0),
                       (const char *)sqlite3_column_text(rows, 1), err);
    if (sqlite3_finalize(rows) != SQLITE_OK && status == NEXUS_OK)
        status = fail_sqlite(err, upgrade->reference, NULL);
    return status;
}

/** A rename is the table's alone: neither views nor other tables follow it. */
static enum nexus_status reshape(sqlite3 *db, struct nexus_error *err)
{
    struct upgrade upgrade = {.db = db};
    TRY(connection_open_empty(&upgrade.reference, err));
    enum nexus_status status = connection_run(upgrade.reference, embedded_text(DURABLE), err);
    if (status == NEXUS_OK)
        status = connection_run(db, STR("PRAGMA legacy_alter_table = ON"), err);
    if (status == NEXUS_OK)
        status = bring_all(&upgrade, "table", err);
    if (status == NEXUS_OK)
        status = bring_all(&upgrade, "index", err);
    sqlite3_exec(db, "PRAGMA legacy_alter_table = OFF", NULL, NULL, NULL);
    sqlite3_close(upgrade.reference);
    return status;
}

/** steps[i] is what old rows have to be told on the way from i + 1 to i + 2. */
static const char *const steps[STORE_VERSION - 1] = {
    /* Who had changed a permission had decided on it, before the rules of the settings knew. */
    "INSERT INTO nx_decided(object_id) SELECT DISTINCT c.object_id FROM changes c"
    " WHERE c.op = 'permission' AND c.object_id NOT NULL"
    "   AND NOT EXISTS(SELECT 1 FROM nx_decided)"
    "   AND c.object_id NOT IN (SELECT object_id FROM nx_default);"
    "ANALYZE nx_meta;"
    "INSERT INTO sqlite_stat1(tbl, idx, stat)"
    " SELECT 'data_objects', 'data_objects_schema', '100000 20000'"
    "  WHERE NOT EXISTS(SELECT 1 FROM sqlite_stat1 WHERE idx = 'data_objects_schema');",
    "", /* nx_permission_was is empty between statements */
};

enum nexus_status store_upgrade(sqlite3 *db, int version, struct nexus_error *err)
{
    char pragma[64];
    if (version == STORE_VERSION)
        return NEXUS_OK;
    if (version == 0)
        TRY(connection_run(db, embedded_text(DURABLE), err));
    else
        TRY(reshape(db, err));
    for (int step = version; step > 0 && step < STORE_VERSION; step++)
        TRY(connection_run(db, str_of(steps[step - 1]), err));
    snprintf(pragma, sizeof pragma, "PRAGMA user_version = %d", STORE_VERSION);
    return connection_run(db, str_of(pragma), err);
}

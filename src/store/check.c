// SPDX-License-Identifier: MIT
/* Whether the database is sound, as SQLite itself can tell. */
#include "store/internal.h"

#include "store/connection.h"

enum { RESET_BUG_FIXED = 3051003 }; /* 3.7.0 to 3.51.2 */

static enum nexus_status add_rows(struct store *store, const char *sql, const char *good, int limit,
                                  struct strbuf *what, struct nexus_error *err)
{
    sqlite3_stmt *rows = NULL;
    int count = 0, code = SQLITE_DONE;
    if (sqlite3_prepare_v2(store->db, sql, -1, &rows, NULL) != SQLITE_OK)
        return fail_sqlite(err, store->db, NULL);
    while (count < limit && (code = sqlite3_step(rows)) == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(rows, 0);
        if (!text || strcmp(text, good) == 0)
            continue;
        strbuf_addf(what, "%s%s", what->length ? "\n" : "", text);
        count++;
    }
    enum nexus_status status = NEXUS_OK;
    if (sqlite3_finalize(rows) != SQLITE_OK)
        status = fail_sqlite(err, store->db, NULL);
    return what->failed ? fail_no_memory(err) : status;
}

/** The full text index against itself; the question is asked by an INSERT, which writes nothing. */
static enum nexus_status check_search(struct store *store, struct strbuf *what,
                                      struct nexus_error *err)
{
    TRY(store_begin(store, store->now_ns, err));
    int code = sqlite3_exec(store->db, "INSERT INTO search(search) VALUES ('integrity-check')",
                            NULL, NULL, NULL);
    if (code != SQLITE_OK)
        strbuf_addf(what, "%sthe full text index: %s", what->length ? "\n" : "",
                    sqlite3_errmsg(store->db));
    store_rollback(store);
    return what->failed ? fail_no_memory(err) : NEXUS_OK;
}

enum nexus_status store_check(struct store *store, int limit, struct strbuf *what,
                              struct nexus_error *err)
{
    TRY(add_rows(store, "PRAGMA quick_check", "ok", limit, what, err));
    TRY(add_rows(store,
                 "SELECT \"table\" || ': row ' || rowid || ' belongs to no row of ' || parent"
                 " FROM pragma_foreign_key_check",
                 "", limit, what, err));
    return check_search(store, what, err);
}

const char *store_sqlite_version(bool *ret_has_reset_bug)
{
    *ret_has_reset_bug = sqlite3_libversion_number() < RESET_BUG_FIXED;
    return sqlite3_libversion();
}

// SPDX-License-Identifier: MIT
#include "store/backup.h"

#include "base/file.h"
#include "store/connection.h"
#include "store/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { CHECK_BUSY_MS = 5000 };

/** Connections that only look: they leave the log as it is, even as the last ones. */
static enum nexus_status open_to_look(const char *abs_path, sqlite3 **ret_db,
                                      struct nexus_error *err)
{
    sqlite3 *db;
    TRY(connection_open(abs_path, CONNECTION_PERSON, CHECK_BUSY_MS, &db, err));
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    enum nexus_status status = connection_run(db, STR("PRAGMA wal_autocheckpoint = 0"), err);
    if (status == NEXUS_OK)
        *ret_db = db;
    else
        sqlite3_close(db);
    return status;
}

/* --- a copy ---------------------------------------------------------------------------------- */

static enum nexus_status copy_into(sqlite3 *db, const char *to_path, struct nexus_error *err)
{
    sqlite3_stmt *vacuum = NULL;
    int code = sqlite3_prepare_v2(db, "VACUUM INTO ?1", -1, &vacuum, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_bind_text(vacuum, 1, to_path, -1, SQLITE_STATIC);
    if (code == SQLITE_OK && sqlite3_step(vacuum) == SQLITE_DONE)
        code = SQLITE_OK;
    if (sqlite3_finalize(vacuum) != SQLITE_OK || code != SQLITE_OK)
        return fail_sqlite(err, db, "cannot copy it");
    return NEXUS_OK;
}

/** What a copy says about itself. */
static enum nexus_status sign_copy(const char *path, int64_t now_ns, struct nexus_error *err)
{
    static const char sign[] = "INSERT INTO nx_meta(key, value) VALUES('backup_at', ?1) "
                               "ON CONFLICT(key) DO UPDATE SET value = excluded.value";
    static const char head[] =
        "INSERT INTO nx_meta(key, value) "
        "SELECT 'audit_head', id || ' ' || hash FROM audit_log ORDER BY id DESC LIMIT 1 "
        "ON CONFLICT(key) DO UPDATE SET value = excluded.value";
    char now[TIME_TEXT_SIZE];
    sqlite3 *db;
    sqlite3_stmt *statement = NULL;
    TRY(open_to_look(path, &db, err));
    time_format(now_ns, now);
    int code = sqlite3_prepare_v2(db, sign, -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_bind_text(statement, 1, now, -1, SQLITE_STATIC);
    if (code == SQLITE_OK)
        sqlite3_step(statement);
    enum nexus_status status = NEXUS_OK;
    if (sqlite3_finalize(statement) != SQLITE_OK || code != SQLITE_OK)
        status = fail_sqlite(err, db, "cannot sign the copy");
    if (status == NEXUS_OK)
        status = connection_run(db, str_of(head), err);
    sqlite3_close(db);
    return status;
}

static enum nexus_status sync_file(const char *path, struct nexus_error *err)
{
    FD_SCOPED fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail_errno(err, errno, "cannot open '%s'", path);
    return file_sync_opened(fd, path, err);
}

/** With the mode that a database has: SQLite would make it readable for all. */
static enum nexus_status reserve(const char *path, struct nexus_error *err)
{
    FD_SCOPED fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    return fd < 0 ? fail_errno(err, errno, "cannot make '%s'", path) : NEXUS_OK;
}

enum nexus_status store_copy(const char *abs_path, const char *to_path, int64_t now_ns,
                             struct nexus_error *err)
{
    sqlite3 *db;
    TRY(open_to_look(abs_path, &db, err));
    enum nexus_status status = reserve(to_path, err);
    bool is_ours = status == NEXUS_OK;
    if (status == NEXUS_OK)
        status = copy_into(db, to_path, err);
    sqlite3_close(db);
    if (status == NEXUS_OK)
        status = sign_copy(to_path, now_ns, err);
    if (status == NEXUS_OK)
        status = sync_file(to_path, err);
    if (status != NEXUS_OK && is_ours)
        unlink(to_path);
    return status;
}

/* --- a check --------------------------------------------------------------------------------- */

/** "file:///PATH?immutable=1": SQLite looks at no log then. */
static enum nexus_status open_alone(const char *abs_path, sqlite3 **ret_db, struct nexus_error *err)
{
    STRBUF_SCOPED uri = {0};
    strbuf_add_text(&uri, "file://");
    for (const char *at = abs_path; *at; at++)
        if (strchr("%?#", *at))
            strbuf_addf(&uri, "%%%02X", (unsigned)(unsigned char)*at);
        else
            strbuf_add_char(&uri, *at);
    strbuf_add_text(&uri, "?immutable=1");
    if (uri.failed)
        return fail_no_memory(err);
    sqlite3 *db = NULL;
    int flags =
        SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (sqlite3_open_v2(uri.at, &db, flags, NULL) != SQLITE_OK) {
        enum nexus_status status = fail_sqlite(err, db, abs_path);
        sqlite3_close(db);
        return status;
    }
    *ret_db = db;
    return NEXUS_OK;
}

static enum nexus_status run_check(sqlite3 *db, enum store_depth depth, const char *abs_path,
                                   struct nexus_error *err)
{
    const char *pragma =
        depth == CHECK_FULL ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)";
    sqlite3_stmt *check = NULL;
    if (sqlite3_prepare_v2(db, pragma, -1, &check, NULL) != SQLITE_OK)
        return fail_sqlite(err, db, abs_path);
    enum nexus_status status = NEXUS_OK;
    if (sqlite3_step(check) == SQLITE_ROW) {
        const char *finding = (const char *)sqlite3_column_text(check, 0);
        if (!finding)
            status = fail_no_memory(err);
        else if (strcmp(finding, "ok") != 0)
            status = fail(err, NEXUS_ERROR_DAMAGED, "'%s' is damaged: %s", abs_path, finding);
    }
    if (sqlite3_finalize(check) != SQLITE_OK && status == NEXUS_OK)
        status = fail_sqlite(err, db, abs_path);
    return status;
}

static enum nexus_status check_opened(sqlite3 *db, const char *abs_path, enum store_depth depth,
                                      struct nexus_error *err)
{
    enum nexus_status status = store_judge(db, abs_path, err);
    if (status == NEXUS_ERROR_DATABASE)
        return fail(err, NEXUS_ERROR_DAMAGED, "'%s' is not a database of Nexus", abs_path);
    TRY(status);
    return run_check(db, depth, abs_path, err);
}

/** What only a damaged database answers: SQLite cannot make sense of the file. */
static enum nexus_status as_damage(enum nexus_status status)
{
    return status == NEXUS_ERROR_DATABASE ? NEXUS_ERROR_DAMAGED : status;
}

static enum nexus_status check_once(const char *abs_path, enum store_view view,
                                    enum store_depth depth, struct nexus_error *err)
{
    sqlite3 *db = NULL;
    enum nexus_status status =
        view == VIEW_ALONE ? open_alone(abs_path, &db, err) : open_to_look(abs_path, &db, err);
    if (status == NEXUS_OK)
        status = check_opened(db, abs_path, depth, err);
    /* Its first bytes may forbid writing: no database of ours does. */
    if (status == NEXUS_OK && view == VIEW_WITH_LOG && sqlite3_db_readonly(db, "main") == 1)
        status = fail(err, NEXUS_ERROR_DAMAGED, "'%s' cannot be written to", abs_path);
    sqlite3_close(db);
    return as_damage(status);
}

/* SQLite calls it damage as well when a page could not be read this once: what is damaged is so the
 * next time, too. */
enum nexus_status store_check_file(const char *abs_path, enum store_view view,
                                   enum store_depth depth, struct nexus_error *err)
{
    enum nexus_status status = check_once(abs_path, view, depth, err);
    return status == NEXUS_ERROR_DAMAGED ? check_once(abs_path, view, depth, err) : status;
}

/* --- a look ---------------------------------------------------------------------------------- */

static void copy_column(sqlite3_stmt *row, int column, char *to, size_t size)
{
    const char *text = (const char *)sqlite3_column_text(row, column);
    snprintf(to, size, "%s", text ? text : "");
}

static enum nexus_status read_facts(sqlite3 *db, struct store_facts *facts, struct nexus_error *err)
{
    sqlite3_stmt *row = NULL;
    struct str text = statement_text(SQL_facts);
    TRY(connection_pragma(db, "PRAGMA user_version", &facts->version, err));
    TRY(connection_pragma(db, "PRAGMA schema_version", &facts->schema_cookie, err));
    if (sqlite3_prepare_v2(db, text.at, (int)text.length, &row, NULL) != SQLITE_OK)
        return fail_sqlite(err, db, NULL);
    if (sqlite3_step(row) == SQLITE_ROW) {
        facts->last_object_id = sqlite3_column_int64(row, 0);
        facts->last_change = sqlite3_column_int64(row, 1);
        copy_column(row, 2, facts->host_id, sizeof facts->host_id);
        copy_column(row, 3, facts->backup_at, sizeof facts->backup_at);
        copy_column(row, 4, facts->created_at, sizeof facts->created_at);
        copy_column(row, 5, facts->salvage, sizeof facts->salvage);
    }
    return sqlite3_finalize(row) == SQLITE_OK ? NEXUS_OK : fail_sqlite(err, db, NULL);
}

enum nexus_status store_look_at(const char *abs_path, struct store_facts *ret_facts,
                                struct nexus_error *err)
{
    sqlite3 *db;
    struct store_facts facts = {0};
    TRY(open_to_look(abs_path, &db, err));
    enum nexus_status status = read_facts(db, &facts, err);
    sqlite3_close(db);
    if (status == NEXUS_OK)
        *ret_facts = facts;
    return status;
}

enum nexus_status store_look(struct store *store, struct store_facts *ret_facts,
                             struct nexus_error *err)
{
    *ret_facts = (struct store_facts){0};
    return read_facts(store->db, ret_facts, err);
}

/** To a name beside `to_path`, if it is there. */
static enum nexus_status move_aside(const char *abs_path, const char *to_path, const char *ending,
                                    struct nexus_error *err)
{
    STRBUF_SCOPED from = {0};
    STRBUF_SCOPED to = {0};
    strbuf_addf(&from, "%s%s", abs_path, ending);
    strbuf_addf(&to, "%s%s", to_path, ending);
    if (from.failed || to.failed)
        return fail_no_memory(err);
    struct stat status;
    bool is_nothing = *ending && stat(from.at, &status) == 0 && status.st_size == 0;
    int result = is_nothing ? unlink(from.at) : rename(from.at, to.at);
    if (result != 0 && errno != ENOENT)
        return fail_errno(err, errno, "cannot set '%s' aside", from.at);
    return NEXUS_OK;
}

enum nexus_status store_set_aside(const char *abs_path, const char *to_path,
                                  struct nexus_error *err)
{
    STRBUF_SCOPED index = {0};
    TRY(move_aside(abs_path, to_path, "", err));
    TRY(move_aside(abs_path, to_path, "-wal", err));
    /* The log's index is made anew by whoever opens it. */
    strbuf_addf(&index, "%s-shm", abs_path);
    if (index.failed)
        return fail_no_memory(err);
    if (unlink(index.at) != 0 && errno != ENOENT)
        return fail_errno(err, errno, "cannot remove '%s'", index.at);
    TRY(store_sync_folder_of(to_path, err));
    return store_sync_folder_of(abs_path, err);
}

// SPDX-License-Identifier: MIT
#include "store/connection.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static enum nexus_status status_of(int code, int system_error)
{
    switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return NEXUS_ERROR_BUSY;
    case SQLITE_FULL: return NEXUS_ERROR_NO_SPACE;
    case SQLITE_NOMEM: return NEXUS_ERROR_NO_MEMORY;
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH: return NEXUS_ERROR_PERMISSION;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return NEXUS_ERROR_DAMAGED;
    case SQLITE_INTERRUPT: return NEXUS_ERROR_INTERRUPTED;
    case SQLITE_TOOBIG: return NEXUS_ERROR_LIMIT;
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
        if (system_error == ENOSPC || system_error == EDQUOT)
            return NEXUS_ERROR_NO_SPACE;
        return system_error == EACCES ? NEXUS_ERROR_PERMISSION : NEXUS_ERROR_IO;
    default: return NEXUS_ERROR_DATABASE;
    }
}

enum nexus_status fail_sqlite(struct nexus_error *err, sqlite3 *db, const char *what)
{
    if (!db)
        return fail_no_memory(err);
    enum nexus_status status = status_of(sqlite3_extended_errcode(db), sqlite3_system_errno(db));
    if (what)
        return fail(err, status, "database: %s: %s", what, sqlite3_errmsg(db));
    return fail(err, status, "database: %s", sqlite3_errmsg(db));
}

enum nexus_status fail_sqlite_code(struct nexus_error *err, int code, const char *what)
{
    return fail(err, status_of(code, 0), "database: %s: %s", what, sqlite3_errstr(code));
}

/** SQLite makes its files with mode 0644 and gives the log and its index the mode of the database,
 * so the file is there before SQLite looks. One that somebody opened to others is closed again. */
static enum nexus_status make_private(const char *abs_path, struct nexus_error *err)
{
    int fd = open(abs_path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0) {
        close(fd);
        return NEXUS_OK;
    }
    struct stat status;
    if (errno != EEXIST || stat(abs_path, &status) != 0)
        return fail_errno(err, errno, "cannot make '%s'", abs_path);
    if ((status.st_mode & 077) && chmod(abs_path, 0600) != 0)
        return fail_errno(err, errno, "cannot make '%s' private", abs_path);
    return NEXUS_OK;
}

/* Before 3.41 SQLite took its own JSON functions for unsafe ones, so that with TRUSTED_SCHEMA off
 * no view or CHECK may use them. Nothing else of ours is callable from a schema either way. */
static int trusted_schema(void)
{
    return sqlite3_libversion_number() < 3041000;
}

static int harden(sqlite3 *db, enum connection_kind kind)
{
    const struct {
        int option, value;
    } settings[] = {
        {SQLITE_DBCONFIG_TRUSTED_SCHEMA, trusted_schema()},
        {SQLITE_DBCONFIG_DQS_DML, 0},
        {SQLITE_DBCONFIG_DQS_DDL, 0},
        {SQLITE_DBCONFIG_ENABLE_TRIGGER, kind == CONNECTION_PERSON},
        {SQLITE_DBCONFIG_ENABLE_FKEY, 0},
        {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
        {SQLITE_DBCONFIG_DEFENSIVE, 1},
    };
    int code = SQLITE_OK;
    for (size_t i = 0; i < sizeof settings / sizeof settings[0] && code == SQLITE_OK; i++)
        code = sqlite3_db_config(db, settings[i].option, settings[i].value, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(db, "PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;", NULL,
                            NULL, NULL);
    /* What Nexus writes comes from enums and proven JSON. The CHECKs are for others, and each word
     * list costs 2 µs a row. */
    if (code == SQLITE_OK && kind == CONNECTION_WRITER)
        code = sqlite3_exec(db, "PRAGMA ignore_check_constraints = ON;", NULL, NULL, NULL);
    if (code == SQLITE_OK && kind == CONNECTION_READER)
        code = sqlite3_exec(db, "PRAGMA query_only = ON;", NULL, NULL, NULL);
    return code;
}

static enum nexus_status open_as(const char *abs_path, enum connection_kind kind, int flags,
                                 int busy_ms, sqlite3 **ret_db, struct nexus_error *err)
{
    sqlite3 *db = NULL;
    int code =
        sqlite3_open_v2(abs_path, &db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_busy_timeout(db, busy_ms);
    if (code == SQLITE_OK)
        code = harden(db, kind);
    if (code != SQLITE_OK) {
        enum nexus_status status = fail_sqlite(err, db, abs_path);
        sqlite3_close(db);
        return status;
    }
    *ret_db = db;
    return NEXUS_OK;
}

enum nexus_status connection_open(const char *abs_path, enum connection_kind kind, int busy_ms,
                                  sqlite3 **ret_db, struct nexus_error *err)
{
    if (kind == CONNECTION_WRITER)
        TRY(make_private(abs_path, err));
    else if (access(abs_path, F_OK) != 0)
        return fail_errno(err, errno, "cannot open '%s'", abs_path);
    int flags = kind == CONNECTION_READER ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    return open_as(abs_path, kind, flags, busy_ms, ret_db, err);
}

enum nexus_status connection_open_empty(sqlite3 **ret_db, struct nexus_error *err)
{
    return open_as(":memory:", CONNECTION_EMPTY,
                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY, 0, ret_db, err);
}

enum nexus_status connection_run(sqlite3 *db, struct str script, struct nexus_error *err)
{
    const char *at = script.at, *end = script.at + script.length;
    while (at < end) {
        sqlite3_stmt *statement = NULL;
        if (sqlite3_prepare_v2(db, at, (int)(end - at), &statement, &at) != SQLITE_OK)
            return fail_sqlite(err, db, NULL);
        if (!statement)
            continue; /* a comment or white space */
        int code;
        do
            code = sqlite3_step(statement);
        while (code == SQLITE_ROW);
        if (sqlite3_finalize(statement) != SQLITE_OK)
            return fail_sqlite(err, db, NULL);
    }
    return NEXUS_OK;
}

enum nexus_status connection_pragma(sqlite3 *db, const char *pragma, int64_t *ret_value,
                                    struct nexus_error *err)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db, pragma, -1, &statement, NULL) != SQLITE_OK)
        return fail_sqlite(err, db, pragma);
    bool has_row = sqlite3_step(statement) == SQLITE_ROW;
    int64_t value = has_row ? sqlite3_column_int64(statement, 0) : 0;
    if (sqlite3_finalize(statement) != SQLITE_OK)
        return fail_sqlite(err, db, pragma);
    *ret_value = value;
    return NEXUS_OK;
}

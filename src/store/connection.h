// SPDX-License-Identifier: MIT
/*
 * Connections to SQLite: opened hardened, with errors as sentences.
 *
 * A database file is treated as something that others may have prepared: no schema of it may call
 * functions with side effects (TRUSTED_SCHEMA off, from 3.41 on), write to shadow tables
 * (DEFENSIVE) or fire triggers in our name; misspelt column names are errors, not text (DQS off).
 */
#ifndef STORE_CONNECTION_H
#define STORE_CONNECTION_H

#include "base/error.h"
#include "base/str.h"

#include <sqlite3.h>

enum connection_kind {
    CONNECTION_WRITER,
    CONNECTION_EMPTY,  /* in memory */
    CONNECTION_READER, /* NEXUS_ERROR_NOT_FOUND when there is no file */
    CONNECTION_PERSON, /* the same; it writes as a shell does: triggers and CHECKs are at work */
};

/** `busy_ms`: how long to wait for a lock. The file is made, with mode 0600, by a writer only. */
enum nexus_status connection_open(const char *abs_path, enum connection_kind kind, int busy_ms,
                                  sqlite3 **ret_db, struct nexus_error *err);

/** A database in memory with nothing in it, as hardened as the others. */
enum nexus_status connection_open_empty(sqlite3 **ret_db, struct nexus_error *err);

/** Runs a script of statements without parameters and rows. */
enum nexus_status connection_run(sqlite3 *db, struct str script, struct nexus_error *err);

/** The integer that a PRAGMA answers. */
enum nexus_status connection_pragma(sqlite3 *db, const char *pragma, int64_t *ret_value,
                                    struct nexus_error *err);

/** The failure that the connection has just met, behind `what` if it is not NULL. */
enum nexus_status fail_sqlite(struct nexus_error *err, sqlite3 *db, const char *what);
/** The same for a result code without a message of its own. */
enum nexus_status fail_sqlite_code(struct nexus_error *err, int code, const char *what);

#endif

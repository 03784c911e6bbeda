// SPDX-License-Identifier: MIT
/* Somebody else at the database: a plain connection, as the sqlite3 shell opens it. */
#ifndef UNIT_STORE_SHELL_H
#define UNIT_STORE_SHELL_H

#include "unit/store/fixture.h"

#include <sqlite3.h>

static inline void shell(const char *sql)
{
    sqlite3 *db;
    char *message = NULL;
    assert_int_equal(sqlite3_open(database, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
    sqlite3_close(db);
}

static inline void search_index_is_right(void)
{
    shell("INSERT INTO search(search) VALUES('integrity-check');"
          "INSERT INTO search(search, rank) VALUES('integrity-check', 1)");
}

#endif

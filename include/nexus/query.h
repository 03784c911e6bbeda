// SPDX-License-Identifier: MIT
/*
 * Reading with SQL: the public tables and views of the vault's database, on a connection that
 * cannot write.
 *
 * A reader never waits for the writer, and sees each change whole or not at all. It belongs to one
 * thread at a time; open as many as there are threads.
 */
#ifndef NEXUS_QUERY_H
#define NEXUS_QUERY_H

#include "nexus/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct nexus_reader;
struct nexus_rows;

/** Opens the database of the vault whose root is `dir`. NEXUS_ERROR_NOT_FOUND when there is none
 * yet. Where the file is empty or of another program, the first question says so
 * (NEXUS_ERROR_DATABASE). */
NEXUS_API enum nexus_status nexus_reader_open(const char *dir, struct nexus_reader **ret_reader,
                                              struct nexus_error *err);
NEXUS_API void nexus_reader_close(struct nexus_reader *reader);

/** Reads the whole database and fails when it is damaged: rows that are missing for that reason
 * look like rows that never were. */
NEXUS_API enum nexus_status nexus_reader_check(struct nexus_reader *reader,
                                               struct nexus_error *err);

/** Starts one statement that only reads. Anything else, or a second statement behind it, is
 *  NEXUS_ERROR_REFUSED; a mistake in the SQL is NEXUS_ERROR_ARGUMENT with SQLite's own words. */
NEXUS_API enum nexus_status nexus_query(struct nexus_reader *reader, const char *sql,
                                        struct nexus_rows **ret_rows, struct nexus_error *err);
NEXUS_API void nexus_rows_close(struct nexus_rows *rows);

/** Give a value to the parameter of that name (":path"), before the first row. Texts are copied.
 *  NEXUS_ERROR_ARGUMENT when the statement has no such parameter. */
NEXUS_API enum nexus_status nexus_rows_bind_text(struct nexus_rows *rows, const char *name,
                                                 const char *value, struct nexus_error *err);
NEXUS_API enum nexus_status nexus_rows_bind_integer(struct nexus_rows *rows, const char *name,
                                                    int64_t value, struct nexus_error *err);

/** Steps to the next row; `*ret_more` is false behind the last. */
NEXUS_API enum nexus_status nexus_rows_next(struct nexus_rows *rows, bool *ret_more,
                                            struct nexus_error *err);

enum nexus_column_type {
    NEXUS_COLUMN_NULL,
    NEXUS_COLUMN_INTEGER,
    NEXUS_COLUMN_REAL,
    NEXUS_COLUMN_TEXT,
    NEXUS_COLUMN_BLOB,
};

/* Of the statement (count, name) and of the current row; columns count from 0. Texts are borrowed
 * until the next step. */
NEXUS_API int nexus_rows_column_count(const struct nexus_rows *rows);
NEXUS_API const char *nexus_rows_column_name(const struct nexus_rows *rows, int column);
NEXUS_API enum nexus_column_type nexus_rows_column_type(const struct nexus_rows *rows, int column);
NEXUS_API int64_t nexus_rows_integer(struct nexus_rows *rows, int column);
NEXUS_API double nexus_rows_real(struct nexus_rows *rows, int column);
/** The value as text (any type), NUL-terminated, with its length; never NULL. */
NEXUS_API const char *nexus_rows_text(struct nexus_rows *rows, int column, size_t *ret_length);

#ifdef __cplusplus
}
#endif
#endif

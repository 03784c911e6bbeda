// SPDX-License-Identifier: MIT
/*
 * Reading with SQL that somebody else wrote, on a connection of its own that cannot write.
 *
 * The connection refuses more than writing: no ATTACH, no PRAGMA beyond describing tables, no
 * temporary tables, no functions that reach outside the database. A reader belongs to one thread at
 * a time; store_reader_interrupt() alone may come from another.
 */
#ifndef STORE_READER_H
#define STORE_READER_H

#include "base/error.h"
#include "base/str.h"

struct store_reader;
struct store_rows;

/** NEXUS_ERROR_NOT_FOUND when there is no database at that path, NEXUS_ERROR_DATABASE when it is
 * empty or of another program. */
enum nexus_status store_reader_open(const char *abs_path, struct store_reader **ret_reader,
                                    struct nexus_error *err);
/** All rows must have been closed. */
void store_reader_close(struct store_reader *reader);

/** Stops what the reader is doing: the call at hand returns NEXUS_ERROR_INTERRUPTED. */
void store_reader_interrupt(struct store_reader *reader);

/** Whether the database is sound, as far as SQLite can tell by reading all of it: else an error. */
enum nexus_status store_reader_check(struct store_reader *reader, struct nexus_error *err);

/** Starts one statement that only reads. Anything else, or a second statement behind it, is
 *  NEXUS_ERROR_REFUSED; a mistake in the SQL is NEXUS_ERROR_ARGUMENT in SQLite's own words. */
enum nexus_status store_query(struct store_reader *reader, struct str sql,
                              struct store_rows **ret_rows, struct nexus_error *err);
void store_rows_close(struct store_rows *rows);

/* Parameters, before the first row: by name (":path") or by position from 1 ("?", name NULL).
 * NEXUS_ERROR_ARGUMENT when the statement has no such parameter. Texts are copied. */
enum nexus_status store_rows_bind_text(struct store_rows *rows, const char *name, int position,
                                       struct str value, struct nexus_error *err);
enum nexus_status store_rows_bind_integer(struct store_rows *rows, const char *name, int position,
                                          int64_t value, struct nexus_error *err);

enum nexus_status store_rows_next(struct store_rows *rows, bool *ret_more, struct nexus_error *err);

enum store_type { STORE_NULL, STORE_INTEGER, STORE_REAL, STORE_TEXT, STORE_BLOB };

/* Of the statement (count, name) and of the current row; columns count from 0. Texts are borrowed
 * until the next step or close. */
int store_rows_column_count(const struct store_rows *rows);
const char *store_rows_column_name(const struct store_rows *rows, int column);
enum store_type store_rows_type(const struct store_rows *rows, int column);
int64_t store_rows_integer(struct store_rows *rows, int column);
double store_rows_real(struct store_rows *rows, int column);
/** The value as text, whatever its type; NUL-terminated, `at` never NULL. */
struct str store_rows_text(struct store_rows *rows, int column);

#endif

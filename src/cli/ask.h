// SPDX-License-Identifier: MIT
/*
 * Asking the vault. The statements are those of sql/NAME.sql, each below a line `-- name: NAME`;
 * whatever a user gives comes in as a parameter.
 */
#ifndef CLI_ASK_H
#define CLI_ASK_H

#include "cli/command.h"

/** Starts the statement `name` of sql/`file`.sql. Both must exist (anything else is a bug). */
enum nexus_status ask(struct invocation *call, const char *file, const char *name,
                      struct nexus_rows **ret_rows, struct nexus_error *err);
/** Starts it with its parameter :text. */
enum nexus_status ask_text(struct invocation *call, const char *file, const char *name,
                           const char *text, struct nexus_rows **ret_rows, struct nexus_error *err);
/** Starts it with its parameter :id. */
enum nexus_status ask_id(struct invocation *call, const char *file, const char *name, int64_t id,
                         struct nexus_rows **ret_rows, struct nexus_error *err);

/** The text of that statement, for tests and for ask(). */
struct str ask_statement(const char *file, const char *name);

/** Steps to the next row: false behind the last, and when it fails, which `*status` tells then.
 * Ends early when the output broke: nobody reads what would come. */
bool row_next(struct invocation *call, struct nexus_rows *rows, enum nexus_status *status,
              struct nexus_error *err);
/** Steps to the row of a statement that always has one. */
enum nexus_status row_only(struct nexus_rows *rows, struct nexus_error *err);
struct str row_text(struct nexus_rows *rows, int column);
bool row_is_null(struct nexus_rows *rows, int column);

void rows_close(struct nexus_rows **rows);
#define ROWS_SCOPED __attribute__((cleanup(rows_close))) struct nexus_rows

#endif

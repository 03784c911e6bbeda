// SPDX-License-Identifier: MIT
#include "cli/ask.h"

#include "base/embed.h"

#include <assert.h>

struct str ask_statement(const char *file, const char *name)
{
    STRBUF_SCOPED label = {0};
    strbuf_addf(&label, "src/cli/sql/%s.sql", file);
    struct str text = label.failed ? (struct str){0} : embedded_text(label.at);
    strbuf_reset(&label);
    strbuf_addf(&label, "\n-- name: %s\n", name);
    if (label.failed)
        return (struct str){0};
    size_t start = str_find_str(text, strbuf_str(&label));
    assert(start != STR_NONE && "no such statement");
    struct str rest = str_slice(text, start + label.length, text.length);
    return str_slice(rest, 0, str_find_str(rest, STR("\n-- name: ")));
}

enum nexus_status ask(struct invocation *call, const char *file, const char *name,
                      struct nexus_rows **ret_rows, struct nexus_error *err)
{
    STRBUF_SCOPED sql = {0};
    strbuf_add(&sql, ask_statement(file, name));
    if (sql.failed || !sql.length)
        return fail_no_memory(err);
    struct nexus_error why;
    enum nexus_status status = nexus_query(call->reader, sql.at, ret_rows, &why);
    if (status ==
        NEXUS_ERROR_ARGUMENT) /* not the user's: the tables are not those of this program */
        return fail(err, NEXUS_ERROR_DATABASE,
                    "the database is not as it should be (%s): run 'nexus sync'", why.message);
    return status == NEXUS_OK ? NEXUS_OK : fail(err, status, "%s", why.message);
}

enum nexus_status ask_text(struct invocation *call, const char *file, const char *name,
                           const char *text, struct nexus_rows **ret_rows, struct nexus_error *err)
{
    TRY(ask(call, file, name, ret_rows, err));
    return nexus_rows_bind_text(*ret_rows, ":text", text, err);
}

enum nexus_status ask_id(struct invocation *call, const char *file, const char *name, int64_t id,
                         struct nexus_rows **ret_rows, struct nexus_error *err)
{
    TRY(ask(call, file, name, ret_rows, err));
    return nexus_rows_bind_integer(*ret_rows, ":id", id, err);
}

bool row_next(struct invocation *call, struct nexus_rows *rows, enum nexus_status *status,
              struct nexus_error *err)
{
    bool more = false;
    if (!call->out.error_number) /* else output_finish() tells it */
        *status = nexus_rows_next(rows, &more, err);
    return *status == NEXUS_OK && more;
}

enum nexus_status row_only(struct nexus_rows *rows, struct nexus_error *err)
{
    bool more;
    TRY(nexus_rows_next(rows, &more, err));
    return more ? NEXUS_OK : fail(err, NEXUS_ERROR_DATABASE, "a row is missing in the database");
}

struct str row_text(struct nexus_rows *rows, int column)
{
    size_t length;
    const char *text = nexus_rows_text(rows, column, &length);
    return (struct str){text, length};
}

bool row_is_null(struct nexus_rows *rows, int column)
{
    return nexus_rows_column_type(rows, column) == NEXUS_COLUMN_NULL;
}

void rows_close(struct nexus_rows **rows)
{
    nexus_rows_close(*rows);
    *rows = NULL;
}

// SPDX-License-Identifier: MIT
#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/row_format.h"

#include <errno.h>

enum { OPTION_FORMAT, OPTION_AS };
static const struct option options[] = {
    [OPTION_FORMAT] = {"format", ROW_FORMAT_NAMES, "how rows are printed"},
    [OPTION_AS] = OPTION_AS_WHOM,
    {0},
};

enum { SQL_BYTES = 1000 * 1000 }; /* SQLite itself takes no longer statement */

static enum nexus_status read_stdin(struct strbuf *sql, struct nexus_error *err)
{
    char buffer[4096];
    size_t got;
    errno = 0;
    while ((got = fread(buffer, 1, sizeof buffer, stdin)) > 0) {
        strbuf_add(sql, (struct str){buffer, got});
        if (sql->length > SQL_BYTES)
            return fail(err, NEXUS_ERROR_LIMIT, "the statement has more than %d bytes", SQL_BYTES);
    }
    if (ferror(stdin))
        return fail_errno(err, errno, "cannot read the statement from stdin");
    if (sql->length && memchr(sql->at, '\0', sql->length))
        return fail(err, NEXUS_ERROR_ARGUMENT, "the statement holds a NUL");
    return NEXUS_OK;
}

/** As asked for; else a table for a person, and what the sqlite3 shell prints for a program. */
static enum nexus_status choose_format(const struct invocation *call,
                                       const struct row_format **ret_format,
                                       struct nexus_error *err)
{
    const char *name = call->options[OPTION_FORMAT];
    if (name && call->form == FORM_JSON)
        return fail(err, NEXUS_ERROR_ARGUMENT, "--json and --format exclude each other");
    if (!name)
        name = call->form == FORM_JSON ? "json" : call->out.is_terminal ? "table" : "list";
    *ret_format = row_format_find(name);
    if (!*ret_format)
        return fail(err, NEXUS_ERROR_ARGUMENT, "no format is called '%s'; there is %s", name,
                    ROW_FORMAT_NAMES);
    return NEXUS_OK;
}

/** A statement that may not be run here is a mistake of whoever wrote it, not a failure. */
static enum nexus_status start(struct invocation *call, const char *sql,
                               struct nexus_rows **ret_rows, struct nexus_error *err)
{
    enum nexus_status status = nexus_query(call->reader, sql, ret_rows, err);
    if (status == NEXUS_ERROR_REFUSED)
        err->status = status = NEXUS_ERROR_ARGUMENT;
    return status;
}

static enum nexus_status run_query(struct invocation *call, struct nexus_error *err)
{
    const struct row_format *format;
    TRY(choose_format(call, &format, err));
    STRBUF_SCOPED sql = {0};
    if (strcmp(call->operands[0], "-") == 0)
        TRY(read_stdin(&sql, err));
    else
        strbuf_add_text(&sql, call->operands[0]);
    if (sql.failed)
        return fail_no_memory(err);
    ROWS_SCOPED *rows = NULL;
    TRY(start(call, strbuf_str(&sql).at, &rows, err));
    return format->print(call, rows, err);
}

const struct command command_query = {
    .name = "query",
    .operands = "SQL",
    .summary = "ask the database",
    .details =
        "Runs one statement that reads; '-' takes it from stdin. Tables and views to read from:\n"
        "files, objects, tags, aliases, links, backlinks, unresolved_links, orphans, headings,\n"
        "tasks, properties, blocks, search, problems, changes, conflicts, history, and a view for\n"
        "each schema (core.todo is core_todo). Formats: table (on a terminal), list (a|b, when a\n"
        "program reads), line, csv, json (an array of objects), jsonl (an object a line).\n",
    .examples = "nexus query \"SELECT path, title FROM objects WHERE schema = 'core.note'\"\n"
                "nexus query --format csv \"SELECT * FROM core_todo\" > todos.csv\n"
                "nexus query --as ai \"SELECT path FROM objects\"  # what an AI would see\n",
    .options = options,
    .min_operands = 1,
    .max_operands = 1,
    .group = GROUP_READ,
    .needs = NEEDS_READER,
    .run = run_query,
};

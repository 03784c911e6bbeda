// SPDX-License-Identifier: MIT
#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/json.h"

enum { OPTION_ALL };
static const struct option options[] = {
    [OPTION_ALL] = {"all", NULL, "also those that are settled"},
    {0},
};

enum {
    ID,
    STATE,
    AT,
    PATH,
    OBJECT_ID,
    UID,
    WINNER,
    COPY_PATH,
    SETTLED_AT,
    RESOLUTION,
    FILE_TIME,
    DATABASE_TIME,
    WHY,
    COLUMNS
};

/** " (file 2026-01-15T10:30:05.000Z, row 2026-01-15T10:30:02.000Z)", of what is known. */
static void print_times(struct output *out, struct nexus_rows *rows)
{
    bool has_file = !row_is_null(rows, FILE_TIME), has_row = !row_is_null(rows, DATABASE_TIME);
    if (!has_file && !has_row)
        return;
    output_text(out, " (");
    if (has_file)
        output_format(out, "file %s", row_text(rows, FILE_TIME).at);
    if (has_row)
        output_format(out, "%srow %s", has_file ? ", " : "", row_text(rows, DATABASE_TIME).at);
    output_text(out, ")");
}

static void print_conflict(struct output *out, struct nexus_rows *rows)
{
    bool has_file_won = str_is(row_text(rows, WINNER), "file");
    output_format(out, "%6lld  %s  ", (long long)nexus_rows_integer(rows, ID),
                  row_text(rows, AT).at);
    output_line_of(out, row_text(rows, PATH), STYLE_NAME);
    output_text(out, has_file_won ? ": the file won" : ": the database won");
    if (row_is_null(rows, COPY_PATH)) {
        output_text(out,
                    has_file_won ? "; the row had been deleted" : "; the file had been deleted");
    } else {
        output_text(out, "; what lost is ");
        output_line_of(out, row_text(rows, COPY_PATH), STYLE_NAME);
    }
    if (!row_is_null(rows, RESOLUTION))
        output_format(out, " (settled: %s)", row_text(rows, RESOLUTION).at);
    output_text(out, "\n        ");
    output_line_of(out, row_text(rows, WHY), STYLE_PLAIN);
    print_times(out, rows);
    output_text(out, "\n");
}

static enum nexus_status print_text(struct invocation *call, struct nexus_rows *rows,
                                    struct nexus_error *err)
{
    enum nexus_status status = NEXUS_OK;
    while (row_next(call, rows, &status, err)) {
        if (str_is(row_text(rows, STATE), "open"))
            call->exit_code = EXIT_FOUND;
        print_conflict(&call->out, rows);
    }
    return status;
}

static enum nexus_status print_json(struct invocation *call, struct nexus_rows *rows,
                                    struct nexus_error *err)
{
    enum nexus_status status = NEXUS_OK;
    JSON_SCOPED json;
    json_init(&json, &call->out);
    json_begin_object(&json, NULL);
    json_begin_array(&json, "conflicts");
    while (row_next(call, rows, &status, err)) {
        if (str_is(row_text(rows, STATE), "open"))
            call->exit_code = EXIT_FOUND;
        json_begin_object(&json, NULL);
        json_columns(&json, rows, 0, COLUMNS);
        json_end(&json);
    }
    json_end(&json);
    json_end(&json);
    return status == NEXUS_OK ? json_finish(&json, err) : status;
}

static enum nexus_status run_conflicts(struct invocation *call, struct nexus_error *err)
{
    ROWS_SCOPED *rows = NULL;
    TRY(ask(call, "conflicts", "list", &rows, err));
    TRY(nexus_rows_bind_integer(rows, ":all", call->options[OPTION_ALL] != NULL, err));
    return call->form == FORM_JSON ? print_json(call, rows, err) : print_text(call, rows, err);
}

const struct command command_conflicts = {
    .name = "conflicts",
    .operands = "",
    .summary = "what both sides changed, who won, and where the loser is kept",
    .details =
        "'nexus resolve ID file|database|both' settles one. Exit code 1: there are open ones.\n",
    .examples = "nexus conflicts\n"
                "nexus conflicts --all\n",
    .options = options,
    .group = GROUP_DECIDE,
    .needs = NEEDS_READER,
    .run = run_conflicts,
};

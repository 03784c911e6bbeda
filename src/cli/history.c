// SPDX-License-Identifier: MIT
#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/json.h"
#include "cli/options.h"
#include "cli/place.h"

enum { OPTION_LIMIT_ROWS };
static const struct option options[] = {
    [OPTION_LIMIT_ROWS] = {"limit", "N", "at most the newest N"},
    {0},
};

enum { SEQ, AT, OP, ORIGIN, PATH, MOVED_FROM, BATCH, OBJECT_ID, UNDOES, COLUMNS };

static void print_entry(struct output *out, struct nexus_rows *rows)
{
    output_format(out, "%6lld  %s  ", (long long)nexus_rows_integer(rows, SEQ),
                  row_text(rows, AT).at);
    output_format(out, "%-7s  %-5s  ", row_text(rows, OP).at, row_text(rows, ORIGIN).at);
    output_format(out, "%4lld  ", (long long)nexus_rows_integer(rows, BATCH));
    output_line_of(out, row_text(rows, PATH), STYLE_NAME);
    if (!row_is_null(rows, MOVED_FROM)) {
        output_text(out, ", was ");
        output_line_of(out, row_text(rows, MOVED_FROM), STYLE_NAME);
    }
    if (!row_is_null(rows, UNDOES))
        output_format(out, ", undoes %lld", (long long)nexus_rows_integer(rows, UNDOES));
    output_text(out, "\n");
}

static enum nexus_status print_text(struct invocation *call, struct nexus_rows *rows, int64_t limit,
                                    struct nexus_error *err)
{
    enum nexus_status status = NEXUS_OK;
    while (limit-- && row_next(call, rows, &status, err))
        print_entry(&call->out, rows);
    return status;
}

static enum nexus_status print_json(struct invocation *call, struct nexus_rows *rows, int64_t limit,
                                    struct nexus_error *err)
{
    enum nexus_status status = NEXUS_OK;
    JSON_SCOPED json;
    json_init(&json, &call->out);
    json_begin_object(&json, NULL);
    json_begin_array(&json, "history");
    while (limit-- && row_next(call, rows, &status, err)) {
        json_begin_object(&json, NULL);
        json_columns(&json, rows, 0, COLUMNS);
        json_end(&json);
    }
    json_end(&json);
    json_end(&json);
    return status == NEXUS_OK ? json_finish(&json, err) : status;
}

/** The first reading of the name that history knows, else the last. */
static enum nexus_status ask_path(struct invocation *call, struct nexus_rows **ret_rows,
                                  struct nexus_error *err)
{
    READINGS_SCOPED readings = {0};
    TRY(place_read(call, call->operands[0], &readings, err));
    if (!readings.count)
        return fail(err, NEXUS_ERROR_NOT_FOUND, "'%s' is not in the vault", call->operands[0]);
    for (int i = 0; i < readings.count - 1; i++) {
        ROWS_SCOPED *rows = NULL;
        enum nexus_status status = NEXUS_OK;
        TRY(ask_text(call, "history", "of_path", readings.paths[i].at, &rows, err));
        bool is_known = row_next(call, rows, &status, err);
        TRY(status);
        if (is_known)
            return ask_text(call, "history", "of_path", readings.paths[i].at, ret_rows, err);
    }
    return ask_text(call, "history", "of_path", readings.paths[readings.count - 1].at, ret_rows,
                    err);
}

static enum nexus_status run_history(struct invocation *call, struct nexus_error *err)
{
    int64_t limit = INT64_MAX;
    const char *wish = call->options[OPTION_LIMIT_ROWS];
    if (wish)
        TRY(option_number("--limit", wish, 1, INT64_MAX, &limit, err));
    ROWS_SCOPED *rows = NULL;
    TRY(call->operand_count ? ask_path(call, &rows, err) : ask(call, "history", "all", &rows, err));
    return call->form == FORM_JSON ? print_json(call, rows, limit, err)
                                   : print_text(call, rows, limit, err);
}

const struct command command_history = {
    .name = "history",
    .operands = "[PATH]",
    .summary = "what Nexus wrote into files, the newest first",
    .details =
        "Each line is an entry's number (for 'nexus undo'), when, what was done, who caused it,\n"
        "a number that all files of one go share, and the file. 'refused' wrote no file: a row\n"
        "was taken back.\n",
    .examples = "nexus history --limit 10\n"
                "nexus history todos.json\n",
    .options = options,
    .max_operands = 1,
    .group = GROUP_DECIDE,
    .needs = NEEDS_READER,
    .run = run_history,
};

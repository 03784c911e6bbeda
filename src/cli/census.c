// SPDX-License-Identifier: MIT
#include "cli/census.h"

#include "cli/ask.h"

#include <inttypes.h>
#include <nexus/pending.h>

/** What is pending is nobody's table: the library counts it. */
static enum nexus_status count_pending(struct invocation *call, struct census *census,
                                       struct nexus_error *err)
{
    struct nexus_vault *vault;
    struct nexus_pending_counts counts;
    TRY(nexus_vault_open(call->vault_path, &vault, err));
    enum nexus_status status = nexus_count_pending(vault, &counts, err);
    nexus_vault_close(vault);
    if (status != NEXUS_OK)
        return status;
    census->held_writes = (int64_t)counts.held;
    census->waiting_writes = (int64_t)counts.waiting;
    return NEXUS_OK;
}

enum nexus_status census_take(struct invocation *call, struct census *ret_census,
                              struct nexus_error *err)
{
    ROWS_SCOPED *rows = NULL;
    TRY(ask(call, "census", "counts", &rows, err));
    TRY(row_only(rows, err));
    struct census census = {
        .files = nexus_rows_integer(rows, 0),
        .objects = nexus_rows_integer(rows, 1),
        .errors = nexus_rows_integer(rows, 2),
        .warnings = nexus_rows_integer(rows, 3),
        .files_with_problems = nexus_rows_integer(rows, 4),
        .open_conflicts = nexus_rows_integer(rows, 5),
    };
    snprintf(census.last_change_at, sizeof census.last_change_at, "%.*s",
             STR_ARG(row_text(rows, 6)));
    TRY(count_pending(call, &census, err));
    *ret_census = census;
    return NEXUS_OK;
}

enum nexus_status census_print_groups(struct invocation *call, const char *statement,
                                      struct nexus_error *err)
{
    ROWS_SCOPED *rows = NULL;
    TRY(ask(call, "census", statement, &rows, err));
    enum nexus_status status = NEXUS_OK;
    for (const char *comma = ""; row_next(call, rows, &status, err); comma = ", ") {
        output_format(&call->out, "%s%" PRId64 " ", comma, nexus_rows_integer(rows, 1));
        output_line_of(&call->out, row_text(rows, 0), STYLE_PLAIN);
    }
    return status;
}

enum nexus_status census_add_groups(struct invocation *call, struct json *json, const char *key,
                                    const char *statement, struct nexus_error *err)
{
    ROWS_SCOPED *rows = NULL;
    TRY(ask(call, "census", statement, &rows, err));
    enum nexus_status status = NEXUS_OK;
    json_begin_object(json, key);
    while (row_next(call, rows, &status, err))
        json_integer(json, row_text(rows, 0).at, nexus_rows_integer(rows, 1));
    json_end(json);
    return status;
}

void census_print_problems(struct output *out, const struct census *census)
{
    if (!census->errors && !census->warnings) {
        output_text(out, "none");
        return;
    }
    if (census->errors)
        output_count(out, census->errors, "error");
    if (census->errors && census->warnings)
        output_text(out, " and ");
    if (census->warnings)
        output_count(out, census->warnings, "warning");
    output_text(out, " in ");
    output_count(out, census->files_with_problems, "file");
}

void census_add_problems(struct json *json, const struct census *census)
{
    json_begin_object(json, "problems");
    json_integer(json, "errors", census->errors);
    json_integer(json, "warnings", census->warnings);
    json_integer(json, "files", census->files_with_problems);
    json_end(json);
}

void output_count(struct output *out, int64_t count, const char *noun)
{
    output_format(out, "%" PRId64 " %s%s", count, noun, count == 1 ? "" : "s");
}

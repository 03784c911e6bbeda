// SPDX-License-Identifier: MIT
#include "cli/request.h"

#include "cli/ask.h"
#include "cli/census.h"
#include "cli/progress.h"

static enum nexus_status read_mark(struct invocation *call, struct aftermath *aftermath,
                                   struct nexus_error *err)
{
    ROWS_SCOPED *rows = NULL;
    TRY(ask(call, "history", "mark", &rows, err));
    TRY(row_only(rows, err));
    *aftermath = (struct aftermath){.history_seq = nexus_rows_integer(rows, 0),
                                    .conflict_id = nexus_rows_integer(rows, 1)};
    return NEXUS_OK;
}

static enum nexus_status read_aftermath(struct invocation *call, struct aftermath *aftermath,
                                        struct nexus_error *err)
{
    ROWS_SCOPED *rows = NULL;
    TRY(ask(call, "history", "aftermath", &rows, err));
    TRY(nexus_rows_bind_integer(rows, ":seq", aftermath->history_seq, err));
    TRY(nexus_rows_bind_integer(rows, ":conflict", aftermath->conflict_id, err));
    TRY(row_only(rows, err));
    aftermath->written = nexus_rows_integer(rows, 0);
    aftermath->refused = nexus_rows_integer(rows, 1);
    aftermath->conflicts = nexus_rows_integer(rows, 2);
    return NEXUS_OK;
}

static enum nexus_status run(struct invocation *call, struct nexus_vault *vault,
                             struct nexus_request *requests, size_t count,
                             struct nexus_answer *answers, struct nexus_error *err)
{
    struct nexus_sync_report report;
    TRY(nexus_request(vault, requests, count, err));
    TRY(progress_sync(call, call->vault_path, 0, &report, err));
    for (size_t i = 0; i < count; i++) {
        TRY(nexus_request_answer(vault, requests[i].id, &answers[i], err));
        if (!answers[i].is_given)
            return fail(err, NEXUS_ERROR_BUSY,
                        "it is asked for, and was not carried out yet: run 'nexus sync'");
    }
    return NEXUS_OK;
}

enum nexus_status request_run(struct invocation *call, struct nexus_request *requests, size_t count,
                              struct nexus_answer *answers, struct aftermath *ret_aftermath,
                              struct nexus_error *err)
{
    struct nexus_vault *vault;
    struct aftermath aftermath;
    TRY(read_mark(call, &aftermath, err));
    TRY(nexus_vault_open(call->vault_path, &vault, err));
    enum nexus_status status = run(call, vault, requests, count, answers, err);
    nexus_vault_close(vault);
    if (status != NEXUS_OK)
        return status;
    TRY(read_aftermath(call, &aftermath, err));
    *ret_aftermath = aftermath;
    return NEXUS_OK;
}

static enum nexus_status tell_conflicts(struct invocation *call, int64_t after,
                                        struct nexus_error *err)
{
    struct output *notes = &call->notes;
    ROWS_SCOPED *rows = NULL;
    TRY(ask_id(call, "history", "conflicts_since", after, &rows, err));
    enum nexus_status status = NEXUS_OK;
    while (row_next(call, rows, &status, err)) {
        output_text(notes, "nexus: ");
        output_line_of(notes, row_text(rows, 1), STYLE_NAME);
        output_format(notes, ": was changed since: conflict %lld",
                      (long long)nexus_rows_integer(rows, 0));
        if (!row_is_null(rows, 2)) {
            output_text(notes, ", the other version is kept as ");
            output_line_of(notes, row_text(rows, 2), STYLE_NAME);
        }
        output_text(notes, "\n");
    }
    return status;
}

enum nexus_status aftermath_tell(struct invocation *call, const struct aftermath *aftermath,
                                 struct nexus_error *err)
{
    if (aftermath->refused || aftermath->conflicts)
        call->exit_code = EXIT_FOUND;
    if (aftermath->refused) {
        output_text(&call->notes, "nexus: ");
        output_count(&call->notes, aftermath->refused, "row");
        output_text(&call->notes, aftermath->refused == 1 ? " was" : " were");
        output_text(&call->notes, " taken back (see 'nexus check')\n");
    }
    return aftermath->conflicts ? tell_conflicts(call, aftermath->conflict_id, err) : NEXUS_OK;
}

void aftermath_add(struct json *json, const struct aftermath *aftermath)
{
    json_integer(json, "written", aftermath->written);
    json_integer(json, "refused", aftermath->refused);
    json_integer(json, "conflicts", aftermath->conflicts);
}

// SPDX-License-Identifier: MIT
#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/request.h"

static enum nexus_status check_choice(const char *choice, struct nexus_error *err)
{
    static const char *const choices[] = {"file", "database", "both"};
    for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++)
        if (strcmp(choice, choices[i]) == 0)
            return NEXUS_OK;
    return fail(err, NEXUS_ERROR_ARGUMENT,
                "a conflict is settled by file, database or both, not '%s'", choice);
}

static enum nexus_status read_path(struct invocation *call, int64_t id, struct strbuf *path,
                                   struct nexus_error *err)
{
    ROWS_SCOPED *rows = NULL;
    enum nexus_status status = NEXUS_OK;
    TRY(ask_id(call, "conflicts", "one", id, &rows, err));
    if (row_next(call, rows, &status, err))
        strbuf_add(path, row_text(rows, 0));
    return path->failed ? fail_no_memory(err) : status;
}

static void print_text(struct invocation *call, int64_t id, struct str path, const char *reason)
{
    struct output *out = *reason ? &call->notes : &call->out;
    output_text(out, *reason ? "nexus: " : "");
    output_line_of(out, path, STYLE_NAME);
    output_format(out, "%sconflict %lld is ", path.length ? ": " : "", (long long)id);
    output_format(out, *reason ? "not settled: " : "settled: %s", call->operands[1]);
    output_line_of(out, str_of(reason), STYLE_PLAIN);
    output_text(out, "\n");
}

static enum nexus_status print_json(struct invocation *call, int64_t id, struct str path,
                                    const char *reason, struct nexus_error *err)
{
    JSON_SCOPED json;
    json_init(&json, &call->out);
    json_begin_object(&json, NULL);
    json_integer(&json, "id", id);
    json_text(&json, "path", path);
    json_boolean(&json, "settled", !*reason);
    if (*reason)
        json_text(&json, "reason", str_of(reason));
    else
        json_null(&json, "reason");
    json_end(&json);
    return json_finish(&json, err);
}

static enum nexus_status run_resolve(struct invocation *call, struct nexus_error *err)
{
    STRBUF_SCOPED path = {0};
    struct nexus_request request = {.kind = NEXUS_REQUEST_RESOLVE, .choice = call->operands[1]};
    struct nexus_answer answer;
    struct aftermath aftermath;
    TRY(option_number("ID", call->operands[0], 1, INT64_MAX, &request.argument, err));
    TRY(check_choice(call->operands[1], err));
    TRY(read_path(call, request.argument, &path, err));
    TRY(request_run(call, &request, 1, &answer, &aftermath, err));
    if (*answer.reason)
        call->exit_code = EXIT_FOUND;
    TRY(aftermath_tell(call, &aftermath, err));
    if (call->form == FORM_JSON)
        return print_json(call, request.argument, strbuf_str(&path), answer.reason, err);
    print_text(call, request.argument, strbuf_str(&path), answer.reason);
    return NEXUS_OK;
}

const struct command command_resolve = {
    .name = "resolve",
    .operands = "ID file|database|both",
    .summary = "settle a conflict",
    .details = "Both sides say from now on what the file said, or what the database said; 'both'\n"
               "makes what lost a file of its own beside the winner. See 'nexus conflicts'.\n",
    .examples = "nexus resolve 1 file\n"
                "nexus resolve 2 both  # keep the two versions\n",
    .min_operands = 2,
    .max_operands = 2,
    .group = GROUP_DECIDE,
    .needs = NEEDS_READER,
    .run = run_resolve,
};

// SPDX-License-Identifier: MIT
#include "cli/census.h"
#include "cli/commands.h"
#include "cli/request.h"

static enum nexus_status print_json(struct invocation *call, const struct nexus_answer *answer,
                                    const struct aftermath *aftermath, struct nexus_error *err)
{
    JSON_SCOPED json;
    json_init(&json, &call->out);
    json_begin_object(&json, NULL);
    json_count(&json, "files", answer->done);
    aftermath_add(&json, aftermath);
    json_end(&json);
    return json_finish(&json, err);
}

static enum nexus_status run_apply(struct invocation *call, struct nexus_error *err)
{
    struct nexus_request request = {.kind = NEXUS_REQUEST_APPLY};
    struct nexus_answer answer;
    struct aftermath aftermath;
    TRY(request_run(call, &request, 1, &answer, &aftermath, err));
    if (*answer.reason)
        return fail(err, NEXUS_ERROR_REFUSED, "%s", answer.reason);
    TRY(aftermath_tell(call, &aftermath, err));
    if (call->form == FORM_JSON)
        return print_json(call, &answer, &aftermath, err);
    if (answer.done) {
        output_count(&call->out, aftermath.written, "file");
        output_text(&call->out, ": written ('nexus undo' puts them back)\n");
    } else {
        output_text(&call->out, "nothing is held\n");
    }
    return NEXUS_OK;
}

const struct command command_apply = {
    .name = "apply",
    .operands = "",
    .summary = "write what is held into the files",
    .details =
        "When SQL changes more files than a person would in one go, nothing is written until\n"
        "this command says so. 'nexus pending' shows what would be.\n",
    .examples = "nexus apply\n",
    .group = GROUP_DECIDE,
    .needs = NEEDS_READER,
    .run = run_apply,
};

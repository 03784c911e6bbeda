// SPDX-License-Identifier: MIT
#include "cli/census.h"
#include "cli/commands.h"
#include "cli/request.h"

static enum nexus_status print_json(struct invocation *call, const struct nexus_answer *answer,
                                    struct nexus_error *err)
{
    JSON_SCOPED json;
    json_init(&json, &call->out);
    json_begin_object(&json, NULL);
    json_count(&json, "files", answer->done);
    json_end(&json);
    return json_finish(&json, err);
}

static enum nexus_status run_discard(struct invocation *call, struct nexus_error *err)
{
    struct nexus_request request = {.kind = NEXUS_REQUEST_DISCARD};
    struct nexus_answer answer;
    struct aftermath aftermath;
    TRY(request_run(call, &request, 1, &answer, &aftermath, err));
    if (*answer.reason)
        return fail(err, NEXUS_ERROR_REFUSED, "%s", answer.reason);
    if (call->form == FORM_JSON)
        return print_json(call, &answer, err);
    if (answer.done) {
        output_text(&call->out, "the rows of ");
        output_count(&call->out, (int64_t)answer.done, "file");
        output_text(&call->out, " are as before\n");
    } else {
        output_text(&call->out, "nothing is held\n");
    }
    return NEXUS_OK;
}

const struct command command_discard = {
    .name = "discard",
    .operands = "",
    .summary = "take back what is held: the rows are as before",
    .details = "The other answer to what 'nexus apply' would write. What was taken back stays in\n"
               "'nexus history'. 'nexus check' tells no longer of changes that were refused.\n",
    .examples = "nexus discard\n",
    .group = GROUP_DECIDE,
    .needs = NEEDS_READER,
    .run = run_discard,
};

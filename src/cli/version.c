// SPDX-License-Identifier: MIT
#include "cli/commands.h"
#include "cli/json.h"

static enum nexus_status run_version(struct invocation *call, struct nexus_error *err)
{
    if (call->form == FORM_TEXT) {
        output_text(&call->out, "nexus " NEXUS_VERSION "\n");
        return NEXUS_OK;
    }
    JSON_SCOPED json;
    json_init(&json, &call->out);
    json_begin_object(&json, NULL);
    json_text(&json, "version", STR(NEXUS_VERSION));
    json_end(&json);
    return json_finish(&json, err);
}

const struct command command_version = {
    .name = "version",
    .operands = "",
    .summary = "tell which Nexus this is",
    .details = "",
    .group = GROUP_HELP,
    .needs = NEEDS_NOTHING,
    .run = run_version,
};

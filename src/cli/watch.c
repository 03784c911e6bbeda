// SPDX-License-Identifier: MIT
#include "cli/commands.h"
#include "daemon/daemon.h"

static enum nexus_status run_watch(struct invocation *call, struct nexus_error *err)
{
    return daemon_run(call->vault_path, err);
}

const struct command command_watch = {
    .name = "watch",
    .operands = "",
    .summary = "keep files and database in step until it is told to end",
    .details =
        "Takes in what changed, and then each change a moment after it was saved. It stays in\n"
        "the foreground; SIGTERM or Ctrl-C ends it, SIGHUP makes it read its settings again.\n"
        "What it does stands in .nexus/logs/nexus.log.\n",
    .examples = "nexus watch\n"
                "nexus -C ~/notes watch\n",
    .group = GROUP_BEGIN,
    .needs = NEEDS_VAULT,
    .run = run_watch,
};

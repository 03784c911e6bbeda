// SPDX-License-Identifier: MIT
#include "cli/commands.h"
#include "cli/recovered.h"

#include <nexus/recovery.h>

static enum nexus_status rebuild(struct nexus_vault *vault, const char *nothing,
                                 struct nexus_sync_report *report, struct nexus_error *err)
{
    (void)nothing;
    return nexus_rebuild(vault, report, err);
}

static enum nexus_status run_rebuild(struct invocation *call, struct nexus_error *err)
{
    return recovered_run(call, rebuild, NULL, err);
}

const struct command command_rebuild = {
    .name = "rebuild",
    .operands = "",
    .summary = "make the database anew from the files",
    .details =
        "Ids, permissions and history come from the present database, as far as it can be read, "
        "and\n"
        "from .nexus/permissions.json; it is set aside in .nexus/backups/. A database that is "
        "gone\n"
        "or damaged is seen to by 'nexus sync' and 'nexus watch' by themselves. End 'nexus watch'\n"
        "before.\n",
    .examples = "nexus rebuild\n",
    .group = GROUP_CARE,
    .needs = NEEDS_VAULT,
    .run = run_rebuild,
};

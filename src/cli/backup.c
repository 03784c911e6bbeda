// SPDX-License-Identifier: MIT
#include "cli/commands.h"
#include "cli/json.h"

#include <nexus/recovery.h>
#include <stdlib.h>

enum { OPTION_TO };
static const struct option options[] = {
    [OPTION_TO] = {"to", "FILE", "write it there; else it goes to .nexus/backups/"},
    {0},
};

static enum nexus_status print(struct invocation *call, const char *path, struct nexus_error *err)
{
    if (call->form == FORM_TEXT) {
        output_text(&call->out, "backed up as ");
        output_line_of(&call->out, str_of(path), STYLE_NAME);
        output_text(&call->out, "\n");
        return NEXUS_OK;
    }
    JSON_SCOPED json;
    json_init(&json, &call->out);
    json_begin_object(&json, NULL);
    json_text(&json, "path", str_of(path));
    json_end(&json);
    return json_finish(&json, err);
}

static enum nexus_status run_backup(struct invocation *call, struct nexus_error *err)
{
    struct nexus_vault *vault;
    char *path = NULL;
    TRY(nexus_vault_open(call->vault_path, &vault, err));
    enum nexus_status status = nexus_backup(vault, call->options[OPTION_TO], &path, err);
    nexus_vault_close(vault);
    if (status == NEXUS_OK)
        status = print(call, path, err);
    free(path);
    return status;
}

const struct command command_backup = {
    .name = "backup",
    .operands = "",
    .summary = "copy the database: ids, permissions, history, what the files do not say",
    .details =
        "The files are not in it: they are yours to back up. 'nexus watch' and 'nexus sync' make\n"
        "one each `backup_hours`, and keep `backup_keep` of them. Others may go on working\n"
        "meanwhile. 'nexus restore' puts one back.\n",
    .examples = "nexus backup\n",
    .options = options,
    .group = GROUP_CARE,
    .needs = NEEDS_VAULT,
    .run = run_backup,
};

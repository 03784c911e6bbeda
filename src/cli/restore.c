// SPDX-License-Identifier: MIT
#include "cli/commands.h"
#include "cli/json.h"
#include "cli/recovered.h"

#include <nexus/recovery.h>
#include <stdlib.h>

enum { OPTION_LIST };
static const struct option options[] = {
    [OPTION_LIST] = {"list", NULL, "tell which backups there are"},
    {0},
};

/* --- the list -------------------------------------------------------------------------------- */

struct listing {
    struct invocation *call;
    struct json json;
    int count;
};

static void print_backup(void *context, const struct nexus_backup *backup)
{
    struct listing *listing = context;
    listing->count++;
    if (listing->call->form == FORM_JSON) {
        json_begin_object(&listing->json, NULL);
        json_text(&listing->json, "name", str_of(backup->name));
        json_text(&listing->json, "at", str_of(backup->at));
        json_boolean(&listing->json, "replaced", backup->is_replaced);
        json_end(&listing->json);
        return;
    }
    output_line_of(&listing->call->out, str_of(backup->name), STYLE_NAME);
    if (backup->is_replaced)
        output_text(&listing->call->out, "  (set aside)");
    output_text(&listing->call->out, "\n");
}

static enum nexus_status list(struct invocation *call, struct nexus_vault *vault,
                              struct nexus_error *err)
{
    struct listing listing = {.call = call};
    json_init(&listing.json, &call->out);
    if (call->form == FORM_JSON) {
        json_begin_object(&listing.json, NULL);
        json_begin_array(&listing.json, "backups");
    }
    enum nexus_status status = nexus_list_backups(vault, print_backup, &listing, err);
    if (call->form == FORM_JSON && status == NEXUS_OK) {
        json_end(&listing.json);
        json_end(&listing.json);
        status = json_finish(&listing.json, err);
    }
    json_close(&listing.json);
    if (status == NEXUS_OK && !listing.count && call->form == FORM_TEXT)
        output_text(&call->out, "there are no backups ('nexus backup' makes one)\n");
    return status;
}

static enum nexus_status run_restore(struct invocation *call, struct nexus_error *err)
{
    struct nexus_vault *vault;
    const char *backup = call->operand_count ? call->operands[0] : NULL;
    if (call->options[OPTION_LIST]) {
        TRY(nexus_vault_open(call->vault_path, &vault, err));
        enum nexus_status status = list(call, vault, err);
        nexus_vault_close(vault);
        return status;
    }
    return recovered_run(call, nexus_restore, backup, err);
}

const struct command command_restore = {
    .name = "restore",
    .operands = "[BACKUP]",
    .summary = "put a backup of the database in its place",
    .details =
        "BACKUP is a name of --list or a file; else it is the newest one that is sound. The files\n"
        "count: they are read again, and none is written. What only the present database knows is\n"
        "kept (history, conflicts, ids); permissions become the stricter of the backup's and "
        "those\n"
        "of now. The present database is set aside in .nexus/backups/. End 'nexus watch' before.\n",
    .examples = "nexus restore --list\n",
    .options = options,
    .max_operands = 1,
    .group = GROUP_CARE,
    .needs = NEEDS_VAULT,
    .run = run_restore,
};

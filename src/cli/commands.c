// SPDX-License-Identifier: MIT
#include "cli/commands.h"

#include "cli/suggest.h"

#include <string.h>

const struct command *const commands[] = {
    &command_init,
    &command_sync,
    &command_watch,
    &command_status,
    &command_check,
    &command_query,
    &command_search,
    &command_show,
    &command_links,
    &command_tags,
    &command_tasks,
    &command_new,
    &command_set,
    &command_rm,
    &command_history,
    &command_undo,
    &command_conflicts,
    &command_resolve,
    &command_pending,
    &command_apply,
    &command_discard,
    &command_schema,
    &command_permit,
    &command_permissions,
    &command_events,
    &command_backup,
    &command_restore,
    &command_rebuild,
    &command_config,
    &command_doctor,
    &command_service,
    &command_help,
    &command_completion,
    &command_version,
    NULL,
};

const struct command *command_find(const char *name)
{
    for (const struct command *const *command = commands; *command; command++)
        if (strcmp((*command)->name, name) == 0)
            return *command;
    return NULL;
}

const char *command_nearest(const char *word)
{
    struct suggestion suggestion = {.word = word};
    for (const struct command *const *command = commands; *command; command++)
        suggestion_offer(&suggestion, (*command)->name);
    return suggestion.best;
}

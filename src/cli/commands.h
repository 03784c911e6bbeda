// SPDX-License-Identifier: MIT
/* Every command, each defined in the file of its name. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/command.h"

extern const struct command command_apply;
extern const struct command command_backup;
extern const struct command command_check;
extern const struct command command_completion;
extern const struct command command_config;
extern const struct command command_conflicts;
extern const struct command command_discard;
extern const struct command command_doctor;
extern const struct command command_events;
extern const struct command command_help;
extern const struct command command_history;
extern const struct command command_init;
extern const struct command command_links;
extern const struct command command_new;
extern const struct command command_pending;
extern const struct command command_permissions;
extern const struct command command_permit;
extern const struct command command_query;
extern const struct command command_rebuild;
extern const struct command command_resolve;
extern const struct command command_restore;
extern const struct command command_rm;
extern const struct command command_schema;
extern const struct command command_search;
extern const struct command command_service;
extern const struct command command_set;
extern const struct command command_show;
extern const struct command command_status;
extern const struct command command_sync;
extern const struct command command_tags;
extern const struct command command_tasks;
extern const struct command command_undo;
extern const struct command command_version;
extern const struct command command_watch;

/** In the order of the help; ends with NULL. */
extern const struct command *const commands[];
/** NULL: there is none. */
const struct command *command_find(const char *name);
/** The name that somebody most likely meant; NULL: none is near. */
const char *command_nearest(const char *word);

#endif

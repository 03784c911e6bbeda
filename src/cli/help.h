// SPDX-License-Identifier: MIT
/* The help, made from the table of commands. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/command.h"

/** A group of commands, by the name that JSON has and under a title; in the order of the help. The
 *  last one has no title. */
struct help_group {
    enum command_group group;
    const char *name, *title;
};
extern const struct help_group help_groups[];

/** The program as a whole: all commands with their summaries. */
void help_print_program(struct output *out);
/** "nexus show [--json] OBJECT" */
void help_print_usage(struct output *out, const struct command *command);

#endif

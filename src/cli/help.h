// SPDX-License-Identifier: MIT
/* The help, made from the table of commands. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/command.h"

/** The program as a whole: all commands with their summaries. */
void help_print_program(struct output *out);
/** "nexus show [--json] OBJECT" */
void help_print_usage(struct output *out, const struct command *command);

#endif

// SPDX-License-Identifier: MIT
/*
 * The command line, read by the tables of the commands.
 *
 *     nexus [-C DIR] [--vault DIR] COMMAND [OPTION | OPERAND]...
 *
 * Options have long names, `--name ARG` or `--name=ARG`, and may stand anywhere behind the command;
 * the last one of a name counts. Behind `--` everything is an operand, and so is `-` alone. Names
 * are not abbreviated: a script must not break when a command gets a second option.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "cli/command.h"

extern const struct option program_options[]; /* those in front of the command */
extern const struct option common_options[];  /* those of every command */

/** Fills command, options and operands from the arguments. -C has its effect at once. Whoever asks
 *  for help or the version gets the command `help` or `version`. The operands are made by malloc
 *  and freed by the caller. */
enum nexus_status options_read(struct invocation *call, int argc, char **argv,
                               struct nexus_error *err);

enum nexus_status options_unknown_command(const char *word, struct nexus_error *err);

/** A number that an option or operand gives, from `least` to `most`. */
enum nexus_status option_number(const char *name, const char *text, int64_t least, int64_t most,
                                int64_t *ret_number, struct nexus_error *err);

#endif

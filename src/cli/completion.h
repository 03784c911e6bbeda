// SPDX-License-Identifier: MIT
/* What shells complete, made from the table of commands: a script each, to be sourced. */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include "cli/command.h"

void completion_print_bash(struct output *out);
void completion_print_zsh(struct output *out);
void completion_print_fish(struct output *out);

/** The text inside of single quotes of a POSIX shell or zsh. Each of the characters `marked` gets a
 * backslash in front. */
void completion_print_quoted(struct output *out, struct str text, const char *marked);
/** Words that have '|' between them, with blanks instead. */
void completion_print_words(struct output *out, struct str words);

#endif

// SPDX-License-Identifier: MIT
/*
 * What stands for an operand or an option's argument in the tables of the commands ("[PATH...]",
 * "on|off"), and what a shell can offer in its place.
 */
#ifndef CLI_OPERAND_H
#define CLI_OPERAND_H

#include "cli/command.h"

/** What may be written in place of a word of the tables. What is not known is all false. */
struct completes {
    bool folders, files;
    struct str words; /* with '|' between them */
    const char *sql;  /* answers with a column of them, asked of the vault; NULL: none */
};
struct completes completes_of(struct str placeholder);

/** The placeholder of the operand at `index`, without brackets and dots; the last one again where
 *  more are taken; empty when there is none. */
struct str operand_at(const struct command *command, int index);
/** How many placeholders there are. */
int operand_places(const struct command *command);
/** Whether any number may stand in the last place. */
bool operand_repeats(const struct command *command);

/** Takes the part before the next `separator` off `*left`. False when nothing is left. */
bool word_take(struct str *left, char separator, struct str *ret_word);

#endif

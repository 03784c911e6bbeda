// SPDX-License-Identifier: MIT
/* The parts of `nexus schema`. */
#ifndef CLI_SCHEMA_H
#define CLI_SCHEMA_H

#include "cli/command.h"

/* Places in the command's table of options. */
enum { SCHEMA_OPTION_NAME, SCHEMA_OPTION_DRY_RUN, SCHEMA_OPTION_COMPATIBLE };

/* operands[0] is the word itself; the others are those that schema.c's table asks for. */
command_run schema_list, schema_show, schema_add, schema_check, schema_remove;

#endif

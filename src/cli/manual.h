// SPDX-License-Identifier: MIT
/* The manual page nexus(1), made from the table of commands. */
#ifndef CLI_MANUAL_H
#define CLI_MANUAL_H

#include "cli/command.h"

enum nexus_status manual_print(struct output *out, struct nexus_error *err);

#endif

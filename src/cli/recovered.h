// SPDX-License-Identifier: MIT
/* What `restore` and `rebuild` share, and how every command tells of a database that came back. */
#ifndef CLI_RECOVERED_H
#define CLI_RECOVERED_H

#include "cli/command.h"

typedef enum nexus_status recovered_act(struct nexus_vault *vault, const char *argument,
                                        struct nexus_sync_report *report, struct nexus_error *err);

/** Does it, unless a daemon serves the vault, and tells what became of the database. */
enum nexus_status recovered_run(struct invocation *call, recovered_act *act, const char *argument,
                                struct nexus_error *err);

/** Tells, on stderr, what was done to bring the database back; "" is nothing. */
void recovered_tell(struct output *notes, const char *news);

#endif

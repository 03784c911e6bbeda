// SPDX-License-Identifier: MIT
/*
 * A pass over the vault as its user sees it: a bar on stderr where that is a terminal, and an end
 * in good order when SIGINT, SIGTERM or SIGHUP comes.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "cli/command.h"

/** nexus_sync() on the vault at `dir`, with options of enum nexus_sync_option. */
enum nexus_status progress_sync(struct invocation *call, const char *dir, unsigned options,
                                struct nexus_sync_report *ret_report, struct nexus_error *err);

#endif

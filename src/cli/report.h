// SPDX-License-Identifier: MIT
/* What a pass did, for `init` and `sync`. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "cli/command.h"
#include "cli/json.h"

/** If files are held: what that means, on stderr, and exit code 1. */
void report_held(struct invocation *call, const struct nexus_sync_report *report);

/** The report as an object under `key`. */
void report_add(struct json *json, const char *key, const struct nexus_sync_report *report);

#endif

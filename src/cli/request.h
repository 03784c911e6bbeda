// SPDX-License-Identifier: MIT
/* What `apply`, `discard`, `undo` and `resolve` share: asking for something, and what came of it.
 */
#ifndef CLI_REQUEST_H
#define CLI_REQUEST_H

#include "cli/json.h"

#include "cli/command.h"

#include <nexus/edit.h>

/** Files and rows that the requests, and all that was written with them, concerned. */
struct aftermath {
    int64_t history_seq, conflict_id; /* what was there before */
    int64_t written, refused, conflicts;
};

/** Asks for all of them and waits until they are carried out. One without an answer (the vault's
 * folder is away) is an error. */
enum nexus_status request_run(struct invocation *call, struct nexus_request *requests, size_t count,
                              struct nexus_answer *answers, struct aftermath *ret_aftermath,
                              struct nexus_error *err);

/** Tells of conflicts and rows that were taken back, if any, on stderr; sets the exit code. */
enum nexus_status aftermath_tell(struct invocation *call, const struct aftermath *aftermath,
                                 struct nexus_error *err);
/** The same as members of a document. */
void aftermath_add(struct json *json, const struct aftermath *aftermath);

#endif

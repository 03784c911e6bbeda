// SPDX-License-Identifier: MIT
/*
 * The copy of the audit log, logs/audit.jsonl: a row a line, in the order of the log.
 *
 * Whoever has committed a row brings the copy up to the log, whatever is missing in it, under a
 * lock on the file: so a crash in between, or two who write at once, leave nothing out and nothing
 * in the wrong order.
 */
#ifndef ENGINE_AUDIT_H
#define ENGINE_AUDIT_H

#include "store/audit.h"

/** Brings the copy up to the log, on the disk. A copy of another database's log (a rebuilt one
 *  begins anew) is put aside as audit-TIME.jsonl. */
enum nexus_status audit_copy(int nexus_fd, struct store *store, struct nexus_error *err);

/** Tells everything that is wrong with the log and its copy. Writes nothing. */
enum nexus_status audit_check(int nexus_fd, struct store *store, audit_found *found, void *context,
                              struct nexus_error *err);

#endif

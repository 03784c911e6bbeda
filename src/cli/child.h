// SPDX-License-Identifier: MIT
/* Asking another program. */
#ifndef CLI_CHILD_H
#define CLI_CHILD_H

#include "base/error.h"
#include "base/strbuf.h"

enum { CHILD_NOT_FOUND = 127 }; /* as a shell says it */

/** What becomes of what it says beside its answer. */
enum child_errors { CHILD_ERRORS_SHOWN, CHILD_ERRORS_HIDDEN };

/** Runs `words` (ends with NULL; the program is looked for in PATH) without a shell and without
 * stdin, and waits for its end. Its stdout is appended to `answer`. `*ret_code` is its exit code,
 * CHILD_NOT_FOUND when there is no such program, 128 and the number when a signal ended it. */
enum nexus_status child_run(const char *const *words, enum child_errors errors,
                            struct strbuf *answer, int *ret_code, struct nexus_error *err);

#endif

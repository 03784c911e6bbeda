// SPDX-License-Identifier: MIT
/* Files that go away because their row did. As careful as replace.h: what was taken from its place
 * is looked at, and no file is ever overwritten. */
#ifndef WRITEBACK_TRASH_H
#define WRITEBACK_TRASH_H

#include "writeback/replace.h"

struct trash_outcome {
    struct strbuf path;  /* where it is now, from the root */
    bool is_theirs_back; /* with NEXUS_ERROR_CHANGED: the file is at its place again, or still */
};
void trash_outcome_finish(struct trash_outcome *outcome);

/** Moves the file at `path` into the folder `trash` (a path from the root; made when missing),
 * below which it keeps its path. If there is one of that name already, or the names would be too
 * long, it gets another one, with the time `when_ns` in it. `now_ns` is monotonic.
 *
 *  NEXUS_ERROR_CHANGED: it is not the expected version; it is at its place again, or, if that was
 * taken meanwhile, in the trash. NEXUS_ERROR_NOT_FOUND, NEXUS_ERROR_BUSY, NEXUS_ERROR_REFUSED as
 * replace_prepare(). `*outcome` wants its finish always. */
enum nexus_status trash_put(struct replacer *replacer, const char *path,
                            const struct hash *expected, const char *trash, int64_t when_ns,
                            int64_t now_ns, struct trash_outcome *outcome, struct nexus_error *err);

/** Where trash_put() would put it at its `attempt`-th attempt, from 0: readable, below the trash,
 * no name over 255 bytes. */
void trash_name(struct str trash, struct str path, int64_t when_ns, unsigned attempt,
                struct strbuf *ret_path);

#endif

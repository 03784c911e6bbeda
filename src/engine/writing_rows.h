// SPDX-License-Identifier: MIT
/* What the files that plan a writing share; nothing else includes it. */
#ifndef ENGINE_WRITING_ROWS_H
#define ENGINE_WRITING_ROWS_H

#include "engine/writing.h"

/** Ready for another file. */
void writing_reset(struct writing *writing);

/** What the rows say now: read, and judged by their schemas. What cannot be is refused. */
enum nexus_status writing_read_rows(struct writing *writing, const struct engine *engine,
                                    const struct outbox_entry *outbox, size_t count,
                                    struct nexus_error *err);

/** A note always has a body, be it the empty text: a row that does not say it says that. `path` is
 * the file's; of a new object it may be chosen later. Sets the tape's failure without memory. */
void writing_add_body(struct writing_entry *entry, struct str path);

/** The entry will be taken back, with that reason (copied). */
void writing_refuse(struct writing *writing, struct writing_entry *entry, const char *reason);

#endif

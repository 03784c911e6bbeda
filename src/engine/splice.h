// SPDX-License-Identifier: MIT
/*
 * The bytes that a writing asks for: the file's own ones with only the changed values replaced, and
 * proven by reading them again: the changed objects say exactly what was wanted, all others what
 * they said before. What cannot be proven is refused, object by object, and never written.
 */
#ifndef ENGINE_SPLICE_H
#define ENGINE_SPLICE_H

#include "engine/writing.h"

/** Makes `writing->digest` (and its bytes) the next version of the file that `file` is, and sets
 * the kind. The entries' actions are decided. */
enum nexus_status splice_file(struct writing *writing, const struct engine *engine,
                              const struct digest *file, struct nexus_error *err);

/** The same for a file that is not there (any more): with all objects that the entries write. */
enum nexus_status splice_new_file(struct writing *writing, const struct engine *engine,
                                  struct nexus_error *err);

/** The same for a file that stays as it is. */
enum nexus_status splice_nothing(struct writing *writing, const struct engine *engine,
                                 struct nexus_error *err);

/** Whether the entry is carried out by the version in `writing->digest`. */
static inline bool writing_entry_is_carried(const struct writing_entry *entry)
{
    return !entry->is_refused && !entry->is_left &&
           (entry->action == PLAN_WRITE || entry->action == PLAN_TRASH ||
            entry->action == PLAN_ROW_WINS || entry->action == PLAN_MERGE ||
            entry->action == PLAN_AGREE || entry->action == PLAN_FORGET);
}

/** What the row of a lost conflict says, as a file would say it. */
enum nexus_status splice_loser(const struct writing *writing, const struct writing_entry *entry,
                               struct strbuf *out, struct nexus_error *err);

#endif

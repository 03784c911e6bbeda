// SPDX-License-Identifier: MIT
/* What both sides of an object say together, for two edits that are not decided between. */
#ifndef ENGINE_MERGING_H
#define ENGINE_MERGING_H

#include "engine/writing.h"

/** Whether the entry's edit and the file's are to be merged: the setting says so, or nothing can be
 * lost, since the row was only moved. What both came from has to be known. */
bool merging_is_wanted(const struct engine *engine, const struct writing_entry *entry);

/** Makes `entry->wanted` what both say together, and tells what of the older side is lost in it.
 * `*ret_merged` is false, and nothing is changed, when the schema does not take it. */
enum nexus_status merging_merge(struct writing *writing, struct writing_entry *entry,
                                const struct tape *file, bool *ret_merged, struct nexus_error *err);

#endif

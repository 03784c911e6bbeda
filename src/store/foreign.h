// SPDX-License-Identifier: MIT
/*
 * Whether somebody else, a shell or a plugin, has written to the database.
 *
 * A write to the database's files is told of before the commit that it belongs to can be seen: the
 * log is written, on a slow disk synced for a while, and only then the commit is made known. So
 * whoever looks because of such an event asks first whether another process is writing, and looks
 * again, after growing pauses, for as long as one is; then nothing is missed, and nothing is asked
 * when nobody writes.
 */
#ifndef STORE_FOREIGN_H
#define STORE_FOREIGN_H

#include "store/store.h"

/** Whether another process holds the write lock of the database at `abs_path`, which this process
 * has read from. `*index_fd` is -1 at first and the same one in each call for as long as the
 * connection is open; it is not the caller's. */
enum nexus_status store_foreign_writes_at(const char *abs_path, int *index_fd, bool *ret_writing,
                                          struct nexus_error *err);

/** Whether another process holds the write lock: whatever wants to write now has to wait for it. To
 * be asked before anything is looked at: who is done by then has a commit that can be seen, and who
 * begins later makes an event of its own. */
enum nexus_status store_foreign_writes(struct store *store, bool *ret_writing,
                                       struct nexus_error *err);

/** Outside a transaction; takes no lock that anybody could meet. `*ret_changed`: another connection
 * has committed since the last call, or since the store was opened (or has only moved the log into
 * the file: what is different is to be found out). */
enum nexus_status store_foreign_changed(struct store *store, bool *ret_changed,
                                        struct nexus_error *err);

#endif

// SPDX-License-Identifier: MIT
/* `.nexus/permissions.json`: the permissions that differ from the default, to be kept where the
 * database is not. */
#ifndef ENGINE_PERMISSIONS_FILE_H
#define ENGINE_PERMISSIONS_FILE_H

#include "store/store.h"

#define PERMISSIONS_FILE_PATH ".nexus/permissions.json"
#define PERMISSIONS_KEYWORD "permissions" /* of the problem that tells what was not applied */
enum { PERMISSIONS_FILE_LIMIT_BYTES = 64 * 1024 * 1024 };

/** Writes what the database says, in one step, an object a line; nothing when the file says so
 * already. Of writers at the same time the last one writes the last state. Outside a transaction.
 */
enum nexus_status permissions_file_write(int nexus_fd, struct store *store, int64_t now_ns,
                                         struct nexus_error *err);

/** In a transaction: the database knows the text with that hash, as the one it wrote last. */
enum nexus_status permissions_file_remember(struct store *store, struct str hash,
                                            struct nexus_error *err);

#endif

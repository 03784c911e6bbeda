// SPDX-License-Identifier: MIT
/* Where a vault is, and what `init` puts there. */
#ifndef ENGINE_VAULT_H
#define ENGINE_VAULT_H

#include "base/error.h"
#include "base/str.h"

/** As nexus_vault_find(). */
enum nexus_status vault_find(const char *start_dir, char **ret_path, struct nexus_error *err);

/** As nexus_vault_init(). */
enum nexus_status vault_init(const char *dir, int64_t now_ns, struct nexus_error *err);

/** Opens the root and its `.nexus` folder; both descriptors are the caller's. `ret_path` is the
 * root's absolute path without links, to be freed. */
enum nexus_status vault_open_folders(const char *dir, char **ret_path, int *ret_root_fd,
                                     int *ret_nexus_fd, struct nexus_error *err);

/** Takes the lock that every writer of the vault holds; it goes with the descriptor.
 * NEXUS_ERROR_BUSY when another program has it. */
enum nexus_status vault_lock(int nexus_fd, struct nexus_error *err);
void vault_unlock(int nexus_fd);

#endif

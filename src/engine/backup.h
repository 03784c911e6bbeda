// SPDX-License-Identifier: MIT
/*
 * Backups: copies of the database below .nexus/backups/, "vault-TIME.sqlite". One is made in
 * `backup_hours` after the last, and the newest `backup_keep` are kept. Databases that were
 * replaced lie beside them, as "replaced-TIME.sqlite", as many.
 *
 * A copy gets its name when it is whole, checked and on the disk.
 */
#ifndef ENGINE_BACKUP_H
#define ENGINE_BACKUP_H

#include "engine/engine.h"

#define BACKUPS_FOLDER "backups"

/** Makes one; `abs_to` NULL: in its folder, where the oldest go then. `*ret_abs_path`: where it is,
 * to be freed. Needs no lock. */
enum nexus_status backup_make(struct engine *engine, const char *abs_to, char **ret_abs_path,
                              struct nexus_error *err);

struct backup {
    char name[64];
    int64_t at_ns;
    bool is_replaced; /* a database that was set aside, whole or not */
};
/** Those in the folder, the newest first; to be freed. */
enum nexus_status backup_list(const struct engine *engine, struct backup **ret_backups,
                              size_t *ret_count, struct nexus_error *err);

/** When the next one is due: `created_at_ns` counts when there is none. */
enum nexus_status backup_next(const struct engine *engine, int64_t created_at_ns,
                              int64_t *ret_due_ns, struct nexus_error *err);

/** The absolute path of a name in the folder, which is made when it is missing; to be freed. */
enum nexus_status backup_path(const struct engine *engine, const char *name, char **ret_abs_path,
                              struct nexus_error *err);

/** Removes what is too much. */
enum nexus_status backup_rotate(const struct engine *engine, struct nexus_error *err);

#endif

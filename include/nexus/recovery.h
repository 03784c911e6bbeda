// SPDX-License-Identifier: MIT
/*
 * Backups of a vault's database, and bringing it back. A database that is gone or damaged is seen
 * to by nexus_sync() and nexus_live_open() without being asked; nexus_vault_news() tells of it.
 */
#ifndef NEXUS_RECOVERY_H
#define NEXUS_RECOVERY_H

#include "nexus/vault.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Copies the database to `file`, or, if that is NULL, to `.nexus/backups/`, where only the newest
 * `backup_keep` stay. NEXUS_ERROR_EXISTS when there is a file. Needs no lock. `*ret_path` is to be
 * freed by the caller. */
NEXUS_API enum nexus_status nexus_backup(struct nexus_vault *vault, const char *file,
                                         char **ret_path, struct nexus_error *err);

struct nexus_backup {
    const char *name;
    const char *at;   /* ISO 8601, UTC */
    bool is_replaced; /* a database that was set aside */
};
typedef void nexus_backup_listener(void *context, const struct nexus_backup *backup);
/** Tells of each in `.nexus/backups/`, the newest first. */
NEXUS_API enum nexus_status nexus_list_backups(struct nexus_vault *vault,
                                               nexus_backup_listener *listener, void *context,
                                               struct nexus_error *err);

/** Puts a backup (a name in the list or a path; NULL: the newest sound one) in the database's place
 * and looks at every file. `report` may be NULL. */
NEXUS_API enum nexus_status nexus_restore(struct nexus_vault *vault, const char *backup,
                                          struct nexus_sync_report *report,
                                          struct nexus_error *err);

/** Makes the database anew from the files. The same. */
NEXUS_API enum nexus_status nexus_rebuild(struct nexus_vault *vault,
                                          struct nexus_sync_report *report,
                                          struct nexus_error *err);

/** What was done to bring the database back since the vault was opened, a sentence a line; "" when
 * nothing had to be done. Borrowed until the next call. */
NEXUS_API const char *nexus_vault_news(const struct nexus_vault *vault);

#ifdef __cplusplus
}
#endif
#endif

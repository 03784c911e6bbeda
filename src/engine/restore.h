// SPDX-License-Identifier: MIT
/* A backup becomes the database. */
#ifndef ENGINE_RESTORE_H
#define ENGINE_RESTORE_H

#include "engine/backup.h"

/** Puts a copy of the backup into the database's place, under the vault's lock; the database must
 * be closed. What only the one that is there knows is taken over, as far as it can be read; it is
 * set aside. `old_path` NULL: there is none; NEXUS_ERROR_CHANGED when there is one by now. The
 * files are still to be looked at. */
enum nexus_status restore_put(struct engine *engine, const char *backup_path, int64_t backup_at_ns,
                              const char *old_path, struct nexus_error *err);

/** Where no database was, an empty file or a log without one may be: they are set aside under
 * `name`. One that somebody put there meanwhile stays, and is NEXUS_ERROR_CHANGED. */
enum nexus_status restore_clear_place(struct engine *engine, const char *name,
                                      struct nexus_error *err);

/** Ends what a crash left half done, if anything is. */
enum nexus_status restore_finish(struct engine *engine, struct nexus_error *err);

/** The newest backup that is sound, and when it was made: NEXUS_ERROR_NOT_FOUND when there is none.
 * The path is to be freed. */
enum nexus_status restore_find(const struct engine *engine, char **ret_path, int64_t *ret_at_ns,
                               struct nexus_error *err);

/** The name under which a database is set aside now: "replaced-TIME.sqlite". */
void restore_name_aside(int64_t now_ns, char name[64]);

#endif

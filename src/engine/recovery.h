// SPDX-License-Identifier: MIT
/*
 * Opening the database of a vault, whatever became of it. No start needs a person.
 *
 * left in order   opened. Else it is checked whole, and …
 * sound           opened; each row is compared with what both sides agreed on (upkeep.h).
 * gone            the newest good backup is put in its place; without one it is made anew.
 * damaged         the same; what can still be read of it is taken over, and it is set aside.
 * from elsewhere  a copy of another machine's or folder's database: made anew, as after damage; two
 *                 that go on from one state must not both carry out what it has to carry out.
 * old log         the write-ahead log of another state lies beside a sound database: the log is set
 *                 aside, before SQLite mixes the two.
 * older           one from before was put back: opened, no permission is looser than now, and no id
 *                 is given twice.
 *
 * In every case the files count: they are read, and none is written for what a database says that
 * nobody changed. Permissions become the stricter of what the databases and permissions.json say.
 *
 * A new database is whole, and on the disk, before the old one leaves its place; the names change
 * in an order in which each moment leads on to the end when it is the last one.
 */
#ifndef ENGINE_RECOVERY_H
#define ENGINE_RECOVERY_H

#include "engine/engine.h"

/** Opens the database, under the vault's lock. `*ret_is_first`: it is made anew, for a first index;
 * recovery_finish_first() ends that. Appends what was done to `engine->recovery.news`. */
enum nexus_status recovery_open(struct engine *engine, bool *ret_is_first, struct nexus_error *err);
enum nexus_status recovery_finish_first(struct engine *engine, struct nexus_error *err);

/** Opens one that can be opened as it is, for who does not hold the vault's lock.
 * NEXUS_ERROR_DAMAGED when recovery_open() would not, or would upgrade it; NEXUS_ERROR_NOT_FOUND
 * when there is none. */
enum nexus_status recovery_look(struct engine *engine, struct nexus_error *err);

/** Puts a backup (a name in the folder, or a path; NULL: the newest sound one) in the place of the
 * database, which must be closed (recovery_close()), under the vault's lock. */
enum nexus_status recovery_restore(struct engine *engine, const char *backup,
                                   struct nexus_error *err);

/** After the files were looked at: carries over what SQL had changed in the database before this
 * one. `*ret_taken`: so many rows wait to be written now. */
enum nexus_status recovery_settle(struct engine *engine, uint64_t *ret_taken,
                                  struct nexus_error *err);

/** Closes the database, for another or to look at it anew; nothing is said of how it was left. One
 * that was being made never comes to its place: what was said of it is not so. */
void recovery_close(struct engine *engine);

/** SQLite has met damage: lets go of the database. A page that could not be read this once looks
 * the same, and what is damaged is so the next time, too: it is opened again as it is, and only
 * when this is met once more, another is put in its place. */
void recovery_doubt(struct engine *engine);

/** Keeps what is written down beside the database up to it: permissions.json and the watermark.
 * Cheap when nothing is new. */
enum nexus_status recovery_keep(struct engine *engine, struct nexus_error *err);

/** Makes a backup when one is due. `*ret_due_ns`: when the next one is. */
enum nexus_status recovery_back_up(struct engine *engine, int64_t *ret_due_ns,
                                   struct nexus_error *err);

/** Closes the database and writes down how it was left. */
void recovery_leave(struct engine *engine);

#endif

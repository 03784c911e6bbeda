// SPDX-License-Identifier: MIT
/* The rows of `files`: every file that was seen and not ignored. */
#ifndef STORE_FILES_H
#define STORE_FILES_H

#include "model/change.h"
#include "store/store.h"

/** The known files in the byte order of their paths, the order in which a folder is walked. Reads
 *  ahead in pages, so rows may be written while it runs; a path behind the current one that is
 *  written meanwhile may or may not be seen. */
struct store_files;

/** Those below `folder`; "" for all. */
enum nexus_status store_files_open(struct store *store, struct str folder,
                                   struct store_files **ret_files, struct nexus_error *err);
/** The next file, or NULL behind the last. Borrowed until the next step. */
enum nexus_status store_files_next(struct store_files *files, const struct file_record **ret_file,
                                   struct nexus_error *err);
void store_files_close(struct store_files *files);

/** The file at `path`, its path copied into the arena. NEXUS_ERROR_NOT_FOUND when it is unknown. */
enum nexus_status store_file_get(struct store *store, struct str path, struct arena *arena,
                                 struct file_record *ret_file, struct nexus_error *err);

/** The same by its id. */
enum nexus_status store_file_get_by_id(struct store *store, int64_t id, struct arena *arena,
                                       struct file_record *ret_file, struct nexus_error *err);

/** For a store opened for its first index, before the first store_file_put(): a file that will be
 * put. When all are told, links find their targets without a second pass; a file that was told and
 * never comes, or comes untold, only costs that pass. Does nothing on another store. */
enum nexus_status store_expect_file(struct store *store, struct str path, struct nexus_error *err);
/** The file with that inode and time of birth, whatever its path. NEXUS_ERROR_NOT_FOUND when it is
 *  unknown. */
enum nexus_status store_file_find(struct store *store, const struct fingerprint *print,
                                  struct arena *arena, struct file_record *ret_file,
                                  struct nexus_error *err);

/** The same, for a file with several names (hard links): the first one behind `path` in the byte
 *  order. NEXUS_ERROR_NOT_FOUND behind the last. */
enum nexus_status store_file_next_name(struct store *store, const struct fingerprint *print,
                                       struct str path, struct arena *arena,
                                       struct file_record *ret_file, struct nexus_error *err);

/** Writes the row of `file->path`, new or changed; `is_indexed` stamps the transaction's time.
 *  A new path becomes a name that links may resolve to. `ret_id` may be NULL. */
enum nexus_status store_file_put(struct store *store, const struct file_record *file,
                                 int64_t *ret_id, struct nexus_error *err);

enum nexus_status store_file_set_state(struct store *store, int64_t id, enum file_state state,
                                       struct nexus_error *err);

/** The file has another path now. Its id, and the id, uid and permissions of its objects, stay;
 *  each of them gets a `move` from `told_from` in the feed, unless SQL did it (ORIGIN_SQL): a
 * trigger has told then. NEXUS_ERROR_EXISTS when the new path is known. */
enum nexus_status store_file_move(struct store *store, int64_t id, struct str told_from,
                                  struct str new_path, enum change_origin origin,
                                  struct nexus_error *err);

/** Takes the file's path from it, because another file is there now: it gets a name that is never
 * on the disk, until store_file_move() tells where it went. Nobody is told. */
enum nexus_status store_file_displace(struct store *store, int64_t id, struct nexus_error *err);

/** Forgets the file. Its objects must have been deleted. Links that led to it look elsewhere. */
enum nexus_status store_file_delete(struct store *store, int64_t id, struct nexus_error *err);

#endif

// SPDX-License-Identifier: MIT
/*
 * `.nexus/database.json`: what is known about the database without it.
 *
 * It says on which machine, and in which folder, the database is at home; up to which ids and
 * numbers it may have given some; and what the file looked like when it was left. So a database
 * that was left in order is opened without a check, one that was copied to another place or put
 * back from an older time is recognised, and one that is made anew gives no id twice.
 *
 * Ids are reserved in blocks, so the file is written once for many new objects.
 */
#ifndef ENGINE_WATERMARK_H
#define ENGINE_WATERMARK_H

#include "base/file.h"
#include "base/hash.h"
#include "base/sha256.h"

struct watermark {
    bool is_known; /* there is a file, and it says something */
    char host_id[SHA256_TEXT_SIZE];
    int64_t object_id, change; /* no higher ones were given */
    int64_t last_change;       /* the last one when the database was left */
    int64_t version, schema_cookie;
    char shape[HASH_TEXT_SIZE];       /* as store_shape_tell() told it last; "": it did not */
    char permissions[HASH_TEXT_SIZE]; /* of permissions.json as it was last written; "": never */
    bool has_print;                   /* it was left in order … */
    struct fingerprint print;         /* … as this */
};

/** Where this is: the machine and the vault's folder. A copy of either is somewhere else. */
enum nexus_status watermark_host(int nexus_fd, char host_id[SHA256_TEXT_SIZE],
                                 struct nexus_error *err);

/** Writers of files that tell of the database wait for each other: the lock goes with the
 * descriptor. Needs the folder of the logs, which is made when it is missing. */
enum nexus_status watermark_lock(int nexus_fd, int *ret_fd, struct nexus_error *err);

/** Where there is no such file, or it makes no sense, nothing is known. One that cannot be read now
 * is an error: ids would be given twice, and permissions believed, if it counted as none. */
enum nexus_status watermark_read(int nexus_fd, struct watermark *watermark,
                                 struct nexus_error *err);
/** On the disk when the call returns. Writes nothing when the file says so already. */
enum nexus_status watermark_write(int nexus_fd, const struct watermark *watermark,
                                  struct nexus_error *err);

/** Whether the database's file is as it was left. */
bool watermark_is_as_left(const struct watermark *watermark, int nexus_fd);

#endif

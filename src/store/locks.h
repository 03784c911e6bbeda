// SPDX-License-Identifier: MIT
/* Files whose write bits are taken away because an object of theirs is read-only, and what is to be
 * given back. A row stands from before the bits go until after they are back. */
#ifndef STORE_LOCKS_H
#define STORE_LOCKS_H

#include "base/arena.h"
#include "store/store.h"

/** A file whose lock is to be looked at: it is new, lifted, or its file was read again. */
struct store_lock {
    int64_t file_id;
    struct str path;   /* `at` NULL: the file is gone */
    bool is_wanted;    /* an object of the file is read-only */
    bool has_bits;     /* the next one is known */
    int64_t mode_bits; /* that the file had before: S_IWUSR, S_IWGRP, S_IWOTH */
};

/** All that are due, copied into the arena. */
enum nexus_status store_locks_due(struct store *store, struct arena *arena,
                                  struct store_lock **ret_locks, size_t *ret_count,
                                  struct nexus_error *err);
/** Remembers what the file had, unless something is remembered already; the lock stays due. */
enum nexus_status store_lock_put(struct store *store, int64_t file_id, int64_t mode_bits,
                                 struct nexus_error *err);
/** It is as it should be, until the file is read again. */
enum nexus_status store_lock_settle(struct store *store, int64_t file_id, struct nexus_error *err);
enum nexus_status store_lock_drop(struct store *store, int64_t file_id, struct nexus_error *err);

enum { LOCK_NONE, LOCK_HELD, LOCK_BROKEN /* the file was changed all the same */ };
/** Whether the file is locked. */
enum nexus_status store_lock_get(struct store *store, int64_t file_id, int *ret_state,
                                 struct nexus_error *err);
/** Whether an object of the file is read-only. */
enum nexus_status store_file_is_read_only(struct store *store, int64_t file_id, bool *ret_locked,
                                          struct nexus_error *err);
/** The file was read again. */
enum nexus_status store_lock_touch(struct store *store, int64_t file_id, struct nexus_error *err);
/** Whether the object is read-only; if so its file is one that was changed all the same. */
enum nexus_status store_lock_break(struct store *store, int64_t object_id, int64_t file_id,
                                   bool *ret_broken, struct nexus_error *err);

#endif

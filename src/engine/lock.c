// SPDX-License-Identifier: MIT
/*
 * What the write bits were is in the database before they go, and until they are back: whatever
 * stops us in between, they are given back in the end. permissions.json has them as well, for the
 * time when the database is gone.
 */
#include "engine/lock.h"

#include "base/file.h"
#include "engine/permissions_read.h"
#include "engine/permit.h"
#include "store/locks.h"
#include "store/notes.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

enum { WRITE_BITS = S_IWUSR | S_IWGRP | S_IWOTH };

/** A lock at work. */
struct locking {
    struct store_lock *lock;
    int fd;        /* -1: there is nothing to be done to the file */
    mode_t mode;   /* of the file */
    int reason;    /* errno of what failed; 0: nothing */
    bool is_there; /* it is a regular file */
};

static void look(const struct engine *engine, struct locking *locking)
{
    struct stat status;
    locking->fd = -1;
    if (!locking->lock->path.at)
        return;
    enum nexus_status opened = file_open_beneath(engine->root_fd, locking->lock->path.at,
                                                 O_RDONLY | O_NOCTTY, &locking->fd, NULL);
    if (opened != NEXUS_OK || fstat(locking->fd, &status) != 0 || !S_ISREG(status.st_mode))
        return;
    locking->is_there = true;
    locking->mode = status.st_mode & 07777;
}

/** Bits that a person has set meanwhile count: then none are given back. */
static mode_t wanted_mode(const struct locking *locking)
{
    if (locking->lock->is_wanted)
        return locking->mode & (mode_t)~WRITE_BITS;
    return locking->mode & WRITE_BITS ? locking->mode
                                      : locking->mode | (mode_t)locking->lock->mode_bits;
}

static void change_mode(struct locking *locking)
{
    mode_t wanted = wanted_mode(locking);
    if (locking->is_there && wanted != locking->mode && fchmod(locking->fd, wanted) != 0)
        locking->reason = errno;
}

static enum nexus_status remember(struct store *store, const struct locking *locking,
                                  struct nexus_error *err)
{
    const struct store_lock *lock = locking->lock;
    if (!lock->is_wanted || !lock->path.at || lock->has_bits || !locking->is_there)
        return NEXUS_OK;
    return store_lock_put(store, lock->file_id, (int64_t)(locking->mode & WRITE_BITS), err);
}

static enum nexus_status tell_failure(struct store *store, const struct locking *locking,
                                      struct nexus_error *err)
{
    struct arena arena = {0};
    struct problem_list list;
    problem_list_init(&list, &arena);
    const struct problem *problem = problem_add(
        &list, PROBLEM_WARNING, LOCK_KEYWORD, 0, 0, "the write bits of this file cannot be %s: %s",
        locking->lock->is_wanted ? "taken away, so editors will not warn that it is read-only"
                                 : "given back",
        strerror(locking->reason));
    enum nexus_status status = problem
                                   ? store_problem_tell(store, locking->lock->path, problem, err)
                                   : fail_no_memory(err);
    arena_finish(&arena);
    return status;
}

static enum nexus_status finish_one(struct store *store, const struct locking *locking,
                                    struct nexus_error *err)
{
    const struct store_lock *lock = locking->lock;
    if (!lock->path.at)
        return store_lock_drop(store, lock->file_id, err);
    if (!lock->is_wanted) {
        TRY(store_problem_drop(store, lock->path, LOCK_KEYWORD, err));
        TRY(store_lock_drop(store, lock->file_id, err));
    } else if (locking->is_there) {
        TRY(store_lock_settle(store, lock->file_id, err));
    }
    return locking->reason ? tell_failure(store, locking, err) : NEXUS_OK;
}

typedef enum nexus_status step(struct store *store, const struct locking *locking,
                               struct nexus_error *err);

static enum nexus_status for_all(const struct engine *engine, struct store *store,
                                 const struct locking *locks, size_t count, step *each,
                                 struct nexus_error *err)
{
    TRY(store_begin(store, engine->now_ns(), err));
    enum nexus_status status = NEXUS_OK;
    for (size_t i = 0; status == NEXUS_OK && i < count; i++)
        status = each(store, &locks[i], err);
    if (status == NEXUS_OK)
        status = store_commit(store, err);
    if (status != NEXUS_OK)
        store_rollback(store);
    return status;
}

enum { SLICE = 64 /* open files at a time */ };

static enum nexus_status settle_slice(const struct engine *engine, struct store *store,
                                      struct store_lock *locks, size_t count,
                                      struct nexus_error *err)
{
    struct locking at_work[SLICE] = {0};
    for (size_t i = 0; i < count; i++) {
        at_work[i].lock = &locks[i];
        look(engine, &at_work[i]);
    }
    enum nexus_status status = for_all(engine, store, at_work, count, remember, err);
    for (size_t i = 0; i < count; i++) {
        if (status == NEXUS_OK)
            change_mode(&at_work[i]);
        file_close(&at_work[i].fd);
    }
    return status == NEXUS_OK ? for_all(engine, store, at_work, count, finish_one, err) : status;
}

enum nexus_status lock_settle(struct engine *engine, struct store *store, struct nexus_error *err)
{
    struct arena arena = {0};
    struct store_lock *locks;
    size_t count = 0;
    enum nexus_status status = store_locks_due(store, &arena, &locks, &count, err);
    for (size_t i = 0; status == NEXUS_OK && i < count; i += SLICE)
        status = settle_slice(engine, store, locks + i, count - i < SLICE ? count - i : SLICE, err);
    arena_finish(&arena);
    TRY(status);
    if (!count)
        return NEXUS_OK;
    TRY(permissions_take_in(engine, store, err));
    return permit_tell(engine, store, err);
}

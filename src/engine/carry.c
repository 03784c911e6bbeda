// SPDX-License-Identifier: MIT
#include "engine/carry.h"

#include "base/time.h"
#include "engine/copies.h"
#include "engine/record.h"
#include "engine/splice.h"
#include "store/files.h"
#include "store/locks.h"
#include "writeback/move.h"
#include "writeback/replace.h"
#include "writeback/trash.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { SLICE = 64 /* of writings, for one transaction: milliseconds */ };

static size_t slice_of(size_t count, size_t from)
{
    return count - from < SLICE ? count - from : SLICE;
}

static bool needs_file(const struct writing *writing)
{
    return writing->kind == WRITING_CREATE || writing->kind == WRITING_REPLACE;
}

static bool removes_file(const struct writing *writing)
{
    return writing->kind == WRITING_REMOVE && writing->has_before;
}

/** A passing failure puts the writing off; what changed meanwhile is planned anew; the rest is
 * refused. */
static enum carried_state state_after(enum nexus_status status)
{
    switch (status) {
    case NEXUS_OK: return CARRIED_DONE;
    case NEXUS_ERROR_CHANGED:
    case NEXUS_ERROR_NOT_FOUND:
    case NEXUS_ERROR_EXISTS: return CARRIED_ANEW;
    case NEXUS_ERROR_BUSY:
    case NEXUS_ERROR_PERMISSION:
    case NEXUS_ERROR_NO_SPACE:
    case NEXUS_ERROR_IO:
    case NEXUS_ERROR_NO_MEMORY:
    case NEXUS_ERROR_DAMAGED:
    case NEXUS_ERROR_INTERRUPTED: /* by a signal, as a file system of another machine may be */
    case NEXUS_ERROR_LIMIT: return CARRIED_LATER;
    case NEXUS_ERROR_ARGUMENT:
    case NEXUS_ERROR_INVALID:
    case NEXUS_ERROR_REFUSED:
    case NEXUS_ERROR_DATABASE:
    case NEXUS_ERROR_VERSION: break;
    }
    return CARRIED_REFUSED;
}

static void fail_one(struct carried *carried, enum nexus_status status,
                     const struct nexus_error *reason)
{
    carried->state = state_after(status);
    carried->reason = *reason;
}

/** Where the row asks for a path, only that will do: what is there stays, and a new row that finds
 * it taken, or below what is no folder, is refused. */
static enum nexus_status of_new_row(const struct writing *writing, enum nexus_status status)
{
    bool is_asked = !writing->file_id && writing->count && writing->entries[0].entry.is.path.at;
    bool is_impossible = status == NEXUS_ERROR_EXISTS || status == NEXUS_ERROR_NOT_FOUND;
    return is_asked && is_impossible ? NEXUS_ERROR_REFUSED : status;
}

static enum nexus_status prepare_once(struct carry *carry, struct carried *carried,
                                      struct nexus_error *err)
{
    const struct writing *writing = carried->writing;
    const struct replace_base base = {
        .hash = writing->before_hash,
        .print = writing->is_before_racy ? NULL : &writing->before_print,
    };
    return replace_prepare(&carry->engine->replacer, writing->path.at,
                           strbuf_str(&writing->digest.bytes), writing->has_before ? &base : NULL,
                           &carried->replacement, err);
}

/** The new version beside the file; a move is done first, so that it is the right folder. */
static void prepare(struct carry *carry, struct carried *carried)
{
    struct writing *writing = carried->writing;
    struct replacer *replacer = &carry->engine->replacer;
    struct nexus_error reason = {0};
    int lock = LOCK_NONE;
    if (!needs_file(writing))
        return;
    replacer->passes_read_only = false;
    enum nexus_status status = prepare_once(carry, carried, &reason);
    if (status == NEXUS_ERROR_PERMISSION && writing->file_id &&
        store_lock_get(carry->engine->store, writing->file_id, &lock, NULL) == NEXUS_OK &&
        lock != LOCK_NONE) { /* it is our own lock that keeps us out */
        replacer->passes_read_only = true;
        status = prepare_once(carry, carried, &reason);
    }
    bool is_asked = !writing->file_id && writing->count && writing->entries[0].entry.is.path.at;
    if (status == NEXUS_ERROR_EXISTS && is_asked)
        status = NEXUS_ERROR_REFUSED; /* that file stays, and the row asked for this very path */
    if (status != NEXUS_OK)
        fail_one(carried, of_new_row(writing, status), &reason);
}

/** A rename changes how the file looks from outside: what is not written into has to be known as it
 * is from now on. */
static void look_again(const struct engine *engine, struct writing *writing)
{
    struct file_record *record = &writing->digest.record;
    struct fingerprint print;
    STRBUF_SCOPED bytes = {0};
    if (file_read_beneath(engine->root_fd, writing->path.at, engine->settings.max_file_bytes,
                          &bytes, &print, NULL) != NEXUS_OK ||
        !hash_equal(hash_of(strbuf_str(&bytes)), record->hash))
        return; /* somebody saves it: the next pass looks at that */
    record->print = print;
    record->is_racy = true;
}

/** Another file was there, is gone, and is known there until its own rows are dealt with. */
static enum nexus_status check_place(const struct engine *engine, const char *path,
                                     struct nexus_error *reason)
{
    struct arena arena = {0};
    struct file_record known;
    struct stat there;
    enum nexus_status status = store_file_get(engine->store, str_of(path), &arena, &known, reason);
    arena_finish(&arena);
    if (status != NEXUS_OK)
        return status == NEXUS_ERROR_NOT_FOUND ? NEXUS_OK : status;
    if (fstatat(engine->root_fd, path, &there, AT_SYMLINK_NOFOLLOW) == 0)
        return NEXUS_OK; /* move_file() finds it, too */
    return fail(reason, NEXUS_ERROR_CHANGED, "the file that was at '%s' is dealt with first", path);
}

/** It is gone, and will be made where its row says. */
static enum nexus_status move_gone(struct carry *carry, const struct carried *carried,
                                   struct nexus_error *reason)
{
    const struct writing *writing = carried->writing;
    struct stat there;
    if (writing->kind != WRITING_CREATE)
        return fail(reason, NEXUS_ERROR_CHANGED, "the file was deleted meanwhile");
    if (fstatat(carry->engine->root_fd, writing->path.at, &there, AT_SYMLINK_NOFOLLOW) == 0)
        return fail(reason, NEXUS_ERROR_EXISTS, "a file is at '%s' already", writing->path.at);
    return record_moved(carry, carried, reason);
}

/** Of a move that was done and could not be recorded, crash_finish() finds the trace. */
static enum nexus_status move_there(struct carry *carry, struct carried *carried,
                                    struct nexus_error *reason, struct nexus_error *err)
{
    struct writing *writing = carried->writing;
    enum nexus_status status = record_move_begin(carry, carried, reason);
    if (status == NEXUS_OK)
        status = move_file(&carry->engine->replacer, writing->moved_from.at, writing->path.at,
                           &writing->before_hash, NULL, reason);
    if (status != NEXUS_OK)
        return status;
    status = record_moved(carry, carried, err);
    if (status == NEXUS_OK && !needs_file(writing))
        look_again(carry->engine, writing);
    return status;
}

/** The file goes where its row says. It is in history before, as everything is. An error: it went,
 * and that could not be recorded. */
static enum nexus_status move(struct carry *carry, struct carried *carried, struct nexus_error *err)
{
    struct writing *writing = carried->writing;
    struct nexus_error reason = {0}, failure = {0};
    if (!writing->moved_from.length)
        return NEXUS_OK;
    enum nexus_status status = check_place(carry->engine, writing->path.at, &reason);
    if (status == NEXUS_OK)
        status = writing->has_before ? move_there(carry, carried, &reason, &failure)
                                     : move_gone(carry, carried, &reason);
    if (status == NEXUS_OK)
        return NEXUS_OK;
    if (failure.message[0]) {
        *err = failure;
        return status;
    }
    record_move_drop(carry, carried);
    if (status == NEXUS_ERROR_EXISTS)
        status = NEXUS_ERROR_REFUSED; /* another file is there, and stays */
    fail_one(carried, status, &reason);
    return NEXUS_OK;
}

/** Somebody saved at the very moment, and that version is at no path any more: it is kept. */
static enum nexus_status keep_theirs(struct carry *carry, const struct carried *carried,
                                     struct nexus_error *err)
{
    const struct replace_outcome *outcome = &carried->outcome;
    if (!outcome->has_theirs || outcome->is_theirs_back)
        return NEXUS_OK;
    return copy_keep_save(carry->engine, strbuf_str(&carried->writing->path),
                          strbuf_str(&outcome->theirs), err);
}

static void commit(struct carry *carry, struct carried *carried, int64_t now_ns)
{
    struct writing *writing = carried->writing;
    struct replacer *replacer = &carry->engine->replacer;
    struct nexus_error reason = {0};
    enum nexus_status status = NEXUS_OK;
    if (carried->replacement) {
        struct replacement *replacement = carried->replacement;
        carried->replacement = NULL;
        status = replace_commit(replacer, replacement, now_ns, &carried->outcome, &reason);
        writing->digest.record.print = carried->outcome.print;
        writing->digest.record.is_racy = true; /* it was written this very moment */
    } else if (removes_file(writing)) {
        struct trash_outcome outcome = {0};
        status = trash_put(replacer, writing->path.at, &writing->before_hash, ".nexus/trash",
                           carry->engine->now_ns(), now_ns, &outcome, &reason);
        trash_outcome_finish(&outcome);
    }
    if (status != NEXUS_OK)
        fail_one(carried, status, &reason);
}

static void drop_prepared(struct carry *carry, struct carried *carried, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        replace_drop(&carry->engine->replacer, carried[i].replacement);
        replace_outcome_finish(&carried[i].outcome);
        record_finish(&carried[i]);
    }
}

static enum nexus_status run(struct carry *carry, struct carried *carried, size_t count,
                             struct nexus_error *err)
{
    bool is_any = false;
    for (size_t i = 0; i < count; i++)
        is_any |= carried[i].state == CARRIED_DONE && writing_touches_file(carried[i].writing);
    if (is_any)
        TRY(record_mark(carry, err));
    for (size_t i = 0; i < count; i++) {
        if (carried[i].state == CARRIED_DONE)
            TRY(move(carry, &carried[i], err));
        if (carried[i].state == CARRIED_DONE)
            prepare(carry, &carried[i]);
        if (carried[i].state == CARRIED_DONE)
            TRY(record_losers(carry, &carried[i], err));
    }
    TRY(replace_sync(&carry->engine->replacer, err));
    for (size_t i = 0; i < count; i += SLICE)
        TRY(record_intents(carry, carried + i, slice_of(count, i), err));
    int64_t now_ns = time_monotonic_ns();
    for (size_t i = 0; i < count; i++) {
        if (carried[i].state != CARRIED_DONE)
            continue;
        commit(carry, &carried[i], now_ns);
        TRY(keep_theirs(carry, &carried[i], err));
    }
    for (size_t i = 0; i < count; i += SLICE)
        TRY(record_outcomes(carry, carried + i, slice_of(count, i), err));
    return NEXUS_OK;
}

static void tell_reason(const struct carried *carried, struct nexus_error *reason)
{
    *reason = carried->reason;
    if (carried->state != CARRIED_DONE && !reason->message[0])
        fail(reason, NEXUS_ERROR_CHANGED, "it was changed at that very moment");
}

enum nexus_status carry_out(struct carry *carry, struct writing **writings, size_t count,
                            struct nexus_error *err)
{
    struct carried *carried = calloc(count + 1, sizeof *carried);
    if (!carried)
        return fail_no_memory(err);
    for (size_t i = 0; i < count; i++) {
        carried[i].writing = writings[i];
        if (writings[i]->kind == WRITING_LATER)
            carried[i].state = CARRIED_LATER;
    }
    enum nexus_status status = run(carry, carried, count, err);
    for (size_t i = 0; i < count && carry->reasons; i++)
        tell_reason(&carried[i], &carry->reasons[i]);
    drop_prepared(carry, carried, count);
    free(carried);
    if (status != NEXUS_OK) {
        store_rollback(carry->engine->store);
        carry->engine->is_cut_off = true;
    }
    return status;
}

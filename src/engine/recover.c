// SPDX-License-Identifier: MIT
/*
 * A row of history whose `temporary` is set was under way when the program ended. Whether the file
 * was written is told by its bytes (writeback/recover.h). What the outbox holds of it is still
 * there, so nothing has to be redone here: the next push finds either that the file says already
 * what the row says, or writes it again.
 */
#include "engine/carry.h"

#include "engine/copies.h"
#include "store/writes.h"
#include "writeback/recover.h"

static enum nexus_status keep_theirs(struct engine *engine, const struct store_write *write,
                                     const struct recovery *recovery, struct nexus_error *err)
{
    STRBUF_SCOPED copy = {0};
    struct str bytes = strbuf_str(&recovery->theirs);
    TRY(copy_keep(engine->nexus_fd, write->path, bytes, engine->now_ns(), &copy, err));
    struct store_conflict conflict = {
        .path = write->path, .file_version = bytes, .copy_path = strbuf_str(&copy)};
    return store_conflict_add(engine->store, &conflict, NULL, err);
}

/** Whether the file at its path is one or the other, for what has no temporary file. */
static enum nexus_status was_done(struct engine *engine, const struct store_write *write,
                                  bool *ret_done, struct nexus_error *err)
{
    STRBUF_SCOPED bytes = {0};
    enum nexus_status status = file_read_beneath(
        engine->root_fd, write->path.at, engine->settings.max_file_bytes, &bytes, NULL, err);
    bool is_there = status == NEXUS_OK;
    if (!is_there && status != NEXUS_ERROR_NOT_FOUND)
        return status;
    if (write->op == WRITE_DELETE)
        *ret_done = !is_there;
    else
        *ret_done = is_there && write->has_after_hash &&
                    hash_equal(hash_of(strbuf_str(&bytes)), write->after_hash);
    return NEXUS_OK;
}

static enum nexus_status recover_replacement(struct engine *engine, const struct store_write *write,
                                             struct recovery *recovery, bool *ret_done,
                                             struct nexus_error *err)
{
    TRY(replace_recover(&engine->replacer, write->path.at, write->temporary.at,
                        write->has_before_hash ? &write->before_hash : NULL, write->after_hash, 0,
                        recovery, err));
    *ret_done = recovery->state == RECOVER_DONE;
    return NEXUS_OK;
}

static enum nexus_status finish(struct engine *engine, const struct store_write *write,
                                const struct recovery *recovery, bool is_done,
                                struct nexus_error *err)
{
    TRY(store_begin(engine->store, engine->now_ns(), err));
    if (recovery->has_theirs)
        TRY(keep_theirs(engine, write, recovery, err));
    if (is_done)
        TRY(store_history_finish(engine->store, write->seq, err));
    else
        TRY(store_history_drop(engine->store, write->seq, err));
    return store_commit(engine->store, err);
}

static enum nexus_status recover_one(struct engine *engine, const struct store_write *write,
                                     struct nexus_error *err)
{
    struct recovery recovery = {0};
    bool is_done = false;
    bool has_temporary =
        write->op == WRITE_CREATE || write->op == WRITE_UPDATE; /* "": written in place */
    enum nexus_status status = has_temporary && write->has_after_hash
                                   ? recover_replacement(engine, write, &recovery, &is_done, err)
                                   : was_done(engine, write, &is_done, err);
    if (status == NEXUS_OK)
        status = finish(engine, write, &recovery, is_done, err);
    if (status != NEXUS_OK)
        store_rollback(engine->store);
    recovery_finish(&recovery);
    return status;
}

enum nexus_status carry_recover(struct engine *engine, struct nexus_error *err)
{
    struct arena arena = {0};
    struct store_write *writes;
    size_t count;
    enum nexus_status status =
        store_history_unfinished(engine->store, &arena, &writes, &count, err);
    for (size_t i = 0; status == NEXUS_OK && i < count; i++)
        status = recover_one(engine, &writes[i], err);
    arena_finish(&arena);
    return status;
}

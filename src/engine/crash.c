// SPDX-License-Identifier: MIT
/*
 * A row of history whose `temporary` is set was under way when the program ended. Whether the file
 * was written is told by its bytes (writeback/recover.h). What the outbox holds of it is still
 * there, so nothing has to be redone here: the next push finds either that the file says already
 * what the row says, or writes it again.
 */
#include "engine/crash.h"

#include "base/folder.h"
#include "base/lease.h"
#include "base/time.h"
#include "engine/absorb.h"
#include "engine/copies.h"
#include "engine/push.h"
#include "store/files.h"
#include "store/objects.h"
#include "store/outbox.h"
#include "store/writes.h"
#include "watch/walk.h"
#include "writeback/recover.h"
#include "writeback/temporary.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

/** The file of a new object was made, and nobody wrote down that it is that one's. */
static enum nexus_status place(struct engine *engine, struct digest *digest,
                               const struct outbox_entry *entry, struct nexus_error *err)
{
    struct nexus_sync_report report = {0};
    struct outbox_entry done = *entry;
    const struct digest_object *object = &digest->objects[0];
    const struct pushed pushed = {entry->object_id, object->key, PUSHED_OUTRUN};
    struct str path = digest->record.path;
    if (object->key.at)
        path = arena_format(&digest->arena, "%.*s#%.*s", STR_ARG(path), STR_ARG(object->key));
    if (!path.at)
        return fail_no_memory(err);
    TRY(store_file_put(engine->store, &digest->record, &digest->record.id, err));
    TRY(store_object_place(engine->store, entry->object_id, digest->record.id, path, object->key,
                           err));
    TRY(absorb_pushed(engine->store, digest, &pushed, 1, engine->now_ns(), &report, err));
    done.is.content_json = object->content_json;
    done.is.path = path;
    return store_outbox_done(engine->store, &done, err);
}

/** Else the reconcile would meet a file that nobody knows, and the object get a second one. */
static enum nexus_status place_new(struct engine *engine, const struct store_write *write,
                                   struct digest *digest, struct arena *arena,
                                   struct nexus_error *err)
{
    struct digest_context context = {
        .reading = DIGEST_READ_QUIET,
        .root_fd = engine->root_fd,
        .max_file_bytes = engine->settings.max_file_bytes,
        .registry = &engine->registry,
    };
    struct file_record known = {.path = write->path};
    struct outbox_entry entry;
    enum nexus_status status =
        store_outbox_get(engine->store, write->object_id, arena, &entry, err);
    if (status != NEXUS_OK || entry.op != OUTBOX_CREATE || entry.is.file_id)
        return status == NEXUS_ERROR_NOT_FOUND ? NEXUS_OK : status;
    TRY(digest_init(digest, err));
    strbuf_add(&digest->path, write->path);
    TRY(digest_file(digest, &context, &known, err));
    digest->record.is_racy = true;
    bool is_ours = digest->outcome == DIGEST_WHOLE && digest->object_count == 1 &&
                   digest->objects[0].is_valid && digest->record.has_hash &&
                   hash_equal(digest->record.hash, write->after_hash);
    return is_ours ? place(engine, digest, &entry, err) : NEXUS_OK;
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
    const struct recover_intent intent = {
        .path = write->path.at,
        .temporary = write->temporary.at,
        .base = write->has_before_hash ? &write->before_hash : NULL,
        .before = write->before,
        .wanted = write->after_hash,
    };
    TRY(replace_recover(&engine->replacer, &intent, 0, recovery, err));
    /* Whatever is at the path since: what was taken from there must stay somewhere. */
    *ret_done =
        recovery->state == RECOVER_DONE || (write->op == WRITE_UPDATE && !recovery->is_untouched);
    return NEXUS_OK;
}

static enum nexus_status finish(struct engine *engine, const struct store_write *write,
                                const struct recovery *recovery, bool is_done,
                                struct nexus_error *err)
{
    if (recovery->has_theirs)
        TRY(copy_keep_save(engine, write->path, strbuf_str(&recovery->theirs), err));
    TRY(store_begin(engine->store, engine->now_ns(), err));
    if (is_done)
        TRY(store_history_finish(engine->store, write->seq, err));
    else
        TRY(store_history_drop(engine->store, write->seq, err));
    if (is_done && write->op == WRITE_CREATE && write->object_id) {
        struct digest digest = {0};
        struct arena arena = {0};
        enum nexus_status status = place_new(engine, write, &digest, &arena, err);
        digest_finish(&digest);
        arena_finish(&arena);
        TRY(status);
    }
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

static enum nexus_status finish_unfinished(struct engine *engine, struct nexus_error *err)
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

/* --- what lies beside the files ----------------------------------------------------------------
 */

/** Whether somebody writes into the file that was displaced under their hands, and may go on. */
static bool is_open(const struct engine *engine, struct str path)
{
    FD_SCOPED fd = -1;
    return file_open_beneath(engine->root_fd, path.at, O_RDONLY | O_NOCTTY, &fd, NULL) ==
               NEXUS_OK &&
           lease_probe(fd) == WRITER_OPEN;
}

/** A temporary file that nobody of ours is at work on any more: its name tells what it should hold.
 */
static enum nexus_status clear(struct engine *engine, struct str path, bool *has_rest,
                               struct nexus_error *err)
{
    STRBUF_SCOPED bytes = {0};
    size_t slash = str_find_last(path, '/');
    struct str name = slash == STR_NONE ? path : str_slice(path, slash + 1, path.length);
    if (temporary_judge(name, hash_of(STR(""))) == TEMPORARY_FOREIGN)
        return NEXUS_OK;
    if (is_open(engine, path)) {
        *has_rest = true;
        return NEXUS_OK;
    }
    if (file_read_beneath(engine->root_fd, path.at, engine->settings.max_file_bytes, &bytes, NULL,
                          NULL) != NEXUS_OK)
        return NEXUS_OK; /* no file, or one that nobody can read: it stays */
    /* An empty one is ours, before its first byte was written, or holds nothing to lose. */
    if (bytes.length && temporary_judge(name, hash_of(strbuf_str(&bytes))) == TEMPORARY_OTHER)
        TRY(copy_keep_save(engine, path, strbuf_str(&bytes), err));
    FD_SCOPED folder = -1;
    const char *there;
    if (folder_open(engine->root_fd, path.at, &folder, &there, NULL) == NEXUS_OK)
        unlinkat(folder, there, 0);
    return NEXUS_OK;
}

static enum nexus_status clear_all(struct engine *engine, bool *has_rest, struct nexus_error *err)
{
    struct walk *walk;
    struct walk_entry entry;
    bool more = false;
    TRY(walk_open(engine->root_fd, "", engine->ignore, &walk, err));
    enum nexus_status status;
    while ((status = walk_next(walk, &entry, &more, err)) == NEXUS_OK && more)
        if (entry.verdict == WALK_SKIPPED && entry.kind == ENTRY_FILE &&
            (status = clear(engine, entry.path, has_rest, err)) != NEXUS_OK)
            break;
    walk_close(walk);
    return status;
}

/** The same for what was displaced and waits out of sight. */
static enum nexus_status clear_displaced(struct engine *engine, bool *has_rest,
                                         struct nexus_error *err)
{
    enum nexus_status status = NEXUS_OK;
    int fd = openat(engine->nexus_fd, "displaced", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = fd >= 0 ? fdopendir(fd) : NULL;
    const struct dirent *entry;
    while (listing && status == NEXUS_OK && (entry = readdir(listing)) != NULL) {
        STRBUF_SCOPED path = {0};
        strbuf_addf(&path, "%s/%s", engine->replacer.displaced, entry->d_name);
        if (entry->d_name[0] == '.' && entry->d_name[1] == 'n')
            status =
                path.failed ? fail_no_memory(err) : clear(engine, strbuf_str(&path), has_rest, err);
    }
    if (listing)
        closedir(listing);
    else if (fd >= 0)
        close(fd);
    return status;
}

static enum nexus_status clear_mark(struct engine *engine, struct nexus_error *err)
{
    TRY(store_begin(engine->store, engine->now_ns(), err));
    enum nexus_status status = store_meta_set(engine->store, "writing", STR(""), err);
    if (status == NEXUS_OK)
        status = store_commit(engine->store, err);
    if (status != NEXUS_OK)
        store_rollback(engine->store);
    engine->is_marked = false;
    return status;
}

enum nexus_status crash_finish(struct engine *engine, struct nexus_error *err)
{
    if (!engine->is_cut_off)
        return NEXUS_OK;
    TRY(finish_unfinished(engine, err));
    engine->is_cut_off = false;
    return NEXUS_OK;
}

enum nexus_status crash_mend(struct engine *engine, struct nexus_error *err)
{
    struct arena arena = {0};
    struct str mark = STR("");
    TRY(finish_unfinished(engine, err));
    enum nexus_status status = store_meta_get(engine->store, "writing", &arena, &mark, err);
    bool was_cut_off = status == NEXUS_OK && mark.length;
    arena_finish(&arena);
    if (status != NEXUS_OK && status != NEXUS_ERROR_NOT_FOUND)
        return status;
    if (!was_cut_off || engine->is_marked)
        return NEXUS_OK;
    bool has_rest = false;
    TRY(clear_all(engine, &has_rest, err));
    TRY(clear_displaced(engine, &has_rest, err));
    return has_rest ? NEXUS_OK : clear_mark(engine, err); /* else the next start looks */
}

enum nexus_status crash_rest(struct engine *engine, struct nexus_error *err)
{
    int64_t due_ns;
    if (!engine->store || !engine->is_marked)
        return NEXUS_OK;
    int64_t later_ns = time_monotonic_ns() + QUARANTINE_UNSURE_NS; /* all of it is due by then */
    do                                                             /* it looks at some at a time */
        TRY(push_settle_displaced(engine, later_ns, &due_ns, err));
    while (due_ns <= later_ns);
    if (due_ns != INT64_MAX || engine->replacer.quarantine.has_rest)
        return NEXUS_OK; /* crash_mend() looks for it at the next start */
    return clear_mark(engine, err);
}

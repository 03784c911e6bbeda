// SPDX-License-Identifier: MIT
#include "writeback/trash.h"

#include "base/folder.h"
#include "base/time.h"
#include "writeback/metadata.h"
#include "writeback/replacement.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { ATTEMPTS = 200 };

/** One file on its way. */
struct trashing {
    struct replacer *replacer;
    const char *path;
    const struct hash *expected;
    int folder_fd;
    const char *name;
    int target_fd;
    const char *target; /* its name there, a part of outcome->path */
    int64_t now_ns;
    struct trash_outcome *outcome;
};

void trash_outcome_finish(struct trash_outcome *outcome)
{
    strbuf_finish(&outcome->path);
}

/** What is in the trash stays there; a late save to it is told of. */
static void watch_trashed(const struct trashing *trashing, const struct hash *content,
                          enum writer writer)
{
    const struct quarantine_item item = {
        .path = trashing->path,
        .temporary = trashing->outcome->path.at,
        .is_elsewhere = true,
        .is_kept = true,
        .content = content,
        .is_unsure = writer == WRITER_UNKNOWN,
    };
    (void)quarantine_add(&trashing->replacer->quarantine, &item, trashing->now_ns, NULL);
}

static enum nexus_status fail_changed(const struct trashing *trashing, struct nexus_error *err)
{
    return fail(err, NEXUS_ERROR_CHANGED, "'%s' was saved meanwhile", trashing->path);
}

/** The look at what was moved. */
static enum nexus_status check_moved(const struct trashing *trashing, struct nexus_error *err)
{
    STRBUF_SCOPED bytes = {0};
    enum writer writer;
    enum held held = held_look(trashing->target_fd, trashing->target, trashing->expected,
                               trashing->replacer->limit_bytes, &bytes, &writer);
    if (held == HELD_WANTED) {
        watch_trashed(trashing, trashing->expected, writer);
        return NEXUS_OK;
    }
    if (file_rename_to_free(trashing->target_fd, trashing->target, trashing->folder_fd,
                            trashing->name) == 0) {
        trashing->outcome->is_theirs_back = true;
        return fail_changed(trashing, err);
    }
    struct hash content = hash_of(strbuf_str(&bytes));
    watch_trashed(trashing, held == HELD_OTHER ? &content : NULL, writer);
    return fail_changed(trashing, err);
}

static enum nexus_status write_copy(const struct trashing *trashing, struct str bytes,
                                    struct nexus_error *err)
{
    FD_SCOPED from = -1;
    TRY(file_open_beneath(trashing->folder_fd, trashing->name, O_RDONLY | O_NOCTTY, &from, err));
    FD_SCOPED to = openat(trashing->target_fd, trashing->target,
                          O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (to < 0)
        return fail_errno(err, errno, "cannot make '%s' in the trash", trashing->target);
    enum nexus_status status = file_write_opened(to, trashing->path, bytes, err);
    if (status == NEXUS_OK)
        status = metadata_copy(from, to, trashing->path, err);
    if (status == NEXUS_OK)
        status = file_sync_opened(to, trashing->path, err);
    if (status != NEXUS_OK)
        unlinkat(trashing->target_fd, trashing->target, 0);
    return status;
}

/** The trash is on another device: a copy goes there, and the file leaves by way of the
 * quarantine. */
static enum nexus_status copy_and_displace(const struct trashing *trashing, struct str bytes,
                                           struct nexus_error *err)
{
    char temporary[TEMPORARY_SIZE];
    STRBUF_SCOPED moved = {0};
    enum writer writer;
    TRY(write_copy(trashing, bytes, err));
    temporary_name(trashing->expected, (struct hash){0}, (uint64_t)time_monotonic_ns(), temporary);
    int reason =
        file_rename_to_free(trashing->folder_fd, trashing->name, trashing->folder_fd, temporary);
    if (reason) {
        unlinkat(trashing->target_fd, trashing->target, 0);
        return fail_errno(err, reason, "cannot move '%s' to the trash", trashing->path);
    }
    enum held held = held_look(trashing->folder_fd, temporary, trashing->expected,
                               trashing->replacer->limit_bytes, &moved, &writer);
    struct quarantine_item item = {
        .path = trashing->path,
        .temporary = temporary,
        .content = held == HELD_WANTED ? trashing->expected : NULL,
        .is_unsure = writer == WRITER_UNKNOWN,
    };
    if (held != HELD_WANTED) {
        unlinkat(trashing->target_fd, trashing->target, 0);
        if (file_rename_to_free(trashing->folder_fd, temporary, trashing->folder_fd,
                                trashing->name) == 0) {
            trashing->outcome->is_theirs_back = true;
            return fail_changed(trashing, err);
        }
    }
    (void)quarantine_add(&trashing->replacer->quarantine, &item, trashing->now_ns, NULL);
    return held == HELD_WANTED ? NEXUS_OK : fail_changed(trashing, err);
}

/** Returns 0 when it was moved, EEXIST when the name is taken, or another errno. */
static int move_to_target(const struct trashing *trashing)
{
    struct fingerprint print;
    mode_t mode;
    if (!(trashing->replacer->lacks & REPLACE_LACKS_TRASH))
        return file_rename_to_free(trashing->folder_fd, trashing->name, trashing->target_fd,
                                   trashing->target);
    int reason = file_look(trashing->target_fd, trashing->target, &print, &mode);
    return reason == 0 ? EEXIST : reason == ENOENT ? EXDEV : reason;
}

/** Under the first name that is free. */
static enum nexus_status put(struct trashing *trashing, struct str trash, int64_t when_ns,
                             struct str bytes, struct nexus_error *err)
{
    struct strbuf *path = &trashing->outcome->path;
    for (unsigned i = 0; i < ATTEMPTS; i++) {
        FD_SCOPED target = -1;
        size_t there;
        trash_name(trash, str_of(trashing->path), when_ns, i, path);
        if (path->failed)
            return fail_no_memory(err);
        enum nexus_status status = folder_make(trashing->replacer->root_fd, path->at, &target,
                                               &trashing->target, &there, err);
        if (status == NEXUS_ERROR_EXISTS || status == NEXUS_ERROR_REFUSED)
            continue; /* a file or a link of a folder's name is in the way */
        TRY(status);
        trashing->target_fd = target;
        int reason = move_to_target(trashing);
        if (reason == 0)
            return check_moved(trashing, err);
        if (reason == EXDEV)
            return copy_and_displace(trashing, bytes, err);
        if (reason != EEXIST)
            return fail_errno(err, reason, "cannot move '%s' to the trash", trashing->path);
    }
    return fail(err, NEXUS_ERROR_EXISTS, "'%s' is in the trash too often", trashing->path);
}

enum nexus_status trash_put(struct replacer *replacer, const char *path,
                            const struct hash *expected, const char *trash, int64_t when_ns,
                            int64_t now_ns, struct trash_outcome *outcome, struct nexus_error *err)
{
    struct trashing trashing = {
        .replacer = replacer,
        .path = path,
        .expected = expected,
        .now_ns = now_ns,
        .outcome = outcome,
    };
    STRBUF_SCOPED bytes = {0};
    FD_SCOPED folder = -1;
    *outcome = (struct trash_outcome){0};
    if (!quarantine_has_room(&replacer->quarantine))
        return fail(err, NEXUS_ERROR_LIMIT, "too many displaced files wait to be looked at");
    TRY(folder_open(replacer->root_fd, path, &folder, &trashing.name, err));
    trashing.folder_fd = folder;
    outcome->is_theirs_back = true; /* until it is moved */
    TRY(held_expect(replacer, folder, trashing.name, path, expected, &bytes, err));
    outcome->is_theirs_back = false;
    TRY(put(&trashing, str_of(trash), when_ns, strbuf_str(&bytes), err));
    return replacer->durability == REPLACE_FULL ? folder_sync(folder, path, err) : NEXUS_OK;
}

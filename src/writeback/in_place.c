// SPDX-License-Identifier: MIT
/*
 * Other bytes into the same inode, while a lease keeps everybody else from opening it: for files
 * that have several names, and for folders that take no new file.
 */
#include "writeback/replacement.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static enum nexus_status overwrite(int fd, const char *path, struct str bytes,
                                   struct nexus_error *err)
{
    if (lseek(fd, 0, SEEK_SET) != 0)
        return fail_errno(err, errno, "cannot write '%s'", path);
    TRY(file_write_opened(fd, path, bytes, err));
    if (ftruncate(fd, (off_t)bytes.length) != 0)
        return fail_errno(err, errno, "cannot write '%s'", path);
    return file_sync_opened(fd, path, err);
}

/** No byte is written before there is room for all. */
static enum nexus_status make_room(int fd, const struct replacement *replacement,
                                   struct nexus_error *err)
{
    off_t length = (off_t)replacement->bytes.length;
    if (length > replacement->base.size_bytes &&
        fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, length) != 0 && (errno == ENOSPC || errno == EDQUOT))
        return fail_errno(err, errno, "cannot write '%s'", replacement->path);
    return NEXUS_OK;
}

/** Nobody else has it open now. */
static enum nexus_status write_alone(const struct commit *commit, int fd, struct nexus_error *err)
{
    const struct replacement *replacement = commit->replacement;
    STRBUF_SCOPED before = {0};
    TRY(file_read_opened(fd, replacement->path, commit->replacer->limit_bytes, &before, NULL, err));
    if (!hash_equal(hash_of(strbuf_str(&before)), replacement->expected))
        return commit_changed(commit, err);
    TRY(make_room(fd, replacement, err));
    enum nexus_status status = overwrite(fd, replacement->path, replacement->bytes, err);
    commit->outcome->is_taken =
        status == NEXUS_OK ||
        overwrite(fd, replacement->path, strbuf_str(&before), NULL) != NEXUS_OK;
    return status;
}

enum nexus_status commit_in_place(struct commit *commit, struct nexus_error *err)
{
    const char *path = commit->replacement->path;
    FD_SCOPED fd = -1;
    TRY(file_open_beneath(commit->folder_fd, commit->name, O_RDWR | O_NOCTTY, &fd, err));
    int reason = lease_take(fd);
    if (reason == EAGAIN)
        return fail(err, NEXUS_ERROR_BUSY, "'%s' is open in another program", path);
    if (reason)
        return fail(err, NEXUS_ERROR_REFUSED,
                    "'%s' can only be written in place, and nothing would keep others from saving "
                    "it meanwhile",
                    path);
    enum nexus_status status = write_alone(commit, fd, err);
    lease_give_back(fd);
    return status;
}

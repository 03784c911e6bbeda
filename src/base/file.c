// SPDX-License-Identifier: MIT
#include "base/file.h"

#include "base/time.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { RACY_NS = 20 * 1000 * 1000, NAME_TRIES = 100, OPEN_TRIES = 100 };

static int64_t time_of(struct statx_timestamp time)
{
    return (int64_t)time.tv_sec * NS_PER_S + time.tv_nsec;
}

int file_look(int folder_fd, const char *name, struct fingerprint *ret_print, mode_t *ret_mode)
{
    struct statx status;
    if (statx(folder_fd, name, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT,
              STATX_BASIC_STATS | STATX_BTIME, &status) != 0)
        return errno;
    *ret_mode = status.stx_mode;
    *ret_print = (struct fingerprint){
        .inode = status.stx_ino,
        .size_bytes = (int64_t)status.stx_size,
        .mtime_ns = time_of(status.stx_mtime),
        .ctime_ns = time_of(status.stx_ctime),
        .birth_ns = status.stx_mask & STATX_BTIME ? time_of(status.stx_btime) : 0,
    };
    return 0;
}

bool fingerprint_equal(const struct fingerprint *a, const struct fingerprint *b)
{
    return a->inode == b->inode && a->size_bytes == b->size_bytes && a->mtime_ns == b->mtime_ns &&
           a->ctime_ns == b->ctime_ns;
}

bool fingerprint_is_racy(const struct fingerprint *print, int64_t looked_at_ns)
{
    /* A modification time can be set by hand, to the future, too; the change time cannot. */
    int64_t newest = print->ctime_ns;
    if (print->mtime_ns > newest && print->mtime_ns <= looked_at_ns)
        newest = print->mtime_ns;
    return looked_at_ns - newest <= RACY_NS;
}

void file_close(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/** One openat2(2). The kernel says EAGAIN when a rename above the file raced with the look (try
 * again) and when a lease is being broken, which may take its holder seconds. */
static int open_step(int folder_fd, const char *path, int flags)
{
    struct open_how how = {
        .flags = (unsigned)(flags | O_CLOEXEC | O_NOFOLLOW),
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
    };
    for (int i = 0;; i++) {
        long fd = syscall(SYS_openat2, folder_fd, path, &how, sizeof how);
        bool again = fd < 0 && (errno == EINTR || errno == EAGAIN);
        if (!again || i == OPEN_TRIES)
            return (int)fd;
    }
}

/** Goes down a path that is too long for one call until the rest, behind `*path`, is not. */
static int open_far_folder(int folder_fd, const char **path)
{
    int at = folder_fd;
    while (at >= 0 && strlen(*path) >= PATH_MAX) {
        char part[PATH_MAX];
        memcpy(part, *path, sizeof part);
        char *slash = memrchr(part, '/', sizeof part);
        if (!slash)
            break;
        *slash = '\0';
        *path += slash - part + 1;
        int next = open_step(at, part, O_PATH | O_DIRECTORY), reason = errno;
        if (at != folder_fd)
            close(at);
        errno = reason;
        at = next;
    }
    return at;
}

enum nexus_status file_open_beneath(int folder_fd, const char *path, int flags, int *ret_fd,
                                    struct nexus_error *err)
{
    const char *rest = path;
    int folder = open_far_folder(folder_fd, &rest);
    int fd = folder < 0 ? -1 : open_step(folder, rest, flags & O_PATH ? flags : flags | O_NONBLOCK);
    int reason = errno;
    if (folder >= 0 && folder != folder_fd)
        close(folder);
    if (fd < 0) {
        if (reason == ELOOP || reason == EXDEV)
            return fail(err, NEXUS_ERROR_REFUSED, "'%s' is or leads through a symbolic link", path);
        return fail_errno(err, reason, "cannot open '%s'", path);
    }
    *ret_fd = fd;
    return NEXUS_OK;
}

/** Until the end of the file; the expected size only saves growing. */
static enum nexus_status read_to_end(int fd, const char *path, int64_t expected, int64_t limit,
                                     struct strbuf *bytes, struct nexus_error *err)
{
    strbuf_reset(bytes);
    size_t wanted = (size_t)expected + 1;
    for (;;) {
        char *room = strbuf_reserve(bytes, wanted);
        if (!room)
            return fail_no_memory(err);
        ssize_t got = read(fd, room, wanted);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail_errno(err, errno, "cannot read '%s'", path);
        bytes->length += (size_t)got;
        bytes->at[bytes->length] = '\0';
        if (got == 0)
            return NEXUS_OK;
        /* One byte more was asked for than there was: this is the end, or the look afterwards tells
         * that it was not. */
        if ((int64_t)bytes->length == expected)
            return NEXUS_OK;
        if ((int64_t)bytes->length > limit)
            return fail(err, NEXUS_ERROR_LIMIT, "'%s' grew over %lld bytes", path,
                        (long long)limit);
        wanted = (size_t)got < wanted ? wanted - (size_t)got : 4096;
    }
}

enum nexus_status file_read_opened(int fd, const char *path, int64_t limit, struct strbuf *bytes,
                                   struct fingerprint *ret_print, struct nexus_error *err)
{
    struct fingerprint before = {0}, after = {0}; /* a compiler thinks errno may be 0 */
    mode_t mode = 0;
    int reason = file_look(fd, "", &before, &mode);
    if (reason)
        return fail_errno(err, reason, "cannot look at '%s'", path);
    if (!S_ISREG(mode))
        return fail(err, NEXUS_ERROR_REFUSED, "'%s' is not a regular file", path);
    if (before.size_bytes > limit)
        return fail(err, NEXUS_ERROR_LIMIT, "'%s' has %lld bytes, the limit is %lld", path,
                    (long long)before.size_bytes, (long long)limit);
    TRY(read_to_end(fd, path, before.size_bytes, limit, bytes, err));
    reason = file_look(fd, "", &after, &mode);
    if (reason)
        return fail_errno(err, reason, "cannot look at '%s'", path);
    if (!fingerprint_equal(&before, &after) || (int64_t)bytes->length != after.size_bytes)
        return fail(err, NEXUS_ERROR_CHANGED, "'%s' changed while it was read", path);
    if (ret_print)
        *ret_print = after;
    return NEXUS_OK;
}

enum nexus_status file_read_beneath(int folder_fd, const char *path, int64_t limit_bytes,
                                    struct strbuf *bytes, struct fingerprint *ret_print,
                                    struct nexus_error *err)
{
    FD_SCOPED fd = -1;
    TRY(file_open_beneath(folder_fd, path, O_RDONLY | O_NOCTTY, &fd, err));
    return file_read_opened(fd, path, limit_bytes, bytes, ret_print, err);
}

enum nexus_status file_read(const char *abs_path, int64_t limit_bytes, struct strbuf *bytes,
                            struct nexus_error *err)
{
    FD_SCOPED fd = open(abs_path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return fail_errno(err, errno, "cannot open '%s'", abs_path);
    return file_read_opened(fd, abs_path, limit_bytes, bytes, NULL, err);
}

enum nexus_status file_write_opened(int fd, const char *path, struct str bytes,
                                    struct nexus_error *err)
{
    while (bytes.length) {
        ssize_t written = write(fd, bytes.at, bytes.length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return fail_errno(err, errno, "cannot write '%s'", path);
        bytes = str_slice(bytes, (size_t)written, bytes.length);
    }
    return NEXUS_OK;
}

enum nexus_status file_sync_opened(int fd, const char *path, struct nexus_error *err)
{
    if (fsync(fd) != 0)
        return fail_errno(err, errno, "cannot write '%s' to the disk", path);
    return NEXUS_OK;
}

/** A new file with a short name of its own, so that the longest names still have room. */
static int open_temporary(int folder_fd, mode_t mode, char name[48])
{
    for (int i = 0; i < NAME_TRIES; i++) {
        uint64_t unique = (uint64_t)time_monotonic_ns() + (uint64_t)i;
        snprintf(name, 48, ".nexus-%lx-%lx", (unsigned long)getpid(), (unsigned long)unique);
        int fd =
            openat(folder_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
        if (fd >= 0 || errno != EEXIST)
            return fd;
    }
    return -1;
}

enum nexus_status file_write_atomically(int folder_fd, const char *name, struct str bytes,
                                        mode_t mode, struct nexus_error *err)
{
    char temporary[48];
    FD_SCOPED fd = open_temporary(folder_fd, mode, temporary);
    if (fd < 0)
        return fail_errno(err, errno, "cannot make a temporary file for '%s'", name);
    enum nexus_status status = file_write_opened(fd, name, bytes, err);
    if (status == NEXUS_OK)
        status = file_sync_opened(fd, name, err);
    if (status == NEXUS_OK && renameat(folder_fd, temporary, folder_fd, name) != 0)
        status = fail_errno(err, errno, "cannot replace '%s'", name);
    if (status != NEXUS_OK) {
        unlinkat(folder_fd, temporary, 0);
        return status;
    }
    if (fsync(folder_fd) != 0)
        return fail_errno(err, errno, "cannot write the folder of '%s' to the disk", name);
    return NEXUS_OK;
}

/** Whether the name is one of open_temporary() by a process that has ended. */
static bool is_unfinished(const char *name)
{
    static const char prefix[] = ".nexus-";
    char *end;
    if (strncmp(name, prefix, sizeof prefix - 1) != 0)
        return false;
    const char *digits = name + sizeof prefix - 1;
    long pid = strtol(digits, &end, 16);
    if (end == digits || *end != '-' || pid <= 0 || pid > INT_MAX)
        return false;
    digits = end + 1;
    bool is_whole = *digits && strspn(digits, "0123456789abcdef") == strlen(digits);
    return is_whole && kill((pid_t)pid, 0) != 0 && errno == ESRCH;
}

void file_clear_unfinished(int folder_fd)
{
    int copy = openat(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = copy < 0 ? NULL : fdopendir(copy);
    const struct dirent *entry;
    if (!listing) {
        file_close(&copy);
        return;
    }
    while ((entry = readdir(listing)) != NULL)
        if (is_unfinished(entry->d_name))
            unlinkat(folder_fd, entry->d_name, 0);
    closedir(listing);
}

int file_rename_to_free(int from_fd, const char *from, int to_fd, const char *to)
{
    if (renameat2(from_fd, from, to_fd, to, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return errno;
    /* A filesystem that does not know how: a second name is as careful. */
    if (linkat(from_fd, from, to_fd, to, 0) != 0)
        return errno;
    return unlinkat(from_fd, from, 0) == 0 ? 0 : errno;
}

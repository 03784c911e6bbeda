// SPDX-License-Identifier: MIT
#include "watch/settle.h"

#include "base/hash.h"
#include "base/lease.h"
#include "base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { COARSE_NS = 2 * 1000 * 1000 * 1000 }; /* FAT counts modification times in two seconds */

#ifndef AT_HANDLE_FID
#define AT_HANDLE_FID 0x200 /* Linux 6.5; overlayfs gives handles only so */
#endif

/** What is there, without opening it: to open a device or a FIFO may do things. */
static enum seen look_at_kind(int root_fd, const char *path)
{
    FD_SCOPED fd = -1;
    struct stat status;
    switch ((int)file_open_beneath(root_fd, path, O_PATH, &fd, NULL)) {
    case NEXUS_OK: break;
    case NEXUS_ERROR_NOT_FOUND:
    case NEXUS_ERROR_REFUSED: return SEEN_NOTHING;
    default: return SEEN_UNREADABLE;
    }
    if (fstat(fd, &status) != 0)
        return SEEN_UNREADABLE;
    return S_ISREG(status.st_mode) ? SEEN_FILE : SEEN_NOTHING;
}

struct look settle_look(int root_fd, const char *path)
{
    struct look look = {.seen = look_at_kind(root_fd, path)};
    FD_SCOPED fd = -1;
    mode_t mode;
    if (look.seen != SEEN_FILE)
        return look;
    switch ((int)file_open_beneath(root_fd, path, O_RDONLY | O_NOCTTY, &fd, NULL)) {
    case NEXUS_OK: break;
    case NEXUS_ERROR_BUSY: return (struct look){.seen = SEEN_FILE, .writer = WRITER_OPEN};
    case NEXUS_ERROR_NOT_FOUND: return (struct look){.seen = SEEN_NOTHING};
    default: return (struct look){.seen = SEEN_UNREADABLE};
    }
    if (file_look(fd, "", &look.print, &mode) != 0)
        return (struct look){.seen = SEEN_UNREADABLE};
    look.writer = lease_probe(fd);
    return look;
}

bool settle_exists(int root_fd, const char *path)
{
    FD_SCOPED fd = -1;
    struct stat status;
    return file_open_beneath(root_fd, path, O_PATH, &fd, NULL) == NEXUS_OK &&
           fstat(fd, &status) == 0 && !S_ISDIR(status.st_mode);
}

/** Whether timestamps may tick slower than fingerprint_is_racy() takes for granted. */
static bool has_coarse_times(int fd)
{
    struct statfs about;
    if (fstatfs(fd, &about) != 0)
        return true;
    switch ((unsigned long)about.f_type) {
    case EXT4_SUPER_MAGIC:
    case BTRFS_SUPER_MAGIC:
    case XFS_SUPER_MAGIC:
    case TMPFS_MAGIC:
    case OVERLAYFS_SUPER_MAGIC:
    case F2FS_SUPER_MAGIC: return false;
    default: return true;
    }
}

static bool is_racy(int fd, const struct fingerprint *print, int64_t looked_ns)
{
    return fingerprint_is_racy(print, looked_ns) ||
           (looked_ns - print->mtime_ns < COARSE_NS && has_coarse_times(fd));
}

static bool is_still_at(int root_fd, const char *path, const struct fingerprint *print)
{
    FD_SCOPED fd = -1;
    struct fingerprint now;
    mode_t mode;
    return file_open_beneath(root_fd, path, O_PATH, &fd, NULL) == NEXUS_OK &&
           file_look(fd, "", &now, &mode) == 0 && fingerprint_equal(&now, print);
}

static enum nexus_status fail_busy(const char *path, struct nexus_error *err)
{
    return fail(err, NEXUS_ERROR_BUSY, "'%s' is being written", path);
}

enum nexus_status settle_read(int root_fd, const char *path, enum settle_mode mode,
                              int64_t limit_bytes, struct strbuf *bytes,
                              struct settled *ret_settled, struct nexus_error *err)
{
    FD_SCOPED fd = -1;
    struct settled settled = {0};
    TRY(file_open_beneath(root_fd, path, O_RDONLY | O_NOCTTY, &fd, err));
    int64_t looked_ns = time_now_ns();
    if (mode == SETTLE_QUIET && lease_probe(fd) == WRITER_OPEN)
        return fail_busy(path, err);
    TRY(file_read_opened(fd, path, limit_bytes, bytes, &settled.print, err));
    if (mode == SETTLE_QUIET && lease_probe(fd) == WRITER_OPEN)
        return fail_busy(path, err);
    if (!is_still_at(root_fd, path, &settled.print))
        return fail(err, NEXUS_ERROR_CHANGED, "'%s' changed while it was read", path);
    settled.is_racy = is_racy(fd, &settled.print, looked_ns);
    *ret_settled = settled;
    return NEXUS_OK;
}

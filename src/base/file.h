// SPDX-License-Identifier: MIT
/*
 * Files below a folder: nothing outside it is ever opened, whatever symbolic links say, and nothing
 * that is not a regular file is waited for (FIFOs, devices, sockets).
 *
 * Every access goes through a descriptor of the folder and openat2(2) with RESOLVE_BENEATH,
 * RESOLVE_NO_SYMLINKS and RESOLVE_NO_MAGICLINKS, so a folder that is swapped for a link between a
 * look and an open changes nothing.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/error.h"
#include "base/strbuf.h"

#include <sys/stat.h>

/** What tells one version of a file from the next without reading it. Times are in nanoseconds. An
 *  inode's number is given again to a new file, but never together with the same time of birth (0
 *  where the filesystem does not tell). The device is left out: its number changes between two
 *  mounts. */
struct fingerprint {
    uint64_t inode;
    int64_t size_bytes, mtime_ns, ctime_ns, birth_ns;
};

/** Looks at `name` below `folder_fd` (or at the descriptor itself when it is ""), without following
 * a link at its end. Returns 0 or an errno. */
int file_look(int folder_fd, const char *name, struct fingerprint *ret_print, mode_t *ret_mode);

bool fingerprint_equal(const struct fingerprint *a, const struct fingerprint *b);

/** Whether the version may change without the fingerprint showing it, because it was looked at
 * within the clock tick of its last change (git calls this racily clean). Timestamps tick in up to
 * 10 ms on local filesystems; 20 ms leaves room. */
bool fingerprint_is_racy(const struct fingerprint *print, int64_t looked_at_ns);

/** Opens below `folder_fd`. `flags` as open(2); O_CLOEXEC, O_NOFOLLOW, O_NONBLOCK are added. The
 * path may be longer than PATH_MAX. NEXUS_ERROR_BUSY when another program's lease keeps the file
 * closed for a moment. */
enum nexus_status file_open_beneath(int folder_fd, const char *path, int flags, int *ret_fd,
                                    struct nexus_error *err);

/** Reads a regular file whole, replacing what is in `bytes`. Refuses other kinds
 * (NEXUS_ERROR_REFUSED), more than `limit_bytes` (NEXUS_ERROR_LIMIT; nothing is read), and tells a
 * change under the read (NEXUS_ERROR_CHANGED). `ret_print` is the version that was read. */
enum nexus_status file_read_beneath(int folder_fd, const char *path, int64_t limit_bytes,
                                    struct strbuf *bytes, struct fingerprint *ret_print,
                                    struct nexus_error *err);

/** The same for a file that is open already; `path` is for messages. */
enum nexus_status file_read_opened(int fd, const char *path, int64_t limit_bytes,
                                   struct strbuf *bytes, struct fingerprint *ret_print,
                                   struct nexus_error *err);

/** Reads the file at an ordinary path (settings, not vault content). */
enum nexus_status file_read(const char *abs_path, int64_t limit_bytes, struct strbuf *bytes,
                            struct nexus_error *err);

/** Writes all of it at the descriptor's place. `path` is for messages. */
enum nexus_status file_write_opened(int fd, const char *path, struct str bytes,
                                    struct nexus_error *err);
/** fsync(2). After an error the file must not be synced again, but written anew: the kernel forgets
 * what it could not write. */
enum nexus_status file_sync_opened(int fd, const char *path, struct nexus_error *err);

/** Renames to a name that is free: EEXIST when it is not. Returns 0 or an errno. */
int file_rename_to_free(int from_fd, const char *from, int to_fd, const char *to);

/** Replaces or makes the file in one step: a temporary file beside it, fsync, rename, fsync of the
 *  folder. Only for files that are Nexus's own. */
enum nexus_status file_write_atomically(int folder_fd, const char *name, struct str bytes,
                                        mode_t mode, struct nexus_error *err);
/** Removes what file_write_atomically() left in the folder when its process was killed. */
void file_clear_unfinished(int folder_fd);

/** close(2) for a scope's end; -1 is nothing. */
void file_close(int *fd);
#define FD_SCOPED __attribute__((cleanup(file_close))) int

#endif

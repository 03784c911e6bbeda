// SPDX-License-Identifier: MIT
/*
 * PRAGMA data_version counts the commits of other connections, as this one would see them. Whether
 * another process is about to commit is told by its lock on the log's index, the "-shm" file:
 * WAL_WRITE_LOCK, one byte behind the header (https://www.sqlite.org/walformat.html, "WAL Locks").
 * fcntl(2) tells who holds a lock without taking it, and leaves out this process.
 *
 * Closing any descriptor of a file drops all of a process's locks on it, SQLite's own included. So
 * none is opened here: SQLite's descriptor is looked up among those of the process.
 */
#include "store/foreign.h"

#include "base/file.h"
#include "store/connection.h"
#include "store/internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { WRITE_LOCK_AT = 120 };

static bool is_same_file(int fd, const struct stat *file)
{
    struct stat opened;
    return fstat(fd, &opened) == 0 && opened.st_dev == file->st_dev &&
           opened.st_ino == file->st_ino;
}

/** A descriptor of the file that this process has open already; -1: none. */
static int find_descriptor(const struct stat *file)
{
    DIR *listing = opendir("/proc/self/fd");
    const struct dirent *entry;
    int found = -1;
    while (listing && found < 0 && (entry = readdir(listing)) != NULL) {
        char *end;
        long fd = strtol(entry->d_name, &end, 10);
        if (end != entry->d_name && fd != dirfd(listing) && is_same_file((int)fd, file))
            found = (int)fd;
    }
    if (listing)
        closedir(listing);
    return found;
}

/** SQLite's own descriptor of the log's index. It keeps it for as long as it has the file open. */
static enum nexus_status find_index(const char *abs_path, int *ret_fd, struct nexus_error *err)
{
    STRBUF_SCOPED path = {0};
    struct stat file;
    strbuf_addf(&path, "%s-shm", abs_path);
    if (path.failed)
        return fail_no_memory(err);
    if (stat(path.at, &file) != 0)
        return fail_errno(err, errno, "cannot look at '%s'", path.at);
    int fd = find_descriptor(&file);
    if (fd < 0)
        return fail(err, NEXUS_ERROR_CHANGED, "'%s' is not the one that is in use", path.at);
    *ret_fd = fd;
    return NEXUS_OK;
}

enum nexus_status store_foreign_writes_at(const char *abs_path, int *index_fd, bool *ret_writing,
                                          struct nexus_error *err)
{
    struct flock lock = {
        .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = WRITE_LOCK_AT, .l_len = 1};
    if (*index_fd < 0)
        TRY(find_index(abs_path, index_fd, err));
    if (fcntl(*index_fd, F_GETLK, &lock) != 0)
        return fail_errno(err, errno, "cannot tell whether '%s' is being written", abs_path);
    *ret_writing = lock.l_type != F_UNLCK;
    return NEXUS_OK;
}

enum nexus_status store_foreign_writes(struct store *store, bool *ret_writing,
                                       struct nexus_error *err)
{
    return store_foreign_writes_at(store->abs_path, &store->index_fd, ret_writing, err);
}

enum nexus_status foreign_begin(struct store *store, struct nexus_error *err)
{
    store->index_fd = -1;
    return connection_pragma(store->db, "PRAGMA data_version", &store->data_version, err);
}

enum nexus_status store_foreign_changed(struct store *store, bool *ret_changed,
                                        struct nexus_error *err)
{
    int64_t version;
    TRY(connection_pragma(store->db, "PRAGMA data_version", &version, err));
    *ret_changed = version != store->data_version;
    store->data_version = version;
    return NEXUS_OK;
}

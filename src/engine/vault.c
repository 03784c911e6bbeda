// SPDX-License-Identifier: MIT
#include "engine/vault.h"

#include "base/file.h"
#include "base/time.h"
#include "engine/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/** Whether the folder holds a `.nexus` folder. */
static bool is_vault(const char *dir)
{
    FD_SCOPED fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
    struct stat status;
    return fd >= 0 && fstatat(fd, ".nexus", &status, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISDIR(status.st_mode);
}

enum nexus_status vault_find(const char *start_dir, char **ret_path, struct nexus_error *err)
{
    char *path = realpath(start_dir, NULL);
    if (!path)
        return fail_errno(err, errno, "cannot open the folder '%s'", start_dir);
    for (;;) {
        if (is_vault(path)) {
            *ret_path = path;
            return NEXUS_OK;
        }
        char *slash = strrchr(path, '/');
        if (!slash || !path[1])
            break;
        slash[slash == path] = '\0';
    }
    free(path);
    return fail(err, NEXUS_ERROR_NOT_FOUND, "no vault in '%s' or above it", start_dir);
}

static enum nexus_status make_folder(int parent_fd, const char *name, int *ret_fd,
                                     struct nexus_error *err)
{
    if (mkdirat(parent_fd, name, 0700) != 0 && errno != EEXIST)
        return fail_errno(err, errno, "cannot make the folder '%s'", name);
    int fd = openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return fail_errno(err, errno, "cannot open the folder '%s'", name);
    *ret_fd = fd;
    return NEXUS_OK;
}

static enum nexus_status write_settings(int nexus_fd, const char *root_path, int64_t now_ns,
                                        struct nexus_error *err)
{
    STRBUF_SCOPED text = {0};
    char created_at[TIME_TEXT_SIZE];
    time_format(now_ns, created_at);
    settings_write_defaults(str_of(root_path), str_of(created_at), &text);
    if (text.failed)
        return fail_no_memory(err);
    return file_write_atomically(nexus_fd, "config.json", strbuf_str(&text), 0600, err);
}

enum nexus_status vault_init(const char *dir, int64_t now_ns, struct nexus_error *err)
{
    FD_SCOPED root_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root_fd < 0)
        return fail_errno(err, errno, "cannot open the folder '%s'", dir);
    FD_SCOPED nexus_fd = -1;
    TRY(make_folder(root_fd, ".nexus", &nexus_fd, err));
    if (faccessat(nexus_fd, "config.json", F_OK, 0) == 0)
        return fail(err, NEXUS_ERROR_EXISTS, "'%s' is a vault already", dir);
    if (fchmod(nexus_fd, 0700) != 0)
        return fail_errno(err, errno, "cannot close '.nexus' to other users");
    FD_SCOPED schemas_fd = -1;
    TRY(make_folder(nexus_fd, "schemas", &schemas_fd, err));
    char *root_path = realpath(dir, NULL);
    if (!root_path)
        return fail_errno(err, errno, "cannot open the folder '%s'", dir);
    enum nexus_status status = write_settings(nexus_fd, root_path, now_ns, err);
    free(root_path);
    return status;
}

enum nexus_status vault_open_folders(const char *dir, char **ret_path, int *ret_root_fd,
                                     int *ret_nexus_fd, struct nexus_error *err)
{
    FD_SCOPED root_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root_fd < 0)
        return fail_errno(err, errno, "cannot open the folder '%s'", dir);
    FD_SCOPED nexus_fd = openat(root_fd, ".nexus", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (nexus_fd < 0 && errno == ENOENT)
        return fail(err, NEXUS_ERROR_NOT_FOUND, "'%s' is no vault: it has no '.nexus' folder", dir);
    if (nexus_fd < 0)
        return fail_errno(err, errno, "cannot open the folder '%s/.nexus'", dir);
    char *path = realpath(dir, NULL);
    if (!path)
        return fail_errno(err, errno, "cannot open the folder '%s'", dir);
    *ret_path = path;
    *ret_root_fd = root_fd;
    *ret_nexus_fd = nexus_fd;
    root_fd = nexus_fd = -1;
    return NEXUS_OK;
}

/* The lock lies on the folder itself: no file that could be left behind, and the kernel drops it
 * with its holder. */
enum nexus_status vault_lock(int nexus_fd, struct nexus_error *err)
{
    if (flock(nexus_fd, LOCK_EX | LOCK_NB) == 0)
        return NEXUS_OK;
    if (errno == EWOULDBLOCK)
        return fail(err, NEXUS_ERROR_BUSY, "another nexus is at work on this vault");
    return fail_errno(err, errno, "cannot lock the vault");
}

void vault_unlock(int nexus_fd)
{
    flock(nexus_fd, LOCK_UN);
}

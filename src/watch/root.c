// SPDX-License-Identifier: MIT
#include "watch/root.h"

#include "base/file.h"
#include "watch/backend.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

enum nexus_status root_open(struct root *root, const char *abs_path, struct nexus_error *err)
{
    root->parent_wd = root->mounts_fd = -1;
    root->abs_path = realpath(abs_path, NULL);
    if (!root->abs_path)
        return fail_errno(err, errno, "cannot watch '%s'", abs_path);
    if (root_look(root) != ROOT_PRESENT)
        return fail(err, NEXUS_ERROR_ARGUMENT, "'%s' is not the folder to watch", abs_path);
    root->mounts_fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
    root_watch_parent(root);
    return NEXUS_OK;
}

void root_close(struct root *root)
{
    file_close(&root->mounts_fd);
    free(root->abs_path);
    root->abs_path = NULL;
}

enum root_state root_look(const struct root *root)
{
    struct stat ours, there;
    if (stat(root->abs_path, &there) != 0 || !S_ISDIR(there.st_mode))
        return ROOT_GONE;
    bool same = fstat(root->fd, &ours) == 0 && ours.st_dev == there.st_dev &&
                ours.st_ino == there.st_ino && ours.st_nlink > 0;
    return same ? ROOT_PRESENT : ROOT_REPLACED;
}

void root_watch_parent(struct root *root)
{
    struct stat ours, above;
    FD_SCOPED parent = openat(root->fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (parent < 0 || fstat(parent, &above) != 0 || fstat(root->fd, &ours) != 0)
        return;
    bool is_top = ours.st_ino == above.st_ino && ours.st_dev == above.st_dev;
    if (!is_top) /* "/" has nothing above */
        root->parent_wd = backend_watch(parent, BACKEND_PARENT_MASK);
}

bool root_is_named(const struct root *root, struct str name)
{
    struct str path = str_of(root->abs_path);
    return str_equal(name, str_slice(path, str_find_last(path, '/') + 1, path.length));
}

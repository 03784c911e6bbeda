// SPDX-License-Identifier: MIT
#include "base/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static size_t parent_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) : 0;
}

/** The "." makes the kernel tell a link from what is no folder otherwise. */
static enum nexus_status open_folder(int at_fd, struct str path, int *ret_fd,
                                     struct nexus_error *err)
{
    STRBUF_SCOPED text = {0};
    strbuf_add(&text, path);
    strbuf_add_text(&text, path.length ? "/." : ".");
    if (text.failed)
        return fail_no_memory(err);
    return file_open_beneath(at_fd, text.at, O_PATH | O_DIRECTORY, ret_fd, err);
}

static enum nexus_status check_name(const char *path, struct nexus_error *err)
{
    const char *name = name_of(path);
    if (!*name || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return fail(err, NEXUS_ERROR_REFUSED, "'%s' is no path of a file", path);
    return NEXUS_OK;
}

enum nexus_status folder_open(int root_fd, const char *path, int *ret_fd, const char **ret_name,
                              struct nexus_error *err)
{
    TRY(check_name(path, err));
    TRY(open_folder(root_fd, (struct str){path, parent_length(path)}, ret_fd, err));
    *ret_name = name_of(path);
    return NEXUS_OK;
}

/** Goes one folder further down, making it when it is missing. */
static enum nexus_status descend(int *fd, const char *name, bool *ret_made, struct nexus_error *err)
{
    int next = -1;
    *ret_made = mkdirat(*fd, name, 0777) == 0;
    if (!*ret_made && errno != EEXIST)
        return fail_errno(err, errno, "cannot make the folder '%s'", name);
    enum nexus_status status = open_folder(*fd, str_of(name), &next, err);
    if (status == NEXUS_ERROR_NOT_FOUND)
        return fail(err, NEXUS_ERROR_EXISTS, "'%s' is there already, and no folder", name);
    TRY(status);
    file_close(fd);
    *fd = next;
    return NEXUS_OK;
}

/** From the root, folder by folder. */
static enum nexus_status make_each(int root_fd, const char *path, int *ret_fd, size_t *ret_there,
                                   struct nexus_error *err)
{
    size_t end = parent_length(path), there = strlen(path);
    STRBUF_SCOPED part = {0};
    FD_SCOPED fd = -1;
    TRY(open_folder(root_fd, STR(""), &fd, err));
    for (size_t from = 0; from < end;) {
        size_t length = strcspn(path + from, "/");
        strbuf_reset(&part);
        strbuf_add(&part, (struct str){path + from, length});
        if (part.failed)
            return fail_no_memory(err);
        bool made = false;
        enum nexus_status status = length ? descend(&fd, part.at, &made, err) : NEXUS_OK;
        if (made && there > end)
            there = from ? from - 1 : 0;
        if (status != NEXUS_OK) {
            folder_unmake(root_fd, path, there);
            return status;
        }
        from += length + 1;
    }
    *ret_fd = fd;
    *ret_there = there;
    fd = -1;
    return NEXUS_OK;
}

/** What is made is made by name: no way up. */
static enum nexus_status check_folders(const char *path, struct nexus_error *err)
{
    for (const char *at = path; *at; at += strcspn(at, "/"), at += *at == '/') {
        struct str name = {at, strcspn(at, "/")};
        if (str_is(name, ".") || str_is(name, ".."))
            return fail(err, NEXUS_ERROR_REFUSED, "'%s' is no path of a new file", path);
    }
    return NEXUS_OK;
}

enum nexus_status folder_make(int root_fd, const char *path, int *ret_fd, const char **ret_name,
                              size_t *ret_there, struct nexus_error *err)
{
    enum nexus_status status = folder_open(root_fd, path, ret_fd, ret_name, err);
    *ret_there = strlen(path);
    if (status != NEXUS_ERROR_NOT_FOUND)
        return status;
    TRY(check_folders(path, err));
    TRY(make_each(root_fd, path, ret_fd, ret_there, err));
    *ret_name = name_of(path);
    return NEXUS_OK;
}

void folder_unmake(int root_fd, const char *path, size_t there)
{
    STRBUF_SCOPED part = {0};
    strbuf_add(&part, (struct str){path, parent_length(path)});
    while (!part.failed && part.length > there) {
        FD_SCOPED fd = -1;
        const char *name;
        if (folder_open(root_fd, part.at, &fd, &name, NULL) != NEXUS_OK ||
            unlinkat(fd, name, AT_REMOVEDIR) != 0)
            return;
        strbuf_truncate(&part, parent_length(part.at));
    }
}

enum nexus_status folder_sync(int folder_fd, const char *path, struct nexus_error *err)
{
    FD_SCOPED fd = -1;
    TRY(file_open_beneath(folder_fd, ".", O_RDONLY | O_DIRECTORY, &fd, err));
    if (fsync(fd) != 0)
        return fail_errno(err, errno, "cannot write the folder of '%s' to the disk", path);
    return NEXUS_OK;
}

// SPDX-License-Identifier: MIT
#include "writeback/metadata.h"

#include "base/strbuf.h"

#include <errno.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { TRIES = 10 };

static enum nexus_status copy_owner(int to_fd, const struct stat *from, const char *path,
                                    struct nexus_error *err)
{
    struct stat to;
    if (fstat(to_fd, &to) != 0)
        return fail_errno(err, errno, "cannot look at the new version of '%s'", path);
    if (to.st_uid == from->st_uid && to.st_gid == from->st_gid)
        return NEXUS_OK;
    if (fchown(to_fd, from->st_uid, from->st_gid) != 0)
        return fail_errno(err, errno, "cannot keep the owner of '%s'", path);
    return NEXUS_OK;
}

/** Reads names or a value, whose length may change between the question and the answer: NULL `name`
 * is the list of names. Returns 0 or an errno. */
static int read_attribute(int fd, const char *name, struct strbuf *bytes)
{
    for (int i = 0; i < TRIES; i++) {
        strbuf_reset(bytes);
        ssize_t length = name ? fgetxattr(fd, name, NULL, 0) : flistxattr(fd, NULL, 0);
        if (length <= 0)
            return length == 0 ? 0 : errno;
        char *room = strbuf_reserve(bytes, (size_t)length);
        if (!room)
            return ENOMEM;
        length =
            name ? fgetxattr(fd, name, room, (size_t)length) : flistxattr(fd, room, (size_t)length);
        if (length >= 0) {
            bytes->length = (size_t)length;
            bytes->at[length] = '\0';
            return 0;
        }
        if (errno != ERANGE)
            return errno;
    }
    return EAGAIN;
}

static bool is_system_made(struct str name)
{
    return str_starts_with(name, STR("security.")) || str_starts_with(name, STR("trusted."));
}

static struct str next_name(struct str *rest)
{
    struct str name = str_of(rest->at);
    *rest = str_slice(*rest, name.length + 1, rest->length);
    return name;
}

static bool holds_name(struct str names, struct str wanted)
{
    while (names.length)
        if (str_equal(next_name(&names), wanted))
            return true;
    return false;
}

/** Returns 0 or an errno. */
static int copy_one(int from_fd, int to_fd, struct str name, struct strbuf *value)
{
    int reason = read_attribute(from_fd, name.at, value);
    if (reason == ENODATA)
        return 0; /* removed since the list was read */
    if (reason)
        return is_system_made(name) ? 0 : reason;
    if (fsetxattr(to_fd, name.at, strbuf_str(value).at, value->length, 0) == 0)
        return 0;
    return is_system_made(name) ? 0 : errno;
}

/** A new file may have inherited a list from its folder that the old one has not. */
static int remove_others(int to_fd, struct str kept, struct strbuf *names)
{
    int reason = read_attribute(to_fd, NULL, names);
    for (struct str rest = strbuf_str(names); !reason && rest.length;) {
        struct str name = next_name(&rest);
        if (!is_system_made(name) && !holds_name(kept, name) && fremovexattr(to_fd, name.at) != 0)
            reason = errno;
    }
    return reason;
}

static int copy_attributes(int from_fd, int to_fd)
{
    STRBUF_SCOPED names = {0}, value = {0};
    int reason = read_attribute(from_fd, NULL, &names);
    if (reason)
        return reason == ENOTSUP || reason == ENOSYS ? 0 : reason;
    reason = remove_others(to_fd, strbuf_str(&names), &value);
    for (struct str rest = strbuf_str(&names); !reason && rest.length;)
        reason = copy_one(from_fd, to_fd, next_name(&rest), &value);
    return reason;
}

enum nexus_status metadata_copy(int from_fd, int to_fd, const char *path, struct nexus_error *err)
{
    struct stat from;
    if (fstat(from_fd, &from) != 0)
        return fail_errno(err, errno, "cannot look at '%s'", path);
    TRY(copy_owner(to_fd, &from, path, err));
    int reason = copy_attributes(from_fd, to_fd);
    if (reason)
        return fail_errno(err, reason, "cannot keep the extended attributes of '%s'", path);
    /* Last: a change of the owner or of a list may take bits of the mode away. */
    if (fchmod(to_fd, from.st_mode & 07777) != 0)
        return fail_errno(err, errno, "cannot keep the mode of '%s'", path);
    return NEXUS_OK;
}

// SPDX-License-Identifier: MIT
#include "watch/notice.h"

#include "base/file.h"

#include <errno.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

enum {
    PLACES = IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE,
    GONE = IN_DELETE_SELF | IN_MOVE_SELF
};

enum nexus_status notice_open(const char *abs_folder, int *ret_fd, struct nexus_error *err)
{
    FD_SCOPED fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (fd < 0 || inotify_add_watch(fd, abs_folder, IN_MODIFY | PLACES | GONE | IN_ONLYDIR) < 0)
        return fail_errno(err, errno, "cannot watch the folder '%s'", abs_folder);
    *ret_fd = fd;
    fd = -1;
    return NEXUS_OK;
}

static unsigned judge(const struct inotify_event *event, const char *name)
{
    if (event->mask & (IN_Q_OVERFLOW | IN_IGNORED | GONE))
        return NOTICE_WRITTEN | NOTICE_REPLACED;
    if (!event->len || strncmp(event->name, name, strlen(name)) != 0)
        return 0;
    bool is_it = event->name[strlen(name)] == '\0';
    return is_it && (event->mask & PLACES) ? NOTICE_REPLACED : NOTICE_WRITTEN;
}

unsigned notice_take(int fd, const char *name)
{
    _Alignas(struct inotify_event) char bytes[4096];
    unsigned notices = 0;
    for (ssize_t length; (length = read(fd, bytes, sizeof bytes)) > 0;)
        for (ssize_t at = 0; at < length;) {
            const struct inotify_event *event = (const struct inotify_event *)(void *)(bytes + at);
            notices |= judge(event, name);
            at += (ssize_t)(sizeof *event + event->len);
        }
    return notices;
}

// SPDX-License-Identifier: MIT
#include "watch/backend.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inotifytools/inotifytools.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/select.h>
#include <unistd.h>

/* The library keeps its one instance in global variables; so must we keep which it is. */
static atomic_bool is_open;
static int inotify_fd = -1;

static bool is_inotify(int fd)
{
    char link[64], target[32] = {0};
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    return readlink(link, target, sizeof target - 1) > 0 &&
           str_is(str_of(target), "anon_inode:inotify");
}

/** The library tells nobody its descriptor, but takes the lowest free one: so the one that a file
 * gets that is opened and closed just before. */
static int initialize_and_find_fd(void)
{
    int lowest = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (lowest < 0)
        return -1;
    close(lowest);
    if (!inotifytools_initialize()) {
        errno = inotifytools_error();
        return -1;
    }
    if (lowest < FD_SETSIZE && is_inotify(lowest))
        return lowest;
    inotifytools_cleanup();
    errno = EMFILE;
    return -1;
}

enum nexus_status backend_open(int *ret_fd, struct nexus_error *err)
{
    if (atomic_exchange(&is_open, true))
        return fail(err, NEXUS_ERROR_BUSY, "this process watches a vault already");
    int fd = initialize_and_find_fd();
    if (fd < 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 || fcntl(fd, F_SETFL, O_NONBLOCK) != 0) {
        int reason = errno;
        if (fd >= 0)
            inotifytools_cleanup();
        atomic_store(&is_open, false);
        if (reason == EMFILE || reason == ENFILE)
            return fail(err, NEXUS_ERROR_LIMIT,
                        "cannot watch: too many inotify instances or open files "
                        "(sysctl fs.inotify.max_user_instances)");
        return fail_errno(err, reason, "cannot watch");
    }
    *ret_fd = inotify_fd = fd;
    return NEXUS_OK;
}

void backend_close(void)
{
    /* The library keeps what it has read and not handed out beyond its cleanup: the next instance
     * would get events of watches that are not its own. */
    struct backend_event event;
    while (backend_next(&event))
        if (event.wd > 0 && !(event.mask & IN_IGNORED))
            inotify_rm_watch(inotify_fd, event.wd);
    inotifytools_cleanup();
    inotify_fd = -1;
    atomic_store(&is_open, false);
}

int backend_watch(int folder_fd, uint32_t mask)
{
    char link[64]; /* not by a path: it could lead elsewhere by now, and has a length limit */
    snprintf(link, sizeof link, "/proc/self/fd/%d", folder_fd);
    return inotify_add_watch(inotify_fd, link, mask);
}

void backend_unwatch(int wd)
{
    inotify_rm_watch(inotify_fd, wd);
}

bool backend_next(struct backend_event *event)
{
    const struct inotify_event *next = inotifytools_next_events(0, 1);
    for (int i = 0; !next && i < 10 && inotifytools_error() == EINTR; i++)
        next = inotifytools_next_events(0, 1);
    if (!next)
        return false;
    *event = (struct backend_event){.wd = next->wd, .mask = next->mask, .cookie = next->cookie};
    if (next->len) /* NUL-terminated, and padded with more of them */
        event->name = str_of(next->name);
    return true;
}

const char *backend_words(uint32_t mask)
{
    return inotifytools_event_to_str((int)mask);
}

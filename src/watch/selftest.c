// SPDX-License-Identifier: MIT
#include "watch/selftest.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

enum { WAIT_MS = 5000 }; /* an event takes microseconds */

/** Whether the event of the name is among those that came. */
static bool has_event(int events_fd, const char *name)
{
    _Alignas(struct inotify_event) char bytes[4096];
    ssize_t length = read(events_fd, bytes, sizeof bytes);
    for (ssize_t at = 0; at < length;) {
        const struct inotify_event *event = (const struct inotify_event *)(void *)(bytes + at);
        if (event->len && strcmp(event->name, name) == 0)
            return true;
        at += (ssize_t)(sizeof *event + event->len);
    }
    return false;
}

static bool sees_file(int events_fd, int folder_fd, const char *name, struct strbuf *why)
{
    struct pollfd events = {.fd = events_fd, .events = POLLIN};
    FD_SCOPED fd = openat(folder_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        strbuf_addf(why, "no file can be made in '.nexus': %s", strerror(errno));
        return false;
    }
    unlinkat(folder_fd, name, 0);
    while (poll(&events, 1, WAIT_MS) > 0)
        if (has_event(events_fd, name))
            return true;
    strbuf_add_text(why, "a file was made, and the kernel did not tell of it");
    return false;
}

bool watch_selftest(int folder_fd, const char *name, struct strbuf *why)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", folder_fd);
    FD_SCOPED events_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (events_fd < 0 && errno == EMFILE) {
        strbuf_add_text(why, "this user's inotify instances are used up");
        return false;
    }
    if (events_fd < 0 || inotify_add_watch(events_fd, link, IN_CREATE) < 0) {
        strbuf_addf(why,
                    errno == ENOSPC ? "this user's inotify watches are used up"
                                    : "the folder cannot be watched: %s",
                    strerror(errno));
        return false;
    }
    return sees_file(events_fd, folder_fd, name, why);
}

// SPDX-License-Identifier: MIT
/*
 * The kernel's events, by way of libinotifytools. The only file that knows the library.
 *
 * Of the library are used: initialize, next_events(0, 1), event_to_str, error, cleanup. Its own
 * recursion adds a watch after it has listed the folder and so misses what is made in between; its
 * tables of paths do not follow renames and grow with each deleted folder; its timeouts are in
 * seconds, and 0 means for ever. So watches are added and removed with inotify's own calls on the
 * library's descriptor, and whoever waits polls that descriptor.
 *
 * The library's state is global: one backend a process, used by one thread at a time.
 */
#ifndef WATCH_BACKEND_H
#define WATCH_BACKEND_H

#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>
#include <sys/inotify.h>

/* Only folders are watched. IN_EXCL_UNLINK: no events of files that have no name any more. */
#define BACKEND_FOLDER_MASK                                                                        \
    (IN_CREATE | IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB | IN_MOVED_FROM | IN_MOVED_TO |            \
     IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK)
/* The folder above the vault: does the vault come and go. */
#define BACKEND_PARENT_MASK (IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_ONLYDIR)

struct backend_event {
    int wd; /* -1: events were lost (IN_Q_OVERFLOW) */
    uint32_t mask, cookie;
    struct str name; /* bytes as the kernel has them; borrowed until the next event */
};

/** NEXUS_ERROR_BUSY when this process has one already; NEXUS_ERROR_LIMIT when the user has too many
 * inotify instances, or the process too many descriptors for the library's select(2). Nothing else
 * in the process should open descriptors meanwhile. */
enum nexus_status backend_open(int *ret_fd, struct nexus_error *err);
/** Removes the watches that are left and reads what is left to read. */
void backend_close(void);

/** Watches the folder that is open as `folder_fd`, and returns its watch descriptor, the same for
 * the same folder. -1 with errno: ENOSPC when the user has no more watches. */
int backend_watch(int folder_fd, uint32_t mask);
void backend_unwatch(int wd);

/** The next event, without waiting; false: there is none. */
bool backend_next(struct backend_event *event);
/** The kernel's words for a mask: "CREATE,ISDIR". Borrowed until the next call. */
const char *backend_words(uint32_t mask);

#endif

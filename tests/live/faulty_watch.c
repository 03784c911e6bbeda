// SPDX-License-Identifier: MIT
/*
 * Preloaded into `nexus watch`: its watch thread fails, once, at its next poll(2) after the file
 * named by FAULT_AT came to be. What happens stands in that file:
 *   deaf    its inotify descriptor is another one, which knows of no folder
 *   closed  its inotify descriptor is closed
 *   ended   the thread ends
 *   stuck   the thread hangs
 */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int wait_for(struct pollfd *fds, nfds_t count, int timeout_ms)
{
    struct timespec limit = {timeout_ms / 1000, timeout_ms % 1000 * 1000000L};
    return (int)syscall(SYS_ppoll, fds, count, timeout_ms < 0 ? NULL : &limit, NULL, 0);
}

/** Takes the fault that is planted, so that it happens once. */
static void take_fault(char fault[16])
{
    const char *path = getenv("FAULT_AT");
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    ssize_t length = read(fd, fault, 15);
    close(fd);
    if (length > 0)
        unlink(path);
}

int poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
    char name[16] = "", fault[16] = "";
    pthread_getname_np(pthread_self(), name, sizeof name);
    if (strcmp(name, "nexus-watch") != 0)
        return wait_for(fds, count, timeout_ms);
    int ready = wait_for(fds, count, timeout_ms);
    take_fault(fault);
    if (strcmp(fault, "ended") == 0)
        pthread_exit(NULL);
    while (strcmp(fault, "stuck") == 0)
        pause();
    if (strcmp(fault, "closed") == 0)
        close(fds[0].fd);
    if (strcmp(fault, "deaf") == 0) {
        int other = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
        dup3(other, fds[0].fd, O_CLOEXEC);
        close(other);
    }
    return fault[0] ? 0 : ready;
}

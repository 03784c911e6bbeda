// SPDX-License-Identifier: MIT
#include "base/lease.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>

/* The kernel forgets the signal with each lease that is given back. */
enum writer lease_probe(int fd)
{
    fcntl(fd, F_SETSIG, SIGURG);
    if (fcntl(fd, F_SETLEASE, F_RDLCK) == 0) {
        fcntl(fd, F_SETLEASE, F_UNLCK);
        return WRITER_NONE;
    }
    return errno == EAGAIN ? WRITER_OPEN : WRITER_UNKNOWN;
}

int lease_take(int fd)
{
    fcntl(fd, F_SETSIG, SIGURG);
    return fcntl(fd, F_SETLEASE, F_WRLCK) == 0 ? 0 : errno;
}

void lease_give_back(int fd)
{
    fcntl(fd, F_SETLEASE, F_UNLCK);
}

// SPDX-License-Identifier: MIT
/* Preloaded into an editor: a disk on which fsync(2) takes 700 ms. */
#include <time.h>
#include <unistd.h>

int fsync(int fd)
{
    (void)fd;
    struct timespec pause = {0, 700000000};
    nanosleep(&pause, NULL);
    return 0;
}

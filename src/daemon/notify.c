// SPDX-License-Identifier: MIT
#include "daemon/notify.h"

#include "base/file.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

void notify_send(const char *lines)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (!path || (path[0] != '/' && path[0] != '@') || strlen(path) >= sizeof address.sun_path)
        return;
    memcpy(address.sun_path, path, strlen(path));
    if (path[0] == '@') /* the abstract namespace, unix(7) */
        address.sun_path[0] = '\0';
    FD_SCOPED fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, size) == 0 &&
        write(fd, lines, strlen(lines)) < 0)
        return; /* the manager went away: nobody to tell */
}

uint64_t notify_watchdog_us(void)
{
    const char *interval = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
    if (!interval || (pid && strtoimax(pid, NULL, 10) != getpid()))
        return 0;
    return strtoumax(interval, NULL, 10);
}

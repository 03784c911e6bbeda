// SPDX-License-Identifier: MIT
/*
 * Preloaded into the program: a shell script runs in the middle of its work.
 *
 *   AT_SYNC      at its first syncfs(2): new versions were prepared, none has taken its place
 *   AT_RENAME    at its first renameat(2)
 *   AT_ASIDE     at its first rename(2): a database is about to be set aside
 *   AT_EXCHANGE  at its first exchange, renameat2(2): a new version takes its place
 */
#include <fcntl.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static void run_once(const char *name)
{
    const char *script = getenv(name);
    if (!script)
        return;
    unsetenv("LD_PRELOAD"); /* the script's own programs are left alone */
    if (system(script) != 0)
        _exit(99);
    unsetenv(name);
}

int syncfs(int fd)
{
    run_once("AT_SYNC");
    return (int)syscall(SYS_syncfs, fd);
}

int renameat(int from_fd, const char *from, int to_fd, const char *to)
{
    run_once("AT_RENAME");
    return (int)syscall(SYS_renameat2, from_fd, from, to_fd, to, 0);
}

int rename(const char *from, const char *to)
{
    run_once("AT_ASIDE");
    return renameat(AT_FDCWD, from, AT_FDCWD, to);
}

int renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned int flags)
{
    if (flags == RENAME_EXCHANGE)
        run_once("AT_EXCHANGE");
    return (int)syscall(SYS_renameat2, from_fd, from, to_fd, to, flags);
}

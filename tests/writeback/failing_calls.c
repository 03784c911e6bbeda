// SPDX-License-Identifier: MIT
#include "failing_calls.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h> /* renameat2 */
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

static struct call_fault fault;
static bool is_counting;
static long count;
static const char *met = "", *stuck = "";
static void (*watcher)(long nth);

void calls_disturb(const struct call_fault *wanted)
{
    is_counting = wanted != NULL;
    if (!wanted)
        return;
    fault = *wanted;
    count = 0;
    met = stuck = "";
}

void calls_pause(bool is_paused)
{
    is_counting = !is_paused;
}

void calls_watch(void (*seen)(long nth))
{
    watcher = seen;
}

long calls_count(void)
{
    return count;
}

const char *calls_met(void)
{
    return met;
}

/** Counts the call, and says whether it fails. */
static bool does_fail(const char *name)
{
    if (!is_counting)
        return false;
    count++;
    if (watcher)
        watcher(count);
    if (count == fault.meanwhile_at) {
        is_counting = false;
        met = name;
        fault.meanwhile();
        is_counting = true;
    }
    if (count != fault.fail_at && strcmp(stuck, name) != 0)
        return false;
    met = name;
    if (fault.sticks)
        stuck = name;
    errno = fault.error;
    return true;
}

/* The C library calls them, too. */
#pragma GCC visibility push(default)

#define COUNTED(type, name, parameters, arguments)                                                 \
    type name parameters                                                                           \
    {                                                                                              \
        static type(*next) parameters;                                                             \
        if (!next)                                                                                 \
            *(void **)&next = dlsym(RTLD_NEXT, #name);                                             \
        return does_fail(#name) ? (type)-1 : next arguments;                                       \
    }

COUNTED(ssize_t, read, (int fd, void *bytes, size_t length), (fd, bytes, length))
COUNTED(ssize_t, write, (int fd, const void *bytes, size_t length), (fd, bytes, length))
COUNTED(int, ftruncate, (int fd, off_t length), (fd, length))
COUNTED(off_t, lseek, (int fd, off_t offset, int whence), (fd, offset, whence))
COUNTED(int, fallocate, (int fd, int mode, off_t offset, off_t length), (fd, mode, offset, length))
COUNTED(int, unlinkat, (int fd, const char *path, int flags), (fd, path, flags))
COUNTED(int, mkdirat, (int fd, const char *path, mode_t mode), (fd, path, mode))
COUNTED(int, linkat, (int a, const char *from, int b, const char *to, int flags),
        (a, from, b, to, flags))
COUNTED(int, renameat2, (int a, const char *from, int b, const char *to, unsigned flags),
        (a, from, b, to, flags))
COUNTED(int, renameat, (int a, const char *from, int b, const char *to), (a, from, b, to))
COUNTED(int, rename, (const char *from, const char *to), (from, to))
COUNTED(int, unlink, (const char *path), (path))
COUNTED(int, flock, (int fd, int operation), (fd, operation))
COUNTED(int, fstatat, (int fd, const char *path, struct stat *status, int flags),
        (fd, path, status, flags))
COUNTED(ssize_t, pread64, (int fd, void *bytes, size_t length, off_t at), (fd, bytes, length, at))
COUNTED(ssize_t, pwrite64, (int fd, const void *bytes, size_t length, off_t at),
        (fd, bytes, length, at))
COUNTED(int, ftruncate64, (int fd, off_t length), (fd, length))
COUNTED(int, fstat, (int fd, struct stat *status), (fd, status))
COUNTED(int, statx,
        (int fd, const char *restrict path, int flags, unsigned mask,
         struct statx *restrict status),
        (fd, path, flags, mask, status))
COUNTED(int, faccessat, (int fd, const char *path, int mode, int flags), (fd, path, mode, flags))
COUNTED(int, fchmod, (int fd, mode_t mode), (fd, mode))
COUNTED(int, fchown, (int fd, uid_t owner, gid_t group), (fd, owner, group))
COUNTED(ssize_t, flistxattr, (int fd, char *names, size_t size), (fd, names, size))
COUNTED(ssize_t, fgetxattr, (int fd, const char *name, void *value, size_t size),
        (fd, name, value, size))
COUNTED(int, fsetxattr, (int fd, const char *name, const void *value, size_t size, int flags),
        (fd, name, value, size, flags))
COUNTED(int, fremovexattr, (int fd, const char *name), (fd, name))

int fsync(int fd)
{
    (void)fd;
    return does_fail("fsync") ? -1 : 0;
}

int fdatasync(int fd)
{
    (void)fd;
    return does_fail("fdatasync") ? -1 : 0;
}

int syncfs(int fd)
{
    (void)fd;
    return does_fail("syncfs") ? -1 : 0;
}

int openat(int fd, const char *path, int flags, ...)
{
    va_list list;
    va_start(list, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;
    va_end(list);
    static int (*next)(int, const char *, int, ...);
    if (!next)
        *(void **)&next = dlsym(RTLD_NEXT, "openat");
    return does_fail("openat") ? -1 : next(fd, path, flags, mode);
}

/** Of its commands only those about leases count. */
int fcntl(int fd, int command, ...)
{
    va_list list;
    va_start(list, command);
    long argument = va_arg(list, long);
    va_end(list);
    static int (*next)(int, int, ...);
    if (!next)
        *(void **)&next = dlsym(RTLD_NEXT, "fcntl");
    return command == F_SETLEASE && does_fail("lease") ? -1 : next(fd, command, argument);
}

/** What is called in this way is openat2(2). */
long syscall(long number, ...)
{
    va_list list;
    long arguments[6];
    va_start(list, number);
    for (int i = 0; i < 6; i++)
        arguments[i] = va_arg(list, long);
    va_end(list);
    static long (*next)(long, ...);
    if (!next)
        *(void **)&next = dlsym(RTLD_NEXT, "syscall");
    if (number == SYS_openat2 && does_fail("openat2"))
        return -1;
    return next(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4],
                arguments[5]);
}

// SPDX-License-Identifier: MIT
/*
 * Preloaded into a program: ends it, as `kill -9` would, at its n-th call that changes the disk.
 *
 *   CRASH_AT=n       at the n-th call; 0 or none: never
 *   CRASH_HOW=torn   in the middle of it, where it writes: half of the bytes; else before it
 *   CRASH_COUNT=path where to say how many calls there were, when the program ends by itself
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_long calls;
static long crash_at;
static int is_torn;

static void __attribute__((constructor)) read_environment(void)
{
    const char *at = getenv("CRASH_AT"), *how = getenv("CRASH_HOW");
    crash_at = at ? strtol(at, NULL, 10) : 0;
    is_torn = how && strcmp(how, "torn") == 0;
}

static void __attribute__((destructor)) tell_count(void)
{
    const char *path = getenv("CRASH_COUNT");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (!file)
        return;
    fprintf(file, "%ld\n", atomic_load(&calls));
    fclose(file);
}

static void end_here(void)
{
    syscall(SYS_kill, getpid(), SIGKILL);
    for (;;)
        pause();
}

/** Counts the call; true when it is the one to end in, and may still write something. */
static int is_last(int can_tear)
{
    if (atomic_fetch_add(&calls, 1) + 1 != crash_at)
        return 0;
    if (!is_torn || !can_tear)
        end_here();
    return 1;
}

static void *real(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

#define COUNTED(type, name, parameters, arguments)                                                 \
    type name parameters                                                                           \
    {                                                                                              \
        static type(*next) parameters;                                                             \
        if (!next)                                                                                 \
            *(void **)&next = real(#name);                                                         \
        is_last(0);                                                                                \
        return next arguments;                                                                     \
    }

COUNTED(int, ftruncate, (int fd, off_t length), (fd, length))
COUNTED(int, ftruncate64, (int fd, off64_t length), (fd, length))
COUNTED(int, fsync, (int fd), (fd))
COUNTED(int, fdatasync, (int fd), (fd))
COUNTED(int, syncfs, (int fd), (fd))
COUNTED(int, rename, (const char *from, const char *to), (from, to))
COUNTED(int, renameat, (int a, const char *from, int b, const char *to), (a, from, b, to))
COUNTED(int, renameat2, (int a, const char *from, int b, const char *to, unsigned flags),
        (a, from, b, to, flags))
COUNTED(int, link, (const char *from, const char *to), (from, to))
COUNTED(int, linkat, (int a, const char *from, int b, const char *to, int flags),
        (a, from, b, to, flags))
COUNTED(int, unlink, (const char *path), (path))
COUNTED(int, unlinkat, (int fd, const char *path, int flags), (fd, path, flags))
COUNTED(int, mkdir, (const char *path, mode_t mode), (path, mode))
COUNTED(int, mkdirat, (int fd, const char *path, mode_t mode), (fd, path, mode))

ssize_t write(int fd, const void *bytes, size_t count)
{
    if (!is_last(1))
        return syscall(SYS_write, fd, bytes, count);
    syscall(SYS_write, fd, bytes, count / 2);
    end_here();
    return -1;
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset)
{
    if (!is_last(1))
        return syscall(SYS_pwrite64, fd, bytes, count, offset);
    syscall(SYS_pwrite64, fd, bytes, count / 2, offset);
    end_here();
    return -1;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset)
{
    return pwrite64(fd, bytes, count, offset);
}

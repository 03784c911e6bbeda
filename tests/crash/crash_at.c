// SPDX-License-Identifier: MIT
/*
 * Preloaded into a program: something happens at its n-th call that changes the disk.
 *
 *   CRASH_AT=n       which call; 0 or none: nothing happens
 *   CRASH_HOW=       before (as none): the program ends before it, as `kill -9` would end it
 *                    torn: it ends in the middle of it, where it writes: half of the bytes
 *                    short: half of the bytes are written, and the program goes on
 *                    fail: the call fails, with the number in CRASH_ERRNO
 *                    stick: so do all later calls of the same function
 *   CRASH_COUNT=path where to write down the calls, a line each, when the program ends by itself
 *
 * Where calls fail, those that open and read count as well.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NAMED_MAX = 1 << 16 };
enum how { HOW_BEFORE, HOW_TORN, HOW_SHORT, HOW_FAIL, HOW_STICK };

static atomic_long calls;
static const char *_Atomic named[NAMED_MAX]; /* the calls, in their order */
static long crash_at;
static enum how crash_how;
static int crash_errno;
static _Atomic(const char *) failing; /* the function that sticks */

static void __attribute__((constructor)) read_environment(void)
{
    static const char *const names[] = {"before", "torn", "short", "fail", "stick"};
    const char *at = getenv("CRASH_AT"), *how = getenv("CRASH_HOW"),
               *number = getenv("CRASH_ERRNO");
    crash_at = at ? strtol(at, NULL, 10) : 0;
    crash_errno = number ? (int)strtol(number, NULL, 10) : EIO;
    for (size_t i = 0; how && i < sizeof names / sizeof names[0]; i++)
        if (strcmp(how, names[i]) == 0)
            crash_how = (enum how)i;
}

/** Not by write(), which counts. */
static void tell(int fd, const char *name)
{
    syscall(SYS_write, fd, name, strlen(name));
    syscall(SYS_write, fd, "\n", (size_t)1);
}

static void __attribute__((destructor)) tell_calls(void)
{
    const char *path = getenv("CRASH_COUNT");
    long count = atomic_load(&calls);
    int fd =
        path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;
    if (fd < 0)
        return;
    for (long i = 0; i < count && i < NAMED_MAX; i++)
        tell(fd, atomic_load(&named[i]) ? atomic_load(&named[i]) : "?");
    syscall(SYS_close, fd);
}

static void end_here(void)
{
    syscall(SYS_kill, getpid(), SIGKILL);
    for (;;)
        pause();
}

enum verdict { GO_ON, GO_HALF, GO_FAIL };

/** Counts the call, and says what becomes of it. */
static enum verdict judge(const char *name, int can_halve)
{
    long number = atomic_fetch_add(&calls, 1);
    int is_it = number + 1 == crash_at;
    if (number < NAMED_MAX)
        atomic_store(&named[number], name);
    const char *stuck = atomic_load(&failing);
    if (stuck && strcmp(stuck, name) == 0) {
        errno = crash_errno;
        return GO_FAIL;
    }
    if (!is_it)
        return GO_ON;
    switch (crash_how) {
    case HOW_BEFORE: end_here(); break;
    case HOW_TORN:
        if (!can_halve)
            end_here();
        return GO_HALF;
    case HOW_SHORT: return can_halve ? GO_HALF : GO_ON;
    case HOW_STICK: atomic_store(&failing, name); break;
    case HOW_FAIL: break;
    }
    errno = crash_errno;
    return GO_FAIL;
}

static int counts_reads(void)
{
    return crash_how == HOW_FAIL || crash_how == HOW_STICK;
}

static void *real(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

#define COUNTED_IF(condition, type, name, parameters, arguments)                                   \
    type name parameters                                                                           \
    {                                                                                              \
        static type(*next) parameters;                                                             \
        if (!next)                                                                                 \
            *(void **)&next = real(#name);                                                         \
        if ((condition) && judge(#name, 0) == GO_FAIL)                                             \
            return -1;                                                                             \
        return next arguments;                                                                     \
    }
#define COUNTED(type, name, parameters, arguments) COUNTED_IF(1, type, name, parameters, arguments)
#define COUNTED_READ(type, name, parameters, arguments)                                            \
    COUNTED_IF(counts_reads(), type, name, parameters, arguments)

/* Without O_CREAT nobody looks at the mode. */
#define COUNTED_OPEN(name, first, arguments)                                                       \
    int name first                                                                                 \
    {                                                                                              \
        va_list list;                                                                              \
        va_start(list, flags);                                                                     \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;                    \
        va_end(list);                                                                              \
        if (counts_reads() && judge("open", 0) == GO_FAIL)                                         \
            return -1;                                                                             \
        return (int)syscall arguments;                                                             \
    }

COUNTED(int, ftruncate, (int fd, off_t length), (fd, length))
COUNTED(int, ftruncate64, (int fd, off64_t length), (fd, length))
COUNTED(int, fsync, (int fd), (fd))
COUNTED(int, fdatasync, (int fd), (fd))
COUNTED(int, syncfs, (int fd), (fd))
COUNTED(int, rename, (const char *from, const char *to), (from, to))
COUNTED(int, renameat, (int a, const char *from, int b, const char *to), (a, from, b, to))
COUNTED(int, link, (const char *from, const char *to), (from, to))
COUNTED(int, linkat, (int a, const char *from, int b, const char *to, int flags),
        (a, from, b, to, flags))
COUNTED(int, unlink, (const char *path), (path))
COUNTED(int, unlinkat, (int fd, const char *path, int flags), (fd, path, flags))
COUNTED(int, mkdir, (const char *path, mode_t mode), (path, mode))
COUNTED(int, mkdirat, (int fd, const char *path, mode_t mode), (fd, path, mode))

COUNTED_READ(ssize_t, read, (int fd, void *bytes, size_t count), (fd, bytes, count))
COUNTED_READ(ssize_t, pread, (int fd, void *bytes, size_t count, off_t at), (fd, bytes, count, at))
COUNTED_READ(ssize_t, pread64, (int fd, void *bytes, size_t count, off64_t at),
             (fd, bytes, count, at))
COUNTED_READ(int, fchmod, (int fd, mode_t mode), (fd, mode))

COUNTED_OPEN(open, (const char *path, int flags, ...), (SYS_openat, AT_FDCWD, path, flags, mode))
COUNTED_OPEN(open64, (const char *path, int flags, ...), (SYS_openat, AT_FDCWD, path, flags, mode))
COUNTED_OPEN(openat, (int fd, const char *path, int flags, ...),
             (SYS_openat, fd, path, flags, mode))
COUNTED_OPEN(openat64, (int fd, const char *path, int flags, ...),
             (SYS_openat, fd, path, flags, mode))

/** What a halved write did: the program ends, or is told. */
static ssize_t after_half(ssize_t written)
{
    if (crash_how == HOW_TORN)
        end_here();
    return written;
}

ssize_t write(int fd, const void *bytes, size_t count)
{
    if (fd <= STDERR_FILENO) /* no change of the disk */
        return syscall(SYS_write, fd, bytes, count);
    switch (judge("write", 1)) {
    case GO_ON: break;
    case GO_HALF: return after_half(syscall(SYS_write, fd, bytes, (count + 1) / 2));
    case GO_FAIL: return -1;
    }
    return syscall(SYS_write, fd, bytes, count);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset)
{
    switch (judge("pwrite64", 1)) {
    case GO_ON: break;
    case GO_HALF: return after_half(syscall(SYS_pwrite64, fd, bytes, (count + 1) / 2, offset));
    case GO_FAIL: return -1;
    }
    return syscall(SYS_pwrite64, fd, bytes, count, offset);
}

/** An exchange has a name of its own. */
int renameat2(int a, const char *from, int b, const char *to, unsigned flags)
{
    if (judge(flags & RENAME_EXCHANGE ? "exchange" : "renameat2", 0) == GO_FAIL)
        return -1;
    return (int)syscall(SYS_renameat2, a, from, b, to, flags);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset)
{
    return pwrite64(fd, bytes, count, offset);
}

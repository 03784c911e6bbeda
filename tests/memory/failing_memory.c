// SPDX-License-Identifier: MIT
/*
 * malloc() and its family, counted. Linked into a test it is told by memory_fail_at(); preloaded
 * into a program by the environment:
 *
 *   MEMORY_AT=n        which allocation fails; 0 or none: none does
 *   MEMORY_STICKS=1    and all after it
 *   MEMORY_COUNT=path  where to say how many there were, when the program ends by itself
 */
#include "failing_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The C library's own, under the names that it keeps for those who stand before it. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *memory);

static atomic_long asked, live, fail_at;
static atomic_bool does_stick, does_pause;
static void (*_Atomic watcher)(long nth);

/* The C library calls them, too. */
#pragma GCC visibility push(default)

void memory_fail_at(long nth, bool sticks)
{
    atomic_store(&fail_at, 0);
    atomic_store(&does_stick, sticks);
    atomic_store(&asked, 0);
    atomic_store(&fail_at, nth);
}

void memory_watch(void (*seen)(long nth))
{
    atomic_store(&watcher, seen);
}

void memory_pause(bool is_paused)
{
    atomic_store(&does_pause, is_paused);
}

long memory_count(void)
{
    return atomic_load(&asked);
}

long memory_live(void)
{
    return atomic_load(&live);
}

static bool is_refused(void)
{
    if (atomic_load(&does_pause))
        return false;
    long number = atomic_fetch_add(&asked, 1) + 1, at = atomic_load(&fail_at);
    void (*seen)(long nth) = atomic_load(&watcher);
    if (seen)
        seen(number);
    if (at == 0 || number < at || (number > at && !atomic_load(&does_stick)))
        return false;
    errno = ENOMEM;
    return true;
}

static void *counted(void *memory)
{
    if (memory)
        atomic_fetch_add(&live, 1);
    return memory;
}

void *malloc(size_t size)
{
    return is_refused() ? NULL : counted(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
    return is_refused() ? NULL : counted(__libc_calloc(count, size));
}

void *realloc(void *old, size_t size)
{
    if (is_refused())
        return NULL;
    void *grown = __libc_realloc(old, size);
    return old ? grown : counted(grown);
}

void *reallocarray(void *old, size_t count, size_t size)
{
    size_t total;
    if (!__builtin_mul_overflow(count, size, &total))
        return realloc(old, total);
    errno = ENOMEM;
    return NULL;
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return is_refused() ? NULL : counted(__libc_memalign(alignment, size));
}

int posix_memalign(void **ret_memory, size_t alignment, size_t size)
{
    void *memory = aligned_alloc(alignment, size);
    if (!memory)
        return ENOMEM;
    *ret_memory = memory;
    return 0;
}

void free(void *memory)
{
    if (memory)
        atomic_fetch_sub(&live, 1);
    __libc_free(memory);
}

static long number_of(const char *name)
{
    const char *text = getenv(name);
    return text ? strtol(text, NULL, 10) : 0;
}

static void __attribute__((constructor)) read_environment(void)
{
    memory_fail_at(number_of("MEMORY_AT"), number_of("MEMORY_STICKS") != 0);
}

static void __attribute__((destructor)) tell_count(void)
{
    const char *path = getenv("MEMORY_COUNT");
    int fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
    if (fd < 0)
        return;
    dprintf(fd, "%ld\n", memory_count());
    close(fd);
}

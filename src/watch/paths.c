// SPDX-License-Identifier: MIT
#include "watch/paths.h"

#include "base/arena.h"
#include "base/hash.h"

#include <assert.h>
#include <stdlib.h>

static uint64_t hash_path(struct str path, enum entry_kind kind)
{
    struct hash hash = hash_of(path);
    uint64_t first;
    memcpy(&first, hash.bytes, sizeof first);
    return first + kind;
}

static void waiting_free(struct waiting *waiting)
{
    if (!waiting)
        return;
    free(waiting->path);
    free(waiting->origin);
    free(waiting->peer);
    free(waiting);
}

void paths_finish(struct paths *paths)
{
    for (size_t i = 0; i < paths->count; i++)
        waiting_free(paths->heap[i]);
    free(paths->heap);
    free(paths->buckets);
    *paths = (struct paths){0};
}

/* --- by name ------------------------------------------------------------------------------- */

static struct waiting **bucket_of(const struct paths *paths, uint64_t hash)
{
    return &paths->buckets[hash & (paths->bucket_count - 1)];
}

static void chain(struct paths *paths, struct waiting *waiting)
{
    struct waiting **bucket = bucket_of(paths, waiting->hash);
    waiting->chain = *bucket;
    *bucket = waiting;
}

static void unchain(struct paths *paths, struct waiting *waiting)
{
    struct waiting **link = bucket_of(paths, waiting->hash);
    while (*link != waiting)
        link = &(*link)->chain;
    *link = waiting->chain;
}

/** Keeps chains short: as many buckets as entries, a power of two. */
static bool grow_buckets(struct paths *paths)
{
    size_t wanted = paths->bucket_count ? paths->bucket_count * 2 : 64;
    struct waiting **buckets = calloc(wanted, sizeof *buckets);
    if (!buckets)
        return false;
    free(paths->buckets);
    paths->buckets = buckets;
    paths->bucket_count = wanted;
    for (size_t i = 0; i < paths->count; i++)
        chain(paths, paths->heap[i]);
    return true;
}

struct waiting *paths_find(const struct paths *paths, struct str path, enum entry_kind kind)
{
    if (!paths->bucket_count)
        return NULL;
    uint64_t hash = hash_path(path, kind);
    struct waiting *at = *bucket_of(paths, hash);
    while (at && !(at->hash == hash && at->kind == kind &&
                   str_equal((struct str){at->path, at->path_length}, path)))
        at = at->chain;
    return at;
}

/* --- by turn ------------------------------------------------------------------------------- */

static void put(struct paths *paths, size_t place, struct waiting *waiting)
{
    paths->heap[place] = waiting;
    waiting->place = place;
}

static void sift_up(struct paths *paths, struct waiting *waiting)
{
    size_t place = waiting->place;
    while (place && paths->heap[(place - 1) / 2]->due_ns > waiting->due_ns) {
        put(paths, place, paths->heap[(place - 1) / 2]);
        place = (place - 1) / 2;
    }
    put(paths, place, waiting);
}

static void sift_down(struct paths *paths, struct waiting *waiting)
{
    size_t place = waiting->place;
    for (;;) {
        size_t child = 2 * place + 1;
        if (child >= paths->count)
            break;
        if (child + 1 < paths->count && paths->heap[child + 1]->due_ns < paths->heap[child]->due_ns)
            child++;
        if (paths->heap[child]->due_ns >= waiting->due_ns)
            break;
        put(paths, place, paths->heap[child]);
        place = child;
    }
    put(paths, place, waiting);
}

void paths_set_due(struct paths *paths, struct waiting *waiting, int64_t due_ns)
{
    bool earlier = due_ns < waiting->due_ns;
    waiting->due_ns = due_ns;
    if (earlier)
        sift_up(paths, waiting);
    else
        sift_down(paths, waiting);
}

struct waiting *paths_first(const struct paths *paths)
{
    return paths->count ? paths->heap[0] : NULL;
}

/* --- both ---------------------------------------------------------------------------------- */

static bool set_path(struct waiting *waiting, struct str path)
{
    char *copy = strndup(path.at, path.length);
    if (!copy)
        return false;
    free(waiting->path);
    waiting->path = copy;
    waiting->path_length = path.length;
    waiting->hash = hash_path(path, waiting->kind);
    return true;
}

struct waiting *paths_add(struct paths *paths, struct str path, enum entry_kind kind,
                          int64_t due_ns)
{
    assert(!paths_find(paths, path, kind));
    if (paths->count == paths->bucket_count && !grow_buckets(paths))
        return NULL;
    if (!array_reserve(&paths->heap, &paths->capacity, paths->count + 1, sizeof *paths->heap))
        return NULL;
    struct waiting *waiting = calloc(1, sizeof *waiting);
    if (!waiting)
        return NULL;
    waiting->kind = kind;
    waiting->due_ns = due_ns;
    waiting->ring = waiting;
    if (!set_path(waiting, path)) {
        waiting_free(waiting);
        return NULL;
    }
    chain(paths, waiting);
    waiting->place = paths->count++;
    sift_up(paths, waiting);
    return waiting;
}

void paths_tie(struct waiting *a, struct waiting *b)
{
    size_t count = 1;
    for (const struct waiting *at = a->ring; at != a; at = at->ring, count++)
        if (at == b)
            return;
    for (const struct waiting *at = b->ring; at != b; at = at->ring)
        count++;
    if (a == b || count >= RING_LIMIT)
        return;
    struct waiting *next = a->ring; /* two rings become one when two of their links cross over */
    a->ring = b->ring;
    b->ring = next;
}

void paths_remove(struct paths *paths, struct waiting *waiting)
{
    struct waiting *before = waiting;
    while (before->ring != waiting)
        before = before->ring;
    before->ring = waiting->ring;
    unchain(paths, waiting);
    struct waiting *last = paths->heap[--paths->count];
    if (last != waiting) {
        put(paths, waiting->place, last);
        sift_up(paths, last);
        sift_down(paths, last);
    }
    waiting_free(waiting);
}

bool paths_rename(struct paths *paths, struct waiting *waiting, struct str path)
{
    assert(!paths_find(paths, path, waiting->kind));
    unchain(paths, waiting);
    bool done = set_path(waiting, path);
    chain(paths, waiting);
    return done;
}

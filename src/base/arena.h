// SPDX-License-Identifier: MIT
/*
 * Memory for one pass: many small pieces, freed together.
 *
 * A piece stays where it is until the arena is reset or finished. When memory runs out the call
 * returns NULL and `failed` stays true until the reset, so a pass may check once at its end where
 * it does not look into the pieces before.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/str.h"

struct arena_block;

struct arena {
    struct arena_block *first;   /* the chain, oldest first */
    struct arena_block *current; /* the one that is being filled */
    size_t used_bytes;           /* handed out since the last reset */
    bool failed;
};

/** The zero value is an empty arena, too. */
void arena_init(struct arena *arena);
void arena_finish(struct arena *arena);
/** Empties it. Memory is kept for the next pass, up to 1 MiB. */
void arena_reset(struct arena *arena);

/** For an arena that is to live long and will hold `size_bytes` (the used_bytes of the same pieces
 *  elsewhere) and hardly more: takes just that from the system, in one block. Only while the arena
 * has no memory yet. */
void arena_fit(struct arena *arena, size_t size_bytes);

/** `size` bytes, zeroed, aligned for any type. NULL when memory is out. */
void *arena_alloc(struct arena *arena, size_t size);
/** `count` zeroed items; an overflow counts as out of memory. */
void *arena_alloc_array(struct arena *arena, size_t count, size_t item_size);
/** A copy with a NUL behind it. The empty text when memory is out (and `failed` is set). */
struct str arena_copy(struct arena *arena, struct str text);
/** A formatted text, NUL-terminated; the empty text when memory is out. */
struct str arena_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** Makes room for `needed` items in an array that lives in the arena (`*items` may be NULL with
 *  `*capacity` 0): the items move to a place twice as big. False when memory is out; the array is
 * as it was then. */
bool arena_reserve(struct arena *arena, void *items, size_t *capacity, size_t needed,
                   size_t item_size);

/** Makes room in a malloc'ed array for `needed` items, growing by half. False when memory is out;
 * the array is as it was then. `*items` may be NULL with `*capacity` 0. */
bool array_reserve(void *items, size_t *capacity, size_t needed, size_t item_size);

#endif

// SPDX-License-Identifier: MIT
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { BLOCK_BYTES = 16 * 1024, KEPT_BYTES = 1024 * 1024 };

struct arena_block {
    struct arena_block *next;
    size_t capacity, used;
    alignas(max_align_t) unsigned char bytes[];
};

void arena_init(struct arena *arena)
{
    *arena = (struct arena){0};
}

void arena_finish(struct arena *arena)
{
    if (!arena)
        return;
    for (struct arena_block *block = arena->first, *next; block; block = next) {
        next = block->next;
        free(block);
    }
    *arena = (struct arena){0};
}

void arena_reset(struct arena *arena)
{
    size_t kept = 0;
    struct arena_block **link = &arena->first;
    while (*link) {
        struct arena_block *block = *link;
        kept += block->capacity;
        if (kept > KEPT_BYTES) {
            *link = block->next;
            kept -= block->capacity;
            free(block);
            continue;
        }
        block->used = 0;
        link = &block->next;
    }
    arena->current = arena->first;
    arena->used_bytes = 0;
    arena->failed = false;
}

/** Links a new block in behind the current one. */
static struct arena_block *add_block(struct arena *arena, size_t capacity)
{
    struct arena_block *current = arena->current;
    if (capacity > SIZE_MAX - sizeof *current)
        return NULL;
    struct arena_block *block = malloc(sizeof *block + capacity);
    if (!block)
        return NULL;
    *block = (struct arena_block){.capacity = capacity};
    if (current) {
        block->next = current->next;
        current->next = block;
    } else {
        block->next = arena->first;
        arena->first = block;
    }
    return arena->current = block;
}

void arena_fit(struct arena *arena, size_t size_bytes)
{
    if (!arena->first && !add_block(arena, size_bytes))
        arena->failed = true;
}

/** The next block with room for `size`: one that a reset kept, or a new one behind the current. */
static struct arena_block *next_block(struct arena *arena, size_t size)
{
    struct arena_block *current = arena->current;
    if (current && current->next && current->next->capacity >= size)
        return arena->current = current->next;
    return add_block(arena, size > BLOCK_BYTES ? size : BLOCK_BYTES);
}

void *arena_alloc(struct arena *arena, size_t size)
{
    const size_t align = alignof(max_align_t);
    if (size > SIZE_MAX - align) {
        arena->failed = true;
        return NULL;
    }
    size = (size + align - 1) & ~(align - 1);
    struct arena_block *block = arena->current;
    if (!block || block->capacity - block->used < size)
        block = next_block(arena, size);
    if (!block) {
        arena->failed = true;
        return NULL;
    }
    void *piece = block->bytes + block->used;
    block->used += size;
    arena->used_bytes += size;
    return memset(piece, 0, size);
}

void *arena_alloc_array(struct arena *arena, size_t count, size_t item_size)
{
    size_t size;
    if (__builtin_mul_overflow(count, item_size, &size)) {
        arena->failed = true;
        return NULL;
    }
    return arena_alloc(arena, size);
}

struct str arena_copy(struct arena *arena, struct str text)
{
    char *copy = text.length < SIZE_MAX ? arena_alloc(arena, text.length + 1) : NULL;
    if (!copy)
        return (struct str){"", 0};
    if (text.length)
        memcpy(copy, text.at, text.length);
    return (struct str){copy, text.length};
}

struct str arena_format(struct arena *arena, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    arena->failed |= length < 0;
    char *text = length >= 0 ? arena_alloc(arena, (size_t)length + 1) : NULL;
    if (text)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text ? (struct str){text, (size_t)length} : (struct str){"", 0};
}

bool arena_reserve(struct arena *arena, void *items, size_t *capacity, size_t needed,
                   size_t item_size)
{
    if (needed <= *capacity)
        return true;
    size_t wanted = needed < 8 ? 8 : needed;
    if (wanted < *capacity * 2)
        wanted = *capacity * 2;
    void *old, *grown = arena_alloc_array(arena, wanted, item_size);
    if (!grown)
        return false;
    memcpy(&old, items, sizeof old); /* any object pointer, whatever it points to */
    if (*capacity)
        memcpy(grown, old, *capacity * item_size);
    memcpy(items, &grown, sizeof grown);
    *capacity = wanted;
    return true;
}

bool array_reserve(void *items, size_t *capacity, size_t needed, size_t item_size)
{
    if (needed <= *capacity)
        return true;
    size_t wanted = *capacity + *capacity / 2 + 8;
    if (wanted < needed)
        wanted = needed;
    void *old;
    memcpy(&old, items, sizeof old); /* any object pointer, whatever it points to */
    void *grown = reallocarray(old, wanted, item_size);
    if (!grown)
        return false;
    memcpy(items, &grown, sizeof grown);
    *capacity = wanted;
    return true;
}

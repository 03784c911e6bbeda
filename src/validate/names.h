// SPDX-License-Identifier: MIT
/*
 * A map from names to things, by name_hash(): open addressing in a table at most half full. What is
 * stored embeds a `struct named` as its first member. Memory comes from an arena, so a map is never
 * freed by itself.
 */
#ifndef VALIDATE_NAMES_H
#define VALIDATE_NAMES_H

#include "model/tape.h"

struct named {
    uint64_t hash;
    struct str name;
};

struct name_slot {
    uint64_t hash;
    const struct named *thing; /* NULL: free */
};

struct name_map {
    struct name_slot *slots;
    uint32_t mask, shift; /* the number of slots less one, and 64 less its logarithm */
    uint32_t count;
};

/** Adds a thing whose `name` is set; fills its hash. A second one of the same name is not added.
 *  False when memory is out or the name was there. */
bool name_map_add(struct name_map *map, struct arena *arena, struct named *thing);

#define NAME_SPREAD UINT64_C(0x9E3779B97F4A7C15)

/* Shorter than 8 bytes a name is its hash, so this is asked for longer ones only. Two words that
 * overlap hold any name up to 16 bytes. */
static inline bool long_names_equal(struct str a, struct str b)
{
    uint64_t left[2], right[2];
    if (a.length != b.length)
        return false;
    if (a.length > sizeof left)
        return memcmp(a.at, b.at, a.length) == 0;
    memcpy(&left[0], a.at, sizeof left[0]);
    memcpy(&left[1], a.at + a.length - sizeof left[1], sizeof left[1]);
    memcpy(&right[0], b.at, sizeof right[0]);
    memcpy(&right[1], b.at + b.length - sizeof right[1], sizeof right[1]);
    return left[0] == right[0] && left[1] == right[1];
}

static inline const struct named *name_map_find(const struct name_map *map, uint64_t hash,
                                                struct str name)
{
    if (!map->count)
        return NULL;
    uint32_t at = (uint32_t)((hash * NAME_SPREAD) >> map->shift);
    for (;; at = (at + 1) & map->mask) {
        const struct name_slot *slot = &map->slots[at];
        if (!slot->thing)
            return NULL;
        if (slot->hash == hash &&
            (name_hash_is_exact(hash) || long_names_equal(slot->thing->name, name)))
            return slot->thing;
    }
}

static inline const struct named *name_map_get(const struct name_map *map, struct str name)
{
    return name_map_find(map, name_hash(name), name);
}

#endif

// SPDX-License-Identifier: MIT
#include "validate/names.h"

static void put(struct name_map *map, const struct named *thing)
{
    uint32_t at = (uint32_t)((thing->hash * NAME_SPREAD) >> map->shift);
    while (map->slots[at].thing)
        at = (at + 1) & map->mask;
    map->slots[at] = (struct name_slot){thing->hash, thing};
}

static bool grow(struct name_map *map, struct arena *arena)
{
    struct name_map larger = {.mask = map->slots ? map->mask * 2 + 1 : 7,
                              .shift = map->slots ? map->shift - 1 : 61,
                              .count = map->count};
    if (larger.mask > UINT32_MAX / 4)
        return false;
    larger.slots = arena_alloc_array(arena, larger.mask + 1, sizeof *larger.slots);
    if (!larger.slots)
        return false;
    for (uint32_t i = 0; map->slots && i <= map->mask; i++)
        if (map->slots[i].thing)
            put(&larger, map->slots[i].thing);
    *map = larger;
    return true;
}

bool name_map_add(struct name_map *map, struct arena *arena, struct named *thing)
{
    thing->hash = name_hash(thing->name);
    if (name_map_find(map, thing->hash, thing->name))
        return false;
    if ((!map->slots || map->count * 2 > map->mask) && !grow(map, arena))
        return false;
    put(map, thing);
    map->count++;
    return true;
}

// SPDX-License-Identifier: MIT
#include "model/lines.h"

/** Where the line after the one at `at` starts, or the text's end. */
static size_t next_line(struct str text, size_t at)
{
    for (; at < text.length; at++) {
        if (text.at[at] == '\n')
            return at + 1;
        if (text.at[at] == '\r')
            return at + 1 < text.length && text.at[at + 1] == '\n' ? at + 2 : at + 1;
    }
    return at;
}

struct line_map line_map_of(struct arena *arena, struct str text)
{
    size_t count = 0;
    for (size_t at = 0; at < text.length; at = next_line(text, at))
        count++;
    uint32_t *starts = arena_alloc_array(arena, count ? count : 1, sizeof *starts);
    if (!starts)
        return (struct line_map){0};
    size_t line = 0;
    for (size_t at = 0; at < text.length; at = next_line(text, at))
        starts[line++] = (uint32_t)at;
    return (struct line_map){starts, (uint32_t)count};
}

uint32_t line_map_line(const struct line_map *map, uint32_t offset)
{
    uint32_t low = 0, high = map->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (map->starts[middle] <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? low : 1;
}

// SPDX-License-Identifier: MIT
/*
 * Which line a byte of a text is on. Lines count from 1 and end at \n, \r\n or a lone \r, as
 * everywhere in Nexus; a text that does not end with a line's end has one line more.
 */
#ifndef MODEL_LINES_H
#define MODEL_LINES_H

#include "base/arena.h"

struct line_map {
    const uint32_t *starts; /* where each line starts; starts[0] is 0 */
    uint32_t count;         /* how many lines; 0 for the empty text */
};

/** Built in the arena; its `failed` tells when memory was out (the map is empty then). */
struct line_map line_map_of(struct arena *arena, struct str text);

/** The line of the byte at `offset`; the last one for an offset behind the text. */
uint32_t line_map_line(const struct line_map *map, uint32_t offset);

#endif

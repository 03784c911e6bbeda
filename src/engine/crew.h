// SPDX-License-Identifier: MIT
/*
 * Work in a row, done ahead of whoever takes it out in the order in which it came.
 *
 * A crew knows nothing of the work but its place: a number below `room`, for the owner's array of
 * slots. Worker threads, one for each further core, start with the first longer row and end with
 * the crew: one piece alone is done by whoever asks for it, without a hop.
 */
#ifndef ENGINE_CREW_H
#define ENGINE_CREW_H

#include <stddef.h>

enum {
    CREW_WORKERS = 8,             /* at most: whoever takes it out cannot keep up with more */
    CREW_HANDS = CREW_WORKERS + 1 /* the owner's, 0, and theirs */
};

struct crew;

/** Does the work at `place`; no two do at the same time with the same `hand`. */
typedef void crew_work(void *context, size_t place, size_t hand);

/** NULL when memory is out. */
struct crew *crew_new(size_t room, crew_work *work, void *context);
/** Waits for what is being done. */
void crew_free(struct crew *crew);

/** How many pieces are in the row. */
size_t crew_count(const struct crew *crew);

/** The place of the `n`-th piece. That of the one behind the last is free, and put into the row by
 * crew_put(); there must be room. */
size_t crew_place(const struct crew *crew, size_t n);
void crew_put(struct crew *crew);

/** Waits for the `n`-th piece, or does it. Its place is the owner's until crew_drop(). */
void crew_wait(struct crew *crew, size_t n);

/** Takes the first `count` pieces, all of them done, out of the row. */
void crew_drop(struct crew *crew, size_t count);

#endif

// SPDX-License-Identifier: MIT
/* A store whose objects have something derived from them. */
#ifndef UNIT_STORE_DERIVED_H
#define UNIT_STORE_DERIVED_H

#include "store/internal.h"

#include "unit/store/fixture.h"

static struct arena arena;

static inline int set_up(void **state)
{
    arena_init(&arena);
    return make_store(state);
}

static inline int tear_down(void **state)
{
    arena_finish(&arena);
    return remove_store(state);
}

/** Derives the note of `source` as the object's content. */
static inline int64_t put_note(const char *path, const char *source, const struct note *note,
                               const struct tape *front)
{
    const struct line_map lines = line_map_of(&arena, str_of(source));
    const struct store_derived derived = {
        .title = STR("A title"),
        .body_property = STR("content"),
        .body = str_of(source),
        .note = note,
        .source = str_of(source),
        .lines = &lines,
        .front = front,
    };
    begin();
    int64_t id = put_object(path, source);
    OK(store_derived_put(store, id, &derived, err));
    commit();
    return id;
}

#endif

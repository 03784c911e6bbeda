// SPDX-License-Identifier: MIT
/*
 * What is met in the vault and cannot be taken in: a name that is not UTF-8, since programs that
 * read the database fail at a row that says it, and a folder that cannot be listed. Each is a
 * problem of the file or folder until somebody looks there and does not meet it any more.
 *
 * Such a name is told in the way it is printed: "caf\xe9.md".
 */
#ifndef ENGINE_OBSTACLES_H
#define ENGINE_OBSTACLES_H

#include "engine/engine.h"
#include "watch/walk.h"

struct obstacle {
    struct str path, message;
};

/** Those of one look. Zeroed is empty. */
struct obstacles {
    struct arena arena; /* owns the rest */
    struct obstacle *items;
    size_t count, capacity;
};

void obstacles_reset(struct obstacles *obstacles);
void obstacles_finish(struct obstacles *obstacles);

/** What a walk says of a WALK_MISNAMED or WALK_UNREADABLE entry. */
enum nexus_status obstacles_meet(struct obstacles *obstacles, const struct walk_entry *entry,
                                 struct nexus_error *err);

/** These, and no others, are at `place` and below it ("": in all of the vault). Writes only what is
 * not known yet. */
enum nexus_status obstacles_settle(struct obstacles *obstacles, const struct engine *engine,
                                   struct str place, struct nexus_error *err);

/** Looks for the file or folder of that name, which is not UTF-8, and settles what is to be told.
 */
enum nexus_status obstacles_look(struct obstacles *obstacles, const struct engine *engine,
                                 struct str name, struct nexus_error *err);

/** The path up to its first name that is not UTF-8; the empty text when all of it is. */
struct str obstacle_name(struct str path);

#endif

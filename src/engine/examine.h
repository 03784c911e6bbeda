// SPDX-License-Identifier: MIT
/* What became of the database's file since it was left. Nothing is changed by looking. */
#ifndef ENGINE_EXAMINE_H
#define ENGINE_EXAMINE_H

#include "engine/engine.h"
#include "engine/watermark.h"
#include "store/backup.h"

#include <sys/types.h>

#define EXAMINED_NAME "vault.sqlite"

enum finding {
    FOUND_AS_LEFT,
    FOUND_SOUND,
    FOUND_OLDER,
    FOUND_OLD_LOG,
    FOUND_MISSING,
    FOUND_DAMAGED,
    FOUND_FOREIGN,
};

struct examination {
    enum finding finding;
    struct watermark watermark;
    struct nexus_error reason; /* of FOUND_DAMAGED */
    struct store_facts facts;  /* of a sound one */
};

enum nexus_status examine(const struct engine *engine, struct examination *found,
                          struct nexus_error *err);
/** The same for one that is known to be sound. */
enum nexus_status examine_sound(const struct engine *engine, struct examination *found,
                                struct nexus_error *err);

/** Whether the name is in `.nexus`, and has so many bytes. */
bool examine_is_there(const struct engine *engine, const char *name, off_t least_bytes);

#endif

// SPDX-License-Identifier: MIT
/* A folder got another name: the rows of what lies below it get their new paths. */
#ifndef ENGINE_RELOCATE_H
#define ENGINE_RELOCATE_H

#include "engine/engine.h"

/** What was known below `from` is below `to` now. In a transaction of its own. */
enum nexus_status relocate_folder(struct engine *engine, struct str from, struct str to,
                                  struct nexus_error *err);

#endif

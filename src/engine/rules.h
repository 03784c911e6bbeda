// SPDX-License-Identifier: MIT
/* The files that say how a vault is read: settings, what is left alone, schemas. */
#ifndef ENGINE_RULES_H
#define ENGINE_RULES_H

#include "engine/engine.h"

/** Whether the path is one of these files, or a folder of them. */
bool rules_have(struct str path);

/** Differs from an earlier one when one of the files was made, changed or removed since. */
struct hash rules_print(const struct engine *engine);

#endif

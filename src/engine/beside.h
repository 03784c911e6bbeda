// SPDX-License-Identifier: MIT
/* The engine's connection for permissions and audit, beside the one that keeps the vault in step:
 * to decide takes no lock, and what was decided is on the disk when it is acknowledged. */
#ifndef ENGINE_BESIDE_H
#define ENGINE_BESIDE_H

#include "engine/engine.h"

/** The engine keeps it, and it stays open until as many have given it back as took it: who takes
 * several steps takes it around them, since to open a database costs reading its whole schema. */
enum nexus_status beside_take(struct engine *engine, struct store **ret_store,
                              struct nexus_error *err);
/** Ends a transaction that was left open. */
void beside_give_back(struct engine *engine);

#endif

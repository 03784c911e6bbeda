// SPDX-License-Identifier: MIT
/* The engine's connection for permissions and audit, beside the one that keeps the vault in step:
 * to decide takes no lock, and what was decided is on the disk when it is acknowledged. */
#ifndef ENGINE_BESIDE_H
#define ENGINE_BESIDE_H

#include "engine/engine.h"

/** The engine keeps it, open until beside_close(), since to open a database costs reading its whole
 * schema; opened again when another database, or one of another shape, is there by now. Who takes
 * several steps takes it around them all, and has the same one throughout. */
enum nexus_status beside_take(struct engine *engine, struct store **ret_store,
                              struct nexus_error *err);
/** Ends a transaction that was left open. */
void beside_give_back(struct engine *engine);
/** Unless somebody has it. */
void beside_close(struct engine *engine);

#endif

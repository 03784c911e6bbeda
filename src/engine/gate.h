// SPDX-License-Identifier: MIT
/* Reading for an audience: the store's gate with the decision of permissions/. */
#ifndef ENGINE_GATE_H
#define ENGINE_GATE_H

#include "store/gate.h"

/** Opens a reader of the vault at `dir` for the audience, who is not the owner. `now_ns` is the
 *  wall clock. */
enum nexus_status engine_gate_open(const char *dir, enum audience audience, int64_t (*now_ns)(void),
                                   struct store_reader **ret_reader, struct nexus_error *err);

#endif

// SPDX-License-Identifier: MIT
/* What a crash left of carrying out writings (carry.h), and leaving nothing for one to leave. */
#ifndef ENGINE_CRASH_H
#define ENGINE_CRASH_H

#include "engine/engine.h"

/** Finishes or takes back what a crash left under way. Where the last program that wrote into files
 * did not come to crash_rest(), what it left beside them is looked for: what is known is removed,
 * and what somebody saved is kept as a conflict. No transaction must be open. */
enum nexus_status crash_mend(struct engine *engine, struct nexus_error *err);

/** The same for what a failure left under way in this program; it reads nothing where none did. */
enum nexus_status crash_finish(struct engine *engine, struct nexus_error *err);

/** Before a program ends: looks at what was displaced without waiting any longer. */
enum nexus_status crash_rest(struct engine *engine, struct nexus_error *err);

#endif

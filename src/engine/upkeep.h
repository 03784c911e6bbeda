// SPDX-License-Identifier: MIT
/* Whether the database still is what Nexus made it: other programs write to it, and some of them to
 * what is not theirs. */
#ifndef ENGINE_UPKEEP_H
#define ENGINE_UPKEEP_H

#include "engine/engine.h"

/** Puts right what others did to triggers, views, tables and the journal mode; where anything was,
 * rows that were changed unseen are found and go into the outbox. `what` (NULL allowed) gets a line
 * for each. NEXUS_ERROR_CHANGED when the database was moved away or replaced: close it, and open
 * the one that is there. No transaction must be open. */
enum nexus_status upkeep_check(struct engine *engine, struct strbuf *what, struct nexus_error *err);

/** After NEXUS_ERROR_CHANGED: lets go of the database; engine_ready() opens the one that is at its
 * place, or makes one. */
void upkeep_let_go(struct engine *engine);

/** What does not need to be kept for ever: old history, tombstones and answered requests. */
enum nexus_status upkeep_expire(struct engine *engine, struct nexus_error *err);

#endif

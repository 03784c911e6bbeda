// SPDX-License-Identifier: MIT
/*
 * The setting 'permissions' is carried out: what its rules share of objects that nobody decided on
 * is written into their rows, where all decisions stand, together with the rule that it was.
 *
 * An object is looked at when it came, moved or changed, and all are when the rules did. As soon as
 * anybody says anything about an object, no rule does any more, wherever it goes.
 */
#ifndef ENGINE_DEFAULTS_H
#define ENGINE_DEFAULTS_H

#include "engine/engine.h"

/** Up to what the feed tells by now. No transaction must be open. */
enum nexus_status defaults_apply(struct engine *engine, struct nexus_error *err);

#endif

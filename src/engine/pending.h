// SPDX-License-Identifier: MIT
#ifndef ENGINE_PENDING_H
#define ENGINE_PENDING_H

#include "engine/engine.h"
#include "nexus/pending.h"

/** As nexus_list_pending(). */
enum nexus_status pending_list(struct engine *engine, nexus_pending_listener *listener,
                               void *context, struct nexus_error *err);
/** As nexus_count_pending(). */
enum nexus_status pending_count(struct engine *engine, struct nexus_pending_counts *ret_counts,
                                struct nexus_error *err);

#endif

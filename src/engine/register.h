// SPDX-License-Identifier: MIT
/* How schemas get into the registry. */
#ifndef ENGINE_REGISTER_H
#define ENGINE_REGISTER_H

#include "engine/registry.h"
#include "store/store.h"

/** Registers what is built in and what lies in `.nexus/schemas/` (a file's name without ".json" is
 * the schema's), where it differs from the table, and then reads the table into `registry`. A file
 * that is no good schema becomes problems at its path; what was registered before under its name
 * stays. Opens its own transaction, and only when there is something to write. */
enum nexus_status register_all(struct store *store, int nexus_fd, int64_t now_ns,
                               struct registry *registry, struct nexus_error *err);

#endif

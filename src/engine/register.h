// SPDX-License-Identifier: MIT
/* How schemas get into the registry. */
#ifndef ENGINE_REGISTER_H
#define ENGINE_REGISTER_H

#include "engine/candidates.h"
#include "engine/registry.h"
#include "engine/rejudge.h"

enum register_option {
    REGISTER_DRY_RUN = 1, /* find out what would be, and take it back */
};

/** Registers what is built in, what lies in `.nexus/schemas/` (a file's name without ".json" is the
 * schema's) and what somebody wrote into the `schemas` table with SQL (schema_edits.h), where it
 * differs from the `schemas` table; judges the objects of what changed; and reads the table into
 * `registry`. A file that is no good schema becomes problems at its path; what was registered
 * before under its name stays. Opens its own transaction, and only when there is something to
 * write. */
enum nexus_status register_all(struct store *store, int nexus_fd, int64_t now_ns,
                               struct registry *registry, struct nexus_error *err);

/** The same for candidates that the caller has added, and judged unless this is to do it; their
 * problems and `is_good` tell what became of them. In a dry run `registry` holds what would be. */
enum nexus_status register_candidates(struct store *store, struct candidates *candidates,
                                      int64_t now_ns, unsigned options, struct registry *registry,
                                      struct rejudgement *rejudgement, struct nexus_error *err);

/** Reads what is registered into `registry`; writes nothing. */
enum nexus_status register_read(struct store *store, struct registry *registry,
                                struct nexus_error *err);

#endif

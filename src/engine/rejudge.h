// SPDX-License-Identifier: MIT
/* What a changed schema means for the objects that are there. */
#ifndef ENGINE_REJUDGE_H
#define ENGINE_REJUDGE_H

#include "engine/registry.h"
#include "store/store.h"

struct rejudgement {
    uint64_t judged, became_invalid; /* objects */
    bool is_needed; /* a schema changed its meaning since the objects were judged */
};

/** Whether a schema in the registry means something else than when its objects were last judged. */
enum nexus_status rejudge_is_needed(struct store *store, const struct registry *registry,
                                    bool *ret_needed, struct nexus_error *err);

/** Inside a transaction: judges the objects of each schema whose meaning changed by the content
 * that is kept of them. A file whose verdict changes, or may change, loses its `is_indexed`, so
 * that the next pass reads it. */
enum nexus_status rejudge_all(struct store *store, const struct registry *registry,
                              struct rejudgement *rejudgement, struct nexus_error *err);

#endif

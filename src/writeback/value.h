// SPDX-License-Identifier: MIT
/* One value of the source becomes a wanted one: compared from the top down, edited at the bottom.
 */
#ifndef WRITEBACK_VALUE_H
#define WRITEBACK_VALUE_H

#include "writeback/children.h"
#include "writeback/yaml_text.h"

/** A patch at work on one wanted value. */
struct job {
    struct patch *patch;
    const struct tape *old; /* the source's */
    const struct tape *wanted;
    struct nexus_error *err;
};

/** Where a value stands. */
struct site {
    uint32_t container; /* its node */
    uint32_t from;      /* behind the key or the child before: what stands there is the value's */
    uint32_t column;    /* of its key or dash, in a block */
    bool is_flow;
};

/** Makes the value at `old` say what the wanted one at `wanted` says. */
enum nexus_status value_patch(const struct job *job, uint32_t old, uint32_t wanted,
                              const struct site *site);

/** The same for the members of an object; a note's body is left out. */
enum nexus_status value_patch_members(const struct job *job, uint32_t old, uint32_t wanted);

/** Writes the wanted value, which is another, over the old one (yaml_value.c). */
enum nexus_status yaml_replace(const struct job *job, uint32_t old, uint32_t wanted,
                               const struct site *site);

/** Refuses when the value at `old` has an anchor that an alias elsewhere uses. */
enum nexus_status yaml_check_anchor(const struct job *job, uint32_t old, const struct site *site);

#endif

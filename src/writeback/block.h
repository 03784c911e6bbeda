// SPDX-License-Identifier: MIT
/* Children on lines of their own: YAML's block collections. */
#ifndef WRITEBACK_BLOCK_H
#define WRITEBACK_BLOCK_H

#include "writeback/children.h"
#include "writeback/yaml_text.h"

/** The column of the collection's keys or dashes. */
uint32_t block_column(const struct patch *patch, const struct splice *splice);

/** How the members of the block mapping at `object` look. */
struct yaml_look block_look(const struct patch *patch, uint32_t object);

/** Makes the edits. Not for what would leave a collection without children, save the root.
 * NEXUS_ERROR_REFUSED where a child shares its line with something else. */
enum nexus_status block_splice(struct patch *patch, const struct splice *splice,
                               struct nexus_error *err);

#endif

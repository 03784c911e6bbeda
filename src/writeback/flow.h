// SPDX-License-Identifier: MIT
/* Children between brackets: JSON, and YAML's flow collections. */
#ifndef WRITEBACK_FLOW_H
#define WRITEBACK_FLOW_H

#include "writeback/children.h"
#include "writeback/json_text.h"

/** Makes the edits. */
void flow_splice(struct patch *patch, const struct splice *splice);

/** How a new child of the collection at `container` would look in JSON. */
struct json_look flow_look(struct patch *patch, uint32_t container);

#endif

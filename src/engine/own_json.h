// SPDX-License-Identifier: MIT
/* The JSON of files that Nexus writes for itself, below `.nexus`. */
#ifndef ENGINE_OWN_JSON_H
#define ENGINE_OWN_JSON_H

#include "base/error.h"
#include "base/str.h"

#include <cJSON.h>

/** The document, to be freed with cJSON_Delete(); NULL with NEXUS_OK when the text is none. cJSON
 * does not say whether it is that or memory that was short: here it is told. */
enum nexus_status own_json_parse(struct str text, cJSON **ret_document, struct nexus_error *err);

#endif

// SPDX-License-Identifier: MIT
/* From a parsed document to the objects it holds: which schema, which layout, which keys, which
 * title. */
#ifndef ENGINE_OBJECTS_H
#define ENGINE_OBJECTS_H

#include "engine/digest.h"

/** Fills `digest->schema` and `digest->objects` from the document on `digest`. Whatever is odd
 * becomes a problem of the document. */
enum nexus_status objects_of_document(struct digest *digest, const struct registry *registry,
                                      struct nexus_error *err);

/** Holds each object against its schema: sets `is_valid`, and tells what is wrong as problems. */
enum nexus_status objects_judge(struct digest *digest, struct nexus_error *err);

#endif

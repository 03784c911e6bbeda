// SPDX-License-Identifier: MIT
/*
 * An object's content with some of its properties set, judged by its schema.
 *
 * What a person typed (NEXUS_VALUE_WORD) is a JSON value where it reads as one and the schema does
 * not mind; where the schema minds it and would take the same word as a text, it is a text. So
 * `title=1984` is a text where titles are texts, and `rating=5` a number where nobody says.
 */
#ifndef ENGINE_COMPOSE_H
#define ENGINE_COMPOSE_H

#include "base/error.h"
#include "base/strbuf.h"
#include "engine/registry.h"
#include "nexus/edit.h"

/** Appends the content to `out`: `before` (a JSON object; empty: a new object) with the values.
 * Other properties keep their text and their order. NEXUS_ERROR_REFUSED with the schema's sentence
 * when it does not accept what comes out; NEXUS_ERROR_ARGUMENT for values that make no sense. */
enum nexus_status compose(const struct registered *schema, struct str before,
                          const struct nexus_value *values, size_t count, struct strbuf *out,
                          struct nexus_error *err);

#endif

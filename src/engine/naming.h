// SPDX-License-Identifier: MIT
/*
 * Where an object that SQL made gets its file: at the path that the row asks for, where that may
 * be, else by the schema's `new_file` pattern.
 *
 * A pattern is a path with placeholders: {title} is the property's text, {title:slug} the same in
 * lower case with dashes between words, {created_at:date} its day (YYYY-MM-DD), today where the
 * object has none. Whatever would not be good in a file's name becomes a dash.
 */
#ifndef ENGINE_NAMING_H
#define ENGINE_NAMING_H

#include "engine/engine.h"
#include "model/tape.h"

/** Whether a file of the vault may be made at `path`, which somebody else chose:
 * NEXUS_ERROR_REFUSED with a sentence for one that is absolute, leads out of the vault, has odd
 * components, is left alone by a rule, or has not the ending of the schema's files. */
enum nexus_status naming_check(const struct engine *engine, const struct registered *schema,
                               struct str path, struct nexus_error *err);

/** A path for a new object by the pattern of its schema: for a collection the collection's file,
 * else one that nobody has. `object` is the object on its tape (root 0). */
enum nexus_status naming_make(const struct engine *engine, const struct registered *schema,
                              const struct tape *object, int64_t now_ns, struct strbuf *out,
                              struct nexus_error *err);

/** Appends what the pattern makes of the object, checked for nothing. */
void naming_expand(struct str pattern, const struct tape *object, int64_t now_ns,
                   struct strbuf *out);

#endif

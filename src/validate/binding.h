// SPDX-License-Identifier: MIT
/* Reads a schema's `x-nexus` keyword and the shape of its typed view. */
#ifndef VALIDATE_BINDING_H
#define VALIDATE_BINDING_H

#include "model/binding.h"
#include "model/problem.h"
#include "model/tape.h"

/** Fills `binding` from a schema document. Texts are copied into `arena`. Whatever makes no sense
 * is an error in `problems` with its place in the schema; unknown keywords inside `x-nexus` are a
 * warning. False when there was an error; `binding` then holds what could be read. */
bool binding_read(const struct tape *schema, struct arena *arena, struct binding *binding,
                  struct problem_list *problems);

#endif

// SPDX-License-Identifier: MIT
/*
 * The only door to PCRE2.
 *
 * Compiled code is shared by all threads and never changed. Code that has been used often is
 * compiled to machine code once, by whichever thread comes first, into a copy of its own that the
 * others find when it is ready. Scratch memory and limits are in the context.
 */
#ifndef VALIDATE_PATTERN_ENGINE_H
#define VALIDATE_PATTERN_ENGINE_H

#include "validate/pattern.h"

struct pattern_engine;

/** `text` is in PCRE2's language, as pattern_translate() writes it. */
enum nexus_status pattern_engine_new(struct str text, struct pattern_engine **ret_engine,
                                     struct nexus_error *err);
void pattern_engine_free(struct pattern_engine *engine);

enum pattern_outcome pattern_engine_match(const struct pattern_engine *engine,
                                          struct pattern_context *context, struct str subject);

#endif

// SPDX-License-Identifier: MIT
#ifndef VALIDATE_PATTERN_TRANSLATE_H
#define VALIDATE_PATTERN_TRANSLATE_H

#include "base/strbuf.h"
#include "validate/pattern_tree.h"

/** Appends what PCRE2 has to be given to match as the tree says. NEXUS_ERROR_INVALID when it cannot
 * be said in PCRE2's language. */
enum nexus_status pattern_translate(const struct pattern_tree *tree, struct strbuf *out,
                                    struct nexus_error *err);

#endif

// SPDX-License-Identifier: MIT
/* The names that \p{…} knows (ECMA-262, tables "Binary Unicode property aliases" and the like). */
#ifndef VALIDATE_PATTERN_PROPERTY_H
#define VALIDATE_PATTERN_PROPERTY_H

#include "base/str.h"

/* In PCRE2's words: \p{<prefix><name>}, or \P when negated. Both texts are static. */
struct property_meaning {
    const char *prefix; /* "", "sc:" or "scx:" */
    const char *name;
    bool negated;
};

/** `text` is what stands in the braces: `Letter`, `Lu`, `gc=Lu`, `Script=Greek`, `Alphabetic`.
 * False when ECMA-262 has no such property; it does not forgive case, blanks or underscores. */
bool pattern_property_find(struct str text, struct property_meaning *meaning);

#endif

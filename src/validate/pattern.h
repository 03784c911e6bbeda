// SPDX-License-Identifier: MIT
/*
 * The regular expressions of JSON Schema: ECMA-262 with the flag "u", searched anywhere in a text.
 *
 * A compiled pattern does not change and may serve any number of threads at once; what changes
 * while matching lives in a context, one for each thread.
 */
#ifndef VALIDATE_PATTERN_H
#define VALIDATE_PATTERN_H

#include "base/str.h"
#include "nexus/error.h"

enum pattern_mode {
    PATTERN_STRICT,  /* ECMA-262, section 22.2.1, with [+UnicodeMode] */
    PATTERN_LENIENT, /* what Annex B.1.2 takes beside it, such as `\-`, is taken with a warning */
};

enum pattern_outcome {
    PATTERN_MATCHES,
    PATTERN_DIFFERS,
    PATTERN_TOO_EXPENSIVE, /* a limit stopped the search: neither of the two is known */
};

struct pattern;
struct pattern_context;

/** Compiles `source`, which need not live on. NULL on failure: NEXUS_ERROR_INVALID for what is not
 * a pattern or is one that cannot be matched here, NEXUS_ERROR_LIMIT for one that is too large. */
struct pattern *pattern_new(struct str source, enum pattern_mode mode, struct nexus_error *err);
void pattern_free(struct pattern *pattern);

/** One line about what is tolerated in a lenient pattern; NULL when it is good ECMA-262. Borrowed.
 */
const char *pattern_warning(const struct pattern *pattern);

/** NULL when memory is out. */
struct pattern_context *pattern_context_new(void);
void pattern_context_free(struct pattern_context *context);

/** Does the pattern match somewhere in `subject`? That is valid UTF-8 and may hold NUL. */
enum pattern_outcome pattern_match(const struct pattern *pattern, struct pattern_context *context,
                                   struct str subject);

/** Is this a regular expression by the letter of ECMA-262 (the format "regex")? Also says yes to
 * the few that pattern_new() cannot match. */
bool pattern_is_valid(struct str source);

#endif

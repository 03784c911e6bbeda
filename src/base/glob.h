// SPDX-License-Identifier: MIT
/*
 * Path patterns, as gitignore(5) has them: `*` and `?` do not cross a slash, `[a-z]` and `[!a]` are
 * classes, `**` as a whole segment stands for any number of folders, `\` takes the next character
 * as it is. Matching is over bytes and backtracks in linear memory; its cost is bounded by the
 * pattern's length times the path's for each `**`.
 */
#ifndef BASE_GLOB_H
#define BASE_GLOB_H

#include "base/str.h"

/** Whether the whole path matches the whole pattern, both relative with '/' between segments. */
bool glob_match(struct str pattern, struct str path);

/** Why the pattern makes no sense (static text), or NULL when it does. */
const char *glob_check(struct str pattern);

#endif

// SPDX-License-Identifier: MIT
/* What makes one text another, line by line, as patch(1) and people read it. */
#ifndef BASE_DIFF_H
#define BASE_DIFF_H

#include "base/strbuf.h"

/** Appends the hunks of a unified diff with three lines around each change; nothing for equal
 * texts. A last line without its line end is marked as diff(1) does. Where so many lines changed
 * that the fewest could not be found quickly, more are shown as changed than need be. */
void diff_add(struct str before, struct str after, struct strbuf *out);

#endif

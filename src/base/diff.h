// SPDX-License-Identifier: MIT
/* What makes one text another, line by line, as patch(1) and people read it; and what two changes
 * of one text make of it together. */
#ifndef BASE_DIFF_H
#define BASE_DIFF_H

#include "base/strbuf.h"

/** Appends the hunks of a unified diff with three lines around each change; nothing for equal
 * texts. A last line without its line end is marked as diff(1) does. Where so many lines changed
 * that the fewest could not be found quickly, more are shown as changed than need be. */
void diff_add(struct str before, struct str after, struct strbuf *out);

enum diff_merged {
    DIFF_MERGED,
    DIFF_OVERLAPS, /* both changed the same lines, or lines that touch: nothing is appended */
};

/** Appends what `base` becomes with the changes of both `a` and `b`. A change that both made is
 * made once. Out of memory is told by `out`. */
enum diff_merged diff_merge(struct str base, struct str a, struct str b, struct strbuf *out);

#endif

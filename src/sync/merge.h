// SPDX-License-Identifier: MIT
/*
 * What an object says that both sides edited, property by property: what only one side changed is
 * that side's, what both changed to the same is that, and of what both changed differently the
 * newer side's stays. A note's body is one property whose lines are merged where both changed
 * different ones.
 *
 * A property is a member of the object itself: what is within it belongs together, and is taken
 * whole. That one goes is a change like any other.
 *
 * Pure, as plan() is.
 */
#ifndef SYNC_MERGE_H
#define SYNC_MERGE_H

#include "model/tape.h"
#include "sync/plan.h"

/** An object on a tape. */
struct merge_object {
    const struct tape *tape;
    uint32_t node;
};

struct merge_input {
    struct merge_object base;
    struct merge_object side[SIDE_COUNT];
    enum side newer;
    struct str body; /* the property that is merged by lines; `at` NULL: none */
};

/** Appends the merged object to `content` as JSON, the file's properties first, and to `lost` what
 * the older side changed in vain: names, separated by ", "; nothing when nothing is lost. Out of
 * memory is told by either. */
void merge(const struct merge_input *input, struct strbuf *content, struct strbuf *lost);

#endif

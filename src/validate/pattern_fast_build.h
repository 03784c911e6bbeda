// SPDX-License-Identifier: MIT
/* What the parts of the builder give each other. */
#ifndef VALIDATE_PATTERN_FAST_BUILD_H
#define VALIDATE_PATTERN_FAST_BUILD_H

#include "validate/pattern_fast.h"

/** The items of all between ^ and $, and which of the two there are. False when the walk has no
 * item for something. */
bool pattern_fast_collect(struct arena *arena, const struct pattern_node *root,
                          struct pattern_fast *fast, struct fast_item **ret_items);

/** May each decision in `items` be made by the next character alone? `to_end`: the text must end
 *  behind them; otherwise anything may follow. Fills the sets in. */
bool pattern_fast_decide(struct arena *arena, struct fast_item *items, bool to_end);

/** Joins what has a fixed length, when all is decided. False when memory is out. */
bool pattern_fast_find_places(struct arena *arena, struct pattern_fast *fast,
                              struct fast_item *items);

/** The set for the walk; NULL when memory is out. */
struct fast_set *pattern_fast_set(struct arena *arena, const struct pattern_set *members);

#endif

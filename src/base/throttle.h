// SPDX-License-Identifier: MIT
/* What happens often is told seldom: the first at once, and what follows within a while summed up.
 */
#ifndef BASE_THROTTLE_H
#define BASE_THROTTLE_H

#include <stdint.h>

/** All zero but for the period: nothing was told yet. */
struct throttle {
    int64_t period_ns;
    int64_t free_at_ns; /* before that nothing is told */
    uint64_t waiting;   /* what happened, and was not told */
};

/** It happened `count` times more (0: only time has passed). How much is to be told now; 0:
 * nothing. Whatever is told is not told again. `now_ns` is of a clock that never jumps. */
uint64_t throttle_take(struct throttle *throttle, uint64_t count, int64_t now_ns);

/** When throttle_take() will have something to tell; INT64_MAX: when something happens. */
int64_t throttle_due_ns(const struct throttle *throttle);

#endif

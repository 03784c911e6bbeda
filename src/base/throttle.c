// SPDX-License-Identifier: MIT
#include "base/throttle.h"

uint64_t throttle_take(struct throttle *throttle, uint64_t count, int64_t now_ns)
{
    throttle->waiting += count;
    if (!throttle->waiting || now_ns < throttle->free_at_ns)
        return 0;
    uint64_t told = throttle->waiting;
    throttle->waiting = 0;
    throttle->free_at_ns = now_ns + throttle->period_ns;
    return told;
}

int64_t throttle_due_ns(const struct throttle *throttle)
{
    return throttle->waiting ? throttle->free_at_ns : INT64_MAX;
}

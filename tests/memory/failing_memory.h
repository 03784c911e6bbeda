// SPDX-License-Identifier: MIT
/* An allocator that can be told to fail, in the place of the C library's. */
#ifndef MEMORY_FAILING_MEMORY_H
#define MEMORY_FAILING_MEMORY_H

#include <stdbool.h>

/** The `nth` allocation from now on fails (0: none), and with `sticks` all after it. Starts
 * counting. */
void memory_fail_at(long nth, bool sticks);

/** How many were asked for since. */
long memory_count(void);

/** How many are not given back. */
long memory_live(void);

#endif

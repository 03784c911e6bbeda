// SPDX-License-Identifier: MIT
/* An allocator that can be told to fail, in the place of the C library's. */
#ifndef MEMORY_FAILING_MEMORY_H
#define MEMORY_FAILING_MEMORY_H

#include <stdbool.h>

/** The `nth` allocation from now on fails (0: none), and with `sticks` all after it. Starts
 * counting. */
void memory_fail_at(long nth, bool sticks);

/** Calls `seen` with the number of each from now on; NULL: no longer. It must not allocate. */
void memory_watch(void (*seen)(long nth));

/** Until it is told otherwise, nothing is counted, and nothing fails. */
void memory_pause(bool is_paused);

/** How many were asked for since. */
long memory_count(void);

/** How many are not given back. */
long memory_live(void);

#endif

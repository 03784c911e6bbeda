// SPDX-License-Identifier: MIT
/* The calls by which files are touched, in the place of the C library's: one of them can be told to
 * fail, or something can happen just before it. For one thread. Nothing is flushed to a disk. */
#ifndef WRITEBACK_FAILING_CALLS_H
#define WRITEBACK_FAILING_CALLS_H

#include <stdbool.h>

struct call_fault {
    long meanwhile_at;       /* before this call, from 1; 0: never … */
    void (*meanwhile)(void); /* … this happens, undisturbed */
    long fail_at;            /* this call fails; 0: none … */
    int error;               /* … with that errno, … */
    bool sticks;             /* … and so do all later ones of the same function */
};

/** Starts counting. NULL: calls are what they are again. */
void calls_disturb(const struct call_fault *fault);

/** Calls `seen`, undisturbed, with the number of each from now on; NULL: no longer. */
void calls_watch(void (*seen)(long nth));

/** Until it is told otherwise, nothing is counted, and nothing happens. */
void calls_pause(bool is_paused);

/** How many there were since. */
long calls_count(void);

/** The function that was called when it failed or something happened; "": that was never. */
const char *calls_met(void);

#endif

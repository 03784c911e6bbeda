// SPDX-License-Identifier: MIT
/*
 * Looks at the paths that are due, and tells of those that are quiet: from pending.h to queue.h.
 */
#ifndef WATCH_TELLER_H
#define WATCH_TELLER_H

#include "watch/pending.h"
#include "watch/queue.h"

struct teller {
    int root_fd; /* borrowed, and so are the next two */
    struct pending *pending;
    struct queue *queue;
    uint64_t batch;
    bool failed; /* memory was out: something was not told */
};

/** Looks at up to some hundred paths and tells of them as one batch. Returns whether more are due
 * and there is room to tell of them. */
bool teller_pass(struct teller *teller, int64_t now_ns);

/** Tells of something at once. */
void teller_say(struct teller *teller, enum nominated kind, struct str path);

#endif

// SPDX-License-Identifier: MIT
/*
 * One round of the watch thread: reads events, lists some folders, looks at what is due, and tells.
 * Portions are small, so that the kernel's queue of events (16,384, a tenth of a second of hard
 * work by others) is read often enough.
 */
#ifndef WATCH_ROUND_H
#define WATCH_ROUND_H

#include "watch/hints.h"
#include "watch/teller.h"

/** When everything is listed again, because events were lost. */
struct relisting {
    bool is_running, is_wanted;
    int64_t due_ns, pause_ns; /* the pause grows while it happens again and again */
};

struct round {
    struct pending pending;
    struct tree tree;
    struct teller teller;
    struct hints hints;
    struct root root;
    struct queue *queue; /* borrowed */
    struct relisting relisting;
    uint64_t flush, hurried, flushed; /* wanted, made due, done */
    uint64_t events, overflows;
    int64_t event_ns; /* when the last event was read */
    int64_t presence_due_ns, remote_due_ns;
    size_t unwatched_told;
    enum root_state root_state;
};

/** Everything below the root is to be listed then. Set before: pending (pending_init()), root
 * (root_open()), queue, and of the tree what its header says. */
enum nexus_status round_init(struct round *round, struct nexus_error *err);
void round_finish(struct round *round);

/** Returns whether there is more to do at once. */
bool round_run(struct round *round, int64_t now_ns);
/** When there is more to do without an event; INT64_MAX: never. */
int64_t round_due(const struct round *round);

#endif

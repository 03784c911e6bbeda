// SPDX-License-Identifier: MIT
/*
 * Nominations on their way from the watch thread to the one that reads them: first in, first out,
 * with a descriptor that is readable while there are any.
 *
 * It is bounded by its writer: queue_has_room() is asked before files are told of, which can wait
 * where they are. What cannot wait (a folder's move) is added all the same.
 */
#ifndef WATCH_QUEUE_H
#define WATCH_QUEUE_H

#include "base/error.h"
#include "model/nomination.h"

enum { QUEUE_ROOM = 1024 };

struct queue;

enum nexus_status queue_new(struct queue **ret_queue, struct nexus_error *err);
void queue_free(struct queue *queue);

/** Readable while there is something to pop. */
int queue_fd(const struct queue *queue);

/** Adds a copy. False when memory is out. */
bool queue_push(struct queue *queue, const struct nomination *nomination);
/** What is pushed from the first call up to the second is to be seen all at once. */
void queue_hold(struct queue *queue);
void queue_release(struct queue *queue);
/** Takes the first one out; borrowed until the next call. `*ret_freed` is true when there is room
 * again for the first time since queue_has_room() said no. */
bool queue_pop(struct queue *queue, struct nomination *nomination, bool *ret_freed);
bool queue_has_room(struct queue *queue);
size_t queue_count(struct queue *queue);

#endif

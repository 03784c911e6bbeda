// SPDX-License-Identifier: MIT
/* As nexus/feed.h. */
#ifndef ENGINE_FEED_H
#define ENGINE_FEED_H

#include "nexus/feed.h"

struct feed;

enum nexus_status feed_open(const char *dir, int64_t since, struct feed **ret_feed,
                            struct nexus_error *err);
void feed_close(struct feed *feed);
enum nexus_status feed_next(struct feed *feed, int wait_ms, struct nexus_change *change,
                            bool *ret_more, struct nexus_error *err);
int feed_fd(const struct feed *feed);

#endif

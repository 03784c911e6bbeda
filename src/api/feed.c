// SPDX-License-Identifier: MIT
#include "engine/feed.h"

#include "base/error.h"

static struct feed *feed_of(struct nexus_feed *feed)
{
    return (struct feed *)(void *)feed;
}

enum nexus_status nexus_feed_open(const char *dir, int64_t since, struct nexus_feed **ret_feed,
                                  struct nexus_error *err)
{
    struct feed *feed;
    if (!dir || !ret_feed)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a folder and a place for the feed are needed");
    TRY(feed_open(dir, since, &feed, err));
    *ret_feed = (struct nexus_feed *)(void *)feed;
    return NEXUS_OK;
}

void nexus_feed_close(struct nexus_feed *feed)
{
    feed_close(feed_of(feed));
}

enum nexus_status nexus_feed_next(struct nexus_feed *feed, int wait_ms, struct nexus_change *change,
                                  bool *ret_more, struct nexus_error *err)
{
    if (!feed || !change || !ret_more)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a feed and places for the change are needed");
    return feed_next(feed_of(feed), wait_ms, change, ret_more, err);
}

int nexus_feed_fd(const struct nexus_feed *feed)
{
    return feed_fd((const struct feed *)(const void *)feed);
}

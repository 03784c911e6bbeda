// SPDX-License-Identifier: MIT
#include "nexus/live.h"

#include "base/error.h"
#include "engine/live.h"

static struct live *live_of(struct nexus_live *live)
{
    return (struct live *)(void *)live;
}

enum nexus_status nexus_live_open(struct nexus_vault *vault, nexus_progress *progress,
                                  void *progress_context, nexus_live_listener *listener,
                                  void *listener_context, struct nexus_live **ret_live,
                                  struct nexus_error *err)
{
    if (!vault || !ret_live)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a vault and a place are needed");
    struct live *live;
    TRY(live_open((struct engine *)(void *)vault, progress, progress_context, listener,
                  listener_context, &live, err));
    *ret_live = (struct nexus_live *)(void *)live;
    return NEXUS_OK;
}

void nexus_live_close(struct nexus_live *live)
{
    live_close(live_of(live));
}

int nexus_live_fd(const struct nexus_live *live)
{
    return live_fd((const struct live *)(const void *)live);
}

enum nexus_status nexus_live_step(struct nexus_live *live, struct nexus_error *err)
{
    return live_step(live_of(live), err);
}

enum nexus_status nexus_live_sync(struct nexus_live *live, unsigned options,
                                  struct nexus_sync_report *report, struct nexus_error *err)
{
    return live_sync(live_of(live), options, report, err);
}

enum nexus_status nexus_live_check(struct nexus_live *live, struct nexus_error *err)
{
    return live_check(live_of(live), err);
}

int nexus_live_check_seconds(const struct nexus_live *live)
{
    return live_check_seconds((const struct live *)(const void *)live);
}

enum nexus_status nexus_live_reload(struct nexus_live *live, struct nexus_error *err)
{
    return live_reload(live_of(live), err);
}

uint64_t nexus_live_flush(struct nexus_live *live)
{
    return live_flush(live_of(live));
}

void nexus_live_status(struct nexus_live *live, struct nexus_live_status *status)
{
    live_status(live_of(live), status);
}

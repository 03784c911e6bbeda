// SPDX-License-Identifier: MIT
#include "nexus/pending.h"

#include "base/error.h"
#include "engine/pending.h"

enum nexus_status nexus_list_pending(struct nexus_vault *vault, nexus_pending_listener *listener,
                                     void *context, struct nexus_error *err)
{
    if (!vault || !listener)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a vault and a function are needed");
    return pending_list((struct engine *)(void *)vault, listener, context, err);
}

enum nexus_status nexus_count_pending(struct nexus_vault *vault,
                                      struct nexus_pending_counts *ret_counts,
                                      struct nexus_error *err)
{
    if (!vault || !ret_counts)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a vault and a place for the counts are needed");
    return pending_count((struct engine *)(void *)vault, ret_counts, err);
}

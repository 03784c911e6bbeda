// SPDX-License-Identifier: MIT
#include "nexus/permission.h"

#include "base/error.h"
#include "base/time.h"
#include "engine/gate.h"

_Static_assert((int)NEXUS_AI == (int)AUDIENCE_AI && (int)NEXUS_CLOUD == (int)AUDIENCE_CLOUD &&
                   (int)NEXUS_OWNER == (int)AUDIENCE_OWNER,
               "the public audiences are those of model/");

const char *nexus_audience_name(enum nexus_audience audience)
{
    return audience_name((enum audience)audience);
}

enum nexus_status nexus_audience_find(const char *name, enum nexus_audience *ret_audience,
                                      struct nexus_error *err)
{
    enum audience audience;
    if (!name || !ret_audience)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a name and a place for the audience are needed");
    if (!audience_of(name, &audience))
        return fail(err, NEXUS_ERROR_ARGUMENT, "'%s' is nobody; there are ai, cloud and owner",
                    name);
    *ret_audience = (enum nexus_audience)audience;
    return NEXUS_OK;
}

enum nexus_status nexus_reader_open_as(const char *dir, enum nexus_audience audience,
                                       struct nexus_reader **ret_reader, struct nexus_error *err)
{
    if (!dir || !ret_reader)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a folder and a place for the reader are needed");
    if (audience == NEXUS_OWNER)
        return nexus_reader_open(dir, ret_reader, err);
    if (audience != NEXUS_AI && audience != NEXUS_CLOUD)
        return fail(err, NEXUS_ERROR_ARGUMENT, "there is no such audience");
    struct store_reader *reader;
    TRY(engine_gate_open(dir, (enum audience)audience, time_now_ns, &reader, err));
    *ret_reader = (struct nexus_reader *)(void *)reader;
    return NEXUS_OK;
}

// SPDX-License-Identifier: MIT
#include "nexus/doctor.h"

#include "base/error.h"
#include "engine/diagnose.h"

enum nexus_status nexus_diagnose(const char *dir, nexus_finding_listener *listener, void *context,
                                 struct nexus_error *err)
{
    if (!dir || !listener)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a folder and somebody to tell are needed");
    return diagnose(dir, listener, context, err);
}

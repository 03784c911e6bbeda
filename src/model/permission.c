// SPDX-License-Identifier: MIT
#include "model/permission.h"

#include <string.h>

static const char *const names[AUDIENCE_COUNT] = {
    [AUDIENCE_OWNER] = "owner",
    [AUDIENCE_AI] = "ai",
    [AUDIENCE_CLOUD] = "cloud",
};

const char *audience_name(enum audience audience)
{
    return (unsigned)audience < AUDIENCE_COUNT ? names[audience] : "unknown";
}

bool audience_of(const char *name, enum audience *ret_audience)
{
    for (int i = 0; i < AUDIENCE_COUNT; i++) {
        if (strcmp(name, names[i]) == 0) {
            *ret_audience = (enum audience)i;
            return true;
        }
    }
    return false;
}

// SPDX-License-Identifier: MIT
#include "permissions/expiry.h"

enum nexus_status expiry_normalise(struct str text, char normal[TIME_TEXT_SIZE],
                                   struct nexus_error *err)
{
    int64_t time_ns;
    if (!time_parse(text, &time_ns))
        return fail(err, NEXUS_ERROR_ARGUMENT,
                    "'%.*s' is no date and time with its zone, such as 2026-01-15T10:30:00Z or "
                    "2026-01-15T12:30:00+02:00",
                    STR_ARG(text));
    time_format(time_ns, normal);
    return NEXUS_OK;
}

// SPDX-License-Identifier: MIT
/*
 * Who may see what. Nothing is shared with an AI or a cloud unless the owner said so for this very
 * object, and only until the end that was set.
 */
#ifndef NEXUS_PERMISSION_H
#define NEXUS_PERMISSION_H

#include "nexus/query.h"

#ifdef __cplusplus
extern "C" {
#endif

enum nexus_audience {
    NEXUS_OWNER, /* sees everything */
    NEXUS_AI,
    NEXUS_CLOUD,
};

/** "owner", "ai", "cloud". Static text. */
NEXUS_API const char *nexus_audience_name(enum nexus_audience audience);
/** NEXUS_ERROR_ARGUMENT when no audience is called so. */
NEXUS_API enum nexus_status nexus_audience_find(const char *name, enum nexus_audience *ret_audience,
                                                struct nexus_error *err);

/** Opens a reader that sees what is shared with the audience, under the names of the public tables
 *  and views, and nothing else: what is hidden looks like what is not there, in rows, counts,
 * links, search, and errors. Expiry is judged when a statement starts; rows that are open at the
 * same time are of one moment. Each statement is recorded in `audit_log` before its first row: if
 * that is impossible, nothing is handed out. */
NEXUS_API enum nexus_status nexus_reader_open_as(const char *dir, enum nexus_audience audience,
                                                 struct nexus_reader **ret_reader,
                                                 struct nexus_error *err);

#ifdef __cplusplus
}
#endif
#endif

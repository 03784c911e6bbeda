// SPDX-License-Identifier: MIT
/*
 * Who may see what. Nothing is shared with an AI or a cloud unless the owner said so for this very
 * object, and only until the end that was set.
 */
#ifndef NEXUS_PERMISSION_H
#define NEXUS_PERMISSION_H

#include "nexus/query.h"
#include "nexus/vault.h"

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

enum nexus_grant { NEXUS_KEEP, NEXUS_OFF, NEXUS_ON };

/** What is to be changed; the zero value changes nothing. */
struct nexus_permission_change {
    enum nexus_grant share_with_ai, share_with_cloud, read_only;
    const char *expires_at; /* RFC 3339 with its zone; "": never; NULL: as it is */
};

/** Changes the permissions of all these objects, or of none: told in `changes`, recorded in
 *  `audit_log`, and on the disk when the call returns, also while another program follows the
 * vault.
 *  `*ret_changed` (NULL allowed): how many were not so already. */
NEXUS_API enum nexus_status nexus_permit(struct nexus_vault *vault, const int64_t *object_ids,
                                         size_t count, const struct nexus_permission_change *change,
                                         size_t *ret_changed, struct nexus_error *err);

/** What is shared now. */
struct nexus_permission_stats {
    uint64_t total; /* objects */
    uint64_t shared_with_ai, shared_with_cloud;
    uint64_t read_only;
    uint64_t expiring; /* shared until some day */
};
NEXUS_API enum nexus_status nexus_permission_stats(struct nexus_reader *reader,
                                                   struct nexus_permission_stats *ret_stats,
                                                   struct nexus_error *err);

/** Records in `audit_log` what was changed with SQL since the last time, by nobody knows whom. A
 * pass (nexus_sync) does it, too. */
NEXUS_API enum nexus_status nexus_permission_take_edits(struct nexus_vault *vault,
                                                        size_t *ret_taken, struct nexus_error *err);

/** When the next sharing ends, in nanoseconds since 1970; INT64_MAX: none does. */
NEXUS_API enum nexus_status nexus_permission_next_expiry(struct nexus_vault *vault,
                                                         int64_t *ret_at_ns,
                                                         struct nexus_error *err);
/** Takes back what has ended by now. Nobody sees it any more in any case; this makes it last, tells
 *  and records it. */
NEXUS_API enum nexus_status nexus_permission_expire(struct nexus_vault *vault, size_t *ret_expired,
                                                    struct nexus_error *err);

/** The latest time that was ever seen, in nanoseconds since 1970; 0: none was; INT64_MAX: what is
 *  kept of it cannot be read. What ends before it has ended, also when the clock is set back. */
NEXUS_API enum nexus_status nexus_permission_clock(struct nexus_vault *vault,
                                                   int64_t *ret_latest_ns, struct nexus_error *err);
/** Takes the clock's time for true: it was wrong whenever it was later. What ended meanwhile and
 *  was taken back stays so. Recorded in `audit_log`. `*ret_changed` (NULL allowed): it had been. */
NEXUS_API enum nexus_status nexus_permission_trust_clock(struct nexus_vault *vault,
                                                         bool *ret_changed,
                                                         struct nexus_error *err);

#ifdef __cplusplus
}
#endif
#endif

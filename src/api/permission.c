// SPDX-License-Identifier: MIT
#include "nexus/permission.h"

#include "base/error.h"
#include "base/time.h"
#include "engine/gate.h"
#include "engine/permit.h"
#include "permissions/expiry.h"

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

static struct engine *engine_of(struct nexus_vault *vault)
{
    return (struct engine *)(void *)vault;
}

static enum permission_wish wish_of(enum nexus_grant grant)
{
    return grant == NEXUS_ON ? WISH_ON : grant == NEXUS_OFF ? WISH_OFF : WISH_KEEP;
}

enum nexus_status nexus_permit(struct nexus_vault *vault, const int64_t *object_ids, size_t count,
                               const struct nexus_permission_change *change, size_t *ret_changed,
                               struct nexus_error *err)
{
    if (!vault || (!object_ids && count) || !change)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a vault, objects and a change are needed");
    char end[TIME_TEXT_SIZE];
    size_t changed;
    struct permission_change wanted = {
        .share_with_ai = wish_of(change->share_with_ai),
        .share_with_cloud = wish_of(change->share_with_cloud),
        .read_only = wish_of(change->read_only),
    };
    if (change->expires_at && !*change->expires_at) {
        wanted.expires = WISH_OFF;
    } else if (change->expires_at) {
        TRY(expiry_normalise(str_of(change->expires_at), end, err));
        wanted.expires = WISH_ON;
        wanted.expires_at = str_of(end);
    }
    TRY(engine_permit(engine_of(vault), object_ids, count, &wanted, &changed, err));
    if (ret_changed)
        *ret_changed = changed;
    return NEXUS_OK;
}

enum nexus_status nexus_permission_stats(struct nexus_reader *reader,
                                         struct nexus_permission_stats *ret_stats,
                                         struct nexus_error *err)
{
    if (!reader || !ret_stats)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a reader and a place for the numbers are needed");
    struct nexus_rows *rows;
    bool more;
    TRY(nexus_query(reader,
                    "SELECT total, shared_with_ai, shared_with_cloud, read_only, expiring"
                    "  FROM permission_stats",
                    &rows, err));
    enum nexus_status status = nexus_rows_next(rows, &more, err);
    if (status == NEXUS_OK)
        *ret_stats = (struct nexus_permission_stats){
            .total = (uint64_t)nexus_rows_integer(rows, 0),
            .shared_with_ai = (uint64_t)nexus_rows_integer(rows, 1),
            .shared_with_cloud = (uint64_t)nexus_rows_integer(rows, 2),
            .read_only = (uint64_t)nexus_rows_integer(rows, 3),
            .expiring = (uint64_t)nexus_rows_integer(rows, 4),
        };
    nexus_rows_close(rows);
    return status;
}

enum nexus_status nexus_permission_next_expiry(struct nexus_vault *vault, int64_t *ret_at_ns,
                                               struct nexus_error *err)
{
    if (!vault || !ret_at_ns)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a vault and a place for the time are needed");
    return engine_next_expiry(engine_of(vault), ret_at_ns, err);
}

enum nexus_status nexus_permission_expire(struct nexus_vault *vault, size_t *ret_expired,
                                          struct nexus_error *err)
{
    size_t expired;
    if (!vault)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a vault is needed");
    TRY(engine_expire(engine_of(vault), &expired, err));
    if (ret_expired)
        *ret_expired = expired;
    return NEXUS_OK;
}

enum nexus_status nexus_permission_take_edits(struct nexus_vault *vault, size_t *ret_taken,
                                              struct nexus_error *err)
{
    size_t taken;
    if (!vault)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a vault is needed");
    TRY(engine_take_permission_edits(engine_of(vault), &taken, err));
    if (ret_taken)
        *ret_taken = taken;
    return NEXUS_OK;
}

enum nexus_status nexus_permission_clock(struct nexus_vault *vault, int64_t *ret_latest_ns,
                                         struct nexus_error *err)
{
    if (!vault || !ret_latest_ns)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a vault and a place for the time are needed");
    return engine_clock(engine_of(vault), ret_latest_ns, err);
}

enum nexus_status nexus_permission_trust_clock(struct nexus_vault *vault, bool *ret_changed,
                                               struct nexus_error *err)
{
    bool changed;
    if (!vault)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a vault is needed");
    TRY(engine_trust_clock(engine_of(vault), &changed, err));
    if (ret_changed)
        *ret_changed = changed;
    return NEXUS_OK;
}

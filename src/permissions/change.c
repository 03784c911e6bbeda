// SPDX-License-Identifier: MIT
#include "permissions/change.h"

#include "base/time.h"

static enum permission_flag wished(enum permission_flag flag, enum permission_wish wish)
{
    switch (wish) {
    case WISH_OFF: return FLAG_NO;
    case WISH_ON: return FLAG_YES;
    case WISH_KEEP: break;
    }
    return flag;
}

struct permission permission_apply(const struct permission *row,
                                   const struct permission_change *change)
{
    struct permission after = {
        .share_with_ai = wished(row->share_with_ai, change->share_with_ai),
        .share_with_cloud = wished(row->share_with_cloud, change->share_with_cloud),
        .read_only = wished(row->read_only, change->read_only),
        .expires_at = row->expires_at,
    };
    if (change->expires == WISH_ON)
        after.expires_at = change->expires_at;
    if (change->expires == WISH_OFF)
        after.expires_at = (struct str){NULL, 0};
    return after;
}

bool permission_equal(const struct permission *a, const struct permission *b)
{
    return a->share_with_ai == b->share_with_ai && a->share_with_cloud == b->share_with_cloud &&
           a->read_only == b->read_only && !a->expires_at.at == !b->expires_at.at &&
           str_equal(a->expires_at, b->expires_at);
}

/** Up to when it is shared: INT64_MIN if it is not at all. */
static int64_t shared_until(const struct permission *row, enum permission_flag flag)
{
    int64_t end_ns;
    if (flag != FLAG_YES)
        return INT64_MIN;
    if (!row->expires_at.at)
        return INT64_MAX;
    return time_parse(row->expires_at, &end_ns) ? end_ns : INT64_MIN;
}

static enum permission_effect compare(int64_t before, int64_t after)
{
    return after > before ? EFFECT_LOOSER : after < before ? EFFECT_STRICTER : EFFECT_NONE;
}

enum permission_effect permission_compare(const struct permission *before,
                                          const struct permission *after)
{
    int effect = (int)compare(shared_until(before, before->share_with_ai),
                              shared_until(after, after->share_with_ai));
    effect |= (int)compare(shared_until(before, before->share_with_cloud),
                           shared_until(after, after->share_with_cloud));
    effect |= (int)compare(before->read_only == FLAG_NO, after->read_only == FLAG_NO);
    return (enum permission_effect)effect;
}

const char *permission_effect_name(enum permission_effect effect)
{
    switch (effect) {
    case EFFECT_NONE: return "none";
    case EFFECT_STRICTER: return "stricter";
    case EFFECT_LOOSER: return "looser";
    case EFFECT_BOTH: return "both";
    }
    return "";
}

static enum permission_flag both(enum permission_flag a, enum permission_flag b)
{
    return a == FLAG_YES && b == FLAG_YES ? FLAG_YES : FLAG_NO;
}

struct permission permission_stricter(const struct permission *a, const struct permission *b)
{
    bool is_first =
        !b->expires_at.at || (a->expires_at.at && str_compare(a->expires_at, b->expires_at) <= 0);
    return (struct permission){
        .share_with_ai = both(a->share_with_ai, b->share_with_ai),
        .share_with_cloud = both(a->share_with_cloud, b->share_with_cloud),
        .read_only = a->read_only == FLAG_NO && b->read_only == FLAG_NO ? FLAG_NO : FLAG_YES,
        .expires_at = is_first ? a->expires_at : b->expires_at,
    };
}

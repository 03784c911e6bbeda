// SPDX-License-Identifier: MIT
/* What somebody wants changed in a permission, and what that means to others. Pure. */
#ifndef PERMISSIONS_CHANGE_H
#define PERMISSIONS_CHANGE_H

#include "model/permission.h"

enum permission_wish { WISH_KEEP, WISH_OFF, WISH_ON };

struct permission_change {
    enum permission_wish share_with_ai, share_with_cloud, read_only;
    enum permission_wish expires; /* off: never */
    struct str expires_at;        /* as it is kept; for on */
};

struct permission permission_apply(const struct permission *row,
                                   const struct permission_change *change);

bool permission_equal(const struct permission *a, const struct permission *b);

/** What both allow, and no more. A time is as it is kept: UTC, so that the earlier sorts first. */
struct permission permission_stricter(const struct permission *a, const struct permission *b);

enum permission_effect {
    EFFECT_NONE = 0,     /* nobody may do more or less than before */
    EFFECT_STRICTER = 1, /* somebody may do less */
    EFFECT_LOOSER = 2,   /* somebody may do more */
    EFFECT_BOTH = EFFECT_STRICTER | EFFECT_LOOSER,
};

enum permission_effect permission_compare(const struct permission *before,
                                          const struct permission *after);

/** "looser", "stricter", "both", "none". Static. */
const char *permission_effect_name(enum permission_effect effect);

#endif

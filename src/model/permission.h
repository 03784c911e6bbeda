// SPDX-License-Identifier: MIT
/* Who may see an object, as a row of object_permissions says it. Anybody may have written that row,
 * so a flag can be something else than yes and no, and a time no time at all. */
#ifndef MODEL_PERMISSION_H
#define MODEL_PERMISSION_H

#include "base/str.h"

enum audience {
    AUDIENCE_OWNER, /* the person whose vault it is */
    AUDIENCE_AI,
    AUDIENCE_CLOUD,
};
enum { AUDIENCE_COUNT = AUDIENCE_CLOUD + 1 };

enum permission_flag {
    FLAG_MALFORMED, /* neither 0 nor 1, or not known */
    FLAG_NO,
    FLAG_YES,
};

struct permission {
    enum permission_flag share_with_ai, share_with_cloud, read_only;
    struct str expires_at; /* RFC 3339; `at` NULL: never */
};

/** "owner", "ai", "cloud". Static. */
const char *audience_name(enum audience audience);
/** False when no audience is called so. */
bool audience_of(const char *name, enum audience *ret_audience);

#endif

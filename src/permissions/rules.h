// SPDX-License-Identifier: MIT
/*
 * What is shared of objects that nobody decided on, by rules of the settings. Pure.
 *
 * The strictest rule wins, whatever its place: where one says yes and another no, it is no. Without
 * a rule that says anything it is no, too.
 */
#ifndef PERMISSIONS_RULES_H
#define PERMISSIONS_RULES_H

#include "permissions/change.h"

/** All that is given must hold; `at` NULL: it is not asked for. */
struct default_rule {
    struct str path;                                      /* a pattern, see base/glob.h */
    struct str tag;                                       /* folded; also for the tags below it */
    struct str schema;                                    /* a name */
    enum permission_wish share_with_ai, share_with_cloud; /* keep: it says nothing about it */
};

struct default_subject {
    struct str path, schema;
    const struct str *tags; /* folded */
    size_t tag_count;
};

struct default_answer {
    bool share_with_ai, share_with_cloud;
    size_t ai_rule, cloud_rule; /* that decided; RULE_NONE: none said anything */
};
#define RULE_NONE ((size_t)-1)

struct default_answer default_decide(const struct default_rule *rules, size_t count,
                                     const struct default_subject *subject);

#endif

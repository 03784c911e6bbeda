// SPDX-License-Identifier: MIT
#include "permissions/rules.h"

#include "base/glob.h"

static bool is_at_or_below(struct str tag, struct str wanted)
{
    return str_starts_with(tag, wanted) &&
           (tag.length == wanted.length || tag.at[wanted.length] == '/');
}

static bool has_tag(const struct default_subject *subject, struct str wanted)
{
    for (size_t i = 0; i < subject->tag_count; i++)
        if (is_at_or_below(subject->tags[i], wanted))
            return true;
    return false;
}

static bool matches(const struct default_rule *rule, const struct default_subject *subject)
{
    return (!rule->path.at || glob_match(rule->path, subject->path)) &&
           (!rule->schema.at || str_equal(rule->schema, subject->schema)) &&
           (!rule->tag.at || has_tag(subject, rule->tag));
}

/** The first yes decides until a no comes. */
static void take(enum permission_wish wish, size_t rule, bool *shares, size_t *decided_by)
{
    bool is_no = wish == WISH_OFF && (*shares || *decided_by == RULE_NONE);
    bool is_yes = wish == WISH_ON && *decided_by == RULE_NONE;
    if (!is_no && !is_yes)
        return;
    *shares = is_yes;
    *decided_by = rule;
}

struct default_answer default_decide(const struct default_rule *rules, size_t count,
                                     const struct default_subject *subject)
{
    struct default_answer answer = {.ai_rule = RULE_NONE, .cloud_rule = RULE_NONE};
    for (size_t i = 0; i < count; i++) {
        if (!matches(&rules[i], subject))
            continue;
        take(rules[i].share_with_ai, i, &answer.share_with_ai, &answer.ai_rule);
        take(rules[i].share_with_cloud, i, &answer.share_with_cloud, &answer.cloud_rule);
    }
    return answer;
}

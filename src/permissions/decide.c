// SPDX-License-Identifier: MIT
#include "permissions/decide.h"

#include "base/time.h"

static struct permission_answer yes(enum permission_rule rule)
{
    return (struct permission_answer){.is_allowed = true, .rule = rule};
}

static struct permission_answer no(enum permission_rule rule)
{
    return (struct permission_answer){.is_allowed = false, .rule = rule};
}

static struct permission_answer decide_for_owner(const struct permission_question *question)
{
    if (question->what == PERMISSION_READ || !question->row)
        return yes(RULE_OWNER);
    switch (question->row->read_only) {
    case FLAG_NO: return yes(RULE_OWNER);
    case FLAG_YES: return no(RULE_READ_ONLY);
    case FLAG_MALFORMED: break;
    }
    return no(RULE_MALFORMED);
}

/** What is shared, judged by its end. The end itself is not shared any more. */
static struct permission_answer decide_by_time(const struct permission_question *question)
{
    struct str expires_at = question->row->expires_at;
    int64_t end_ns;
    if (!expires_at.at)
        return yes(RULE_SHARED);
    if (!time_parse(expires_at, &end_ns))
        return no(RULE_MALFORMED);
    if (question->now_ns >= end_ns || question->clock_mark_ns >= end_ns)
        return no(RULE_EXPIRED);
    return yes(RULE_SHARED_UNTIL);
}

static struct permission_answer decide_by_flag(const struct permission_question *question,
                                               enum permission_flag flag)
{
    switch (flag) {
    case FLAG_YES: return decide_by_time(question);
    case FLAG_NO: return no(RULE_NOT_SHARED);
    case FLAG_MALFORMED: break;
    }
    return no(RULE_MALFORMED);
}

struct permission_answer permission_decide(const struct permission_question *question)
{
    if (question->what != PERMISSION_READ && question->what != PERMISSION_WRITE)
        return no(RULE_UNKNOWN);
    if (question->who == AUDIENCE_OWNER)
        return decide_for_owner(question);
    if (question->who != AUDIENCE_AI && question->who != AUDIENCE_CLOUD)
        return no(RULE_UNKNOWN);
    if (question->what == PERMISSION_WRITE)
        return no(RULE_NO_WRITING);
    if (!question->row)
        return no(RULE_MISSING);
    return decide_by_flag(question, question->who == AUDIENCE_AI ? question->row->share_with_ai
                                                                 : question->row->share_with_cloud);
}

const char *permission_rule_name(enum permission_rule rule)
{
    static const char *const names[PERMISSION_RULE_COUNT] = {
        [RULE_UNKNOWN] = "unknown",       [RULE_OWNER] = "owner",
        [RULE_READ_ONLY] = "read-only",   [RULE_SHARED] = "shared",
        [RULE_NOT_SHARED] = "not-shared", [RULE_SHARED_UNTIL] = "shared-until",
        [RULE_EXPIRED] = "expired",       [RULE_MISSING] = "missing",
        [RULE_MALFORMED] = "malformed",   [RULE_NO_WRITING] = "no-writing",
    };
    return (unsigned)rule < PERMISSION_RULE_COUNT ? names[rule] : "";
}

// SPDX-License-Identifier: MIT
/* Every rule of who may do what, one line a fact. */
#include "permissions/decide.h"

#include "base/time.h"
#include "unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { Y = FLAG_YES, N = FLAG_NO, BAD = FLAG_MALFORMED };
enum { READ = PERMISSION_READ, WRITE = PERMISSION_WRITE };
enum { OWNER = AUDIENCE_OWNER, AI = AUDIENCE_AI, CLOUD = AUDIENCE_CLOUD };

#define NOW "2026-01-15T10:30:00.000Z"

/* Asked at NOW with a clock that was never later. */
static const struct {
    int who, what;
    int ai, cloud, read_only;
    const char *expires_at;
    bool is_allowed;
    enum permission_rule rule;
} facts[] = {
    {AI, READ, N, N, N, NULL, false, RULE_NOT_SHARED},
    {AI, READ, Y, N, N, NULL, true, RULE_SHARED},
    {AI, READ, N, Y, N, NULL, false, RULE_NOT_SHARED},
    {AI, READ, Y, Y, Y, NULL, true, RULE_SHARED},
    {AI, READ, BAD, Y, N, NULL, false, RULE_MALFORMED},
    {AI, READ, Y, BAD, BAD, NULL, true, RULE_SHARED},
    {CLOUD, READ, N, N, N, NULL, false, RULE_NOT_SHARED},
    {CLOUD, READ, Y, N, N, NULL, false, RULE_NOT_SHARED},
    {CLOUD, READ, N, Y, N, NULL, true, RULE_SHARED},
    {CLOUD, READ, Y, BAD, N, NULL, false, RULE_MALFORMED},

    {AI, READ, Y, N, N, "2026-01-15T10:30:00.001Z", true, RULE_SHARED_UNTIL},
    {AI, READ, Y, N, N, "2026-01-15T10:30:00.000Z", false, RULE_EXPIRED},
    {AI, READ, Y, N, N, "2026-01-15T10:29:59.999Z", false, RULE_EXPIRED},
    {AI, READ, Y, N, N, "2026-01-15T12:30:00.001+02:00", true, RULE_SHARED_UNTIL},
    {AI, READ, Y, N, N, "2026-01-15T12:30:00+02:00", false, RULE_EXPIRED},
    {AI, READ, N, N, N, "2027-01-15T10:30:00.000Z", false, RULE_NOT_SHARED},
    {AI, READ, Y, N, N, "", false, RULE_MALFORMED},
    {AI, READ, Y, N, N, "never", false, RULE_MALFORMED},
    {AI, READ, Y, N, N, "2099-01-01", false, RULE_MALFORMED},
    {AI, READ, Y, N, N, "2099-01-01T00:00:00", false, RULE_MALFORMED},
    {AI, READ, Y, N, N, "2099-02-30T00:00:00Z", false, RULE_MALFORMED},
    {AI, READ, Y, N, N, "9999-01-01T00:00:00Z", false, RULE_MALFORMED}, /* beyond what counts */

    {AI, WRITE, Y, Y, N, NULL, false, RULE_NO_WRITING},
    {CLOUD, WRITE, Y, Y, N, NULL, false, RULE_NO_WRITING},

    {OWNER, READ, N, N, Y, NULL, true, RULE_OWNER},
    {OWNER, READ, BAD, BAD, BAD, "x", true, RULE_OWNER},
    {OWNER, WRITE, N, N, N, NULL, true, RULE_OWNER},
    {OWNER, WRITE, N, N, N, "2020-01-01T00:00:00Z", true, RULE_OWNER},
    {OWNER, WRITE, N, N, Y, NULL, false, RULE_READ_ONLY},
    {OWNER, WRITE, N, N, BAD, NULL, false, RULE_MALFORMED},

    {AUDIENCE_COUNT, READ, Y, Y, N, NULL, false, RULE_UNKNOWN},
    {-1, READ, Y, Y, N, NULL, false, RULE_UNKNOWN},
    {AI, PERMISSION_WRITE + 1, Y, Y, N, NULL, false, RULE_UNKNOWN},
    {OWNER, PERMISSION_WRITE + 1, Y, Y, N, NULL, false, RULE_UNKNOWN},
    {AI, READ, 7, N, N, NULL, false, RULE_MALFORMED},
    {OWNER, WRITE, N, N, 7, NULL, false, RULE_MALFORMED},
};

static int64_t now_ns(void)
{
    int64_t now = 0;
    assert_true(time_parse(STR(NOW), &now));
    return now;
}

static void each_fact_is_decided_by_its_rule(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(facts); i++) {
        const struct permission row = {
            .share_with_ai = (enum permission_flag)facts[i].ai,
            .share_with_cloud = (enum permission_flag)facts[i].cloud,
            .read_only = (enum permission_flag)facts[i].read_only,
            .expires_at = facts[i].expires_at ? str_of(facts[i].expires_at) : (struct str){NULL, 0},
        };
        const struct permission_question question = {
            .who = (enum audience)facts[i].who,
            .what = (enum permission_action)facts[i].what,
            .row = &row,
            .now_ns = now_ns(),
        };
        struct permission_answer answer = permission_decide(&question);
        if (answer.is_allowed != facts[i].is_allowed || answer.rule != facts[i].rule)
            fail_msg("line %zu: %s by %s", i, answer.is_allowed ? "yes" : "no",
                     permission_rule_name(answer.rule));
    }
}

static void without_a_row_nothing_is_shared(void **state)
{
    (void)state;
    static const struct {
        int who, what;
        bool is_allowed;
        enum permission_rule rule;
    } missing[] = {
        {AI, READ, false, RULE_MISSING},     {CLOUD, READ, false, RULE_MISSING},
        {AI, WRITE, false, RULE_NO_WRITING}, {OWNER, READ, true, RULE_OWNER},
        {OWNER, WRITE, true, RULE_OWNER},    {99, READ, false, RULE_UNKNOWN},
    };
    for (size_t i = 0; i < COUNT(missing); i++) {
        const struct permission_question question = {
            .who = (enum audience)missing[i].who, .what = (enum permission_action)missing[i].what};
        struct permission_answer answer = permission_decide(&question);
        assert_int_equal(answer.is_allowed, missing[i].is_allowed);
        assert_int_equal(answer.rule, missing[i].rule);
    }
}

static void a_clock_set_back_revives_nothing(void **state)
{
    (void)state;
    const struct permission row = {.share_with_ai = FLAG_YES, .expires_at = STR(NOW)};
    struct permission_question question = {.who = AUDIENCE_AI, .row = &row};
    question.now_ns = now_ns() - NS_PER_S;
    question.clock_mark_ns = now_ns() - 1;
    assert_int_equal(permission_decide(&question).rule, RULE_SHARED_UNTIL);
    question.clock_mark_ns = now_ns();
    assert_int_equal(permission_decide(&question).rule, RULE_EXPIRED);
    question.clock_mark_ns = INT64_MAX; /* of a mark that cannot be read */
    assert_int_equal(permission_decide(&question).rule, RULE_EXPIRED);
}

static void each_rule_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < PERMISSION_RULE_COUNT; i++) {
        assert_true(*permission_rule_name((enum permission_rule)i));
        for (int k = 0; k < i; k++)
            assert_string_not_equal(permission_rule_name((enum permission_rule)i),
                                    permission_rule_name((enum permission_rule)k));
    }
    assert_string_equal(permission_rule_name((enum permission_rule)PERMISSION_RULE_COUNT), "");
}

static void audiences_have_names(void **state)
{
    (void)state;
    for (int i = 0; i < AUDIENCE_COUNT; i++) {
        enum audience audience;
        assert_true(audience_of(audience_name((enum audience)i), &audience));
        assert_int_equal(audience, i);
    }
    enum audience audience = AUDIENCE_AI;
    assert_false(audience_of("AI", &audience));
    assert_false(audience_of("", &audience));
    assert_string_equal(audience_name((enum audience)AUDIENCE_COUNT), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fact_is_decided_by_its_rule),
        cmocka_unit_test(without_a_row_nothing_is_shared),
        cmocka_unit_test(a_clock_set_back_revives_nothing),
        cmocka_unit_test(each_rule_has_a_name_of_its_own),
        cmocka_unit_test(audiences_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

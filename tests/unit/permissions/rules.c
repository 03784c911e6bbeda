// SPDX-License-Identifier: MIT
#include "permissions/rules.h"

#include "unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
enum { KEEP = WISH_KEEP, NO = WISH_OFF, YES = WISH_ON };

static const struct default_rule rules[] = {
    {.path = TEXT("work/**"), .share_with_cloud = WISH_ON},
    {.tag = TEXT("garden"), .share_with_ai = WISH_ON},
    {.schema = TEXT("core.todo"), .path = TEXT("**/*#*"), .share_with_ai = WISH_ON},
    {.path = TEXT("work/secret/**"), .share_with_ai = WISH_OFF, .share_with_cloud = WISH_OFF},
    {.tag = TEXT("garden"), .share_with_ai = WISH_ON},
    {.tag = TEXT("private"), .share_with_ai = WISH_OFF},
};

static const struct {
    const char *path, *schema, *tags[2];
    int ai, cloud;
    size_t ai_rule, cloud_rule;
} facts[] = {
    {"a.md", "core.note", {NULL}, 0, 0, RULE_NONE, RULE_NONE},
    {"work/a.md", "core.note", {NULL}, 0, 1, RULE_NONE, 0},
    {"work/b/a.md", "core.note", {NULL}, 0, 1, RULE_NONE, 0},
    {"workshop/a.md", "core.note", {NULL}, 0, 0, RULE_NONE, RULE_NONE},
    {"work/secret/a.md", "core.note", {NULL}, 0, 0, 3, 3},
    {"work/secret/a.md", "core.note", {"garden"}, 0, 0, 3, 3},
    {"a.md", "core.note", {"garden"}, 1, 0, 1, RULE_NONE},
    {"a.md", "core.note", {"garden/soil"}, 1, 0, 1, RULE_NONE},
    {"a.md", "core.note", {"gardening"}, 0, 0, RULE_NONE, RULE_NONE},
    {"a.md", "core.note", {"x", "garden"}, 1, 0, 1, RULE_NONE},
    {"a.md", "core.note", {"garden", "private"}, 0, 0, 5, RULE_NONE},
    {"a.md", "core.note", {"private"}, 0, 0, 5, RULE_NONE},
    {"x/todos.json#1", "core.todo", {NULL}, 1, 0, 2, RULE_NONE},
    {"x/todos.json#1", "core.event", {NULL}, 0, 0, RULE_NONE, RULE_NONE},
    {"x/todo.json", "core.todo", {NULL}, 0, 0, RULE_NONE, RULE_NONE},
};

static void the_strictest_of_the_rules_that_match_decides(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(facts); i++) {
        struct str tags[2];
        struct default_subject subject = {
            .path = str_of(facts[i].path), .schema = str_of(facts[i].schema), .tags = tags};
        for (size_t k = 0; k < COUNT(facts[i].tags) && facts[i].tags[k]; k++)
            tags[subject.tag_count++] = str_of(facts[i].tags[k]);
        struct default_answer answer = default_decide(rules, COUNT(rules), &subject);
        if (answer.share_with_ai != facts[i].ai || answer.share_with_cloud != facts[i].cloud ||
            answer.ai_rule != facts[i].ai_rule || answer.cloud_rule != facts[i].cloud_rule)
            fail_msg("line %zu: %d by %zu, %d by %zu", i, answer.share_with_ai, answer.ai_rule,
                     answer.share_with_cloud, answer.cloud_rule);
    }
}

static void their_order_does_not_matter(void **state)
{
    (void)state;
    static const int wishes[] = {KEEP, NO, YES};
    for (size_t a = 0; a < COUNT(wishes); a++)
        for (size_t b = 0; b < COUNT(wishes); b++)
            for (size_t c = 0; c < COUNT(wishes); c++) {
                const int said[] = {wishes[a], wishes[b], wishes[c]};
                struct default_rule three[3] = {
                    {.path = TEXT("**")}, {.path = TEXT("**")}, {.path = TEXT("**")}};
                bool is_yes = false, is_no = false;
                for (size_t i = 0; i < 3; i++) {
                    three[i].share_with_ai = (enum permission_wish)said[i];
                    is_yes |= said[i] == YES;
                    is_no |= said[i] == NO;
                }
                const struct default_subject subject = {.path = STR("a.md"),
                                                        .schema = STR("core.note")};
                struct default_answer answer = default_decide(three, 3, &subject);
                assert_int_equal(answer.share_with_ai, is_yes && !is_no);
                assert_false(answer.share_with_cloud);
            }
}

static void without_rules_nothing_is_shared(void **state)
{
    (void)state;
    const struct default_subject subject = {.path = STR("a.md"), .schema = STR("core.note")};
    struct default_answer answer = default_decide(NULL, 0, &subject);
    assert_false(answer.share_with_ai || answer.share_with_cloud);
    assert_true(answer.ai_rule == RULE_NONE && answer.cloud_rule == RULE_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_strictest_of_the_rules_that_match_decides),
        cmocka_unit_test(their_order_does_not_matter),
        cmocka_unit_test(without_rules_nothing_is_shared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
/* The official suite's patterns, as far as a pattern alone decides. */
#include "unit/validate/official.h"
#include "validate/pattern.h"

struct judge {
    struct pattern_context *context;
    size_t passed, total;
};

static bool matches(struct judge *judge, struct str source, struct str subject)
{
    struct nexus_error error;
    struct pattern *pattern = pattern_new(source, PATTERN_STRICT, &error);
    if (!pattern)
        fail_msg("%s", error.message);
    enum pattern_outcome outcome = pattern_match(pattern, judge->context, subject);
    pattern_free(pattern);
    assert_int_not_equal(outcome, PATTERN_TOO_EXPENSIVE);
    return outcome == PATTERN_MATCHES;
}

/** `pattern`: the data is a text. */
static bool judge_text(struct judge *judge, const struct official_test *test, uint32_t pattern)
{
    const struct node *data = &test->tape->nodes[test->data];
    return data->type != NODE_STRING ||
           matches(judge, node_text(&test->tape->nodes[pattern]), node_text(data));
}

/** `patternProperties` with one pattern: the data is an object. `additionalProperties` may be
 * false; then all names must match. Otherwise a match must be an integer, as the suite has it. */
static bool judge_names(struct judge *judge, const struct official_test *test, uint32_t patterns)
{
    const struct tape *tape = test->tape;
    bool closed = tape_member(tape, test->schema, STR("additionalProperties")) != TAPE_NONE;
    if (tape->nodes[test->data].type != NODE_OBJECT)
        return true;
    tape_for_each_member (tape, test->data, name) {
        bool match =
            matches(judge, node_text(&tape->nodes[patterns + 1]), node_text(&tape->nodes[name]));
        if (closed ? !match : match && tape->nodes[name + 1].type != NODE_NUMBER)
            return false;
    }
    return true;
}

/** Older suites ask here whether a text is a pattern at all. */
static bool judge_format(const struct official_test *test)
{
    const struct node *data = &test->tape->nodes[test->data];
    return data->type != NODE_STRING || pattern_is_valid(node_text(data));
}

static void judge(void *context, const struct official_test *test)
{
    struct judge *judge = context;
    uint32_t pattern = tape_member(test->tape, test->schema, STR("pattern"));
    uint32_t names = tape_member(test->tape, test->schema, STR("patternProperties"));
    bool valid = pattern != TAPE_NONE ? judge_text(judge, test, pattern)
                 : names != TAPE_NONE ? judge_names(judge, test, names)
                                      : judge_format(test);
    judge->total++;
    judge->passed += valid == test->valid;
    if (valid != test->valid)
        printf("%s: %.*s: %.*s\n", test->file, STR_ARG(test->group), STR_ARG(test->description));
}

static void the_official_suite_agrees_about_patterns(void **state)
{
    (void)state;
    if (!official_folder()) {
        printf("the official suite is not there\n");
        skip();
    }
    static const char *const files[] = {
        "draft4/optional/non-bmp-regex.json",          "draft4/optional/ecmascript-regex.json",
        "draft7/optional/ecmascript-regex.json",       "draft7/optional/non-bmp-regex.json",
        "draft2020-12/optional/ecmascript-regex.json", "draft2020-12/optional/non-bmp-regex.json",
    };
    struct judge scores = {.context = pattern_context_new()};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        official_visit_file(files[i], judge, &scores);
    pattern_context_free(scores.context);
    printf("patterns: %zu/%zu\n", scores.passed, scores.total);
    assert_true(scores.total > 0);
    assert_int_equal(scores.passed, scores.total);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_official_suite_agrees_about_patterns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
/* Every format test of the official suite. Where a dialect leaves it open whether `format` asserts
 * anything, these tests say what it means when it does. */
#include "unit/validate/official.h"
#include "validate/format.h"

struct score {
    size_t passed[FORMAT_REGEX + 1], total[FORMAT_REGEX + 1];
};

static void judge(void *context, const struct official_test *test)
{
    struct score *score = context;
    uint32_t format = tape_member(test->tape, test->schema, STR("format"));
    assert_true(format != TAPE_NONE);
    enum format_id id = format_find(node_text(&test->tape->nodes[format]));
    const struct node *data = &test->tape->nodes[test->data];
    bool valid = data->type != NODE_STRING || format_matches(id, node_text(data));
    score->total[id]++;
    score->passed[id] += valid == test->valid;
    if (valid != test->valid)
        printf("%s: %.*s: %.*s\n", test->file, STR_ARG(test->group), STR_ARG(test->description));
}

static void the_official_suite_agrees_about_every_format(void **state)
{
    (void)state;
    if (!official_folder()) {
        printf("the official suite is not there\n");
        skip();
    }
    static const char *const folders[] = {
        "draft4/optional/format",       "draft6/optional/format",       "draft7/optional/format",
        "draft2019-09/optional/format", "draft2020-12/optional/format", "v1/format"};
    struct score score = {0};
    size_t tests = 0, passed = 0;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
        tests += official_visit_folder(folders[i], judge, &score);
    for (enum format_id id = FORMAT_UNKNOWN; id <= FORMAT_REGEX; id++) {
        printf("%-22s %zu/%zu\n", id ? format_name(id) : "(unknown)", score.passed[id],
               score.total[id]);
        passed += score.passed[id];
    }
    printf("%-22s %zu/%zu\n", "all", passed, tests);
    assert_true(tests > 100); /* Debian's package, the older and smaller of the two, has 122 */
    assert_int_equal(passed, tests);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_official_suite_agrees_about_every_format),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
/* Where a problem is, in what order, and what of the user's text a message may quote. */
#include "model/problem.h"
#include "unit/unit.h"

static const struct {
    const char *source;
    uint32_t offset, line, column;
} places[] = {
    {"", 0, 1, 1},
    {"abc", 0, 1, 1},
    {"abc", 2, 1, 3},
    {"abc", 3, 1, 4},
    {"abc", 99, 1, 4},
    {"a\nb", 1, 1, 2},
    {"a\nb", 2, 2, 1},
    {"a\r\nb", 2, 1, 3},
    {"a\r\nb", 3, 2, 1},
    {"a\rb", 2, 2, 1},
    {"a\r\rb", 3, 3, 1},
    {"a\n\nb", 3, 3, 1},
    {"\xC3\xA9x", 2, 1, 2},
    {"\xF0\x9F\x98\x80x", 4, 1, 2},
    {"a\n\xE2\x82\xAC\xE2\x82\xAC.", 8, 2, 3},
    {"\xEF\xBB\xBFx", 0, 1, 1},
    {"\xEF\xBB\xBFx", 3, 1, 1},
    {"\xEF\xBB\xBFxy", 4, 1, 2},
    {"\xEF\xBB\xBFx\ny", 5, 2, 1},
};

static void test_lines_and_columns_count_as_an_editor_does(void **state)
{
    (void)state;
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct problem_list list;
        problem_list_init(&list, &arena);
        problem_add(&list, PROBLEM_ERROR, "x", places[i].offset, places[i].offset, "x");
        problem_list_locate(&list, str_of(places[i].source));
        if (list.items[0].line != places[i].line || list.items[0].column != places[i].column)
            fail_msg("case %zu: %u:%u", i, list.items[0].line, list.items[0].column);
        assert_int_equal(source_line(str_of(places[i].source), places[i].offset), places[i].line);
    }
    arena_finish(&arena);
}

static void test_problems_are_sorted_and_repeats_dropped(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct problem_list list;
    problem_list_init(&list, &arena);
    problem_add(&list, PROBLEM_WARNING, "b", 3, 4, "later");
    problem_add(&list, PROBLEM_WARNING, "a", 1, 2, "warning");
    problem_add(&list, PROBLEM_ERROR, "z", 1, 2, "error");
    problem_add(&list, PROBLEM_WARNING, "b", 3, 9, "later");
    problem_add(&list, PROBLEM_WARNING, "b", 3, 4, "another");
    problem_list_locate(&list, STR("a\nbcdef"));
    static const char *const expected[] = {"error", "warning", "another", "later"};
    assert_int_equal(list.count, 4);
    for (size_t i = 0; i < list.count; i++)
        assert_true(str_is(list.items[i].message, expected[i]));
    assert_int_equal(list.items[3].line, 2);
    assert_int_equal(list.items[3].column, 2);
    arena_finish(&arena);
}

static void test_a_full_list_still_takes_errors(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct problem_list list;
    problem_list_init(&list, &arena);
    for (uint32_t i = 0; i < PROBLEM_LIMIT + 10; i++)
        problem_add(&list, PROBLEM_WARNING, "w", i, i, "warning %u", i);
    assert_int_equal(list.count, PROBLEM_LIMIT);
    assert_int_equal(list.dropped, 10);
    assert_false(list.has_error);

    assert_non_null(problem_add(&list, PROBLEM_ERROR, "e", 7, 7, "error"));
    assert_null(problem_add(&list, PROBLEM_WARNING, "w", 8, 8, "warning"));
    assert_int_equal(list.count, PROBLEM_LIMIT);
    assert_int_equal(list.dropped, 12);
    assert_true(list.has_error);
    problem_list_locate(&list, STR(""));
    assert_true(str_is(list.items[7].message, "error"));
    arena_finish(&arena);
}

static const struct {
    struct str text;
    const char *excerpt;
} excerpts[] = {
    {TEXT(""), ""},
    {TEXT("mood"), "mood"},
    {TEXT("a\nb\tc"), "a\\u000Ab\\u0009c"},
    {TEXT("a\0b"), "a\\u0000b"},
    {TEXT("\x1B[31m"), "\\u001B[31m"},
    {TEXT("\xC2\x9B"), "\\u009B"},
    {TEXT("caf\xC3\xA9"), "caf\xC3\xA9"},
    {TEXT("\xFF"), "\xEF\xBF\xBD"},
    {TEXT("123456789012345678901234567890123456789012345678901234567890"),
     "123456789012345678901234567890123456789012345678901234567890"},
    {TEXT("1234567890123456789012345678901234567890123456789012345678901"),
     "123456789012345678901234567890123456789012345678901234567890\xE2\x80\xA6"},
};

static void test_an_excerpt_is_one_short_printable_line(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct problem_list list;
    problem_list_init(&list, &arena);
    for (size_t i = 0; i < sizeof excerpts / sizeof excerpts[0]; i++)
        assert_string_equal(problem_excerpt(&list, excerpts[i].text), excerpts[i].excerpt);
    arena_finish(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_and_columns_count_as_an_editor_does),
        cmocka_unit_test(test_problems_are_sorted_and_repeats_dropped),
        cmocka_unit_test(test_a_full_list_still_takes_errors),
        cmocka_unit_test(test_an_excerpt_is_one_short_printable_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

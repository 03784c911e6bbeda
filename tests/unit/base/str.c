// SPDX-License-Identifier: MIT
#include "base/str.h"
#include "unit/unit.h"

#define COUNT(facts) (sizeof(facts) / sizeof((facts)[0]))

static void a_slice_is_clamped_to_the_text(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t start, end;
        const char *slice;
    } facts[] = {
        {"abcdef", 1, 3, "bc"},
        {"abcdef", 0, 6, "abcdef"},
        {"abcdef", 4, 99, "ef"},
        {"abcdef", 9, 99, ""},
        {"abcdef", 4, 2, ""},
        {"abcdef", 6, 6, ""},
        {"abcdef", 0, SIZE_MAX, "abcdef"},
        {"", 0, 0, ""},
        {NULL, 0, 5, ""},
    };
    for (size_t i = 0; i < COUNT(facts); i++) {
        struct str slice = str_slice(str_of(facts[i].text), facts[i].start, facts[i].end);
        if (!str_is(slice, facts[i].slice))
            fail_msg("'%s' from %zu to %zu", facts[i].text, facts[i].start, facts[i].end);
    }
}

static void white_space_is_trimmed_at_both_ends(void **state)
{
    (void)state;
    static const struct {
        const char *text, *trimmed;
    } facts[] = {
        {"a", "a"}, {" a ", "a"},     {"\t\r\n a b \n", "a b"}, {"   ", ""},
        {"", ""},   {"\v a", "\v a"}, /* only what Markdown and YAML call white space */
        {NULL, ""},
    };
    for (size_t i = 0; i < COUNT(facts); i++)
        if (!str_is(str_trim(str_of(facts[i].text)), facts[i].trimmed))
            fail_msg("'%s'", facts[i].text);
}

static void what_is_searched_is_found_where_it_stands(void **state)
{
    (void)state;
    assert_int_equal(str_find(STR("a/b/c"), '/'), 1);
    assert_int_equal(str_find_last(STR("a/b/c"), '/'), 3);
    assert_int_equal(str_find(STR("a/b/c"), 'x'), STR_NONE);
    assert_int_equal(str_find_last(STR("a/b/c"), 'x'), STR_NONE);
    assert_int_equal(str_find(STR("a\0b"), 'b'), 2);
    assert_int_equal(str_find(STR(""), 'a'), STR_NONE);
    assert_int_equal(str_find_last((struct str){0}, 'a'), STR_NONE);
    assert_int_equal(str_find_str(STR("aabab"), STR("ab")), 1);
    assert_int_equal(str_find_str(STR("a\0bc"), STR("\0b")), 1);
    assert_int_equal(str_find_str(STR("ab"), STR("abc")), STR_NONE);
    assert_int_equal(str_find_str((struct str){0}, STR("a")), STR_NONE);
}

static void a_prefix_and_a_suffix_are_told(void **state)
{
    (void)state;
    assert_true(str_starts_with(STR("notes/a.md"), STR("notes/")));
    assert_true(str_starts_with(STR("a"), STR("")));
    assert_true(str_starts_with((struct str){0}, STR("")));
    assert_false(str_starts_with(STR("no"), STR("notes")));
    assert_true(str_ends_with(STR("notes/a.md"), STR(".md")));
    assert_true(str_ends_with(STR("a"), STR("")));
    assert_false(str_ends_with(STR("md"), STR(".md")));
}

static void order_is_by_bytes_and_a_prefix_comes_first(void **state)
{
    (void)state;
    const struct {
        struct str less, more;
    } facts[] = {
        {STR("a"), STR("b")},       {STR("a"), STR("ab")},       {STR(""), STR("a")},
        {STR("B"), STR("a")},       {STR("z"), STR("\xC3\xA9")}, {STR("a"), STR("a\0")},
        {STR("a\0b"), STR("a\0c")},
    };
    for (size_t i = 0; i < COUNT(facts); i++) {
        assert_true(str_compare(facts[i].less, facts[i].more) < 0);
        assert_true(str_compare(facts[i].more, facts[i].less) > 0);
        assert_int_equal(str_compare(facts[i].more, facts[i].more), 0);
    }
    assert_int_equal(str_compare((struct str){0}, STR("")), 0);
}

static void texts_are_equal_byte_by_byte(void **state)
{
    (void)state;
    assert_true(str_equal(STR("a\0b"), STR("a\0b")));
    assert_false(str_equal(STR("a\0b"), STR("a\0c")));
    assert_false(str_equal(STR("a"), STR("a\0")));
    assert_true(str_equal((struct str){0}, STR("")));
    assert_true(str_is(STR("a"), "a"));
    assert_true(str_is(STR(""), NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slice_is_clamped_to_the_text),
        cmocka_unit_test(white_space_is_trimmed_at_both_ends),
        cmocka_unit_test(what_is_searched_is_found_where_it_stands),
        cmocka_unit_test(a_prefix_and_a_suffix_are_told),
        cmocka_unit_test(order_is_by_bytes_and_a_prefix_comes_first),
        cmocka_unit_test(texts_are_equal_byte_by_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
#include "base/glob.h"
#include "unit/unit.h"

static void a_pattern_matches_the_paths_it_should(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *path;
        bool matches;
    } facts[] = {
        {"a.md", "a.md", true},
        {"a.md", "b.md", false},
        {"*.md", "a.md", true},
        {"*.md", "a/b.md", false},
        {"*.md", ".md", true},
        {"a*c*e", "abcde", true},
        {"a*c*e", "abcdf", false},
        {"?.md", "a.md", true},
        {"?.md", "ab.md", false},
        {"?", "/", false},
        {"[a-c].md", "b.md", true},
        {"[!a-c].md", "b.md", false},
        {"[!a-c].md", "d.md", true},
        {"[]]x", "]x", true},
        {"[a-]x", "-x", true},
        {"[!a]", "/", false},
        {"\\*.md", "*.md", true},
        {"\\*.md", "a.md", false},
        {"journal/**/*.md", "journal/a.md", true},
        {"journal/**/*.md", "journal/2026/01/a.md", true},
        {"journal/**/*.md", "journals/a.md", false},
        {"**/a.md", "a.md", true},
        {"**/a.md", "x/y/a.md", true},
        {"**/a.md", "x/y/ba.md", false},
        {"a/**", "a/b/c", true},
        {"a/**", "b/a/c", false},
        {"a/**/b/**/c", "a/b/c", true},
        {"a/**/b/**/c", "a/x/b/y/z/c", true},
        {"a/**/b/**/c", "a/x/c/y/z/c", false},
        {"**/b/c", "b/b/c", true},
        {"a", "a/b", false},
        {"a/b", "a", false},
        {"**", "a/b/c", true},
        {"a**b/c", "axxb/c", true},
        {"a**b/c", "ax/xb/c", false},
        {"", "", true},
        {"", "a", false},
    };
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        if (glob_match(str_of(facts[i].pattern), str_of(facts[i].path)) != facts[i].matches)
            fail_msg("'%s' against '%s'", facts[i].pattern, facts[i].path);
}

static void stars_do_not_explode(void **state)
{
    (void)state;
    char path[4001];
    for (size_t i = 0; i < sizeof path - 1; i++)
        path[i] = i % 2 ? '/' : 'a';
    path[sizeof path - 1] = '\0';
    assert_false(glob_match(STR("**/a/**/a/**/a/**/a/**/a/**/a/**/a*a*a*a*b"), str_of(path)));
}

static void a_pattern_without_sense_is_told(void **state)
{
    (void)state;
    assert_null(glob_check(STR("journal/**/*.md")));
    assert_null(glob_check(STR("[a-z].md")));
    assert_non_null(glob_check(STR("")));
    assert_non_null(glob_check(STR("/a.md")));
    assert_non_null(glob_check(STR("a/")));
    assert_non_null(glob_check(STR("../a.md")));
    assert_non_null(glob_check(STR("a/../b")));
    assert_non_null(glob_check(STR("[a-z.md")));
    assert_null(glob_check(STR("..a/b..")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pattern_matches_the_paths_it_should),
        cmocka_unit_test(stars_do_not_explode),
        cmocka_unit_test(a_pattern_without_sense_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

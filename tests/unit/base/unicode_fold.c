// SPDX-License-Identifier: MIT
#include "base/unicode.h"
#include "unit/unit.h"

static const struct {
    const char *text, *folded;
} facts[] = {
    {"", ""},
    {"Plan 2026.MD", "plan 2026.md"},
    {"[@`{", "[@`{"},
    {"\xC3\x89t\xC3\xA9", "\xC3\xA9t\xC3\xA9"},  /* É, one code point */
    {"E\xCC\x81t\xC3\xA9", "\xC3\xA9t\xC3\xA9"}, /* E and a combining accent */
    {"stra\xC3\x9F"
     "e",
     "strasse"}, /* ß */
    {"STRASSE", "strasse"},
    {"\xCE\xA3\xCE\xAF\xCF\x83\xCF\x85\xCF\x86\xCE\xBF\xCF\x82",
     "\xCF\x83\xCE\xAF\xCF\x83\xCF\x85\xCF\x86\xCE\xBF\xCF\x83"}, /* Σίσυφος: final sigma */
    {"\xE7\xAC\x94\xE8\xAE\xB0", "\xE7\xAC\x94\xE8\xAE\xB0"},     /* no case to fold */
    {"\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", "\xED\x95\x9C"},     /* Hangul, composed */
    {"A\xFF"
     "B",
     "a\xFF"
     "b"}, /* not UTF-8: the byte stays */
    {"\xC3", "\xC3"},
    {"\xED\xA0\x80X", "\xED\xA0\x80x"}, /* a surrogate is not UTF-8 either */
};

static void names_that_read_the_same_fold_to_the_same_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        STRBUF_SCOPED out = {0};
        unicode_add_folded(&out, str_of(facts[i].text));
        assert_string_equal(strbuf_str(&out).at, facts[i].folded);
    }
}

static void folding_twice_changes_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        STRBUF_SCOPED out = {0};
        unicode_add_folded(&out, str_of(facts[i].folded));
        assert_string_equal(strbuf_str(&out).at, facts[i].folded);
    }
}

static void a_zero_byte_is_text_like_any_other(void **state)
{
    (void)state;
    STRBUF_SCOPED out = {0};
    unicode_add_folded(&out, STR("A\0\xC3\x89"));
    assert_true(str_equal(strbuf_str(&out), STR("a\0\xC3\xA9")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_that_read_the_same_fold_to_the_same_bytes),
        cmocka_unit_test(folding_twice_changes_nothing),
        cmocka_unit_test(a_zero_byte_is_text_like_any_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
/* What is a pattern, what is one only for lenient readers, and what is none. The lists were shown
 * to another ECMA-262 engine, too. */
#include "unit/unit.h"
#include "validate/pattern.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

// clang-format off
static const char *const good[] = {
    "", "[[a]", "[^\\*\\?]", "a", "(?:)", "()", "(?<n>a)", "(?<n>a)\\k<n>", "\\k<n>(?<n>a)",
    "(?<$_é9>a)", "(?<\\u0061>a)", "(?<a\\u{62}>x)\\k<ab>", "(?<=a+)b", "(?<!a*)b", "(?=a)(?!b)",
    "[]", "[^]", "[a-z]", "[a-]", "[-a]", "[\\-]", "[\\b]", "[\\d-]", "[--a]", "\\cA", "\\cz",
    "\\0", "\\x41", "\\u0041", "\\u{10FFFF}", "\\ud83d\\udc32", "\\ud83d", "\\/", "\\.", "a{1}",
    "a{1,}", "a{1,2}?", "a{0}", "a{99999}", "\\p{L}", "\\P{Script=Greek}", "\\p{scx=Grek}",
    "(a)\\1", "\\1(a)", "(?:a)*", "((((a))))", "|", "a||b", "^$", "\\b\\B", "^^a$$", "\"", "-",
    "/", "=", "é", "🐲", "\\p{RI}", "(?:(?=a))*", "(?:^)*",
};

static const char *const bad[] = {
    "*", "+", "?", "a**", "a++", "a*+", "a?+", "a{1}{2}", "{1}", "^*", "$+", "\\b+", "\\B?",
    "(?<=a)*", "(?<!a)?", "(", "(a", "a)", ")", "((a)", "[", "[a", "[^", "[b-a]", "[\\u0062-a]",
    "\\", "a{2,1}", "(?", "(?a)", "(?i)", "(?i)abc", "(?ims)abc", "(?P<n>a)", "(?P<n>a)(?P=n)",
    "(?P>n)", "(?#c)", "(?>a)", "(?|a)", "(?R)", "(?<n", "(?<>a)", "(?<1>a)", "(?<a-b>x)",
    "(?<a>x)(?<a>y)", "(?<n>a)\\k<m>", "(?<n>a)\\k", "(?<n>a)\\k<n", "(?<n>a)\\k<>", "(?<🐲>a)",
    "a|*", "(*)", "(?:*)", "(?<n>a)\\k<1>", "(?<=)*", "(?<a\\u{110000}>x)",
};

/* Annex B would read these as a letter p and what follows: nobody means that. */
static const char *const bad_properties[] = {
    "\\p", "\\pL", "\\p{}", "\\p{Foo}", "\\p{letter}", "\\p{Script}", "\\p{Script=}",
    "\\p{Script=greek}", "\\p{gc=Latin}", "\\p{Line_Break=AL}", "\\p{L", "\\P{IsGreek}",
    "\\p{^L}", "[\\p]", "\\p{Other_Alphabetic}", "\\p{Block=Basic_Latin}",
};

/* Only lenient readers take these. */
static const struct {
    const char *pattern, *matches[3], *differs[2];
} tolerated[] = {
    {"\\-", {"-"}, {"\\"}},
    {"\\_", {"_"}, {NULL}},
    {"\\ ", {" "}, {NULL}},
    {"\\\"", {"\""}, {NULL}},
    {"\\a", {"a"}, {"\007"}},
    {"\\Z", {"Z"}, {""}},
    {"\\é", {"é"}, {NULL}},
    {"a{,3}", {"a{,3}"}, {"aaa"}},
    {"a{", {"a{"}, {"a"}},
    {"a{1", {"a{1"}, {"a"}},
    {"a{1,", {"a{1,"}, {NULL}},
    {"{", {"{"}, {NULL}},
    {"}", {"}"}, {NULL}},
    {"]", {"]"}, {NULL}},
    {"^]$", {"]"}, {"a"}},
    {"a}", {"a}"}, {"a"}},
    {"x{a}", {"x{a}"}, {"x"}},
    {"[[:alpha:]]", {"a]"}, {"a"}},
    {"x{9}{", {"xxxxxxxxx{"}, {"x"}},
    {"\\1", {"\001"}, {"1"}},
    {"\\8", {"8"}, {NULL}},
    {"\\101", {"A"}, {NULL}},
    {"\\400", {" 0"}, {"\0200"}},
    {"(a)\\2", {"a\002"}, {"aa"}},
    {"[\\1]", {"\001"}, {"1"}},
    {"[\\012]", {"\n"}, {NULL}},
    {"\\c", {"\\c"}, {"c"}},
    {"\\c1", {"\\c1"}, {"\021"}},
    {"[\\c1]", {"\021"}, {"c"}},
    {"[\\c_]", {"\037"}, {"c"}},
    {"[\\c]", {"\\", "c"}, {"x"}},
    {"\\x4", {"x4"}, {"\004"}},
    {"\\xg", {"xg"}, {NULL}},
    {"\\u004", {"u004"}, {NULL}},
    {"\\u", {"u"}, {NULL}},
    {"\\k", {"k"}, {NULL}},
    {"\\k<n>", {"k<n>"}, {NULL}},
    {"[\\B]", {"B"}, {"b"}},
    {"[\\k]", {"k"}, {"\\"}},
    {"[\\d-z]", {"5", "-", "z"}, {"a"}},
    {"[a-\\d]", {"a", "-", "5"}, {"b"}},
    {"[\\w-\\d]", {"-", "a"}, {"."}},
    {"(?=a)*b", {"b"}, {"a"}},
    {"(?=a)?b", {"b"}, {"a"}},
    {"(?!a){2}b", {"b"}, {"a"}},
    {"(?=a)+a", {"a"}, {"b"}},
    {"(?=(a))?b\\1", {"b"}, {"a"}},
    {"(?!a)*a", {"a"}, {"b"}},
    {"\\%", {"%"}, {NULL}},
    {"[\\_]", {"_"}, {"\\"}},
    {"[\\\"]", {"\""}, {"\\"}},
    {"\\:", {":"}, {NULL}},
    {"\\@", {"@"}, {NULL}},
    {"\\#", {"#"}, {NULL}},
    {"\\<", {"<"}, {NULL}},
    {"\\e", {"e"}, {NULL}},
    {"\\h", {"h"}, {NULL}},
};
// clang-format on

static void what_ecma_262_has_is_taken(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(good); i++)
        if (!pattern_is_valid(str_of(good[i])))
            fail_msg("/%s/ is refused", good[i]);
}

static void refuse(const char *source)
{
    struct nexus_error error = {0};
    if (pattern_is_valid(str_of(source)) || pattern_new(str_of(source), PATTERN_STRICT, NULL))
        fail_msg("/%s/ is taken", source);
    if (pattern_new(str_of(source), PATTERN_LENIENT, &error))
        fail_msg("/%s/ is taken leniently", source);
    assert_int_equal(error.status, NEXUS_ERROR_INVALID);
    assert_non_null(strstr(error.message, "(at character "));
}

static void what_it_has_not_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++)
        refuse(bad[i]);
    for (size_t i = 0; i < COUNT(bad_properties); i++)
        refuse(bad_properties[i]);
}

static void expect(const struct pattern *pattern, const char *source, const char *subject,
                   enum pattern_outcome expected)
{
    struct pattern_context *context = pattern_context_new();
    if (subject && pattern_match(pattern, context, str_of(subject)) != expected)
        fail_msg("/%s/ and '%s'", source, subject);
    pattern_context_free(context);
}

static void what_annex_b_has_is_taken_leniently_and_with_a_warning(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(tolerated); i++) {
        const char *source = tolerated[i].pattern;
        struct nexus_error error = {0};
        if (pattern_is_valid(str_of(source)) || pattern_new(str_of(source), PATTERN_STRICT, NULL))
            fail_msg("/%s/ is taken strictly", source);
        struct pattern *pattern = pattern_new(str_of(source), PATTERN_LENIENT, &error);
        if (!pattern)
            fail_msg("%s", error.message);
        assert_non_null(pattern_warning(pattern));
        for (size_t k = 0; k < COUNT(tolerated[i].matches); k++)
            expect(pattern, source, tolerated[i].matches[k], PATTERN_MATCHES);
        for (size_t k = 0; k < COUNT(tolerated[i].differs); k++)
            expect(pattern, source, tolerated[i].differs[k], PATTERN_DIFFERS);
        pattern_free(pattern);
    }
}

static void lenient_readers_keep_the_meaning_of_good_patterns(void **state)
{
    (void)state;
    const struct {
        const char *pattern, *matches;
    } facts[] = {
        {"^\\u{1F432}\\-$", "🐲-"}, /* Annex B: 1F432 letters u */
        {"^\\p{L}\\-$", "é-"},     {"^.\\-$", "🐲-"},
        {"^[🐲]\\-$", "🐲-"},        {"^(?<a>x)\\k<a>\\-$", "xx-"},
    };
    for (size_t i = 0; i < COUNT(facts); i++) {
        struct pattern *pattern = pattern_new(str_of(facts[i].pattern), PATTERN_LENIENT, NULL);
        assert_non_null(pattern);
        expect(pattern, facts[i].pattern, facts[i].matches, PATTERN_MATCHES);
        pattern_free(pattern);
    }
}

static void the_message_says_what_and_where(void **state)
{
    (void)state;
    struct nexus_error error;
    assert_null(pattern_new(STR("é(a|b"), PATTERN_STRICT, &error));
    assert_string_equal(error.message, "bad pattern 'é(a|b': a ( without its ) (at character 2)");
    assert_null(pattern_new(STR("a\xFF"), PATTERN_STRICT, &error));
    assert_string_equal(error.message, "the pattern is not UTF-8 at byte 2");
    struct pattern *pattern = pattern_new(STR("a\\-{,3}"), PATTERN_LENIENT, &error);
    assert_string_equal(pattern_warning(pattern),
                        "only lenient readers take this pattern: a backslash before a character "
                        "that needs none (at character 2)");
    pattern_free(pattern);
}

static void what_cannot_be_matched_here_is_said_and_is_a_regex_all_the_same(void **state)
{
    (void)state;
    const struct {
        const char *pattern, *message;
    } facts[] = {
        {"(?<=a+)b", "unsupported: variable-length lookbehind"},
        {"(?<!a|b*)c", "unsupported: variable-length lookbehind"},
        {"(?:(a)|b)*\\1", "unsupported: a back reference to a group that a repeat may set anew"},
        {"(?:\\1(a))+", "unsupported: a back reference to a group that a repeat may set anew"},
        {"^(a\\1)+$", "unsupported: a back reference to a group that a repeat may set anew"},
        {"(?=a{65536})", "unsupported: a repeat of more than 65535 times"},
        {"\\p{CWKCF}", "unsupported: a Unicode property that the installed PCRE2 does not know"},
    };
    for (size_t i = 0; i < COUNT(facts); i++) {
        struct nexus_error error = {0};
        assert_true(pattern_is_valid(str_of(facts[i].pattern)));
        assert_null(pattern_new(str_of(facts[i].pattern), PATTERN_STRICT, &error));
        assert_int_equal(error.status, NEXUS_ERROR_INVALID);
        assert_string_equal(error.message, facts[i].message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_ecma_262_has_is_taken),
        cmocka_unit_test(what_it_has_not_is_refused),
        cmocka_unit_test(what_annex_b_has_is_taken_leniently_and_with_a_warning),
        cmocka_unit_test(lenient_readers_keep_the_meaning_of_good_patterns),
        cmocka_unit_test(the_message_says_what_and_where),
        cmocka_unit_test(what_cannot_be_matched_here_is_said_and_is_a_regex_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

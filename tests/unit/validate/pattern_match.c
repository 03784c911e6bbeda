// SPDX-License-Identifier: MIT
/*
 * What patterns match. Each line was asked of another ECMA-262 engine with the flag "u", too.
 *
 * Each is matched three times over: as pattern_match() would have it, interpreted by PCRE2, and as
 * machine code.
 */
#include "base/arena.h"
#include "base/strbuf.h"
#include "unit/unit.h"
#include "validate/pattern_engine.h"
#include "validate/pattern_fast.h"
#include "validate/pattern_translate.h"

struct fact {
    const char *pattern, *matches[16], *differs[8];
};

static const struct fact facts[] = {
    // clang-format off
    {"", {"", "a"}, {NULL}},
    {"a", {"a", "bab"}, {"", "b", "A"}},
    {"^abc$", {"abc"}, {"abc\n", "xabc", "abcd"}},
    {"a|b", {"a", "xb"}, {"c", ""}},
    {"^(?:a|b)$", {"a", "b"}, {"ab", ""}},
    {"^a|b$", {"ax", "xb"}, {"xa", "bx"}},
    {".", {"a", "é", "🐲", "\302\205"}, {"", "\n", "\r", "\342\200\250", "\342\200\251"}},
    {"^.$", {"🐲", "é"}, {"ab", "🐲🐲"}},
    {"^..$", {"ab", "🐲é"}, {"🐲"}},
    {"^[^]$", {"\n", "a", "\342\200\250"}, {"", "ab"}},
    {"[]", {NULL}, {"", "a"}},
    {"^a*$", {"", "aaa"}, {"b"}},
    {"^a+$", {"a", "aa"}, {""}},
    {"^a?$", {"", "a"}, {"aa"}},
    {"^a{2}$", {"aa"}, {"a", "aaa"}},
    {"^a{2,}$", {"aa", "aaaa"}, {"a"}},
    {"^a{1,2}$", {"a", "aa"}, {"", "aaa"}},
    {"^a{0}$", {""}, {"a"}},
    {"^a{0}b$", {"b"}, {"ab"}},
    {"a{0,0}", {"", "b"}, {NULL}},
    {"^a*?$", {"", "aa"}, {"b"}},
    {"^a+?b$", {"aab"}, {"b"}},
    {"^a?\?b$", {"b", "ab"}, {"aab"}},
    {"^a{1,2}?$", {"aa"}, {"aaa"}},
    {"^(?:ab)+$", {"ab", "abab"}, {"aba", ""}},
    {"^(?:ab){2}$", {"abab"}, {"ab", "ababab"}},
    {"^(?:a|bc){2}$", {"aa", "abc", "bcbc"}, {"a", "bca a"}},
    {"^\\t$", {"\t"}, {"\\t", "t"}},
    {"^\\n$", {"\n"}, {"n"}},
    {"^\\v$", {"\v"}, {"\n", "\f"}},
    {"^\\f$", {"\f"}, {"\v"}},
    {"^\\r$", {"\r"}, {"\n"}},
    {"^\\cC$", {"\003"}, {"C", "\\cC"}},
    {"^\\cc$", {"\003"}, {"c"}},
    {"^\\cJ$", {"\n"}, {"J"}},
    {"^\\x41$", {"A"}, {"x41"}},
    {"^\\u0041$", {"A"}, {"u0041"}},
    {"^\\u{41}$", {"A"}, {"u"}},
    {"^\\u{1F432}$", {"🐲"}, {"🐉"}},
    {"^\\ud83d\\udc32$", {"🐲"}, {"🐉"}},
    {"^\\u{000041}$", {"A"}, {NULL}},
    {"^\\ud83d$", {NULL}, {"🐲", ""}},
    {"^\\ud83d*$", {""}, {"🐲"}},
    {"^\\.$", {"."}, {"a"}},
    {"^\\$$", {"$"}, {""}},
    {"^\\^$", {"^"}, {""}},
    {"^\\/$", {"/"}, {"\\"}},
    {"^/$", {"/"}, {""}},
    {"^\\\\$", {"\\"}, {""}},
    {"^\\|$", {"|"}, {""}},
    {"^\\{\\}$", {"{}"}, {""}},
    {"^\\[\\]$", {"[]"}, {""}},
    {"^\\(\\)$", {"()"}, {""}},
    {"^\\*\\+\\?$", {"*+?"}, {""}},
    {"^a b$", {"a b"}, {"ab"}},
    {"^#$", {"#"}, {""}},
    {"^\"'`~!@%&=:;<>,_-$", {"\"'`~!@%&=:;<>,_-"}, {"\""}},
    {"^[abc]$", {"a", "c"}, {"d", "ab"}},
    {"^[^abc]$", {"d", "é", "\n"}, {"a", ""}},
    {"^[a-c]$", {"b"}, {"d"}},
    {"^[a-]$", {"a", "-"}, {"b"}},
    {"^[-a]$", {"a", "-"}, {"b"}},
    {"^[\\-a]$", {"-", "a"}, {"\\"}},
    {"^[+--]$", {"+", ",", "-"}, {"."}},
    {"^[.]$", {"."}, {"a"}},
    {"^[$^]$", {"$", "^"}, {"a"}},
    {"^[\\]]$", {"]"}, {"\\"}},
    {"^[\\\\]$", {"\\"}, {"]"}},
    {"^[\\b]$", {"\b"}, {"b"}},
    {"^[[]$", {"["}, {"]"}},
    {"^[(){}*+?|/]+$", {"(){}*+?|/"}, {"a"}},
    {"^[\\d]$", {"5"}, {"d", "٥"}},
    {"^[^\\d]$", {"a"}, {"5"}},
    {"^[\\w-]+$", {"a-b_9"}, {"a.b", "é"}},
    {"^[\\D5]$", {"a", "5"}, {"4"}},
    {"^[\\s\\S]$", {"\n", "a"}, {""}},
    {"^[^\\s\\S]$", {NULL}, {"a", "\n"}},
    {"^[\\d\\s]+$", {"1 2"}, {"a"}},
    {"^[\\x41-\\x43]$", {"B"}, {"D"}},
    {"^[\\u0041-\\u{43}]$", {"B"}, {"D"}},
    {"^[\\cA-\\cC]$", {"\002"}, {"B"}},
    {"^[🐲-🐴]$", {"🐳"}, {"🐵", "a"}},
    {"^[^🐲]$", {"a", "🐉"}, {"🐲"}},
    {"^[é]$", {"é"}, {"e", "\314\201"}},
    {"^[\\ud83d\\udc32]$", {"🐲"}, {"a"}},
    {"^[\\ud800-\\udfff]$", {NULL}, {"a", "🐲"}},
    {"^[\\u{d7ff}-\\u{e000}]$", {"\355\237\277", "\356\200\200"}, {"a"}},
    {"^[^\\ud800]$", {"a", "🐲"}, {""}},
    {"^[a-zA-Z0-9]+$", {"aZ9"}, {"-"}},
    {"^[\\0]$", {NULL}, {"0"}},
    {"^[\\u{0}-\\u{10FFFF}]$", {"a", "\n", "🐲"}, {""}},
    {"^[^\\n]$", {"a", "\r"}, {"\n"}},
    {"^[!-~]+$", {"!A~"}, {" ", "é"}},
    {"^\\d$", {"0", "9"}, {"a", "߀", "٥", ""}},
    {"^\\D$", {"a", "߀"}, {"0"}},
    {"^\\w$", {"a", "Z", "_", "0"}, {"é", "-", "ſ", "K"}},
    {"^\\W$", {"é", "-", "ſ"}, {"a"}},
    {"^\\s$", {" ", "\t", "\v", "\f", "\n", "\r", "\302\240", "\357\273\277", "\342\200\250", "\342\200\251", "\342\200\203", "\343\200\200", "\341\232\200", "\342\200\257", "\342\201\237"}, {"\001", "–", "\302\205", "\341\240\216", "\342\200\213", "a"}},
    {"^\\S$", {"\001", "–", "\302\205", "\341\240\216", "\342\200\213"}, {" ", "\357\273\277", "\302\240"}},
    {"\\bfoo\\b", {"foo", "a foo.", "éfoo"}, {"food", "_foo"}},
    {"\\Boo", {"foo"}, {"oo"}},
    {"^\\b", {"a"}, {"", "-"}},
    {"\\B", {"", "ab"}, {"a"}},
    {"a\\b", {"aé", "a"}, {"ab"}},
    {"^\\p{L}$", {"a", "é", "中", "𝒜"}, {"1", "_"}},
    {"^\\p{Letter}+$", {"écoleŽ"}, {"a1"}},
    {"^\\P{L}$", {"1", "-"}, {"a"}},
    {"^\\p{Lu}$", {"A", "É"}, {"a"}},
    {"^\\p{Uppercase_Letter}$", {"A"}, {"a"}},
    {"^\\p{gc=Lu}$", {"A"}, {"a"}},
    {"^\\p{General_Category=Decimal_Number}$", {"5", "٥"}, {"a"}},
    {"^\\p{digit}+$", {"42", "৪২"}, {"-%#"}},
    {"^\\p{Nd}$", {"٥"}, {"Ⅷ"}},
    {"^\\p{N}$", {"Ⅷ", "½"}, {"a"}},
    {"^\\p{P}$", {"!", "«"}, {"+"}},
    {"^\\p{punct}$", {"!"}, {"+"}},
    {"^\\p{S}$", {"+", "€"}, {"!"}},
    {"^\\p{Sc}$", {"€"}, {"+"}},
    {"^\\p{Script=Greek}$", {"α"}, {"a", "б"}},
    {"^\\p{sc=Cyrl}$", {"б"}, {"α"}},
    {"^\\p{Script_Extensions=Latin}$", {"a"}, {"α"}},
    {"^\\p{scx=Hira}$", {"ぁ", "ー"}, {"ァ"}},
    {"^\\p{sc=Hira}$", {"ぁ"}, {"ー"}},
    {"^\\p{Alphabetic}$", {"a", "Ⅷ"}, {"1"}},
    {"^\\p{White_Space}$", {" ", "\302\205"}, {"\357\273\277"}},
    {"^\\p{Emoji}$", {"🐲", "5"}, {"a"}},
    {"^\\p{Emoji_Presentation}$", {"🐲"}, {"5"}},
    {"^\\p{ASCII}$", {"a", "\177"}, {"é"}},
    {"^\\p{Any}$", {"a", "🐲"}, {""}},
    {"^\\p{Assigned}$", {"a"}, {"\315\270"}},
    {"^\\p{Cn}$", {"\315\270"}, {"a"}},
    {"^\\P{Assigned}$", {"\315\270"}, {"a"}},
    {"^\\p{LC}$", {"a", "A"}, {"中"}},
    {"^\\p{Ideographic}$", {"中"}, {"a"}},
    {"^[\\p{L}\\d]+$", {"aé5"}, {"-"}},
    {"^[^\\p{L}]+$", {"5-"}, {"a"}},
    {"^[\\P{L}a]+$", {"5a"}, {"b"}},
    {"^[^\\P{L}a]+$", {"b"}, {"a", "5"}},
    {"^[\\p{Lu}\\p{Nd}_]+$", {"A5_"}, {"a"}},
    {"^\\p{Lowercase}$", {"a"}, {"A"}},
    {"^\\p{ID_Start}\\p{ID_Continue}*$", {"aé9"}, {"9a"}},
    {"^\\p{Hex_Digit}+$", {"fF0"}, {"g"}},
    {"^(a)(b)\\2\\1$", {"abba"}, {"abab"}},
    {"^(?<x>a|b)\\k<x>$", {"aa", "bb"}, {"ab"}},
    {"^(?<é>a)\\k<é>$", {"aa"}, {"a"}},
    {"^(?<$>a)\\k<$>$", {"aa"}, {"a"}},
    {"^(?<a\\u0062>x)\\k<ab>$", {"xx"}, {"x"}},
    {"^\\k<a>(?<a>x)$", {"x"}, {"xx"}},
    {"^\\1(a)$", {"a"}, {"aa"}},
    {"^(a\\1)$", {"a"}, {"aa"}},
    {"^(?:(a)|b)\\1$", {"aa", "b"}, {"a", "ba"}},
    {"^(a)?b\\1$", {"b", "aba"}, {"ab", "ba"}},
    {"^([\"']).*\\1$", {"\"a\"", "'a'"}, {"\"a'"}},
    {"^(🐲)\\1$", {"🐲🐲"}, {"🐲"}},
    {"^(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)\\10$", {"abcdefghijj"}, {"abcdefghija0"}},
    {"^(a*)b\\1$", {"b", "aba", "aabaa"}, {"aaba"}},
    {"^(?:(a)x)+\\1$", {"axa", "axaxa"}, {"axb"}},
    {"^()\\1$", {""}, {"a"}},
    {"^(a){0}b\\1$", {"b"}, {"ab"}},
    {"(?:)", {"", "a"}, {NULL}},
    {"^()$", {""}, {"a"}},
    {"^(|a)$", {"", "a"}, {"b"}},
    {"^(a|)$", {"", "a"}, {"b"}},
    {"^(a||b)$", {"", "b"}, {"c"}},
    {"(?:|a){2}b", {"b", "ab", "aab"}, {"a"}},
    {"^(?=.*\\d)(?=.*[a-z]).{4,}$", {"abc1"}, {"abcd", "ab1"}},
    {"^(?!foo)", {"bar", ""}, {"foobar"}},
    {"^(?!.*--)[a-z-]+$", {"a-b"}, {"a--b"}},
    {"foo(?=bar)", {"foobar"}, {"foobaz"}},
    {"foo(?!bar)", {"foobaz"}, {"foobar"}},
    {"(?<=a)b", {"ab"}, {"cb", "b"}},
    {"(?<!a)b", {"b", "cb"}, {"ab"}},
    {"(?<=a|bc)d", {"ad", "bcd"}, {"cd"}},
    {"(?<=(?:a|bc))d", {"bcd"}, {"cd"}},
    {"(?<=^)a", {"a"}, {"ba"}},
    {"(?<=\\d{2})€", {"12€"}, {"1€"}},
    {"(?<=🐲)a", {"🐲a"}, {"a"}},
    {"(?=(a))\\1", {"a"}, {"b"}},
    {"(?!(a))b\\1", {"b"}, {"a"}},
    {"(?=b)b*b", {"b", "bb"}, {"a"}},
    {"(?=a)b", {NULL}, {"ab"}},
    {"^(?=(a+))\\1b", {"aab"}, {"b"}},
    {"(?=)", {""}, {NULL}},
    {"(?!)", {NULL}, {"", "a"}},
    {"^(?:(?=a)a|b)$", {"a", "b"}, {"c"}},
    {"(?=((?:x)?\?))y\\1$", {"y"}, {"yx"}},
    {"a(?:bb|b)b*b", {"abb", "abbb"}, {"ab", "bb"}},
    {"1(?:b|)b*b", {"1b", "1bb"}, {"1"}},
    {"(?:.(?:\\D|)b*){2}", {"1b", "ab"}, {"1"}},
    {"(a)|\\1+", {"b", "a"}, {NULL}},
    {"^[a-z0-9]+(?:-[a-z0-9]+)*$", {"a", "a-b-c9"}, {"", "-a", "a-", "a--b", "A"}},
    {"^\\d{4}-\\d{2}-\\d{2}$", {"2026-01-15"}, {"2026-1-15", "2026-01-15\n"}},
    {"^#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$", {"#fff", "#a1B2c3"}, {"#ffff", "fff"}},
    {"^x-", {"x-a"}, {"ax-"}},
    {"\\.md$", {"a.md"}, {"a.mdx", "amd"}},
    {"^.*\\.md$", {".md", "a.b.md"}, {"a\n.md", "a.md "}},
    {"^[^/]+\\.json$", {"a.json"}, {"a/b.json", ".json"}},
    {"^(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)$", {"1.0.10"}, {"01.0.0", "1.0"}},
    {"^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", {"a@b.c", "a@b.c.d"}, {"a@b", "a b@c.d"}},
    {"^(?:[01]\\d|2[0-3]):[0-5]\\d$", {"23:59", "00:00"}, {"24:00", "1:00"}},
    {"^\\+?[1-9]\\d{1,14}$", {"+4912345"}, {"+0123", "1"}},
    {"^https?://", {"http://a", "https://b"}, {"ftp://a"}},
    {"^(GET|PUT|POST|DELETE)$", {"PUT"}, {"get", "GETS"}},
    {"^[A-Z]{2}(?:-[A-Z]{2})?$", {"DE", "DE-AT"}, {"DE-", "de"}},
    {"^\\[\\[.+\\]\\]$", {"[[a]]", "[[a]]]]"}, {"[[]]", "[a]"}},
    {"^\\S+$", {"a"}, {"a b", ""}},
    {"\\S", {" a "}, {"  ", ""}},
    {"^\\s*$", {"", " \t"}, {"a"}},
    {"^(?!\\s)(?!.*\\s$).+$", {"a b"}, {" a", "a "}},
    {"^(?:[a-z]+\\.)+[a-z]+$", {"a.b", "a.b.c"}, {"a", "a."}},
    {"^v\\d+(?:\\.\\d+){0,2}$", {"v1", "v1.2.3"}, {"v", "v1.2.3.4"}},
    // clang-format on
};

/* Every way to match one pattern. */
struct matchers {
    struct pattern *pattern;
    struct pattern_engine *engine;
    struct pattern_context *context;
};

static void open_all(struct matchers *matchers, const char *source)
{
    struct nexus_error error = {0};
    struct arena arena = {0};
    struct pattern_tree tree;
    STRBUF_SCOPED text = {0};
    matchers->context = pattern_context_new();
    matchers->pattern = pattern_new(str_of(source), PATTERN_STRICT, &error);
    if (!matchers->pattern ||
        pattern_parse(str_of(source), PATTERN_STRICT, &arena, &tree, &error) ||
        pattern_translate(&tree, &text, &error) ||
        pattern_engine_new(strbuf_str(&text), &matchers->engine, &error))
        fail_msg("%s: %s", source, error.message);
    arena_finish(&arena);
}

static void close_all(struct matchers *matchers)
{
    pattern_free(matchers->pattern);
    pattern_engine_free(matchers->engine);
    pattern_context_free(matchers->context);
}

static void expect(const struct matchers *matchers, const struct fact *fact, const char *subject,
                   enum pattern_outcome expected)
{
    if (pattern_match(matchers->pattern, matchers->context, str_of(subject)) != expected ||
        pattern_engine_match(matchers->engine, matchers->context, str_of(subject)) != expected)
        fail_msg("/%s/ and '%s': %s expected", fact->pattern, subject,
                 expected == PATTERN_MATCHES ? "a match" : "no match");
}

static void expect_all(const struct matchers *matchers, const struct fact *fact)
{
    for (size_t i = 0; i < sizeof fact->matches / sizeof fact->matches[0] && fact->matches[i]; i++)
        expect(matchers, fact, fact->matches[i], PATTERN_MATCHES);
    for (size_t i = 0; i < sizeof fact->differs / sizeof fact->differs[0] && fact->differs[i]; i++)
        expect(matchers, fact, fact->differs[i], PATTERN_DIFFERS);
}

static void a_pattern_matches_what_ecma_262_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        struct matchers matchers = {0};
        open_all(&matchers, facts[i].pattern);
        expect_all(&matchers, &facts[i]);
        for (int use = 0; use < 50; use++) /* until it is machine code */
            pattern_engine_match(matchers.engine, matchers.context, STR("a"));
        expect_all(&matchers, &facts[i]);
        close_all(&matchers);
    }
}

static void a_text_may_hold_nul(void **state)
{
    (void)state;
    struct {
        const char *pattern;
        struct str subject;
        enum pattern_outcome outcome;
    } cases[] = {
        {"^\\0$", STR("\0"), PATTERN_MATCHES},        {"^[\\0]$", STR("\0"), PATTERN_MATCHES},
        {"^a$", STR("a\0"), PATTERN_DIFFERS},         {"^a.b$", STR("a\0b"), PATTERN_MATCHES},
        {"^a", STR("a\0b"), PATTERN_MATCHES},         {"b$", STR("a\0b"), PATTERN_MATCHES},
        {"^[a-z]+$", STR("a\0b"), PATTERN_DIFFERS},   {"(?=b)b", STR("a\0b"), PATTERN_MATCHES},
        {"^(?!x)a.b$", STR("a\0b"), PATTERN_MATCHES},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct matchers matchers = {0};
        open_all(&matchers, cases[i].pattern);
        assert_int_equal(pattern_match(matchers.pattern, matchers.context, cases[i].subject),
                         cases[i].outcome);
        assert_int_equal(pattern_engine_match(matchers.engine, matchers.context, cases[i].subject),
                         cases[i].outcome);
        close_all(&matchers);
    }
}

static void a_pattern_may_hold_nul(void **state)
{
    (void)state;
    struct pattern_context *context = pattern_context_new();
    struct pattern *pattern = pattern_new(STR("^a\0(?=b)"), PATTERN_STRICT, NULL);
    assert_non_null(pattern);
    assert_int_equal(pattern_match(pattern, context, STR("a\0b")), PATTERN_MATCHES);
    assert_int_equal(pattern_match(pattern, context, STR("ab")), PATTERN_DIFFERS);
    pattern_free(pattern);
    pattern_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pattern_matches_what_ecma_262_says),
        cmocka_unit_test(a_text_may_hold_nul),
        cmocka_unit_test(a_pattern_may_hold_nul),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

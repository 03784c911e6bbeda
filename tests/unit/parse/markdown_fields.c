// SPDX-License-Identifier: MIT
/* Inline fields. */
#include "markdown_facts.h"

static void test_a_line_may_be_a_field(void **state)
{
    (void)state;
    static const struct markdown_fact rows[] = {
        {"key:: value", "field 0..11 key=value\n"},
        {"Key Name:: a b", "field 0..14 Key Name=a b\n"},
        {"key::value", "field 0..10 key=value\n"},
        {"key ::value", "field 0..11 key=value\n"},
        {"key::", "field 0..5 key=\n"},
        {"key:: ", "field 0..5 key=\n"},
        {"a\nkey:: b\nc", "field 2..9 key=b\n"},
        {"- key:: a\n  - other:: b", "field 2..9 key=a\nfield 14..23 other=b\n"},
        {"1. key:: a", "field 3..10 key=a\n"},
        {"> key:: a", "field 2..9 key=a\n"},
        {"**Key**:: a", "field 0..11 Key=a\n"},
        {"_key_:: a", "field 0..9 key=a\n"},
        {"==key==:: a", "field 0..11 key=a\n"},
        {"`key`:: a", "field 0..9 key=a\n"},
        {"# key:: a", "h1 0..9 key:: a\nfield 2..9 key=a\n"},
        {"key:: [[a]] #b", "wiki 6..11 target=a\ntag 12..14 b\nfield 0..14 key=[[a]] #b\n"},
        {"key:: a:: b", "field 0..11 key=a:: b\n"},
        {"é ü:: a", "field 0..9 é ü=a\n"},
        {"日本:: a", "field 0..10 日本=a\n"},
        {"key-1_b/c:: d", "field 0..13 key-1_b/c=d\n"},
        {"🎉 key:: a", "field 0..12 key=a\n"},
        {"key 🎉:: a", "field 0..12 key 🎉=a\n"},
        {"key:: a ^id", "field 0..11 key=a ^id\nblock 8..11 id\n"},
        {"key:: a\r\nb:: c\r\n", "field 0..7 key=a\nfield 9..14 b=c\n"},
        {"- a\n  key:: b", "field 6..13 key=b\n"},
        {"key:: `a`", "field 0..9 key=`a`\n"},
        {"key:: a, b (c)", "field 0..14 key=a, b (c)\n"},
        {"  key:: a", "field 2..9 key=a\n"},
        {"key:: $x$", "field 0..9 key=$x$\n"},
        {"x\n\tkey:: a", "field 3..10 key=a\n"},
    };
    ASSERT_FACTS(rows);
}

static void test_a_field_may_stand_in_brackets(void **state)
{
    (void)state;
    static const struct markdown_fact rows[] = {
        {"a [k:: v] b", "field 2..9 k=v\n"},
        {"a (k:: v) b", "field 2..9 k=v\n"},
        {"[k:: v]", "field 0..7 k=v\n"},
        {"[k::v][l::w]", "field 0..6 k=v\nfield 6..12 l=w\n"},
        {"a [k:: v] (l:: w)", "field 2..9 k=v\nfield 10..17 l=w\n"},
        {"[long key:: a b]", "field 0..16 long key=a b\n"},
        {"[k:: [[a]]]", "wiki 5..10 target=a\nfield 0..11 k=[[a]]\n"},
        {"[k:: [a](b)]", "markdown 5..11 target=b alias=a\nfield 0..12 k=[a](b)\n"},
        {"[k:: a [b] c]", "field 0..13 k=a [b] c\n"},
        {"(k:: a (b) c)", "field 0..13 k=a (b) c\n"},
        {"(k:: a ] b)", "field 0..11 k=a ] b\n"},
        {"[k:: a \\] b]", "field 0..12 k=a \\] b\n"},
        {"[**k**:: v]", "field 0..11 k=v\n"},
        {"[k:: ]", "field 0..6 k=\n"},
        {"- [k:: v]", "field 2..9 k=v\n"},
        {"- [ ] a [k:: v]", "task 0..15 [ ] a [k:: v]\nfield 8..15 k=v\n"},
        {"| [k:: v] |\n|---|\n| (l:: w) |", "field 2..9 k=v\nfield 20..27 l=w\n"},
        {"k:: a [l:: w]", "field 6..13 l=w\n"},
        {"[k:: v] l:: w", "field 0..7 k=v\n"},
        {"[k:: a:: b]", "field 0..11 k=a:: b\n"},
        {"a, b [k:: v]", "field 5..12 k=v\n"},
        {"[k:: #t]", "tag 5..7 t\nfield 0..8 k=#t\n"},
        {"([k:: v])", "field 1..8 k=v\n"},
        {"[k: v:: w]", "field 0..10 k: v=w\n"},
    };
    ASSERT_FACTS(rows);
}

static void test_what_is_in_code_or_has_no_key_is_no_field(void **state)
{
    (void)state;
    static const struct markdown_fact rows[] = {
        {":: a", ""},
        {"::: a", ""},
        {"`key:: a`", ""},
        {"`[k:: v]`", ""},
        {"```\nkey:: a\n```", ""},
        {"    key:: a", ""},
        {"<!-- key:: a -->", ""},
        {"%% key:: a %%", ""},
        {"%%\nkey:: a\n%%", ""},
        {"$k:: v$", ""},
        {"a, b:: c", ""},
        {"a. b:: c", ""},
        {"\"a\":: b", ""},
        {"[[a::b]]", "wiki 0..8 target=a::b\n"},
        {"[a:: b](c)", "markdown 0..10 target=c alias=a:: b\n"},
        {"https://x.y/a::b", "external 0..16 target=https://x.y/a::b\n"},
        {"- [ ] key:: a", "task 0..13 [ ] key:: a\n"},
        {"| key:: a |\n|---|", ""},
        {"key: : a", ""},
        {"[:: a]", ""},
        {"\\[k:: v]", ""},
        {"[k:: v", ""},
        {"a\\:: b", ""},
        {"!!:: a", ""},
        {"![a:: b](c)", "embed 0..11 target=c alias=a:: b\n"},
        {"> [!note] key:: a", ""},
    };
    ASSERT_FACTS(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_line_may_be_a_field),
        cmocka_unit_test(test_a_field_may_stand_in_brackets),
        cmocka_unit_test(test_what_is_in_code_or_has_no_key_is_no_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

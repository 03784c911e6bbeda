// SPDX-License-Identifier: MIT
/* Tags: what is one, and where. */
#include "markdown_facts.h"

static void test_a_tag_is_a_number_sign_and_a_name(void **state)
{
    (void)state;
    static const struct markdown_fact rows[] = {
        {"#a", "tag 0..2 a\n"},
        {"x #a y", "tag 2..4 a\n"},
        {"#a/b/c", "tag 0..6 a/b/c\n"},
        {"#a-b_c", "tag 0..6 a-b_c\n"},
        {"#2024/x", "tag 0..7 2024/x\n"},
        {"#1a", "tag 0..3 1a\n"},
        {"#a1", "tag 0..3 a1\n"},
        {"#Ünï", "tag 0..6 Ünï\n"},
        {"#日本", "tag 0..7 日本\n"},
        {"#✅done", "tag 0..8 ✅done\n"},
        {"#🎉", "tag 0..5 🎉\n"},
        {"#a.b", "tag 0..2 a\n"},
        {"#a,b", "tag 0..2 a\n"},
        {"#a:b", "tag 0..2 a\n"},
        {"#a'b", "tag 0..2 a\n"},
        {"#a’b", "tag 0..2 a\n"},
        {"#a!", "tag 0..2 a\n"},
        {"#a)", "tag 0..2 a\n"},
        {"(x #a)", "tag 3..5 a\n"},
        {"#a&b", "tag 0..2 a\n"},
        {"#a@b", "tag 0..2 a\n"},
        {"#a*b", "tag 0..2 a\n"},
        {"#a\\_b", "tag 0..2 a\n"},
        {"#a/", "tag 0..3 a/\n"},
        {"#-", "tag 0..2 -\n"},
        {"#_", "tag 0..2 _\n"},
        {"#a#b", "tag 0..2 a\ntag 2..4 b\n"},
        {"x #a#1#b", "tag 2..4 a\n"},
        {"#a\t#b\u00A0#c\u3000#d\u2003#e",
         "tag 0..2 a\ntag 3..5 b\ntag 7..9 c\ntag 12..14 d\ntag 17..19 e\n"},
        {"#a\u200Bb", "tag 0..2 a\n"},
        {"#a\n#b\r\n#c", "tag 0..2 a\ntag 3..5 b\ntag 7..9 c\n"},
        {"#a [[b]] #c", "wiki 3..8 target=b\ntag 0..2 a\ntag 9..11 c\n"},
        {"#a|b", "tag 0..2 a\n"},
        {"#\u200Da", ""},
        {"#été", "tag 0..6 été\n"},
    };
    ASSERT_FACTS(rows);
}

static void test_what_is_only_digits_or_stands_in_a_word_is_no_tag(void **state)
{
    (void)state;
    static const struct markdown_fact rows[] = {
        {"#1", ""},
        {"#123 #", ""},
        {"# a", "h1 0..3 a\n"},
        {"#", ""},
        {"##", ""},
        {"##a", ""},
        {"a#b", ""},
        {"a.#b", ""},
        {"(#a)", ""},
        {"\"#a\"", ""},
        {"[#a]", ""},
        {"，#a", ""},
        {"。#a #b", "tag 6..8 b\n"},
        {"\\#a", ""},
        {"&#35;a", ""},
        {"&#a;", ""},
        {"`x`#a", ""},
        {"[x](y)#a", "markdown 0..6 target=y alias=x\n"},
        {"C#", ""},
        {"/#a", ""},
        {"#!a", ""},
        {"#,", ""},
        {"-#a", ""},
        {"1.#a", ""},
        {"<b>#a</b>", ""},
        {"^#a", ""},
    };
    ASSERT_FACTS(rows);
}

static void test_a_tag_may_be_the_first_word_of_emphasis(void **state)
{
    (void)state;
    static const struct markdown_fact rows[] = {
        {"*#a*", "tag 1..3 a\n"},
        {"**#a** b", "tag 2..4 a\n"},
        {"x **#a**", "tag 4..6 a\n"},
        {"x _#a_ y", "tag 3..5 a\n"},
        {"~~#a~~", "tag 2..4 a\n"},
        {"==#a==", "tag 2..4 a\n"},
        {"x ==#a== y", "tag 4..6 a\n"},
        {"***#a***", "tag 3..5 a\n"},
        {"x**#a**", ""},
        {"a*#b*", ""},
        {"* #a", "tag 2..4 a\n"},
        {"\\*#a*", ""},
        {"*x #a*", "tag 3..5 a\n"},
        {"[*#a*](b)", "markdown 0..9 target=b alias=#a\n"},
        {"x=#a", ""},
        {"> **#a**", "tag 4..6 a\n"},
        {">**#a**", "tag 3..5 a\n"},
        {"- *#a*", "tag 3..5 a\n"},
        {"| **#a** |\n|--|", "tag 4..6 a\n"},
        {"`x`*#a*", ""},
    };
    ASSERT_FACTS(rows);
}

static void test_tags_stand_in_every_kind_of_block(void **state)
{
    (void)state;
    static const struct markdown_fact rows[] = {
        {"# #a\n", "tag 2..4 a\nh1 0..4 #a\n"},
        {"# T #a #b ##\n", "tag 4..6 a\ntag 7..9 b\nh1 0..12 T #a #b\n"},
        {"T #a\n---", "tag 2..4 a\nh2 0..8 T #a\n"},
        {"- #a\n  1. #b", "tag 2..4 a\ntag 10..12 b\n"},
        {"- [ ] #a", "tag 6..8 a\ntask 0..8 [ ] #a\n"},
        {"> #a\n>#b", "tag 2..4 a\ntag 6..8 b\n"},
        {"> [!note] #a\n> #b", "tag 10..12 a\ntag 15..17 b\n"},
        {"| #a | b#c |\n|:-:|---|\n| x #d | `#e` |\n| \\| #f | #g\\|h |",
         "tag 2..4 a\ntag 27..29 d\ntag 44..46 f\ntag 49..51 g\n"},
        {"\t#a", ""},
        {"a\n    #b", "tag 6..8 b\n"},
        {"x\n#a\n===", "tag 2..4 a\nh1 0..8 x #a\n"},
        {"\uFEFF#a", "tag 3..5 a\n"},
        {"#a", "tag 0..2 a\n"},
        {"line  \n#a\\\n#b", "tag 7..9 a\ntag 11..13 b\n"},
        {"a\r#b", "tag 2..4 b\n"},
        {"- a\n\n  #b", "tag 7..9 b\n"},
        {"[^1]: #a", "tag 6..8 a\n"},
        {"#a ^id", "tag 0..2 a\nblock 3..6 id\n"},
        {"key:: #a", "tag 6..8 a\nfield 0..8 key=#a\n"},
        {"#a %% x %% #b", "tag 0..2 a\ntag 11..13 b\n"},
        {"x\n- #a\n#b", "tag 4..6 a\ntag 7..9 b\n"},
    };
    ASSERT_FACTS(rows);
}

static void test_nothing_in_code_html_comments_formulas_or_targets_is_a_tag(void **state)
{
    (void)state;
    static const struct markdown_fact rows[] = {
        {"`#a` #b", "tag 5..7 b\n"},
        {"```\n#a\n```", ""},
        {"~~~\n #a", ""},
        {"    #a", ""},
        {"- a\n\n\t\t#b", ""},
        {"<!-- #a -->", ""},
        {"x <!-- #a --> #b", "tag 14..16 b\n"},
        {"<p>\n#a\n</p>", ""},
        {"<a b=\" #c\"> #d", "tag 12..14 d\n"},
        {"<style>\n #a {}\n\n #b {}\n</style>", ""},
        {"%% #a %% #b", "tag 9..11 b\n"},
        {"%%\n#a\n\n#b\n%%\n#c", "tag 13..15 c\n"},
        {"$ #a$", "tag 2..4 a\n"},
        {"$x #a$ #b", "tag 7..9 b\n"},
        {"$$\n#a\n$$", ""},
        {"[x](#a)", "markdown 0..7 heading=a alias=x\n"},
        {"[x]( #a )", "markdown 0..9 heading=a alias=x\n"},
        {"[x #a](b)", "markdown 0..9 target=b alias=x #a\n"},
        {"![x #a](b)", "embed 0..10 target=b alias=x #a\n"},
        {"[[x #a]]", "wiki 0..8 target=x heading=a\n"},
        {"[[#a]]", "wiki 0..6 heading=a\n"},
        {"[[x| #a]]", "wiki 0..9 target=x alias=#a\n"},
        {"https://x.y/ #a", "external 0..12 target=https://x.y/\ntag 13..15 a\n"},
        {"https://x.y/#a", "external 0..14 target=https://x.y/#a\n"},
        {"<https://x.y/#a>", "external 0..16 target=https://x.y/#a\n"},
        {"[a]: b 'c #d'\n", ""},
        {"```js #a\n```", ""},
        {"> ```\n> #a", ""},
        {"x `#a\n#b` #c", "tag 10..12 c\n"},
        {"![[x #a]]", "embed 0..9 target=x heading=a\n"},
        {"<x\n#a>", "tag 3..5 a\n"},
        {"<![CDATA[ #a ]]>", ""},
        {"<?x #a ?>", ""},
        {"\\`#a`", ""},
    };
    ASSERT_FACTS(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_tag_is_a_number_sign_and_a_name),
        cmocka_unit_test(test_what_is_only_digits_or_stands_in_a_word_is_no_tag),
        cmocka_unit_test(test_a_tag_may_be_the_first_word_of_emphasis),
        cmocka_unit_test(test_tags_stand_in_every_kind_of_block),
        cmocka_unit_test(test_nothing_in_code_html_comments_formulas_or_targets_is_a_tag),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

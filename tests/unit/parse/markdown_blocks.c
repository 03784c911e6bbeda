// SPDX-License-Identifier: MIT
/* Headings and block ids. */
#include "markdown_facts.h"

static void test_a_heading_spans_its_marks_and_shows_its_text(void **state)
{
    (void)state;
    static const struct markdown_fact rows[] = {
        {"# a", "h1 0..3 a\n"},
        {"###### a", "h6 0..8 a\n"},
        {"# a #", "h1 0..5 a\n"},
        {"## a ## b ##  ", "h2 0..12 a ## b\n"},
        {"#\ta", "h1 0..3 a\n"},
        {"# *a* **b** `c` ~~d~~", "h1 0..21 a b c d\n"},
        {"# [[a]] [[b|c]] [[d#e]] [[#f]]",
         "wiki 2..7 target=a\nwiki 8..15 target=b alias=c\nwiki 16..23 target=d heading=e\nwiki "
         "24..30 heading=f\nh1 0..30 a c d > e f\n"},
        {"# [a](b) ![c](d) <https://x.y>",
         "markdown 2..8 target=b alias=a\nembed 9..16 target=d alias=c\nexternal 17..30 "
         "target=https://x.y\nh1 0..30 a c https://x.y\n"},
        {"# a <b>c</b> &amp; \\# d", "h1 0..23 a c & # d\n"},
        {"# a %% b %% c", "h1 0..13 a c\n"},
        {"# $x$ a", "h1 0..7 a\n"},
        {"# a ^id", "h1 0..7 a\nblock 4..7 id\n"},
        {"  # a", "h1 2..5 a\n"},
        {"   ## a", "h2 3..7 a\n"},
        {"> # a", "h1 2..5 a\n"},
        {"- # a\n  ## b", "h1 2..5 a\nh2 8..12 b\n"},
        {"# a\r\n## b\r\n", "h1 0..3 a\nh2 5..9 b\n"},
        {"# a\n# b\n\n# c", "h1 0..3 a\nh1 4..7 b\nh1 9..12 c\n"},
        {"a\n# b\nc", "h1 2..5 b\n"},
        {"# é 日本 🎉", "h1 0..16 é 日本 🎉\n"},
        {"# a\\", "h1 0..4 a\\\n"},
        {"# # a", "h1 0..5 # a\n"},
        {"# a#b", "h1 0..5 a#b\n"},
        {"# ![[a]] b", "embed 2..8 target=a\nh1 0..10 b\n"},
        {"# a  \t b", "h1 0..8 a b\n"},
        {"# ==a== ~~b~~ c == d ~~ === ~e~", "h1 0..31 a b c == d ~~ === ~e~\n"},
        {"# [==a==](b)", "markdown 2..12 target=b alias=a\nh1 0..12 a\n"},
        {"# [^1] a", "h1 0..8 a\n"},
        {"1. # a", "h1 3..6 a\n"},
    };
    ASSERT_FACTS(rows);
}

static void test_a_heading_may_be_underlined(void **state)
{
    (void)state;
    static const struct markdown_fact rows[] = {
        {"a\n=", "h1 0..3 a\n"},
        {"a\n---", "h2 0..5 a\n"},
        {"a\nb\n===", "h1 0..7 a b\n"},
        {"  a\n  ===  ", "h1 2..9 a\n"},
        {"> a\n> ---", "h2 2..9 a\n"},
        {"- a\n  ---", "h2 2..9 a\n"},
        {"**a**\n==", "h1 0..8 a\n"},
        {"a ^id\n===", "h1 0..9 a\nblock 2..5 id\n"},
        {"a\r\n===\r\n", "h1 0..6 a\n"},
        {"a\n--- -", ""},
        {"[a](b)\n-", "markdown 0..6 target=b alias=a\nh2 0..8 a\n"},
        {"`a`\n==", "h1 0..6 a\n"},
    };
    ASSERT_FACTS(rows);
}

static void test_what_has_no_text_or_no_space_is_no_heading(void **state)
{
    (void)state;
    static const struct markdown_fact rows[] = {
        {"#", ""},
        {"##", ""},
        {"# #", ""},
        {"#a", "tag 0..2 a\n"},
        {"####### a", ""},
        {"\\# a", ""},
        {"    # a", ""},
        {"```\n# a\n```", ""},
        {"<!--\n# a\n-->", ""},
        {"%%\n# a\n%%", ""},
        {"$$\n# a\n$$", ""},
        {"===", ""},
        {"a\n\n===", ""},
        {"# ![[a]]", "embed 2..8 target=a\n"},
        {"# %%a%%", ""},
        {"%% a\n# b %% c", ""},
        {"- a\n---", ""},
        {"| a |\n|---|\n| # b |", ""},
    };
    ASSERT_FACTS(rows);
}

static void test_a_block_id_ends_its_block(void **state)
{
    (void)state;
    static const struct markdown_fact rows[] = {
        {"a ^id", "block 2..5 id\n"},
        {"^id", "block 0..3 id\n"},
        {"a ^a-1B", "block 2..7 a-1B\n"},
        {"a\nb ^id", "block 4..7 id\n"},
        {"a\n^id", "block 2..5 id\n"},
        {"- a ^x\n- b ^y\n  - c ^z", "block 4..6 x\nblock 11..13 y\nblock 20..22 z\n"},
        {"# a ^id", "h1 0..7 a\nblock 4..7 id\n"},
        {"a ^id\n===", "h1 0..9 a\nblock 2..5 id\n"},
        {"> a ^id", "block 4..7 id\n"},
        {"> a\n> ^id", "block 6..9 id\n"},
        {"> a\n\n^id", "block 5..8 id\n"},
        {"a ^id  ", "block 2..5 id\n"},
        {"a ^id\t", "block 2..5 id\n"},
        {"a ^id\r\n", "block 2..5 id\n"},
        {"- a\n  ^id", "block 6..9 id\n"},
        {"- a\n\n  ^id", "block 7..10 id\n"},
        {"| a |\n|---|\n| b |\n^id", "block 18..21 id\n"},
        {"> | a |\n> |---|\n> ^id", "block 18..21 id\n"},
        {"```\na\n```\n^id", "block 10..13 id\n"},
        {"*a* ^id", "block 4..7 id\n"},
        {"[a](b) ^id", "markdown 0..6 target=b alias=a\nblock 7..10 id\n"},
        {"[[a]] ^id", "wiki 0..5 target=a\nblock 6..9 id\n"},
        {"`a` ^id", "block 4..7 id\n"},
        {"%%a%% ^id", "block 6..9 id\n"},
        {"a ^id\n\nb ^id", "block 2..5 id\nblock 9..12 id\n"},
        {"a ^id\n- b", "block 2..5 id\n"},
        {"a  ^id", "block 3..6 id\n"},
        {"\t^id\n", ""},
        {"a ^1", "block 2..4 1\n"},
        {"1. a ^id", "block 5..8 id\n"},
    };
    ASSERT_FACTS(rows);
}

static void test_what_does_not_end_its_block_is_no_block_id(void **state)
{
    (void)state;
    static const struct markdown_fact rows[] = {
        {"a ^id b", ""},
        {"a ^id\nb", ""},
        {"a^id", ""},
        {"a ^", ""},
        {"a ^i_d", ""},
        {"a ^i.d", ""},
        {"a ^é", ""},
        {"a ^^id", ""},
        {"a \\^id", ""},
        {"`^id`", ""},
        {"a `^id`", ""},
        {"```\n^id\n```", ""},
        {"%% ^id %%", ""},
        {"a %%\n^id\n%%", ""},
        {"x^2 ^", ""},
        {"| a ^id |\n|---|", ""},
        {"| a ^id | b |\n|---|---|\n^x | y", ""},
        {"a ^id [b](c)", "markdown 6..12 target=c alias=b\n"},
        {"a ^id[[b]]", "wiki 5..10 target=b\n"},
        {"a ^id **", ""},
        {"[^id]: a", ""},
        {"[a ^id](b)", "markdown 0..10 target=b alias=a ^id\n"},
        {"$x ^id$", ""},
    };
    ASSERT_FACTS(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_heading_spans_its_marks_and_shows_its_text),
        cmocka_unit_test(test_a_heading_may_be_underlined),
        cmocka_unit_test(test_what_has_no_text_or_no_space_is_no_heading),
        cmocka_unit_test(test_a_block_id_ends_its_block),
        cmocka_unit_test(test_what_does_not_end_its_block_is_no_block_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

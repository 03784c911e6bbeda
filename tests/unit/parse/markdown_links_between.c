// SPDX-License-Identifier: MIT
/* Links beside each other, in each kind of block, and in what hides them; addresses in the text. */
#include "markdown_facts.h"

static void test_an_address_in_the_text_is_a_link(void **state)
{
    (void)state;
    static const struct markdown_fact rows[] = {
        {"<https://x.y/z>", "external 0..15 target=https://x.y/z\n"},
        {"see <mailto:a@b.c>.", "external 4..18 target=mailto:a@b.c\n"},
        {"<a@b.c>", "external 0..7 target=mailto:a@b.c\n"},
        {"https://x.y", "external 0..11 target=https://x.y\n"},
        {"(https://x.y)", "external 1..12 target=https://x.y\n"},
        {"https://x.y/a_(b)", "external 0..17 target=https://x.y/a_(b)\n"},
        {"https://x.y, and", "external 0..11 target=https://x.y\n"},
        {"https://x.y/a*b*c_d_", "external 0..19 target=https://x.y/a*b*c_d\n"},
        {"*https://x.y*", "external 1..12 target=https://x.y\n"},
        {"**https://x.y/**.", "external 2..14 target=https://x.y/\n"},
        {"==https://x.y== ~~https://x.y~~",
         "external 2..13 target=https://x.y\nexternal 18..29 target=https://x.y\n"},
        {"https://x.y/?a==", "external 0..16 target=https://x.y/?a==\n"},
        {"https://x.y?a=b&c=d#e", "external 0..21 target=https://x.y?a=b&c=d#e\n"},
        {"https://x.y/&amp;z", "external 0..18 target=https://x.y/&amp;z\n"},
        {"\"https://x.y\"", "external 1..12 target=https://x.y\n"},
        {"<b>https://x.y</b>", "external 3..14 target=https://x.y\n"},
        {"http://a https://b", "external 0..8 target=http://a\nexternal 9..18 target=https://b\n"},
        {"obsidian://open?vault=a", "external 0..23 target=obsidian://open?vault=a\n"},
        {"file:///tmp/a", "external 0..13 target=file:///tmp/a\n"},
        {"mailto:a@b.c", "external 0..12 target=mailto:a@b.c\n"},
        {"mailto:nobody", ""},
        {"見https://x.y。次", "external 3..14 target=https://x.y\n"},
        {"https://", ""},
        {"https:// x", ""},
        {"a:b", ""},
        {"x://", ""},
        {"1://x", ""},
        {"[https://x.y]", "external 1..12 target=https://x.y\n"},
        {"https://x.y/[1]", "external 0..15 target=https://x.y/[1]\n"},
        {"see:https://x.y", "external 4..15 target=https://x.y\n"},
        {"https://日本.jp/路", "external 0..21 target=https://日本.jp/路\n"},
        {"`https://x.y`", ""},
        {"www.x.y", ""},
        {"https://x.y|z", "external 0..11 target=https://x.y\n"},
        {"//x.y", ""},
        {"[a](//x.y)", "external 0..10 target=//x.y alias=a\n"},
        {"[a](HTTPS://x.y)", "external 0..16 target=HTTPS://x.y alias=a\n"},
        {"[a](mailto:b@c.d)", "external 0..17 target=mailto:b@c.d alias=a\n"},
        {"[https://x.y](https://x.y)", "external 0..26 target=https://x.y\n"},
        {"[a](tel:123)", "external 0..12 target=tel:123 alias=a\n"},
        {"https://x.y/%%20", "external 0..16 target=https://x.y/%%20\n"},
        {"https://x.y\\\nz", "external 0..11 target=https://x.y\n"},
    };
    ASSERT_FACTS(rows);
}

static void test_a_wikilink_wins_over_the_link_around_it(void **state)
{
    (void)state;
    static const struct markdown_fact rows[] = {
        {"[[a]](b)", "wiki 0..5 target=a\n"},
        {"[[1]](https://x.y/z#w) [[2]](<https://x.y>)",
         "wiki 0..5 target=1\nexternal 6..21 target=https://x.y/z#w\nwiki 23..28 "
         "target=2\nexternal 30..41 target=https://x.y\n"},
        {"[see [[a]] there](b.md)", "wiki 5..10 target=a\n"},
        {"[[a]](b) [c](d)", "wiki 0..5 target=a\nmarkdown 9..15 target=d alias=c\n"},
        {"[[a]\\](b)", ""},
        {"[[squid] x](y) [[z]]", "markdown 0..14 target=y alias=[squid] x\nwiki 15..20 target=z\n"},
        {"[[a|b]][c]\n\n[c]: d", "wiki 0..7 target=a alias=b\n"},
        {"[[a]]\n\n[a]: b", "wiki 0..5 target=a\n"},
        {"[[[a]]](b)", "wiki 1..6 target=a\n"},
        {"[![[a]]](b)", "markdown 0..11 target=b\nembed 1..7 target=a\n"},
        {"a\n\n![](b\\_c.png)\n\n![](d&amp;e.png) f\n\n![][r]\n\n[r]: g.png",
         "embed 3..16 target=b_c.png\nembed 18..34 target=d&e.png\nembed 38..44 target=g.png\n"},
        {"a\n\n[r]: b\n\n![][r]\n\n- ![](c\\_d.png)",
         "embed 11..17 target=b\nembed 21..34 target=c_d.png\n"},
        {"![[a|[]](b)]()", "embed 0..8 target=a alias=[\n"},
        {"![[a|[]](b)](c)", "embed 0..8 target=a alias=[\n"},
        {"![[a|b ![]](c)](d)", "embed 0..11 target=a alias=b ![\n"},
        {"![alt [[a]]](b.png)", "embed 0..19 target=b.png alias=alt [[a]]\n"},
        {"[x](y [[a]] z)", "wiki 6..11 target=a\n"},
    };
    ASSERT_FACTS(rows);
}

static void test_links_stand_in_every_kind_of_block(void **state)
{
    (void)state;
    static const struct markdown_fact rows[] = {
        {"# [[a]]\n", "wiki 2..7 target=a\nh1 0..7 a\n"},
        {"## x [a](b) ##\n", "markdown 5..11 target=b alias=a\nh2 0..14 x a\n"},
        {"[[a]]\n===\n", "wiki 0..5 target=a\nh1 0..9 a\n"},
        {"- [[a]]\n", "wiki 2..7 target=a\n"},
        {"1) [a](b)\n   - [[c]]\n\n     [[d]]",
         "markdown 3..9 target=b alias=a\nwiki 15..20 target=c\nwiki 27..32 target=d\n"},
        {"> [[a]]\n> > [b](c)\nlazy [[d]]",
         "wiki 2..7 target=a\nmarkdown 12..18 target=c alias=b\nwiki 24..29 target=d\n"},
        {"> [!note]- T [[a]]\n> [[b]]", "wiki 13..18 target=a\nwiki 21..26 target=b\n"},
        {"| a [[b]] | [c](d) |\n|---|---|\n| [[e\\|f]] | ![[g\\|1]] |\n| [[h|i]] | x |",
         "wiki 4..9 target=b\nmarkdown 12..18 target=d alias=c\nwiki 33..41 target=e "
         "alias=f\nembed 44..53 target=g alias=1\n"},
        {"a\n[[b]]\n\tc [[d]]", "wiki 2..7 target=b\nwiki 11..16 target=d\n"},
        {"- a\n\n    [[b]]", "wiki 9..14 target=b\n"},
        {"[[a]]\r\n\r\n- [b](c)\r\n", "wiki 0..5 target=a\nmarkdown 11..17 target=c alias=b\n"},
        {"\uFEFF[[a]]", "wiki 3..8 target=a\n"},
        {"\uFEFF# [[a]]", "wiki 5..10 target=a\nh1 3..10 a\n"},
        {"[[a]]  \n[[b]]\\\n[[c]]",
         "wiki 0..5 target=a\nwiki 8..13 target=b\nwiki 15..20 target=c\n"},
        {"a\r[[b]]\r[c](d)", "wiki 2..7 target=b\nmarkdown 8..14 target=d alias=c\n"},
        {"* * [[a]]", "wiki 4..9 target=a\n"},
        {"<div>\n\n[[a]]\n\n</div>", "wiki 7..12 target=a\n"},
        {"x<br>[[a]]<!-- c -->[[b]]", "wiki 5..10 target=a\nwiki 20..25 target=b\n"},
        {"***\n[a](b)\n---\n[[c]]",
         "markdown 4..10 target=b alias=a\nwiki 15..20 target=c\nh2 4..14 a\n"},
        {"\t- [[a]]", ""},
        {"- a\n\t- [a](b)\n\t\t- [[c]]", "markdown 7..13 target=b alias=a\nwiki 18..23 target=c\n"},
        {"[a\n> b](c)", ""},
        {"> [a\n> b](c)", "markdown 2..12 target=c alias=a b\n"},
        {"> [a](\n> b)", "markdown 2..11 target=b alias=a\n"},
    };
    ASSERT_FACTS(rows);
}

static void test_nothing_in_code_html_comments_or_formulas_is_a_link(void **state)
{
    (void)state;
    static const struct markdown_fact rows[] = {
        {"`[[a]]` [[b]]", "wiki 8..13 target=b\n"},
        {"``[[a]] ` [b](c)`` [[d]]", "wiki 19..24 target=d\n"},
        {"```\n[[a]]\n```\n[[b]]", "wiki 14..19 target=b\n"},
        {"~~~ js [[a]]\n[[b]]\n~~~", ""},
        {"```\n[[a]]", ""},
        {"    [[a]]\n\n[[b]]", "wiki 11..16 target=b\n"},
        {"- a\n\n      [[b]]", ""},
        {"> ```\n> [[a]]\n> ```\n> [[b]]", "wiki 22..27 target=b\n"},
        {"<!-- [[a]] --> [[b]]", ""},
        {"<!--\n[[a]]\n\n[[b]]\n-->\n[[c]]", "wiki 22..27 target=c\n"},
        {"<div>[[a]]\n[b](c)</div>\n\n[[d]]", "wiki 25..30 target=d\n"},
        {"<a href=\"[[a]]\">[[b]]</a>", "wiki 16..21 target=b\n"},
        {"%% [[a]] %% [[b]]", "wiki 12..17 target=b\n"},
        {"%%\n[[a]]\n\n- [b](c)\n%%\n[[d]]", "wiki 22..27 target=d\n"},
        {"x %% [[a]]\n%% [[b]]", "wiki 5..10 target=a\nwiki 14..19 target=b\n"},
        {"%% [[a]]", "wiki 3..8 target=a\n"},
        {"100 %% [[a]]", "wiki 7..12 target=a\n"},
        {"`%%` [[a]] `%%`", "wiki 5..10 target=a\n"},
        {"%%\n```\n[[a]]\n```\n%%\n[[b]]", "wiki 20..25 target=b\n"},
        {"x %%[](a)%% [[b]]", "wiki 12..17 target=b\n"},
        {"%%[](a&amp;)%%[b](c)", "markdown 14..20 target=c alias=b\n"},
        {"$[[a]]$ [[b]]", "wiki 8..13 target=b\n"},
        {"$$\n[[a]]\n\n[b](c)\n$$\n[[d]]", "wiki 20..25 target=d\n"},
        {"x $$[[a]]$$ [[b]]", "wiki 12..17 target=b\n"},
        {"$5 [[a]] $6", "wiki 3..8 target=a\n"},
        {"$5[[a]]$6", "wiki 2..7 target=a\n"},
        {"$x\\$[[a]]$", ""},
        {"$ [[a]]$", "wiki 2..7 target=a\n"},
        {"$[[a]]", "wiki 1..6 target=a\n"},
        {"$$[[a]]", "wiki 2..7 target=a\n"},
        {"| $a$ | [[b]] |\n|---|---|\n| $c | d$ [[e]] |",
         "wiki 8..13 target=b\nwiki 36..41 target=e\n"},
        {"\\$[[a]]$", "wiki 2..7 target=a\n"},
        {"%%%%[[a]]", "wiki 4..9 target=a\n"},
        {"> %% [[a]] %%\n> [[b]]", "wiki 16..21 target=b\n"},
        {"- %% [[a]] %%\n- [[b]]", "wiki 16..21 target=b\n"},
        {"[a](b%%c) %% [[d]] %%", "markdown 0..9 target=b%%c alias=a\n"},
        {"%%\n# [[a]]\n%% [[b]]", "wiki 14..19 target=b\n"},
    };
    ASSERT_FACTS(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_address_in_the_text_is_a_link),
        cmocka_unit_test(test_a_wikilink_wins_over_the_link_around_it),
        cmocka_unit_test(test_links_stand_in_every_kind_of_block),
        cmocka_unit_test(test_nothing_in_code_html_comments_or_formulas_is_a_link),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

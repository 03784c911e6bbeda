// SPDX-License-Identifier: MIT
/* Links: what is one, where it begins and ends, and what it points to. */
#include "markdown_facts.h"

static void test_a_wikilink_has_a_target_and_maybe_a_heading_a_block_and_an_alias(void **state)
{
    (void)state;
    static const struct markdown_fact rows[] = {
        {"[[a]]", "wiki 0..5 target=a\n"},
        {"x [[a b]] y", "wiki 2..9 target=a b\n"},
        {"[[ a ]]", "wiki 0..7 target=a\n"},
        {"[[a|b]]", "wiki 0..7 target=a alias=b\n"},
        {"[[a|b|c]]", "wiki 0..9 target=a alias=b|c\n"},
        {"[[a#h]]", "wiki 0..7 target=a heading=h\n"},
        {"[[a#h#sub|b]]", "wiki 0..13 target=a heading=h#sub alias=b\n"},
        {"[[#h]]", "wiki 0..6 heading=h\n"},
        {"[[#^id]]", "wiki 0..8 block=id\n"},
        {"[[a#^id|b]]", "wiki 0..11 target=a block=id alias=b\n"},
        {"[[a#h#^id]]", "wiki 0..11 target=a heading=h block=id\n"},
        {"[[##part]]", "wiki 0..10 heading=part\n"},
        {"[[folder/a.md]]", "wiki 0..15 target=folder/a.md\n"},
        {"[[a]]s", "wiki 0..5 target=a\n"},
        {"no[[a]]", "wiki 2..7 target=a\n"},
        {"[[a]] [[b]]", "wiki 0..5 target=a\nwiki 6..11 target=b\n"},
        {"[[a]][[b]]", "wiki 0..5 target=a\nwiki 5..10 target=b\n"},
        {"[[a_b]] [[_c_]]", "wiki 0..7 target=a_b\nwiki 8..15 target=_c_\n"},
        {"[[a*b]] c*d", "wiki 0..7 target=a*b\n"},
        {"*[[a]]*", "wiki 1..6 target=a\n"},
        {"**bold [[a|b]]**", "wiki 7..14 target=a alias=b\n"},
        {"~~[[a]]~~", "wiki 2..7 target=a\n"},
        {"==[[a]]==", "wiki 2..7 target=a\n"},
        {"[[[a]]]", "wiki 1..6 target=a\n"},
        {"[ [[a]] ]", "wiki 2..7 target=a\n"},
        {"([[a]])", "wiki 1..6 target=a\n"},
        {"[[Über/日本語|🎉]]", "wiki 0..24 target=Über/日本語 alias=🎉\n"},
        {"[[a&amp;b]]", "wiki 0..11 target=a&amp;b\n"},
        {"[[a<b>c]]", "wiki 0..9 target=a<b>c\n"},
        {"[[a`b]]", "wiki 0..7 target=a`b\n"},
        {"[[https://x.y]]", "wiki 0..15 target=https://x.y\n"},
        {"[[a\\|b]]", "wiki 0..8 target=a alias=b\n"},
        {"[[a|]]", "wiki 0..6 target=a\n"},
    };
    ASSERT_FACTS(rows);
}

static void test_an_embed_is_a_wikilink_behind_an_exclamation_mark(void **state)
{
    (void)state;
    static const struct markdown_fact rows[] = {
        {"![[a]]", "embed 0..6 target=a\n"},
        {"![[a.png|300]]", "embed 0..14 target=a.png alias=300\n"},
        {"![[a#h]]", "embed 0..8 target=a heading=h\n"},
        {"x![[a]]", "embed 1..7 target=a\n"},
        {"!![[a]]", "embed 1..7 target=a\n"},
        {"! [[a]]", "wiki 2..7 target=a\n"},
        {"\\![[a]]", "wiki 2..7 target=a\n"},
        {"![[a]](b)", "embed 0..6 target=a\n"},
        {"*![[a]]*", "embed 1..7 target=a\n"},
    };
    ASSERT_FACTS(rows);
}

static void test_what_is_not_closed_or_names_nothing_is_no_wikilink(void **state)
{
    (void)state;
    static const struct markdown_fact rows[] = {
        {"[[a", ""},        {"[[a]", ""},
        {"[a]]", ""},       {"[[]]", ""},
        {"[[ ]]", ""},      {"[[|b]]", ""},
        {"[[#]]", ""},      {"[[a\nb]]", ""},
        {"[[a\r\nb]]", ""}, {"\\[[a]]", ""},
        {"[\\[a]]", ""},    {"\\[\\[a]]", ""},
        {"[[a[b]c]]", ""},  {"[[a [[b]]", "wiki 4..9 target=b\n"},
        {"[[a]b]]", ""},    {"[[a](b)]]", "markdown 1..7 target=b alias=a\n"},
        {"]] [[", ""},      {"[[[[[[", ""},
        {"]]]]]]", ""},     {"[[[[a]]]]", "wiki 2..7 target=a\n"},
    };
    ASSERT_FACTS(rows);
}

static void test_a_markdown_link_spans_from_its_first_bracket_to_its_last(void **state)
{
    (void)state;
    static const struct markdown_fact rows[] = {
        {"[a](b)", "markdown 0..6 target=b alias=a\n"},
        {"x [a](b.md) y", "markdown 2..11 target=b.md alias=a\n"},
        {"[a](<b c.md>)", "markdown 0..13 target=b c.md alias=a\n"},
        {"[a](b \"t\")", "markdown 0..10 target=b alias=a\n"},
        {"[a](b 't')", "markdown 0..10 target=b alias=a\n"},
        {"[a](b (t))", "markdown 0..10 target=b alias=a\n"},
        {"[a]( b )", "markdown 0..8 target=b alias=a\n"},
        {"[a](\n b\n \"t\n u\" )", "markdown 0..17 target=b alias=a\n"},
        {"[a](b(c)d)", "markdown 0..10 target=b(c)d alias=a\n"},
        {"[a](b\\)c)", "markdown 0..9 target=b)c alias=a\n"},
        {"[a](#h)", "markdown 0..7 heading=h alias=a\n"},
        {"[a](b.md#h)", "markdown 0..11 target=b.md heading=h alias=a\n"},
        {"[a](b#^id)", "markdown 0..10 target=b block=id alias=a\n"},
        {"[a](b%20c.md#d%20e)", "markdown 0..19 target=b c.md heading=d e alias=a\n"},
        {"[a](b%23c)", "markdown 0..10 target=b#c alias=a\n"},
        {"[a](%zz%4)", "markdown 0..10 target=%zz%4 alias=a\n"},
        {"[a](%00%ff)", "markdown 0..11 target=%00%ff alias=a\n"},
        {"[**a** `b` c](d)", "markdown 0..16 target=d alias=a b c\n"},
        {"[a [b] c](d)", "markdown 0..12 target=d alias=a [b] c\n"},
        {"[a\nb](c)", "markdown 0..8 target=c alias=a b\n"},
        {"[a]()", ""},
        {"[](a)", "markdown 0..5 target=a\n"},
        {"[a](b) [c](d)", "markdown 0..6 target=b alias=a\nmarkdown 7..13 target=d alias=c\n"},
        {"[a](b)[c](d)", "markdown 0..6 target=b alias=a\nmarkdown 6..12 target=d alias=c\n"},
        {"*[a](b)*", "markdown 1..7 target=b alias=a\n"},
        {"[*a*](b)", "markdown 0..8 target=b alias=a\n"},
        {"**[a](b)** [c](d)", "markdown 2..8 target=b alias=a\nmarkdown 11..17 target=d alias=c\n"},
        {"[a]](b)", ""},
        {"[a] (b)", ""},
        {"[a](b c)", ""},
        {"[a](b.md)s", "markdown 0..9 target=b.md alias=a\n"},
        {"[b.md](b.md)", "markdown 0..12 target=b.md\n"},
        {"[a](my note.md)", ""},
        {"[a](b&amp;c&#32;d&unknown;)", "markdown 0..27 target=b&c d&unknown; alias=a\n"},
        {"[a](b\\_c)", "markdown 0..9 target=b_c alias=a\n"},
        {"[`a`](b)", "markdown 0..8 target=b alias=a\n"},
        {"[ a ](b)", "markdown 0..8 target=b alias=a\n"},
        {"[<b>a</b>](c)", "markdown 0..13 target=c alias=a\n"},
        {"[&lt;](b)", "markdown 0..9 target=b alias=<\n"},
        {"[\\]](b)", "markdown 0..7 target=b alias=]\n"},
        {"[a](b\"c)", "markdown 0..8 target=b\"c alias=a\n"},
        {"[é](ü.md)", "markdown 0..11 target=ü.md alias=é\n"},
        {"[a](c:\\x)", "markdown 0..9 target=c:\\x alias=a\n"},
        {"[a](Note: b)", ""},
        {"[a](<Note: b>)", "markdown 0..14 target=Note: b alias=a\n"},
    };
    ASSERT_FACTS(rows);
}

static void test_an_image_is_an_embed_when_it_is_local(void **state)
{
    (void)state;
    static const struct markdown_fact rows[] = {
        {"![a](b.png)", "embed 0..11 target=b.png alias=a\n"},
        {"![](b.png)", "embed 0..10 target=b.png\n"},
        {"x ![](b%20c.png) y ![](d)", "embed 2..16 target=b c.png\nembed 19..25 target=d\n"},
        {"![a|100](b.png)", "embed 0..15 target=b.png alias=a|100\n"},
        {"![a](https://x.y/z.png)", "external 0..23 target=https://x.y/z.png alias=a\n"},
        {"![*a* b](c)", "embed 0..11 target=c alias=a b\n"},
        {"![a ![b](c) d](e)", "embed 0..17 target=e alias=a d\nembed 4..11 target=c alias=b\n"},
        {"![](a&amp;b.png)", "embed 0..16 target=a&b.png\n"},
        {"![](<a b.png> \"t\")", "embed 0..18 target=a b.png\n"},
        {"# ![](a)", "embed 2..8 target=a\n"},
        {"- ![](a)\n- ![](b)", "embed 2..8 target=a\nembed 11..17 target=b\n"},
        {"| ![](a) | ![](b) |\n|--|--|", "embed 2..8 target=a\nembed 11..17 target=b\n"},
        {"*![](a)*", "embed 1..7 target=a\n"},
        {"[![a](b.png)](c.md)", "markdown 0..19 target=c.md\nembed 1..12 target=b.png alias=a\n"},
        {"[![](b.png)](c.md)", "markdown 0..18 target=c.md\nembed 1..11 target=b.png\n"},
        {"[![](b&amp;.png)](c&amp;.md)",
         "markdown 0..28 target=c&.md\nembed 1..16 target=b&.png\n"},
        {"[x ![](b.png) y](c.md)",
         "markdown 0..22 target=c.md alias=x y\nembed 3..13 target=b.png\n"},
        {"[]![r] [r]\n\n[r]: ](x)", "markdown 7..10 target=](x) alias=r\n"},
        {"[]![r] [r] [x](y)\n\n[r]: z",
         "markdown 7..10 target=z alias=r\nmarkdown 11..17 target=y alias=x\n"},
        {"[x![]()](c) d", "markdown 0..11 target=c alias=x\n"},
        {"[![]()](c)", "markdown 0..10 target=c\n"},
        {"[![](![]()](c) d", "markdown 0..14 target=c alias=![](\n"},
        {"[![](![]()](c))\n\n[^x] #t [[d]]",
         "embed 1..15 target=![]()](c)\nwiki 25..30 target=d\ntag 22..24 t\n"},
        {"![[a](b)](c)", "embed 0..12 target=c alias=a\nmarkdown 2..8 target=b alias=a\n"},
        {"![][r]\n\n[r]: a.png", "embed 0..6 target=a.png\n"},
        {"[]: x\n![](a&amp;b)", "embed 6..18 target=a&b\n"},
    };
    ASSERT_FACTS(rows);
}

static void test_a_reference_takes_its_target_from_the_definition(void **state)
{
    (void)state;
    static const struct markdown_fact rows[] = {
        {"[a][r]\n\n[r]: b.md", "markdown 0..6 target=b.md alias=a\n"},
        {"[a]\n\n[a]: b.md#h", "markdown 0..3 target=b.md heading=h alias=a\n"},
        {"[a][]\n\n[a]: b", "markdown 0..5 target=b alias=a\n"},
        {"[a][r] [r]\n\n[r]: <b c> 't'",
         "markdown 0..6 target=b c alias=a\nmarkdown 7..10 target=b c alias=r\n"},
        {"[a](x y)\n\n[a]: b", "markdown 0..3 target=b alias=a\n"},
        {"[a]: b\n[a] (c)", "markdown 7..10 target=b alias=a\n"},
        {"[a] [b]\n\n[a]: x\n[b]: y",
         "markdown 0..3 target=x alias=a\nmarkdown 4..7 target=y alias=b\n"},
        {"![a]\n\n[a]: b.png", "embed 0..4 target=b.png alias=a\n"},
        {"[A]\n\n[a]: b", "markdown 0..3 target=b alias=A\n"},
        {"[a]:\n  b\n[a]", "markdown 9..12 target=b alias=a\n"},
        {"[a][r]\n", ""},
        {"[a]\n\n> [a]: b", "markdown 0..3 target=b alias=a\n"},
        {"[a]: https://x.y\n\n[a](", "external 18..21 target=https://x.y alias=a\n"},
    };
    ASSERT_FACTS(rows);
}

static void test_a_footnote_is_no_link_and_its_definition_may_hold_some(void **state)
{
    (void)state;
    static const struct markdown_fact rows[] = {
        {"a[^1]\n\n[^1]: https://x.y", "external 13..24 target=https://x.y\n"},
        {"a[^1]\n\n[^1]: see [[b]] #t", "wiki 17..22 target=b\ntag 23..25 t\n"},
        {"[^1][^2]\n\n[^2]: c", ""},
        {"[^1]: [a](b)\n    more [[c]]", "markdown 6..12 target=b alias=a\nwiki 22..27 target=c\n"},
        {"^[inline [[a]]]", "wiki 9..14 target=a\n"},
        {"a[^é]\n\n[^é]: https://x.y", "external 15..26 target=https://x.y\n"},
    };
    ASSERT_FACTS(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_wikilink_has_a_target_and_maybe_a_heading_a_block_and_an_alias),
        cmocka_unit_test(test_an_embed_is_a_wikilink_behind_an_exclamation_mark),
        cmocka_unit_test(test_what_is_not_closed_or_names_nothing_is_no_wikilink),
        cmocka_unit_test(test_a_markdown_link_spans_from_its_first_bracket_to_its_last),
        cmocka_unit_test(test_an_image_is_an_embed_when_it_is_local),
        cmocka_unit_test(test_a_reference_takes_its_target_from_the_definition),
        cmocka_unit_test(test_a_footnote_is_no_link_and_its_definition_may_hold_some),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

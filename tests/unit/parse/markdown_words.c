// SPDX-License-Identifier: MIT
/* What a reader sees of a note: its words, and its first paragraph. */
#include "markdown_facts.h"

static struct note read_text(struct markdown_reader *reader, const char *text)
{
    struct note note;
    struct str source = str_of(text);
    assert_int_equal(markdown_read(reader, source, 0, (uint32_t)source.length, NULL, &note, NULL),
                     NEXUS_OK);
    return note;
}

static void test_words_are_counted_as_a_reader_sees_them(void **state)
{
    (void)state;
    static const struct {
        const char *note;
        uint32_t words;
    } rows[] = {
        {"", 0},
        {"a", 1},
        {"a b", 2},
        {"a-b", 1},
        {"don't", 1},
        {"don’t", 1},
        {"a--b", 1},
        {"a - b", 2},
        {"a_b", 1},
        {"1,000.5", 1},
        {"1. 2", 1},
        {"3.14", 1},
        {"a.b", 2},
        {"a, b", 2},
        {"e.g. x", 3},
        {"a/b", 2},
        {"a:b", 2},
        {"x^2", 2},
        {"C++", 1},
        {"#tag", 1},
        {"Über Ñandú", 2},
        {"Привет мир", 2},
        {"日本語", 3},
        {"日本 go 語", 4},
        {"ひらがな カタカナ", 8},
        {"안녕 세상", 2},
        {"a🎉b", 2},
        {"🎉", 0},
        {"«a» „b“", 2},
        {"a…b", 2},
        {"a\u00A0b", 2},
        {"a\u3000b", 2},
        {"สวัสดี", 1},
        {"नमस्ते दुनिया", 2},
        {"# a b\n\nc", 3},
        {"**b**old", 1},
        {"*a* b", 2},
        {"[a b](https://x.y/z)", 2},
        {"![a b](c)", 0},
        {"[[a b]]", 2},
        {"[[a|b c d]]", 3},
        {"[[a]]s", 1},
        {"[[a#b]]", 2},
        {"![[a b]]", 0},
        {"https://x.y/z", 4},
        {"<https://x.y>", 3},
        {"`a b`", 2},
        {"```js\na b\nc\n```", 3},
        {"    a b", 2},
        {"<b>a</b>c", 2},
        {"<!-- a b -->", 0},
        {"a<br>b", 2},
        {"<div>\na b\n</div>", 0},
        {"%% a b %% c", 1},
        {"%%\na b\n\nc\n%% d", 1},
        {"$a b$ c", 1},
        {"$$\na b\n$$", 0},
        {"- [x] a", 1},
        {"1. a\n2. b", 2},
        {"> [!note] a\n> b", 2},
        {"| a | b |\n|---|---|\n| c d | e |", 5},
        {"a ^id", 1},
        {"a[^1]\n\n[^1]: b", 2},
        {"AT&amp;T", 2},
        {"a&nbsp;b", 2},
        {"a\nb\nc", 3},
        {"a\\\nb", 2},
        {"key:: value", 2},
        {"\uFEFFa", 1},
        {"---", 0},
        {"a\n---\nb", 2},
        {"\\# a", 1},
        {"a\\*b", 2},
    };
    struct markdown_reader *reader = markdown_reader_new();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct note note = read_text(reader, rows[i].note);
        if (note.words != rows[i].words)
            print_message("in the note:\n%s\n", rows[i].note);
        assert_int_equal(note.words, rows[i].words);
    }
    markdown_reader_free(reader);
}

static void test_the_lead_is_the_first_paragraph_that_shows_text(void **state)
{
    (void)state;
    static const struct {
        const char *note, *lead;
    } rows[] = {
        {"a", "a"},
        {"# t\n\na *b* [c](d) [[e|f]]\n\ng", "a b c f"},
        {"", ""},
        {"# t", ""},
        {"- a\n\nb", "b"},
        {"> a\n\nb", "b"},
        {"| a |\n|---|\n\nb", "b"},
        {"```\na\n```\nb", "b"},
        {"a\nb  \nc", "a b c"},
        {"a  b\t c", "a b c"},
        {"![x](y)\n\nb", "b"},
        {"![[x]]\n\nb", "b"},
        {"[![x](y)](z)\n\nb", "b"},
        {"%% x %%\n\nb", "b"},
        {"%%\nx\n\ny\n%%\nb", "b"},
        {"a %% x %% b", "a b"},
        {"<div>x</div>\n\nb", "b"},
        {"a <b>b</b> c", "a b c"},
        {"a `b` $c$ d", "a b d"},
        {"^id\n\nb", "b"},
        {"a ^id", "a"},
        {"a &amp; \\*b\\*", "a & *b*"},
        {"https://x.y a", "https://x.y a"},
        {"#a b", "#a b"},
        {"a[^1] b", "a b"},
        {"---\n\nb", "b"},
        {"- a", ""},
        {"[x]: y\n\nb", "b"},
        {"  a", "a"},
        {"a\r\nb\r\n\r\nc", "a b"},
        {"\uFEFFa", "a"},
    };
    struct markdown_reader *reader = markdown_reader_new();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct note note = read_text(reader, rows[i].note);
        char lead[64];
        snprintf(lead, sizeof lead, "%.*s", STR_ARG(note.lead));
        assert_string_equal(lead, rows[i].lead);
    }
    markdown_reader_free(reader);
}

static void test_a_long_lead_is_cut_between_characters(void **state)
{
    (void)state;
    STRBUF_SCOPED text = {0};
    strbuf_add_text(&text, "a");
    for (int i = 0; i < 400; i++)
        strbuf_add_text(&text, "\u00E9");
    struct markdown_reader *reader = markdown_reader_new();
    struct note note = read_text(reader, text.at);
    assert_int_equal(note.lead.length, MARKDOWN_LEAD_LIMIT - 1);
    assert_int_equal(note.lead.at[note.lead.length - 1], '\xA9');
    markdown_reader_free(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_are_counted_as_a_reader_sees_them),
        cmocka_unit_test(test_the_lead_is_the_first_paragraph_that_shows_text),
        cmocka_unit_test(test_a_long_lead_is_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

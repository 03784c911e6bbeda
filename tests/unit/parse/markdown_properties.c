// SPDX-License-Identifier: MIT
/* What front matter says of a note. It is JSON here, which is YAML, too: the tape is the same. */
#include "markdown_facts.h"

#include "parse/json.h"

struct fixture {
    struct markdown_reader *reader;
    struct tape tape;
    struct note note;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    fixture->reader = markdown_reader_new();
    *state = fixture;
    return fixture->reader ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    markdown_reader_free(fixture->reader);
    tape_finish(&fixture->tape);
    free(fixture);
    return 0;
}

static void read_note(struct fixture *fixture, struct str source, uint32_t body_start)
{
    assert_int_equal(markdown_read(fixture->reader, source, body_start, (uint32_t)source.length,
                                   &fixture->tape, &fixture->note, NULL),
                     NEXUS_OK);
}

static void assert_properties(struct fixture *fixture, const char *front, const char *facts)
{
    STRBUF_SCOPED out = {0};
    struct str source = str_of(front);
    assert_true(json_scan(source, &fixture->tape, NULL));
    read_note(fixture, source, (uint32_t)source.length);
    add_facts(&out, source, &fixture->note);
    assert_string_equal(out.at ? out.at : "", facts);
}

static void assert_rows(void **state, const struct markdown_fact *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_properties(*state, rows[i].note, rows[i].facts);
}
#define ASSERT_ROWS(rows) assert_rows(state, rows, sizeof rows / sizeof rows[0])

static void test_tags_are_a_list_or_a_string_of_names(void **state)
{
    static const struct markdown_fact rows[] = {
        {"{\"tags\": [\"a\", \"b/c\"]}", "tag 11..12 a\ntag 16..19 b/c\n"},
        {"{\"tags\": \"a\"}", "tag 10..11 a\n"},
        {"{\"tags\": \"a, b c\"}", "tag 10..11 a\ntag 13..14 b\ntag 15..16 c\n"},
        {"{\"tags\": [\"a b\"]}", "tag 11..12 a\ntag 13..14 b\n"},
        {"{\"tag\": \"#a\"}", "tag 9..11 a\n"},
        {"{\"Tags\": [\"#a\"]}", "tag 11..13 a\n"},
        {"{\"tags\": [\"1984\", 1984, \"y1984\", null, true, \"\", \"#\"]}", "tag 25..30 y1984\n"},
        {"{\"tags\": [\"a\", [\"b\"], {\"c\": \"d\"}]}", "tag 11..12 a\n"},
        {"{\"tags\": null}", ""},
        {"{\"tags\": {\"a\": \"b\"}}", ""},
        {"{\"x\": {\"tags\": [\"a\"]}}", ""},
        {"{\"tagss\": \"a\", \"ta\": \"b\"}", ""},
        {"{\"tags\": \"\xC3\xA9 \xE6\x97\xA5\"}", "tag 10..12 \xC3\xA9\ntag 13..16 \xE6\x97\xA5\n"},
        {"{\"tags\": [\"a\"], \"tag\": \"b\"}", "tag 11..12 a\ntag 24..25 b\n"},
    };
    ASSERT_ROWS(rows);
}

static void test_aliases_are_a_list_or_a_string_split_at_commas(void **state)
{
    static const struct markdown_fact rows[] = {
        {"{\"aliases\": [\"a b\", \" c, d \"]}", "alias 14..17 a b\nalias 22..26 c, d\n"},
        {"{\"alias\": \"a b\"}", "alias 11..14 a b\n"},
        {"{\"Aliases\": \"a, b\"}", "alias 13..14 a\nalias 16..17 b\n"},
        {"{\"aliases\": [2024, null, [\"a\"], \"\"]}", "alias 13..17 2024\n"},
        {"{\"aliases\": 7}", "alias 12..13 7\n"},
        {"{\"x\": [\"a\"]}", ""},
    };
    ASSERT_ROWS(rows);
}

static void test_wikilinks_are_found_in_any_string_at_any_depth(void **state)
{
    static const struct markdown_fact rows[] = {
        {"{\"up\": \"[[a]]\"}", "frontmatter 8..13 target=a property=/up\n"},
        {"{\"up\": \"see [[a#h|b]] and [[c]]\"}",
         "frontmatter 12..21 target=a heading=h alias=b property=/up\n"
         "frontmatter 26..31 target=c property=/up\n"},
        {"{\"x\": [1, \"[[a]]\", {\"y/z~\": \"[[b#^c]]\"}]}",
         "frontmatter 11..16 target=a property=/x/1\n"
         "frontmatter 29..37 target=b block=c property=/x/2/y~1z~0\n"},
        {"{\"up\": \"![[a.png]]\"}", "frontmatter 9..18 target=a.png property=/up\n"},
        {"{\"up\": [[\"a\"]], \"[[k]]\": \"v\"}", ""},
        {"{\"up\": \"https://x.y mailto:a@b.c [a](b)\"}", ""},
        {"{\"up\": \"[[a\"}", ""},
        {"{\"tags\": \"[[a]]\"}", "frontmatter 10..15 target=a property=/tags\ntag 10..15 [[a]]\n"},
    };
    ASSERT_ROWS(rows);
}

static void test_of_a_string_with_escapes_the_span_is_the_whole_scalar(void **state)
{
    static const struct markdown_fact rows[] = {
        {"{\"up\": \"\\u005B[a]]\"}", "frontmatter 7..19 target=a property=/up\n"},
        {"{\"aliases\": [\"a\\\"b\"]}", "alias 13..19 a\"b\n"},
    };
    struct fixture *fixture = *state;
    ASSERT_ROWS(rows);
    assert_properties(fixture, "{\"tags\": \"\\u0061 b\"}", "tag 9..19 a\ntag 9..19 b\n");
}

static void test_of_an_alias_the_span_is_the_aliass_own(void **state)
{
    struct fixture *fixture = *state;
    const struct str source = STR("[\"[[a]]\", *one]");
    tape_reset(&fixture->tape, source);
    uint32_t root = tape_push(&fixture->tape, NODE_OBJECT, 0, 15);
    uint32_t key = tape_push(&fixture->tape, NODE_KEY, 0, 1);
    uint32_t value = tape_push(&fixture->tape, NODE_STRING, 10, 14);
    struct node *nodes = fixture->tape.nodes;
    nodes[key].text = "k";
    nodes[key].text_length = 1;
    nodes[value].text = source.at + 2;
    nodes[value].text_length = 5;
    nodes[value].flags = NODE_ALIAS;
    nodes[key].next = nodes[root].next = value + 1;
    read_note(fixture, source, (uint32_t)source.length);
    STRBUF_SCOPED out = {0};
    add_facts(&out, source, &fixture->note);
    assert_string_equal(out.at, "frontmatter 10..14 target=a property=/k\n");
}

static void test_the_body_comes_behind_the_front_matter(void **state)
{
    struct fixture *fixture = *state;
    const struct str source = STR("{\"tags\": \"a\", \"up\": \"[[b]]\"}\n---\n[[c]] #d\n");
    assert_true(json_scan_part(source, 0, 28, &fixture->tape, NULL));
    read_note(fixture, source, 33);
    STRBUF_SCOPED out = {0};
    add_facts(&out, source, &fixture->note);
    assert_string_equal(out.at, "frontmatter 21..26 target=b property=/up\nwiki 33..38 target=c\n"
                                "tag 10..11 a\ntag 39..41 d\n");
}

static void test_front_matter_that_is_no_object_says_nothing(void **state)
{
    struct fixture *fixture = *state;
    const struct str source = STR("#a");
    tape_reset(&fixture->tape, source);
    read_note(fixture, source, 0);
    assert_int_equal(fixture->note.tag_count, 1);
    tape_push(&fixture->tape, NODE_STRING, 0, 2);
    fixture->tape.nodes[0].text = source.at;
    fixture->tape.nodes[0].text_length = 2;
    read_note(fixture, source, 0);
    assert_int_equal(fixture->note.tag_count, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_tags_are_a_list_or_a_string_of_names),
        TEST(test_aliases_are_a_list_or_a_string_split_at_commas),
        TEST(test_wikilinks_are_found_in_any_string_at_any_depth),
        TEST(test_of_a_string_with_escapes_the_span_is_the_whole_scalar),
        TEST(test_of_an_alias_the_span_is_the_aliass_own),
        TEST(test_the_body_comes_behind_the_front_matter),
        TEST(test_front_matter_that_is_no_object_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

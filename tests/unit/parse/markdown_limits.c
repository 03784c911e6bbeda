// SPDX-License-Identifier: MIT
/* Large and hostile notes: the time grows with the size and not with its square, what is left out
 * is told, and nothing of a note is left in the next. */
#include "markdown_facts.h"

#include <time.h>

struct fixture {
    struct markdown_reader *reader;
    struct strbuf text;
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
    strbuf_finish(&fixture->text);
    free(fixture);
    return 0;
}

static void add_times(struct strbuf *text, const char *unit, size_t count)
{
    for (size_t i = 0; i < count; i++)
        strbuf_add_text(text, unit);
}

static void read_text(struct fixture *fixture)
{
    struct str source = strbuf_str(&fixture->text);
    assert_false(fixture->text.failed);
    assert_int_equal(markdown_read(fixture->reader, source, 0, (uint32_t)source.length, NULL,
                                   &fixture->note, NULL),
                     NEXUS_OK);
}

/* Each of these took minutes, with md4c's part or ours. */
static void test_time_is_in_proportion_to_the_size(void **state)
{
    struct fixture *fixture = *state;
    enum { SIZE = 256 * 1024, SECONDS = 20 }; /* a slow machine with sanitizers; else below one */
    static const struct {
        const char *start, *unit, *then;
    } rows[] = {
        {"[x]: /y\n\n", "[", "]"},
        {"", "[", "]"},
        {"", "[x\n", "]"},
        {"", "[x\r", "]"},
        {"", "](", ""},
        {"", "](\n[", ""},
        {"", "[x](y\n", ""},
        {"", "[a]: b\n\"c\n", ""},
        {"[a]: ", "x", "\n\n[a]"},
        {"[a]: b '", "x\n", "'\n\n[a]"},
        {"", "]:", ""},
        {"", "![", "](a)"},
        {"", "\n  ~~_", "</div>~~"},
        {"", "[[", ""},
        {"", "[[a", "]]"},
        {"", "[[a|", ""},
        {"", "%%", ""},
        {"", "%% ", "\n"},
        {"", "\n%%", ""},
        {"", "$$ ", ""},
        {"", "$a ", ""},
        {"", "$$\n\n", ""},
        {"", "[k:: ", ""},
        {"", "k::", ""},
        {"", "\nk:: [l:: ", ""},
        {"", "(((k:: v", ")"},
        {"", "mailto:", ""},
        {"", "a://", ""},
        {"", "===~~a://", ""},
        {"", "==a://=", ""},
        {"", "aaaaaaaaaaaaaaaa:", ""},
        {"", "[^", ""},
        {"", "[^1]:", "\n"},
        {"", " ^id", ""},
        {"", "#a#", ""},
        {"- ", "[ ] ", ""},
        {"", "- ", "a"},
        {"", "> ", "a"},
        {"", "1. ", "a"},
        {"|a|\n|-|\n", "|[[a", "\\|"},
        {"", "a***", ""},
        {"", "<a ", ""},
        {"", "<!--", ""},
        {"", "`a``", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        strbuf_truncate(&fixture->text, 0);
        strbuf_add_text(&fixture->text, rows[i].start);
        size_t half = *rows[i].then ? SIZE / 2 : SIZE;
        add_times(&fixture->text, rows[i].unit, half / strlen(rows[i].unit));
        if (*rows[i].then)
            add_times(&fixture->text, rows[i].then, half / strlen(rows[i].then));
        clock_t start = clock();
        read_text(fixture);
        double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
        if (seconds >= SECONDS)
            print_message("%s then %s took %.1f s\n", rows[i].unit, rows[i].then, seconds);
        assert_true(seconds < SECONDS);
    }
}

static void test_a_hostile_paragraph_loses_its_markdown_links_only(void **state)
{
    struct fixture *fixture = *state;
    strbuf_add_text(&fixture->text, "[x]: y\n\n[a](b)\n\n[[c]] #d ");
    add_times(&fixture->text, "[", 50000);
    add_times(&fixture->text, "]", 50000);
    strbuf_add_text(&fixture->text, " [[e]]\n\n[f](g)");
    read_text(fixture);
    assert_int_equal(fixture->note.link_count, 4);
    assert_true(str_is(fixture->note.links[0].target, "b"));
    assert_true(str_is(fixture->note.links[1].target, "c"));
    assert_true(str_is(fixture->note.links[2].target, "e"));
    assert_true(str_is(fixture->note.links[3].target, "g"));
}

static void test_many_honest_links_stay(void **state)
{
    struct fixture *fixture = *state;
    for (unsigned i = 0; i < 3000; i++)
        strbuf_addf(&fixture->text, "| [a%u](b%u.md) | [[c%u]] |\n%s", i, i, i,
                    i == 0 ? "|---|---|\n" : "");
    for (unsigned i = 0; i < 20000; i++)
        strbuf_addf(&fixture->text, "%s- [a%u](b%u.md)\n", i == 0 ? "\n" : "", i, i);
    read_text(fixture);
    assert_int_equal(fixture->note.link_count, 26000);
    assert_false(fixture->note.truncated);
}

/* md4c gives every row all cells of the head: this one would be 400 million. */
static void test_a_table_of_too_many_cells_is_read_as_text(void **state)
{
    struct fixture *fixture = *state;
    strbuf_add_text(&fixture->text, "#before\n\n");
    add_times(&fixture->text, "|a", 20000);
    strbuf_add_text(&fixture->text, "\n");
    add_times(&fixture->text, "|-", 20000);
    strbuf_add_text(&fixture->text, "\n");
    add_times(&fixture->text, "[[b]]\n", 20000);
    read_text(fixture);
    assert_int_equal(fixture->note.link_count, 20000);
    assert_int_equal(fixture->note.tag_count, 1);
}

static void test_more_items_than_the_limit_are_left_out_and_told(void **state)
{
    struct fixture *fixture = *state;
    add_times(&fixture->text, "#a ", MARKDOWN_ITEM_LIMIT + 1);
    strbuf_add_text(&fixture->text, "[[b]]");
    read_text(fixture);
    assert_int_equal(fixture->note.tag_count, MARKDOWN_ITEM_LIMIT);
    assert_int_equal(fixture->note.link_count, 1);
    assert_true(fixture->note.truncated);
}

static void test_a_body_past_the_limit_is_read_up_to_a_line(void **state)
{
    struct fixture *fixture = *state;
    char *room = strbuf_reserve(&fixture->text, MARKDOWN_BODY_LIMIT + 100);
    assert_non_null(room);
    memset(room, 'a', MARKDOWN_BODY_LIMIT - 4);
    memcpy(room, "#in\n", 4);
    fixture->text.length = MARKDOWN_BODY_LIMIT - 4;
    strbuf_add_text(&fixture->text, "\n#cut #out");
    read_text(fixture);
    assert_int_equal(fixture->note.tag_count, 1);
    assert_int_equal(fixture->note.words, 2);
    assert_true(fixture->note.truncated);
}

static void test_a_target_used_a_thousand_times_is_not_copied_each_time(void **state)
{
    struct fixture *fixture = *state;
    strbuf_add_text(&fixture->text, "[a]: b&amp;");
    add_times(&fixture->text, "c", 5000);
    strbuf_add_text(&fixture->text, "\n\n");
    add_times(&fixture->text, "[a] ", 100);
    read_text(fixture);
    assert_int_equal(fixture->note.link_count, 0);
    assert_true(fixture->note.truncated);
}

static void test_images_nested_too_deep_are_not_listed(void **state)
{
    struct fixture *fixture = *state;
    add_times(&fixture->text, "![", 40);
    strbuf_add_text(&fixture->text, "x");
    add_times(&fixture->text, "](y)", 40);
    strbuf_add_text(&fixture->text, " [[z]]");
    read_text(fixture);
    assert_int_equal(fixture->note.link_count, 17);
    assert_int_equal(fixture->note.links[16].kind, LINK_WIKI);
}

static void test_nothing_of_a_note_is_left_in_the_next(void **state)
{
    struct fixture *fixture = *state;
    strbuf_add_text(&fixture->text,
                    "# h\n\n- [ ] t 📅 2026-01-01 ^b\n\nk:: v\n\n$$ %% [[a]] #t [x](y\n\n![");
    add_times(&fixture->text, "[a](b) ", 30000);
    read_text(fixture);
    assert_markdown(fixture->reader, "- [ ] a", "task 0..7 [ ] a\n");
    assert_markdown(fixture->reader, "", "");
    assert_markdown(fixture->reader, "%%a%% #b", "tag 6..8 b\n");
}

static void test_only_the_body_is_read(void **state)
{
    struct fixture *fixture = *state;
    const struct str source = STR("#x [[a]] #b]] c");
    struct note note;
    assert_int_equal(markdown_read(fixture->reader, source, 3, 10, NULL, &note, NULL), NEXUS_OK);
    assert_int_equal(note.tag_count, 0);
    assert_int_equal(note.link_count, 1);
    assert_int_equal(note.links[0].span.start, 3);
    assert_int_equal(markdown_read(fixture->reader, source, 3, 7, NULL, &note, NULL), NEXUS_OK);
    assert_int_equal(note.link_count, 0);
}

static void test_a_body_that_is_not_in_the_file_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct note note = {.words = 7};
    struct nexus_error err;
    assert_int_equal(markdown_read(fixture->reader, STR("abc"), 2, 1, NULL, &note, &err),
                     NEXUS_ERROR_ARGUMENT);
    assert_int_equal(markdown_read(fixture->reader, STR("abc"), 0, 4, NULL, &note, &err),
                     NEXUS_ERROR_ARGUMENT);
    assert_int_equal(note.words, 7);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_time_is_in_proportion_to_the_size),
        TEST(test_a_hostile_paragraph_loses_its_markdown_links_only),
        TEST(test_many_honest_links_stay),
        TEST(test_a_table_of_too_many_cells_is_read_as_text),
        TEST(test_more_items_than_the_limit_are_left_out_and_told),
        TEST(test_a_body_past_the_limit_is_read_up_to_a_line),
        TEST(test_a_target_used_a_thousand_times_is_not_copied_each_time),
        TEST(test_images_nested_too_deep_are_not_listed),
        TEST(test_nothing_of_a_note_is_left_in_the_next),
        TEST(test_only_the_body_is_read),
        TEST(test_a_body_that_is_not_in_the_file_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
/* What the nodes of a JSON text are, and the limits of the scan. */
#include "parse/json.h"
#include "unit/unit.h"

#include <stdlib.h>
#include <time.h>

struct fixture {
    struct arena arena;
    struct problem_list problems;
    struct tape tape;
    struct strbuf text;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    problem_list_init(&fixture->problems, &fixture->arena);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    strbuf_finish(&fixture->text);
    tape_finish(&fixture->tape);
    arena_finish(&fixture->arena);
    free(fixture);
    return 0;
}

static void test_a_span_covers_exactly_what_the_source_writes(void **state)
{
    struct fixture *fixture = *state;
    const struct str source =
        STR("\xEF\xBB\xBF { \"a\\n\" : [ -1.5e3 ,true,\"\xC3\xA9\"], \"b\":{} } \n");
    static const struct {
        enum node_type type;
        const char *span, *text;
        uint32_t next, count;
    } expected[] = {
        {NODE_OBJECT, "{ \"a\\n\" : [ -1.5e3 ,true,\"\xC3\xA9\"], \"b\":{} }", "", 8, 2},
        {NODE_KEY, "\"a\\n\"", "a\n", 6, 0},
        {NODE_ARRAY, "[ -1.5e3 ,true,\"\xC3\xA9\"]", "", 6, 3},
        {NODE_NUMBER, "-1.5e3", "-1.5e3", 4, 0},
        {NODE_TRUE, "true", "", 5, 0},
        {NODE_STRING, "\"\xC3\xA9\"", "\xC3\xA9", 6, 0},
        {NODE_KEY, "\"b\"", "b", 8, 0},
        {NODE_OBJECT, "{}", "", 8, 0},
    };
    assert_true(json_scan(source, &fixture->tape, &fixture->problems));
    assert_int_equal(fixture->tape.count, sizeof expected / sizeof expected[0]);
    for (size_t i = 0; i < fixture->tape.count; i++) {
        const struct node *node = &fixture->tape.nodes[i];
        assert_int_equal(node->type, expected[i].type);
        assert_true(str_is(str_slice(source, node->start, node->end), expected[i].span));
        assert_true(str_is(node_text(node), expected[i].text));
        assert_int_equal(node->next, expected[i].next);
        assert_int_equal(node->count, expected[i].count);
    }
}

static void test_strings_point_into_the_source_unless_they_have_escapes(void **state)
{
    struct fixture *fixture = *state;
    const struct str source = STR("[\"plain\", \"e\\u0073c\"]");
    assert_true(json_scan(source, &fixture->tape, NULL));
    const struct node *plain = &fixture->tape.nodes[1], *escaped = &fixture->tape.nodes[2];
    assert_ptr_equal(plain->text, source.at + 2);
    assert_int_equal(plain->flags & NODE_DECODED, 0);
    assert_true(str_is(node_text(escaped), "esc"));
    assert_int_equal(escaped->flags & NODE_DECODED, NODE_DECODED);
    assert_int_equal(plain->style, STYLE_DOUBLE);
}

static void test_integers_are_told_apart_and_valued_where_they_fit(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        const char *text;
        bool is_integer, is_small;
        int64_t value;
    } expected[] = {
        {"0", true, true, 0},
        {"-0", true, true, 0},
        {"-17", true, true, -17},
        {"9223372036854775807", true, true, INT64_MAX},
        {"-9223372036854775808", true, true, INT64_MIN},
        {"9223372036854775808", true, false, 0},
        {"-9223372036854775809", true, false, 0},
        {"123456789012345678901234567890", true, false, 0},
        {"1.0", false, false, 0},
        {"1e2", false, false, 0},
        {"1E2", false, false, 0},
    };
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        assert_true(json_scan(str_of(expected[i].text), &fixture->tape, NULL));
        const struct node *node = &fixture->tape.nodes[0];
        assert_int_equal((node->flags & NODE_INTEGER) != 0, expected[i].is_integer);
        assert_int_equal((node->flags & NODE_SMALL) != 0, expected[i].is_small);
        if (expected[i].is_small)
            assert_true(node->integer == expected[i].value);
    }
}

static void test_keys_carry_the_hash_of_their_name(void **state)
{
    struct fixture *fixture = *state;
    assert_true(json_scan(STR("{\"k\\u0065y\":1,\"a longer name\":2}"), &fixture->tape, NULL));
    assert_true(fixture->tape.nodes[1].hash == name_hash(STR("key")));
    assert_int_equal(tape_member(&fixture->tape, 0, STR("key")), 2);
    assert_int_equal(tape_member(&fixture->tape, 0, STR("a longer name")), 4);
    assert_int_equal(tape_member(&fixture->tape, 0, STR("a longer nam")), TAPE_NONE);
}

static void test_a_part_is_scanned_with_offsets_of_the_whole(void **state)
{
    struct fixture *fixture = *state;
    const struct str source = STR(";;;\n{\"a\": 1}\n;;;\n");
    assert_true(json_scan_part(source, 4, 12, &fixture->tape, NULL));
    assert_int_equal(fixture->tape.nodes[0].start, 4);
    assert_int_equal(fixture->tape.nodes[2].start, 10);
    assert_false(json_scan_part(source, 4, 11, &fixture->tape, &fixture->problems));
    assert_int_equal(fixture->problems.items[0].start, 11);
    assert_false(json_scan_part(STR("a\xEF\xBB\xBF"
                                    "1"),
                                1, 5, &fixture->tape, NULL));
}

static void add_repeated(struct strbuf *text, size_t count, const char *piece)
{
    for (size_t i = 0; i < count; i++)
        strbuf_add_text(text, piece);
}

static void test_512_levels_are_read_and_513_are_not(void **state)
{
    struct fixture *fixture = *state;
    add_repeated(&fixture->text, JSON_DEPTH_LIMIT, "[");
    add_repeated(&fixture->text, JSON_DEPTH_LIMIT, "]");
    assert_true(json_scan(strbuf_str(&fixture->text), &fixture->tape, NULL));

    strbuf_reset(&fixture->text);
    add_repeated(&fixture->text, 1000 * 1000, "{\"\":[");
    assert_false(json_scan(strbuf_str(&fixture->text), &fixture->tape, &fixture->problems));
    assert_true(str_is(fixture->problems.items[0].message, "nested more than 512 levels deep"));
    assert_int_equal(fixture->problems.items[0].start, JSON_DEPTH_LIMIT / 2 * 5);
}

static void test_every_repeat_is_found_in_a_big_object(void **state)
{
    enum { NAMES = 5000, REPEATS = 3 };
    struct fixture *fixture = *state;
    strbuf_add_text(&fixture->text, "{");
    for (int i = 0; i < NAMES; i++)
        strbuf_addf(&fixture->text, "\"a name that is long %d\":%d,\n", i, i);
    assert_int_equal(fixture->text.at[fixture->text.length - 2], ',');
    strbuf_truncate(&fixture->text, fixture->text.length - 2);
    strbuf_add_text(&fixture->text, "}");
    assert_true(json_scan(strbuf_str(&fixture->text), &fixture->tape, &fixture->problems));

    strbuf_truncate(&fixture->text, fixture->text.length - 1);
    for (int i = 0; i < REPEATS; i++)
        strbuf_addf(&fixture->text, ",\"a name that is long %d\":0", i % 2);
    strbuf_add_text(&fixture->text, "}");
    assert_false(json_scan(strbuf_str(&fixture->text), &fixture->tape, &fixture->problems));
    problem_list_locate(&fixture->problems, strbuf_str(&fixture->text));
    assert_int_equal(fixture->problems.count, REPEATS);
    assert_true(str_is(fixture->problems.items[1].message,
                       "the key 'a name that is long 1' is used twice (first in line 2)"));
}

static void test_repeats_without_end_take_no_square_of_time(void **state)
{
    struct fixture *fixture = *state;
    clock_t start = clock();
    strbuf_add_text(&fixture->text, "{");
    for (int i = 0; i < 200 * 1000; i++)
        strbuf_addf(&fixture->text, "\"%d\":0,\n\"%d\":0,", i, i);
    strbuf_add_text(&fixture->text, "\"\":0}");
    assert_false(json_scan(strbuf_str(&fixture->text), &fixture->tape, &fixture->problems));
    assert_int_equal(fixture->problems.count, PROBLEM_LIMIT);
    assert_int_equal(fixture->problems.dropped, 200 * 1000 - PROBLEM_LIMIT);
    assert_true(clock() - start < 60 * CLOCKS_PER_SEC);
}

static void test_nothing_at_all_is_no_value(void **state)
{
    struct fixture *fixture = *state;
    assert_false(json_scan((struct str){NULL, 0}, &fixture->tape, NULL));
    assert_false(json_scan((struct str){NULL, 0}, &fixture->tape, &fixture->problems));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_a_span_covers_exactly_what_the_source_writes),
        CASE(test_strings_point_into_the_source_unless_they_have_escapes),
        CASE(test_integers_are_told_apart_and_valued_where_they_fit),
        CASE(test_keys_carry_the_hash_of_their_name),
        CASE(test_a_part_is_scanned_with_offsets_of_the_whole),
        CASE(test_512_levels_are_read_and_513_are_not),
        CASE(test_every_repeat_is_found_in_a_big_object),
        CASE(test_repeats_without_end_take_no_square_of_time),
        CASE(test_nothing_at_all_is_no_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

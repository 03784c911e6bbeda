// SPDX-License-Identifier: MIT
/* YAML that is made to hurt: each is refused, or read, in the time that its size allows. */
#include "parse/yaml.h"
#include "parse/yaml_anchors.h"
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

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static void add_repeated(struct strbuf *text, size_t count, const char *piece)
{
    for (size_t i = 0; i < count; i++)
        strbuf_add_text(text, piece);
}

static bool compose(struct fixture *fixture)
{
    struct str source = strbuf_str(&fixture->text);
    return yaml_compose(source, 0, (uint32_t)source.length, &fixture->tape, &fixture->problems);
}

/** Composes, and wants this one problem. */
static void expect_refusal(struct fixture *fixture, const char *message)
{
    assert_false(compose(fixture));
    assert_int_equal(fixture->tape.count, 0);
    assert_int_equal(fixture->problems.count, 1);
    struct str found = fixture->problems.items[0].message;
    if (!str_is(found, message))
        fail_msg("%.*s", STR_ARG(found));
}

static void test_64_levels_are_read(void **state)
{
    struct fixture *fixture = *state;
    add_repeated(&fixture->text, YAML_DEPTH_LIMIT, "[");
    add_repeated(&fixture->text, YAML_DEPTH_LIMIT, "]");
    assert_true(compose(fixture));
    assert_int_equal(fixture->tape.count, YAML_DEPTH_LIMIT);
}

/* 100,000 levels keep libyaml busy for a minute if nobody stops it. */
static const struct {
    const char *piece, *message;
} nesting[] = {
    {"[", "nested more than 64 levels deep"},
    {"{a: ", "nested more than 64 levels deep"},
    {"- ", "nested more than 64 levels deep"},
    {"[{a: ", "nested more than 64 levels deep"},
    {"[[], ", "nested more than 64 levels deep"},
    {"{{", "'{{' is read as a mapping in a mapping: put the value in quotes"},
    {"? ", "a key must be a text, not a list or mapping"},
};

static void test_deeper_nesting_is_refused_at_once(void **state)
{
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof nesting / sizeof nesting[0]; i++) {
        problem_list_init(&fixture->problems, &fixture->arena);
        strbuf_reset(&fixture->text);
        add_repeated(&fixture->text, 100 * 1000, nesting[i].piece);
        expect_refusal(fixture, nesting[i].message);
    }
}

static void test_depth_counts_through_aliases(void **state)
{
    struct fixture *fixture = *state;
    strbuf_add_text(&fixture->text, "- &a0 [[[[[[[[1]]]]]]]]\n");
    for (int i = 1; i < 30; i++)
        strbuf_addf(&fixture->text, "- &a%d [[[[[[[[*a%d]]]]]]]]\n", i, i - 1);
    expect_refusal(fixture, "nested more than 64 levels deep");
}

static void test_an_alias_at_the_depth_limit_is_read(void **state)
{
    struct fixture *fixture = *state;
    strbuf_add_text(&fixture->text, "- &a [x]\n- &s x\n- ");
    add_repeated(&fixture->text, YAML_DEPTH_LIMIT - 2, "[");
    strbuf_add_text(&fixture->text, "*a, [*s]");
    add_repeated(&fixture->text, YAML_DEPTH_LIMIT - 2, "]");
    assert_true(compose(fixture));
}

/* Nine lines that stand for 3,486,784,401 values. */
static void test_a_billion_laughs_end_at_the_node_budget(void **state)
{
    struct fixture *fixture = *state;
    strbuf_add_text(&fixture->text, "a0: &a0 x\n");
    for (int i = 1; i < 20; i++) {
        strbuf_addf(&fixture->text, "a%d: &a%d [*a%d", i, i, i - 1);
        for (int k = 1; k < 9; k++)
            strbuf_addf(&fixture->text, ", *a%d", i - 1);
        strbuf_add_text(&fixture->text, "]\n");
    }
    expect_refusal(fixture, "the aliases stand for too much data");
    assert_true(fixture->tape.capacity < 2 * YAML_ALIAS_NODES);
}

static void test_aliases_of_a_long_text_end_at_the_byte_budget(void **state)
{
    struct fixture *fixture = *state;
    strbuf_add_text(&fixture->text, "- &a ");
    add_repeated(&fixture->text, 20 * 1000, "x");
    for (int i = 0; i < 100; i++)
        strbuf_add_text(&fixture->text, "\n- *a");
    expect_refusal(fixture, "the aliases stand for too much data");
}

static void test_an_honest_use_of_aliases_is_read(void **state)
{
    struct fixture *fixture = *state;
    strbuf_add_text(&fixture->text, "- &a {name: x, tags: [a, b]}\n");
    for (int i = 0; i < 1000; i++)
        strbuf_add_text(&fixture->text, "- *a\n");
    assert_true(compose(fixture));
    assert_int_equal(fixture->tape.nodes[0].count, 1001);
}

static void test_a_thousand_anchors_are_enough(void **state)
{
    struct fixture *fixture = *state;
    for (int i = 0; i <= YAML_ANCHORS; i++)
        strbuf_addf(&fixture->text, "- &a%d x\n", i);
    expect_refusal(fixture, "more than 1000 anchors");
}

static void test_a_megabyte_is_read_and_no_byte_more(void **state)
{
    struct fixture *fixture = *state;
    strbuf_add_text(&fixture->text, "a: ");
    add_repeated(&fixture->text, YAML_BYTES_LIMIT - 3, "x");
    assert_true(compose(fixture));
    strbuf_add_text(&fixture->text, "x");
    expect_refusal(fixture, "more than 1024 KiB");
}

static void test_many_keys_take_no_square_of_time(void **state)
{
    struct fixture *fixture = *state;
    for (int i = 0; fixture->text.length < YAML_BYTES_LIMIT - 20; i++)
        strbuf_addf(&fixture->text, "key %d: x\n", i);
    assert_true(compose(fixture));
    strbuf_add_text(&fixture->text, "key 0: y\n");
    expect_refusal(fixture, "the key 'key 0' is used twice (first in line 1)");
}

/* Each was slow once: its time must grow with its length, not with the square of it. */
static const struct {
    const char *start, *piece;
} monotonous[] = {
    {"a: {", "b, "}, /* empty values, each with a megabyte of line behind it */
    {"", "a: b\n"},  /* a repeat in each line */
    {"", "a: #x\n"}, /* a repeat and a warning in each line */
    {"a: [", "b: "}, {"a:\n", "- [[b]]\n"},
};

static void test_a_megabyte_of_the_same_is_read_in_a_moment(void **state)
{
    struct fixture *fixture = *state;
    clock_t start = clock();
    for (size_t i = 0; i < sizeof monotonous / sizeof monotonous[0]; i++) {
        strbuf_reset(&fixture->text);
        strbuf_add_text(&fixture->text, monotonous[i].start);
        add_repeated(&fixture->text, 1000 * 1000 / strlen(monotonous[i].piece),
                     monotonous[i].piece);
        compose(fixture);
    }
    assert_true(clock() - start < 60 * CLOCKS_PER_SEC); /* hours where it is the square */
}

static void test_a_number_of_a_megabyte_keeps_its_digits(void **state)
{
    struct fixture *fixture = *state;
    strbuf_add_text(&fixture->text, "a: 1");
    add_repeated(&fixture->text, 1000 * 1000, "0");
    assert_true(compose(fixture));
    assert_int_equal(fixture->tape.nodes[2].text_length, 1000 * 1000 + 1);
}

static void test_a_hexadecimal_number_has_an_end(void **state)
{
    struct fixture *fixture = *state;
    strbuf_add_text(&fixture->text, "a: 0x1");
    add_repeated(&fixture->text, 1000 * 1000, "0");
    expect_refusal(fixture, "the number has more than 1024 digits");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_64_levels_are_read),
        CASE(test_deeper_nesting_is_refused_at_once),
        CASE(test_depth_counts_through_aliases),
        CASE(test_an_alias_at_the_depth_limit_is_read),
        CASE(test_a_billion_laughs_end_at_the_node_budget),
        CASE(test_aliases_of_a_long_text_end_at_the_byte_budget),
        CASE(test_an_honest_use_of_aliases_is_read),
        CASE(test_a_thousand_anchors_are_enough),
        CASE(test_a_megabyte_is_read_and_no_byte_more),
        CASE(test_many_keys_take_no_square_of_time),
        CASE(test_a_megabyte_of_the_same_is_read_in_a_moment),
        CASE(test_a_number_of_a_megabyte_keeps_its_digits),
        CASE(test_a_hexadecimal_number_has_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
/* Reading a tape: as JSON, by name, by JSON Pointer. The tapes are built by hand, node by node. */
#include "model/tape.h"
#include "parse/json.h"
#include "unit/unit.h"

static uint32_t add_text(struct tape *tape, enum node_type type, const char *text)
{
    uint32_t index = tape_push(tape, type, 0, 0);
    struct node *node = &tape->nodes[index];
    node->text = text;
    node->text_length = (uint32_t)strlen(text);
    if (type == NODE_KEY)
        node->hash = name_hash(node_text(node));
    if (type == NODE_NUMBER)
        node_set_number(node, str_of(text));
    return index;
}

static void close_node(struct tape *tape, uint32_t index, uint32_t count)
{
    tape->nodes[index].next = (uint32_t)tape->count;
    tape->nodes[index].count = count;
}

/* {"":{}, "a/b":[1.10,[null,true]], "~1":{"x~y":"\"\n"}} */
static void fill(struct tape *tape)
{
    tape_reset(tape, STR(""));
    uint32_t root = tape_push(tape, NODE_OBJECT, 0, 0);
    uint32_t key = add_text(tape, NODE_KEY, "");
    tape_push(tape, NODE_OBJECT, 0, 0);
    close_node(tape, key, 0);
    key = add_text(tape, NODE_KEY, "a/b");
    uint32_t array = tape_push(tape, NODE_ARRAY, 0, 0);
    add_text(tape, NODE_NUMBER, "1.10");
    uint32_t inner = tape_push(tape, NODE_ARRAY, 0, 0);
    tape_push(tape, NODE_NULL, 0, 0);
    tape_push(tape, NODE_TRUE, 0, 0);
    close_node(tape, inner, 2);
    close_node(tape, array, 2);
    close_node(tape, key, 0);
    key = add_text(tape, NODE_KEY, "~1");
    uint32_t object = tape_push(tape, NODE_OBJECT, 0, 0);
    uint32_t inner_key = add_text(tape, NODE_KEY, "x~y");
    add_text(tape, NODE_STRING, "\"\n");
    close_node(tape, inner_key, 0);
    close_node(tape, object, 1);
    close_node(tape, key, 0);
    close_node(tape, root, 3);
}

static const struct {
    const char *pointer;
    uint32_t index;
} pointers[] = {
    {"", 0},          {"/", 2},         {"/a~1b", 4}, {"/a~1b/0", 5},    {"/a~1b/1", 6},
    {"/a~1b/1/0", 7}, {"/a~1b/1/1", 8}, {"/~01", 10}, {"/~01/x~0y", 12},
};

static void test_a_pointer_leads_to_its_value_and_back(void **state)
{
    (void)state;
    struct tape tape;
    struct strbuf out;
    tape_init(&tape);
    strbuf_init(&out);
    fill(&tape);
    for (size_t i = 0; i < sizeof pointers / sizeof pointers[0]; i++) {
        strbuf_reset(&out);
        tape_add_pointer(&tape, pointers[i].index, &out);
        assert_string_equal(strbuf_str(&out).at, pointers[i].pointer);
        assert_int_equal(tape_find_pointer(&tape, str_of(pointers[i].pointer)), pointers[i].index);
    }
    strbuf_finish(&out);
    tape_finish(&tape);
}

static const struct {
    uint32_t key;
    const char *pointer;
} keys[] = {{1, "/"}, {3, "/a~1b"}, {9, "/~01"}, {11, "/~01/x~0y"}};

static void test_a_key_has_its_values_pointer(void **state)
{
    (void)state;
    struct tape tape;
    struct strbuf out;
    tape_init(&tape);
    strbuf_init(&out);
    fill(&tape);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        strbuf_reset(&out);
        tape_add_pointer(&tape, keys[i].key, &out);
        assert_string_equal(strbuf_str(&out).at, keys[i].pointer);
    }
    tape_add_pointer(&tape, 13, &out);
    assert_string_equal(strbuf_str(&out).at, "/~01/x~0y");
    strbuf_finish(&out);
    tape_finish(&tape);
}

static const char *const pointers_to_nothing[] = {
    "a~1b",   "x",        "/a",        "/a~1b/2",  "/a~1b/-",  "/a~1b/00",          "/a~1b/01",
    "/a~1b/", "/a~1b/0/", "/a~1b/0/0", "/a~1b/1x", "/a~1b/+1", "/a~1b/4294967296",  "//",
    "/~1",    "/~2",      "/~",        "/~01/x~",  "/~01/x~y", "/a~1b/99999999999", "/~01/x~0y/",
    "/a/b",
};

static void test_a_pointer_to_nothing_finds_nothing(void **state)
{
    (void)state;
    struct tape tape;
    tape_init(&tape);
    assert_int_equal(tape_find_pointer(&tape, STR("")), TAPE_NONE);
    fill(&tape);
    for (size_t i = 0; i < sizeof pointers_to_nothing / sizeof pointers_to_nothing[0]; i++)
        if (tape_find_pointer(&tape, str_of(pointers_to_nothing[i])) != TAPE_NONE)
            fail_msg("found something at %s", pointers_to_nothing[i]);
    tape_finish(&tape);
}

static void test_json_is_compact_and_keeps_text_and_order(void **state)
{
    (void)state;
    struct tape tape;
    struct strbuf out;
    tape_init(&tape);
    strbuf_init(&out);
    fill(&tape);
    tape_add_json(&tape, 0, &out);
    assert_string_equal(strbuf_str(&out).at,
                        "{\"\":{},\"a/b\":[1.10,[null,true]],\"~1\":{\"x~y\":\"\\\"\\n\"}}");
    strbuf_reset(&out);
    tape_add_json(&tape, 6, &out);
    assert_string_equal(strbuf_str(&out).at, "[null,true]");
    strbuf_finish(&out);
    tape_finish(&tape);
}

static void test_a_member_is_found_by_name_in_objects_only(void **state)
{
    (void)state;
    struct tape tape;
    tape_init(&tape);
    fill(&tape);
    assert_int_equal(tape_member(&tape, 0, STR("")), 2);
    assert_int_equal(tape_member(&tape, 0, STR("a/b")), 4);
    assert_int_equal(tape_member(&tape, 10, STR("x~y")), 12);
    assert_int_equal(tape_member(&tape, 0, STR("x~y")), TAPE_NONE);
    assert_int_equal(tape_member(&tape, 4, STR("")), TAPE_NONE);
    tape_finish(&tape);
}

/** Whether two JSON texts say the same. */
static bool says_the_same(const char *one, const char *other)
{
    struct tape a = {0}, b = {0};
    assert_true(json_scan(str_of(one), &a, NULL) && json_scan(str_of(other), &b, NULL));
    bool is_equal = tape_equal(&a, 0, &b, 0);
    assert_int_equal(is_equal, tape_equal(&b, 0, &a, 0));
    tape_finish(&a);
    tape_finish(&b);
    return is_equal;
}

static void test_equal_values_say_the_same(void **state)
{
    (void)state;
    assert_true(says_the_same("{\"a\": 1, \"b\": [2, {}]}", "{\"b\": [2, {}], \"a\": 1}"));
    assert_true(says_the_same("\"\\u00e9\"", "\"\xC3\xA9\""));
    assert_true(says_the_same("[]", "[ ]"));
    assert_false(says_the_same("1", "1.0"));
    assert_false(says_the_same("1", "\"1\""));
    assert_false(says_the_same("null", "false"));
    assert_false(says_the_same("[]", "{}"));
    assert_false(says_the_same("[1, 2]", "[2, 1]"));
    assert_false(says_the_same("[1]", "[1, 1]"));
    assert_false(says_the_same("{\"a\": 1}", "{\"a\": 1, \"b\": 1}"));
    assert_false(says_the_same("{\"a\": 1, \"c\": 1}", "{\"a\": 1, \"b\": 1}"));
    assert_false(says_the_same("{\"a\": [null]}", "{\"a\": [true]}"));
}

static void test_a_walk_in_any_order_finds_each_member(void **state)
{
    (void)state;
    struct tape tape = {0};
    assert_true(json_scan(STR("{\"a\": 1, \"b\": [2], \"c\": 3}"), &tape, NULL));
    uint32_t hint = 0;
    uint32_t a = tape_member_near(&tape, 0, STR("a"), &hint);
    assert_int_equal(a, tape_member(&tape, 0, STR("a")));
    assert_int_equal(tape_member_near(&tape, 0, STR("x"), &hint), TAPE_NONE);
    uint32_t c = tape_member_near(&tape, 0, STR("c"), &hint);
    assert_int_equal(c, tape_member(&tape, 0, STR("c")));
    uint32_t b = tape_member_near(&tape, 0, STR("b"), &hint);
    assert_int_equal(b, tape_member(&tape, 0, STR("b")));
    assert_int_equal(tape_member_near(&tape, b, STR("a"), &hint), TAPE_NONE);
    tape_finish(&tape);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_pointer_leads_to_its_value_and_back),
        cmocka_unit_test(test_a_key_has_its_values_pointer),
        cmocka_unit_test(test_a_pointer_to_nothing_finds_nothing),
        cmocka_unit_test(test_json_is_compact_and_keeps_text_and_order),
        cmocka_unit_test(test_a_member_is_found_by_name_in_objects_only),
        cmocka_unit_test(test_equal_values_say_the_same),
        cmocka_unit_test(test_a_walk_in_any_order_finds_each_member),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

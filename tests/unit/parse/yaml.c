// SPDX-License-Identifier: MIT
/* What YAML becomes, and which bytes each value stands in. */
#include "parse/yaml.h"
#include "unit/unit.h"

static const struct {
    const char *yaml, *json;
} documents[] = {
    {"", "null"},
    {"# only a comment\n", "null"},
    {"a: 1", "{\"a\":1}"},
    {"a: 1\nb: x\n", "{\"a\":1,\"b\":\"x\"}"},
    {"\xEF\xBB\xBF"
     "a: 1\n",
     "{\"a\":1}"},
    {"a: 1\r\nb:\r\n  - x\r\n  - y\r\n", "{\"a\":1,\"b\":[\"x\",\"y\"]}"},
    {"a:\nb: ~\nc: null\n", "{\"a\":null,\"b\":null,\"c\":null}"},
    {"a: yes\nb: 2024-01-01\nc: 12:30\n", "{\"a\":\"yes\",\"b\":\"2024-01-01\",\"c\":\"12:30\"}"},
    {"a: 1.10\nb: 007\nc: 0x1F\nd: 12345678901234567890\n",
     "{\"a\":1.10,\"b\":7,\"c\":31,\"d\":12345678901234567890}"},
    {"a: '1'\nb: \"true\"\nc: 'null'\n", "{\"a\":\"1\",\"b\":\"true\",\"c\":\"null\"}"},
    {"a: |\n  1\nb: >\n  true\n", "{\"a\":\"1\\n\",\"b\":\"true\\n\"}"},
    {"a: |-\n  x\n\n  y\n\n", "{\"a\":\"x\\n\\ny\"}"},
    {"a: |+\n  x\n\n", "{\"a\":\"x\\n\\n\"}"},
    {"a: >\n  x\n  y\n\n  z\n", "{\"a\":\"x y\\nz\\n\"}"},
    {"a: |\nb: 1\n", "{\"a\":\"\",\"b\":1}"},
    {"a: \"x\\ty\\u00e9\\0\"\n", "{\"a\":\"x\\ty\xC3\xA9\\u0000\"}"},
    {"a: 'it''s'\n", "{\"a\":\"it's\"}"},
    {"a: one\n  two\n\n  three\n", "{\"a\":\"one two\\nthree\"}"},
    {"a: [1, 'x', {b: c}, [], {}]\n", "{\"a\":[1,\"x\",{\"b\":\"c\"},[],{}]}"},
    {"a: [b: 1, c]\n", "{\"a\":[{\"b\":1},\"c\"]}"},
    {"a: {b, c: , d: 1}\n", "{\"a\":{\"b\":null,\"c\":null,\"d\":1}}"},
    {"a: [\n  1,\n  2,\n]\n", "{\"a\":[1,2]}"},
    {"a:\n- 1\n-\n- b: 2\n  c: 3\n", "{\"a\":[1,null,{\"b\":2,\"c\":3}]}"},
    {"a:\n  - - 1\n    - 2\n  - 3\n", "{\"a\":[[1,2],3]}"},
    {"? a\n: 1\n? b\n", "{\"a\":1,\"b\":null}"},
    {"1: a\ntrue: b\n~: c\n0x1F: d\n", "{\"1\":\"a\",\"true\":\"b\",\"~\":\"c\",\"0x1F\":\"d\"}"},
    {"\"a b\": 1\n'c': 2\n", "{\"a b\":1,\"c\":2}"},
    {"<<: {a: 1}\nb: 2\n", "{\"<<\":{\"a\":1},\"b\":2}"},
    {"a: &x 1\nb: *x\n", "{\"a\":1,\"b\":1}"},
    {"a: &x [1, {b: c}]\nd: *x\n", "{\"a\":[1,{\"b\":\"c\"}],\"d\":[1,{\"b\":\"c\"}]}"},
    {"a: &x [1]\nb: &x [2]\nc: *x\n", "{\"a\":[1],\"b\":[2],\"c\":[2]}"},
    {"&k a: 0x10\n*k : *k\n", NULL},
    {"&k 0x10: a\nb: *k\n", "{\"0x10\":\"a\",\"b\":16}"},
    {"a: &v b\n*v : 1\n", "{\"a\":\"b\",\"b\":1}"},
    {"a: &x\nb: *x\n", "{\"a\":null,\"b\":null}"},
    {"a: !!str 1\nb: !!int '2'\nc: !!float 3\nd: !!null ''\ne: !!bool \"true\"\n",
     "{\"a\":\"1\",\"b\":2,\"c\":3,\"d\":null,\"e\":true}"},
    {"a: !!str\nb: ! 12\nc: !!seq [1]\nd: !!map {e: 1}\n",
     "{\"a\":\"\",\"b\":\"12\",\"c\":[1],\"d\":{\"e\":1}}"},
    {"a: !own 1\nb: !own [1]\n", "{\"a\":\"1\",\"b\":[1]}"},
    {"a: &x !!str 1\nb: !!str &y 2\n", "{\"a\":\"1\",\"b\":\"2\"}"},
    {"--- \na: 1\n", "{\"a\":1}"},
    {"- a\n- b\n", "[\"a\",\"b\"]"},
    {"text\n", "\"text\""},
    {"a: b # comment\n# c: d\ne: f#g\n", "{\"a\":\"b\",\"e\":\"f#g\"}"},
    {"url: http://example.org/a?b=c\n", "{\"url\":\"http://example.org/a?b=c\"}"},
    {"a: \xF0\x9F\x98\x80\nb: caf\xC3\xA9\n", "{\"a\":\"\xF0\x9F\x98\x80\",\"b\":\"caf\xC3\xA9\"}"},
    {"a: b\xE2\x80\xA8"
     "c\n",
     "{\"a\":\"b\xE2\x80\xA8"
     "c\"}"},
    {"a: \"b \xE2\x80\xA9 c\"\n", "{\"a\":\"b \xE2\x80\xA9 c\"}"},
    {"a: \xC2\x85"
     "b\n",
     "{\"a\":\"\xC2\x85"
     "b\"}"},
    {"a: |\n  b\xE2\x80\xA8"
     "c: d\n",
     "{\"a\":\"b\xE2\x80\xA8"
     "c: d\\n\"}"},
    {"\xE2\x80\xA8: \xEE\xBF\xBF\xE2\x80\xA9\xEF\xA3\xBF\n",
     "{\"\xE2\x80\xA8\":\"\xEE\xBF\xBF\xE2\x80\xA9\xEF\xA3\xBF\"}"},
    {"a: \"\\L\\N\" # \xE2\x80\xA8 c: d\nb: 1\n", "{\"a\":\"\xE2\x80\xA8\xC2\x85\",\"b\":1}"},
    {"a: .inf\n", NULL},
    {"a: -.INF\n", NULL},
    {"a: .NaN\n", NULL},
    {"a: !!float .inf\n", NULL},
    {"a: !!int 1.5\n", NULL},
    {"a: !!bool yes\n", NULL},
    {"a: !!seq x\n", NULL},
    {"a: !!map [x]\n", NULL},
    {"a: !!str {b: c}\n", NULL},
    {"a: 1\na: 2\n", NULL},
    {"1: a\n\"1\": b\n", NULL},
    {"a: {b: 1, b: 2}\n", NULL},
    {"[a]: 1\n", NULL},
    {"{a: b}: 1\n", NULL},
    {"? [a]\n: 1\n", NULL},
    {"a: {{ b }}\n", NULL},
    {"a: *b\n", NULL},
    {"a: &a [*a]\n", NULL},
    {"a: &x [1]\n*x : 1\n", NULL},
    {"a: 1\n--- \nb: 2\n", NULL},
    {"a: \"\\ud83d\\ude00\"\n", NULL},
};

static void test_yaml_is_what_json_could_say_or_refused(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct tape tape = {0};
    STRBUF_SCOPED out = {0};
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++) {
        struct str source = str_of(documents[i].yaml);
        struct problem_list problems;
        problem_list_init(&problems, &arena);
        strbuf_reset(&out);
        bool composed = yaml_compose(source, 0, (uint32_t)source.length, &tape, &problems);
        if (composed == problems.has_error || (!composed && tape.count))
            fail_msg("%s: %d, %zu problems", documents[i].yaml, composed, problems.count);
        if (composed)
            tape_add_json(&tape, 0, &out);
        else
            strbuf_add_text(&out, "refused");
        const char *expected = documents[i].json ? documents[i].json : "refused";
        if (!str_is(strbuf_str(&out), expected))
            fail_msg("%s became %s", documents[i].yaml, out.at);
    }
    tape_finish(&tape);
    arena_finish(&arena);
}

/* Each node's own bytes, in the tape's order, and how it is written. */
static const struct {
    const char *yaml;
    struct {
        const char *span;
        enum node_style style;
    } nodes[12];
} spans[] = {
    {"a: b\n", {{"a: b", STYLE_BLOCK}, {"a", STYLE_PLAIN}, {"b", STYLE_PLAIN}}},
    {"\"a\" :  'b' # c\n",
     {{"\"a\" :  'b'", STYLE_BLOCK}, {"\"a\"", STYLE_DOUBLE}, {"'b'", STYLE_SINGLE}}},
    {"a: 0x1F # c\n", {{"a: 0x1F", STYLE_BLOCK}, {"a", STYLE_PLAIN}, {"0x1F", STYLE_PLAIN}}},
    {"\xC3\xA9: \"\xF0\x9F\x98\x80\"\r\n# c\r\n",
     {{"\xC3\xA9: \"\xF0\x9F\x98\x80\"", STYLE_BLOCK},
      {"\xC3\xA9", STYLE_PLAIN},
      {"\"\xF0\x9F\x98\x80\"", STYLE_DOUBLE}}},
    {"a: one\n  two\n\n",
     {{"a: one\n  two", STYLE_BLOCK}, {"a", STYLE_PLAIN}, {"one\n  two", STYLE_PLAIN}}},
    {"a: |\n  x  \n\n  y\n \n\nb: 1\n",
     {{"a: |\n  x  \n\n  y\n \n\nb: 1", STYLE_BLOCK},
      {"a", STYLE_PLAIN},
      {"|\n  x  \n\n  y", STYLE_LITERAL},
      {"b", STYLE_PLAIN},
      {"1", STYLE_PLAIN}}},
    {"a: >-  # c\r\n  x  \r\n\r\n",
     {{"a: >-  # c\r\n  x  ", STYLE_BLOCK},
      {"a", STYLE_PLAIN},
      {">-  # c\r\n  x  ", STYLE_FOLDED}}},
    {"a: |2-  # c\n\nb: 1\n",
     {{"a: |2-  # c\n\nb: 1", STYLE_BLOCK},
      {"a", STYLE_PLAIN},
      {"|2-", STYLE_LITERAL},
      {"b", STYLE_PLAIN},
      {"1", STYLE_PLAIN}}},
    {"a:\n  - b\n  -   'c'  \n\nd: 1\n",
     {{"a:\n  - b\n  -   'c'  \n\nd: 1", STYLE_BLOCK},
      {"a", STYLE_PLAIN},
      {"- b\n  -   'c'", STYLE_BLOCK},
      {"b", STYLE_PLAIN},
      {"'c'", STYLE_SINGLE},
      {"d", STYLE_PLAIN},
      {"1", STYLE_PLAIN}}},
    {"a:\n- b\n- c: 1\n  d: 2\n# e\n",
     {{"a:\n- b\n- c: 1\n  d: 2", STYLE_BLOCK},
      {"a", STYLE_PLAIN},
      {"- b\n- c: 1\n  d: 2", STYLE_BLOCK},
      {"b", STYLE_PLAIN},
      {"c: 1\n  d: 2", STYLE_BLOCK},
      {"c", STYLE_PLAIN},
      {"1", STYLE_PLAIN},
      {"d", STYLE_PLAIN},
      {"2", STYLE_PLAIN}}},
    {"a: [ b , {c: d} ] # e\n",
     {{"a: [ b , {c: d} ]", STYLE_BLOCK},
      {"a", STYLE_PLAIN},
      {"[ b , {c: d} ]", STYLE_FLOW},
      {"b", STYLE_PLAIN},
      {"{c: d}", STYLE_FLOW},
      {"c", STYLE_PLAIN},
      {"d", STYLE_PLAIN}}},
    {"a: [b: c ]\n",
     {{"a: [b: c ]", STYLE_BLOCK},
      {"a", STYLE_PLAIN},
      {"[b: c ]", STYLE_FLOW},
      {"b: c", STYLE_FLOW},
      {"b", STYLE_PLAIN},
      {"c", STYLE_PLAIN}}},
    {"a: &x !!str\n  # c\n  b\n",
     {{"a: &x !!str\n  # c\n  b", STYLE_BLOCK}, {"a", STYLE_PLAIN}, {"b", STYLE_PLAIN}}},
    {"a: &x\n  b: 1\nc: *x\n",
     {{"a: &x\n  b: 1\nc: *x", STYLE_BLOCK},
      {"a", STYLE_PLAIN},
      {"b: 1", STYLE_BLOCK},
      {"b", STYLE_PLAIN},
      {"1", STYLE_PLAIN},
      {"c", STYLE_PLAIN},
      {"*x", STYLE_BLOCK},
      {"*x", STYLE_PLAIN},
      {"*x", STYLE_PLAIN}}},
    {"a: &x\nb: *x\n",
     {{"a: &x\nb: *x", STYLE_BLOCK},
      {"a", STYLE_PLAIN},
      {"", STYLE_ABSENT},
      {"b", STYLE_PLAIN},
      {"*x", STYLE_PLAIN}}},
    {"? &x a\n: !!seq\n  - b\n",
     {{"? &x a\n: !!seq\n  - b", STYLE_BLOCK},
      {"a", STYLE_PLAIN},
      {"- b", STYLE_BLOCK},
      {"b", STYLE_PLAIN}}},
};

static void test_a_span_is_exactly_the_values_own_text(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct tape tape = {0};
    struct problem_list problems;
    problem_list_init(&problems, &arena);
    for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++) {
        struct str source = str_of(spans[i].yaml);
        assert_true(yaml_compose(source, 0, (uint32_t)source.length, &tape, &problems));
        size_t expected = 0;
        while (spans[i].nodes[expected].span)
            expected++;
        assert_int_equal(tape.count, expected);
        for (size_t k = 0; k < tape.count; k++) {
            struct str span = str_slice(source, tape.nodes[k].start, tape.nodes[k].end);
            if (!str_is(span, spans[i].nodes[k].span) ||
                tape.nodes[k].style != spans[i].nodes[k].style)
                fail_msg("%s: node %zu is <%.*s>, style %d", spans[i].yaml, k, STR_ARG(span),
                         tape.nodes[k].style);
        }
    }
    tape_finish(&tape);
    arena_finish(&arena);
}

/* An empty value: what stands before its place. */
static const struct {
    const char *yaml;
    uint32_t node;
    const char *before;
} empties[] = {
    {"a:\nb: 1\n", 2, "a:"},
    {"a:   # c\nb: 1\n", 2, "a:"},
    {"a :\n\n\n", 2, "a :"},
    {"\xC3\xA9:\n", 2, "\xC3\xA9:"},
    {"a: 1\nb:", 4, "a: 1\nb:"},
    {"a:\n  -\n  - 1\n", 3, "a:\n  -"},
    {"a:\n  -   # c\n  - 1\n", 3, "a:\n  -"},
    {"a: &x   # c\n", 2, "a: &x"},
    {"a: !!null\n", 2, "a: !!null"},
    {"{a: , b: 1}\n", 2, "{a:"},
    {"{a  , b: 1}\n", 2, "{a"},
    {"[a: ]\n", 3, "[a:"},
    {"? a\n? b\n", 2, "? a"},
    {"? a\n:\n? b\n", 2, "? a\n:"},
    {"? a # c\n: # c\n", 2, "? a # c\n:"},
};

static void test_an_empty_value_stands_behind_its_colon_or_dash(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct tape tape = {0};
    struct problem_list problems;
    problem_list_init(&problems, &arena);
    for (size_t i = 0; i < sizeof empties / sizeof empties[0]; i++) {
        struct str source = str_of(empties[i].yaml);
        assert_true(yaml_compose(source, 0, (uint32_t)source.length, &tape, &problems));
        const struct node *node = &tape.nodes[empties[i].node];
        struct str before = str_slice(source, 0, node->start);
        if (!str_is(before, empties[i].before) || node->end != node->start ||
            node->style != STYLE_ABSENT || node->type != NODE_NULL)
            fail_msg("%s: behind <%.*s>", empties[i].yaml, STR_ARG(before));
    }
    tape_finish(&tape);
    arena_finish(&arena);
}

static void test_a_part_is_read_with_offsets_of_the_file(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct tape tape = {0};
    struct problem_list problems;
    problem_list_init(&problems, &arena);
    const struct str source = STR("\xEF\xBB\xBF---\n\xC3\xA9: \xE2\x82\xACuro\n---\n: [\n");
    assert_true(yaml_compose(source, 7, 18, &tape, &problems));
    assert_int_equal(tape.nodes[1].start, 7);
    assert_int_equal(tape.nodes[1].end, 9);
    assert_int_equal(tape.nodes[2].start, 11);
    assert_int_equal(tape.nodes[2].end, 17);
    assert_ptr_equal(tape.nodes[2].text, source.at + 11);
    assert_false(yaml_compose(source, 7, (uint32_t)source.length, &tape, &problems));
    tape_finish(&tape);
    arena_finish(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_yaml_is_what_json_could_say_or_refused),
        cmocka_unit_test(test_a_span_is_exactly_the_values_own_text),
        cmocka_unit_test(test_an_empty_value_stands_behind_its_colon_or_dash),
        cmocka_unit_test(test_a_part_is_read_with_offsets_of_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

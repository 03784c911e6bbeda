// SPDX-License-Identifier: MIT
/* One scalar of the front matter gets another value, in its own style where that will do. */
#include "unit/writeback/patched.h"

/* clang-format off */
static const struct fact plain[] = {
    {TEXT("a: x\n"), TEXT("{\"a\": \"z\"}"), TEXT("a: z\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"y\"}"), TEXT("a: \"y\"\n")},
    {TEXT("a:   x   # why\n"), TEXT("{\"a\": \"longer text\"}"), TEXT("a:   longer text   # why\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"b: c\"}"), TEXT("a: \"b: c\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"b:c\"}"), TEXT("a: b:c\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"b #c\"}"), TEXT("a: \"b #c\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"b#c\"}"), TEXT("a: b#c\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"\"}"), TEXT("a: \"\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \" x\"}"), TEXT("a: \" x\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"x \"}"), TEXT("a: \"x \"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"- x\"}"), TEXT("a: \"- x\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"-x\"}"), TEXT("a: -x\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"? x\"}"), TEXT("a: \"? x\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"[x\"}"), TEXT("a: \"[x\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"x[y]\"}"), TEXT("a: x[y]\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"{{ x }}\"}"), TEXT("a: \"{{ x }}\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"[[Link]]\"}"), TEXT("a: \"[[Link]]\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"#tag\"}"), TEXT("a: \"#tag\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"@me\"}"), TEXT("a: \"@me\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"*x\"}"), TEXT("a: \"*x\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"say \\\"hi\\\"\"}"), TEXT("a: say \"hi\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"\\\"hi\\\" she said\"}"), TEXT("a: '\"hi\" she said'\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"it's \\\"it\\\": so\"}"), TEXT("a: 'it''s \"it\": so'\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"c:\\\\dir\"}"), TEXT("a: c:\\dir\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"tab\\there\"}"), TEXT("a: \"tab\\there\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"bell\\u0007\"}"), TEXT("a: \"bell\\x07\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"nul\\u0000\"}"), TEXT("a: \"nul\\0\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"\\u0085\\u2028\\ufeff\"}"), TEXT("a: \"\\x85\\u2028\\uFEFF\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"\xF0\x9F\x98\x80\"}"), TEXT("a: \xF0\x9F\x98\x80\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"---\"}"), TEXT("a: \"---\"\n")},
    {TEXT("a: one\n  two\n  three\nb: 1\n"), TEXT("{\"a\": \"four\"}"), TEXT("a: four\nb: 1\n")},
    {TEXT("a:\n  x\nb: 1\n"), TEXT("{\"a\": \"z\"}"), TEXT("a:\n  z\nb: 1\n")},
    {TEXT("a: x\t# tab\n"), TEXT("{\"a\": \"z\"}"), TEXT("a: z\t# tab\n")},
    {TEXT("a: x\xC3\xA9\n"), TEXT("{\"a\": \"x\xC2\xA9\"}"), TEXT("a: x\xC2\xA9\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"-\xC3\xA9\"}"), TEXT("a: -\xC3\xA9\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"-{x\"}"), TEXT("a: \"-{x\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"b:\"}"), TEXT("a: \"b:\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"\\u2029\\ufffe\\uffff\\u007f\"}"), TEXT("a: \"\\u2029\\uFFFE\\uFFFF\\x7F\"\n")},
    {TEXT("a: [x]\n"), TEXT("{\"a\": [\"x\", \"-x\", \"b:c\", \"b:/c\", \"b]\"]}"), TEXT("a: [x, \"-x\", b:c, \"b:/c\", \"b]\"]\n")},
};

static const struct fact other_types[] = {
    {TEXT("a: x\n"), TEXT("{\"a\": \"yes\"}"), TEXT("a: \"yes\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"Off\"}"), TEXT("a: \"Off\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"n\"}"), TEXT("a: \"n\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"null\"}"), TEXT("a: \"null\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"~\"}"), TEXT("a: \"~\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"true\"}"), TEXT("a: \"true\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"007\"}"), TEXT("a: \"007\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"12:30\"}"), TEXT("a: \"12:30\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"1_000\"}"), TEXT("a: \"1_000\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"0x1F\"}"), TEXT("a: \"0x1F\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"-1.5e3\"}"), TEXT("a: \"-1.5e3\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \".inf\"}"), TEXT("a: \".inf\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"1.2.3\"}"), TEXT("a: 1.2.3\n")},
    {TEXT("a: 2024-01-01\n"), TEXT("{\"a\": \"2026-11-28\"}"), TEXT("a: 2026-11-28\n")},
    {TEXT("a: \"2024-01-01\"\n"), TEXT("{\"a\": \"2026-11-28\"}"), TEXT("a: \"2026-11-28\"\n")},
    {TEXT("a: 2024-01-01T10:00:00Z\n"), TEXT("{\"a\": \"2024-01-01T11:00:00Z\"}"), TEXT("a: 2024-01-01T11:00:00Z\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": 5}"), TEXT("a: 5\n")},
    {TEXT("a: \"5\"\n"), TEXT("{\"a\": 5}"), TEXT("a: 5\n")},
    {TEXT("a: 5\n"), TEXT("{\"a\": \"5\"}"), TEXT("a: \"5\"\n")},
    {TEXT("a: 5\n"), TEXT("{\"a\": true}"), TEXT("a: true\n")},
    {TEXT("a: True\n"), TEXT("{\"a\": false}"), TEXT("a: False\n")},
    {TEXT("a: FALSE\n"), TEXT("{\"a\": true}"), TEXT("a: TRUE\n")},
    {TEXT("a: x\n"), TEXT("={\"a\": null, \"content\": \"body\\n\"}"), TEXT("a: null\n")},
    {TEXT("a: ~\n"), TEXT("{\"a\": 1}"), TEXT("a: 1\n")},
    {TEXT("a:\n"), TEXT("{\"a\": 1}"), TEXT("a: 1\n")},
    {TEXT("a:   # why\n"), TEXT("{\"a\": \"x\"}"), TEXT("a: x   # why\n")},
    {TEXT("a: 1\n"), TEXT("{\"a\": 12345678901234567890.10}"), TEXT("a: 12345678901234567890.10\n")},
    {TEXT("a: 0x1F\nb: 1\n"), TEXT("{\"b\": 2}"), TEXT("a: 0x1F\nb: 2\n")},
    {TEXT("a: 1.10\nb: 1e400\nc: 9007199254740993\nd: 0.30000000000000004\ne: 1\n"), TEXT("{\"e\": 2}"),
     TEXT("a: 1.10\nb: 1e400\nc: 9007199254740993\nd: 0.30000000000000004\ne: 2\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"0xZZ\"}"), TEXT("a: 0xZZ\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"1.\"}"), TEXT("a: \"1.\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \".\"}"), TEXT("a: .\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \".x\"}"), TEXT("a: .x\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"_1\"}"), TEXT("a: \"_1\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"__\"}"), TEXT("a: __\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"+\"}"), TEXT("a: +\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"+1\"}"), TEXT("a: \"+1\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"1e\"}"), TEXT("a: \"1e\"\n")},
    {TEXT("a: True\n"), TEXT("{\"a\": 5}"), TEXT("a: 5\n")},
    {TEXT("a: false\n"), TEXT("{\"a\": true}"), TEXT("a: true\n")},
    {TEXT("a: TRUE\n"), TEXT("{\"a\": false}"), TEXT("a: FALSE\n")},
    {TEXT("a: False\n"), TEXT("{\"a\": true}"), TEXT("a: True\n")},
};

static const struct fact quoted[] = {
    {TEXT("a: 'x'\n"), TEXT("{\"a\": \"y\"}"), TEXT("a: 'y'\n")},
    {TEXT("a: 'x'\n"), TEXT("{\"a\": \"it's\"}"), TEXT("a: 'it''s'\n")},
    {TEXT("a: 'x'\n"), TEXT("{\"a\": \"two\\nlines\"}"), TEXT("a: \"two\\nlines\"\n")},
    {TEXT("a: \"x\"\n"), TEXT("{\"a\": \"y\"}"), TEXT("a: \"y\"\n")},
    {TEXT("a: \"x\"\n"), TEXT("{\"a\": \"say \\\"hi\\\"\"}"), TEXT("a: \"say \\\"hi\\\"\"\n")},
    {TEXT("a: \"x\"\n"), TEXT("{\"a\": \"two\\nlines\"}"), TEXT("a: \"two\\nlines\"\n")},
    {TEXT("a: \"x\" # c\n"), TEXT("{\"a\": \"\"}"), TEXT("a: \"\" # c\n")},
    {TEXT("a: \"one\n  two\"\n"), TEXT("{\"a\": \"x\"}"), TEXT("a: \"x\"\n")},
    {TEXT("\"a\": 'x'\n'b': 1\n"), TEXT("{\"a\": \"y\", \"b\": 2}"), TEXT("\"a\": 'y'\n'b': 2\n")},
};

static const struct fact blocks[] = {
    {TEXT("a: |\n  one\n  two\nb: 1\n"), TEXT("{\"a\": \"one\\nTWO\\n\"}"), TEXT("a: |\n  one\n  TWO\nb: 1\n")},
    {TEXT("a: |\n    one\nb: 1\n"), TEXT("{\"a\": \"one\\ntwo\\n\"}"), TEXT("a: |\n    one\n    two\nb: 1\n")},
    {TEXT("a: | # why\n  one\nb: 1\n"), TEXT("{\"a\": \"two\"}"), TEXT("a: |- # why\n  two\nb: 1\n")},
    {TEXT("a: |-\n  one\nb: 1\n"), TEXT("{\"a\": \"one\\n\"}"), TEXT("a: |\n  one\nb: 1\n")},
    {TEXT("a: |\n  one\nb: 1\n"), TEXT("{\"a\": \"  one\\ntwo\\n\"}"), TEXT("a: |2\n    one\n  two\nb: 1\n")},
    {TEXT("a: |2-\n    one\nb: 1\n"), TEXT("{\"a\": \"two\"}"), TEXT("a: |2-\n  two\nb: 1\n")},
    {TEXT("a: |+\n  one\n\nb: 1\n"), TEXT("{\"a\": \"two\\n\\n\"}"), TEXT("a: |+\n  two\n\nb: 1\n")},
    {TEXT("a: |+\n  one\n\nb: 1\n"), TEXT("{\"a\": \"two\\n\"}"), TEXT("a: |\n  two\n\nb: 1\n")},
    {TEXT("a: |\n  one\n\n  two\nb: 1\n"), TEXT("{\"a\": \"one\\n\\n\\n2\\n\"}"), TEXT("a: |\n  one\n\n\n  2\nb: 1\n")},
    {TEXT("a: |\n  one\nb: 1\n"), TEXT("{\"a\": \"\"}"), TEXT("a: \"\"\nb: 1\n")},
    {TEXT("a: |\n  one\nb: 1\n"), TEXT("{\"a\": \"x\\u0007\\n\"}"), TEXT("a: \"x\\x07\\n\"\nb: 1\n")},
    {TEXT("a: | # why\n  one\nb: 1\n"), TEXT("{\"a\": 5}"), TEXT("a: 5 # why\nb: 1\n")},
    {TEXT("a: >\n  one\n  two\n\n  three\nb: 1\n"), TEXT("{\"a\": \"one two\\n3\\n\"}"), TEXT("a: >\n  one two\n\n  3\nb: 1\n")},
    {TEXT("a: >-\n  one\nb: 1\n"), TEXT("{\"a\": \"x\\n\\ny\"}"), TEXT("a: >-\n  x\n\n\n  y\nb: 1\n")},
    {TEXT("a: >-\n  one\nb: 1\n"), TEXT("{\"a\": \"x\\n  y\"}"), TEXT("a: \"x\\n  y\"\nb: 1\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"one\\ntwo\"}"), TEXT("a: |-\n  one\n  two\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"one\\n\\ntwo\\n\"}"), TEXT("a: |\n  one\n\n  two\n")},
    {TEXT("a: x # c\n"), TEXT("{\"a\": \"one\\ntwo\"}"), TEXT("a: \"one\\ntwo\" # c\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"one\\n\\n\\n\"}"), TEXT("a: \"one\\n\\n\\n\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"\\n\"}"), TEXT("a: \"\\n\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"one\\r\\ntwo\"}"), TEXT("a: \"one\\r\\ntwo\"\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"\\tone\\ntwo\"}"), TEXT("a: |2-\n  \tone\n  two\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": \"one\\n---\\ntwo\"}"), TEXT("a: |-\n  one\n  ---\n  two\n")},
    {TEXT("a:\n  b: x\nc: 1\n"), TEXT("{\"a\": {\"b\": \" one\\ntwo\"}}"), TEXT("a:\n  b: |2-\n     one\n    two\nc: 1\n")},
    {TEXT("a:\n"), TEXT("{\"a\": \"one\\ntwo\"}"), TEXT("a: |-\n  one\n  two\n")},
    {TEXT("a: |\nb: 1\n"), TEXT("{\"a\": 5}"), TEXT("a: 5\nb: 1\n")},
    {TEXT("a: |\nb: 1\n"), TEXT("{\"a\": \"x\\n\"}"), TEXT("a: |\n  x\nb: 1\n")},
    {TEXT("a: |\n\n    one\nb: 1\n"), TEXT("{\"a\": \"\\ntwo\\n\"}"), TEXT("a: |4\n\n    two\nb: 1\n")},
    {TEXT("a: |\n            one\nb: 1\n"), TEXT("{\"a\": \"two\\n\"}"), TEXT("a: \"two\\n\"\nb: 1\n")},
    {TEXT("a: |+\n  one\n\nb: 1\n"), TEXT("{\"a\": \"two\\n\\n\\n\"}"), TEXT("a: \"two\\n\\n\\n\"\n\nb: 1\n")},
    {TEXT("a: >-\n  one\nb: 1\n"), TEXT("{\"a\": \"x\\n\\ty\"}"), TEXT("a: \"x\\n\\ty\"\nb: 1\n")},
};

static const struct fact shared[] = {
    {TEXT("a: &x one\nb: *x\n"), TEXT("{\"b\": \"two\"}"), TEXT("a: &x one\nb: two\n")},
    {TEXT("a: &x one\nb: *x\n"), TEXT("{\"a\": \"two\"}"),
     TEXT("refused: the value is named '&x', and changing it would change other places too")},
    {TEXT("a: &x\n  k: 1\nb: *x\n"), TEXT("{\"a\": {\"k\": 2}}"),
     TEXT("refused: the value is named '&x', and changing it would change other places too")},
    {TEXT("a: &x\n  k: 1\nb: *x\n"), TEXT("{\"b\": {\"k\": 2}}"), TEXT("a: &x\n  k: 1\nb:\n  k: 2\n")},
    {TEXT("a: &x one\nb: 1\n"), TEXT("{\"a\": \"two\"}"), TEXT("a: &x two\nb: 1\n")},
    {TEXT("a: &x one\nb: *x\n"), TEXT("{\"a\": null}"),
     TEXT("refused: the edit would break the file: nothing is named '&x' (a value that starts with '*' needs quotes)")},
    {TEXT("a: !!str 5\n"), TEXT("{\"a\": \"6\"}"),
     TEXT("refused: the value has the tag '!!str': edit it in the file")},
    {TEXT("a: !!str 5\nb: 1\n"), TEXT("{\"b\": 2}"), TEXT("a: !!str 5\nb: 2\n")},
    {TEXT("a: &x one\nb: &z two\nc: *z\n"), TEXT("{\"a\": \"three\"}"), TEXT("a: &x three\nb: &z two\nc: *z\n")},
    {TEXT("a: !!str &x 5\nb: *x\n"), TEXT("{\"a\": \"6\"}"),
     TEXT("refused: the value is named '&x', and changing it would change other places too")},
    {TEXT("a: &x !!str 5\nb: 1\n"), TEXT("{\"a\": \"6\"}"),
     TEXT("refused: the value has the tag '!!str': edit it in the file")},
    {TEXT("a:\n  - !!str 5\n"), TEXT("{\"a\": [\"6\"]}"),
     TEXT("refused: the value has the tag '!!str': edit it in the file")},
    {TEXT("a: &x\nb: *x\n"), TEXT("{\"b\": 1}"), TEXT("a: &x\nb: 1\n")},
    {TEXT("a: &x True\nb: *x\n"), TEXT("{\"b\": false}"), TEXT("a: &x True\nb: false\n")},
    {TEXT("a: &long True\nb: *long\n"), TEXT("{\"b\": false}"), TEXT("a: &long True\nb: false\n")},
    {TEXT("a: &x |\n  t\nb: *x\n"), TEXT("{\"b\": \"u\\n\"}"), TEXT("a: &x |\n  t\nb: |\n  u\n")},
    {TEXT("a: &x |\n  t\nb: *x\n"), TEXT("{\"c\": 1}"), TEXT("a: &x |\n  t\nb: *x\nc: 1\n")},
};
/* clang-format on */

static void test_a_plain_scalar_stays_plain_where_it_can(void **state)
{
    (void)state;
    assert_front_matter(plain, COUNT(plain));
}

static void test_a_scalar_keeps_and_changes_its_type(void **state)
{
    (void)state;
    assert_front_matter(other_types, COUNT(other_types));
}

static void test_a_quoted_scalar_keeps_its_quotes(void **state)
{
    (void)state;
    assert_front_matter(quoted, COUNT(quoted));
}

static void test_a_block_scalar_keeps_its_header(void **state)
{
    (void)state;
    assert_front_matter(blocks, COUNT(blocks));
}

static void test_what_others_use_is_not_changed(void **state)
{
    (void)state;
    assert_front_matter(shared, COUNT(shared));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_plain_scalar_stays_plain_where_it_can),
        cmocka_unit_test(test_a_scalar_keeps_and_changes_its_type),
        cmocka_unit_test(test_a_quoted_scalar_keeps_its_quotes),
        cmocka_unit_test(test_a_block_scalar_keeps_its_header),
        cmocka_unit_test(test_what_others_use_is_not_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

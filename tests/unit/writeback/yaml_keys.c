// SPDX-License-Identifier: MIT
/* Keys come and go, lists and mappings grow and shrink, in the form that they have. */
#include "unit/writeback/patched.h"

/* clang-format off */
static const struct fact keys[] = {
    {TEXT("a: 1\n"), TEXT("{\"b\": 2}"), TEXT("a: 1\nb: 2\n")},
    {TEXT(""), TEXT("{\"b\": 2}"), TEXT("b: 2\n")},
    {TEXT("# note\n"), TEXT("{\"b\": 2}"), TEXT("# note\nb: 2\n")},
    {TEXT("a: 1 # c\n# end\n"), TEXT("{\"b\": 2}"), TEXT("a: 1 # c\nb: 2\n# end\n")},
    {TEXT("a: 1\n"), TEXT("{\"b c\": \"x\", \"d:\": \"y z\"}"), TEXT("a: 1\nb c: x\n\"d:\": y z\n")},
    {TEXT("a: 1\n"), TEXT("{\"yes\": 1, \"12\": 2, \"\": 3}"), TEXT("a: 1\n\"yes\": 1\n\"12\": 2\n\"\": 3\n")},
    {TEXT("a: 1\n"), TEXT("{\"b\": \"2024-01-01\"}"), TEXT("a: 1\nb: 2024-01-01\n")},
    {TEXT("a: 1\n"), TEXT("{\"b\": \"one\\ntwo\\n\"}"), TEXT("a: 1\nb: |\n  one\n  two\n")},
    {TEXT("a: 1\n"), TEXT("{\"b\": {\"c\": 1, \"d\": {\"e\": [1, [2], {\"f\": 3, \"g\": 4}]}}}"),
     TEXT("a: 1\nb:\n  c: 1\n  d:\n    e:\n      - 1\n      - [2]\n      - f: 3\n        g: 4\n")},
    {TEXT("a: 1\n"), TEXT("{\"b\": [], \"c\": {}}"), TEXT("a: 1\nb: []\nc: {}\n")},
    {TEXT("a: 1\nl: [x]\n"), TEXT("{\"b\": [\"p\", \"q, r\"]}"), TEXT("a: 1\nl: [x]\nb: [p, \"q, r\"]\n")},
    {TEXT("a: 1\nl:\n- x\n"), TEXT("{\"b\": [\"p\", \"q\"]}"), TEXT("a: 1\nl:\n- x\nb:\n- p\n- q\n")},
    {TEXT("a: 1\nl:\n    - x\n"), TEXT("{\"b\": [\"p\"]}"), TEXT("a: 1\nl:\n    - x\nb:\n    - p\n")},
    {TEXT("a: |+\n  x\n\n"), TEXT("{\"b\": 2}"), TEXT("a: |+\n  x\n\nb: 2\n")},
    {TEXT("a: |\n  x\n\n"), TEXT("{\"b\": 2}"), TEXT("a: |\n  x\nb: 2\n\n")},
    {TEXT("a:\n  b: 1 # c\nd: 2\n"), TEXT("{\"a\": {\"e\": 3}}"), TEXT("a:\n  b: 1 # c\n  e: 3\nd: 2\n")},
    {TEXT("a: {b: 1}\n"), TEXT("{\"a\": {\"e\": \"x, y\"}}"), TEXT("a: {b: 1, e: \"x, y\"}\n")},
    {TEXT("a: {\"b\": 1}\n"), TEXT("{\"a\": {\"e\": 2}}"), TEXT("a: {\"b\": 1, \"e\": 2}\n")},
    {TEXT("a: {}\n"), TEXT("{\"a\": {\"e\": 2}}"), TEXT("a: {e: 2}\n")},
    {TEXT("{a: 1}\n"), TEXT("{\"b\": 2}"), TEXT("{a: 1, b: 2}\n")},
    {TEXT("a: 1\n"), TEXT("{\"b\": \"x\\n\\n\", \"c\": \"x\\u0007\\ny\"}"), TEXT("a: 1\nb: \"x\\n\\n\"\nc: \"x\\x07\\ny\"\n")},
    {TEXT("a: 1\n"), TEXT("{\"b\": \" one\\ntwo\"}"), TEXT("a: 1\nb: |2-\n   one\n  two\n")},
    {TEXT("a: 1\n"), TEXT("{\"b\": [{}, []]}"), TEXT("a: 1\nb:\n  - {}\n  - []\n")},
    {TEXT("m:\n  k: &x [q]\nl: *x\n"), TEXT("{\"b\": [\"p\"]}"), TEXT("m:\n  k: &x [q]\nl: *x\nb:\n  - p\n")},
    {TEXT("l: []\n"), TEXT("{\"b\": [\"p\"]}"), TEXT("l: []\nb:\n  - p\n")},
    {TEXT("l:\n          - x\n"), TEXT("{\"b\": [\"p\"]}"), TEXT("l:\n          - x\nb:\n  - p\n")},
    {TEXT("?  l\n: - x\n"), TEXT("{\"b\": [\"p\"]}"),
     TEXT("refused: the edit would break the file: 'b:' is indented as if it belonged to the value above it: give both the same indentation")},
    {TEXT("a: {b, c}\n"), TEXT("{\"a\": {\"b\": 1}}"), TEXT("a: {b: 1, c}\n")},
};

static const struct fact gone[] = {
    {TEXT("a: 1\nb: 2\nc: 3\n"), TEXT("{\"b\": null}"), TEXT("a: 1\nc: 3\n")},
    {TEXT("a: 1\n# about b\nb: 2 # more\nc: 3\n"), TEXT("{\"b\": null}"), TEXT("a: 1\n# about b\nc: 3\n")},
    {TEXT("a: 1\n"), TEXT("{\"a\": null}"), TEXT("")},
    {TEXT("# top\na: 1\n\n# end\n"), TEXT("{\"a\": null}"), TEXT("# top\n\n# end\n")},
    {TEXT("a: 1\nb:\n  - x\n  - y\nc: 3\n"), TEXT("{\"b\": null}"), TEXT("a: 1\nc: 3\n")},
    {TEXT("a: 1\nb: |\n  x\n\n  y\nc: 3\n"), TEXT("{\"b\": null}"), TEXT("a: 1\nc: 3\n")},
    {TEXT("a: 1\nb: |+\n  x\n\nc: 3\n"), TEXT("{\"b\": null}"), TEXT("a: 1\nc: 3\n")},
    {TEXT("a: |+\n  x\n\nb: 2\n\nc: 3\n"), TEXT("{\"b\": null}"), TEXT("a: |+\n  x\n\nc: 3\n")},
    {TEXT("a: 1\nb:\nc: 3\n"), TEXT("{\"b\": null, \"c\": null}"), TEXT("a: 1\n")},
    {TEXT("a:\n  b: 1\n  c: 2\nd: 3\n"), TEXT("{\"a\": {\"b\": null}}"), TEXT("a:\n  c: 2\nd: 3\n")},
    {TEXT("a:\n  b: 1\nd: 3\n"), TEXT("={\"a\": {}, \"d\": 3, \"content\": \"body\\n\"}"), TEXT("a: {}\nd: 3\n")},
    {TEXT("a: # why\n  b: 1\nd: 3\n"), TEXT("={\"a\": {}, \"d\": 3, \"content\": \"body\\n\"}"), TEXT("a: {} # why\nd: 3\n")},
    {TEXT("a: {b: 1, c: 2}\n"), TEXT("{\"a\": {\"b\": null}}"), TEXT("a: {c: 2}\n")},
    {TEXT("a: {b: 1, c: 2}\n"), TEXT("{\"a\": {\"c\": null}}"), TEXT("a: {b: 1}\n")},
    {TEXT("a: { b: 1 }\n"), TEXT("={\"a\": {}, \"content\": \"body\\n\"}"), TEXT("a: {}\n")},
    {TEXT("a: {b: 1, c: 2, d: 3}\n"), TEXT("{\"a\": {\"c\": null, \"d\": null, \"e\": 4}}"), TEXT("a: {b: 1, e: 4}\n")},
    {TEXT("a: 1\nb: 2\n"), TEXT("{\"b\": null, \"c\": 3}"), TEXT("a: 1\nc: 3\n")},
    {TEXT("a: 1\nb: 2\n"), TEXT("{\"a\": null, \"b\": null, \"c\": 3}"), TEXT("c: 3\n")},
    {TEXT("a: 1\n? b\n: 2\nc: 3\n"), TEXT("{\"b\": null}"), TEXT("refused: cannot take out 'b': it shares its line with more")},
    {TEXT("? a\n: 1\n"), TEXT("{\"a\": null}"),
     TEXT("refused: the edit cannot be proven: the file would not say what was asked for")},
};

static const struct fact lists[] = {
    {TEXT("a:\n  - x\n  - y\n"), TEXT("{\"a\": [\"x\", \"y\", \"z\"]}"), TEXT("a:\n  - x\n  - y\n  - z\n")},
    {TEXT("a:\n  - one\n  - two\n"), TEXT("{\"a\": [\"one\", \"two\", \"three\"]}"), TEXT("a:\n  - one\n  - two\n  - three\n")},
    {TEXT("a:\n- one # 1\n- two # 2\nb: 1\n"), TEXT("{\"a\": [\"one\", \"two\", \"three\"]}"), TEXT("a:\n- one # 1\n- two # 2\n- three\nb: 1\n")},
    {TEXT("a:\n  - one\n  - two\n"), TEXT("{\"a\": [\"zero\", \"one\", \"two\"]}"), TEXT("a:\n  - zero\n  - one\n  - two\n")},
    {TEXT("a:\n  - one\n  - two\n  - three\n"), TEXT("{\"a\": [\"one\", \"three\"]}"), TEXT("a:\n  - one\n  - three\n")},
    {TEXT("a:\n  - one\n  - two\n  - three\n"), TEXT("{\"a\": [\"one\", \"2\", \"three\"]}"), TEXT("a:\n  - one\n  - \"2\"\n  - three\n")},
    {TEXT("a:\n  - one\n"), TEXT("{\"a\": []}"), TEXT("a: []\n")},
    {TEXT("a: [one, two]\n"), TEXT("{\"a\": [\"one\", \"two\", \"b: c\"]}"), TEXT("a: [one, two, \"b: c\"]\n")},
    {TEXT("a: [one,two]\n"), TEXT("{\"a\": [\"one\", \"two\", \"three\"]}"), TEXT("a: [one,two,three]\n")},
    {TEXT("a: [one, two]\n"), TEXT("{\"a\": [\"zero\", \"one\", \"two\"]}"), TEXT("a: [zero, one, two]\n")},
    {TEXT("a: [one, two, three]\n"), TEXT("{\"a\": [\"one\"]}"), TEXT("a: [one]\n")},
    {TEXT("a: [ one, two ]\n"), TEXT("{\"a\": [\"two\"]}"), TEXT("a: [ two ]\n")},
    {TEXT("a: [one, 'two', \"three\"]\n"), TEXT("{\"a\": [\"1\", \"2\", \"3\"]}"), TEXT("a: [\"1\", '2', \"3\"]\n")},
    {TEXT("a: [one]\n"), TEXT("{\"a\": []}"), TEXT("a: []\n")},
    {TEXT("a: [\"one\", \"two\"]\n"), TEXT("{\"a\": [\"one\", \"two\", \"three\"]}"), TEXT("a: [\"one\", \"two\", \"three\"]\n")},
    {TEXT("a:\n  - 'one'\n"), TEXT("{\"a\": [\"one\", \"it's\", 3]}"), TEXT("a:\n  - 'one'\n  - 'it''s'\n  - 3\n")},
    {TEXT("a: []\n"), TEXT("{\"a\": [1, \"two\"]}"), TEXT("a: [1, two]\n")},
    {TEXT("a: [\n  one, # 1\n  two # 2\n  ]\n"), TEXT("{\"a\": [\"one\", \"two\", \"three\"]}"), TEXT("a: [\n  one, # 1\n  two, three # 2\n  ]\n")},
    {TEXT("a:\n  - k: 1\n    l: 2\n  - k: 3\n"), TEXT("{\"a\": [{\"k\": 1, \"l\": 5}, {\"k\": 3}]}"), TEXT("a:\n  - k: 1\n    l: 5\n  - k: 3\n")},
    {TEXT("a:\n  - k: 1\n    l: 2\n  - k: 3\n"), TEXT("{\"a\": [{\"l\": 2}, {\"k\": 3}]}"), TEXT("a:\n  - l: 2\n  - k: 3\n")},
    {TEXT("a:\n  - k: 1\n    l: 2\n  - k: 3\n"), TEXT("{\"a\": [{\"k\": 1, \"l\": 2, \"m\": 4}, {\"k\": 3, \"l\": 6}]}"), TEXT("a:\n  - k: 1\n    l: 2\n    m: 4\n  - k: 3\n    l: 6\n")},
    {TEXT("a:\n  - k: 1\n"), TEXT("{\"a\": [{\"m\": 4, \"o\": 5}]}"), TEXT("a:\n  - m: 4\n    o: 5\n")},
    {TEXT("a:\n  - - 1\n    - 2\n"), TEXT("{\"a\": [[2]]}"), TEXT("a:\n  - - 2\n")},
    {TEXT("a:\n  - - 1\n    - 2\n"), TEXT("{\"a\": [[0, 1, 2]]}"), TEXT("a:\n  - - 0\n    - 1\n    - 2\n")},
    {TEXT("a:\n  -\n  - x\n"), TEXT("{\"a\": [\"one\", \"x\"]}"), TEXT("a:\n  - one\n  - x\n")},
};

static const struct fact forms[] = {
    {TEXT("a: x\n"), TEXT("{\"a\": [\"x\", \"z\"]}"), TEXT("a:\n  - x\n  - z\n")},
    {TEXT("a: x # why\n"), TEXT("{\"a\": [\"x\", \"z\"]}"), TEXT("a: [x, z] # why\n")},
    {TEXT("a: x\n"), TEXT("{\"a\": {\"b\": 1}}"), TEXT("a:\n  b: 1\n")},
    {TEXT("a:\nb: 1\n"), TEXT("{\"a\": [\"x\"]}"), TEXT("a:\n  - x\nb: 1\n")},
    {TEXT("a: # why\nb: 1\n"), TEXT("{\"a\": [\"x\"]}"), TEXT("a: [x] # why\nb: 1\n")},
    {TEXT("a:\n  - x\n  - z\nb: 1\n"), TEXT("{\"a\": \"x\"}"), TEXT("a: x\nb: 1\n")},
    {TEXT("a: # why\n  - x\nb: 1\n"), TEXT("{\"a\": \"x\"}"), TEXT("a: x # why\nb: 1\n")},
    {TEXT("a:\n- x\nb: 1\n"), TEXT("{\"a\": true}"), TEXT("a: true\nb: 1\n")},
    {TEXT("a:\n  b: 1\nc: 1\n"), TEXT("{\"a\": [1]}"), TEXT("a: [1]\nc: 1\n")},
    {TEXT("a: [x]\n"), TEXT("{\"a\": \"x\"}"), TEXT("a: x\n")},
    {TEXT("a: [x, [y2, z]]\n"), TEXT("{\"a\": [\"x\", \"w\"]}"), TEXT("a: [x, w]\n")},
    {TEXT("a: |\n  x\nb: 1\n"), TEXT("{\"a\": [1, 2]}"), TEXT("a: [1, 2]\nb: 1\n")},
    {TEXT("a:\n  - x\n  - z\n"), TEXT("{\"a\": [{\"k\": 1}, \"z\"]}"), TEXT("a:\n  - {k: 1}\n  - z\n")},
    {TEXT("a:\n  - k: 1\n  - z\n"), TEXT("{\"a\": [\"x\", \"z\"]}"), TEXT("a:\n  - x\n  - z\n")},
};
/* clang-format on */

static void test_a_new_key_goes_to_the_end(void **state)
{
    (void)state;
    assert_front_matter(keys, COUNT(keys));
}

static void test_a_removed_key_takes_its_lines(void **state)
{
    (void)state;
    assert_front_matter(gone, COUNT(gone));
}

static void test_lists_keep_their_form(void **state)
{
    (void)state;
    assert_front_matter(lists, COUNT(lists));
}

static void test_values_become_lists_and_lists_values(void **state)
{
    (void)state;
    assert_front_matter(forms, COUNT(forms));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_new_key_goes_to_the_end),
        cmocka_unit_test(test_a_removed_key_takes_its_lines),
        cmocka_unit_test(test_lists_keep_their_form),
        cmocka_unit_test(test_values_become_lists_and_lists_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

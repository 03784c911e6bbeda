// SPDX-License-Identifier: MIT
/* Where front matter is cut off, and where the body starts. */
#include "parse/front_matter.h"
#include "unit/unit.h"

#define BOM "\xEF\xBB\xBF"

/* What stands between the fences, and what is left as the body. */
static const struct {
    struct str source;
    enum front_matter_kind kind;
    struct str content, body;
} files[] = {
    {TEXT(""), FRONT_MATTER_NONE, TEXT(""), TEXT("")},
    {TEXT("text\n"), FRONT_MATTER_NONE, TEXT(""), TEXT("text\n")},
    {TEXT("---\na: 1\n---\nbody\n"), FRONT_MATTER_YAML, TEXT("a: 1\n"), TEXT("body\n")},
    {TEXT("---\na: 1\n---\n"), FRONT_MATTER_YAML, TEXT("a: 1\n"), TEXT("")},
    {TEXT("---\na: 1\n---"), FRONT_MATTER_YAML, TEXT("a: 1\n"), TEXT("")},
    {TEXT("---\na: 1\n...\nbody"), FRONT_MATTER_YAML, TEXT("a: 1\n"), TEXT("body")},
    {TEXT("---\n---\nbody"), FRONT_MATTER_YAML, TEXT(""), TEXT("body")},
    {TEXT("---\n---"), FRONT_MATTER_YAML, TEXT(""), TEXT("")},
    {TEXT("---\n\n---\n\nbody"), FRONT_MATTER_YAML, TEXT("\n"), TEXT("\nbody")},
    {TEXT("--- \t\na: 1\n---\t \nbody"), FRONT_MATTER_YAML, TEXT("a: 1\n"), TEXT("body")},
    {TEXT("---\r\na: 1\r\n---\r\nbody\r\n"), FRONT_MATTER_YAML, TEXT("a: 1\r\n"), TEXT("body\r\n")},
    {TEXT("---\r\na: 1\n--- \r\nbody"), FRONT_MATTER_YAML, TEXT("a: 1\n"), TEXT("body")},
    {TEXT("---\na: 1\n---\r"), FRONT_MATTER_YAML, TEXT("a: 1\n"), TEXT("")},
    {TEXT(BOM "---\na: 1\n---\nbody"), FRONT_MATTER_YAML, TEXT("a: 1\n"), TEXT("body")},
    {TEXT(BOM "body"), FRONT_MATTER_NONE, TEXT(""), TEXT("body")},
    {TEXT(BOM), FRONT_MATTER_NONE, TEXT(""), TEXT("")},
    {TEXT(BOM BOM "---\n---\n"), FRONT_MATTER_NONE, TEXT(""), TEXT(BOM "---\n---\n")},
    {TEXT("---\na: \"x\n---\ny\"\n"), FRONT_MATTER_YAML, TEXT("a: \"x\n"), TEXT("y\"\n")},
    {TEXT("---\na: |\n ---\n---\nb"), FRONT_MATTER_YAML, TEXT("a: |\n ---\n"), TEXT("b")},
    {TEXT("---\na\n----\n---\nb"), FRONT_MATTER_YAML, TEXT("a\n----\n"), TEXT("b")},
    {TEXT("---\na\n---x\n---\nb"), FRONT_MATTER_YAML, TEXT("a\n---x\n"), TEXT("b")},
    {TEXT("---\na\n--- # c\n---\nb"), FRONT_MATTER_YAML, TEXT("a\n--- # c\n"), TEXT("b")},
    {TEXT("---\na\n....\n...\nb"), FRONT_MATTER_YAML, TEXT("a\n....\n"), TEXT("b")},
    {TEXT("---\na\r---\n---\nb"), FRONT_MATTER_YAML, TEXT("a\r---\n"), TEXT("b")},
    {TEXT("---\na\n---\nb\n---\nc"), FRONT_MATTER_YAML, TEXT("a\n"), TEXT("b\n---\nc")},
    {TEXT("---\na\0b\n---\nc\0d"), FRONT_MATTER_YAML, TEXT("a\0b\n"), TEXT("c\0d")},
    {TEXT("---"), FRONT_MATTER_NONE, TEXT(""), TEXT("---")},
    {TEXT("---\n"), FRONT_MATTER_NONE, TEXT(""), TEXT("---\n")},
    {TEXT("---\na: 1\n"), FRONT_MATTER_NONE, TEXT(""), TEXT("---\na: 1\n")},
    {TEXT("---\na: 1\n ---\n"), FRONT_MATTER_NONE, TEXT(""), TEXT("---\na: 1\n ---\n")},
    {TEXT("----\na: 1\n---\n"), FRONT_MATTER_NONE, TEXT(""), TEXT("----\na: 1\n---\n")},
    {TEXT(" ---\na: 1\n---\n"), FRONT_MATTER_NONE, TEXT(""), TEXT(" ---\na: 1\n---\n")},
    {TEXT("\n---\na: 1\n---\n"), FRONT_MATTER_NONE, TEXT(""), TEXT("\n---\na: 1\n---\n")},
    {TEXT("--- a\nb: 1\n---\n"), FRONT_MATTER_NONE, TEXT(""), TEXT("--- a\nb: 1\n---\n")},
    {TEXT("...\na: 1\n...\n"), FRONT_MATTER_NONE, TEXT(""), TEXT("...\na: 1\n...\n")},
    {TEXT("---\ra: 1\r---\r"), FRONT_MATTER_NONE, TEXT(""), TEXT("---\ra: 1\r---\r")},
    {TEXT("---json\n{}\n---\nb"), FRONT_MATTER_JSON, TEXT("{}\n"), TEXT("b")},
    {TEXT("---json\n{}\n...\n---\nb"), FRONT_MATTER_JSON, TEXT("{}\n...\n"), TEXT("b")},
    {TEXT("--- json\n{}\n---\nb"), FRONT_MATTER_NONE, TEXT(""), TEXT("--- json\n{}\n---\nb")},
    {TEXT(";;;\n{}\n;;;\nb"), FRONT_MATTER_JSON, TEXT("{}\n"), TEXT("b")},
    {TEXT(";;;\n{}\n---\nb"), FRONT_MATTER_NONE, TEXT(""), TEXT(";;;\n{}\n---\nb")},
    {TEXT("+++\na = 1\n+++\nb"), FRONT_MATTER_TOML, TEXT("a = 1\n"), TEXT("b")},
    {TEXT("+++\r\na = 1\r\n+++\r\nb"), FRONT_MATTER_TOML, TEXT("a = 1\r\n"), TEXT("b")},
    {TEXT("+++\na = 1\n---\nb"), FRONT_MATTER_NONE, TEXT(""), TEXT("+++\na = 1\n---\nb")},
};

static void test_front_matter_is_cut_by_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct str source = files[i].source;
        struct front_matter found = front_matter_cut(source, NULL);
        struct str content = str_slice(source, found.content.start, found.content.end);
        struct str body = str_slice(source, found.body_start, source.length);
        if (found.kind != files[i].kind || !str_equal(content, files[i].content) ||
            !str_equal(body, files[i].body))
            fail_msg("case %zu (%.*s): kind %d, content <%.*s>, body <%.*s>", i, STR_ARG(source),
                     found.kind, STR_ARG(content), STR_ARG(body));
    }
}

static void test_the_block_goes_from_the_first_fence_to_the_body(void **state)
{
    (void)state;
    struct front_matter found = front_matter_cut(STR(BOM "---\r\na: 1\r\n---\r\nb"), NULL);
    assert_int_equal(found.block.start, 3);
    assert_int_equal(found.block.end, 19);
    assert_int_equal(found.body_start, 19);
    found = front_matter_cut(STR(BOM "b"), NULL);
    assert_int_equal(found.block.start, 3);
    assert_int_equal(found.block.end, 3);
    assert_int_equal(found.content.start, 3);
    assert_int_equal(found.content.end, 3);
}

/* Opened and never closed: worth a warning only where it was meant. */
static const struct {
    const char *source;
    bool is_meant;
} unclosed[] = {
    {"---\ntitle: x\n", true},
    {"---\ntitle:\n", true},
    {"---\ndue date: x\n", true},
    {"---\r\ntitle: x\r\n", true},
    {"---json\n{\n", true},
    {"---json\n\"a\": 1\n", true},
    {"+++\na = 1\n", true},
    {"---\nA line of prose.\n", false},
    {"---\nSee http://example.org\n", false},
    {"---\n: x\n", false},
    {"---\n indented: x\n", false},
    {"---\n\ntitle: x\n", false},
    {"---\n", false},
    {"---", false},
    {"---json\nprose\n", false},
    {"+++\nprose\n", false},
};

static void test_a_missing_end_is_told_where_front_matter_was_meant(void **state)
{
    (void)state;
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof unclosed / sizeof unclosed[0]; i++) {
        struct problem_list problems;
        problem_list_init(&problems, &arena);
        front_matter_cut(str_of(unclosed[i].source), &problems);
        if ((problems.count == 1) != unclosed[i].is_meant)
            fail_msg("%s: %zu problems", unclosed[i].source, problems.count);
        assert_false(problems.has_error);
    }
    arena_finish(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_front_matter_is_cut_by_lines),
        cmocka_unit_test(test_the_block_goes_from_the_first_fence_to_the_body),
        cmocka_unit_test(test_a_missing_end_is_told_where_front_matter_was_meant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

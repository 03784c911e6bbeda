// SPDX-License-Identifier: MIT
/* What a person reads about the usual mistakes in front matter, and where it points. */
#include "parse/yaml.h"
#include "unit/unit.h"

static const struct {
    const char *yaml;
    uint32_t line, column;
    const char *message;
} mistakes[] = {
    {"title: foo: bar", 1, 11, "a second ':' after 'title:': put the value in quotes"},
    {"- title: foo: bar", 1, 13, "a second ':' after 'title:': put the value in quotes"},
    {"date: 2024-01-01 12:00: x", 1, 23, "a second ':' after 'date:': put the value in quotes"},
    {"title: foo\n  sub: bar", 2, 3,
     "'sub:' is indented as if it belonged to the value above it: give both the same indentation"},
    {"title: foo\njust text\nb: c", 2, 1, "expected 'key: value', found 'just text'"},
    {"a: 1\nkey:value\nb: 2", 2, 4, "a space is missing behind ':' (write 'key: …')"},
    {"tags:\n\t- a", 2, 1, "a tab cannot indent: use spaces"},
    {"tags:\n  - a\n\t- b", 3, 1, "a tab cannot indent: use spaces"},
    {"\ta: 1", 1, 1, "a tab cannot indent: use spaces"},
    {"a: @x", 1, 4, "a value that starts with '@' needs quotes"},
    {"aliases:\n- @x", 2, 3, "a value that starts with '@' needs quotes"},
    {"a: `x`", 1, 4, "a value that starts with '`' needs quotes"},
    {"a: %x", 1, 4, "a value that starts with '%' needs quotes"},
    {"%x", 1, 1, "a line must not start with '%': put the text in quotes"},
    {"% a: b", 1, 1, "a line must not start with '%': put the text in quotes"},
    {"a: 1\n%b: c", 2, 1, "a line must not start with '%': put the text in quotes"},
    {"a: *x", 1, 4, "nothing is named '&x' (a value that starts with '*' needs quotes)"},
    {"a: *bold* text", 1, 4, "a value that starts with '*' needs quotes"},
    {"a: & b", 1, 4, "a value that starts with '&' needs quotes"},
    {"a: !e!x y", 1, 4, "a value that starts with '!' needs quotes"},
    {"a: > foo", 1, 4, "a value that starts with '>' needs quotes"},
    {"a: | foo", 1, 4, "a value that starts with '|' needs quotes"},
    {"a: - b", 1, 4, "a list starts in a line of its own, below its key"},
    {"a: , b", 1, 4, "expected a value, found ',': text that starts with it needs quotes"},
    {"a: ] b", 1, 4, "expected a value, found ']': text that starts with it needs quotes"},
    {"a: [b,\n", 2, 1, "expected a value, but the front matter ends here"},
    {"a: [b, c\n", 1, 4, "this '[' is never closed"},
    {"a: {b: c\n", 1, 4, "this '{' is never closed"},
    {"a: [b c\nd: e", 2, 2, "expected ',' or ']' for the '[' of line 1"},
    {"a: {b: c\nd: e", 2, 2, "expected ',' or '}' for the '{' of line 1"},
    {"a: [\"a\" \"b\"]", 1, 9, "expected ',' or ']' for the '[' of line 1"},
    {"a: \"b\nc: d", 1, 4, "this quote is never closed"},
    {"a: 'b", 1, 4, "this quote is never closed"},
    {"a: 'it's'", 1, 8, "text behind the closing quote: put the whole value in one pair of quotes"},
    {"a: \"x\" y", 1, 8,
     "text behind the closing quote: put the whole value in one pair of quotes"},
    {"a: [b] c", 1, 8,
     "text behind the closing bracket: put the whole value in one pair of quotes"},
    {"a: \"\\q\"", 1, 5,
     "unknown escape in double quotes (a backslash itself is \\\\, or use single quotes)"},
    {"tags:\n  - a\n - b", 3, 2, "the indentation of this line fits no line above it"},
    {"  a: 1\nb: 2", 2, 1, "the indentation of this line fits no line above it"},
    {"a:\n  b: 1\n c: 2", 3, 2, "the indentation of this line fits no line above it"},
    {": x", 1, 1, "a key is missing before ':'"},
    {"a: 1\n:\n", 2, 1, "a key is missing before ':'"},
    {"{a:, b: 1}", 1, 3, "a ':' between brackets needs a space behind it, or quotes around all"},
    {"a: {{ date }}", 1, 4, "'{{' is read as a mapping in a mapping: put the value in quotes"},
    {"[a]: b", 1, 1, "a key must be a text, not a list or mapping"},
    {"a: .inf", 1, 4, "'.inf' is not representable in JSON (as text, put it in quotes)"},
    {"a: !!int b", 1, 4, "'b' is not an integer, as its tag says"},
    {"a: !!str [b]", 1, 4, "this is a list, not a text, as its tag says"},
    {"a: !!seq {b: c}", 1, 4, "this is a mapping, not a list, as its tag says"},
    {"a: &a [*a]", 1, 8, "the alias '*a' stands inside what it names"},
    {"a: 1\nb: 2\n'a': 3", 3, 1, "the key 'a' is used twice (first in line 1)"},
    {"a: b\aa", 1, 5, "the control character U+0007 is not allowed"},
    {"a: \x7F", 1, 4, "the control character U+007F is not allowed"},
    {"\xC3\xA9\xC3\xA9: \xC2\x80", 1, 5, "the control character U+0080 is not allowed"},
    {"a: 1\n--- b", 2, 1, "a second document starts here: one is all there can be"},
};

/* Read, but hardly as it was meant. */
static const struct {
    const char *yaml;
    uint32_t line, column;
    const char *message; /* NULL: nothing to warn of */
} traps[] = {
    {"related: [[A b]]", 1, 10, "[[A b]] without quotes is a list in a list: write \"[[A b]]\""},
    {"a:\n  - [[B|b]]", 2, 5, "[[B|b]] without quotes is a list in a list: write \"[[B|b]]\""},
    {"a: [[1, 2]]", 0, 0, NULL},
    {"a: [[\"A\"]]", 0, 0, NULL},
    {"a: [[1]]", 0, 0, NULL},
    {"a: [ [b] ]", 0, 0, NULL},
    {"a: \"[[B]]\"", 0, 0, NULL},
    {"tags: #x", 1, 7, "behind '#' all is comment, so the value is empty: write \"#x\""},
    {"tags:\n  - #x\n  - y", 2, 5,
     "behind '#' all is comment, so the value is empty: write \"#x\""},
    {"tags: #x y  \r\nb: 1", 1, 7,
     "behind '#' all is comment, so the value is empty: write \"#x y\""},
    {"tags: # a comment", 0, 0, NULL},
    {"tags: #", 0, 0, NULL},
    {"tags: ## x", 0, 0, NULL},
    {"tags: #x\n  - y", 0, 0, NULL},
    {"tags: a #x", 0, 0, NULL},
    {"tags: ''", 0, 0, NULL},
    {"a: !own b", 1, 4, "the unknown tag '!own' is ignored"},
    {"a: !!binary b", 1, 4, "the unknown tag 'tag:yaml.org,2002:binary' is ignored"},
    {"a: !!set {b}", 1, 4, "the unknown tag 'tag:yaml.org,2002:set' is ignored"},
};

struct finding {
    bool composed;
    size_t count;
    struct problem first;
};

/** Composes the text as front matter that starts in the file's first line. */
static struct finding find(const char *yaml, struct arena *arena)
{
    struct str source = str_of(yaml);
    struct problem_list problems;
    struct tape tape = {0};
    problem_list_init(&problems, arena);
    struct finding finding = {
        .composed = yaml_compose(source, 0, (uint32_t)source.length, &tape, &problems)};
    problem_list_locate(&problems, source);
    finding.count = problems.count;
    if (problems.count)
        finding.first = problems.items[0];
    tape_finish(&tape);
    return finding;
}

static void test_a_mistake_is_told_in_words_and_at_its_place(void **state)
{
    (void)state;
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        struct finding found = find(mistakes[i].yaml, &arena);
        if (found.composed || found.count != 1 || found.first.severity != PROBLEM_ERROR ||
            !str_is(found.first.message, mistakes[i].message) ||
            found.first.line != mistakes[i].line || found.first.column != mistakes[i].column)
            fail_msg("%s: %u:%u: %.*s", mistakes[i].yaml, found.first.line, found.first.column,
                     STR_ARG(found.first.message));
        assert_true(found.first.start <= found.first.end);
    }
    arena_finish(&arena);
}

static void test_what_reads_as_something_else_is_a_warning(void **state)
{
    (void)state;
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof traps / sizeof traps[0]; i++) {
        struct finding found = find(traps[i].yaml, &arena);
        assert_true(found.composed);
        assert_int_equal(found.count, traps[i].message != NULL);
        if (!traps[i].message)
            continue;
        if (found.first.severity != PROBLEM_WARNING ||
            !str_is(found.first.message, traps[i].message) || found.first.line != traps[i].line ||
            found.first.column != traps[i].column)
            fail_msg("%s: %u:%u: %.*s", traps[i].yaml, found.first.line, found.first.column,
                     STR_ARG(found.first.message));
    }
    arena_finish(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_mistake_is_told_in_words_and_at_its_place),
        cmocka_unit_test(test_what_reads_as_something_else_is_a_warning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

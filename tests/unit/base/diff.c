// SPDX-License-Identifier: MIT
#include "base/diff.h"

#include "unit/unit.h"

#include <stdlib.h>

static const struct {
    const char *before, *after, *diff;
} facts[] = {
    {"", "", ""},
    {"a\n", "a\n", ""},
    {"", "a\nb\n", "@@ -0,0 +1,2 @@\n+a\n+b\n"},
    {"a\n", "", "@@ -1 +0,0 @@\n-a\n"},
    {"a\n", "b\n", "@@ -1 +1 @@\n-a\n+b\n"},
    {"a\nb\nc\n", "a\nB\nc\n", "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n"},
    {"a\nb\nc\n", "a\nc\n", "@@ -1,3 +1,2 @@\n a\n-b\n c\n"},
    {"a\nc\n", "a\nb\nc\n", "@@ -1,2 +1,3 @@\n a\n+b\n c\n"},
    /* the last line may have no end, on either side */
    {"a", "b", "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n"},
    {"a", "a\n", "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n"},
    {"x\na", "y\na", "@@ -1,2 +1,2 @@\n-x\n+y\n a\n\\ No newline at end of file\n"},
    /* three lines around a change; six lines between two changes make one hunk, seven make two */
    {"1\n2\n3\n4\n5\nx\n", "1\n2\n3\n4\n5\ny\n", "@@ -3,4 +3,4 @@\n 3\n 4\n 5\n-x\n+y\n"},
    {"x\n1\n2\n3\n4\n5\n6\nx\n", "y\n1\n2\n3\n4\n5\n6\ny\n",
     "@@ -1,8 +1,8 @@\n-x\n+y\n 1\n 2\n 3\n 4\n 5\n 6\n-x\n+y\n"},
    {"x\n1\n2\n3\n4\n5\n6\n7\nx\n", "y\n1\n2\n3\n4\n5\n6\n7\nyy\n",
     "@@ -1,4 +1,4 @@\n-x\n+y\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-x\n+yy\n"},
    {"a\nx\nb\ny\nc\n", "a\nb\nz\nc\n", "@@ -1,5 +1,4 @@\n a\n-x\n b\n-y\n+z\n c\n"},
    {"a\r\nb\r\n", "a\r\nc\r\n", "@@ -1,2 +1,2 @@\n a\r\n-b\r\n+c\r\n"},
};

static void texts_differ_as_patch_reads_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        STRBUF_SCOPED out = {0};
        diff_add(str_of(facts[i].before), str_of(facts[i].after), &out);
        assert_false(out.failed);
        assert_string_equal(strbuf_str(&out).at, facts[i].diff);
    }
}

/** Plays the hunks against `before`. */
static void apply(struct str before, struct str diff, struct strbuf *out)
{
    size_t line = 1, at = 0, used = 0;
    while (at < diff.length) {
        size_t end = at + str_find(str_slice(diff, at, diff.length), '\n') + 1;
        struct str op = str_slice(diff, at, end);
        at = end;
        if (op.at[0] == '@') {
            long start = strtol(op.at + 4, NULL, 10);
            const char *comma = memchr(op.at, ',', 12), *plus = memchr(op.at, '+', op.length);
            bool is_insertion = comma && comma < plus && comma[1] == '0';
            for (size_t until = (size_t)start + is_insertion; line < until; line++) {
                size_t next = used + str_find(str_slice(before, used, before.length), '\n') + 1;
                strbuf_add(out, str_slice(before, used, next));
                used = next;
            }
            continue;
        }
        if (op.at[0] != '-')
            strbuf_add(out, str_slice(op, 1, op.length));
        if (op.at[0] != '+') {
            assert_true(str_starts_with(str_slice(before, used, before.length),
                                        str_slice(op, 1, op.length)));
            used += op.length - 1;
            line++;
        }
    }
    strbuf_add(out, str_slice(before, used, before.length));
}

static void check_pair(const struct strbuf *before, const struct strbuf *after)
{
    STRBUF_SCOPED diff = {0}, made = {0};
    diff_add(strbuf_str(before), strbuf_str(after), &diff);
    assert_false(diff.failed);
    apply(strbuf_str(before), strbuf_str(&diff), &made);
    assert_true(str_equal(strbuf_str(&made), strbuf_str(after)));
}

static void what_a_diff_makes_of_the_one_text_is_the_other(void **state)
{
    unsigned seed = 1;
    (void)state;
    for (int round = 0; round < 2000; round++) {
        STRBUF_SCOPED before = {0}, after = {0};
        for (int i = 0; i < 40; i++) {
            seed = seed * 1103515245U + 12345U;
            unsigned dice = seed >> 16;
            if (dice % 8 != 0)
                strbuf_addf(&before, "%u\n", dice / 8 % 5);
            if (dice % 8 != 1)
                strbuf_addf(&after, "%u\n", dice / 8 % (dice % 8 == 2 ? 7 : 5));
        }
        check_pair(&before, &after);
    }
}

static void texts_of_a_million_lines_are_compared_quickly(void **state)
{
    STRBUF_SCOPED before = {0}, after = {0};
    (void)state;
    for (int i = 0; i < 1000000; i++) {
        strbuf_addf(&before, "%d\n", i);
        strbuf_addf(&after, "%d\n", i % 1000 == 500 ? -i : i);
    }
    check_pair(&before, &after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_differ_as_patch_reads_it),
        cmocka_unit_test(what_a_diff_makes_of_the_one_text_is_the_other),
        cmocka_unit_test(texts_of_a_million_lines_are_compared_quickly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

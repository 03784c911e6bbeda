// SPDX-License-Identifier: MIT
#include "base/diff.h"

#include "unit/unit.h"

#include <stdlib.h>

/* What both make of the base together; NULL: they meet. */
static const struct {
    const char *base, *a, *b, *merged;
} facts[] = {
    {"", "", "", ""},
    {"a\n", "a\n", "a\n", "a\n"},
    {"a\n", "b\n", "a\n", "b\n"},
    {"a\n", "a\n", "", ""},
    {"", "a\n", "", "a\n"},
    {"1\n2\n3\n", "x\n2\n3\n", "1\n2\ny\n", "x\n2\ny\n"},
    {"1\n2\n3\n", "1\n2\n3\n4\n", "0\n1\n2\n3\n", "0\n1\n2\n3\n4\n"},
    {"1\n2\n3\n4\n5\n", "1\n3\n4\n5\n", "1\n2\n3\n4\nx\n5\n", "1\n3\n4\nx\n5\n"},
    {"1\n2\n3\n4\n5\n", "a\n2\nc\n4\n5\n", "1\n2\n3\n4\ne\nf\n", "a\n2\nc\n4\ne\nf\n"},
    /* the same change on both sides is one, alone and beside others */
    {"1\n2\n3\n", "1\nx\n3\n", "1\nx\n3\n", "1\nx\n3\n"},
    {"1\n2\n3\n4\n5\n", "1\nx\n3\n4\n5\n", "1\nx\n3\n4\ny\n", "1\nx\n3\n4\ny\n"},
    {"1\n2\n3\n", "1\n3\n", "1\n3\n", "1\n3\n"},
    {"1\n", "1\nx\n", "1\nx\n", "1\nx\n"},
    /* the same line, lines that touch, and one place for two new lines */
    {"1\n2\n3\n", "1\nx\n3\n", "1\ny\n3\n", NULL},
    {"1\n2\n3\n", "x\n2\n3\n", "1\ny\n3\n", NULL},
    {"1\n2\n", "1\nx\n2\n", "1\ny\n2\n", NULL},
    {"1\n", "1\nx\n", "1\ny\n", NULL},
    {"1\n2\n3\n", "1\n3\n", "1\ny\n3\n", NULL},
    {"1\n2\n3\n", "", "1\ny\n3\n", NULL},
    {"1\n2\n3\n4\n", "1\nx\n4\n", "1\n2\ny\n4\n", NULL},
    /* the last line may have no end, and line ends are part of lines */
    {"1\n2\n3", "x\n2\n3", "1\n2\n3\n4", "x\n2\n3\n4"},
    {"1\n2\n3", "x\n2\n3", "1\n2", NULL},
    {"1\n2\n3\n4", "x\n2\n3\n4", "1\n2\n3", "x\n2\n3"},
    {"1\r\n2\r\n3\r\n", "x\r\n2\r\n3\r\n", "1\r\n2\r\ny\r\n", "x\r\n2\r\ny\r\n"},
    {"1\n2\n3\n", "1\r\n2\r\n3\r\n", "1\n2\ny\n", NULL},
};

static void changes_that_do_not_meet_are_put_together(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        for (int turned = 0; turned < 2; turned++) {
            struct str a = str_of(facts[i].a), b = str_of(facts[i].b);
            STRBUF_SCOPED out = {0};
            strbuf_add_text(&out, "before ");
            enum diff_merged merged =
                diff_merge(str_of(facts[i].base), turned ? b : a, turned ? a : b, &out);
            assert_false(out.failed);
            assert_int_equal(merged, facts[i].merged ? DIFF_MERGED : DIFF_OVERLAPS);
            assert_string_equal(out.at + strlen("before "), facts[i].merged ? facts[i].merged : "");
        }
}

/** Some lines, of which few are equal. */
static void make_text(struct strbuf *text, const char *base, unsigned *seed, const char *mark)
{
    for (; *base; base++) {
        unsigned chance = (unsigned)rand_r(seed) % 12;
        if (chance == 0)
            strbuf_addf(text, "%s%u\n", mark, (unsigned)rand_r(seed) % 100);
        if (chance != 1)
            strbuf_addf(text, "%c\n", *base);
    }
}

/* Whatever is merged has each new line of both sides, and merging once more changes nothing: that
 * is what a write-back finds that was cut short. */
static void no_new_line_is_lost(void **state)
{
    unsigned merged_count = 0;
    (void)state;
    for (unsigned seed = 1; seed <= 3000; seed++) {
        unsigned next = seed;
        STRBUF_SCOPED base = {0}, a = {0}, b = {0}, out = {0}, again = {0};
        const char *letters = seed % 2 ? "abcdefghijklmnopqrst" : "aabbaacdcdaabb";
        for (const char *at = letters; *at; at++)
            strbuf_addf(&base, "%c\n", *at);
        make_text(&a, letters, &next, "first");
        make_text(&b, letters, &next, "second");
        if (diff_merge(strbuf_str(&base), strbuf_str(&a), strbuf_str(&b), &out) == DIFF_OVERLAPS)
            continue;
        merged_count++;
        size_t words = 0, wanted = 0;
        for (const char *at = strbuf_str(&out).at; (at = strpbrk(at, "fs")); at++)
            words += at[1] == 'i' || at[1] == 'e';
        for (const char *at = strbuf_str(&a).at; (at = strstr(at, "first")); at++)
            wanted++;
        for (const char *at = strbuf_str(&b).at; (at = strstr(at, "second")); at++)
            wanted++;
        assert_int_equal(words, wanted);
        if (seed % 2) { /* where lines repeat, the same change may be read in two ways */
            assert_int_equal(
                diff_merge(strbuf_str(&base), strbuf_str(&out), strbuf_str(&b), &again),
                DIFF_MERGED);
            assert_string_equal(strbuf_str(&again).at, strbuf_str(&out).at);
        }
    }
    assert_in_range(merged_count, 500, 3000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_that_do_not_meet_are_put_together),
        cmocka_unit_test(no_new_line_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

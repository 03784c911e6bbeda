// SPDX-License-Identifier: MIT
/* What becomes of a property, for every way in which base, file and row may have it: what is
 * expected stands in `cells`, and the run prints what merge() says of each. */
#include "sync/merge.h"

#include "parse/json.h"
#include "unit/unit.h"

#include <stdio.h>
#include <stdlib.h>

/** An object of one property, or none. '-' stands for "not there". */
static void make_object(struct tape *tape, struct strbuf *text, char value)
{
    if (value == '-')
        strbuf_add_text(text, "{\"same\":1}");
    else
        strbuf_addf(text, "{\"p\":\"%c\",\"same\":1}", value);
    assert_true(json_scan(strbuf_str(text), tape, NULL));
}

static void check_merge(const char *const texts[3], enum side newer, const char *body,
                        const char *wanted, const char *lost)
{
    struct tape tapes[3];
    STRBUF_SCOPED content = {0}, names = {0};
    for (int i = 0; i < 3; i++) {
        tape_init(&tapes[i]);
        assert_true(json_scan(str_of(texts[i]), &tapes[i], NULL));
    }
    struct merge_input input = {
        .base = {&tapes[0], 0},
        .side = {[SIDE_FILE] = {&tapes[1], 0}, [SIDE_ROW] = {&tapes[2], 0}},
        .newer = newer,
    };
    if (body)
        input.body = str_of(body);
    merge(&input, &content, &names);
    assert_string_equal(content.at, wanted);
    assert_string_equal(strbuf_str(&names).at, lost);
    for (int i = 0; i < 3; i++)
        tape_finish(&tapes[i]);
}

/* A property on the base, in the file and in the row; then what it is with the file newer and with
 * the row newer, and whether the older side loses something. */
static const struct {
    char base, file, row, file_newer, row_newer;
    bool is_lost;
} cells[] = {
    {'-', '-', '-', '-', '-', false}, {'-', '-', 'x', 'x', 'x', false},
    {'-', 'x', '-', 'x', 'x', false}, {'-', 'x', 'x', 'x', 'x', false},
    {'-', 'x', 'y', 'x', 'y', true},  {'b', 'b', 'b', 'b', 'b', false},
    {'b', 'b', 'x', 'x', 'x', false}, {'b', 'x', 'b', 'x', 'x', false},
    {'b', 'x', 'x', 'x', 'x', false}, {'b', 'x', 'y', 'x', 'y', true},
    {'b', 'b', '-', '-', '-', false}, {'b', '-', 'b', '-', '-', false},
    {'b', '-', '-', '-', '-', false}, {'b', 'x', '-', 'x', '-', true},
    {'b', '-', 'x', '-', 'x', true},
};
enum { CELL_COUNT = sizeof cells / sizeof cells[0] };

static char merged_value(size_t cell, enum side newer, bool *ret_lost)
{
    const char values[] = {cells[cell].base, cells[cell].file, cells[cell].row};
    struct tape tapes[3], merged;
    struct strbuf texts[3] = {0};
    STRBUF_SCOPED content = {0}, lost = {0};
    for (int i = 0; i < 3; i++) {
        tape_init(&tapes[i]);
        make_object(&tapes[i], &texts[i], values[i]);
    }
    tape_init(&merged);
    struct merge_input input = {
        .base = {&tapes[0], 0},
        .side = {[SIDE_FILE] = {&tapes[1], 0}, [SIDE_ROW] = {&tapes[2], 0}},
        .newer = newer,
    };
    merge(&input, &content, &lost);
    assert_true(json_scan(strbuf_str(&content), &merged, NULL));
    assert_true(tape_member(&merged, 0, STR("same")) != TAPE_NONE);
    uint32_t value = tape_member(&merged, 0, STR("p"));
    char found = value == TAPE_NONE ? '-' : merged.nodes[value].text[0];
    assert_string_equal(strbuf_str(&lost).at, lost.length ? "p" : "");
    *ret_lost = lost.length > 0;
    tape_finish(&merged);
    for (int i = 0; i < 3; i++) {
        tape_finish(&tapes[i]);
        strbuf_finish(&texts[i]);
    }
    return found;
}

static void every_cell_is_as_it_is_meant(void **state)
{
    (void)state;
    printf("base  file  row   file is newer  row is newer  lost\n"
           "----  ----  ---   -------------  ------------  ----\n");
    for (size_t i = 0; i < CELL_COUNT; i++) {
        bool lost_of_row, lost_of_file;
        char file_newer = merged_value(i, SIDE_FILE, &lost_of_row);
        char row_newer = merged_value(i, SIDE_ROW, &lost_of_file);
        printf("%-4c  %-4c  %-4c  %-13c  %-12c  %s\n", cells[i].base, cells[i].file, cells[i].row,
               file_newer, row_newer, lost_of_row ? "the older side's" : "");
        assert_int_equal(file_newer, cells[i].file_newer);
        assert_int_equal(row_newer, cells[i].row_newer);
        assert_int_equal(lost_of_row, cells[i].is_lost);
        assert_int_equal(lost_of_file, cells[i].is_lost);
    }
}

/** Up to the names of the values, there are no others than those in `cells`. */
static void no_cell_is_left_out(void **state)
{
    static const char values[] = "-bxy";
    size_t found = 0;
    (void)state;
    for (const char *base = "-b"; *base; base++)
        for (const char *file = values; *file; file++)
            for (const char *row = values; *row; row++) {
                bool is_named_first = *file == 'y' || (*row == 'y' && *file != 'x');
                if (is_named_first || (*base == '-' && (*file == 'b' || *row == 'b')))
                    continue;
                for (size_t i = 0; i < CELL_COUNT; i++)
                    found +=
                        cells[i].base == *base && cells[i].file == *file && cells[i].row == *row;
            }
    assert_int_equal(found, CELL_COUNT);
}

static void bodies_are_merged_by_lines(void **state)
{
    static const struct {
        const char *base, *file, *row, *merged, *lost;
    } facts[] = {
        {"1\\n2\\n3\\n", "x\\n2\\n3\\n", "1\\n2\\ny\\n", "x\\n2\\ny\\n", ""},
        {"1\\n2\\n3\\n", "1\\nx\\n3\\n", "1\\ny\\n3\\n", "1\\ny\\n3\\n", "content"},
        {"1\\n2\\n3\\n", "1\\nx\\n3\\n", "1\\n2\\n3\\n", "1\\nx\\n3\\n", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        const char *const values[] = {facts[i].base, facts[i].file, facts[i].row, facts[i].merged};
        struct strbuf texts[4] = {0};
        for (int k = 0; k < 4; k++)
            strbuf_addf(&texts[k], "{\"content\":\"%s\"}", values[k]);
        const char *const sides[] = {texts[0].at, texts[1].at, texts[2].at};
        check_merge(sides, SIDE_ROW, "content", texts[3].at, facts[i].lost);
        for (int k = 0; k < 4; k++)
            strbuf_finish(&texts[k]);
    }
}

static void only_the_body_is_merged_by_lines(void **state)
{
    static const char *const texts[] = {"{\"content\":\"1\\n2\\n3\\n\"}",
                                        "{\"content\":\"x\\n2\\n3\\n\"}",
                                        "{\"content\":\"1\\n2\\ny\\n\"}"};
    (void)state;
    check_merge(texts, SIDE_ROW, NULL, texts[2], "content");
    check_merge(texts, SIDE_FILE, "text", texts[1], "content");
}

/** The body of one of the three, which may be none, or no text. */
static void a_body_that_is_no_text_is_a_property_like_any_other(void **state)
{
    static const char text[] = "{\"content\":\"1\\n2\\n\"}";
    static const char *const others[] = {"{\"content\":1}", "{}"};
    (void)state;
    for (int i = 0; i < 2; i++)
        for (int at = 0; at < 3; at++) {
            const char *texts[] = {text, "{\"content\":\"x\\n2\\n\"}",
                                   "{\"content\":\"1\\ny\\n\"}"};
            texts[at] = others[i];
            check_merge(texts, SIDE_ROW, "content", texts[2], "content");
        }
}

static void what_is_within_a_property_belongs_together(void **state)
{
    static const char *const texts[] = {"{\"a\":{\"b\":1,\"c\":1},\"d\":[1],\"e\":1}",
                                        "{\"a\":{\"b\":2,\"c\":1},\"d\":[1,2],\"e\":1}",
                                        "{\"a\":{\"b\":1,\"c\":2},\"d\":[1],\"e\":1.0}"};
    (void)state;
    check_merge(texts, SIDE_FILE, NULL, "{\"a\":{\"b\":2,\"c\":1},\"d\":[1,2],\"e\":1.0}", "a");
    check_merge(texts, SIDE_ROW, NULL, "{\"a\":{\"b\":1,\"c\":2},\"d\":[1,2],\"e\":1.0}", "a");
}

static void all_that_is_lost_is_named(void **state)
{
    static const char *const texts[] = {"{\"a\":1,\"b\":1,\"c\":1}", "{\"a\":2,\"b\":2,\"c\":2}",
                                        "{\"a\":3,\"c\":1,\"n\":1}"};
    (void)state;
    check_merge(texts, SIDE_FILE, NULL, "{\"a\":2,\"b\":2,\"c\":2,\"n\":1}", "a, b");
    check_merge(texts, SIDE_ROW, NULL, "{\"a\":3,\"c\":2,\"n\":1}", "a, b");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_is_as_it_is_meant),
        cmocka_unit_test(no_cell_is_left_out),
        cmocka_unit_test(bodies_are_merged_by_lines),
        cmocka_unit_test(only_the_body_is_merged_by_lines),
        cmocka_unit_test(a_body_that_is_no_text_is_a_property_like_any_other),
        cmocka_unit_test(what_is_within_a_property_belongs_together),
        cmocka_unit_test(all_that_is_lost_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

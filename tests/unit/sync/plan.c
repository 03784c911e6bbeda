// SPDX-License-Identifier: MIT
/* The whole policy, cell by cell: what is expected stands in `cells`, and the run prints what
 * plan() says of each, as a table that a person can check. */
#include "sync/plan.h"

#include "sync/why.h"
#include "unit/unit.h"

#include <stdio.h>

enum { MS = 1000000 };

/* What is to become of it: with the file newer, with the row newer, with both the same, and where
 * two edits are merged. */
static const struct {
    enum side_change file, row;
    enum plan_action file_newer, row_newer, same, merged;
} cells[] = {
    {SIDE_ABSENT, SIDE_ABSENT, PLAN_NOTHING, PLAN_NOTHING, PLAN_NOTHING, PLAN_NOTHING},
    {SIDE_ABSENT, SIDE_CREATED, PLAN_WRITE, PLAN_WRITE, PLAN_WRITE, PLAN_WRITE},
    {SIDE_ABSENT, SIDE_UNCHANGED, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE,
     PLAN_IMPOSSIBLE},
    {SIDE_ABSENT, SIDE_EDITED, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE},
    {SIDE_ABSENT, SIDE_DELETED, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE},

    {SIDE_CREATED, SIDE_ABSENT, PLAN_STORE, PLAN_STORE, PLAN_STORE, PLAN_STORE},
    {SIDE_CREATED, SIDE_CREATED, PLAN_FILE_WINS, PLAN_FILE_WINS, PLAN_AGREE, PLAN_FILE_WINS},
    {SIDE_CREATED, SIDE_UNCHANGED, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE,
     PLAN_IMPOSSIBLE},
    {SIDE_CREATED, SIDE_EDITED, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE},
    {SIDE_CREATED, SIDE_DELETED, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE,
     PLAN_IMPOSSIBLE},

    {SIDE_UNCHANGED, SIDE_ABSENT, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE,
     PLAN_IMPOSSIBLE},
    {SIDE_UNCHANGED, SIDE_CREATED, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE,
     PLAN_IMPOSSIBLE},
    {SIDE_UNCHANGED, SIDE_UNCHANGED, PLAN_NOTHING, PLAN_NOTHING, PLAN_NOTHING, PLAN_NOTHING},
    {SIDE_UNCHANGED, SIDE_EDITED, PLAN_WRITE, PLAN_WRITE, PLAN_WRITE, PLAN_WRITE},
    {SIDE_UNCHANGED, SIDE_DELETED, PLAN_TRASH, PLAN_TRASH, PLAN_TRASH, PLAN_TRASH},

    {SIDE_EDITED, SIDE_ABSENT, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE},
    {SIDE_EDITED, SIDE_CREATED, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE},
    {SIDE_EDITED, SIDE_UNCHANGED, PLAN_STORE, PLAN_STORE, PLAN_STORE, PLAN_STORE},
    {SIDE_EDITED, SIDE_EDITED, PLAN_FILE_WINS, PLAN_ROW_WINS, PLAN_AGREE, PLAN_MERGE},
    {SIDE_EDITED, SIDE_DELETED, PLAN_FILE_WINS, PLAN_FILE_WINS, PLAN_FILE_WINS, PLAN_FILE_WINS},

    {SIDE_DELETED, SIDE_ABSENT, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE},
    {SIDE_DELETED, SIDE_CREATED, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE,
     PLAN_IMPOSSIBLE},
    {SIDE_DELETED, SIDE_UNCHANGED, PLAN_FORGET, PLAN_FORGET, PLAN_FORGET, PLAN_FORGET},
    {SIDE_DELETED, SIDE_EDITED, PLAN_ROW_WINS, PLAN_ROW_WINS, PLAN_ROW_WINS, PLAN_ROW_WINS},
    {SIDE_DELETED, SIDE_DELETED, PLAN_FORGET, PLAN_FORGET, PLAN_FORGET, PLAN_FORGET},
};
enum { CELL_COUNT = sizeof cells / sizeof cells[0] };

static struct plan_input input_of(size_t cell, int64_t file_ns, int64_t row_ns)
{
    return (struct plan_input){
        .change = {[SIDE_FILE] = cells[cell].file, [SIDE_ROW] = cells[cell].row},
        .changed_ns = {[SIDE_FILE] = file_ns, [SIDE_ROW] = row_ns},
        .now_ns = 1000 * MS,
        .tick_ns = 10 * MS,
    };
}

static void print_row(const char *const words[6])
{
    printf("%-9s  %-9s  %-23s  %-23s  %-23s  %s\n", words[0], words[1], words[2], words[3],
           words[4], words[5]);
}

/* Since the base (what both sides agreed on last) the file was …, the row was …, so the action is …
 */
static void every_cell_is_as_it_is_meant(void **state)
{
    static const char *const heading[] = {"file",         "row",       "file is newer",
                                          "row is newer", "both same", "policy is merge"};
    static const char *const line[] = {"----",         "---",       "-------------",
                                       "------------", "---------", "---------------"};
    (void)state;
    print_row(heading);
    print_row(line);
    for (size_t i = 0; i < CELL_COUNT; i++) {
        struct plan_input file_newer = input_of(i, 500 * MS, 100 * MS);
        struct plan_input row_newer = input_of(i, 100 * MS, 500 * MS);
        struct plan_input same = row_newer;
        struct plan_input merged = file_newer;
        same.is_same = merged.is_merged = true;
        assert_int_equal(plan(&file_newer), cells[i].file_newer);
        assert_int_equal(plan(&row_newer), cells[i].row_newer);
        assert_int_equal(plan(&same), cells[i].same);
        assert_int_equal(plan(&merged), cells[i].merged);
        print_row((const char *const[]){
            side_change_name(cells[i].file), side_change_name(cells[i].row),
            plan_action_name(plan(&file_newer)), plan_action_name(plan(&row_newer)),
            plan_action_name(plan(&same)), plan_action_name(plan(&merged))});
    }
}

static void no_cell_is_left_out(void **state)
{
    (void)state;
    bool is_met[SIDE_CHANGE_COUNT][SIDE_CHANGE_COUNT] = {{false}};
    assert_int_equal(CELL_COUNT, SIDE_CHANGE_COUNT * SIDE_CHANGE_COUNT);
    for (size_t i = 0; i < CELL_COUNT; i++)
        is_met[cells[i].file][cells[i].row] = true;
    for (size_t file = 0; file < SIDE_CHANGE_COUNT; file++)
        for (size_t row = 0; row < SIDE_CHANGE_COUNT; row++)
            assert_true(is_met[file][row]);
}

static void time_decides_with_the_file_first(void **state)
{
    static const struct {
        int64_t file_ms, row_ms;
        enum side newer;
    } times[] = {
        {100, 500, SIDE_ROW},   {500, 100, SIDE_FILE},
        {500, 500, SIDE_FILE}, /* a tie */
        {500, 505, SIDE_FILE}, /* closer than the file's times tick */
        {500, 510, SIDE_FILE},  {500, 511, SIDE_ROW},
        {5000, 900, SIDE_FILE},                          /* the future counts as now: 1000 */
        {900, 5000, SIDE_ROW},  {5000, 9000, SIDE_FILE}, /* both in the future: a tie */
        {-400, -100, SIDE_ROW}, {-100, -400, SIDE_FILE}, /* before 1970 */
    };
    (void)state;
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        struct plan_input input = input_of(0, times[i].file_ms * MS, times[i].row_ms * MS);
        assert_int_equal(plan_newer(&input), times[i].newer);
    }
}

static void a_person_is_told_why(void **state)
{
    static const struct {
        enum side_change file, row;
        int64_t file_ms, row_ms;
        const char *why;
    } facts[] = {
        {SIDE_EDITED, SIDE_EDITED, 500, 100, "the file is newer by 400 ms"},
        {SIDE_EDITED, SIDE_EDITED, -2600, 500, "the row is newer by 3 s"},
        {SIDE_EDITED, SIDE_EDITED, 900, -200 * 1000, "the file is newer by 3 min"},
        {SIDE_EDITED, SIDE_EDITED, 900, -8000 * 1000, "the file is newer by 2 h"},
        {SIDE_EDITED, SIDE_EDITED, 900, -300000 * 1000LL, "the file is newer by 3 days"},
        {SIDE_EDITED, SIDE_EDITED, 500, 500, "equal times: the file wins"},
        {SIDE_EDITED, SIDE_EDITED, 500, 505, "times closer than files can tell: the file wins"},
        {SIDE_EDITED, SIDE_EDITED, 5000, 400,
         "the file is newer by 600 ms; the file's time lies in the future and counts as when it "
         "was "
         "seen"},
        {SIDE_EDITED, SIDE_DELETED, 100, 500, "the row was deleted: an edit outweighs a delete"},
        {SIDE_DELETED, SIDE_EDITED, 0, 500, "the file was deleted: an edit outweighs a delete"},
        {SIDE_CREATED, SIDE_CREATED, 100, 500, "two objects want one path: the file has it"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        struct plan_input input = input_of(0, facts[i].file_ms * MS, facts[i].row_ms * MS);
        STRBUF_SCOPED why = {0};
        input.change[SIDE_FILE] = facts[i].file;
        input.change[SIDE_ROW] = facts[i].row;
        why_add(&input, plan(&input), &why);
        assert_string_equal(why.at, facts[i].why);
    }
}

static void nobody_is_newer_by_nothing(void **state)
{
    (void)state;
    struct plan_input input = input_of(0, 500 * MS + 1, 500 * MS);
    STRBUF_SCOPED why = {0};
    input.change[SIDE_FILE] = input.change[SIDE_ROW] = SIDE_EDITED;
    why_add(&input, plan(&input), &why);
    assert_string_equal(why.at, "the file is newer by less than 1 ms");
}

static void what_is_lost_is_a_conflict(void **state)
{
    (void)state;
    for (int action = 0; action <= PLAN_IMPOSSIBLE; action++) {
        assert_int_equal(plan_is_conflict((enum plan_action)action),
                         action == PLAN_FILE_WINS || action == PLAN_ROW_WINS);
        assert_true(strlen(plan_action_name((enum plan_action)action)) > 0);
    }
    assert_string_equal(plan_action_name((enum plan_action)99), "");
    assert_string_equal(side_change_name((enum side_change)99), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_is_as_it_is_meant),
        cmocka_unit_test(no_cell_is_left_out),
        cmocka_unit_test(time_decides_with_the_file_first),
        cmocka_unit_test(a_person_is_told_why),
        cmocka_unit_test(nobody_is_newer_by_nothing),
        cmocka_unit_test(what_is_lost_is_a_conflict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

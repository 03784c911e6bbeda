// SPDX-License-Identifier: MIT
/* The whole policy, cell by cell, in a table that a person can check; run it with -v to print it.
 */
#include "sync/plan.h"

#include "unit/unit.h"

#include <stdio.h>
#include <stdlib.h>

enum { MS = 1000000 };

/* What is to become of it: with the file newer, with the row newer, and with both the same. */
static const struct {
    enum side_change file, row;
    enum plan_action file_newer, row_newer, same;
} cells[] = {
    {SIDE_ABSENT, SIDE_ABSENT, PLAN_NOTHING, PLAN_NOTHING, PLAN_NOTHING},
    {SIDE_ABSENT, SIDE_CREATED, PLAN_WRITE, PLAN_WRITE, PLAN_WRITE},
    {SIDE_ABSENT, SIDE_UNCHANGED, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE},
    {SIDE_ABSENT, SIDE_EDITED, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE},
    {SIDE_ABSENT, SIDE_DELETED, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE},

    {SIDE_CREATED, SIDE_ABSENT, PLAN_STORE, PLAN_STORE, PLAN_STORE},
    {SIDE_CREATED, SIDE_CREATED, PLAN_FILE_WINS, PLAN_FILE_WINS, PLAN_AGREE},
    {SIDE_CREATED, SIDE_UNCHANGED, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE},
    {SIDE_CREATED, SIDE_EDITED, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE},
    {SIDE_CREATED, SIDE_DELETED, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE},

    {SIDE_UNCHANGED, SIDE_ABSENT, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE},
    {SIDE_UNCHANGED, SIDE_CREATED, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE},
    {SIDE_UNCHANGED, SIDE_UNCHANGED, PLAN_NOTHING, PLAN_NOTHING, PLAN_NOTHING},
    {SIDE_UNCHANGED, SIDE_EDITED, PLAN_WRITE, PLAN_WRITE, PLAN_WRITE},
    {SIDE_UNCHANGED, SIDE_DELETED, PLAN_TRASH, PLAN_TRASH, PLAN_TRASH},

    {SIDE_EDITED, SIDE_ABSENT, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE},
    {SIDE_EDITED, SIDE_CREATED, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE},
    {SIDE_EDITED, SIDE_UNCHANGED, PLAN_STORE, PLAN_STORE, PLAN_STORE},
    {SIDE_EDITED, SIDE_EDITED, PLAN_FILE_WINS, PLAN_ROW_WINS, PLAN_AGREE},
    {SIDE_EDITED, SIDE_DELETED, PLAN_FILE_WINS, PLAN_FILE_WINS, PLAN_FILE_WINS},

    {SIDE_DELETED, SIDE_ABSENT, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE},
    {SIDE_DELETED, SIDE_CREATED, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE, PLAN_IMPOSSIBLE},
    {SIDE_DELETED, SIDE_UNCHANGED, PLAN_FORGET, PLAN_FORGET, PLAN_FORGET},
    {SIDE_DELETED, SIDE_EDITED, PLAN_ROW_WINS, PLAN_ROW_WINS, PLAN_ROW_WINS},
    {SIDE_DELETED, SIDE_DELETED, PLAN_FORGET, PLAN_FORGET, PLAN_FORGET},
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

static void every_cell_is_as_it_is_meant(void **state)
{
    (void)state;
    bool is_told = getenv("NEXUS_PLAN_TABLE") != NULL;
    if (is_told)
        printf("%-10s %-10s  %-24s %-24s %s\n", "file", "row", "file newer", "row newer", "same");
    for (size_t i = 0; i < CELL_COUNT; i++) {
        struct plan_input file_newer = input_of(i, 500 * MS, 100 * MS);
        struct plan_input row_newer = input_of(i, 100 * MS, 500 * MS);
        struct plan_input same = row_newer;
        same.is_same = true;
        assert_int_equal(plan(&file_newer), cells[i].file_newer);
        assert_int_equal(plan(&row_newer), cells[i].row_newer);
        assert_int_equal(plan(&same), cells[i].same);
        if (is_told)
            printf("%-10s %-10s  %-24s %-24s %s\n", side_change_name(cells[i].file),
                   side_change_name(cells[i].row), plan_action_name(plan(&file_newer)),
                   plan_action_name(plan(&row_newer)), plan_action_name(plan(&same)));
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

static void what_is_lost_is_a_conflict(void **state)
{
    (void)state;
    for (int action = 0; action <= PLAN_IMPOSSIBLE; action++) {
        assert_int_equal(plan_is_conflict((enum plan_action)action),
                         action == PLAN_FILE_WINS || action == PLAN_ROW_WINS);
        assert_true(strlen(plan_action_name((enum plan_action)action)) > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_is_as_it_is_meant),
        cmocka_unit_test(no_cell_is_left_out),
        cmocka_unit_test(time_decides_with_the_file_first),
        cmocka_unit_test(what_is_lost_is_a_conflict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

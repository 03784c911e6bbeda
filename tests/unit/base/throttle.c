// SPDX-License-Identifier: MIT
#include "base/throttle.h"

#include "unit/unit.h"

static void the_first_is_told_at_once_and_the_rest_is_summed_up(void **state)
{
    static const struct {
        int64_t now_ns;
        uint64_t count, told;
        int64_t due_ns;
    } steps[] = {
        {500, 0, 0, INT64_MAX}, {500, 3, 3, INT64_MAX},  {501, 1, 0, 600},       {550, 4, 0, 600},
        {599, 0, 0, 600},       {600, 0, 5, INT64_MAX},  {650, 0, 0, INT64_MAX}, {699, 1, 0, 700},
        {750, 2, 3, INT64_MAX}, {2000, 1, 1, INT64_MAX},
    };
    struct throttle throttle = {.period_ns = 100};
    (void)state;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        assert_int_equal(throttle_take(&throttle, steps[i].count, steps[i].now_ns), steps[i].told);
        assert_int_equal(throttle_due_ns(&throttle), steps[i].due_ns);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_is_told_at_once_and_the_rest_is_summed_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

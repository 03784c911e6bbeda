// SPDX-License-Identifier: MIT
/* Work in a row is done once, by one hand at a time, and is there when it is waited for. */
#include "unit/unit.h"

#include "engine/crew.h"

#include <stdatomic.h>
#include <stdbool.h>

enum { ROOM = 16, PIECES = 1000 };

struct site {
    atomic_int done[ROOM];
    atomic_bool is_busy[CREW_HANDS];
    atomic_int shared; /* hands that were busy already when they were given a piece */
};

static void do_it(void *context, size_t place, size_t hand)
{
    struct site *site = context;
    if (atomic_exchange(&site->is_busy[hand], true))
        atomic_fetch_add(&site->shared, 1);
    atomic_fetch_add(&site->done[place], 1);
    atomic_store(&site->is_busy[hand], false);
}

static void each_piece_is_done_once(void **state)
{
    (void)state;
    struct site site = {0};
    struct crew *crew = crew_new(ROOM, do_it, &site);
    assert_non_null(crew);
    size_t put = 0, taken = 0;
    while (taken < PIECES) {
        while (put < PIECES && crew_count(crew) < ROOM) {
            atomic_store(&site.done[crew_place(crew, crew_count(crew))], 0);
            crew_put(crew);
            put++;
        }
        size_t half = (crew_count(crew) + 1) / 2;
        for (size_t i = 0; i < half; i++) {
            crew_wait(crew, i);
            crew_wait(crew, i); /* once more is no more work */
            assert_int_equal(atomic_load(&site.done[crew_place(crew, i)]), 1);
        }
        crew_drop(crew, half);
        taken += half;
    }
    assert_int_equal(crew_count(crew), 0);
    crew_free(crew);
    assert_int_equal(atomic_load(&site.shared), 0);
}

static void what_nobody_waited_for_may_stay_undone(void **state)
{
    (void)state;
    struct site site = {0};
    struct crew *crew = crew_new(ROOM, do_it, &site);
    assert_non_null(crew);
    for (size_t i = 0; i < ROOM; i++)
        crew_put(crew);
    crew_free(crew);
    for (size_t i = 0; i < ROOM; i++)
        assert_in_range(atomic_load(&site.done[i]), 0, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_piece_is_done_once),
        cmocka_unit_test(what_nobody_waited_for_may_stay_undone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

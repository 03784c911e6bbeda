// SPDX-License-Identifier: MIT
/* One compiled pattern serves several threads while it becomes machine code. */
#include "unit/unit.h"
#include "validate/pattern.h"

#include <pthread.h>

static void *match_often(void *shared)
{
    const struct pattern *pattern = shared;
    struct pattern_context *context = pattern_context_new();
    size_t wrong = 0;
    for (int i = 0; i < 500; i++) {
        wrong += pattern_match(pattern, context, STR("-aab")) != PATTERN_MATCHES;
        wrong += pattern_match(pattern, context, STR("-aa")) != PATTERN_DIFFERS;
    }
    pattern_context_free(context);
    return (void *)wrong;
}

static void one_pattern_serves_several_threads_at_once(void **state)
{
    (void)state;
    for (int round = 0; round < 20; round++) {
        struct pattern *pattern = pattern_new(STR("(a)\\1+(?=b)"), PATTERN_STRICT, NULL);
        assert_non_null(pattern);
        pthread_t threads[4];
        for (size_t i = 0; i < 4; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, match_often, pattern), 0);
        for (size_t i = 0; i < 4; i++) {
            void *wrong;
            assert_int_equal(pthread_join(threads[i], &wrong), 0);
            assert_null(wrong);
        }
        pattern_free(pattern);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_pattern_serves_several_threads_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

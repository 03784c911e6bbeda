// SPDX-License-Identifier: MIT
/* One compiled schema, several threads, each with its own run. */
#include "unit/validate/schema_check.h"

#include <pthread.h>

enum { THREADS = 4, ROUNDS = 300 };

struct worker {
    const struct schema *schema;
    const struct tape *good, *bad;
    unsigned wrong;
};

static void *work(void *argument)
{
    struct worker *worker = argument;
    struct schema_run *run = schema_run_new();
    for (int i = 0; i < ROUNDS; i++) {
        struct arena arena = {0};
        struct problem_list problems;
        problem_list_init(&problems, &arena);
        worker->wrong += !schema_accepts(worker->schema, worker->good, 0, run);
        worker->wrong += schema_accepts(worker->schema, worker->bad, 0, run);
        worker->wrong += schema_explain(worker->schema, worker->bad, 0, run, &problems);
        worker->wrong += problems.count != 1;
        arena_finish(&arena);
    }
    schema_run_free(run);
    return NULL;
}

static void threads_share_a_schema(void **state)
{
    (void)state;
    struct check check;
    struct tape good = {0}, bad = {0};
    check_init(&check);
    assert_true(check_compile(&check,
                              "{\"properties\":{\"a\":{\"pattern\":\"^(x|y)+$\"}},"
                              "\"allOf\":[{\"properties\":{\"b\":true}}],"
                              "\"unevaluatedProperties\":false}",
                              DRAFT_2020, 0));
    assert_true(json_scan(STR("{\"a\":\"xyx\",\"b\":1}"), &good, NULL));
    assert_true(json_scan(STR("{\"a\":\"xyz\",\"b\":1}"), &bad, NULL));
    pthread_t threads[THREADS];
    struct worker workers[THREADS];
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){check.schema, &good, &bad, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(workers[i].wrong, 0);
    }
    tape_finish(&good);
    tape_finish(&bad);
    check_finish(&check);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_share_a_schema),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

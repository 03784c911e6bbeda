// SPDX-License-Identifier: MIT
/* Which texts are JSON, what they become, and what is said about those that are not. */
#include "parse/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Text with its length, so that a NUL may stand in it. */
#define T(literal)                                                                                 \
    {                                                                                              \
        "" literal, sizeof(literal) - 1                                                            \
    }

struct fixture {
    struct arena arena;
    struct problem_list problems;
    struct tape tape;
    struct strbuf out;
};

static int set_up(void **state)
{
    static struct fixture fixture;
    arena_init(&fixture.arena);
    problem_list_init(&fixture.problems, &fixture.arena);
    tape_init(&fixture.tape);
    strbuf_init(&fixture.out);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    strbuf_finish(&fixture->out);
    tape_finish(&fixture->tape);
    arena_finish(&fixture->arena);
    return 0;
}

static bool scan(struct fixture *fixture, struct str source)
{
    problem_list_init(&fixture->problems, &fixture->arena);
    strbuf_reset(&fixture->out);
    bool valid = json_scan(source, &fixture->tape, &fixture->problems);
    if (valid)
        tape_add_json(&fixture->tape, 0, &fixture->out);
    problem_list_locate(&fixture->problems, source);
    return valid;
}

static const struct str valid_texts[] = {
    T("[]"), T("[[]   ]"), T("[\"\"]"), T("[false]"), T("[null, 1, \"1\", {}]"),
};

static void test_valid_texts_are_taken(void **state)
{
    for (size_t i = 0; i < sizeof valid_texts / sizeof valid_texts[0]; i++) {
        bool valid = scan(*state, valid_texts[i]);
        if (!valid)
            fail_msg("refused: %.*s", STR_ARG(valid_texts[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_valid_texts_are_taken, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

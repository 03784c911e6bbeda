// SPDX-License-Identifier: MIT
/* What stops a pattern that costs too much, and what must not stop a harmless one. */
#include "unit/unit.h"
#include "validate/pattern.h"

#include <stdlib.h>

static struct pattern *compiled(struct str source)
{
    struct nexus_error error;
    struct pattern *pattern = pattern_new(source, PATTERN_STRICT, &error);
    if (!pattern)
        fail_msg("%s", error.message);
    return pattern;
}

static void a_hostile_pattern_is_stopped_and_never_a_verdict(void **state)
{
    (void)state;
    struct pattern_context *context = pattern_context_new();
    struct pattern *pattern = compiled(STR("^(a+)+$"));
    /* The first ones are interpreted, the last ones machine code. */
    for (int use = 0; use < 40; use++)
        assert_int_equal(
            pattern_match(pattern, context, STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!")),
            PATTERN_TOO_EXPENSIVE);
    assert_int_equal(pattern_match(pattern, context, STR("aaaa")), PATTERN_MATCHES);
    assert_int_equal(pattern_match(pattern, context, STR("aab")), PATTERN_DIFFERS);
    pattern_free(pattern);
    pattern_context_free(context);
}

static void a_long_text_that_overflows_the_machine_codes_stack_is_still_judged(void **state)
{
    (void)state;
    struct pattern_context *context = pattern_context_new();
    struct pattern *pattern = compiled(STR("^(a|b)*$"));
    size_t length = 100000;
    char *text = malloc(length + 1);
    memset(text, 'a', length);
    text[length] = '!';
    for (int use = 0; use < 40; use++) {
        assert_int_equal(pattern_match(pattern, context, (struct str){text, length}),
                         PATTERN_MATCHES);
        assert_int_equal(pattern_match(pattern, context, (struct str){text, length + 1}),
                         PATTERN_DIFFERS);
    }
    free(text);
    pattern_free(pattern);
    pattern_context_free(context);
}

static void a_pattern_has_at_most_64_kib(void **state)
{
    (void)state;
    char *text = malloc(65537);
    memset(text, 'a', 65537);
    struct nexus_error error;
    assert_null(pattern_new((struct str){text, 65537}, PATTERN_LENIENT, &error));
    assert_int_equal(error.status, NEXUS_ERROR_LIMIT);
    memset(text, '(', 65536);
    assert_null(pattern_new((struct str){text, 65536}, PATTERN_LENIENT, &error));
    assert_int_equal(error.status, NEXUS_ERROR_LIMIT);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hostile_pattern_is_stopped_and_never_a_verdict),
        cmocka_unit_test(a_long_text_that_overflows_the_machine_codes_stack_is_still_judged),
        cmocka_unit_test(a_pattern_has_at_most_64_kib),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
#include "model/tape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void equal_names_have_equal_hashes(void **state)
{
    (void)state;
    const char *const names[] = {"",        "a",        "title",
                                 "1234567", "12345678", "a property of some length"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char copy[64];
        snprintf(copy, sizeof copy, "%s", names[i]);
        assert_true(name_hash(str_of(names[i])) == name_hash(str_of(copy)));
    }
}

static void short_names_are_their_own_hash(void **state)
{
    (void)state;
    assert_true(name_hash_is_exact(name_hash(STR("1234567"))));
    assert_false(name_hash_is_exact(name_hash(STR("12345678"))));
    assert_true(name_hash(STR("a")) != name_hash(STR("a\0")));
    assert_true(name_hash(STR("")) != name_hash(STR("\0")));
    assert_true(name_hash(STR("ab")) != name_hash(STR("ba")));
}

static void long_names_differ_in_any_byte(void **state)
{
    (void)state;
    char name[] = "abcdefghijklmnop";
    uint64_t hash = name_hash(str_of(name));
    for (size_t i = 0; i < sizeof name - 1; i++) {
        name[i] ^= 1;
        assert_true(name_hash(str_of(name)) != hash);
        name[i] ^= 1;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_names_have_equal_hashes),
        cmocka_unit_test(short_names_are_their_own_hash),
        cmocka_unit_test(long_names_differ_in_any_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
#include "validate/number.h"

#include "unit/unit.h"

static void numbers_compare_by_value(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        int order;
    } rows[] = {
        {"0", "-0", 0},
        {"0", "0.000e5", 0},
        {"1", "1.0", 0},
        {"100", "1e2", 0},
        {"0.1", "1E-1", 0},
        {"-1", "1", -1},
        {"-2", "-1", -1},
        {"2", "10", -1},
        {"0.30000000000000004", "0.3", 1},
        {"9007199254740993", "9007199254740992", 1},
        {"1e400", "9e399", 1},
        {"-1e400", "-9e399", -1},
        {"1e-400", "0", 1},
        {"123456789012345678901234567890", "123456789012345678901234567891", -1},
        {"1e99999999999999999999", "1", 1},
        {"1e-99999999999999999999", "1", -1},
        {"0e99999999999999999999", "0", 0},
        {"12.50", "12.5", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct decimal a = decimal_of(str_of(rows[i].a)), b = decimal_of(str_of(rows[i].b));
        assert_int_equal(decimal_compare(&a, &b), rows[i].order);
        assert_int_equal(decimal_compare(&b, &a), -rows[i].order);
        if (rows[i].order == 0)
            assert_true(decimal_hash(&a) == decimal_hash(&b));
        else
            assert_true(decimal_hash(&a) != decimal_hash(&b));
    }
}

static void a_number_knows_whether_it_is_whole(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_integer;
    } rows[] = {
        {"0", true},      {"-0.0", true},  {"1.0", true},   {"1.5", false},
        {"15e-1", false}, {"10e-1", true}, {"1e400", true}, {"1e-1", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct decimal number = decimal_of(str_of(rows[i].text));
        assert_int_equal(decimal_is_integer(&number), rows[i].is_integer);
    }
}

static void multiples_are_exact(void **state)
{
    (void)state;
    static const struct {
        const char *number, *divisor;
        enum multiple_outcome outcome;
    } rows[] = {
        {"0", "7", MULTIPLE_YES},
        {"-14", "7", MULTIPLE_YES},
        {"15", "7", MULTIPLE_NO},
        {"19.99", "0.01", MULTIPLE_YES},
        {"1.13", "0.01", MULTIPLE_YES},
        {"4.35", "0.01", MULTIPLE_YES},
        {"4.351", "0.01", MULTIPLE_NO},
        {"0.0075", "0.0001", MULTIPLE_YES},
        {"1e308", "0.123456789", MULTIPLE_NO},
        {"1e308", "0.5", MULTIPLE_YES},
        {"1e308", "3", MULTIPLE_NO},
        {"3e308", "3", MULTIPLE_YES},
        {"1e18", "1024", MULTIPLE_YES},
        {"1e9", "1024", MULTIPLE_NO},
        {"12345678901234567890123456789", "9", MULTIPLE_YES},
        {"12345678901234567890123456788", "9", MULTIPLE_NO},
        /* divisors past 18 digits */
        {"123456789012345678901234567890", "12345678901234567890123456789", MULTIPLE_YES},
        {"123456789012345678901234567891", "12345678901234567890123456789", MULTIPLE_NO},
        {"1e200", "18446744073709551616", MULTIPLE_YES},
        {"1e20", "18446744073709551616", MULTIPLE_NO},
        {"1e400", "18446744073709551557", MULTIPLE_NO},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct decimal number = decimal_of(str_of(rows[i].number));
        struct decimal divisor = decimal_of(str_of(rows[i].divisor));
        assert_int_equal(decimal_multiple(&number, &divisor), rows[i].outcome);
    }
}

static void too_many_digits_are_not_divided(void **state)
{
    (void)state;
    char digits[NUMBER_DIGITS_LIMIT + 2];
    memset(digits, '7', sizeof digits - 1);
    digits[sizeof digits - 1] = '\0';
    struct decimal number = decimal_of(str_of(digits));
    struct decimal large = decimal_of(STR("7777777777777777777")), small = decimal_of(STR("7"));
    assert_int_equal(decimal_multiple(&number, &large), MULTIPLE_TOO_LONG);
    assert_int_equal(decimal_multiple(&number, &small), MULTIPLE_YES);
}

static void counts_stop_at_their_limit(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_count;
        uint32_t count;
    } rows[] = {
        {"0", true, 0},       {"2.0", true, 2},    {"1e2", true, 100},
        {"1e300", true, 999}, {"1000", true, 999}, {"18446744073709551617", true, 999},
        {"-1", false, 0},     {"0.5", false, 0},   {"0e5", true, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct decimal number = decimal_of(str_of(rows[i].text));
        uint32_t count = 0;
        assert_int_equal(decimal_to_count(&number, 999, &count), rows[i].is_count);
        assert_int_equal(count, rows[i].count);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_compare_by_value),
        cmocka_unit_test(a_number_knows_whether_it_is_whole),
        cmocka_unit_test(multiples_are_exact),
        cmocka_unit_test(too_many_digits_are_not_divided),
        cmocka_unit_test(counts_stop_at_their_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
/* What a plain scalar is: the core schema of YAML 1.2, one line a scalar. */
#include "parse/yaml_scalar.h"
#include "unit/unit.h"

#include <stdlib.h>

static const struct {
    const char *plain;
    enum yaml_scalar kind;
    const char *json; /* the text of a number */
} scalars[] = {
    {"", YAML_NULL, NULL},
    {"~", YAML_NULL, NULL},
    {"null", YAML_NULL, NULL},
    {"Null", YAML_NULL, NULL},
    {"NULL", YAML_NULL, NULL},
    {"nULL", YAML_STRING, NULL},
    {"nul", YAML_STRING, NULL},
    {"nulls", YAML_STRING, NULL},
    {"nil", YAML_STRING, NULL},
    {"~~", YAML_STRING, NULL},
    {"true", YAML_TRUE, NULL},
    {"True", YAML_TRUE, NULL},
    {"TRUE", YAML_TRUE, NULL},
    {"tRUE", YAML_STRING, NULL},
    {"false", YAML_FALSE, NULL},
    {"False", YAML_FALSE, NULL},
    {"FALSE", YAML_FALSE, NULL},
    {"fALSE", YAML_STRING, NULL},
    {"yes", YAML_STRING, NULL},
    {"Yes", YAML_STRING, NULL},
    {"no", YAML_STRING, NULL},
    {"NO", YAML_STRING, NULL},
    {"on", YAML_STRING, NULL},
    {"off", YAML_STRING, NULL},
    {"y", YAML_STRING, NULL},
    {"n", YAML_STRING, NULL},
    {"0", YAML_INTEGER, "0"},
    {"-0", YAML_INTEGER, "-0"},
    {"+0", YAML_INTEGER, "0"},
    {"00", YAML_INTEGER, "0"},
    {"-00", YAML_INTEGER, "-0"},
    {"1", YAML_INTEGER, "1"},
    {"-1", YAML_INTEGER, "-1"},
    {"+5", YAML_INTEGER, "5"},
    {"007", YAML_INTEGER, "7"},
    {"-007", YAML_INTEGER, "-7"},
    {"+007", YAML_INTEGER, "7"},
    {"010", YAML_INTEGER, "10"},
    {"08", YAML_INTEGER, "8"},
    {"9223372036854775807", YAML_INTEGER, "9223372036854775807"},
    {"9007199254740993", YAML_INTEGER, "9007199254740993"},
    {"123456789012345678901234567890", YAML_INTEGER, "123456789012345678901234567890"},
    {"0o17", YAML_INTEGER, "15"},
    {"0o0", YAML_INTEGER, "0"},
    {"0o777", YAML_INTEGER, "511"},
    {"0o2000000000000000000000", YAML_INTEGER, "18446744073709551616"},
    {"0o", YAML_STRING, NULL},
    {"0o8", YAML_STRING, NULL},
    {"0O17", YAML_STRING, NULL},
    {"-0o17", YAML_STRING, NULL},
    {"0x1F", YAML_INTEGER, "31"},
    {"0x1f", YAML_INTEGER, "31"},
    {"0x0", YAML_INTEGER, "0"},
    {"0x00ff", YAML_INTEGER, "255"},
    {"0x3B9ACA00", YAML_INTEGER, "1000000000"},
    {"0xFFFFFFFFFFFFFFFF", YAML_INTEGER, "18446744073709551615"},
    {"0x10000000000000000", YAML_INTEGER, "18446744073709551616"},
    {"0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", YAML_INTEGER, "340282366920938463463374607431768211455"},
    {"0x", YAML_STRING, NULL},
    {"0xG", YAML_STRING, NULL},
    {"0X1F", YAML_STRING, NULL},
    {"+0x1F", YAML_STRING, NULL},
    {"-0x1F", YAML_STRING, NULL},
    {"0b1", YAML_STRING, NULL},
    {"1_000", YAML_STRING, NULL},
    {"1,000", YAML_STRING, NULL},
    {"1 000", YAML_STRING, NULL},
    {"12:30", YAML_STRING, NULL},
    {"12:30:45", YAML_STRING, NULL},
    {"1.2.3", YAML_STRING, NULL},
    {"2024-01-01", YAML_STRING, NULL},
    {"2024-01-01T10:00:00Z", YAML_STRING, NULL},
    {"1a", YAML_STRING, NULL},
    {"-", YAML_STRING, NULL},
    {"+", YAML_STRING, NULL},
    {"--1", YAML_STRING, NULL},
    {"1.5", YAML_FLOAT, "1.5"},
    {"1.10", YAML_FLOAT, "1.10"},
    {"-1.5", YAML_FLOAT, "-1.5"},
    {"+1.5", YAML_FLOAT, "1.5"},
    {"01.50", YAML_FLOAT, "1.50"},
    {"-01.50", YAML_FLOAT, "-1.50"},
    {"00.0", YAML_FLOAT, "0.0"},
    {"-0.0", YAML_FLOAT, "-0.0"},
    {".5", YAML_FLOAT, "0.5"},
    {"-.5", YAML_FLOAT, "-0.5"},
    {"+.5", YAML_FLOAT, "0.5"},
    {".5e3", YAML_FLOAT, "0.5e3"},
    {"1.", YAML_FLOAT, "1.0"},
    {"-1.", YAML_FLOAT, "-1.0"},
    {"007.", YAML_FLOAT, "7.0"},
    {"1.e5", YAML_FLOAT, "1.0e5"},
    {"+1.E-5", YAML_FLOAT, "1.0E-5"},
    {"1e3", YAML_FLOAT, "1e3"},
    {"1E+3", YAML_FLOAT, "1E+3"},
    {"1e-3", YAML_FLOAT, "1e-3"},
    {"007e3", YAML_FLOAT, "7e3"},
    {"1e400", YAML_FLOAT, "1e400"},
    {"0.30000000000000004", YAML_FLOAT, "0.30000000000000004"},
    {".", YAML_STRING, NULL},
    {"-.", YAML_STRING, NULL},
    {"..5", YAML_STRING, NULL},
    {".e5", YAML_STRING, NULL},
    {"e5", YAML_STRING, NULL},
    {"1e", YAML_STRING, NULL},
    {"1e+", YAML_STRING, NULL},
    {"1e5.5", YAML_STRING, NULL},
    {"1.5f", YAML_STRING, NULL},
    {"1..5", YAML_STRING, NULL},
    {".inf", YAML_NOT_FINITE, NULL},
    {".Inf", YAML_NOT_FINITE, NULL},
    {".INF", YAML_NOT_FINITE, NULL},
    {"-.inf", YAML_NOT_FINITE, NULL},
    {"+.INF", YAML_NOT_FINITE, NULL},
    {".iNF", YAML_STRING, NULL},
    {"inf", YAML_STRING, NULL},
    {".nan", YAML_NOT_FINITE, NULL},
    {".NaN", YAML_NOT_FINITE, NULL},
    {".NAN", YAML_NOT_FINITE, NULL},
    {"-.nan", YAML_STRING, NULL},
    {"NaN", YAML_STRING, NULL},
    {"<<", YAML_STRING, NULL},
    {"=", YAML_STRING, NULL},
    {"text", YAML_STRING, NULL},
};

static void test_the_core_schema_decides(void **state)
{
    (void)state;
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof scalars / sizeof scalars[0]; i++) {
        struct str plain = str_of(scalars[i].plain), number = {0};
        if (yaml_scalar_of(plain) != scalars[i].kind)
            fail_msg("'%s' is %d", scalars[i].plain, yaml_scalar_of(plain));
        if (!scalars[i].json)
            continue;
        assert_true(yaml_number_text(plain, &arena, &number));
        if (!str_is(number, scalars[i].json))
            fail_msg("'%s' became %.*s", scalars[i].plain, STR_ARG(number));
    }
    arena_finish(&arena);
}

static void test_a_number_is_part_of_its_text_where_that_will_do(void **state)
{
    (void)state;
    struct arena arena = {0};
    const struct str plain = STR("+0012.50");
    struct str number;
    assert_true(yaml_number_text(plain, &arena, &number));
    assert_ptr_equal(number.at, plain.at + 3);
    assert_int_equal(number.length, 5);
    assert_int_equal(arena.used_bytes, 0);
    arena_finish(&arena);
}

static struct str radix_number(char *text, char digit, size_t digits)
{
    memset(text + 2, digit, digits);
    return (struct str){text, digits + 2};
}

static void test_hexadecimal_digits_are_exact_up_to_the_limit(void **state)
{
    (void)state;
    struct arena arena = {0};
    char *text = malloc(2 + 2 * YAML_RADIX_DIGITS);
    struct str number;
    memcpy(text, "0x", 2);
    assert_true(yaml_number_text(radix_number(text, 'f', YAML_RADIX_DIGITS), &arena, &number));
    assert_int_equal(number.length, 1234); /* 16^1024 - 1 */
    assert_true(str_starts_with(number, STR("1044388881413152506691752710716624382579964249047")));
    assert_true(str_ends_with(number, STR("6090243804708340403154190335")));
    assert_false(yaml_number_text(radix_number(text, 'f', YAML_RADIX_DIGITS + 1), &arena, &number));
    assert_true(yaml_number_text(radix_number(text, '0', 2 * YAML_RADIX_DIGITS), &arena, &number));
    assert_true(str_is(number, "0"));
    free(text);
    arena_finish(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_core_schema_decides),
        cmocka_unit_test(test_a_number_is_part_of_its_text_where_that_will_do),
        cmocka_unit_test(test_hexadecimal_digits_are_exact_up_to_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

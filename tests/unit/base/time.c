// SPDX-License-Identifier: MIT
#include "base/time.h"
#include "unit/unit.h"

static void a_time_is_written_in_utc_with_milliseconds(void **state)
{
    (void)state;
    static const struct {
        int64_t time_ns;
        const char *text;
    } facts[] = {
        {0, "1970-01-01T00:00:00.000Z"},
        {INT64_C(1768473000) * NS_PER_S, "2026-01-15T10:30:00.000Z"},
        {INT64_C(1768473000) * NS_PER_S + 999999999, "2026-01-15T10:30:00.999Z"},
        {-1, "1969-12-31T23:59:59.999Z"},
        {INT64_C(4102444800) * NS_PER_S, "2100-01-01T00:00:00.000Z"},
        {INT64_C(1709208000) * NS_PER_S, "2024-02-29T12:00:00.000Z"},
    };
    char text[TIME_TEXT_SIZE];
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        assert_string_equal(time_format(facts[i].time_ns, text), facts[i].text);
}

static void a_time_reads_back(void **state)
{
    (void)state;
    for (int64_t t = INT64_C(-3000000000); t < INT64_C(6000000000); t += INT64_C(86399999)) {
        char text[TIME_TEXT_SIZE];
        int64_t back = 0;
        time_format(t * NS_PER_S, text);
        assert_true(time_parse(str_of(text), &back));
        assert_int_equal(back, t * NS_PER_S);
    }
}

static void rfc_3339_is_read_and_nothing_else(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t seconds; /* -1: not a time */
    } facts[] = {
        {"1970-01-01T00:00:10Z", 10},
        {"1970-01-01t01:00:10+01:00", 10},
        {"1969-12-31T23:00:10-01:00", 10},
        {"1970-01-01 00:00:10.5Z", 10},
        {"1970-01-01T00:00:10", -1},
        {"1970-01-01", -1},
        {"1970-02-30T00:00:00Z", -1},
        {"1970-13-01T00:00:00Z", -1},
        {"1970-01-01T24:00:00Z", -1},
        {"1970-01-01T00:00:10.Z", -1},
        {"1970-01-01T00:00:10Z ", -1},
        {"1970-01-01T00:00:10+1:00", -1},
        {"", -1},
    };
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        int64_t time_ns = 0;
        bool read = time_parse(str_of(facts[i].text), &time_ns);
        if (read != (facts[i].seconds >= 0) || (read && time_ns / NS_PER_S != facts[i].seconds))
            fail_msg("'%s'", facts[i].text);
    }
}

static void a_date_is_a_day_of_the_calendar(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_date;
    } facts[] = {
        {"2026-01-31", true},   {"2024-02-29", true},
        {"2000-02-29", true},   {"0000-01-01", true},
        {"2026-02-29", false},  {"1900-02-29", false},
        {"2026-04-31", false},  {"2026-13-01", false},
        {"2026-00-01", false},  {"2026-01-00", false},
        {"2026-1-1", false},    {"2026-01-011", false},
        {"2026-01-01T", false}, {"2026/01/01", false},
        {"26-01-01", false},    {"", false},
    };
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        assert_int_equal(time_is_date(str_of(facts[i].text)), facts[i].is_date);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_is_written_in_utc_with_milliseconds),
        cmocka_unit_test(a_time_reads_back),
        cmocka_unit_test(rfc_3339_is_read_and_nothing_else),
        cmocka_unit_test(a_date_is_a_day_of_the_calendar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

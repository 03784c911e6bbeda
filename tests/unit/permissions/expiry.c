// SPDX-License-Identifier: MIT
#include "permissions/expiry.h"

#include "unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void a_time_of_any_zone_is_kept_in_utc(void **state)
{
    (void)state;
    static const char *const facts[][2] = {
        {"2026-01-15T10:30:00.000Z", "2026-01-15T10:30:00.000Z"},
        {"2026-01-15T10:30:00Z", "2026-01-15T10:30:00.000Z"},
        {"2026-01-15t10:30:00z", "2026-01-15T10:30:00.000Z"},
        {"2026-01-15 10:30:00Z", "2026-01-15T10:30:00.000Z"},
        {"2026-01-15T10:30:00.9999999Z", "2026-01-15T10:30:00.999Z"},
        {"2026-01-01T00:30:00+02:00", "2025-12-31T22:30:00.000Z"},
        {"2025-12-31T22:30:00-02:30", "2026-01-01T01:00:00.000Z"},
        {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"},
        {"2038-01-19T03:14:08Z", "2038-01-19T03:14:08.000Z"},
    };
    for (size_t i = 0; i < COUNT(facts); i++) {
        char normal[TIME_TEXT_SIZE];
        assert_int_equal(expiry_normalise(str_of(facts[i][0]), normal, NULL), NEXUS_OK);
        assert_string_equal(normal, facts[i][1]);
    }
}

static void anything_else_is_refused_with_a_sentence(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "never",
        "tomorrow",
        "2026-01-15",
        "2026-01-15T10:30:00",
        "2026-01-15T10:30Z",
        "2026-01-15T24:00:00Z",
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-01-15T10:30:00+24:00",
        "2026-01-15T10:30:00.Z",
        "2026-01-15T10:30:00Z ",
        " 2026-01-15T10:30:00Z",
        "+2026-01-15T10:30:00Z",
        "1768473000",
        "9999-12-31T23:59:59Z",
    };
    char untouched[TIME_TEXT_SIZE];
    assert_int_equal(expiry_normalise((struct str){NULL, 0}, untouched, NULL),
                     NEXUS_ERROR_ARGUMENT);
    for (size_t i = 0; i < COUNT(wrong); i++) {
        char normal[TIME_TEXT_SIZE] = "as it was";
        struct nexus_error err = {0};
        assert_int_equal(expiry_normalise(str_of(wrong[i]), normal, &err), NEXUS_ERROR_ARGUMENT);
        assert_non_null(strstr(err.message, "is no date and time with its zone"));
        assert_string_equal(normal, "as it was");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_of_any_zone_is_kept_in_utc),
        cmocka_unit_test(anything_else_is_refused_with_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
#include "base/error.h"
#include "base/utf8.h"
#include "unit/unit.h"

#include <errno.h>
#include <string.h>

#undef fail /* cmocka's; here it is ours */

static void a_failure_carries_its_status_and_its_sentence(void **state)
{
    (void)state;
    struct nexus_error err;
    assert_int_equal(fail(&err, NEXUS_ERROR_REFUSED, "'%s' is ignored", "a.md"),
                     NEXUS_ERROR_REFUSED);
    assert_int_equal(err.status, NEXUS_ERROR_REFUSED);
    assert_string_equal(err.message, "'a.md' is ignored");
    assert_int_equal(fail_no_memory(&err), NEXUS_ERROR_NO_MEMORY);
    assert_string_equal(err.message, "out of memory");
    assert_int_equal(fail(NULL, NEXUS_ERROR_BUSY, "nobody listens"), NEXUS_ERROR_BUSY);
    assert_int_equal(fail_errno(NULL, ENOENT, "nobody listens"), NEXUS_ERROR_NOT_FOUND);
}

static void a_system_error_chooses_the_status_and_gives_its_reason(void **state)
{
    (void)state;
    static const struct {
        int number;
        enum nexus_status status;
    } facts[] = {
        {ENOENT, NEXUS_ERROR_NOT_FOUND},
        {ENOTDIR, NEXUS_ERROR_NOT_FOUND},
        {EEXIST, NEXUS_ERROR_EXISTS},
        {EACCES, NEXUS_ERROR_PERMISSION},
        {EROFS, NEXUS_ERROR_PERMISSION},
        {ENOSPC, NEXUS_ERROR_NO_SPACE},
        {EDQUOT, NEXUS_ERROR_NO_SPACE},
        {ENOMEM, NEXUS_ERROR_NO_MEMORY},
        {EINTR, NEXUS_ERROR_INTERRUPTED},
        {EBUSY, NEXUS_ERROR_BUSY},
        {EIO, NEXUS_ERROR_IO},
        {EMFILE, NEXUS_ERROR_IO},
    };
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        struct nexus_error err;
        assert_int_equal(fail_errno(&err, facts[i].number, "cannot read 'a'"), facts[i].status);
        assert_non_null(strstr(err.message, "cannot read 'a': "));
        assert_non_null(strstr(err.message, strerror(facts[i].number)));
    }
}

static void a_long_sentence_is_cut_between_characters(void **state)
{
    (void)state;
    /* Each length puts the cut at another byte of the three-byte character. */
    for (size_t extra = 0; extra < 3; extra++) {
        char text[4 * sizeof((struct nexus_error *)0)->message];
        memset(text, 'x', extra);
        for (size_t i = extra; i + 4 < sizeof text; i += 3)
            memcpy(text + i, "\xE2\x82\xAC", 4);
        struct nexus_error err;
        fail_errno(&err, EIO, "%s", text);
        size_t length = strlen(err.message);
        assert_in_range(length, sizeof err.message - 6, sizeof err.message - 1);
        assert_string_equal(err.message + length - 3, "\xE2\x80\xA6");
        assert_int_equal(utf8_find_invalid(str_of(err.message)), STR_NONE);
    }
}

static void a_reason_that_does_not_fit_is_cut_too(void **state)
{
    (void)state;
    char text[sizeof((struct nexus_error *)0)->message];
    memset(text, 'x', sizeof text);
    text[sizeof text - 6] = '\0';
    struct nexus_error err;
    fail_errno(&err, EIO, "%s", text);
    size_t length = strlen(err.message);
    assert_true(length < sizeof err.message);
    assert_string_equal(err.message + length - 3, "\xE2\x80\xA6");
}

static void the_sentence_is_one_printable_line_of_utf8(void **state)
{
    (void)state;
    static const struct {
        const char *name, *message;
    } facts[] = {
        {"a\nb\tc", "no 'a?b?c'"},
        {"\x1B[31mred\x7F", "no '?[31mred?'"},
        {"caf\xC3\xA9", "no 'caf\xC3\xA9'"},
        {"caf\xE9", "no 'caf?'"}, /* Latin-1, as an old disk has it */
        {"\xC2\x9B"
         "31m",
         "no '?31m'"}, /* U+009B starts a terminal's sequence, too */
    };
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        struct nexus_error err;
        fail(&err, NEXUS_ERROR_NOT_FOUND, "no '%s'", facts[i].name);
        assert_string_equal(err.message, facts[i].message);
    }
}

static void every_status_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int a = NEXUS_OK; a <= NEXUS_ERROR_INTERRUPTED; a++)
        for (int b = NEXUS_OK; b < a; b++)
            assert_string_not_equal(nexus_status_name((enum nexus_status)a),
                                    nexus_status_name((enum nexus_status)b));
    assert_string_equal(nexus_status_name(NEXUS_ERROR_NOT_FOUND), "not-found");
    assert_string_equal(nexus_status_name((enum nexus_status)999), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failure_carries_its_status_and_its_sentence),
        cmocka_unit_test(a_system_error_chooses_the_status_and_gives_its_reason),
        cmocka_unit_test(a_long_sentence_is_cut_between_characters),
        cmocka_unit_test(a_reason_that_does_not_fit_is_cut_too),
        cmocka_unit_test(the_sentence_is_one_printable_line_of_utf8),
        cmocka_unit_test(every_status_has_a_name_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
#include "base/hash.h"
#include "unit/unit.h"

#include <ctype.h>
#include <limits.h>

static void a_hash_is_read_as_it_was_written(void **state)
{
    struct hash hash = hash_of(STR("a note")), read;
    char text[HASH_TEXT_SIZE];
    (void)state;
    assert_string_equal(hash_format(hash, text), text);
    assert_true(hash_parse(str_of(text), &read));
    assert_true(hash_equal(hash, read));
}

static void what_is_no_hash_changes_nothing(void **state)
{
    struct hash hash = hash_of(STR("a note")), read = hash;
    char text[HASH_TEXT_SIZE];
    (void)state;
    hash_format(hash_of(STR("another")), text);
    assert_false(hash_parse((struct str){text, HASH_TEXT_SIZE - 2}, &read));
    for (size_t i = 0; i < HASH_TEXT_SIZE - 1; i++) {
        char digit = text[i];
        for (int c = 0; c <= UCHAR_MAX; c++) {
            text[i] = (char)c;
            struct hash parsed = hash;
            bool is_digit = isxdigit(c) && !isupper(c);
            assert_int_equal(hash_parse((struct str){text, HASH_TEXT_SIZE - 1}, &parsed), is_digit);
            read = is_digit ? read : parsed;
            assert_true(hash_equal(hash, read));
        }
        text[i] = digit;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hash_is_read_as_it_was_written),
        cmocka_unit_test(what_is_no_hash_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

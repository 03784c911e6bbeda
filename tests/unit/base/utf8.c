// SPDX-License-Identifier: MIT
#include "base/utf8.h"
#include "unit/unit.h"

static void the_first_broken_byte_is_found(void **state)
{
    (void)state;
    const struct {
        struct str text;
        size_t broken;
    } facts[] = {
        {STR(""), STR_NONE},
        {STR("plain ASCII, longer than a word"), STR_NONE},
        {STR("\0\x7F"), STR_NONE},
        {STR("\xC2\x80\xDF\xBF"), STR_NONE},                 /* U+0080, U+07FF */
        {STR("\xE0\xA0\x80\xEF\xBF\xBF"), STR_NONE},         /* U+0800, U+FFFF */
        {STR("\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"), STR_NONE}, /* U+10000, U+10FFFF */
        {STR("\xED\x9F\xBF\xEE\x80\x80"), STR_NONE},         /* around the surrogates */
        {STR("\x80"), 0},                                    /* a continuation alone */
        {STR("\xC0\xAF"), 0},                                /* overlong '/' */
        {STR("\xC1\xBF"), 0},
        {STR("\xE0\x9F\xBF"), 0},     /* overlong U+07FF */
        {STR("\xF0\x8F\xBF\xBF"), 0}, /* overlong U+FFFF */
        {STR("\xED\xA0\x80"), 0},     /* U+D800, a surrogate */
        {STR("\xED\xBF\xBF"), 0},     /* U+DFFF */
        {STR("\xF4\x90\x80\x80"), 0}, /* U+110000 */
        {STR("\xF5\x80\x80\x80"), 0},
        {STR("\xFF"), 0},
        {STR("abc\xE2\x82"), 3}, /* cut short */
        {STR("abc\xE2\x28\xA1"), 3},
        {STR("\xF0\x9F\x99"), 0},
        {STR("12345678\xFF"), 8}, /* behind a whole word */
        {STR("1234567\xE2\x82\xAC\xFF"), 10},
        {STR("12345678\xE2\x82\xAC"
             "12345678\xC3"),
         19},
    };
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        if (utf8_find_invalid(facts[i].text) != facts[i].broken)
            fail_msg("fact %zu: %zu", i, utf8_find_invalid(facts[i].text));
}

static void every_code_point_survives_encoding(void **state)
{
    (void)state;
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        char bytes[4];
        struct str text = {bytes, utf8_encode(c, bytes)};
        size_t index = 0;
        if (utf8_find_invalid(text) != STR_NONE || utf8_next(text, &index) != c ||
            index != text.length)
            fail_msg("U+%04X", (unsigned)c);
    }
}

static void a_broken_byte_reads_as_the_replacement_and_moves_by_one(void **state)
{
    (void)state;
    struct str text = STR("a\xE2\x82z\xED\xA0\x80");
    const struct {
        uint32_t code_point;
        size_t index;
    } steps[] = {{'a', 1},    {0xFFFD, 2}, {0xFFFD, 3}, {'z', 4},
                 {0xFFFD, 5}, {0xFFFD, 6}, {0xFFFD, 7}};
    size_t index = 0;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        assert_int_equal(utf8_next(text, &index), steps[i].code_point);
        assert_int_equal(index, steps[i].index);
    }
}

static void lengths_are_counted_in_characters_and_in_utf16(void **state)
{
    (void)state;
    const struct {
        struct str text;
        size_t code_points, utf16;
    } facts[] = {
        {STR(""), 0, 0},
        {STR("abc"), 3, 3},
        {STR("\xC3\xA9"), 1, 1},
        {STR("\xE2\x82\xAC"), 1, 1},
        {STR("\xF0\x9F\x99\x82"), 1, 2},
        {STR("e\xCC\x81"), 2, 2}, /* a letter and its combining accent */
        {STR("a\xF0\x9F\x99\x82\xE2\x82\xAC"
             "b"),
         4, 5},
    };
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        assert_int_equal(utf8_count(facts[i].text), facts[i].code_points);
        assert_int_equal(utf8_utf16_length(facts[i].text), facts[i].utf16);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_broken_byte_is_found),
        cmocka_unit_test(every_code_point_survives_encoding),
        cmocka_unit_test(a_broken_byte_reads_as_the_replacement_and_moves_by_one),
        cmocka_unit_test(lengths_are_counted_in_characters_and_in_utf16),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

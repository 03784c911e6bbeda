// SPDX-License-Identifier: MIT
#include "base/unicode.h"
#include "unit/unit.h"

static void identifiers_are_letters_and_what_may_follow_them(void **state)
{
    (void)state;
    static const struct {
        uint32_t code_point;
        bool starts, continues;
    } facts[] = {
        {'a', true, true},       {'Z', true, true},      {0xE9, true, true},   /* é */
        {0x4E2D, true, true},    {0x1D49C, true, true},  {0x2160, true, true}, /* 中 𝒜 Ⅰ */
        {0x2118, true, true},                                                  /* ℘, of old */
        {'1', false, true},      {'_', false, true},     {0x301, false, true}, /* an accent */
        {0xB7, false, true},     {0x660, false, true},                         /* · and a digit */
        {'-', false, false},     {' ', false, false},    {'$', false, false},
        {0, false, false},       {0x2E2F, false, false}, /* a letter by its category, and syntax all
                                                            the same */
        {0x1F432, false, false}, {0xD800, false, false}, {0x10FFFF, false, false},
    };
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        assert_int_equal(unicode_is_id_start(facts[i].code_point), facts[i].starts);
        assert_int_equal(unicode_is_id_continue(facts[i].code_point), facts[i].continues);
    }
}

static void a_character_has_a_direction(void **state)
{
    (void)state;
    static const struct {
        uint32_t code_point;
        enum unicode_direction direction;
    } facts[] = {
        {'a', DIRECTION_LEFT_TO_RIGHT},   {0x5D0, DIRECTION_RIGHT_TO_LEFT},   /* Hebrew */
        {0x627, DIRECTION_RIGHT_TO_LEFT}, {0x660, DIRECTION_ARABIC_NUMBER},   /* Arabic */
        {'1', DIRECTION_EUROPEAN_NUMBER}, {0x6F0, DIRECTION_EUROPEAN_NUMBER}, /* Persian */
        {0x301, DIRECTION_MARK},          {'-', DIRECTION_NEUTRAL},
        {'!', DIRECTION_NEUTRAL},         {'\n', DIRECTION_OTHER},
    };
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        assert_int_equal(unicode_direction(facts[i].code_point), facts[i].direction);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(identifiers_are_letters_and_what_may_follow_them),
        cmocka_unit_test(a_character_has_a_direction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

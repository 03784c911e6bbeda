// SPDX-License-Identifier: MIT
#include "model/lines.h"
#include "unit/unit.h"

static const struct {
    const char *text;
    uint32_t lines, offset, line;
} facts[] = {
    {"", 0, 0, 1},        {"a", 1, 0, 1},      {"a", 1, 99, 1},     {"a\n", 1, 1, 1},
    {"a\nb", 2, 2, 2},    {"a\r\nb", 2, 1, 1}, {"a\r\nb", 2, 2, 1}, {"a\r\nb", 2, 3, 2},
    {"a\rb", 2, 2, 2},    {"a\r\rb", 3, 3, 3}, {"\n\n\n", 3, 2, 3}, {"a\nb\nc", 3, 3, 2},
    {"a\nb\nc", 3, 4, 3},
};

static void a_byte_is_on_its_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        struct arena arena = {0};
        struct line_map map = line_map_of(&arena, str_of(facts[i].text));
        assert_int_equal(map.count, facts[i].lines);
        assert_int_equal(line_map_line(&map, facts[i].offset), facts[i].line);
        arena_finish(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_byte_is_on_its_line)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

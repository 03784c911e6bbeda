// SPDX-License-Identifier: MIT
#include "base/printable.h"
#include "unit/unit.h"

static void what_could_steer_a_terminal_is_escaped(void **state)
{
    (void)state;
    const struct {
        struct str text;
        const char *one_line, *lines;
    } facts[] = {
        {STR(""), "", ""},
        {STR("plain \\ \"text\""), "plain \\ \"text\"", "plain \\ \"text\""},
        {STR("Grüße, 日本 🍞"), "Grüße, 日本 🍞", "Grüße, 日本 🍞"},
        {STR("a\nb\tc\r"), "a\\nb\\tc\\r", "a\nb\tc\\r"},
        {STR("\x1b[2J"), "\\x1b[2J", "\\x1b[2J"},
        {STR("a\0b"), "a\\x00b", "a\\x00b"},
        {STR("\x7f"), "\\x7f", "\\x7f"},
        {STR("\xC2\x9B"
             "31m"),
         "\\u{009b}31m", "\\u{009b}31m"},                         /* CSI in one character */
        {STR("\xFFx\xC3"), "\\xffx\\xc3", "\\xffx\\xc3"},         /* not UTF-8 */
        {STR("\x9B"), "\\x9b", "\\x9b"},                          /* CSI in Latin-1 */
        {STR("\xE2\x80\xAEtxt"), "\\u{202e}txt", "\\u{202e}txt"}, /* right-to-left override */
        {STR("\xE2\x81\xA6"), "\\u{2066}", "\\u{2066}"},          /* isolate */
        {STR("a\xE2\x80\xA8z"), "a\\u{2028}z", "a\\u{2028}z"},    /* line separator */
        {STR("\xEF\xBF\xBD"), "\xEF\xBF\xBD", "\xEF\xBF\xBD"},    /* U+FFFD itself */
        {STR("\xE2\x80\x8D"), "\xE2\x80\x8D", "\xE2\x80\x8D"},    /* joins emoji: stays */
    };
    struct strbuf out = {0};
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        strbuf_reset(&out);
        printable_add(&out, facts[i].text, PRINTABLE_ONE_LINE);
        assert_string_equal(strbuf_str(&out).at, facts[i].one_line);
        strbuf_reset(&out);
        printable_add(&out, facts[i].text, PRINTABLE_KEEP_LINES);
        assert_string_equal(strbuf_str(&out).at, facts[i].lines);
    }
    strbuf_finish(&out);
}

static void width_is_counted_in_columns(void **state)
{
    (void)state;
    const struct {
        struct str text;
        size_t width;
    } facts[] = {
        {STR(""), 0},     {STR("abc"), 3},      {STR("Grüße"), 5}, {STR("e\xCC\x81"), 1},
        {STR("日本"), 4}, {STR("ｆｕｌｌ"), 8}, {STR("🍞"), 2},     {STR("…—„"), 3},
    };
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        if (printable_width(facts[i].text) != facts[i].width)
            fail_msg("'%s': %zu", facts[i].text.at, printable_width(facts[i].text));
}

static void a_cut_never_splits_a_character_or_overruns(void **state)
{
    (void)state;
    const struct {
        struct str text;
        size_t columns;
        const char *cut;
    } facts[] = {
        {STR("abc"), 5, "abc"},     {STR("abc"), 2, "ab"},    {STR("abc"), 0, ""},
        {STR("日本"), 3, "日"},     {STR("Grüße"), 3, "Grü"}, {STR("e\xCC\x81x"), 1, "e\xCC\x81"},
        {STR("日\xCC\x81"), 1, ""},
    };
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        assert_true(str_is(printable_cut(facts[i].text, facts[i].columns), facts[i].cut));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_could_steer_a_terminal_is_escaped),
        cmocka_unit_test(width_is_counted_in_columns),
        cmocka_unit_test(a_cut_never_splits_a_character_or_overruns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

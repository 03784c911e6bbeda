// SPDX-License-Identifier: MIT
#include "base/strbuf.h"
#include "unit/unit.h"

#include <stdlib.h>

static void text_is_built_piece_by_piece(void **state)
{
    (void)state;
    STRBUF_SCOPED buf = {0};
    assert_true(str_is(strbuf_str(&buf), ""));
    strbuf_add(&buf, STR("a\0b"));
    strbuf_add_text(&buf, "c");
    strbuf_add_char(&buf, 'd');
    strbuf_add_utf8(&buf, 0x20AC);
    strbuf_addf(&buf, "%d-%s", 17, "x");
    strbuf_add(&buf, (struct str){0});
    strbuf_add_text(&buf, NULL);
    assert_true(str_equal(strbuf_str(&buf), STR("a\0bcd\xE2\x82\xAC"
                                                "17-x")));
    assert_int_equal(buf.at[buf.length], '\0');
    assert_false(buf.failed);
}

static void a_long_text_grows_and_keeps_what_it_had(void **state)
{
    (void)state;
    STRBUF_SCOPED buf = {0};
    for (int i = 0; i < 20000; i++)
        strbuf_addf(&buf, "%05d", i);
    assert_int_equal(buf.length, 100000);
    for (int i = 0; i < 20000; i += 1111)
        assert_int_equal(strtol((char[]){buf.at[i * 5], buf.at[i * 5 + 1], buf.at[i * 5 + 2],
                                         buf.at[i * 5 + 3], buf.at[i * 5 + 4], '\0'},
                                NULL, 10),
                         i);
}

static void truncating_and_resetting_keep_the_end_mark(void **state)
{
    (void)state;
    STRBUF_SCOPED buf = {0};
    strbuf_truncate(&buf, 0);
    strbuf_reset(&buf);
    strbuf_add_text(&buf, "abcdef");
    strbuf_truncate(&buf, 9);
    assert_string_equal(buf.at, "abcdef");
    strbuf_truncate(&buf, 2);
    assert_string_equal(buf.at, "ab");
    strbuf_reset(&buf);
    assert_string_equal(buf.at, "");
}

static void a_text_becomes_a_json_string(void **state)
{
    (void)state;
    const struct {
        struct str text, json;
    } facts[] = {
        {STR(""), STR("\"\"")},
        {STR("plain"), STR("\"plain\"")},
        {STR("say \"hi\""), STR("\"say \\\"hi\\\"\"")},
        {STR("a\\b/c"), STR("\"a\\\\b/c\"")},
        {STR("\b\f\n\r\t"), STR("\"\\b\\f\\n\\r\\t\"")},
        {STR("a\0b\x1F\x7F"), STR("\"a\\u0000b\\u001f\x7F\"")},
        {STR("\xE2\x82\xAC \xF0\x9F\x99\x82"), STR("\"\xE2\x82\xAC \xF0\x9F\x99\x82\"")},
        {STR("a\xFF"), STR("\"a\xEF\xBF\xBD\"")},
        {STR("\xE2\x82"), STR("\"\xEF\xBF\xBD\xEF\xBF\xBD\"")},
        {STR("\xED\xA0\x80\"\n"), STR("\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\\\"\\n\"")},
    };
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        STRBUF_SCOPED buf = {0};
        strbuf_add_json(&buf, facts[i].text);
        if (!str_equal(strbuf_str(&buf), facts[i].json))
            fail_msg("fact %zu: %s", i, buf.at);
    }
}

static void out_of_memory_is_told_once_and_stays(void **state)
{
    (void)state;
    STRBUF_SCOPED buf = {0};
    strbuf_add_text(&buf, "kept");
    assert_null(strbuf_reserve(&buf, SIZE_MAX));
    assert_true(buf.failed);
    strbuf_add_text(&buf, "never");
    strbuf_addf(&buf, "%d", 1);
    strbuf_add_json(&buf, STR("x\xFF"));
    assert_true(str_is(strbuf_str(&buf), "kept"));
    assert_null(strbuf_take(&buf));
    assert_false(buf.failed);
    strbuf_add_text(&buf, "again");
    assert_true(str_is(strbuf_str(&buf), "again"));
    assert_null(strbuf_reserve(&buf, SIZE_MAX - 5));
    strbuf_reset(&buf);
    assert_false(buf.failed);
}

static void a_taken_text_belongs_to_the_taker(void **state)
{
    (void)state;
    struct strbuf buf = {0};
    char *nothing = strbuf_take(&buf);
    assert_string_equal(nothing, "");
    free(nothing);
    strbuf_add_text(&buf, "text");
    char *text = strbuf_take(&buf);
    assert_null(buf.at);
    assert_string_equal(text, "text");
    free(text);
    strbuf_finish(&buf);
    strbuf_finish(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_built_piece_by_piece),
        cmocka_unit_test(a_long_text_grows_and_keeps_what_it_had),
        cmocka_unit_test(truncating_and_resetting_keep_the_end_mark),
        cmocka_unit_test(a_text_becomes_a_json_string),
        cmocka_unit_test(out_of_memory_is_told_once_and_stays),
        cmocka_unit_test(a_taken_text_belongs_to_the_taker),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

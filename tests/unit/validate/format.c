// SPDX-License-Identifier: MIT
/* What the official suite does not ask about formats. */
#include "validate/format.h"
#include "base/strbuf.h"
#include "unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct {
    enum format_id id;
    const char *value;
    bool matches;
} facts[] = {
    {FORMAT_UNKNOWN, "anything", true},

    {FORMAT_DATE, "2024-02-29", true},
    {FORMAT_DATE, "2023-02-29", false},
    {FORMAT_DATE, "2000-02-29", true},
    {FORMAT_DATE, "1900-02-29", false},
    {FORMAT_DATE, "0000-01-01", true},
    {FORMAT_DATE, "2024-1-1", false},
    {FORMAT_TIME, "10:30:00+23:59", true},
    {FORMAT_TIME, "10:30:00.Z", false},
    {FORMAT_TIME, "10:30Z", false},
    {FORMAT_TIME, "00:59:60+01:00", true}, /* 23:59:60 of the day before in UTC */
    {FORMAT_TIME, "23:59:60-00:00", true},
    {FORMAT_TIME, "10:30:61Z", false},
    {FORMAT_DATE_TIME, "2026-01-15 10:30:00Z", false},
    {FORMAT_DATE_TIME, "2026-01-15t10:30:00.5z", true},
    {FORMAT_DATE_TIME, "2026-01-15", false},
    {FORMAT_DURATION, "P1Y2M3DT4H5M6S", true},
    {FORMAT_DURATION, "P3DT", false},
    {FORMAT_DURATION, "P1M1Y", false},
    {FORMAT_DURATION, "P1Y1Y", false},
    {FORMAT_DURATION, "PT1S1M", false},
    {FORMAT_DURATION, "p1d", false},
    {FORMAT_DURATION, "P1W2D", false},

    {FORMAT_EMAIL, "a@localhost", true},
    {FORMAT_EMAIL, "\"\"@example.org", true},
    {FORMAT_EMAIL, "\"a\\\"b\"@example.org", true},
    {FORMAT_EMAIL, "\"a\"b\"@example.org", false},
    {FORMAT_EMAIL, "\"a\\\"@example.org", false},
    {FORMAT_EMAIL, "a@[IPv6:2001:db8::1]", true},
    {FORMAT_EMAIL, "a@[ipv6:::1]", true},
    {FORMAT_EMAIL, "a@[::1]", false},
    {FORMAT_EMAIL, "a@[127.0.0.1", false},
    {FORMAT_EMAIL, "a@example.org.", false},
    {FORMAT_EMAIL, "a@-example.org", false},
    {FORMAT_EMAIL, "jürgen@example.org", false},
    {FORMAT_EMAIL, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@b", true},
    {FORMAT_EMAIL, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@b", false},
    {FORMAT_IDN_EMAIL, "jürgen@bücher.example", true},
    {FORMAT_IDN_EMAIL, "jürgen@BÜCHER.example", false}, /* IDNA2008 has small letters only */
    {FORMAT_IDN_EMAIL, "a@a。b", false},                /* only a dot is a dot here */
    {FORMAT_IDN_EMAIL, "a@xn--X", false},

    {FORMAT_HOSTNAME, "EXAMPLE.org", true},
    {FORMAT_HOSTNAME, "a_b", false},
    {FORMAT_HOSTNAME, "a..b", false},
    {FORMAT_HOSTNAME, "ab--c", true}, /* not an A-label: a host may be called so */
    {FORMAT_HOSTNAME, "xn--bcher-kva.example", true},
    {FORMAT_HOSTNAME, "XN--BCHER-KVA.example", true},
    {FORMAT_HOSTNAME, "xn--4gbwdl.xn--wgbh1c", true}, /* right to left */
    {FORMAT_HOSTNAME, "bücher.example", false},
    {FORMAT_IDN_HOSTNAME, "bücher.example", true},
    {FORMAT_IDN_HOSTNAME, "ab--c", false},
    {FORMAT_IDN_HOSTNAME,
     "bu\xCC\x88"
     "cher.example",
     false}, /* not NFC */
    {FORMAT_IDN_HOSTNAME, "xn--bcher-kva.example", true},
    {FORMAT_IDN_HOSTNAME, "א.b", true},
    {FORMAT_IDN_HOSTNAME, "א.1b",
     false}, /* RFC 5893: no label of such a name starts with a digit */
    {FORMAT_IDN_HOSTNAME, "אa", false},
    {FORMAT_IDN_HOSTNAME, "א1", true},
    {FORMAT_IDN_HOSTNAME, "1b", true},

    {FORMAT_IPV4, "192.0.2.255", true},
    {FORMAT_IPV4, "192.0.2.01", false},
    {FORMAT_IPV4, "192.0.2.1000", false},
    {FORMAT_IPV6, "1:2:3:4:5:6:7::", true},
    {FORMAT_IPV6, "::2:3:4:5:6:7:8", true},
    {FORMAT_IPV6, "1:2:3:4:5:6:7:8::", false},
    {FORMAT_IPV6, "1::2:3:4:5:6:7:8", false},
    {FORMAT_IPV6, ":::", false},
    {FORMAT_IPV6, "::1:", false},
    {FORMAT_IPV6, "1:2:3:4:5:6:192.0.2.1", true},
    {FORMAT_IPV6, "1:2:3:4:5:6:7:192.0.2.1", false},
    {FORMAT_IPV6, "::192.0.2.1:1", false},
    {FORMAT_IPV6, "192.0.2.1::", false},

    {FORMAT_URI, "a:", true},
    {FORMAT_URI, "http://", true},
    {FORMAT_URI, "http://[v7.fe:1]/", true},
    {FORMAT_URI, "http://[v.x]/", false},
    {FORMAT_URI, "http://[::1]:80/", true},
    {FORMAT_URI, "http://[::1]x/", false},
    {FORMAT_URI, "http://[::1", false},
    {FORMAT_URI, "http://a:80:80/", false},
    {FORMAT_URI, "http://a?b#c?d/e", true},
    {FORMAT_URI, "http://a#b#c", false},
    {FORMAT_URI, "http://a/b c", false},
    {FORMAT_URI, "http://a/%2", false},
    {FORMAT_URI, "http://ä/", false},
    {FORMAT_URI_REFERENCE, "a/b:c", true},
    {FORMAT_URI_REFERENCE, "?a:b", true},
    {FORMAT_URI_REFERENCE, "#a:b", true},
    {FORMAT_URI_REFERENCE, "a%20b", true},
    {FORMAT_URI_REFERENCE, ":a", false},
    {FORMAT_IRI, "http://ä/ö?ü#ß", true},
    {FORMAT_IRI, "ä:b", false},
    {FORMAT_IRI, "http://a/\xEE\x80\x80", false}, /* private use: in a query only */
    {FORMAT_IRI, "http://a/?\xEE\x80\x80", true},
    {FORMAT_IRI, "http://a/\xEF\xB7\x90", false}, /* U+FDD0, a noncharacter */
    {FORMAT_IRI, "http://a/\xC2\x85", false},     /* a control */
    {FORMAT_IRI, "http://a/\xEF\xBF\xBD", false}, /* U+FFFD */
    {FORMAT_IRI_REFERENCE, "ä:b", false},
    {FORMAT_IRI_REFERENCE, "ä/b:c", true},
    {FORMAT_URI_TEMPLATE, "{", false},
    {FORMAT_URI_TEMPLATE, "{a:1:2}", false},
    {FORMAT_URI_TEMPLATE, "{a*:1}", false},
    {FORMAT_URI_TEMPLATE, "{a.}", false},
    {FORMAT_URI_TEMPLATE, "{=a}", true}, /* reserved, and in the grammar */
    {FORMAT_URI_TEMPLATE, "%4", false},

    {FORMAT_UUID, "00000000-0000-0000-0000-00000000000g", false},
    {FORMAT_UUID, "{0000000-0000-0000-0000-000000000000}", false},
    {FORMAT_JSON_POINTER, "/~01", true},
    {FORMAT_JSON_POINTER, "a/b", false},
    {FORMAT_RELATIVE_JSON_POINTER, "0+1/a", true},
    {FORMAT_RELATIVE_JSON_POINTER, "0-10#", true},
    {FORMAT_RELATIVE_JSON_POINTER, "0+0", false},
    {FORMAT_RELATIVE_JSON_POINTER, "0+", false},
    {FORMAT_RELATIVE_JSON_POINTER, "0a", false},
    {FORMAT_REGEX, "(?<=a+)b", true},
    {FORMAT_REGEX, "\\-", false},
};

static void the_grammars_are_kept_to_the_letter(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(facts); i++)
        if (format_matches(facts[i].id, str_of(facts[i].value)) != facts[i].matches)
            fail_msg("%s: '%s'", format_name(facts[i].id), facts[i].value);
}

static void a_format_is_found_by_its_very_name(void **state)
{
    (void)state;
    for (enum format_id id = FORMAT_UNKNOWN + 1; id <= FORMAT_REGEX; id++)
        assert_int_equal(format_find(str_of(format_name(id))), id);
    assert_int_equal(format_find(STR("")), FORMAT_UNKNOWN);
    assert_int_equal(format_find(STR("Date")), FORMAT_UNKNOWN);
    assert_int_equal(format_find(STR("date\0")), FORMAT_UNKNOWN);
    assert_int_equal(format_find(STR("colour")), FORMAT_UNKNOWN);
}

static void every_example_has_its_format(void **state)
{
    (void)state;
    for (enum format_id id = FORMAT_UNKNOWN; id <= FORMAT_REGEX; id++) {
        if (!format_matches(id, str_of(format_example(id))))
            fail_msg("%s: %s", format_name(id), format_example(id));
        assert_true(format_description(id)[0] != '\0');
    }
}

static void the_end_is_where_the_length_says(void **state)
{
    (void)state;
    for (enum format_id id = FORMAT_UNKNOWN + 1; id <= FORMAT_REGEX; id++) {
        STRBUF_SCOPED text = {0};
        strbuf_add_text(&text, format_example(id));
        strbuf_add_char(&text, '\0');
        /* A key may hold a NUL, and so may a pattern. */
        bool allowed =
            id == FORMAT_JSON_POINTER || id == FORMAT_RELATIVE_JSON_POINTER || id == FORMAT_REGEX;
        if (format_matches(id, strbuf_str(&text)) != allowed)
            fail_msg("%s with a NUL behind it", format_name(id));
        strbuf_truncate(&text, text.length - 1);
        strbuf_add_char(&text, '\xFF');
        if (format_matches(id, strbuf_str(&text)))
            fail_msg("%s with a broken byte behind it", format_name(id));
    }
}

static void no_text_is_a_date_but_it_is_a_reference(void **state)
{
    (void)state;
    for (enum format_id id = FORMAT_UNKNOWN; id <= FORMAT_REGEX; id++) {
        bool allowed = id == FORMAT_UNKNOWN || id == FORMAT_URI_REFERENCE ||
                       id == FORMAT_IRI_REFERENCE || id == FORMAT_URI_TEMPLATE ||
                       id == FORMAT_JSON_POINTER || id == FORMAT_REGEX;
        assert_int_equal(format_matches(id, (struct str){0}), allowed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_grammars_are_kept_to_the_letter),
        cmocka_unit_test(a_format_is_found_by_its_very_name),
        cmocka_unit_test(every_example_has_its_format),
        cmocka_unit_test(the_end_is_where_the_length_says),
        cmocka_unit_test(no_text_is_a_date_but_it_is_a_reference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

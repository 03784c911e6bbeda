// SPDX-License-Identifier: MIT
#include "validate/uri.h"

#include "unit/unit.h"

static void references_resolve_as_rfc_3986_says(void **state)
{
    (void)state;
    static const struct {
        const char *base, *reference, *target, *fragment;
    } rows[] = {
        /* section 5.4 */
        {"http://a/b/c/d;p?q", "g:h", "g:h", ""},
        {"http://a/b/c/d;p?q", "g", "http://a/b/c/g", ""},
        {"http://a/b/c/d;p?q", "./g", "http://a/b/c/g", ""},
        {"http://a/b/c/d;p?q", "g/", "http://a/b/c/g/", ""},
        {"http://a/b/c/d;p?q", "/g", "http://a/g", ""},
        {"http://a/b/c/d;p?q", "//g", "http://g", ""},
        {"http://a/b/c/d;p?q", "?y", "http://a/b/c/d;p?y", ""},
        {"http://a/b/c/d;p?q", "g?y#s", "http://a/b/c/g?y", "s"},
        {"http://a/b/c/d;p?q", "#s", "http://a/b/c/d;p?q", "s"},
        {"http://a/b/c/d;p?q", ";x", "http://a/b/c/;x", ""},
        {"http://a/b/c/d;p?q", "", "http://a/b/c/d;p?q", ""},
        {"http://a/b/c/d;p?q", ".", "http://a/b/c/", ""},
        {"http://a/b/c/d;p?q", "..", "http://a/b/", ""},
        {"http://a/b/c/d;p?q", "../../../g", "http://a/g", ""},
        {"http://a/b/c/d;p?q", "/./g", "http://a/g", ""},
        {"http://a/b/c/d;p?q", "g.", "http://a/b/c/g.", ""},
        {"http://a/b/c/d;p?q", "..g", "http://a/b/c/..g", ""},
        {"http://a/b/c/d;p?q", "./g/.", "http://a/b/c/g/", ""},
        {"http://a/b/c/d;p?q", "g/../h", "http://a/b/c/h", ""},
        {"http://a/b/c/d;p?q", "g?y/../x", "http://a/b/c/g?y/../x", ""},
        {"http://a/b/c/d;p?q", "http:g", "http:g", ""},
        /* what schemas use */
        {"http://a", "g", "http://a/g", ""},
        {"", "HTTP://Example.COM/A#", "http://example.com/A", ""},
        {"urn:uuid:deadbeef", "#/$defs/x", "urn:uuid:deadbeef", "/$defs/x"},
        {"urn:example:a?=b", "#x", "urn:example:a?=b", "x"},
        {"file:///folder/a.json", "b.json", "file:///folder/b.json", ""},
        {"file:///c:/folder/a.json", "#/x", "file:///c:/folder/a.json", "/x"},
        {"vault:schema/core.note", "core.todo", "vault:schema/core.todo", ""},
        {"vault:schema/core.note", "vault:schema/x#y", "vault:schema/x", "y"},
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str fragment;
        struct str target =
            uri_resolve(&arena, str_of(rows[i].base), str_of(rows[i].reference), &fragment);
        assert_string_equal(target.at, rows[i].target);
        assert_true(str_is(fragment, rows[i].fragment));
    }
    arena_finish(&arena);
}

static void percent_signs_are_decoded_where_they_mean_something(void **state)
{
    (void)state;
    static const struct {
        const char *text, *decoded;
    } rows[] = {
        {"a%25b", "a%b"}, {"%22", "\""}, {"%e4%BD", "\xe4\xbd"},
        {"%", "%"},       {"%4", "%4"},  {"%zz", "%zz"},
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_true(str_is(uri_decode(&arena, str_of(rows[i].text)), rows[i].decoded));
    arena_finish(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(references_resolve_as_rfc_3986_says),
        cmocka_unit_test(percent_signs_are_decoded_where_they_mean_something),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
/* A patch that does something else than it was asked for is found out, whatever it does. */
#include "unit/writeback/patched.h"

/* Each forgery is the bytes that a wrong patcher would write for the change. They are proven as one
 * edit of the whole file, so that nothing but the content can betray them. */
/* clang-format off */
static const struct {
    struct fact fact; /* `after` is the forgery */
    enum document_format format;
    bool is_right;
} forgeries[] = {
    {{TEXT("---\na: 1\nb: 2\n---\nx\n"), TEXT("{\"a\": 5}"), TEXT("---\na: 5\nb: 2\n---\nx\n")}, DOCUMENT_MARKDOWN, true},
    {{TEXT("---\na: 1\nb: 2\n---\nx\n"), TEXT("{\"a\": 5}"), TEXT("---\na: 1\nb: 2\n---\nx\n")}, DOCUMENT_MARKDOWN, false},
    {{TEXT("---\na: 1\nb: 2\n---\nx\n"), TEXT("{\"a\": 5}"), TEXT("---\na: 5\nb: 3\n---\nx\n")}, DOCUMENT_MARKDOWN, false},
    {{TEXT("---\na: 1\nb: 2\n---\nx\n"), TEXT("{\"a\": 5}"), TEXT("---\na: '5'\nb: 2\n---\nx\n")}, DOCUMENT_MARKDOWN, false},
    {{TEXT("---\na: 1\nb: 2\n---\nx\n"), TEXT("{\"a\": 5}"), TEXT("---\na: 5.0\nb: 2\n---\nx\n")}, DOCUMENT_MARKDOWN, false},
    {{TEXT("---\na: 1\nb: 2\n---\nx\n"), TEXT("{\"a\": 5}"), TEXT("---\na: 5\n---\nx\n")}, DOCUMENT_MARKDOWN, false},
    {{TEXT("---\na: 1\nb: 2\n---\nx\n"), TEXT("{\"a\": 5}"), TEXT("---\na: 5\nb: 2\nc: 3\n---\nx\n")}, DOCUMENT_MARKDOWN, false},
    {{TEXT("---\na: 1\nb: 2\n---\nx\n"), TEXT("{\"a\": 5}"), TEXT("---\nb: 2\na: 5\n---\nx\n")}, DOCUMENT_MARKDOWN, false},
    {{TEXT("---\na: 1\nb: 2\n---\nx\n"), TEXT("{\"a\": 5}"), TEXT("---\na: 5\nb: 2\n---\ny\n")}, DOCUMENT_MARKDOWN, false},
    {{TEXT("---\na: 1\nb: 2\n---\nx\n"), TEXT("{\"a\": 5}"), TEXT("---\na: 5\nb: 2\n---\nx")}, DOCUMENT_MARKDOWN, false},
    {{TEXT("---\na: 1\nb: 2\n---\nx\n"), TEXT("{\"a\": 5}"), TEXT("---\na: 5\nb: 2\n...\nx\n")}, DOCUMENT_MARKDOWN, false},
    {{TEXT("---\na: 1\nb: 2\n---\nx\n"), TEXT("{\"a\": 5}"), TEXT("---\na: [5\nb: 2\n---\nx\n")}, DOCUMENT_MARKDOWN, false},
    {{TEXT("---\na: 1\nb: 2\n---\nx\n"), TEXT("{\"a\": 5}"), TEXT("\xEF\xBB\xBF---\na: 5\nb: 2\n---\nx\n")}, DOCUMENT_MARKDOWN, false},
    {{TEXT("---\na: 1\nb: 2\n---\nx\n"), TEXT("{\"a\": 5}"), TEXT("---json\n{\"a\": 5, \"b\": 2}\n---\nx\n")}, DOCUMENT_MARKDOWN, false},
    {{TEXT("---\na: {k: 1, l: 2}\n---\nx\n"), TEXT("{\"a\": {\"k\": 5}}"), TEXT("---\na: {l: 2, k: 5}\n---\nx\n")}, DOCUMENT_MARKDOWN, false},
    {{TEXT("---\na: 1\n---\nx\n"), TEXT("{\"content\": null}"), TEXT("---\na: 1\n---\n")}, DOCUMENT_MARKDOWN, true},
    {{TEXT("---\na: 1\n---\nx\n"), TEXT("{\"content\": null}"), TEXT("---\na: 1\n---\nx")}, DOCUMENT_MARKDOWN, false},
    {{TEXT("---\na: 1\n---\nx\n"), TEXT("{\"content\": null, \"a\": 2}"), TEXT("---\na: 1\n---\n")}, DOCUMENT_MARKDOWN, false},
    {{TEXT("x\n"), TEXT("{\"a\": 1}"), TEXT("---\na: 1\n---\nx\n")}, DOCUMENT_MARKDOWN, true},
    {{TEXT("x\n"), TEXT("{\"a\": 1}"), TEXT("---\na: 1\n---\n\nx\n")}, DOCUMENT_MARKDOWN, false},
    {{TEXT("x\n"), TEXT("{\"a\": 1}"), TEXT("---json\n{\"a\": 1}\n---\nx\n")}, DOCUMENT_MARKDOWN, false},
    {{TEXT("{\"schema\": \"s\", \"version\": 1, \"data\": {\"a\": 1}, \"e\": 1.0}"), TEXT("{\"a\": 2}"),
      TEXT("{\"schema\": \"s\", \"version\": 1, \"data\": {\"a\": 2}, \"e\": 1.0}")}, DOCUMENT_JSON, true},
    {{TEXT("{\"schema\": \"s\", \"version\": 1, \"data\": {\"a\": 1}, \"e\": 1.0}"), TEXT("{\"a\": 2}"),
      TEXT("{\"schema\": \"s\", \"version\": 1, \"data\": {\"a\": 2}, \"e\": 1}")}, DOCUMENT_JSON, false},
    {{TEXT("{\"schema\": \"s\", \"version\": 1, \"data\": {\"a\": 1}, \"e\": 1.0}"), TEXT("{\"a\": 2}"),
      TEXT("{\"version\": 1, \"schema\": \"s\", \"data\": {\"a\": 2}, \"e\": 1.0}")}, DOCUMENT_JSON, false},
    {{TEXT("{\"schema\": \"s\", \"version\": 1, \"data\": {\"a\": 1}, \"e\": 1.0}"), TEXT("{\"a\": 2}"),
      TEXT("{\"schema\": \"s\", \"version\": 1, \"data\": {\"a\": 2}}")}, DOCUMENT_JSON, false},
};
/* clang-format on */

/** The patch as it would have to be: asked for the change, and with the forgery as its one edit. */
static enum nexus_status prove_forgery(const struct document *document, const struct tape *wanted,
                                       struct str forgery)
{
    struct patch_source source = patch_source_of(document, STR("content"));
    struct patch patch;
    patch_init(&patch, &source);
    uint32_t node = document_own_schema(document).data;
    assert_int_equal(patch_object(&patch, node, (struct patch_value){wanted, 0}, NULL), NEXUS_OK);
    struct patch_edit whole = {0, (uint32_t)document->source.length, forgery, 0};
    patch.edits = &whole;
    patch.edit_count = 1;
    struct nexus_error err = {0};
    enum nexus_status status = prove_patch(document, &patch, forgery, &err);
    assert_true(status == NEXUS_OK || err.message[0]);
    patch_finish(&patch);
    return status;
}

static void test_forgeries_are_found_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(forgeries); i++) {
        struct document document;
        struct tape wanted = {0};
        STRBUF_SCOPED json = {0};
        document_init(&document);
        parse_file(&document, forgeries[i].format, forgeries[i].fact.before);
        scan_wanted(&document, document_own_schema(&document).data, forgeries[i].fact.change, &json,
                    &wanted);
        bool is_proven = prove_forgery(&document, &wanted, forgeries[i].fact.after) == NEXUS_OK;
        if (is_proven != forgeries[i].is_right)
            fail_msg("%s is %s", forgeries[i].fact.after.at, is_proven ? "proven" : "refused");
        tape_finish(&wanted);
        document_finish(&document);
    }
}

/* What a wrong patcher does to a list: the asks are for one item to go, one to change, one to come.
 */
static const struct {
    const char *after;
    bool is_right;
} lists[] = {
    {"[{\"id\":2,\"a\":5},{\"id\":3},{\"id\":4}]", true},
    {"[{\"id\":2,\"a\":5},{\"id\":4},{\"id\":3}]", false},
    {"[{\"id\":2,\"a\":5},{\"id\":3}]", false},
    {"[{\"id\":1},{\"id\":2,\"a\":5},{\"id\":3},{\"id\":4}]", false},
    {"[{\"id\":2},{\"id\":3},{\"id\":4}]", false},
    {"[{\"id\":2,\"a\":5},{\"id\":4}]", false},
    {"[{\"id\":2,\"a\":5},{\"id\":3},{\"id\":4},{\"id\":4}]", false},
    {"[{\"id\":3},{\"id\":2,\"a\":5},{\"id\":4}]", false},
    {"{\"id\":2}", false},
    {"[", false},
};

static void test_forged_lists_are_found_out(void **state)
{
    (void)state;
    struct document document;
    struct tape wanted = {0};
    document_init(&document);
    parse_file(&document, DOCUMENT_JSON, STR("[{\"id\":1},{\"id\":2},{\"id\":3}]"));
    assert_true(json_scan(STR("[{\"id\":2,\"a\":5},{\"id\":4}]"), &wanted, NULL));
    uint32_t first = 1, second = document.tape.nodes[first].next, other = wanted.nodes[1].next;
    for (size_t i = 0; i < COUNT(lists); i++) {
        struct patch_source source = patch_source_of(&document, STR(""));
        struct patch patch;
        patch_init(&patch, &source);
        assert_int_equal(patch_add_item(&patch, 0, (struct patch_value){&wanted, other}, NULL),
                         NEXUS_OK);
        assert_int_equal(patch_object(&patch, second, (struct patch_value){&wanted, 1}, NULL),
                         NEXUS_OK);
        assert_int_equal(patch_remove_item(&patch, 0, first, NULL), NEXUS_OK);
        assert_int_equal(patch_close(&patch, NULL), NEXUS_OK);
        struct str forgery = str_of(lists[i].after);
        struct patch_edit whole = {0, (uint32_t)document.source.length, forgery, 0};
        patch.edits = &whole;
        patch.edit_count = 1;
        bool is_proven = prove_patch(&document, &patch, forgery, NULL) == NEXUS_OK;
        if (is_proven != lists[i].is_right)
            fail_msg("%s is %s", lists[i].after, is_proven ? "proven" : "refused");
        patch_finish(&patch);
    }
    tape_finish(&wanted);
    document_finish(&document);
}

/** Bytes that are not in an edit must be the old ones, even where they mean nothing. */
static void test_bytes_outside_the_edits_are_compared(void **state)
{
    (void)state;
    struct document document;
    struct tape wanted = {0};
    struct patch patch;
    document_init(&document);
    parse_file(&document, DOCUMENT_JSON, STR("{\"a\": 1, \"b\": 2}"));
    assert_true(json_scan(STR("{\"a\": 5, \"b\": 2}"), &wanted, NULL));
    struct patch_source source = patch_source_of(&document, STR(""));
    patch_init(&patch, &source);
    assert_int_equal(patch_object(&patch, 0, (struct patch_value){&wanted, 0}, NULL), NEXUS_OK);
    assert_int_equal(patch_close(&patch, NULL), NEXUS_OK);
    assert_int_equal(prove_patch(&document, &patch, STR("{\"a\": 5, \"b\": 2}"), NULL), NEXUS_OK);
    assert_int_equal(prove_patch(&document, &patch, STR("{\"a\": 5,  \"b\": 2}"), NULL),
                     NEXUS_ERROR_REFUSED);
    assert_int_equal(prove_patch(&document, &patch, STR("{\"a\": 5, \"b\": 2}\n"), NULL),
                     NEXUS_ERROR_REFUSED);
    assert_int_equal(prove_patch(&document, &patch, STR("{\"a\": 5, \"b\": 2"), NULL),
                     NEXUS_ERROR_REFUSED);
    patch_finish(&patch);
    tape_finish(&wanted);
    document_finish(&document);
}

static void test_what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    struct document document;
    struct tape wanted = {0};
    struct patch patch;
    document_init(&document);
    parse_file(&document, DOCUMENT_JSON, STR("{\"a\": [{\"b\": 1}], \"c\": []}"));
    assert_true(json_scan(STR("[{\"b\": 2}]"), &wanted, NULL));
    struct patch_source source = patch_source_of(&document, STR(""));
    struct patch_value array = {&wanted, 0}, object = {&wanted, 1};
    uint32_t a = tape_member(&document.tape, 0, STR("a")),
             c = tape_member(&document.tape, 0, STR("c"));
    patch_init(&patch, &source);
    assert_int_equal(patch_object(&patch, 0, array, NULL), NEXUS_ERROR_REFUSED);
    assert_int_equal(patch_add_item(&patch, 0, object, NULL), NEXUS_ERROR_REFUSED);
    assert_int_equal(patch_add_item(&patch, a, object, NULL), NEXUS_OK);
    assert_int_equal(patch_add_item(&patch, c, object, NULL), NEXUS_ERROR_REFUSED);
    assert_int_equal(patch_remove_item(&patch, a, 0, NULL), NEXUS_OK);
    assert_int_equal(patch_close(&patch, NULL), NEXUS_ERROR_REFUSED); /* 0 is no item */
    patch_finish(&patch);
    patch_init(&patch, &source);
    assert_int_equal(patch_object(&patch, a + 1, object, NULL), NEXUS_OK);
    assert_int_equal(patch_remove_item(&patch, a, a + 1, NULL), NEXUS_OK);
    assert_int_equal(patch_close(&patch, NULL), NEXUS_ERROR_REFUSED); /* changed and removed */
    patch_finish(&patch);
    tape_finish(&wanted);
    document_finish(&document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forgeries_are_found_out),
        cmocka_unit_test(test_forged_lists_are_found_out),
        cmocka_unit_test(test_bytes_outside_the_edits_are_compared),
        cmocka_unit_test(test_what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

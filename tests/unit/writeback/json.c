// SPDX-License-Identifier: MIT
/* JSON files: one object, an envelope, and the items of a collection. */
#include "unit/writeback/patched.h"

/* clang-format off */
static const struct fact objects[] = {
    {TEXT("{\"a\": 1}"), TEXT("{\"a\": 2}"), TEXT("{\"a\": 2}")},
    {TEXT("{\"a\": 1.10, \"b\": 1e400, \"c\": 9007199254740993}"), TEXT("{\"b\": 5}"), TEXT("{\"a\": 1.10, \"b\": 5, \"c\": 9007199254740993}")},
    {TEXT("{\"a\" : \"\\u00e9\\/\", \"b\":1}"), TEXT("{\"b\": 2}"), TEXT("{\"a\" : \"\\u00e9\\/\", \"b\":2}")},
    {TEXT("{\"a\": 1}\n"), TEXT("{\"b\": \"x\\n\\\"\"}"), TEXT("{\"a\": 1, \"b\": \"x\\n\\\"\"}\n")},
    {TEXT("{\"a\":1}"), TEXT("{\"b\": [1, {\"c\": 2}]}"), TEXT("{\"a\":1,\"b\":[1,{\"c\":2}]}")},
    {TEXT("{ \"a\": 1 }"), TEXT("{\"b\": 2}"), TEXT("{ \"a\": 1, \"b\": 2 }")},
    {TEXT("{\n  \"a\": 1\n}\n"), TEXT("{\"b\": 2}"), TEXT("{\n  \"a\": 1,\n  \"b\": 2\n}\n")},
    {TEXT("{\n\t\"a\": 1\n}\n"), TEXT("{\"b\": [1, 2]}"), TEXT("{\n\t\"a\": 1,\n\t\"b\": [\n\t\t1,\n\t\t2\n\t]\n}\n")},
    {TEXT("{\r\n    \"a\": 1\r\n}\r\n"), TEXT("{\"b\": {\"c\": 1}}"), TEXT("{\r\n    \"a\": 1,\r\n    \"b\": {\r\n        \"c\": 1\r\n    }\r\n}\r\n")},
    {TEXT("{\n  \"a\": [1, 2],\n  \"b\": 1\n}\n"), TEXT("{\"c\": [3, 4]}"), TEXT("{\n  \"a\": [1, 2],\n  \"b\": 1,\n  \"c\": [3, 4]\n}\n")},
    {TEXT("{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}\n"), TEXT("{\"a\": null}"), TEXT("{\n  \"b\": 2,\n  \"c\": 3\n}\n")},
    {TEXT("{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}\n"), TEXT("{\"b\": null, \"c\": null}"), TEXT("{\n  \"a\": 1\n}\n")},
    {TEXT("{\n  \"a\": 1,\n  \"b\": 2\n}\n"), TEXT("{\"b\": null, \"c\": 3}"), TEXT("{\n  \"a\": 1,\n  \"c\": 3\n}\n")},
    {TEXT("{\n  \"a\": 1\n}\n"), TEXT("{\"a\": null}"), TEXT("{}\n")},
    {TEXT("{\n  \"a\": 1\n}\n"), TEXT("{\"a\": null, \"b\": 2}"), TEXT("{\n  \"b\": 2\n}\n")},
    {TEXT("{}"), TEXT("{\"a\": 1, \"b\": 2}"), TEXT("{\n  \"a\": 1,\n  \"b\": 2\n}")},
    {TEXT("{\"a\": [1, 2, 3]}"), TEXT("{\"a\": [1, 3]}"), TEXT("{\"a\": [1, 3]}")},
    {TEXT("{\"a\": [1, 2, 3]}"), TEXT("{\"a\": [1, 2, 3, 4]}"), TEXT("{\"a\": [1, 2, 3, 4]}")},
    {TEXT("{\"a\": [1, 2, 3]}"), TEXT("{\"a\": [0, 1, 2, 3]}"), TEXT("{\"a\": [0, 1, 2, 3]}")},
    {TEXT("{\"a\": []}"), TEXT("{\"a\": [1, 2]}"), TEXT("{\"a\": [1, 2]}")},
    {TEXT("{\"a\": [\n  1\n]}"), TEXT("{\"a\": [1, 2]}"), TEXT("{\"a\": [\n  1,\n  2\n]}")},
    {TEXT("{\"a\": \"x\"}"), TEXT("{\"a\": {\"b\": [true]}}"), TEXT("{\"a\": {\"b\": [true]}}")},
    {TEXT("{\"a\": {\"b\": 1}}"), TEXT("{\"a\": \"x\"}"), TEXT("{\"a\": \"x\"}")},
    {TEXT("{\"a\": 1}"), TEXT("={\"a\": null}"), TEXT("{\"a\": null}")},
    {TEXT("\xEF\xBB\xBF{\"a\": 1}"), TEXT("{\"a\": 2}"), TEXT("\xEF\xBB\xBF{\"a\": 2}")},
    {TEXT("{\"schema\": \"s\", \"version\": 1, \"data\": {\"a\": 1}}"), TEXT("{\"a\": 2, \"b\": 3}"),
     TEXT("{\"schema\": \"s\", \"version\": 1, \"data\": {\"a\": 2, \"b\": 3}}")},
    {TEXT("{\n\"a\": {\n\"b\": 1\n},\n\"c\": 2\n}\n"), TEXT("{\"d\": {\"e\": 3}}"), TEXT("{\n\"a\": {\n\"b\": 1\n},\n\"c\": 2,\n\"d\": {\n  \"e\": 3\n}\n}\n")},
    {TEXT("{\"x\": {\n\t\"a\": {\n    \"b\": 1\n\t}}\n}\n"), TEXT("{\"x\": {\"a\": {\"c\": [1]}}}"), TEXT("{\"x\": {\n\t\"a\": {\n    \"b\": 1,\n    \"c\": [\n      1\n    ]\n\t}}\n}\n")},
    {TEXT("{\n  \"a\":\n    1\n}\n"), TEXT("{\"b\": 2}"), TEXT("{\n  \"a\":\n    1,\n  \"b\": 2\n}\n")},
    {TEXT("{\"a\": 1}"), TEXT("={\"a\": null, \"b\": null, \"c\": false}"), TEXT("{\"a\": null, \"b\": null, \"c\": false}")},
};

/* The items wanted at last: those with a known id are changed or kept, others added, the rest goes. */
static const struct fact collections[] = {
    {TEXT("[{\"id\": 1, \"a\": 1}, {\"id\": 2}]"), TEXT("[{\"id\": 1, \"a\": 5}, {\"id\": 2}]"), TEXT("[{\"id\": 1, \"a\": 5}, {\"id\": 2}]")},
    {TEXT("[\n  {\"id\": 1},\n  {\"id\": 2}\n]\n"), TEXT("[{\"id\": 1}, {\"id\": 2}, {\"id\": 3}]"), TEXT("[\n  {\"id\": 1},\n  {\"id\": 2},\n  {\"id\": 3}\n]\n")},
    {TEXT("[\n  {\n    \"id\": 1\n  }\n]\n"), TEXT("[{\"id\": 1}, {\"id\": 3, \"a\": [1]}]"), TEXT("[\n  {\n    \"id\": 1\n  },\n  {\n    \"id\": 3,\n    \"a\": [\n      1\n    ]\n  }\n]\n")},
    {TEXT("[\n  { \"id\": 1, \"a\":2 }\n]\n"), TEXT("[{\"id\": 1, \"a\": 2}, {\"id\": 3}]"), TEXT("[\n  { \"id\": 1, \"a\":2 },\n  { \"id\": 3 }\n]\n")},
    {TEXT("[{\"id\":1},{\"id\":2},{\"id\":3}]"), TEXT("[{\"id\": 1}, {\"id\": 4}]"), TEXT("[{\"id\":1},{\"id\":4}]")},
    {TEXT("[{\"id\":1},{\"id\":2},{\"id\":3}]"), TEXT("[{\"id\": 3}]"), TEXT("[{\"id\":3}]")},
    {TEXT("[\n  {\"id\": 1},\n  {\"id\": 2},\n  {\"id\": 3}\n]\n"), TEXT("[{\"id\": 1, \"b\": 2}, {\"id\": 3}]"), TEXT("[\n  {\"id\": 1, \"b\": 2},\n  {\"id\": 3}\n]\n")},
    {TEXT("[\n  {\"id\": 1},\n  {\"id\": 2}\n]\n"), TEXT("[]"), TEXT("[]\n")},
    {TEXT("[\n  {\"id\": 1},\n  {\"id\": 2}\n]\n"), TEXT("[{\"id\": 5}, {\"id\": 6}]"), TEXT("[\n  {\"id\": 5},\n  {\"id\": 6}\n]\n")},
    {TEXT("[]\n"), TEXT("[{\"id\": 5}]"), TEXT("[\n  {\n    \"id\": 5\n  }\n]\n")},
    {TEXT("{\"schema\":\"s\",\"version\":1,\"data\":[{\"id\":1}]}"), TEXT("[{\"id\": 1}, {\"id\": 2, \"a\": 3}]"), TEXT("{\"schema\":\"s\",\"version\":1,\"data\":[{\"id\":1},{\"id\":2,\"a\":3}]}")},
    {TEXT("{\n  \"schema\": \"s\",\n  \"version\": 1,\n  \"data\": []\n}\n"), TEXT("[{\"id\": 2}]"),
     TEXT("{\n  \"schema\": \"s\",\n  \"version\": 1,\n  \"data\": [\n    {\n      \"id\": 2\n    }\n  ]\n}\n")},
};
/* clang-format on */

static void test_objects(void **state)
{
    (void)state;
    assert_facts(DOCUMENT_JSON, objects, COUNT(objects));
}

static struct str id_of(const struct tape *tape, uint32_t item)
{
    return node_text(&tape->nodes[tape_member(tape, item, STR("id"))]);
}

/** The item of `array` with that id, or TAPE_NONE. */
static uint32_t find_item(const struct tape *tape, uint32_t array, struct str id)
{
    tape_for_each_item (tape, array, item)
        if (str_equal(id_of(tape, item), id))
            return item;
    return TAPE_NONE;
}

static void ask_for_items(struct patch *patch, const struct tape *old, uint32_t array,
                          const struct tape *wanted)
{
    tape_for_each_item (old, array, item)
        if (find_item(wanted, 0, id_of(old, item)) == TAPE_NONE)
            assert_int_equal(patch_remove_item(patch, array, item, NULL), NEXUS_OK);
    tape_for_each_item (wanted, 0, item) {
        uint32_t found = find_item(old, array, id_of(wanted, item));
        struct patch_value value = {wanted, item};
        if (found == TAPE_NONE)
            assert_int_equal(patch_add_item(patch, array, value, NULL), NEXUS_OK);
        else if (!tape_equal(old, found, wanted, item))
            assert_int_equal(patch_object(patch, found, value, NULL), NEXUS_OK);
    }
}

static void assert_collection(const struct fact *fact)
{
    struct document document;
    struct tape wanted = {0};
    struct patch patch;
    struct nexus_error err = {0};
    STRBUF_SCOPED out = {0};
    document_init(&document);
    parse_file(&document, DOCUMENT_JSON, fact->before);
    assert_true(json_scan(fact->change, &wanted, NULL));
    struct patch_source source = patch_source_of(&document, STR(""));
    patch_init(&patch, &source);
    ask_for_items(&patch, &document.tape, document_own_schema(&document).data, &wanted);
    assert_int_equal(patch_close(&patch, &err), NEXUS_OK);
    assert_int_equal(patch_apply(&patch, &out, &err), NEXUS_OK);
    assert_string_equal(strbuf_str(&out).at, fact->after.at);
    if (prove_patch(&document, &patch, strbuf_str(&out), &err) != NEXUS_OK)
        fail_msg("%s: %s", fact->before.at, err.message);
    patch_finish(&patch);
    tape_finish(&wanted);
    document_finish(&document);
}

static void test_collections(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(collections); i++)
        assert_collection(&collections[i]);
}

/** Asks for an item more, and for one less, where there is no list of items. */
static void assert_no_list(enum document_format format, struct str file, uint32_t node)
{
    struct document document;
    struct tape wanted = {0};
    struct patch patch;
    document_init(&document);
    parse_file(&document, format, file);
    assert_true(json_scan(STR("[{}]"), &wanted, NULL));
    struct patch_source source = patch_source_of(&document, STR("content"));
    patch_init(&patch, &source);
    struct patch_value list = {&wanted, 0}, item = {&wanted, 1};
    assert_int_equal(patch_add_item(&patch, node, item, NULL), NEXUS_ERROR_REFUSED);
    assert_int_equal(patch_remove_item(&patch, node, node + 1, NULL), NEXUS_ERROR_REFUSED);
    assert_int_equal(patch_object(&patch, 0, list, NULL), NEXUS_ERROR_REFUSED);
    assert_int_equal(patch_close(&patch, NULL), NEXUS_OK);
    assert_int_equal(patch.edit_count, 0);
    patch_finish(&patch);
    tape_finish(&wanted);
    document_finish(&document);
}

static void test_items_come_and_go_in_one_list(void **state)
{
    (void)state;
    /* The nodes: the object, "a", its list, 1, 2, "b", its list, 3. */
    enum { A = 2, TWO = 4, B = 6, THREE = 7 };
    struct document document;
    struct patch patch;
    document_init(&document);
    parse_file(&document, DOCUMENT_JSON, STR("{\"a\": [1, 2], \"b\": [3]}"));
    struct patch_source source = patch_source_of(&document, STR(""));
    for (uint32_t other = TWO - 1; other <= THREE; other += THREE - TWO + 1) {
        patch_init(&patch, &source);
        assert_int_equal(patch_remove_item(&patch, A, TWO, NULL), NEXUS_OK);
        assert_int_equal(patch_remove_item(&patch, B, THREE, NULL), NEXUS_ERROR_REFUSED);
        assert_int_equal(patch_remove_item(&patch, A, other, NULL), NEXUS_OK);
        assert_int_equal(patch_close(&patch, NULL),
                         other == THREE ? NEXUS_ERROR_REFUSED : NEXUS_OK);
        patch_finish(&patch);
    }
    patch_init(&patch, &source);
    assert_int_equal(patch_remove_item(&patch, A, A, NULL), NEXUS_OK);
    assert_int_equal(patch_close(&patch, NULL), NEXUS_ERROR_REFUSED);
    patch_finish(&patch);
    patch_finish(NULL);
    document_finish(&document);
    assert_no_list(DOCUMENT_JSON, STR("{\"a\": {\"b\": 1}}"), A);
    assert_no_list(DOCUMENT_MARKDOWN, STR("---\na: [1]\n---\n"), A);
}

/** {"schema": …, "data": [ items ]}, each with its number; `twice` doubles it. */
static void add_items(struct strbuf *out, unsigned count, unsigned factor)
{
    strbuf_add_text(out, "[");
    for (unsigned i = 0; i < count; i++)
        strbuf_addf(out, "%s{\"id\":%u,\"text\":\"item\",\"n\":%u,\"done\":false}", i ? "," : "", i,
                    i * factor);
    strbuf_add_text(out, "]");
}

/* On one line, so that whatever looks for a line's start or end looks through all of it. With a
 * quadratic step this takes minutes. */
static void test_many_items_are_one_patch(void **state)
{
    (void)state;
    enum { ITEMS = 50 * 1000 };
    struct document document;
    struct tape wanted = {0};
    struct patch patch;
    STRBUF_SCOPED before = {0};
    STRBUF_SCOPED after = {0};
    STRBUF_SCOPED out = {0};
    add_items(&before, ITEMS, 1);
    add_items(&after, ITEMS, 2);
    document_init(&document);
    parse_file(&document, DOCUMENT_JSON, strbuf_str(&before));
    assert_true(json_scan(strbuf_str(&after), &wanted, NULL));
    struct patch_source source = patch_source_of(&document, STR(""));
    patch_init(&patch, &source);
    uint32_t other = 1;
    tape_for_each_item (&document.tape, 0, item) {
        struct patch_value value = {&wanted, other};
        assert_int_equal(patch_object(&patch, item, value, NULL), NEXUS_OK);
        other = wanted.nodes[other].next;
    }
    assert_int_equal(patch_close(&patch, NULL), NEXUS_OK);
    assert_int_equal(patch_apply(&patch, &out, NULL), NEXUS_OK);
    assert_true(str_equal(strbuf_str(&out), strbuf_str(&after)));
    assert_int_equal(prove_patch(&document, &patch, strbuf_str(&out), NULL), NEXUS_OK);
    patch_finish(&patch);
    tape_finish(&wanted);
    document_finish(&document);
}

static void test_new_files(void **state)
{
    (void)state;
    static const struct {
        struct patch_json_form form;
        const char *file;
    } files[] = {
        {{TEXT(""), 0, false}, "{\n  \"id\": 1.10,\n  \"a\": []\n}\n"},
        {{TEXT(""), 0, true}, "[\n  {\n    \"id\": 1.10,\n    \"a\": []\n  }\n]\n"},
        {{TEXT("s"), 2, false},
         "{\n  \"schema\": \"s\",\n  \"version\": 2,\n  \"data\": {\n    \"id\": 1.10,\n    \"a\": "
         "[]\n  }\n}\n"},
        {{TEXT("s"), 2, true},
         "{\n  \"schema\": \"s\",\n  \"version\": 2,\n  \"data\": [\n    {\n      \"id\": 1.10,\n"
         "      \"a\": []\n    }\n  ]\n}\n"},
    };
    struct tape wanted = {0};
    assert_true(json_scan(STR("{\"id\": 1.10, \"a\": []}"), &wanted, NULL));
    for (size_t i = 0; i < COUNT(files); i++) {
        STRBUF_SCOPED out = {0};
        struct patch_value value = {&wanted, 0};
        assert_int_equal(patch_new_json(value, &files[i].form, &out, NULL), NEXUS_OK);
        assert_string_equal(strbuf_str(&out).at, files[i].file);
        struct patch_value list = {&wanted, 4}; /* of "a" */
        assert_int_equal(patch_new_json(list, &files[i].form, &out, NULL), NEXUS_ERROR_REFUSED);
        assert_string_equal(strbuf_str(&out).at, files[i].file);
    }
    tape_finish(&wanted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_objects),
        cmocka_unit_test(test_collections),
        cmocka_unit_test(test_items_come_and_go_in_one_list),
        cmocka_unit_test(test_many_items_are_one_patch),
        cmocka_unit_test(test_new_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

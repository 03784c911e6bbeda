// SPDX-License-Identifier: MIT
/* Schemas that are none, and values too expensive to judge: each is refused with a sentence. */
#include "unit/validate/schema_check.h"

struct row {
    const char *schema;
    enum nexus_status status;
    const char *problems; /* how the text of all problems starts; "" where there are none */
};

static void a_bad_schema_is_refused_with_a_sentence(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"{'type':'strng'}", NEXUS_ERROR_INVALID,
         "1:9: /type: must be one of \"array\", \"boolean\", \"integer\", \"null\", \"number\", "
         "\"object\", \"string\" (got \"strng\"; did you mean \"string\"?) [enum]"},
        {"{'type':", NEXUS_ERROR_INVALID, "1:9: : "},
        {"5", NEXUS_ERROR_INVALID, "1:1: : must be true or false or an object (got 5) [type]"},
        {"[]", NEXUS_ERROR_INVALID, "1:1: : must be true or false or an object (got an empty"},
        {"{'minLength':-1}", NEXUS_ERROR_INVALID, "1:14: /minLength: must be at least 0 (got -1)"},
        {"{'required':'a'}", NEXUS_ERROR_INVALID, "1:13: /required: must be an array (got \"a\")"},
        {"{'multipleOf':0}", NEXUS_ERROR_INVALID, "1:15: /multipleOf: must be above 0 (got 0)"},
        {"{'a':1,'a':2}", NEXUS_ERROR_INVALID, "1:8: "},
        {"{'$ref':'other'}", NEXUS_ERROR_INVALID,
         "1:9: /$ref: refers to 'vault:schema/other', which is not a registered schema [$ref]"},
        {"{'$ref':'https://a.test/x'}", NEXUS_ERROR_INVALID,
         "1:9: /$ref: refers to 'https://a.test/x', which is not a registered schema [$ref]"},
        {"{'$ref':'#/$defs/x'}", NEXUS_ERROR_INVALID,
         "1:9: /$ref: refers to '#/$defs/x', and there is no '#/$defs/x' in 'vault:schema/test'"},
        {"{'$ref':'#x'}", NEXUS_ERROR_INVALID,
         "1:9: /$ref: refers to '#x', and there is no '#x' in 'vault:schema/test' [$ref]"},
        {"{'$ref':'#/a','a':5}", NEXUS_ERROR_INVALID,
         "1:19: /a: must be a schema: an object, true or false [schema]"},
        {"{'$ref':'#/a','a':{'minLength':'x'}}", NEXUS_ERROR_INVALID,
         "1:32: /a/minLength: must be a number [minLength]"},
        {"{'$ref':'#'}", NEXUS_ERROR_INVALID,
         "1:1: : refers to itself without going into a property or an item [$ref]"},
        {"{'$ref':'#/$defs/a','$defs':{'a':{'allOf':[{'$ref':'#/$defs/b'}]},"
         "'b':{'$ref':'#/$defs/a'}}}",
         NEXUS_ERROR_INVALID, "1:"},
        {"{'pattern':'('}", NEXUS_ERROR_INVALID, "1:12: /pattern: "},
        {"{'patternProperties':{'[':true}}", NEXUS_ERROR_INVALID, "1:23: /patternProperties/[: "},
        {"{'$schema':'https://a.test/meta'}", NEXUS_ERROR_INVALID,
         "1:12: /$schema: 'https://a.test/meta' is not a metaschema that is built in or "
         "registered [$schema]"},
    };
    struct check check;
    check_init(&check);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char schema[512];
        check_quote(rows[i].schema, schema);
        assert_false(check_compile(&check, schema, DRAFT_2020, 0));
        assert_int_equal(check.error.status, rows[i].status);
        if (strncmp(check.text, rows[i].problems, strlen(rows[i].problems)) != 0)
            assert_string_equal(check.text, rows[i].problems);
    }
    check_finish(&check);
}

static void an_unknown_vocabulary_that_is_required_is_refused(void **state)
{
    (void)state;
    struct check check;
    check_init(&check);
    check_add(&check, "https://a.test/meta", "{\"$vocabulary\":{\"https://a.test/v\":true}}");
    assert_false(check_compile(&check, "{\"$schema\":\"https://a.test/meta\"}", DRAFT_2020, 0));
    assert_string_equal(check.text, "1:12: /$schema: 'https://a.test/meta' requires the vocabulary "
                                    "'https://a.test/v', which is not known [$schema]");
    check_finish(&check);
}

static void what_is_odd_is_a_warning(void **state)
{
    (void)state;
    static const struct {
        const char *schema, *warnings;
    } rows[] = {
        {"{'requried':['a'],'properties':{'requried':{}}}",
         "1:2: /requried: unknown keyword \"requried\" (did you mean \"required\"?) [schema]"},
        {"{'items':{'minLenght':1}}", "1:11: /items/minLenght: unknown keyword \"minLenght\" "
                                      "(did you mean \"minLength\"?) [schema]"},
        {"{'x-nexus':{},'title':'t','definition':1}",
         "1:27: /definition: unknown keyword \"definition\" (did you mean \"definitions\"?) "
         "[schema]"},
        {"{'format':'dat'}",
         "1:11: /format: the format 'dat' is not known, and nothing is checked [format]"},
        {"{'$schema':'http://json-schema.org/draft-07/schema','$defs':{},'examples':[1]}", ""},
    };
    struct check check;
    check_init(&check);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char schema[512];
        check_quote(rows[i].schema, schema);
        assert_true(check_compile(&check, schema, DRAFT_2020, 0));
        assert_string_equal(check.text, rows[i].warnings);
        assert_false(check.problems.has_error);
    }
    assert_true(check_compile(&check, "{\"pattern\":\"a\\\\-b\"}", DRAFT_2020, 0));
    assert_non_null(strstr(check.text, "1:12: /pattern: "));
    check_finish(&check);
}

static void names_full_of_quotes_stay_one_line(void **state)
{
    (void)state;
    struct check check;
    check_init(&check);
    assert_true(check_compile(&check, "{\"required\":[\"a\\\"b\\n'c\"]}", DRAFT_2020, 0));
    assert_false(check_document(&check, "{}"));
    assert_string_equal(check.text, "1:1: : must have the property \"a\\\"b\\n'c\" [required]");
    check_finish(&check);
}

/** "{"k":{"k":… 1 …}}" */
static void nest(struct strbuf *out, const char *key, int depth)
{
    for (int i = 0; i < depth; i++)
        strbuf_addf(out, "{\"%s\":", key);
    strbuf_add_text(out, "1");
    for (int i = 0; i < depth; i++)
        strbuf_add_char(out, '}');
}

static void a_schema_too_deep_is_refused(void **state)
{
    (void)state;
    struct check check;
    STRBUF_SCOPED schema = {0};
    check_init(&check);
    nest(&schema, "not", SCHEMA_DEPTH_LIMIT + 1);
    assert_false(check_compile(&check, schema.at, DRAFT_2020, 0));
    assert_int_equal(check.error.status, NEXUS_ERROR_LIMIT);
    assert_string_equal(check.error.message,
                        "schema 'vault:schema/test' is nested more than 200 levels deep");
    check_finish(&check);
}

static void a_schema_too_large_is_refused(void **state)
{
    (void)state;
    struct check check;
    STRBUF_SCOPED schema = {0};
    check_init(&check);
    strbuf_add_text(&schema, "{\"oneOf\":[{}");
    for (int i = 0; i < SCHEMA_RULES_LIMIT + 10; i++)
        strbuf_add_text(&schema, ",{}");
    strbuf_add_text(&schema, "]}");
    assert_false(check_compile(&check, schema.at, DRAFT_2020, 0));
    assert_string_equal(check.text, "1:1: : has more than 100000 subschemas [schema]");

    strbuf_reset(&schema);
    strbuf_addf(&schema, "{\"title\":\"%0*d\"}", SCHEMA_BYTES_LIMIT, 0);
    assert_false(check_compile(&check, schema.at, DRAFT_2020, 0));
    assert_string_equal(check.error.message, "schema 'vault:schema/test' is larger than 4 MiB");
    check_finish(&check);
}

static void a_chain_of_references_too_long_is_refused(void **state)
{
    (void)state;
    struct check check;
    STRBUF_SCOPED schema = {0};
    check_init(&check);
    strbuf_add_text(&schema, "{\"$ref\":\"#/$defs/0\",\"$defs\":{");
    for (int i = 0; i < 5000; i++)
        strbuf_addf(&schema, "\"%d\":{\"$ref\":\"#/$defs/%d\"},", i, i + 1);
    strbuf_add_text(&schema, "\"5000\":true}}");
    assert_false(check_compile(&check, schema.at, DRAFT_2020, 0));
    assert_non_null(strstr(check.text, "more than 128 references or combinations follow"));
    check_finish(&check);
}

static void a_ring_of_conditions_ends(void **state)
{
    (void)state;
    struct check check;
    check_init(&check);
    assert_true(
        check_compile(&check, "{\"anyOf\":[{\"type\":\"null\"},{\"$ref\":\"#\"}]}", DRAFT_2020, 0));
    assert_true(check_document(&check, "null"));
    assert_false(check_document(&check, "1"));
    assert_string_equal(check.text, "1:1: : too expensive to check by this schema [limit]");
    /* Where a $dynamicRef leads is only known on the way. */
    assert_true(check_compile(&check,
                              "{\"$id\":\"https://a.test/x\",\"$dynamicAnchor\":\"m\",\"$ref\":"
                              "\"y\",\"$defs\":{\"y\":{\"$id\":\"y\",\"$dynamicAnchor\":\"m\","
                              "\"$dynamicRef\":\"#m\"}}}",
                              DRAFT_2020, 0));
    assert_false(check_document(&check, "1"));
    assert_string_equal(check.text, "1:1: : too expensive to check by this schema [limit]");
    /* What a limit stopped is no "no" that a `not` could turn into a yes. */
    assert_true(check_compile(
        &check, "{\"not\":{\"anyOf\":[{\"type\":\"null\"},{\"$ref\":\"#/not\"}]}}", DRAFT_2020, 0));
    assert_false(check_document(&check, "1"));
    check_finish(&check);
}

static void a_schema_that_explodes_is_stopped(void **state)
{
    (void)state;
    struct check check;
    STRBUF_SCOPED document = {0};
    check_init(&check);
    assert_true(check_compile(&check,
                              "{\"type\":\"object\",\"anyOf\":[{\"properties\":{\"a\":{\"$ref\":"
                              "\"#\"}}},{\"properties\":{\"a\":{\"$ref\":\"#\"}},\"minProperties\":"
                              "1}]}",
                              DRAFT_2020, 0));
    nest(&document, "a", 60);
    assert_false(check_document(&check, document.at));
    assert_string_equal(check.text, "1:1: : too expensive to check by this schema [limit]");
    check_finish(&check);
}

static void the_hash_follows_what_decides(void **state)
{
    (void)state;
    struct check check;
    check_init(&check);
    check_add(&check, "vault:schema/other", "{\"type\":\"null\"}");
    assert_true(check_compile(&check, "{\"$ref\":\"other\"}", DRAFT_2020, 0));
    struct hash first = schema_hash(check.schema);
    assert_true(check_compile(&check, " { \"$ref\" : \"other\" } ", DRAFT_2020, 0));
    assert_true(hash_equal(schema_hash(check.schema), first));
    assert_true(check_compile(&check, "{\"$ref\":\"other\"}", DRAFT_2020, SCHEMA_FORMAT_ANNOTATES));
    assert_false(hash_equal(schema_hash(check.schema), first));
    check_add(&check, "vault:schema/unrelated", "{}");
    assert_true(check_compile(&check, "{\"$ref\":\"other\"}", DRAFT_2020, 0));
    assert_true(hash_equal(schema_hash(check.schema), first));
    check_add(&check, "vault:schema/other", "{\"type\":\"string\"}");
    assert_true(check_compile(&check, "{\"$ref\":\"other\"}", DRAFT_2020, 0));
    assert_false(hash_equal(schema_hash(check.schema), first));
    check_finish(&check);
}

static void a_schema_outlives_its_set(void **state)
{
    (void)state;
    struct check check;
    check_init(&check);
    assert_true(check_compile(&check, "{\"const\":{\"a\":\"text\"}}", DRAFT_2020, 0));
    assert_true(schema_set_remove(check.set, STR("vault:schema/test")));
    assert_false(schema_set_remove(check.set, STR("vault:schema/test")));
    schema_set_free(check.set);
    check.set = NULL;
    assert_true(check_document(&check, "{\"a\":\"text\"}"));
    assert_false(check_document(&check, "{}"));
    check_finish(&check);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bad_schema_is_refused_with_a_sentence),
        cmocka_unit_test(an_unknown_vocabulary_that_is_required_is_refused),
        cmocka_unit_test(what_is_odd_is_a_warning),
        cmocka_unit_test(names_full_of_quotes_stay_one_line),
        cmocka_unit_test(a_schema_too_deep_is_refused),
        cmocka_unit_test(a_schema_too_large_is_refused),
        cmocka_unit_test(a_chain_of_references_too_long_is_refused),
        cmocka_unit_test(a_ring_of_conditions_ends),
        cmocka_unit_test(a_schema_that_explodes_is_stopped),
        cmocka_unit_test(the_hash_follows_what_decides),
        cmocka_unit_test(a_schema_outlives_its_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

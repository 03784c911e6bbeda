// SPDX-License-Identifier: MIT
/* Where the drafts differ, and what 2019-09 alone has. The official suite covers the rest. */
#include "unit/validate/schema_check.h"

enum { NO, YES };

struct row {
    enum schema_draft draft;
    const char *schema, *document;
    int valid;
};

static void check_rows(const struct row *rows, size_t count)
{
    struct check check;
    check_init(&check);
    for (size_t i = 0; i < count; i++) {
        char schema[2048], document[256];
        check_quote(rows[i].schema, schema);
        check_quote(rows[i].document, document);
        if (!check_compile(&check, schema, rows[i].draft, SCHEMA_FORMAT_ANNOTATES))
            fail_msg("%s: %s %s", schema, check.error.message, check.text);
        if (check_document(&check, document) != (rows[i].valid == YES))
            fail_msg("draft %d, %s by %s", rows[i].draft, document, schema);
    }
    check_finish(&check);
}
#define CHECK_ROWS(rows) check_rows(rows, sizeof(rows) / sizeof(rows)[0])

static void keywords_mean_what_their_draft_says(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {DRAFT_4, "{'type':'integer'}", "1.0", NO},
        {DRAFT_6, "{'type':'integer'}", "1.0", YES},
        {DRAFT_7, "{'type':'integer'}", "1e2", YES},
        {DRAFT_2020, "{'type':'integer'}", "1e400", YES},
        {DRAFT_2020, "{'type':'integer'}", "1e-400", NO},
        {DRAFT_2020, "{'type':'integer'}", "12345678901234567890.0", YES},
        {DRAFT_4, "{'minimum':1,'exclusiveMinimum':true}", "1", NO},
        {DRAFT_4, "{'minimum':1,'exclusiveMinimum':false}", "1", YES},
        {DRAFT_6, "{'exclusiveMinimum':1}", "1", NO},
        {DRAFT_6, "{'minimum':1,'exclusiveMinimum':0}", "1", YES},
        {DRAFT_6, "{'minimum':1,'exclusiveMinimum':0}", "0.5", NO},
        {DRAFT_6, "{'maximum':2,'exclusiveMaximum':2}", "2", NO},
        {DRAFT_4, "{'const':1}", "2", YES},
        {DRAFT_6, "{'const':1}", "2", NO},
        {DRAFT_6, "{'if':true,'then':false}", "1", YES},
        {DRAFT_7, "{'if':true,'then':false}", "1", NO},
        {DRAFT_7, "{'items':[{'type':'null'}],'additionalItems':false}", "[null,1]", NO},
        {DRAFT_2019, "{'items':[{'type':'null'}],'additionalItems':false}", "[null,1]", NO},
        {DRAFT_7, "{'items':{'type':'number'},'additionalItems':false}", "[1,1]", YES},
        {DRAFT_2020, "{'prefixItems':[{'type':'null'}],'items':false}", "[null,1]", NO},
        {DRAFT_2020, "{'items':{'type':'number'},'additionalItems':false}", "[1,1]", YES},
        {DRAFT_7, "{'prefixItems':[{'type':'null'}]}", "[1]", YES},
        {DRAFT_7, "{'$ref':'#/definitions/a','definitions':{'a':{}},'type':'null'}", "1", YES},
        {DRAFT_2019, "{'$ref':'#/$defs/a','$defs':{'a':{}},'type':'null'}", "1", NO},
        {DRAFT_7, "{'dependentRequired':{'a':['b']}}", "{'a':1}", YES},
        {DRAFT_2019, "{'dependentRequired':{'a':['b']}}", "{'a':1}", NO},
        {DRAFT_7, "{'dependencies':{'a':['b']}}", "{'a':1}", NO},
        {DRAFT_7, "{'dependencies':{'a':{'required':['b']}}}", "{'a':1}", NO},
        {DRAFT_2020, "{'contains':{'const':1},'unevaluatedItems':false}", "[1]", YES},
        {DRAFT_2019, "{'contains':{'const':1},'unevaluatedItems':false}", "[1]", NO},
    };
    CHECK_ROWS(rows);
}

static void draft_2019_has_its_own_recursion(void **state)
{
    (void)state;
#define TREE(anchor)                                                                               \
    "{'$id':'https://a.test/strict','$recursiveAnchor':" anchor ",'$ref':'tree',"                  \
    "'unevaluatedProperties':false,'$defs':{'tree':{'$id':'tree','$recursiveAnchor':" anchor ","   \
    "'type':'object','properties':{'data':true,'children':{'items':{'$recursiveRef':'#'}}}}}}"
    static const struct row rows[] = {
        {DRAFT_2019, TREE("true"), "{'children':[{'data':1}]}", YES},
        {DRAFT_2019, TREE("true"), "{'children':[{'daat':1}]}", NO},
        {DRAFT_2019, TREE("false"), "{'children':[{'daat':1}]}", YES},
        {DRAFT_2019, TREE("false"), "{'children':[1]}", NO},
        {DRAFT_2019, TREE("true"), "{'children':[],'x':1}", NO},
        /* A $recursiveRef behind a condition goes where the way led through. */
        {DRAFT_2019,
         "{'$id':'https://a.test/main','if':{'required':['text']},'then':{'$ref':'texts'},"
         "'else':{'$ref':'numbers'},'$defs':{"
         "'texts':{'$id':'texts','$recursiveAnchor':true,'$ref':'node','properties':"
         "{'value':{'type':'string'}}},"
         "'numbers':{'$id':'numbers','$recursiveAnchor':true,'$ref':'node','properties':"
         "{'value':{'type':'number'}}},"
         "'node':{'$id':'node','$recursiveAnchor':true,'properties':"
         "{'next':{'$recursiveRef':'#'}}}}}",
         "{'text':1,'next':{'value':'a'}}", YES},
        {DRAFT_2019,
         "{'$id':'https://a.test/main','if':{'required':['text']},'then':{'$ref':'texts'},"
         "'else':{'$ref':'numbers'},'$defs':{"
         "'texts':{'$id':'texts','$recursiveAnchor':true,'$ref':'node','properties':"
         "{'value':{'type':'string'}}},"
         "'numbers':{'$id':'numbers','$recursiveAnchor':true,'$ref':'node','properties':"
         "{'value':{'type':'number'}}},"
         "'node':{'$id':'node','$recursiveAnchor':true,'properties':"
         "{'next':{'$recursiveRef':'#'}}}}}",
         "{'next':{'value':'a'}}", NO},
    };
    CHECK_ROWS(rows);
}

static void unevaluated_sees_what_others_looked_at(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {DRAFT_2019, "{'allOf':[{'properties':{'a':true}}],'unevaluatedProperties':false}",
         "{'a':1}", YES},
        {DRAFT_2019, "{'allOf':[{'properties':{'a':true}}],'additionalProperties':false}",
         "{'a':1}", NO},
        {DRAFT_2019,
         "{'anyOf':[{'properties':{'a':{'const':1}}},{'properties':{'b':true}}],"
         "'unevaluatedProperties':false}",
         "{'a':2,'b':1}", NO},
        {DRAFT_2019,
         "{'anyOf':[{'properties':{'a':true}},{'properties':{'b':true}}],"
         "'unevaluatedProperties':false}",
         "{'a':2,'b':1}", YES},
        {DRAFT_2019, "{'not':{'not':{'properties':{'a':true}}},'unevaluatedProperties':false}",
         "{'a':1}", NO},
        {DRAFT_2019,
         "{'if':{'properties':{'a':{'const':1}},'required':['a']},'unevaluatedProperties':false}",
         "{'a':1}", YES},
        {DRAFT_2019,
         "{'if':{'properties':{'a':{'const':1}},'required':['a']},'unevaluatedProperties':false}",
         "{'a':2}", NO},
        {DRAFT_2019,
         "{'dependentSchemas':{'a':{'properties':{'a':true}}},'unevaluatedProperties':false}",
         "{'a':2}", YES},
        {DRAFT_2019,
         "{'$ref':'#/$defs/x','unevaluatedProperties':false,'$defs':{'x':{'patternProperties':"
         "{'^x':true}}}}",
         "{'xa':2}", YES},
        {DRAFT_2019, "{'allOf':[{'unevaluatedProperties':true}],'unevaluatedProperties':false}",
         "{'a':2}", YES},
        {DRAFT_2019,
         "{'unevaluatedProperties':{'type':'number'},'allOf':[{'properties':{'s':true}}]}",
         "{'s':'a','n':1}", YES},
        {DRAFT_2019, "{'allOf':[{'items':[true]}],'unevaluatedItems':false}", "[1]", YES},
        {DRAFT_2019, "{'allOf':[{'items':[true]}],'unevaluatedItems':false}", "[1,2]", NO},
        {DRAFT_2019, "{'allOf':[{'items':true}],'unevaluatedItems':false}", "[1,2]", YES},
        {DRAFT_2020,
         "{'oneOf':[{'prefixItems':[{'const':1}]},{'prefixItems':[true,{'const':2}]}],"
         "'unevaluatedItems':false}",
         "[0,2]", YES},
    };
    CHECK_ROWS(rows);
}

static void values_are_equal_by_meaning(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {DRAFT_2020, "{'const':1}", "1.0", YES},
        {DRAFT_2020, "{'const':1}", "10e-1", YES},
        {DRAFT_2020, "{'const':0}", "-0", YES},
        {DRAFT_2020, "{'const':1}", "true", NO},
        {DRAFT_2020, "{'const':9007199254740993}", "9007199254740992", NO},
        {DRAFT_2020, "{'const':0.1}", "0.10000000000000001", NO},
        {DRAFT_2020, "{'enum':['a']}", "'\\u0061'", YES},
        {DRAFT_2020, "{'const':'a\\u0000b'}", "'a'", NO},
        {DRAFT_2020, "{'const':{'a':1,'b':[2]}}", "{'b':[2.0],'a':1}", YES},
        {DRAFT_2020, "{'const':{'a':1}}", "{'a':1,'b':2}", NO},
        {DRAFT_2020, "{'uniqueItems':true}", "[1,true,'1',null,[1],{'a':1}]", YES},
        {DRAFT_2020, "{'uniqueItems':true}", "[1,2,3,4,5,6,7,8,9,10,1.0]", NO},
        {DRAFT_2020, "{'uniqueItems':true}", "[1,2,3,4,5,6,7,8,9,10,[1],[1,1]]", YES},
        {DRAFT_2020, "{'uniqueItems':true}", "[{'a':1,'b':2},2,3,4,5,6,7,8,9,10,{'b':2,'a':1}]",
         NO},
        {DRAFT_2020, "{'multipleOf':0.01}", "19.99", YES},
        {DRAFT_2020, "{'multipleOf':0.01}", "4.355", NO},
        {DRAFT_2020, "{'multipleOf':3}", "1e400", NO},
        {DRAFT_2020, "{'multipleOf':1e-300}", "1e308", YES},
        {DRAFT_2020, "{'minimum':9007199254740993}", "9007199254740992", NO},
        {DRAFT_2020, "{'maximum':1e400}", "1e399", YES},
        {DRAFT_2020, "{'maximum':18446744073709551615}", "18446744073709551616", NO},
        {DRAFT_2020, "{'maxLength':1}", "'\U0001F600'", YES},
    };
    CHECK_ROWS(rows);
}

static void a_telling_property_chooses_the_branch(void **state)
{
    (void)state;
#define SHAPES                                                                                     \
    "{'oneOf':[{'properties':{'kind':{'const':'a'},'x':{'type':'number'}}},"                       \
    "{'properties':{'kind':{'enum':['b','c']},'x':{'type':'string'}}},"                            \
    "{'properties':{'kind':{'enum':[1,1.0]},'x':{'type':'null'}}},{'required':['open']}]}"
    static const struct row rows[] = {
        {DRAFT_2020, SHAPES, "{'kind':'a','x':1}", YES},
        {DRAFT_2020, SHAPES, "{'kind':'a','x':'s'}", NO},
        {DRAFT_2020, SHAPES, "{'kind':'c','x':'s'}", YES},
        {DRAFT_2020, SHAPES, "{'kind':'d','x':'s'}", NO},
        {DRAFT_2020, SHAPES, "{'kind':'d','open':1}", YES},
        {DRAFT_2020, SHAPES, "{'kind':'a','x':1,'open':1}", NO},
        {DRAFT_2020, SHAPES, "{'kind':1.0,'x':null}", YES},
        {DRAFT_2020, SHAPES, "{'kind':1,'x':null}", YES},
        {DRAFT_2020, SHAPES, "{'kind':2}", NO},
        {DRAFT_2020, SHAPES, "{'kind':null}", NO},
        {DRAFT_2020, SHAPES, "{'x':null}", YES},
        {DRAFT_2020, SHAPES, "{}", NO},
    };
    CHECK_ROWS(rows);
}

static void a_name_beside_a_pattern_obeys_both(void **state)
{
    (void)state;
#define BOTH                                                                                       \
    "{'properties':{'xa':{'minimum':1}},'patternProperties':{'^x':{'maximum':5},'a$':true},"       \
    "'additionalProperties':false}"
    static const struct row rows[] = {
        {DRAFT_2020, BOTH, "{'xa':3}", YES},   {DRAFT_2020, BOTH, "{'xa':0}", NO},
        {DRAFT_2020, BOTH, "{'xa':9}", NO},    {DRAFT_2020, BOTH, "{'xb':0}", YES},
        {DRAFT_2020, BOTH, "{'xb':9}", NO},    {DRAFT_2020, BOTH, "{'a':99}", YES},
        {DRAFT_2020, BOTH, "{'other':1}", NO},
    };
    CHECK_ROWS(rows);
}

static void a_custom_metaschema_switches_vocabularies(void **state)
{
    (void)state;
    struct check check;
    check_init(&check);
    check_add(&check, "https://a.test/meta",
              "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"$vocabulary\":{"
              "\"https://json-schema.org/draft/2020-12/vocab/core\":true,"
              "\"https://json-schema.org/draft/2020-12/vocab/applicator\":true,"
              "\"https://json-schema.org/draft/2020-12/vocab/format-assertion\":true,"
              "\"https://a.test/unknown\":false}}");
    assert_true(check_compile(&check,
                              "{\"$schema\":\"https://a.test/meta\",\"minimum\":5,\"items\":"
                              "{\"format\":\"date\"}}",
                              DRAFT_2020, SCHEMA_FORMAT_ANNOTATES));
    assert_true(check_document(&check, "1"));
    assert_true(check_document(&check, "[\"2026-01-15\"]"));
    assert_false(check_document(&check, "[\"2026-02-30\"]"));
    check_finish(&check);
}

static void schemas_refer_to_one_another(void **state)
{
    (void)state;
    struct check check;
    check_init(&check);
    check_add(&check, "vault:schema/plugin.base", "{\"required\":[\"id\"]}");
    check_add(&check, "vault:schema/other",
              "{\"$id\":\"https://a.test/other\",\"$defs\":{\"n\":{\"$anchor\":\"n\",\"type\":"
              "\"number\"},\"deep\":{\"$id\":\"https://b.test/deep\",\"type\":\"string\"}}}");
    assert_true(check_compile(&check,
                              "{\"$ref\":\"plugin.base\",\"properties\":{\"n\":{\"$ref\":"
                              "\"https://a.test/other#n\"},\"m\":{\"$ref\":\"vault:schema/other#/"
                              "$defs/n\"},\"s\":{\"$ref\":\"https://b.test/deep\"}}}",
                              DRAFT_2020, 0));
    assert_true(check_document(&check, "{\"id\":1,\"n\":1,\"m\":2,\"s\":\"\"}"));
    assert_false(check_document(&check, "{\"n\":\"\"}"));
    assert_string_equal(check.text, "1:1: : must have the property \"id\" [required]\n"
                                    "1:6: /n: must be a number (got \"\") [type]");
    check_finish(&check);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keywords_mean_what_their_draft_says),
        cmocka_unit_test(draft_2019_has_its_own_recursion),
        cmocka_unit_test(unevaluated_sees_what_others_looked_at),
        cmocka_unit_test(values_are_equal_by_meaning),
        cmocka_unit_test(a_telling_property_chooses_the_branch),
        cmocka_unit_test(a_name_beside_a_pattern_obeys_both),
        cmocka_unit_test(a_custom_metaschema_switches_vocabularies),
        cmocka_unit_test(schemas_refer_to_one_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
/* What a person is told about each kind of mistake, and where. */
#include "unit/validate/schema_check.h"

struct row {
    const char *schema, *document, *expected;
};

static void each_mistake_has_its_words(void **state)
{
    (void)state;
    static const struct row rows[] = {
        /* type */
        {"{'type':'string'}", "5", "1:1: : must be a string (got 5) [type]"},
        {"{'type':'integer'}", "1.5", "1:1: : must be an integer (got 1.5) [type]"},
        {"{'type':['null','string','object']}", "[]",
         "1:1: : must be null, a string or an object (got an empty array) [type]"},
        {"{'type':'boolean'}", "'yes'", "1:1: : must be true or false (got \"yes\") [type]"},
        {"{'type':['boolean','null','number']}", "{'a':1}",
         "1:1: : must be null, true or false or a number (got an object) [type]"},
        /* enum, const */
        {"{'properties':{'mood':{'enum':['happy','sad','neutral']}}}", "{'mood': 'angry'}",
         "1:10: /mood: must be one of \"happy\", \"sad\", \"neutral\" (got \"angry\") [enum]"},
        {"{'enum':['happy','sad']}", "'hapy'",
         "1:1: : must be one of \"happy\", \"sad\" (got \"hapy\"; did you mean \"happy\"?) [enum]"},
        {"{'enum':[1,null,true,{'a':[1]}]}", "2",
         "1:1: : must be one of 1, null, true, {\"a\":[1]} (got 2) [enum]"},
        {"{'const':'done'}", "'todo'", "1:1: : must be \"done\" (got \"todo\") [const]"},
        /* numbers */
        {"{'minimum':0}", "-1", "1:1: : must be at least 0 (got -1) [minimum]"},
        {"{'maximum':10}", "10.01", "1:1: : must be at most 10 (got 10.01) [maximum]"},
        {"{'exclusiveMinimum':0}", "0", "1:1: : must be above 0 (got 0) [exclusiveMinimum]"},
        {"{'exclusiveMaximum':1e2}", "100",
         "1:1: : must be below 1e2 (got 100) [exclusiveMaximum]"},
        {"{'multipleOf':0.5}", "2.3", "1:1: : must be a multiple of 0.5 (got 2.3) [multipleOf]"},
        /* texts */
        {"{'minLength':1}", "''", "1:1: : must not be empty [minLength]"},
        {"{'minLength':3}", "'äö'", "1:1: : must have at least 3 characters (got 2) [minLength]"},
        {"{'maxLength':1}", "'ab'", "1:1: : must have at most 1 character (got 2) [maxLength]"},
        {"{'pattern':'^[a-z]+$'}", "'A1'", "1:1: : must match ^[a-z]+$ (got \"A1\") [pattern]"},
        {"{'format':'ipv4'}", "'1.2.3'",
         "1:1: : must be an IPv4 address such as 192.0.2.1 (got \"1.2.3\") [format]"},
        /* arrays */
        {"{'minItems':2}", "[1]", "1:1: : must have at least 2 items (got 1) [minItems]"},
        {"{'properties':{'a':{'minItems':1}}}", "{'a': []}",
         "1:2: /a: must have at least 1 item (got 0) [minItems]"},
        {"{'items':false}", "[1,2]", "1:2: /0: must have no items (got 2) [items]"},
        {"{'maxLength':0}", "'a'", "1:1: : must have no characters (got 1) [maxLength]"},
        {"{'maxProperties':0}", "{'a':1}",
         "1:1: : must have no properties (got 1) [maxProperties]"},
        {"{'maxItems':1}", "[1,2]", "1:1: : must have at most 1 item (got 2) [maxItems]"},
        {"{'uniqueItems':true}", "[{'a':1},2,{'a':1.0}]",
         "1:12: /2: must not repeat an item (got an object, which is at /0 already) [uniqueItems]"},
        {"{'prefixItems':[{}],'items':false}", "[1,2]",
         "1:4: /1: must have at most 1 item (got 2) [items]"},
        {"{'items':{'type':'string'}}", "['a',1,2]",
         "1:6: /1: must be a string (got 1) [type]\n1:8: /2: must be a string (got 2) [type]"},
        {"{'contains':{'const':1}}", "[2]",
         "1:1: : must have at least 1 of the items asked for (got 0) [contains]"},
        {"{'contains':{'const':1},'maxContains':1}", "[1,1]",
         "1:1: : must have at most 1 of the items asked for (got 2) [maxContains]"},
        {"{'prefixItems':[true],'unevaluatedItems':false}", "[1,2]",
         "1:4: /1: must have at most 1 item (got 2) [unevaluatedItems]"},
        /* objects */
        {"{'required':['title']}", "{}", "1:1: : must have the property \"title\" [required]"},
        {"{'properties':{'link':{'required':['href']}}}", "{'link': {}}",
         "1:2: /link: must have the property \"href\" [required]"},
        {"{'required':['title'],'properties':{'title':{}}}", "{'titel':1}",
         "1:1: : must have the property \"title\" (is it meant by \"titel\"?) [required]"},
        {"{'properties':{'title':{}},'additionalProperties':false}", "{'titel': 1}",
         "1:2: /titel: unknown property \"titel\" (did you mean \"title\"?) "
         "[additionalProperties]"},
        {"{'properties':{'title':{}},'additionalProperties':false}", "{'x': 1}",
         "1:2: /x: unknown property \"x\" [additionalProperties]"},
        {"{'properties':{'a':true},'unevaluatedProperties':false}", "{'b': 1}",
         "1:2: /b: unknown property \"b\" [unevaluatedProperties]"},
        {"{'allOf':[{'properties':{'a':true}}],'unevaluatedProperties':false}", "{'a':1,'b': 1}",
         "1:8: /b: unknown property \"b\" [unevaluatedProperties]"},
        {"{'properties':{'a':false}}", "{'a': 1}",
         "1:2: /a: the property \"a\" is not allowed here [false]"},
        {"false", "1", "1:1: : nothing is allowed here [false]"},
        {"{'propertyNames':{'pattern':'^x-'}}", "{'y': 1}",
         "1:2: /y: the property's name must match ^x- (got \"y\") [pattern]"},
        {"{'minProperties':1}", "{}",
         "1:1: : must have at least 1 property (got 0) "
         "[minProperties]"},
        {"{'maxProperties':1}", "{'a':1,'b':2}",
         "1:1: : must have at most 1 property (got 2) [maxProperties]"},
        {"{'dependentRequired':{'a':['b']}}", "{'a':1}",
         "1:1: : must have the property \"b\" because it has \"a\" [dependentRequired]"},
        {"{'dependentSchemas':{'a':{'required':['b']}}}", "{'a':1}",
         "1:1: : must have the property \"b\", because it has \"a\" [required]"},
        /* conditions and combinations */
        {"{'if':{'properties':{'status':{'const':'done'}},'required':['status']},"
         "'then':{'required':['updated']}}",
         "{'status': 'done'}",
         "1:1: : must have the property \"updated\", because status is \"done\" [required]"},
        {"{'if':{'properties':{'a':{'const':1}}},'else':{'maxProperties':1}}", "{'a':2,'b':3}",
         "1:1: : must have at most 1 property (got 2), because a is 2 [maxProperties]"},
        {"{'not':{'type':'string'}}", "'x'", "1:1: : must not be a string [not]"},
        {"{'not':{'const':5}}", "5", "1:1: : must not be 5 [not]"},
        {"{'not':{'required':['a']}}", "{'a':1}", "1:1: : must not have the property \"a\" [not]"},
        {"{'not':{'minimum':5,'maximum':7}}", "6",
         "1:1: : must not match what \"not\" describes [not]"},
        {"{'oneOf':[{'minimum':1},{'maximum':5}]}", "3",
         "1:1: : must match one of 2 alternatives only (matches number 1, 2) [oneOf]"},
        {"{'anyOf':[{'type':'null'},{'type':'string'},{'type':'object'}]}", "5",
         "1:1: : must be null, a string or an object (got 5) [anyOf]"},
        {"{'anyOf':[{'const':'a'},{'enum':['b','c']}]}", "'d'",
         "1:1: : must be one of \"a\", \"b\", \"c\" (got \"d\") [anyOf]"},
        {"{'oneOf':[{'type':'null'},{'type':'object','required':['href']}]}", "{}",
         "1:1: : must have the property \"href\" [required]"},
        {"{'oneOf':[{'properties':{'kind':{'const':'circle'},'r':{'type':'number'}}},"
         "{'properties':{'kind':{'const':'square'},'a':{'type':'number'}}}]}",
         "{'kind':'square','a':'x'}", "1:22: /a: must be a number (got \"x\") [type]"},
        {"{'oneOf':[{'required':['a'],'properties':{'a':{'minimum':1}}},"
         "{'required':['b']},{'required':['c','d']}]}",
         "{'a': 0}", "1:7: /a: must be at least 1 (got 0) (best match of 3) [minimum]"},
        {"{'oneOf':[{'properties':{'kind':{'const':'circle'}}},{'properties':{'kind':{'const':"
         "'square'}}},{'properties':{'kind':{'enum':['line','arc']}}}]}",
         "{'kind': 'lin'}",
         "1:10: /kind: must be one of \"circle\", \"square\", \"line\", \"arc\" "
         "(got \"lin\"; did you mean \"line\"?) [oneOf]"},
        /* several at once, in the order of the document */
        {"{'required':['z'],'properties':{'a':{'type':'null'},'b':{'minimum':1}}}",
         "{'b':0,\n 'a':1}",
         "1:1: : must have the property \"z\" [required]\n"
         "1:6: /b: must be at least 1 (got 0) [minimum]\n"
         "2:6: /a: must be null (got 1) [type]"},
        /* a $ref is not worth a word */
        {"{'$ref':'#/$defs/a','$defs':{'a':{'$ref':'#/$defs/b'},'b':{'type':'null'}}}", "1",
         "1:1: : must be null (got 1) [type]"},
    };
    struct check check;
    check_init(&check);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char schema[1024], document[256];
        check_quote(rows[i].schema, schema);
        check_quote(rows[i].document, document);
        assert_true(check_compile(&check, schema, DRAFT_2020, 0));
        assert_false(check_document(&check, document));
        assert_string_equal(check.text, rows[i].expected);
    }
    check_finish(&check);
}

static void yaml_is_told_the_same_way(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"{'properties':{'mood':{'enum':['happy','sad']}}}", "title: x\nmood: angry # today\n",
         "2:7: /mood: must be one of \"happy\", \"sad\" (got \"angry\") [enum]"},
        {"{'properties':{'n':{'maximum':30}}}", "n: 0x1F\n",
         "1:4: /n: must be at most 30 (got 31) [maximum]"},
        {"{'properties':{'tags':{'items':{'type':'string'}}}}", "tags:\n  - a\n  - 5\n",
         "3:5: /tags/1: must be a string (got 5) [type]"},
        {"{'properties':{'title':{}},'additionalProperties':false}", "titel: a\n",
         "1:1: /titel: unknown property \"titel\" (did you mean \"title\"?) "
         "[additionalProperties]"},
        {"{'properties':{'a':{'required':['b']}}}", "x: 1\na:\n  c: 2\n",
         "2:1: /a: must have the property \"b\" [required]"},
        {"{'required':['b']}", "a: 1\n", "1:1: : must have the property \"b\" [required]"},
        {"{'properties':{'a':{'type':'string'}}}", "a:\n",
         "1:3: /a: must be a string (got null) [type]"},
        {"{'properties':{'d':{'type':'number'}}}", "d: 2026-01-15\n",
         "1:4: /d: must be a number (got \"2026-01-15\") [type]"},
        {"{'properties':{'a':{'uniqueItems':true}}}", "a: [x, 'x']\n",
         "1:8: /a/1: must not repeat an item (got \"x\", which is at /a/0 already) "
         "[uniqueItems]"},
    };
    struct check check;
    check_init(&check);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char schema[1024];
        check_quote(rows[i].schema, schema);
        assert_true(check_compile(&check, schema, DRAFT_2020, 0));
        assert_false(check_yaml(&check, rows[i].document));
        assert_string_equal(check.text, rows[i].expected);
    }
    check_finish(&check);
}

static void a_long_value_is_cut(void **state)
{
    (void)state;
    struct check check;
    char document[256];
    check_init(&check);
    assert_true(check_compile(&check, "{\"type\":\"null\"}", DRAFT_2020, 0));
    snprintf(document, sizeof document, "\"%0*d\"", 100, 0);
    assert_false(check_document(&check, document));
    assert_string_equal(check.text,
                        "1:1: : must be null (got \"000000000000000000000000000000000000000000000"
                        "000000000000000…\") [type]");
    check_finish(&check);
}

static void the_keyword_is_named_by_its_absolute_place(void **state)
{
    (void)state;
    struct check check;
    check_init(&check);
    assert_true(check_compile(&check,
                              "{\"$id\":\"https://a.test/x\",\"properties\":{\"a~b\":{\"$ref\":"
                              "\"y\"}},\"$defs\":{\"y\":{\"$id\":\"y\",\"items\":{\"type\":"
                              "\"null\"}}}}",
                              DRAFT_2020, 0));
    assert_false(check_document(&check, "{\"a~b\":[1]}"));
    assert_string_equal(check.text, "1:9: /a~0b/0: must be null (got 1) [type]");
    assert_string_equal(check.problems.items[0].schema_uri.at, "https://a.test/y#/items/type");
    check_finish(&check);
}

static void a_hundred_problems_are_enough(void **state)
{
    (void)state;
    struct check check;
    STRBUF_SCOPED document = {0};
    check_init(&check);
    strbuf_add_char(&document, '[');
    for (int i = 0; i < 500; i++)
        strbuf_addf(&document, "%s%d", i ? "," : "", i);
    strbuf_add_char(&document, ']');
    assert_true(check_compile(&check, "{\"items\":{\"type\":\"null\"}}", DRAFT_2020, 0));
    assert_false(check_document(&check, document.at));
    assert_int_equal(check.problems.count, PROBLEM_LIMIT);
    assert_int_equal(check.problems.dropped, 500 - PROBLEM_LIMIT);
    check_finish(&check);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_mistake_has_its_words),
        cmocka_unit_test(yaml_is_told_the_same_way),
        cmocka_unit_test(a_long_value_is_cut),
        cmocka_unit_test(the_keyword_is_named_by_its_absolute_place),
        cmocka_unit_test(a_hundred_problems_are_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

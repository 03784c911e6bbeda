// SPDX-License-Identifier: MIT
#include "validate/binding.h"
#include "parse/json.h"
#include "unit/unit.h"

/** What was read from one schema; freed by finish(). */
struct reading {
    struct tape tape;
    struct arena arena;
    struct problem_list problems;
    struct binding binding;
    bool is_good;
};

static struct reading read_schema(const char *text)
{
    struct reading reading = {0};
    assert_true(json_scan(str_of(text), &reading.tape, NULL));
    return reading;
}

static void judge(struct reading *reading)
{
    problem_list_init(&reading->problems, &reading->arena);
    reading->is_good =
        binding_read(&reading->tape, &reading->arena, &reading->binding, &reading->problems);
}

static void finish(struct reading *reading)
{
    tape_finish(&reading->tape);
    arena_finish(&reading->arena);
}

static void a_schema_without_the_keyword_has_defaults(void **state)
{
    (void)state;
    struct reading reading = read_schema("{\"properties\": {\"b\": {}, \"a\": true}}");
    judge(&reading);
    assert_true(reading.is_good);
    assert_int_equal(reading.binding.layout, LAYOUT_ANY);
    assert_true(str_is(reading.binding.body, "content"));
    assert_true(str_is(reading.binding.key, "id"));
    assert_int_equal(reading.binding.column_count, 2);
    assert_true(str_is(reading.binding.columns[0].name, "b"));
    assert_true(str_is(reading.binding.columns[1].property, "a"));
    finish(&reading);
}

static void every_keyword_is_read(void **state)
{
    (void)state;
    struct reading reading = read_schema(
        "{\"x-nexus\": {\"version\": 3, \"files\": [\"journal/**/*.md\", \"diary/*.md\"],"
        " \"layout\": \"markdown\", \"body\": \"text\", \"key\": \"nr\", \"new_file\": "
        "\"j/{title}.md\","
        " \"index\": [\"mood\"], \"columns\": {\"id\": \"todo_id\"}},"
        " \"properties\": {\"id\": {}, \"mood\": {}}}");
    judge(&reading);
    assert_true(reading.is_good);
    const struct binding *binding = &reading.binding;
    assert_int_equal(binding->version, 3);
    assert_int_equal(binding->file_count, 2);
    assert_true(str_is(binding->files[1], "diary/*.md"));
    assert_int_equal(binding->layout, LAYOUT_MARKDOWN);
    assert_true(str_is(binding->body, "text"));
    assert_true(str_is(binding->key, "nr"));
    assert_true(str_is(binding->new_file, "j/{title}.md"));
    assert_int_equal(binding->index_count, 1);
    assert_true(str_is(binding->indexes[0], "mood"));
    assert_true(str_is(binding->columns[0].property, "id"));
    assert_true(str_is(binding->columns[0].name, "todo_id"));
    assert_true(str_is(binding->columns[1].name, "mood"));
    finish(&reading);
}

static void columns_come_from_references_and_allof_too(void **state)
{
    (void)state;
    struct reading reading = read_schema("{\"$ref\": \"#/$defs/base\", \"properties\": {\"a\": {}},"
                                         " \"allOf\": [{\"properties\": {\"b\": {}, \"a\": {}}}, "
                                         "{\"$ref\": \"#\"}, {\"$ref\": \"#/none\"}],"
                                         " \"$defs\": {\"base\": {\"properties\": {\"z\": {}}}}}");
    judge(&reading);
    assert_true(reading.is_good);
    assert_int_equal(reading.binding.column_count, 3);
    assert_true(str_is(reading.binding.columns[0].name, "z"));
    assert_true(str_is(reading.binding.columns[1].name, "a"));
    assert_true(str_is(reading.binding.columns[2].name, "b"));
    finish(&reading);
}

static void what_makes_no_sense_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *keyword, *message;
    } facts[] = {
        {"1", "x-nexus: must be an object"},
        {"{\"version\": 0}", "x-nexus: version must be a whole number from 1"},
        {"{\"version\": 1.5}", "x-nexus: version must be a whole number from 1"},
        {"{\"files\": \"*.md\"}", "x-nexus: must be an array of texts"},
        {"{\"files\": [1]}", "x-nexus: must be a text that is not empty"},
        {"{\"files\": [\"../*.md\"]}", "x-nexus: the pattern \"../*.md\" leads out of the vault"},
        {"{\"layout\": \"yaml\"}",
         "x-nexus: layout must be \"markdown\", \"object\" or \"collection\""},
        {"{\"layout\": true}",
         "x-nexus: layout must be \"markdown\", \"object\" or \"collection\""},
        {"{\"body\": \"\"}", "x-nexus: must be a text that is not empty"},
        {"{\"columns\": []}", "x-nexus: columns must be an object: property to column"},
        {"{\"columns\": {\"x\": \"y\"}}",
         "x-nexus: columns names a property that the schema does not have"},
    };
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        struct arena arena = {0};
        struct str text = arena_format(&arena, "{\"x-nexus\": %s}", facts[i].keyword);
        struct reading reading = read_schema(text.at);
        judge(&reading);
        assert_false(reading.is_good);
        assert_int_equal(reading.problems.count, 1);
        assert_string_equal(reading.problems.items[0].message.at, facts[i].message);
        finish(&reading);
        arena_finish(&arena);
    }
}

static void an_unknown_keyword_is_only_a_warning(void **state)
{
    (void)state;
    struct reading reading = read_schema("{\"x-nexus\": {\"colour\": \"red\"}}");
    judge(&reading);
    assert_true(reading.is_good);
    assert_int_equal(reading.problems.count, 1);
    assert_int_equal(reading.problems.items[0].severity, PROBLEM_WARNING);
    assert_string_equal(reading.problems.items[0].message.at,
                        "x-nexus: unknown keyword \"colour\"");
    finish(&reading);
}

static void a_column_knows_what_its_values_must_be(void **state)
{
    (void)state;
    struct reading reading = read_schema(
        "{\"properties\": {"
        "\"mood\": {\"enum\": [\"happy\", \"sad\", null]},"
        "\"count\": {\"type\": [\"integer\", \"null\"], \"minimum\": 1, \"exclusiveMaximum\": 9.5},"
        "\"text\": {\"type\": \"string\", \"minLength\": 1, \"maxLength\": 5},"
        "\"other\": {\"$ref\": \"#/$defs/x\", \"type\": \"string\"}, \"free\": true,"
        "\"listed\": {\"enum\": [[1]]}, \"huge\": {\"minimum\": 12345678901234567890}},"
        " \"allOf\": [{\"required\": [\"count\", \"nothing\"]}], \"required\": [\"mood\"]}");
    judge(&reading);
    const struct binding_column *columns = reading.binding.columns;
    assert_int_equal(reading.binding.column_count, 7);
    assert_int_equal(columns[0].choice_count, 3);
    assert_true(str_is(columns[0].choices[1].text, "sad"));
    assert_true(str_is(columns[0].choice_words, "one of \"happy\", \"sad\", null"));
    assert_true(columns[0].is_required && columns[1].is_required && !columns[2].is_required);
    assert_int_equal(columns[1].types, COLUMN_INTEGER | COLUMN_NULL);
    assert_true(str_is(columns[1].type_words, "null or an integer"));
    assert_true(str_is(columns[1].minimum.text, "1") && !columns[1].minimum.is_open);
    assert_true(str_is(columns[1].maximum.text, "9.5") && columns[1].maximum.is_open);
    assert_true(columns[2].min_length == 1 && columns[2].has_max_length &&
                columns[2].max_length == 5);
    assert_int_equal(columns[3].types, 0);
    assert_int_equal(columns[4].types, 0);
    assert_int_equal(columns[5].choice_count, 0);
    assert_null(columns[6].minimum.text.at);
    finish(&reading);
}

static void bounds_of_every_draft_are_read(void **state)
{
    (void)state;
    struct reading reading =
        read_schema("{\"properties\": {\"a\": {\"exclusiveMinimum\": true, \"minimum\": 1},"
                    " \"b\": {\"minimum\": 1, \"exclusiveMinimum\": true},"
                    " \"c\": {\"exclusiveMinimum\": 3, \"minimum\": 5},"
                    " \"d\": {\"minimum\": 5, \"exclusiveMinimum\": false}}}");
    judge(&reading);
    const struct binding_column *columns = reading.binding.columns;
    assert_true(str_is(columns[0].minimum.text, "1") && columns[0].minimum.is_open);
    assert_true(str_is(columns[1].minimum.text, "1") && columns[1].minimum.is_open);
    assert_true(str_is(columns[2].minimum.text, "5") && !columns[2].minimum.is_open);
    assert_true(str_is(columns[3].minimum.text, "5") && !columns[3].minimum.is_open);
    finish(&reading);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_schema_without_the_keyword_has_defaults),
        cmocka_unit_test(every_keyword_is_read),
        cmocka_unit_test(a_column_knows_what_its_values_must_be),
        cmocka_unit_test(bounds_of_every_draft_are_read),
        cmocka_unit_test(columns_come_from_references_and_allof_too),
        cmocka_unit_test(what_makes_no_sense_is_told),
        cmocka_unit_test(an_unknown_keyword_is_only_a_warning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

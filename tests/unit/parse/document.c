// SPDX-License-Identifier: MIT
/* A file as one document: its properties, its body, the schema that it names, its problems. */
#include "parse/document.h"
#include "unit/unit.h"

#include <stdlib.h>

#define BOM "\xEF\xBB\xBF"

struct fixture {
    struct document document;
    struct strbuf out;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    document_init(&fixture->document);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    document_finish(&fixture->document);
    strbuf_finish(&fixture->out);
    free(fixture);
    return 0;
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static const char *json(struct fixture *fixture)
{
    strbuf_reset(&fixture->out);
    if (fixture->document.is_parsed)
        tape_add_json(&fixture->document.tape, 0, &fixture->out);
    return strbuf_str(&fixture->out).at;
}

static void parse(struct fixture *fixture, enum document_format format, struct str source)
{
    assert_int_equal(document_parse(&fixture->document, format, source, NULL), NEXUS_OK);
    document_locate(&fixture->document);
}

static void add_body(struct fixture *fixture, const char *property)
{
    assert_int_equal(document_add_body(&fixture->document, str_of(property), NULL), NEXUS_OK);
}

static const struct {
    struct str source;
    const char *json; /* with the body as "content" */
} notes[] = {
    {TEXT(""), "{\"content\":\"\"}"},
    {TEXT(BOM), "{\"content\":\"\"}"},
    {TEXT("# Hello\n"), "{\"content\":\"# Hello\\n\"}"},
    {TEXT(BOM "# Hello\r\n"), "{\"content\":\"# Hello\\r\\n\"}"},
    {TEXT("---\ntitle: a\nn: 1.10\n---\ntext"),
     "{\"title\":\"a\",\"n\":1.10,\"content\":\"text\"}"},
    {TEXT("---\n---\ntext"), "{\"content\":\"text\"}"},
    {TEXT("---\n# nothing yet\n---\ntext"), "{\"content\":\"text\"}"},
    {TEXT("---\ntitle: a\n---"), "{\"title\":\"a\",\"content\":\"\"}"},
    {TEXT("---\ntitle: a\n"), "{\"content\":\"---\\ntitle: a\\n\"}"},
    {TEXT("---json\n{\"a\": [1]}\n---\ntext"), "{\"a\":[1],\"content\":\"text\"}"},
    {TEXT(";;;\n{\"a\": 1}\n;;;\ntext"), "{\"a\":1,\"content\":\"text\"}"},
    {TEXT("+++\na = 1\n+++\ntext"), "{\"content\":\"text\"}"},
};

static void test_a_note_is_its_front_matters_keys_and_its_body(void **state)
{
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof notes / sizeof notes[0]; i++) {
        parse(fixture, DOCUMENT_MARKDOWN, notes[i].source);
        assert_true(fixture->document.is_parsed);
        assert_int_equal(fixture->document.tape.nodes[0].type, NODE_OBJECT);
        add_body(fixture, "content");
        assert_string_equal(json(fixture), notes[i].json);
    }
}

static void test_the_body_is_the_bytes_of_the_file(void **state)
{
    struct fixture *fixture = *state;
    const struct str source = STR("---\na: 1\n---\nbody \\ \"x\"\n");
    parse(fixture, DOCUMENT_MARKDOWN, source);
    add_body(fixture, "text");
    const struct tape *tape = &fixture->document.tape;
    uint32_t body = tape_member(tape, 0, STR("text"));
    assert_ptr_equal(tape->nodes[body].text, source.at + 13);
    assert_int_equal(tape->nodes[body].start, 13);
    assert_int_equal(tape->nodes[body].end, source.length);
    assert_int_equal(tape->nodes[body].style, STYLE_PLAIN);
    assert_int_equal(tape->nodes[body - 1].start, tape->nodes[body - 1].end);
    assert_int_equal(tape->nodes[0].count, 2);
    assert_int_equal(tape->nodes[0].next, tape->count);
}

static void test_the_body_wins_over_a_key_of_its_name(void **state)
{
    struct fixture *fixture = *state;
    parse(fixture, DOCUMENT_MARKDOWN,
          STR("---\na: 1\ncontent: {x: [1, 2]}\nb: [c, {d: e}]\n---\nbody"));
    add_body(fixture, "content");
    document_locate(&fixture->document);
    assert_string_equal(json(fixture),
                        "{\"a\":1,\"b\":[\"c\",{\"d\":\"e\"}],\"content\":\"body\"}");
    assert_int_equal(fixture->document.tape.nodes[0].count, 3);
    assert_int_equal(fixture->document.problems.count, 1);
    const struct problem *problem = &fixture->document.problems.items[0];
    assert_int_equal(problem->severity, PROBLEM_WARNING);
    assert_true(str_is(problem->message, "front matter key 'content' is shadowed by the body"));
    assert_int_equal(problem->line, 3);
    assert_int_equal(problem->column, 1);

    parse(fixture, DOCUMENT_MARKDOWN, STR("---\ncontent: 1\n---\nbody"));
    add_body(fixture, "content");
    assert_string_equal(json(fixture), "{\"content\":\"body\"}");
}

static const struct {
    enum document_format format;
    struct str source;
    enum problem_severity severity;
    uint32_t line, column;
    const char *message;
} broken[] = {
    {DOCUMENT_MARKDOWN, TEXT("---\ntitle: a: b\n---\n"), PROBLEM_ERROR, 2, 9,
     "a second ':' after 'title:': put the value in quotes"},
    {DOCUMENT_MARKDOWN, TEXT(BOM "---\r\na: 1\r\n\xC3\xA9: @\r\n---\r\n"), PROBLEM_ERROR, 3, 4,
     "a value that starts with '@' needs quotes"},
    {DOCUMENT_MARKDOWN, TEXT("---\n- a\n---\n"), PROBLEM_ERROR, 2, 1,
     "front matter must be a mapping, lines of 'key: value'"},
    {DOCUMENT_MARKDOWN, TEXT("---\nnull\n---\n"), PROBLEM_ERROR, 2, 1,
     "front matter must be a mapping, lines of 'key: value'"},
    {DOCUMENT_MARKDOWN, TEXT("---\na:b\n---\n"), PROBLEM_ERROR, 2, 1,
     "front matter must be a mapping: a space is missing behind ':'"},
    {DOCUMENT_MARKDOWN, TEXT("---\na: b\0c\n---\n"), PROBLEM_ERROR, 2, 5,
     "a NUL byte, which no text has: the file is damaged, or is no text"},
    {DOCUMENT_MARKDOWN, TEXT("# Title\n\nx\0\n"), PROBLEM_ERROR, 3, 2,
     "a NUL byte, which no text has: the file is damaged, or is no text"},
    {DOCUMENT_MARKDOWN, TEXT("\0\0\0\0"), PROBLEM_ERROR, 1, 1,
     "a NUL byte, which no text has: the file is damaged, or is no text"},
    {DOCUMENT_MARKDOWN, TEXT("---\na: 1\n---\nx\ncaf\xE9\n"), PROBLEM_ERROR, 5, 4,
     "not valid UTF-8 (byte 0xE9): save the file as UTF-8"},
    {DOCUMENT_MARKDOWN, TEXT("\xFF\xFE#\0 \0"), PROBLEM_ERROR, 1, 1,
     "the file is UTF-16: save it as UTF-8"},
    {DOCUMENT_MARKDOWN, TEXT("---json\n[1]\n---\n"), PROBLEM_ERROR, 2, 1,
     "front matter must be an object"},
    {DOCUMENT_MARKDOWN, TEXT(";;;\n\"a\": 1\n;;;\n"), PROBLEM_ERROR, 2, 4,
     "expected nothing more after the value, found ':'"},
    {DOCUMENT_MARKDOWN, TEXT("---json\n---\n"), PROBLEM_ERROR, 2, 1,
     "there is no JSON value: the text is empty"},
    {DOCUMENT_MARKDOWN, TEXT("+++\na = 1\n+++\n"), PROBLEM_WARNING, 1, 1,
     "front matter in TOML is not read: write it in YAML"},
    {DOCUMENT_MARKDOWN, TEXT("---\na: 1\n"), PROBLEM_WARNING, 1, 1,
     "the front matter that starts here has no closing '---' line"},
    {DOCUMENT_JSON, TEXT(""), PROBLEM_ERROR, 1, 1, "there is no JSON value: the text is empty"},
    {DOCUMENT_JSON, TEXT("{\n \"a\": 1,\n}\n"), PROBLEM_ERROR, 3, 1,
     "expected a key in double quotes, found '}'"},
};

static void test_a_broken_file_has_a_problem_with_its_place(void **state)
{
    struct fixture *fixture = *state;
    const struct document *document = &fixture->document;
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        parse(fixture, broken[i].format, broken[i].source);
        assert_int_equal(document->problems.count, 1);
        const struct problem *problem = &document->problems.items[0];
        if (problem->severity != broken[i].severity || problem->line != broken[i].line ||
            problem->column != broken[i].column || !str_is(problem->message, broken[i].message))
            fail_msg("case %zu: %u:%u: %.*s", i, problem->line, problem->column,
                     STR_ARG(problem->message));
        assert_int_equal(document->is_parsed, broken[i].severity == PROBLEM_WARNING);
        assert_int_equal(document->tape.count > 0, document->is_parsed);
    }
}

static const struct {
    enum document_format format;
    const char *source, *name, *data;
    bool is_envelope;
} schemas[] = {
    {DOCUMENT_MARKDOWN, "---\nschema: a.b\n---\n", "a.b", "", false},
    {DOCUMENT_MARKDOWN, "---\nschema: 1\n---\n", "", "", false},
    {DOCUMENT_MARKDOWN, "---\nschema:\n---\n", "", "", false},
    {DOCUMENT_MARKDOWN, "---\nx: {schema: a}\n---\n", "", "", false},
    {DOCUMENT_MARKDOWN, "---\nschema: a\nversion: 1\ndata: {}\n---\n", "a", "", false},
    {DOCUMENT_MARKDOWN, "---\n: [\n---\n", "", "", false},
    {DOCUMENT_MARKDOWN, "text", "", "", false},
    {DOCUMENT_JSON, "{\"schema\":\"a\",\"version\":1,\"data\":{}}", "a", "/data", true},
    {DOCUMENT_JSON, "{\"data\":[1],\"version\":\"2\",\"schema\":\"a\"}", "a", "/data", true},
    {DOCUMENT_JSON, "{\"schema\":\"a\",\"version\":1,\"data\":{},\"more\":1}", "a", "/data", true},
    {DOCUMENT_JSON, "{\"schema\":\"a\",\"version\":1,\"data\":2}", "", "", false},
    {DOCUMENT_JSON, "{\"schema\":\"a\",\"version\":1,\"data\":null}", "", "", false},
    {DOCUMENT_JSON, "{\"schema\":1,\"version\":1,\"data\":{}}", "", "", false},
    {DOCUMENT_JSON, "{\"schema\":\"a\",\"data\":{}}", "", "", false},
    {DOCUMENT_JSON, "{\"schema\":\"a\",\"version\":1}", "", "", false},
    {DOCUMENT_JSON, "{\"schema\":\"a\"}", "", "", false},
    {DOCUMENT_JSON, "[{\"schema\":\"a\",\"version\":1,\"data\":{}}]", "", "", false},
    {DOCUMENT_JSON, "1", "", "", false},
    {DOCUMENT_JSON, "{", "", "", false},
};

static void test_a_file_may_name_its_schema(void **state)
{
    struct fixture *fixture = *state;
    const struct document *document = &fixture->document;
    for (size_t i = 0; i < sizeof schemas / sizeof schemas[0]; i++) {
        parse(fixture, schemas[i].format, str_of(schemas[i].source));
        struct document_schema own = document_own_schema(document);
        strbuf_reset(&fixture->out);
        tape_add_pointer(&document->tape, own.data, &fixture->out);
        if (!str_is(own.name, schemas[i].name) || own.is_envelope != schemas[i].is_envelope ||
            !str_is(strbuf_str(&fixture->out), schemas[i].data))
            fail_msg("%s: '%.*s' %s", schemas[i].source, STR_ARG(own.name), fixture->out.at);
        assert_int_equal(own.version != TAPE_NONE, own.is_envelope);
    }
}

static void test_a_document_forgets_the_file_before(void **state)
{
    struct fixture *fixture = *state;
    parse(fixture, DOCUMENT_MARKDOWN, STR("---\na: [\n---\nbody"));
    assert_false(fixture->document.is_parsed);
    parse(fixture, DOCUMENT_JSON, STR("[1]"));
    assert_int_equal(fixture->document.problems.count, 0);
    assert_false(fixture->document.problems.has_error);
    assert_int_equal(fixture->document.front_matter.kind, FRONT_MATTER_NONE);
    assert_int_equal(fixture->document.front_matter.body_start, 0);
    assert_string_equal(json(fixture), "[1]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_a_note_is_its_front_matters_keys_and_its_body),
        CASE(test_the_body_is_the_bytes_of_the_file),
        CASE(test_the_body_wins_over_a_key_of_its_name),
        CASE(test_a_broken_file_has_a_problem_with_its_place),
        CASE(test_a_file_may_name_its_schema),
        CASE(test_a_document_forgets_the_file_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
/* What the tests of schemas share: one schema, one document, and the problems as text. */
#ifndef UNIT_VALIDATE_SCHEMA_CHECK_H
#define UNIT_VALIDATE_SCHEMA_CHECK_H

#include "parse/json.h"
#include "parse/yaml.h"
#include "validate/schema.h"

#include "unit/unit.h"

#include <stdio.h>

struct check {
    struct schema_set *set;
    struct schema_run *run;
    struct schema *schema; /* the last one compiled; NULL when that failed */
    struct arena arena;
    struct problem_list problems;
    struct nexus_error error;
    char text[8192]; /* the problems, one a line */
};

/** Copies a text written with ' for ", which C reads better. */
static inline void check_quote(const char *text, char *ret_copy)
{
    size_t i = 0;
    for (; text[i]; i++)
        ret_copy[i] = text[i] == '\'' ? '"' : text[i];
    ret_copy[i] = '\0';
}

static inline void check_init(struct check *check)
{
    *check = (struct check){.set = schema_set_new(json_scan), .run = schema_run_new()};
}

static inline void check_finish(struct check *check)
{
    schema_free(check->schema);
    schema_run_free(check->run);
    schema_set_free(check->set);
    arena_finish(&check->arena);
}

/** "line:column: /pointer: message [keyword]", one a line, without the last line's end. */
static inline const char *check_print(struct check *check, struct str source)
{
    problem_list_locate(&check->problems, source);
    size_t at = 0;
    check->text[0] = '\0';
    for (size_t i = 0; i < check->problems.count; i++) {
        const struct problem *problem = &check->problems.items[i];
        int length =
            snprintf(check->text + at, sizeof check->text - at, "%s%u:%u: %.*s: %.*s [%s]",
                     i ? "\n" : "", problem->line, problem->column, STR_ARG(problem->pointer),
                     STR_ARG(problem->message), problem->keyword);
        at += (size_t)length;
        if (at >= sizeof check->text)
            break;
    }
    return check->text;
}

static inline void check_add(struct check *check, const char *uri, const char *schema)
{
    assert_int_equal(
        schema_set_add(check->set, str_of(uri), str_of(schema), DRAFT_2020, NULL, &check->error),
        NEXUS_OK);
}

/** Compiles `schema`; what is wrong with it is in `text`, else in `error`. */
static inline bool check_compile(struct check *check, const char *schema, enum schema_draft draft,
                                 unsigned options)
{
    const struct str uri = STR("vault:schema/test");
    schema_free(check->schema);
    check->schema = NULL;
    check->error = (struct nexus_error){0};
    arena_reset(&check->arena);
    problem_list_init(&check->problems, &check->arena);
    bool is_good = schema_set_add(check->set, uri, str_of(schema), draft, &check->problems,
                                  &check->error) == NEXUS_OK &&
                   schema_compile(check->set, uri, options, &check->schema, &check->problems,
                                  &check->error) == NEXUS_OK;
    check_print(check, str_of(schema));
    return is_good;
}

/** Judges a value by the compiled schema, in both ways, which must agree. */
static inline bool check_tape(struct check *check, const struct tape *tape)
{
    problem_list_init(&check->problems, &check->arena);
    bool accepted = schema_accepts(check->schema, tape, 0, check->run);
    bool explained = schema_explain(check->schema, tape, 0, check->run, &check->problems);
    assert_int_equal(accepted, explained);
    assert_int_equal(accepted, !check->problems.has_error);
    check_print(check, tape->source);
    return accepted;
}

static inline bool check_document(struct check *check, const char *document)
{
    struct tape tape = {0};
    assert_true(json_scan(str_of(document), &tape, NULL));
    bool accepted = check_tape(check, &tape);
    tape_finish(&tape);
    return accepted;
}

static inline bool check_yaml(struct check *check, const char *document)
{
    struct tape tape = {0};
    struct str source = str_of(document);
    problem_list_init(&check->problems, &check->arena);
    assert_true(yaml_compose(source, 0, (uint32_t)source.length, &tape, &check->problems));
    bool accepted = check_tape(check, &tape);
    tape_finish(&tape);
    return accepted;
}

#endif

// SPDX-License-Identifier: MIT
/* A program writes objects: every kind of value, and every outcome, by the public headers alone. */
#include "nexus/edit.h"
#include "nexus/pending.h"
#include "nexus/query.h"

#include "unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct fixture {
    char dir[64];
    struct nexus_vault *vault;
};

#define OK(call) assert_int_equal((call), NEXUS_OK)

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    snprintf(fixture->dir, sizeof fixture->dir, "/tmp/nexus-edit-XXXXXX");
    assert_non_null(mkdtemp(fixture->dir));
    OK(nexus_vault_init(fixture->dir, NULL));
    OK(nexus_vault_open(fixture->dir, &fixture->vault, NULL));
    OK(nexus_sync(fixture->vault, 0, NULL, NULL, NULL, NULL));
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    char command[128];
    nexus_vault_close(fixture->vault);
    snprintf(command, sizeof command, "rm -r '%s'", fixture->dir);
    assert_int_equal(system(command), 0);
    free(fixture);
    return 0;
}

static void sync_it(struct fixture *fixture)
{
    OK(nexus_sync(fixture->vault, 0, NULL, NULL, NULL, NULL));
}

/** The one value of a statement, for the caller to free. */
static char *ask(const struct fixture *fixture, const char *sql)
{
    struct nexus_reader *reader;
    struct nexus_rows *rows;
    bool more;
    OK(nexus_reader_open(fixture->dir, &reader, NULL));
    OK(nexus_query(reader, sql, &rows, NULL));
    OK(nexus_rows_next(rows, &more, NULL));
    assert_true(more);
    char *answer = strdup(nexus_rows_text(rows, 0, NULL));
    nexus_rows_close(rows);
    nexus_reader_close(reader);
    return answer;
}

static void assert_answer(const struct fixture *fixture, const char *sql, const char *wanted)
{
    char *answer = ask(fixture, sql);
    assert_string_equal(answer, wanted);
    free(answer);
}

static struct nexus_value text(const char *property, enum nexus_value_kind kind, const char *value)
{
    return (struct nexus_value){
        .property = property, .kind = kind, .text = value, .length = strlen(value)};
}

static const char content_of_it[] = "SELECT content_json FROM object_content";

static void each_kind_of_value_is_written_as_what_it_is(void **state)
{
    struct fixture *fixture = *state;
    struct nexus_edit edit;
    struct nexus_edit_outcome outcome;
    const struct nexus_value values[] = {
        text("title", NEXUS_VALUE_TEXT, "5"),
        {.property = "integer", .kind = NEXUS_VALUE_INTEGER, .integer = INT64_MIN},
        {.property = "real", .kind = NEXUS_VALUE_REAL, .real = 0.1},
        {.property = "whole", .kind = NEXUS_VALUE_REAL, .real = 2},
        {.property = "huge", .kind = NEXUS_VALUE_REAL, .real = 1e300},
        {.property = "no", .kind = NEXUS_VALUE_BOOLEAN},
        {.property = "yes", .kind = NEXUS_VALUE_BOOLEAN, .integer = 1},
        {.property = "nothing", .kind = NEXUS_VALUE_NULL},
        text("list", NEXUS_VALUE_JSON, " [1.10, {\"a\": null}] "),
        text("word", NEXUS_VALUE_WORD, "5.50"),
        {.property = "gone", .kind = NEXUS_VALUE_NONE},
        text("content", NEXUS_VALUE_TEXT, "a \"quote\"\n"),
    };
    OK(nexus_object_create(fixture->vault, "core.note", NULL, values,
                           sizeof values / sizeof values[0], &edit, NULL));
    assert_answer(
        fixture, content_of_it,
        "{\"title\":\"5\",\"integer\":-9223372036854775808,\"real\":0.1,\"whole\":2.0,"
        "\"huge\":1e+300,\"no\":false,\"yes\":true,\"nothing\":null,"
        "\"list\":[1.10, {\"a\": null}],\"word\":5.50,\"content\":\"a \\\"quote\\\"\\n\"}");
    OK(nexus_edit_outcome(fixture->vault, &edit, &outcome, NULL));
    assert_int_equal(outcome.state, NEXUS_EDIT_WAITING);
    assert_null(outcome.path);
    nexus_edit_outcome_finish(&outcome);
    sync_it(fixture);
    OK(nexus_edit_outcome(fixture->vault, &edit, &outcome, NULL));
    assert_int_equal(outcome.state, NEXUS_EDIT_WRITTEN);
    assert_string_equal(outcome.path, "5.md");
    nexus_edit_outcome_finish(&outcome);
    assert_answer(fixture, "SELECT count(*) FROM files WHERE state = 'synced'", "1");
}

static void values_that_make_no_sense_are_told(void **state)
{
    struct fixture *fixture = *state;
    struct nexus_edit edit;
    struct nexus_error err;
    const struct nexus_value bad[][2] = {
        {text("a", NEXUS_VALUE_JSON, "[1"), text("b", NEXUS_VALUE_TEXT, "")},
        {text("a", NEXUS_VALUE_TEXT, "x"), text("a", NEXUS_VALUE_TEXT, "y")},
        {text("", NEXUS_VALUE_TEXT, "x"), text("b", NEXUS_VALUE_TEXT, "")},
        {text("a", NEXUS_VALUE_TEXT, "\xff"), text("b", NEXUS_VALUE_TEXT, "")},
        {text("\xff", NEXUS_VALUE_TEXT, "x"), text("b", NEXUS_VALUE_TEXT, "")},
        {{.property = "a", .kind = NEXUS_VALUE_TEXT, .text = "a\0b", .length = 3},
         text("b", NEXUS_VALUE_TEXT, "")},
        {{.property = "a", .kind = NEXUS_VALUE_REAL, .real = 1e308 * 10},
         text("b", NEXUS_VALUE_TEXT, "")},
        {{.property = NULL, .kind = NEXUS_VALUE_TEXT}, text("b", NEXUS_VALUE_TEXT, "")},
        {{.property = "a", .kind = (enum nexus_value_kind)99}, text("b", NEXUS_VALUE_TEXT, "")},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(
            nexus_object_create(fixture->vault, "core.note", NULL, bad[i], 2, &edit, &err),
            NEXUS_ERROR_ARGUMENT);
        assert_true(err.message[0]);
    }
    assert_answer(fixture, "SELECT count(*) FROM data_objects", "0");
}

static void an_object_is_found_by_id_uid_and_path(void **state)
{
    struct fixture *fixture = *state;
    struct nexus_edit edit;
    int64_t id = 0;
    const struct nexus_value value = text("title", NEXUS_VALUE_TEXT, "x");
    OK(nexus_object_create(fixture->vault, "core.note", "sub/1.md", &value, 1, &edit, NULL));
    char *uid = ask(fixture, "SELECT uid FROM data_objects");
    const char *const names[] = {"1", "sub/1.md", uid};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        OK(nexus_object_find(fixture->vault, names[i], &id, NULL));
        assert_int_equal(id, edit.object_id);
    }
    free(uid);
    assert_int_equal(nexus_object_find(fixture->vault, "2", &id, NULL), NEXUS_ERROR_NOT_FOUND);
    assert_int_equal(nexus_object_find(fixture->vault, "", &id, NULL), NEXUS_ERROR_NOT_FOUND);
    assert_int_equal(nexus_object_find(fixture->vault, "99999999999999999999", &id, NULL),
                     NEXUS_ERROR_NOT_FOUND);
}

static void what_is_refused_leaves_nothing_behind(void **state)
{
    struct fixture *fixture = *state;
    struct nexus_edit edit;
    struct nexus_error err;
    const struct nexus_value bad = text("priority", NEXUS_VALUE_WORD, "urgent");
    const struct nexus_value good = text("text", NEXUS_VALUE_WORD, "1984");
    assert_int_equal(nexus_object_create(fixture->vault, "core.todo", NULL, &bad, 1, &edit, &err),
                     NEXUS_ERROR_REFUSED);
    assert_int_equal(nexus_object_create(fixture->vault, "no.such", NULL, &good, 1, &edit, &err),
                     NEXUS_ERROR_NOT_FOUND);
    assert_answer(fixture, "SELECT count(*) FROM data_objects", "0");
    OK(nexus_object_create(fixture->vault, "core.todo", NULL, &good, 1, &edit, NULL));
    sync_it(fixture);
    int64_t id = edit.object_id;
    assert_int_equal(nexus_object_set(fixture->vault, id, NULL, &bad, 1, &edit, &err),
                     NEXUS_ERROR_REFUSED);
    assert_non_null(strstr(err.message, "/priority"));
    assert_int_equal(nexus_object_set(fixture->vault, 77, NULL, &good, 1, &edit, &err),
                     NEXUS_ERROR_NOT_FOUND);
    assert_int_equal(nexus_object_remove(fixture->vault, 77, &edit, &err), NEXUS_ERROR_NOT_FOUND);
    assert_answer(fixture, "SELECT json(content_json) FROM object_content",
                  "{\"id\":1,\"text\":\"1984\"}");
    OK(nexus_object_remove(fixture->vault, id, &edit, NULL));
    sync_it(fixture);
    assert_answer(fixture, "SELECT count(*) FROM data_objects", "0");
}

static void requests_are_answered_in_their_order(void **state)
{
    struct fixture *fixture = *state;
    struct nexus_edit edit;
    struct nexus_answer answer;
    struct nexus_value value = text("title", NEXUS_VALUE_TEXT, "x");
    OK(nexus_object_create(fixture->vault, "core.note", "a.md", &value, 1, &edit, NULL));
    sync_it(fixture);
    value.text = "y";
    OK(nexus_object_set(fixture->vault, edit.object_id, NULL, &value, 1, &edit, NULL));
    sync_it(fixture);
    struct nexus_request requests[] = {
        {.kind = NEXUS_REQUEST_UNDO, .argument = 2},
        {.kind = NEXUS_REQUEST_UNDO, .argument = 1},
        {.kind = NEXUS_REQUEST_UNDO, .argument = 9},
        {.kind = NEXUS_REQUEST_RESOLVE, .argument = 9, .choice = "both"},
    };
    OK(nexus_request(fixture->vault, requests, 4, NULL));
    OK(nexus_request_answer(fixture->vault, requests[0].id, &answer, NULL));
    assert_false(answer.is_given);
    sync_it(fixture);
    for (size_t i = 0; i < 4; i++) {
        OK(nexus_request_answer(fixture->vault, requests[i].id, &answer, NULL));
        assert_true(answer.is_given);
        assert_int_equal(answer.reason[0] != '\0', i >= 2);
    }
    assert_answer(fixture, "SELECT count(*) FROM files", "0");
    struct nexus_request choiceless = {.kind = NEXUS_REQUEST_RESOLVE, .argument = 1};
    assert_int_equal(nexus_request(fixture->vault, &choiceless, 1, NULL), NEXUS_ERROR_ARGUMENT);
}

static void count_file(void *context, const struct nexus_pending_file *file)
{
    size_t *count = context;
    assert_int_equal(file->change, NEXUS_PENDING_CREATE);
    assert_int_equal(file->state, NEXUS_PENDING_WAITING);
    assert_null(file->before);
    assert_memory_equal(file->after, "---\ntitle: x\n---\n", file->after_length);
    ++*count;
}

static void what_is_pending_is_told_until_it_is_written(void **state)
{
    struct fixture *fixture = *state;
    struct nexus_edit edit;
    size_t count = 0;
    const struct nexus_value value = text("title", NEXUS_VALUE_TEXT, "x");
    OK(nexus_object_create(fixture->vault, "core.note", NULL, &value, 1, &edit, NULL));
    for (int i = 0; i < 2; i++)
        OK(nexus_list_pending(fixture->vault, count_file, &count, NULL));
    assert_int_equal(count, 2);
    sync_it(fixture);
    OK(nexus_list_pending(fixture->vault, count_file, &count, NULL));
    assert_int_equal(count, 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(each_kind_of_value_is_written_as_what_it_is),
        TEST(values_that_make_no_sense_are_told),
        TEST(an_object_is_found_by_id_uid_and_path),
        TEST(what_is_refused_leaves_nothing_behind),
        TEST(requests_are_answered_in_their_order),
        TEST(what_is_pending_is_told_until_it_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

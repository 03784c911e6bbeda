// SPDX-License-Identifier: MIT
#include "engine/settings.h"
#include "unit/unit.h"

#include <stdio.h>

static struct arena arena;
static struct problem_list problems;
static struct nexus_error err;

static enum nexus_status read_settings(const char *text, struct settings *settings)
{
    arena_reset(&arena);
    problem_list_init(&problems, &arena);
    return settings_read(settings, str_of(text), &arena, &problems, &err);
}

static void nothing_written_means_the_defaults(void **state)
{
    (void)state;
    struct settings settings;
    assert_int_equal(read_settings("", &settings), NEXUS_OK);
    assert_int_equal(settings.debounce_ms, 300);
    assert_int_equal(settings.max_wait_ms, 2000);
    assert_int_equal(settings.ignore_count, 0);
    assert_int_equal(settings.conflict, CONFLICT_TIMESTAMP);
    assert_int_equal(settings.brake_files, 100);
    assert_int_equal(settings.brake_percent, 30);
    assert_int_equal(settings.max_file_bytes, 64 * 1024 * 1024);
    assert_int_equal(settings.backup_hours, 24);
    assert_int_equal(settings.backup_keep, 7);
    assert_int_equal(settings.history_days, 30);
    assert_int_equal(settings.durability, DURABILITY_NORMAL);
    assert_int_equal(settings.notify, 1);
}

static void what_init_writes_reads_back_as_the_defaults(void **state)
{
    (void)state;
    STRBUF_SCOPED text = {0};
    struct settings written, defaults;
    settings_write_defaults(STR("/srv/ann/my \"vault\""), STR("2026-01-15T10:30:00.000Z"), &text);
    assert_int_equal(read_settings("", &defaults), NEXUS_OK);
    assert_int_equal(read_settings(text.at, &written), NEXUS_OK);
    assert_int_equal(problems.count, 0);
    assert_true(str_is(written.vault_path, "/srv/ann/my \"vault\""));
    assert_true(str_is(written.created_at, "2026-01-15T10:30:00.000Z"));
    written.vault_path = written.created_at = (struct str){NULL, 0};
    written.ignore = NULL;
    assert_int_equal(written.permissions.count, 0);
    written.permissions = (struct default_rules){0};
    assert_memory_equal(&written, &defaults, sizeof written);
}

static void values_are_taken(void **state)
{
    (void)state;
    struct settings settings;
    assert_int_equal(read_settings("{\"debounce_ms\": 50, \"ignore\": [\"drafts/\", \"*.bak\"],"
                                   " \"conflict\": \"merge\", \"notify\": false,"
                                   " \"durability\": \"full\"}",
                                   &settings),
                     NEXUS_OK);
    assert_int_equal(problems.count, 0);
    assert_int_equal(settings.debounce_ms, 50);
    assert_int_equal(settings.ignore_count, 2);
    assert_true(str_is(settings.ignore[1], "*.bak"));
    assert_int_equal(settings.conflict, CONFLICT_MERGE);
    assert_int_equal(settings.durability, DURABILITY_FULL);
    assert_int_equal(settings.notify, 0);
}

static void rules_for_permissions_are_taken(void **state)
{
    (void)state;
    struct settings settings;
    assert_int_equal(
        read_settings(
            "{\"permissions\": [{\"path\": \"work/**\", \"share_with_cloud\": true},"
            " {\"tag\": \"#Ämter/x\", \"schema\": \"core.note\", \"share_with_ai\": false}]}",
            &settings),
        NEXUS_OK);
    assert_int_equal(problems.count, 0);
    assert_int_equal(settings.permissions.count, 2);
    const struct default_rule *rules = settings.permissions.items;
    assert_true(str_is(rules[0].path, "work/**"));
    assert_int_equal(rules[0].share_with_cloud, WISH_ON);
    assert_int_equal(rules[0].share_with_ai, WISH_KEEP);
    assert_true(str_is(rules[1].tag, "ämter/x"));
    assert_int_equal(rules[1].share_with_ai, WISH_OFF);
    STRBUF_SCOPED words = {0};
    default_rule_describe(&rules[1], &words);
    assert_string_equal(words.at, "tag ämter/x, schema core.note");
}

static void one_wrong_rule_and_none_counts(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "{\"path\": \"a\"}",
        "{\"share_with_ai\": true}",
        "{}",
        "1",
        "{\"path\": 1, \"share_with_ai\": true}",
        "{\"path\": \"\", \"share_with_ai\": true}",
        "{\"path\": \"[\", \"share_with_ai\": true}",
        "{\"pth\": \"a\", \"share_with_ai\": true}",
        "{\"tag\": \"#\", \"share_with_ai\": true}",
        "{\"tag\": \"a\", \"share_with_ai\": 1}",
        "{\"tag\": \"a\", \"share_with_ai\": true, \"read_only\": true}",
        "{\"tag\": \"a\", \"share_with_cloud\": \"yes\"}",
        "{\"schema\": null, \"share_with_ai\": true}",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char text[256];
        struct settings settings;
        snprintf(text, sizeof text,
                 "{\"permissions\": [{\"path\": \"**\", \"share_with_ai\": true}, %s]}", wrong[i]);
        assert_int_equal(read_settings(text, &settings), NEXUS_OK);
        assert_int_equal(settings.permissions.count, 0);
        assert_int_equal(problems.count, 1);
        assert_non_null(strstr(problems.items[0].message.at, "none of the rules is used"));
    }
    struct settings settings;
    assert_int_equal(read_settings("{\"permissions\": {}}", &settings), NEXUS_OK);
    assert_int_equal(problems.count, 1);
}

static void an_odd_value_is_told_and_its_default_taken(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } facts[] = {
        {"{\"debounce_ms\": 5}",
         "debounce_ms must be a whole number from 10 to 60000; 300 is used"},
        {"{\"debounce_ms\": \"300\"}",
         "debounce_ms must be a whole number from 10 to 60000; 300 is used"},
        {"{\"debounce_ms\": 300.5}",
         "debounce_ms must be a whole number from 10 to 60000; 300 is used"},
        {"{\"conflict\": \"mine\"}",
         "conflict must be \"timestamp\" or \"merge\"; \"timestamp\" is used"},
        {"{\"notify\": 1}", "notify must be true or false"},
        {"{\"ignore\": \"drafts\"}", "ignore must be an array of texts; none is used"},
        {"{\"ignore\": [\"a\", 1]}", "ignore must be an array of texts; none is used"},
        {"{\"debounce\": 300}", "no setting is called \"debounce\""},
    };
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        struct settings settings;
        assert_int_equal(read_settings(facts[i].text, &settings), NEXUS_OK);
        assert_int_equal(problems.count, 1);
        assert_string_equal(problems.items[0].message.at, facts[i].message);
        assert_int_equal(settings.debounce_ms, 300);
        assert_int_equal(settings.ignore_count, 0);
        assert_int_equal(settings.notify, 1);
    }
}

static void what_is_no_json_object_stops_the_opening(void **state)
{
    (void)state;
    struct settings settings;
    assert_int_equal(read_settings("[]", &settings), NEXUS_ERROR_INVALID);
    assert_string_equal(err.message, "'.nexus/config.json' must be a JSON object");
    assert_int_equal(read_settings("{\n  \"ignore\": [\"a\"\n}", &settings), NEXUS_ERROR_INVALID);
    assert_true(str_starts_with(str_of(err.message), STR("'.nexus/config.json', line 3: ")));
}

static int finish(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_written_means_the_defaults),
        cmocka_unit_test(what_init_writes_reads_back_as_the_defaults),
        cmocka_unit_test(values_are_taken),
        cmocka_unit_test(rules_for_permissions_are_taken),
        cmocka_unit_test(one_wrong_rule_and_none_counts),
        cmocka_unit_test(an_odd_value_is_told_and_its_default_taken),
        cmocka_unit_test(what_is_no_json_object_stops_the_opening),
    };
    return cmocka_run_group_tests(tests, NULL, finish);
}

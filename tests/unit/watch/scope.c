// SPDX-License-Identifier: MIT
#include "watch/scope.h"

#include "unit/unit.h"

static const char *const also[] = {".nexusignore", ".nexus/config.json", ".nexus/schemas/", NULL};

static const struct {
    const char *path;
    enum entry_kind kind;
    bool is_in;
} cases[] = {
    {"a.md", ENTRY_FILE, true},
    {"d", ENTRY_FOLDER, true},
    {".hidden.md", ENTRY_FILE, false},
    {"a.md~", ENTRY_FILE, false},
    {".git", ENTRY_FOLDER, false},
    {".nexusignore", ENTRY_FILE, true},
    {"d/.nexusignore", ENTRY_FILE, false},
    {".nexus", ENTRY_FOLDER, true},
    {".nexus", ENTRY_FILE, false},
    {".nexus/config.json", ENTRY_FILE, true},
    {".nexus/config.json", ENTRY_FOLDER, false},
    {".nexus/config.json.tmp", ENTRY_FILE, false},
    {".nexus/permissions.json", ENTRY_FILE, false},
    {".nexus/schemas", ENTRY_FOLDER, true},
    {".nexus/schemas/a.json", ENTRY_FILE, true},
    {".nexus/schemas/.a.json", ENTRY_FILE, false},
    {".nexus/schemas/deep", ENTRY_FOLDER, false},
    {".nexus/schemas/deep/a.json", ENTRY_FILE, false},
    {".nexus/logs", ENTRY_FOLDER, false},
    {".nexus2", ENTRY_FOLDER, false},
};

static void rules_and_exceptions_decide(void **state)
{
    (void)state;
    struct ignore *ignore = ignore_new();
    struct scope scope = {ignore, also, ".nexus/vault.sqlite"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (scope_has(&scope, str_of(cases[i].path), cases[i].kind) != cases[i].is_in)
            fail_msg("%s: not as expected", cases[i].path);
    ignore_free(ignore);
}

static void the_database_is_all_that_begins_with_its_name(void **state)
{
    (void)state;
    struct scope scope = {NULL, NULL, ".nexus/vault.sqlite"}, none = {0};
    assert_true(scope_is_database(&scope, STR(".nexus/vault.sqlite")));
    assert_true(scope_is_database(&scope, STR(".nexus/vault.sqlite-wal")));
    assert_false(scope_is_database(&scope, STR(".nexus/vault")));
    assert_false(scope_is_database(&scope, STR("vault.sqlite")));
    assert_false(scope_is_database(&none, STR("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_and_exceptions_decide),
        cmocka_unit_test(the_database_is_all_that_begins_with_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
#include "engine/registry.h"
#include "unit/unit.h"

static struct str journal_patterns[] = {{"journal/**/*.md", 15}};
static struct str all_patterns[] = {{"**/*.md", 7}, {"j?urnal/**/*.md", 15}};
static struct str todo_patterns[] = {{"todos.json", 10}};

static struct registry make_registry(void)
{
    struct registry registry = {0};
    struct registered *journal = registry_add(&registry);
    *journal = (struct registered){.name = STR("plugin.journal"),
                                   .binding = {.files = journal_patterns, .file_count = 1}};
    struct registered *all = registry_add(&registry);
    *all = (struct registered){.name = STR("plugin.all"),
                               .binding = {.files = all_patterns, .file_count = 1}};
    struct registered *todo = registry_add(&registry);
    *todo = (struct registered){.name = STR("core.todo"),
                                .binding = {.files = todo_patterns, .file_count = 1}};
    struct registered *note = registry_add(&registry);
    *note = (struct registered){.name = STR("core.note")};
    return registry;
}

static void the_longest_pattern_claims_a_file(void **state)
{
    (void)state;
    static const struct {
        const char *path, *schema;
    } facts[] = {
        {"journal/2026/monday.md", "plugin.journal"},
        {"notes/a.md", "plugin.all"},
        {"todos.json", "core.todo"},
        {"sub/todos.json", NULL},
        {"a.png", NULL},
    };
    struct registry registry = make_registry();
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        const struct registered *rival;
        const struct registered *schema = registry_claim(&registry, str_of(facts[i].path), &rival);
        assert_null(rival);
        if (!facts[i].schema)
            assert_null(schema);
        else
            assert_true(schema && str_is(schema->name, facts[i].schema));
    }
    registry_finish(&registry);
}

static void two_equally_long_patterns_are_rivals(void **state)
{
    (void)state;
    struct registry registry = make_registry();
    registry.schemas[1].binding.file_count = 2;
    const struct registered *rival;
    const struct registered *schema = registry_claim(&registry, STR("journal/a.md"), &rival);
    assert_true(str_is(schema->name, "plugin.all"));
    assert_true(rival && str_is(rival->name, "plugin.journal"));
    registry_finish(&registry);
}

static void the_kind_of_a_file_is_its_ending(void **state)
{
    (void)state;
    assert_int_equal(file_kind_of(STR("a.md")), FILE_MARKDOWN);
    assert_int_equal(file_kind_of(STR("x/A.MD")), FILE_MARKDOWN);
    assert_int_equal(file_kind_of(STR("a.json")), FILE_JSON);
    assert_int_equal(file_kind_of(STR("a.Json")), FILE_JSON);
    assert_int_equal(file_kind_of(STR("a.md.png")), FILE_ATTACHMENT);
    assert_int_equal(file_kind_of(STR("md")), FILE_ATTACHMENT);
    assert_int_equal(file_kind_of(STR("")), FILE_ATTACHMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_longest_pattern_claims_a_file),
        cmocka_unit_test(two_equally_long_patterns_are_rivals),
        cmocka_unit_test(the_kind_of_a_file_is_its_ending),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

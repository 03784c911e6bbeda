// SPDX-License-Identifier: MIT
#include "watch/ignore.h"
#include "unit/unit.h"

static void check(const struct ignore *ignore, const char *path, enum entry_kind kind,
                  const char *rule)
{
    struct str found = ignore_rule_above(ignore, str_of(path), kind);
    if (!str_is(found, rule))
        fail_msg("'%s': expected '%s', got '%.*s'", path, rule, STR_ARG(found));
}

static void what_editors_and_tools_leave_behind_is_ignored(void **state)
{
    (void)state;
    struct ignore *ignore = ignore_new();
    assert_non_null(ignore);
    check(ignore, "a.md", ENTRY_FILE, "");
    check(ignore, "notes/a.md", ENTRY_FILE, "");
    check(ignore, ".hidden.md", ENTRY_FILE, "built in: .*");
    check(ignore, ".obsidian", ENTRY_FOLDER, "built in: .*");
    check(ignore, ".obsidian/plugins/x.js", ENTRY_FILE, "built in: .*");
    check(ignore, "a.md~", ENTRY_FILE, "built in: *~");
    check(ignore, "#a.md#", ENTRY_FILE, "built in: \\#*#");
    check(ignore, ".a.md.swp", ENTRY_FILE, "built in: *.sw[nop]");
    check(ignore, "x/node_modules/y.md", ENTRY_FILE, "built in: node_modules/");
    check(ignore, "node_modules", ENTRY_FILE, "");
    check(ignore, ".nexus", ENTRY_FOLDER, "built in: .nexus");
    check(ignore, ".nexus/vault.sqlite", ENTRY_FILE, "built in: .nexus");
    check(ignore, "notes/.nexus-1f", ENTRY_FILE, "built in: .nexus-*");
    check(ignore, "C#", ENTRY_FILE, "");
    check(ignore, "1.swp", ENTRY_FILE, "built in: *.sw[nop]");
    ignore_free(ignore);
}

static void the_last_rule_that_matches_decides(void **state)
{
    (void)state;
    struct ignore *ignore = ignore_new();
    static const char rules[] = "# a comment\r\n"
                                "\n"
                                "drafts/\r\n"
                                "*.bak.md\n"
                                "/top.md\n"
                                "work/**/secret.md\n"
                                "!.github/\n"
                                "!keep.bak.md\n"
                                "!.git\n"
                                "!.nexus/\n"
                                "\\!loud.md\n"
                                "blank\\ \n"
                                "[broken\n";
    assert_int_equal(ignore_add(ignore, ".nexusignore", str_of(rules), NULL), NEXUS_OK);
    check(ignore, "drafts/a.md", ENTRY_FILE, ".nexusignore:3: drafts/");
    check(ignore, "x/drafts", ENTRY_FOLDER, ".nexusignore:3: drafts/");
    check(ignore, "drafts", ENTRY_FILE, "");
    check(ignore, "x/a.bak.md", ENTRY_FILE, ".nexusignore:4: *.bak.md");
    check(ignore, "x/keep.bak.md", ENTRY_FILE, "");
    check(ignore, "top.md", ENTRY_FILE, ".nexusignore:5: /top.md");
    check(ignore, "x/top.md", ENTRY_FILE, "");
    check(ignore, "work/a/b/secret.md", ENTRY_FILE, ".nexusignore:6: work/**/secret.md");
    check(ignore, ".github", ENTRY_FOLDER, "");
    check(ignore, ".git", ENTRY_FOLDER, "built in: .git");
    check(ignore, ".nexus", ENTRY_FOLDER, "built in: .nexus");
    check(ignore, "!loud.md", ENTRY_FILE, ".nexusignore:11: \\!loud.md");
    check(ignore, "blank ", ENTRY_FILE, ".nexusignore:12: blank\\ ");
    ignore_free(ignore);
}

/* Most names are told from most rules by their ends alone. */
static void what_stands_at_the_ends_of_a_rule_means_what_it_means(void **state)
{
    static const struct {
        const char *rule, *matches, *does_not;
    } rules[] = {
        {"[ab]x", "bx", "[x"},
        {"x[ab]", "xa", "x]"},
        {"\\*x", "*x", "ax"},
        {"x\\*", "x*", "xa"},
        {"?x", "ax", "x"},
        {"x?", "xa", "x"},
        {"\\x", "x", "\\x"},
        {"x\\", "x\\", "x"},
        {"x\\]", "x]", "x"},
        {"**/x/y", "x/y", "x/z"},
        {"x/**", "x/y", "y/x"},
        {"/x/**/y", "x/a/y", "a/x/y"},
        {"\xc3\xa9*\xc3\xa9", "\xc3\xa9\xc3\xa9", "\xc3\xa9"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        struct ignore *ignore = ignore_new();
        assert_int_equal(ignore_add(ignore, "r", str_of(rules[i].rule), NULL), NEXUS_OK);
        if (!ignore_rule(ignore, str_of(rules[i].matches), ENTRY_FILE).length)
            fail_msg("'%s' does not match '%s'", rules[i].rule, rules[i].matches);
        check(ignore, rules[i].does_not, ENTRY_FILE, "");
        ignore_free(ignore);
    }
}

static void too_many_rules_are_refused(void **state)
{
    (void)state;
    struct ignore *ignore = ignore_new();
    static char rules[2 * 10001];
    for (size_t i = 0; i < sizeof rules; i += 2) {
        rules[i] = 'a';
        rules[i + 1] = '\n';
    }
    struct nexus_error err;
    struct str text = {rules, sizeof rules};
    assert_int_equal(ignore_add(ignore, ".nexusignore", text, &err), NEXUS_ERROR_LIMIT);
    assert_string_equal(err.message, "'.nexusignore' has more than 10000 rules");
    ignore_free(ignore);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_editors_and_tools_leave_behind_is_ignored),
        cmocka_unit_test(the_last_rule_that_matches_decides),
        cmocka_unit_test(what_stands_at_the_ends_of_a_rule_means_what_it_means),
        cmocka_unit_test(too_many_rules_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

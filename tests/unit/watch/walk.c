// SPDX-License-Identifier: MIT
#include "watch/walk.h"
#include "unit/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/** Runs a shell script in a fresh folder, walks it, and returns what the walk told, a line an
 * entry. */
static struct strbuf walk_over(const char *script)
{
    char folder[] = "/tmp/nexus-unit-XXXXXX", command[4096];
    assert_non_null(mkdtemp(folder));
    snprintf(command, sizeof command, "cd '%s' && %s", folder, script);
    assert_int_equal(system(command), 0);
    int root = open(folder, O_RDONLY | O_DIRECTORY);
    struct ignore *ignore = ignore_new();
    struct walk *walk = NULL;
    assert_int_equal(walk_open(root, "", ignore, &walk, NULL), NEXUS_OK);
    struct strbuf told = {0};
    struct walk_entry entry;
    bool more;
    while (walk_next(walk, &entry, &more, NULL) == NEXUS_OK && more) {
        static const char marks[] = "+-!?";
        strbuf_addf(&told, "%c%.*s", marks[entry.verdict], STR_ARG(entry.path));
        if (entry.verdict == WALK_FILE)
            strbuf_addf(&told, " %d\n", (int)entry.print.size_bytes);
        else
            strbuf_addf(&told, " (%.*s)\n", STR_ARG(entry.reason));
    }
    walk_close(walk);
    ignore_free(ignore);
    close(root);
    snprintf(command, sizeof command, "rm -rf -- '%s'", folder);
    assert_int_equal(system(command), 0);
    return told;
}

static void paths_come_in_byte_order(void **state)
{
    (void)state;
    STRBUF_SCOPED told = walk_over("mkdir a b && printf x > a/1.md && printf xy > a.md && "
                                   "printf '' > a0 && mkdir -p b/c/d && touch b/c/d/e");
    assert_string_equal(told.at, "+a.md 2\n+a/1.md 1\n+a0 0\n+b/c/d/e 0\n");
}

static void what_is_left_alone_is_told_with_its_rule(void **state)
{
    (void)state;
    STRBUF_SCOPED told =
        walk_over("mkdir .git node_modules && touch .git/x node_modules/y a.md~ && mkfifo f.md && "
                  "ln -s /etc/passwd l.md && ln -s . loop && touch n.md");
    assert_string_equal(told.at, "-.git (built in: .git)\n"
                                 "-a.md~ (built in: *~)\n"
                                 "-f.md (built in: not a regular file)\n"
                                 "-l.md (built in: symbolic link)\n"
                                 "-loop (built in: symbolic link)\n"
                                 "+n.md 0\n"
                                 "-node_modules (built in: node_modules/)\n");
}

static void odd_names_are_names_as_far_as_they_are_utf_8(void **state)
{
    (void)state;
    STRBUF_SCOPED told = walk_over("touch \"$(printf 'a\\nb')\" \"$(printf '\\377')\" -- -x");
    assert_string_equal(told.at, "+-x 0\n+a\nb 0\n?\xFF (the name is not UTF-8)\n");
}

static void depth_has_an_end(void **state)
{
    (void)state;
    STRBUF_SCOPED told = walk_over("i=0; p=.; while [ $i -lt 300 ]; do p=$p/d; i=$((i+1)); done; "
                                   "mkdir -p $p && touch $p/x a");
    assert_true(str_starts_with(strbuf_str(&told), STR("+a 0\n-d/d/d")));
    assert_true(str_ends_with(strbuf_str(&told), STR("(built in: more than 256 folders deep)\n")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_come_in_byte_order),
        cmocka_unit_test(what_is_left_alone_is_told_with_its_rule),
        cmocka_unit_test(odd_names_are_names_as_far_as_they_are_utf_8),
        cmocka_unit_test(depth_has_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

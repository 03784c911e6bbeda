// SPDX-License-Identifier: MIT
/* Where links lead: each fact is one vault, one link, one answer. The rules are Obsidian's. */
#include "unit/store/fixture.h"

/* Notes and attachments of the vault, the note that the link stands in (always there), the link's
 * target, and the file it leads to (NULL: none). */
static const struct {
    const char *files, *source, *target, *wanted;
} facts[] = {
    /* By name alone. */
    {"b.md", "a.md", "b", "b.md"},
    {"b.md", "a.md", "b.md", "b.md"},
    {"b.md", "a.md", "B", "b.md"},
    {"B.md", "a.md", "b", "B.md"},
    {"b.MD", "a.md", "b", "b.MD"},
    {"b.md", "a.md", "b.MD", "b.md"},
    {"b.md", "a.md", "c", NULL},
    {"b.md", "a.md", "a", "a.md"},
    {"x/y/z/b.md", "a.md", "b", "x/y/z/b.md"},
    {"b.md", "x/y/a.md", "b", "b.md"},
    {"bb.md ab.md", "a.md", "b", NULL},
    {"b/c.md", "a.md", "b", NULL},
    {"b.txt", "a.md", "b", NULL},
    {"b", "a.md", "b", "b"},
    {"b b.md", "a.md", "b", "b.md"},
    /* Attachments need their extension. */
    {"b.png", "a.md", "b.png", "b.png"},
    {"img/b.png", "a.md", "b.png", "img/b.png"},
    {"img/B.PNG", "a.md", "b.png", "img/B.PNG"},
    {"b.png", "a.md", "b", NULL},
    {"b.png.md", "a.md", "b.png", "b.png.md"},
    {"b.png b.png.md", "a.md", "b.png", "b.png"},
    {"b.png b.png.md", "a.md", "b.png.md", "b.png.md"},
    {"todos.json", "a.md", "todos.json", "todos.json"},
    {"todos.json", "a.md", "todos", NULL},
    /* A dot in a note's name. */
    {"v1.2.md", "a.md", "v1.2", "v1.2.md"},
    {"v1.2.md", "a.md", "v1", NULL},
    {"b.md.md", "a.md", "b.md", NULL},
    {"b.md.md", "a.md", "b.md.md", "b.md.md"},
    /* An exact path from the root wins, even over a file beside the note. */
    {"b.md x/b.md", "x/a.md", "b", "b.md"},
    {"y/b.md x/y/b.md", "x/a.md", "y/b", "y/b.md"},
    {"x/b.md", "a.md", "x/b", "x/b.md"},
    {"x/b.md", "a.md", "X/B", "x/b.md"},
    {"x/b.md", "a.md", "x/b.md", "x/b.md"},
    {"x/b.md", "a.md", "y/b", NULL},
    /* Then the note's own folder; a folder above counts for nothing. */
    {"x/b.md y/b.md", "y/a.md", "b", "y/b.md"},
    {"z/b.md zz/b.md", "zz/deep/a.md", "b", "z/b.md"},
    {"x/y/b.md z/y/b.md", "z/a.md", "y/b", "z/y/b.md"},
    {"x/i/p.png y/i/p.png", "y/a.md", "i/p.png", "y/i/p.png"},
    /* Then the shortest path as a text (not by components), then the alphabet. */
    {"xx/b.md y/b.md", "a.md", "b", "y/b.md"},
    {"x/y/b.md zzzz/b.md", "a.md", "b", "x/y/b.md"},
    {"x/b.md y/b.md", "a.md", "b", "x/b.md"},
    {"Y/b.md x/b.md", "a.md", "b", "x/b.md"},
    {"x/b.md x/y/b.md", "a.md", "b", "x/b.md"},
    /* The end of a path, at a component's border. */
    {"x/y/b.md", "a.md", "y/b", "x/y/b.md"},
    {"x/yy/b.md", "a.md", "y/b", NULL},
    {"x/y/b.md z/w/y/b.md", "a.md", "y/b", "x/y/b.md"},
    {"x/y/b.md b.md", "a.md", "y/b", "x/y/b.md"},
    /* "./" and "../" mean the note's own folder and nothing else. */
    {"x/b.md", "x/a.md", "./b", "x/b.md"},
    {"x/b.md", "x/a.md", "./b.md", "x/b.md"},
    {"y/b.md", "x/a.md", "./b", NULL},
    {"b.md", "x/a.md", "./b", NULL},
    {"b.md", "x/a.md", "../b", "b.md"},
    {"x/b.md", "x/y/a.md", "../b.md", "x/b.md"},
    {"y/b.md", "x/a.md", "../y/b", "y/b.md"},
    {"b.md", "a.md", "../b", NULL},
    {"b.md", "x/a.md", "../../b", NULL},
    {"x/i/p.png", "x/a.md", "./i/p.png", "x/i/p.png"},
    {"x/b.md", "a.md", "x/../x/./b", "x/b.md"},
    {"b.md", "a.md", "x/../b", "b.md"},
    {"b.md", "x/a.md", ".././b", "b.md"},
    /* "/" means the vault's root and nothing else. */
    {"b.md x/b.md", "x/a.md", "/b", "b.md"},
    {"x/b.md", "a.md", "/x/b.md", "x/b.md"},
    {"x/b.md", "x/a.md", "/b", NULL},
    {"x/y/b.md", "a.md", "/y/b", NULL},
    /* Folders are no files. */
    {"x/b.md x.md", "a.md", "x/", NULL},
    {"x/b.md x.md", "x/a.md", "..", NULL},
    {"x/b.md", "x/a.md", ".", NULL},
    {"x/b.md", "a.md", "/", NULL},
    {"b.md", "a.md", "//b", "b.md"},
    {"x/b.md", "a.md", "x//b", "x/b.md"},
    /* Other letters than English ones: NFC and full case folding. */
    {"\xC3\x89t\xC3\xA9.md", "a.md", "\xC3\xA9T\xC3\x89", "\xC3\x89t\xC3\xA9.md"},
    {"e\xCC\x81t\xC3\xA9.md", "a.md", "\xC3\xA9t\xC3\xA9", "e\xCC\x81t\xC3\xA9.md"},
    {"Stra\xC3\x9F"
     "e.md",
     "a.md", "STRASSE",
     "Stra\xC3\x9F"
     "e.md"},
    {"\xE7\xAC\x94\xE8\xAE\xB0.md", "a.md", "\xE7\xAC\x94\xE8\xAE\xB0",
     "\xE7\xAC\x94\xE8\xAE\xB0.md"},
    {"\xFF\xFE.md", "a.md", "\xFF\xFE", "\xFF\xFE.md"}, /* not UTF-8 at all */
    {"x/\xC3\x89/b.md", "x/\xC3\x89/a.md", "./b", "x/\xC3\x89/b.md"},
    /* Files that differ in case alone: the one written as the link is, else the smaller path. */
    {"b.md B.md", "a.md", "b", "b.md"},
    {"b.md B.md", "a.md", "B", "B.md"},
    {"b.md B.md", "a.md", "B.md", "B.md"},
    {"bB.md BB.md", "a.md", "bb", "BB.md"},
    /* Aliases come after names, and are whole. "Al" is the alias of alias.md, "Na/Me" of other.md.
     */
    {"", "a.md", "Al", "alias.md"},
    {"", "a.md", "AL", "alias.md"},
    {"al.md", "a.md", "Al", "al.md"},
    {"x/y/al.md", "a.md", "Al", "x/y/al.md"},
    {"", "a.md", "na/me", "other.md"},
    {"", "a.md", "me", NULL},
    {"", "a.md", "./Al", NULL},
    {"", "a.md", "/Al", NULL},
    {"", "a.md", "alias", "alias.md"},
    /* The note itself. */
    {"", "x/a.md", "", "x/a.md"},
};

static void put_files(const char *names)
{
    char copy[256];
    snprintf(copy, sizeof copy, "%s", names);
    for (char *name = strtok(copy, " "); name; name = strtok(NULL, " "))
        put_file(name);
}

enum order { TARGETS_FIRST, TARGETS_LAST };

static void check_facts(enum order order)
{
    for (size_t i = 0; i < COUNT(facts); i++) {
        const char *const targets[] = {facts[i].target, NULL};
        assert_int_equal(make_store(NULL), 0);
        for (int step = 0; step < 2; step++) {
            begin();
            if ((step == 0) == (order == TARGETS_FIRST)) {
                put_files(facts[i].files);
                put_linking_note("alias.md", "Al", NULL);
                put_linking_note("other.md", "Na/Me", NULL);
            } else {
                put_linking_note(facts[i].source, NULL, targets);
            }
            commit();
        }
        const char *found = ask("SELECT target_path FROM links");
        const char *wanted = facts[i].wanted ? facts[i].wanted : "\xE2\x88\x85";
        if (strcmp(found, wanted) != 0)
            fail_msg("fact %zu: [[%s]] in %s of '%s' leads to %s, not to %s", i, facts[i].target,
                     facts[i].source, facts[i].files, found, wanted);
        TELLS("SELECT (SELECT count(*) FROM unresolved_links) = (target_path IS NULL) FROM links",
              "1");
        remove_store(NULL);
    }
}

static void links_to_files_that_are_there_lead_where_obsidian_has_them(void **state)
{
    (void)state;
    check_facts(TARGETS_FIRST);
}

static void links_written_before_their_target_find_it_when_it_comes(void **state)
{
    (void)state;
    check_facts(TARGETS_LAST);
}

static const char *const to_b[] = {"b", NULL};

static void a_link_looks_elsewhere_when_its_target_goes(void **state)
{
    (void)state;
    begin();
    put_linking_note("a.md", NULL, to_b);
    put_linking_note("x/b.md", NULL, NULL);
    put_linking_note("yy/b.md", NULL, NULL);
    put_linking_note("c.md", "b", NULL);
    commit();
    TELLS("SELECT target_path FROM links", "x/b.md");
    begin();
    delete_file("x/b.md");
    commit();
    TELLS("SELECT target_path FROM links", "yy/b.md");
    begin();
    move_file("yy/b.md", "yy/z.md");
    commit();
    TELLS("SELECT target_path FROM links", "c.md");
    begin();
    put_linking_note("c.md", "d", NULL);
    commit();
    TELLS("SELECT target FROM unresolved_links", "b");
    begin();
    put_file("b.md");
    commit();
    TELLS("SELECT target_path FROM links", "b.md");
}

static void a_better_candidate_takes_the_link_over(void **state)
{
    (void)state;
    begin();
    put_linking_note("n/a.md", NULL, to_b);
    put_file("long/b.md");
    commit();
    static const char *const better[] = {"x/y/b.md", "z/b.md", "n/b.md", "b.md"};
    for (size_t i = 0; i < COUNT(better); i++) {
        begin();
        put_file(better[i]);
        commit();
        TELLS("SELECT target_path FROM links", better[i]);
    }
}

static void only_links_that_lead_elsewhere_are_written(void **state)
{
    (void)state;
    begin();
    put_linking_note("a.md", NULL, to_b);
    put_file("b.md");
    commit();
    begin();
    int64_t before = store_written_rows(store);
    put_file("long/b.md");
    int64_t put = store_written_rows(store);
    commit();
    assert_true(put > before);
    assert_int_equal(store_written_rows(store), put);
}

static void a_note_that_moves_takes_its_relative_links_along(void **state)
{
    (void)state;
    static const char *const targets[] = {"./b", "b", NULL};
    begin();
    put_linking_note("x/a.md", NULL, targets);
    put_file("x/b.md");
    put_file("y/b.md");
    commit();
    TELLS("SELECT target_path FROM links ORDER BY start, target", "x/b.md|x/b.md");
    begin();
    move_file("x/a.md", "y/a.md");
    commit();
    TELLS("SELECT target_path FROM links", "y/b.md|y/b.md");
}

static void backlinks_and_orphans_leave_links_to_oneself_out(void **state)
{
    (void)state;
    static const char *const targets[] = {"", "b", "a", "b", NULL};
    begin();
    put_linking_note("a.md", NULL, targets);
    put_linking_note("b.md", NULL, NULL);
    put_linking_note("c.md", NULL, NULL);
    put_file("pic.png");
    commit();
    TELLS("SELECT source_path FROM backlinks WHERE path = 'b.md'", "a.md|a.md");
    TELLS("SELECT count(*) FROM backlinks WHERE path = 'a.md'", "0");
    TELLS("SELECT path FROM orphans ORDER BY 1", "a.md|c.md");
    TELLS(
        "SELECT count(*) FROM links WHERE target_id = (SELECT id FROM objects WHERE path = 'b.md')",
        "2");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_store, remove_store)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links_to_files_that_are_there_lead_where_obsidian_has_them),
        cmocka_unit_test(links_written_before_their_target_find_it_when_it_comes),
        TEST(a_link_looks_elsewhere_when_its_target_goes),
        TEST(a_better_candidate_takes_the_link_over),
        TEST(only_links_that_lead_elsewhere_are_written),
        TEST(a_note_that_moves_takes_its_relative_links_along),
        TEST(backlinks_and_orphans_leave_links_to_oneself_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

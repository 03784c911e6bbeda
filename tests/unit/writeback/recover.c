// SPDX-License-Identifier: MIT
#include "writeback/recover.h"

#include "unit/writeback/fixture.h"
#include "writeback/temporary.h"

#define OLD RECOVER_BASE
#define NEW RECOVER_NEW
#define THEIRS RECOVER_OTHER
#define NONE RECOVER_MISSING

static const struct {
    bool is_new;
    enum recover_seen path, temporary;
    enum recover_state state;
    enum recover_step step;
    bool is_untouched;
} decisions[] = {
    /* clang-format off */
    /* before the exchange */
    {false, OLD,    NEW,    RECOVER_DONE,    RECOVER_FINISH,    false},
    {false, THEIRS, NEW,    RECOVER_CHANGED, RECOVER_REMOVE,    true},
    {false, NONE,   NEW,    RECOVER_GONE,    RECOVER_REMOVE,    true},
    /* after it */
    {false, NEW,    OLD,    RECOVER_DONE,    RECOVER_REMOVE,    false},
    {false, NEW,    THEIRS, RECOVER_DONE,    RECOVER_HAND_OVER, false},
    {false, THEIRS, OLD,    RECOVER_CHANGED, RECOVER_REMOVE,    false},
    {false, THEIRS, THEIRS, RECOVER_CHANGED, RECOVER_HAND_OVER, false},
    {false, NONE,   OLD,    RECOVER_GONE,    RECOVER_REMOVE,    false},
    {false, NONE,   THEIRS, RECOVER_GONE,    RECOVER_HAND_OVER, false},
    {false, OLD,    THEIRS, RECOVER_UNDONE,  RECOVER_HAND_OVER, true},
    {false, OLD,    OLD,    RECOVER_UNDONE,  RECOVER_REMOVE,    true},
    {false, NEW,    NEW,    RECOVER_DONE,    RECOVER_REMOVE,    false},
    /* nothing was begun, or all is done */
    {false, OLD,    NONE,   RECOVER_UNDONE,  RECOVER_LEAVE,     true},
    {false, NEW,    NONE,   RECOVER_DONE,    RECOVER_LEAVE,     false},
    {false, THEIRS, NONE,   RECOVER_CHANGED, RECOVER_LEAVE,     false},
    {false, NONE,   NONE,   RECOVER_GONE,    RECOVER_LEAVE,     false},
    /* a new file */
    {true,  NONE,   NEW,    RECOVER_DONE,    RECOVER_FINISH,    false},
    {true,  NONE,   NONE,   RECOVER_UNDONE,  RECOVER_LEAVE,     true},
    {true,  NEW,    NONE,   RECOVER_DONE,    RECOVER_LEAVE,     false},
    {true,  NEW,    NEW,    RECOVER_DONE,    RECOVER_REMOVE,    false},
    {true,  THEIRS, NEW,    RECOVER_CHANGED, RECOVER_REMOVE,    true},
    {true,  THEIRS, NONE,   RECOVER_CHANGED, RECOVER_LEAVE,     false},
    {true,  NONE,   THEIRS, RECOVER_UNDONE,  RECOVER_HAND_OVER, true},
    {true,  NEW,    THEIRS, RECOVER_DONE,    RECOVER_HAND_OVER, false},
    {true,  THEIRS, THEIRS, RECOVER_CHANGED, RECOVER_HAND_OVER, false},
    /* clang-format on */
};

static void every_state_has_its_decision(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(decisions); i++) {
        struct recover_plan plan =
            recover_decide(decisions[i].is_new, decisions[i].path, decisions[i].temporary);
        if (plan.state != decisions[i].state || plan.step != decisions[i].step ||
            plan.is_untouched != decisions[i].is_untouched)
            fail_msg("decision %zu is state %d, step %d, untouched %d", i, (int)plan.state,
                     (int)plan.step, plan.is_untouched);
    }
}

static const char *text_of(enum recover_seen seen)
{
    static const char *const texts[] = {[OLD] = "old", [NEW] = "new", [THEIRS] = "theirs"};
    return texts[seen];
}

static enum nexus_status recover(bool is_new, const char *temporary, struct recovery *recovery)
{
    struct hash old = hash_of_text("old");
    const struct recover_intent intent = {
        .path = "d/a.md",
        .temporary = temporary,
        .base = is_new ? NULL : &old,
        .before = STR("old"),
        .wanted = hash_of_text("new"),
    };
    return replace_recover(&replacer, &intent, START_NS, recovery, NULL);
}

static void put(const char *path, enum recover_seen seen)
{
    if (seen != NONE)
        save(path, text_of(seen));
}

static void each_is_carried_out_and_twice_is_the_same(void **state)
{
    (void)state;
    assert_int_equal(mkdirat(root, "d", 0755), 0);
    for (size_t i = 0; i < COUNT(decisions); i++) {
        struct recovery recovery, again;
        struct told told = {0};
        put("d/a.md", decisions[i].path);
        put("d/.nexus-x", decisions[i].temporary);
        assert_int_equal(recover(decisions[i].is_new, ".nexus-x", &recovery), NEXUS_OK);
        assert_int_equal(recovery.state, decisions[i].state);
        assert_int_equal(recovery.is_untouched, decisions[i].is_untouched);
        assert_int_equal(recovery.has_theirs, decisions[i].step == RECOVER_HAND_OVER);
        if (recovery.has_theirs)
            assert_string_equal(recovery.theirs.at, "theirs");
        if (recovery.state == RECOVER_DONE)
            assert_holds("d/a.md", "new");
        if (recovery.state == RECOVER_CHANGED)
            assert_holds("d/a.md", "theirs");
        assert_int_equal(settle(INT64_MAX - 1, &told), NEXUS_OK);
        assert_missing("d/.nexus-x");
        assert_int_equal(recover(decisions[i].is_new, ".nexus-x", &again), NEXUS_OK);
        assert_int_equal(again.state, recovery.state);
        assert_false(again.has_theirs);
        recovery_finish(&recovery);
        unlinkat(root, "d/a.md", 0);
    }
}

static void what_was_renamed_aside_comes_back(void **state)
{
    (void)state;
    static const struct {
        enum recover_seen path, temporary, aside;
        enum recover_state state;
        bool has_theirs;
        const char *holds;
        bool is_untouched;
    } facts[] = {
        {NONE, NEW, OLD, RECOVER_DONE, false, "new", false}, /* stopped in the middle */
        {NONE, NEW, THEIRS, RECOVER_CHANGED, false, "theirs", true},
        {NEW, NONE, OLD, RECOVER_DONE, false, "new", false},
        {THEIRS, NEW, OLD, RECOVER_CHANGED, false, "theirs", false},
        {THEIRS, NEW, THEIRS, RECOVER_CHANGED, true, "theirs", true},
    };
    assert_int_equal(mkdirat(root, "d", 0755), 0);
    for (size_t i = 0; i < COUNT(facts); i++) {
        struct recovery recovery;
        struct told told = {0};
        unlinkat(root, "d/a.md", 0);
        put("d/a.md", facts[i].path);
        put("d/.nexus-x", facts[i].temporary);
        put("d/.nexus-x-old", facts[i].aside);
        assert_int_equal(recover(false, ".nexus-x", &recovery), NEXUS_OK);
        assert_int_equal(recovery.state, facts[i].state);
        assert_int_equal(recovery.has_theirs, facts[i].has_theirs);
        assert_int_equal(recovery.is_untouched, facts[i].is_untouched);
        assert_holds("d/a.md", facts[i].holds);
        recovery_finish(&recovery);
        assert_int_equal(settle(INT64_MAX - 1, &told), NEXUS_OK);
        assert_missing("d/.nexus-x");
        assert_missing("d/.nexus-x-old");
    }
}

static void a_folder_that_is_gone_took_all_with_it(void **state)
{
    (void)state;
    struct recovery recovery;
    assert_int_equal(recover(false, ".nexus-x", &recovery), NEXUS_OK);
    assert_int_equal(recovery.state, RECOVER_GONE);
    assert_false(recovery.is_untouched);
    assert_int_equal(recover(true, ".nexus-x", &recovery), NEXUS_OK);
    assert_int_equal(recovery.state, RECOVER_UNDONE);
}

static void one_in_place_is_told_by_the_file_alone(void **state)
{
    (void)state;
    static const enum recover_state states[] = {
        [OLD] = RECOVER_UNDONE, [NEW] = RECOVER_DONE, [THEIRS] = RECOVER_CHANGED};
    assert_int_equal(mkdirat(root, "d", 0755), 0);
    for (size_t i = OLD; i < RECOVER_SEEN_COUNT; i++) {
        struct recovery recovery;
        put("d/a.md", (enum recover_seen)i);
        assert_int_equal(recover(false, "", &recovery), NEXUS_OK);
        assert_int_equal(recovery.state, states[i]);
        assert_int_equal(recovery.is_untouched, states[i] == RECOVER_UNDONE);
    }
}

/** Where the program that wrote in place ended, by what it left. */
static void one_with_a_spare_is_made_whole(void **state)
{
    (void)state;
    static const struct {
        const char *found, *spare;
        enum recover_state state;
        const char *holds;
    } facts[] = {
        {"old", "new", RECOVER_UNDONE, "old"},        /* before the first byte */
        {"ned", "new", RECOVER_DONE, "new"},          /* torn */
        {"new", "new", RECOVER_DONE, "new"},          /* before the spare went */
        {"new", NULL, RECOVER_DONE, "new"},           /* after */
        {"theirs", "new", RECOVER_CHANGED, "theirs"}, /* saved since */
        {"ned", NULL, RECOVER_CHANGED, "ned"},        /* somebody took the spare away */
        {NULL, "new", RECOVER_GONE, NULL},
    };
    char name[TEMPORARY_SIZE], place[TEMPORARY_SIZE + 8];
    struct hash old = hash_of_text("old");
    temporary_name(&old, hash_of_text("new"), UINT64_MAX, name);
    temporary_make_spare(name);
    snprintf(place, sizeof place, "apart/%s", name);
    assert_int_equal(mkdirat(root, "d", 0755), 0);
    assert_int_equal(mkdirat(root, "apart", 0755), 0);
    for (size_t i = 0; i < COUNT(facts); i++) {
        struct recovery recovery;
        if (facts[i].found) {
            save("d/a.md", facts[i].found);
            assert_int_equal(linkat(root, "d/a.md", root, "other", 0), 0);
        }
        if (facts[i].spare)
            save(place, facts[i].spare);
        for (int again = 0; again < 2; again++) {
            assert_int_equal(recover(false, place, &recovery), NEXUS_OK);
            assert_int_equal(recovery.state, facts[i].state);
            assert_false(recovery.has_theirs);
            assert_missing(place);
        }
        if (facts[i].holds) {
            assert_holds("d/a.md", facts[i].holds);
            assert_holds("other", facts[i].holds); /* it is one file still */
        }
        unlinkat(root, "d/a.md", 0);
        unlinkat(root, "other", 0);
    }
}

static void a_torn_file_is_told_from_an_edited_one(void **state)
{
    (void)state;
    static const struct {
        const char *found, *before, *after;
        bool is_torn;
    } facts[] = {
        {"NEW one", "old one", "NEW ONE", true},
        {"NEW ONE", "old one", "NEW ONE", true},
        {"old one", "old one", "NEW ONE", true},
        {"old two", "old one", "NEW ONE", false},
        {"NEW two", "old one", "NEW ONE", false},
        {"NEW ONE, l", "old", "NEW ONE, longer", true},
        {"NEWer version", "older version", "NEW", true},
        {"NE", "old", "NEW", false},
        {"", "old", "NEW", false},
    };
    for (size_t i = 0; i < COUNT(facts); i++)
        if (recover_is_torn(str_of(facts[i].found), str_of(facts[i].before),
                            str_of(facts[i].after)) != facts[i].is_torn)
            fail_msg("'%s' is %storn", facts[i].found, facts[i].is_torn ? "not " : "");
    static char before[9000], after[9000], found[9000];
    memset(before, 'b', sizeof before);
    memset(after, 'a', sizeof after);
    memset(found, 'b', sizeof found);
    memset(found + 4096, 'a', 4096); /* the middle block alone reached the disk */
    struct str was = {before, sizeof before}, is = {after, sizeof after};
    assert_true(recover_is_torn((struct str){found, sizeof found}, was, is));
    found[5000] = 'x';
    assert_false(recover_is_torn((struct str){found, sizeof found}, was, is));
}

static void a_temporary_file_tells_by_its_name_what_it_is(void **state)
{
    (void)state;
    char name[TEMPORARY_SIZE], aside[TEMPORARY_SIZE];
    struct hash old = hash_of_text("old"), new = hash_of_text("new");
    struct str text = str_of(temporary_name(&old, new, UINT64_MAX, name));
    assert_int_equal(temporary_judge(text, new), TEMPORARY_NEW);
    assert_int_equal(temporary_judge(text, old), TEMPORARY_BASE);
    assert_int_equal(temporary_judge(text, hash_of_text("theirs")), TEMPORARY_OTHER);
    assert_int_equal(temporary_judge(str_of(temporary_aside(name, aside)), old), TEMPORARY_BASE);
    assert_true(strlen(aside) == strlen(name) + 4);
    temporary_make_spare(name);
    assert_true(temporary_is_spare(name));
    assert_false(temporary_is_spare(aside));
    assert_int_equal(temporary_judge(str_of(name), new), TEMPORARY_NEW);
    assert_int_equal(temporary_judge(str_of(temporary_part(name, aside)), old), TEMPORARY_NEW);
    assert_int_equal(temporary_judge(str_of(temporary_name(NULL, new, 0, name)), new),
                     TEMPORARY_NEW);
    static const char *const foreign[] = {"",
                                          ".nexus-",
                                          ".nexus-123-456",
                                          "notes.md",
                                          ".nexus-0123456789abcdef-0123456789abcdef",
                                          ".nexus-0123456789abcdef.0123456789abcdef-1",
                                          ".nexus-0123456789abcdef-0123456789abcdef.1"};
    for (size_t i = 0; i < COUNT(foreign); i++)
        assert_int_equal(temporary_judge(str_of(foreign[i]), new), TEMPORARY_FOREIGN);
}

#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_has_its_decision),
        IN_A_FOLDER(each_is_carried_out_and_twice_is_the_same),
        IN_A_FOLDER(what_was_renamed_aside_comes_back),
        IN_A_FOLDER(a_folder_that_is_gone_took_all_with_it),
        IN_A_FOLDER(one_in_place_is_told_by_the_file_alone),
        IN_A_FOLDER(one_with_a_spare_is_made_whole),
        cmocka_unit_test(a_torn_file_is_told_from_an_edited_one),
        cmocka_unit_test(a_temporary_file_tells_by_its_name_what_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

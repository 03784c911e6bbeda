// SPDX-License-Identifier: MIT
#include "unit/writeback/fixture.h"

static char temporary[64];

/** Replaces a.md; what it held before is in the quarantine then. */
static void displace(const char *before, const char *after)
{
    struct replacement *replacement;
    save("a.md", before);
    assert_int_equal(prepare("a.md", before, after, &replacement), NEXUS_OK);
    snprintf(temporary, sizeof temporary, "%s", replacement_temporary(replacement));
    assert_int_equal(commit(replacement), NEXUS_OK);
    assert_holds(temporary, before);
}

static void what_nobody_writes_to_goes_after_five_seconds(void **state)
{
    (void)state;
    struct told told = {0};
    assert_true(quarantine_due(&replacer.quarantine) == INT64_MAX);
    displace("old", "new");
    int64_t due = START_NS + 5 * NS_PER_S;
    assert_int_equal(quarantine_due(&replacer.quarantine), due);
    assert_int_equal(settle(due - 1, &told), NEXUS_OK);
    assert_holds(temporary, "old");
    assert_int_equal(settle(due, &told), NEXUS_OK);
    assert_int_equal(told.done, 1);
    assert_string_equal(told.path, "a.md");
    assert_missing(temporary);
    assert_true(quarantine_due(&replacer.quarantine) == INT64_MAX);
}

static void a_late_save_is_handed_back(void **state)
{
    (void)state;
    struct told told = {0};
    displace("old", "new");
    save(temporary, "late");
    assert_int_equal(settle(START_NS + 5 * NS_PER_S, &told), NEXUS_OK);
    assert_int_equal(told.late, 1);
    assert_string_equal(told.bytes, "late");
    assert_holds("a.md", "new");
    /* Its writer may go on … */
    save(temporary, "later");
    assert_int_equal(settle(START_NS + 10 * NS_PER_S, &told), NEXUS_OK);
    assert_int_equal(told.late, 2);
    assert_string_equal(told.bytes, "later");
    /* … or not. */
    assert_int_equal(settle(START_NS + 15 * NS_PER_S, &told), NEXUS_OK);
    assert_int_equal(told.late, 2);
    assert_int_equal(told.done, 1);
    assert_missing(temporary);
}

static void a_late_save_that_could_not_be_kept_is_offered_again(void **state)
{
    (void)state;
    struct told told = {.answer = NEXUS_ERROR_NO_SPACE};
    displace("old", "new");
    save(temporary, "late");
    assert_int_equal(settle(START_NS + 5 * NS_PER_S, &told), NEXUS_ERROR_NO_SPACE);
    assert_holds(temporary, "late");
    told.answer = NEXUS_OK;
    assert_int_equal(settle(START_NS + 10 * NS_PER_S, &told), NEXUS_OK);
    assert_int_equal(told.late, 2);
    assert_int_equal(settle(START_NS + 15 * NS_PER_S, &told), NEXUS_OK);
    assert_int_equal(told.done, 1);
}

static void what_is_doubted_comes_as_a_late_save(void **state)
{
    (void)state;
    struct told told = {0};
    displace("old", "new");
    quarantine_doubt(&replacer.quarantine, STR("b.md"));
    quarantine_doubt(&replacer.quarantine, STR("a.md"));
    assert_int_equal(settle(START_NS + 5 * NS_PER_S, &told), NEXUS_OK);
    assert_int_equal(told.late, 1);
    assert_string_equal(told.bytes, "old");
    assert_int_equal(settle(START_NS + 10 * NS_PER_S, &told), NEXUS_OK);
    assert_int_equal(told.done, 1);
    assert_missing(temporary);
}

static void what_somebody_has_open_stays_on(void **state)
{
    (void)state;
    struct told told = {0};
    displace("old", "new");
    int writer = openat(root, temporary, O_WRONLY);
    int64_t now = START_NS;
    for (int i = 0; i < 10; i++) {
        now = quarantine_due(&replacer.quarantine);
        assert_int_equal(settle(now, &told), NEXUS_OK);
    }
    assert_true(quarantine_due(&replacer.quarantine) - now <= 300 * NS_PER_S);
    assert_true(quarantine_due(&replacer.quarantine) - now > 5 * NS_PER_S);
    assert_int_equal(told.done + told.late, 0);
    assert_int_equal(write(writer, "OLD", 3), 3);
    close(writer);
    assert_int_equal(settle(quarantine_due(&replacer.quarantine), &told), NEXUS_OK);
    assert_string_equal(told.bytes, "OLD");
}

static void a_folder_that_moved_is_told_of(void **state)
{
    (void)state;
    struct told told = {0};
    assert_int_equal(mkdirat(root, "d", 0755), 0);
    save("d/a.md", "old");
    assert_int_equal(replace("d/a.md", "old", "new"), NEXUS_OK);
    assert_int_equal(renameat(root, "d", root, "e"), 0);
    assert_int_equal(settle(START_NS + 5 * NS_PER_S, &told), NEXUS_OK);
    assert_int_equal(told.lost, 1);
    assert_string_equal(told.path, "d/a.md");
}

static void they_are_looked_at_in_the_order_of_their_times(void **state)
{
    (void)state;
    static const int seconds[] = {7, 3, 9, 1, 8, 2, 6, 5, 4, 0};
    struct told told = {0};
    struct hash hash = hash_of_text("x");
    for (size_t i = 0; i < COUNT(seconds); i++) {
        char name[16], path[16];
        snprintf(name, sizeof name, ".nexus-%d", seconds[i]);
        snprintf(path, sizeof path, "%d.md", seconds[i]);
        save(name, "x");
        const struct quarantine_item item = {.path = path, .temporary = name, .content = &hash};
        assert_int_equal(quarantine_add(&replacer.quarantine, &item, seconds[i] * NS_PER_S, NULL),
                         NEXUS_OK);
    }
    for (int i = 0; i < (int)COUNT(seconds); i++) {
        char path[16];
        snprintf(path, sizeof path, "%d.md", i);
        assert_int_equal(settle((5 + i) * NS_PER_S, &told), NEXUS_OK);
        assert_int_equal(told.done, i + 1);
        assert_string_equal(told.path, path);
    }
}

static void what_cannot_be_read_is_left(void **state)
{
    (void)state;
    struct told told = {0};
    displace("old", "new");
    int fd = openat(root, temporary, O_WRONLY);
    assert_int_equal(ftruncate(fd, LIMIT_BYTES + 1), 0);
    close(fd);
    assert_int_equal(settle(START_NS + 5 * NS_PER_S, &told), NEXUS_OK);
    assert_int_equal(told.unreadable, 1);
    assert_int_equal(count_temporaries(), 1);
}

#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(what_nobody_writes_to_goes_after_five_seconds),
        IN_A_FOLDER(a_late_save_is_handed_back),
        IN_A_FOLDER(a_late_save_that_could_not_be_kept_is_offered_again),
        IN_A_FOLDER(what_is_doubted_comes_as_a_late_save),
        IN_A_FOLDER(what_somebody_has_open_stays_on),
        IN_A_FOLDER(a_folder_that_moved_is_told_of),
        IN_A_FOLDER(they_are_looked_at_in_the_order_of_their_times),
        IN_A_FOLDER(what_cannot_be_read_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

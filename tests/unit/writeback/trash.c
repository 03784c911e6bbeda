// SPDX-License-Identifier: MIT
#include "writeback/trash.h"

#include "base/utf8.h"
#include "unit/writeback/fixture.h"
#include "writeback/move.h"

#include <sys/stat.h>

#define WHEN_NS (INT64_C(1768473000) * NS_PER_S) /* 2026-01-15 10:30:00 */

static struct trash_outcome trashed;

static int make_place(void **state)
{
    trashed = (struct trash_outcome){0};
    return make_folder(state);
}

static int remove_place(void **state)
{
    trash_outcome_finish(&trashed);
    return remove_folder(state);
}

static enum nexus_status put(const char *path, const char *expected)
{
    struct hash hash = hash_of_text(expected);
    trash_outcome_finish(&trashed);
    return trash_put(&replacer, path, &hash, ".nexus/trash", WHEN_NS, START_NS, &trashed, NULL);
}

static void make_folders(const char *path)
{
    int fd = -1;
    const char *name;
    size_t there;
    assert_int_equal(folder_make(root, path, &fd, &name, &there, NULL), NEXUS_OK);
    close(fd);
}

static void the_trash_keeps_the_path(void **state)
{
    (void)state;
    make_folders("notes/work/a.md");
    save("notes/work/a.md", "old");
    assert_int_equal(put("notes/work/a.md", "old"), NEXUS_OK);
    assert_string_equal(trashed.path.at, ".nexus/trash/notes/work/a.md");
    assert_missing("notes/work/a.md");
    assert_holds(".nexus/trash/notes/work/a.md", "old");
}

static void nothing_in_the_trash_is_overwritten(void **state)
{
    (void)state;
    static const char *const paths[] = {
        ".nexus/trash/d/a.md",
        ".nexus/trash/d/a (2026-01-15 103000).md",
        ".nexus/trash/a (2026-01-15 103000 2).md",
        ".nexus/trash/d/a (2026-01-15 103000 3).md",
    };
    char text[] = "0";
    make_folders("d/a.md");
    for (size_t i = 0; i < COUNT(paths); i++, text[0]++) {
        save("d/a.md", text);
        assert_int_equal(put("d/a.md", text), NEXUS_OK);
        assert_string_equal(trashed.path.at, paths[i]);
    }
    text[0] = '0';
    for (size_t i = 0; i < COUNT(paths); i++, text[0]++)
        assert_holds(paths[i], text);
}

static void a_file_may_have_the_name_of_a_folder_that_was_deleted(void **state)
{
    (void)state;
    save("a", "file");
    assert_int_equal(put("a", "file"), NEXUS_OK);
    make_folders("a/b.md");
    save("a/b.md", "below");
    assert_int_equal(put("a/b.md", "below"), NEXUS_OK);
    assert_string_equal(trashed.path.at, ".nexus/trash/b (2026-01-15 103000 2).md");
    assert_holds(".nexus/trash/a", "file");
    assert_holds(trashed.path.at, "below");
}

static void names_stay_within_their_limit(void **state)
{
    (void)state;
    char name[256];
    memset(name, 'n', 255);
    memcpy(name + 250, "\xC3\xA9.md", 6);
    for (int i = 0; i < 3; i++) {
        save(name, "old");
        assert_int_equal(put(name, "old"), NEXUS_OK);
        assert_holds(trashed.path.at, "old");
        assert_true(str_ends_with(strbuf_str(&trashed.path), STR(".md")));
    }
    assert_true(str_find_str(strbuf_str(&trashed.path), STR("~")) != STR_NONE);
}

/* With one byte before them, letters of two bytes begin at odd places: of each two names one would
 * be cut within a letter. */
static void a_long_name_is_cut_between_characters(void **state)
{
    (void)state;
    static const char *const begins[] = {"", "s", ".", ".s"};
    static const char *const ends[] = {"", ".md", ".an extension that is longer than any"};
    for (size_t i = 0; i < COUNT(begins) * COUNT(ends); i++) {
        STRBUF_SCOPED name = {0};
        STRBUF_SCOPED path = {0};
        strbuf_add_text(&name, begins[i / COUNT(ends)]);
        for (int letter = 0; letter < 120; letter++)
            strbuf_add_text(&name, "\xC3\xA9");
        strbuf_add_text(&name, ends[i % COUNT(ends)]);
        trash_name(STR("t"), strbuf_str(&name), WHEN_NS, 1, &path);
        struct str made = str_slice(strbuf_str(&path), 2, path.length);
        assert_in_range(made.length, 240, 255);
        assert_int_equal(utf8_find_invalid(made), STR_NONE);
        assert_true(
            str_ends_with(made, str_of(i % COUNT(ends) == 1 ? ".md" : "(2026-01-15 103000)")));
    }
}

static void another_version_than_expected_is_not_deleted(void **state)
{
    (void)state;
    save("a.md", "theirs");
    assert_int_equal(put("a.md", "old"), NEXUS_ERROR_CHANGED);
    assert_holds("a.md", "theirs");
    int writer = openat(root, "a.md", O_WRONLY);
    assert_int_equal(put("a.md", "theirs"), NEXUS_ERROR_BUSY);
    close(writer);
    assert_int_equal(put("gone.md", "old"), NEXUS_ERROR_NOT_FOUND);
    assert_int_equal(symlinkat("a.md", root, "link.md"), 0);
    assert_int_equal(put("link.md", "theirs"), NEXUS_ERROR_REFUSED);
    assert_holds("a.md", "theirs");
}

static void a_late_save_to_what_is_in_the_trash_is_told_and_stays(void **state)
{
    (void)state;
    for (unsigned lacks = 0; lacks <= REPLACE_LACKS_TRASH; lacks += REPLACE_LACKS_TRASH) {
        struct told told = {0};
        replacer.lacks = lacks;
        save("a.md", "old");
        int writer = openat(root, "a.md", O_RDONLY); /* it has found it, and not yet written */
        assert_int_equal(put("a.md", "old"), NEXUS_OK);
        char self[64];
        snprintf(self, sizeof self, "/proc/self/fd/%d", writer);
        int late = open(self, O_WRONLY | O_TRUNC);
        assert_int_equal(write(late, "late", 4), 4);
        close(late);
        close(writer);
        assert_int_equal(settle(START_NS + 5 * NS_PER_S, &told), NEXUS_OK);
        assert_int_equal(told.late, 1);
        assert_string_equal(told.bytes, "late");
        assert_int_equal(settle(START_NS + 10 * NS_PER_S, &told), NEXUS_OK);
        assert_int_equal(told.done, 1);
        assert_holds(trashed.path.at, lacks ? "old" : "late");
    }
}

static void a_trash_on_another_device_gets_a_copy(void **state)
{
    (void)state;
    struct stat status;
    struct told told = {0};
    replacer.lacks = REPLACE_LACKS_TRASH;
    for (int i = 0; i < 2; i++) {
        save("a.md", "old");
        assert_int_equal(fchmodat(root, "a.md", 0640, 0), 0);
        assert_int_equal(put("a.md", "old"), NEXUS_OK);
        assert_missing("a.md");
        assert_holds(trashed.path.at, "old");
        assert_int_equal(fstatat(root, trashed.path.at, &status, 0), 0);
        assert_int_equal(status.st_mode & 07777, 0640);
    }
    assert_string_equal(trashed.path.at, ".nexus/trash/a (2026-01-15 103000).md");
    assert_int_equal(settle(INT64_MAX - 1, &told), NEXUS_OK);
    assert_int_equal(told.done, 2);
    assert_int_equal(count_temporaries(), 0);
}

static void a_file_moves_to_a_free_path_only(void **state)
{
    (void)state;
    struct hash old = hash_of_text("old");
    size_t there;
    save("a.md", "old");
    save("b.md", "other");
    assert_int_equal(move_file(&replacer, "a.md", "b.md", &old, NULL, NULL), NEXUS_ERROR_EXISTS);
    assert_int_equal(move_file(&replacer, "b.md", "c.md", &old, NULL, NULL), NEXUS_ERROR_CHANGED);
    assert_int_equal(move_file(&replacer, "c.md", "d.md", NULL, NULL, NULL), NEXUS_ERROR_NOT_FOUND);
    assert_int_equal(move_file(&replacer, "c.md", "d/d.md", NULL, NULL, NULL),
                     NEXUS_ERROR_NOT_FOUND);
    assert_missing("d");
    assert_int_equal(move_file(&replacer, "a.md", "../a.md", &old, NULL, NULL),
                     NEXUS_ERROR_REFUSED);
    assert_int_equal(move_file(&replacer, "a.md", "d/e/a.md", &old, &there, NULL), NEXUS_OK);
    assert_int_equal(there, 0);
    assert_missing("a.md");
    assert_holds("d/e/a.md", "old");
    assert_holds("b.md", "other");
    replacer.durability = REPLACE_FULL;
    assert_int_equal(move_file(&replacer, "d/e/a.md", "f/a.md", &old, NULL, NULL), NEXUS_OK);
    assert_holds("f/a.md", "old");
}

#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_place, remove_place)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(the_trash_keeps_the_path),
        IN_A_FOLDER(nothing_in_the_trash_is_overwritten),
        IN_A_FOLDER(a_file_may_have_the_name_of_a_folder_that_was_deleted),
        IN_A_FOLDER(names_stay_within_their_limit),
        cmocka_unit_test(a_long_name_is_cut_between_characters),
        IN_A_FOLDER(another_version_than_expected_is_not_deleted),
        IN_A_FOLDER(a_late_save_to_what_is_in_the_trash_is_told_and_stays),
        IN_A_FOLDER(a_trash_on_another_device_gets_a_copy),
        IN_A_FOLDER(a_file_moves_to_a_free_path_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

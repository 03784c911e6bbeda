// SPDX-License-Identifier: MIT
#include "unit/writeback/fixture.h"

#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

static void a_file_gets_its_new_version(void **state)
{
    (void)state;
    save("a.md", "old");
    assert_int_equal(replace("a.md", "old", "new"), NEXUS_OK);
    assert_holds("a.md", "new");
    assert_int_equal(outcome.way, REPLACE_EXCHANGE);
    struct fingerprint print;
    mode_t mode;
    assert_int_equal(file_look(root, "a.md", &print, &mode), 0);
    assert_true(fingerprint_equal(&print, &outcome.print));
    assert_int_equal(count_temporaries(), 1);
    struct told told = {0};
    assert_int_equal(settle(INT64_MAX - 1, &told), NEXUS_OK);
    assert_int_equal(told.done, 1);
    assert_int_equal(count_temporaries(), 0);
}

static void without_an_exchange_it_gets_it_too(void **state)
{
    (void)state;
    replacer.lacks = REPLACE_LACKS_EXCHANGE;
    save("a.md", "old");
    assert_int_equal(replace("a.md", "old", "new"), NEXUS_OK);
    assert_holds("a.md", "new");
    assert_int_equal(count_temporaries(), 1);
    struct told told = {0};
    assert_int_equal(settle(INT64_MAX - 1, &told), NEXUS_OK);
    assert_int_equal(told.done, 1);
    assert_int_equal(count_temporaries(), 0);
}

static void durable_replacements_work_the_same(void **state)
{
    (void)state;
    replacer.durability = REPLACE_FULL;
    save("a.md", "old");
    assert_int_equal(replace("a.md", "old", "new"), NEXUS_OK);
    assert_holds("a.md", "new");
    assert_int_equal(replace("d/e/b.md", NULL, "new"), NEXUS_OK);
    assert_holds("d/e/b.md", "new");
}

static void another_version_than_was_edited_is_left(void **state)
{
    (void)state;
    struct replacement *replacement;
    save("a.md", "theirs");
    assert_int_equal(prepare("a.md", "old", "new", &replacement), NEXUS_ERROR_CHANGED);
    assert_int_equal(prepare("gone.md", "old", "new", &replacement), NEXUS_ERROR_NOT_FOUND);
    assert_int_equal(prepare("gone/a.md", "old", "new", &replacement), NEXUS_ERROR_NOT_FOUND);
    assert_holds("a.md", "theirs");
    assert_int_equal(count_temporaries(), 0);
}

static void a_save_after_the_preparation_stays(void **state)
{
    (void)state;
    void (*const saves[])(const char *, const char *) = {save, save_by_rename};
    for (size_t i = 0; i < COUNT(saves); i++) {
        struct replacement *replacement;
        save("a.md", "old");
        assert_int_equal(prepare("a.md", "old", "new", &replacement), NEXUS_OK);
        saves[i]("a.md", "their");
        assert_int_equal(commit(replacement), NEXUS_ERROR_CHANGED);
        assert_holds("a.md", "their");
        assert_int_equal(count_temporaries(), 0);
    }
}

static void a_save_that_no_look_saw_is_put_back(void **state)
{
    (void)state;
    const unsigned lacks[] = {0, REPLACE_LACKS_EXCHANGE};
    void (*const saves[])(const char *, const char *) = {save, save_by_rename};
    for (size_t i = 0; i < 2 * COUNT(lacks); i++) {
        struct replacement *replacement;
        replacer.lacks = lacks[i % 2] | REPLACE_LACKS_FORESIGHT;
        save("a.md", "old");
        assert_int_equal(prepare("a.md", "old", "new", &replacement), NEXUS_OK);
        saves[i / 2]("a.md", "their");
        assert_int_equal(commit(replacement), NEXUS_ERROR_CHANGED);
        assert_true(outcome.is_theirs_back);
        assert_true(outcome.has_theirs);
        assert_string_equal(outcome.theirs.at, "their");
        assert_holds("a.md", "their");
        struct told told = {0};
        assert_int_equal(settle(INT64_MAX - 1, &told), NEXUS_OK);
        assert_int_equal(told.late, 0);
        assert_int_equal(count_temporaries(), 0);
    }
}

static void a_writer_that_has_the_file_open_is_left_alone(void **state)
{
    (void)state;
    struct replacement *replacement;
    save("a.md", "old");
    int writer = openat(root, "a.md", O_WRONLY);
    assert_int_equal(prepare("a.md", "old", "new", &replacement), NEXUS_ERROR_BUSY);
    replacer.lacks = REPLACE_LACKS_FORESIGHT;
    assert_int_equal(prepare("a.md", "old", "new", &replacement), NEXUS_OK);
    assert_int_equal(commit(replacement), NEXUS_ERROR_CHANGED);
    assert_true(outcome.is_theirs_back);
    assert_int_equal(write(writer, "new", 3), 3); /* they go on, in the file that has the name */
    close(writer);
    assert_holds("a.md", "new");
}

static void who_deletes_the_file_meanwhile_has_deleted_it(void **state)
{
    (void)state;
    struct replacement *replacement;
    save("a.md", "old");
    assert_int_equal(prepare("a.md", "old", "new", &replacement), NEXUS_OK);
    assert_int_equal(unlinkat(root, "a.md", 0), 0);
    assert_int_equal(commit(replacement), NEXUS_ERROR_NOT_FOUND);
    assert_missing("a.md");
    assert_int_equal(count_temporaries(), 0);
}

static void a_new_file_gets_its_folders(void **state)
{
    (void)state;
    struct replacement *replacement;
    assert_int_equal(mkdirat(root, "d", 0755), 0);
    assert_int_equal(prepare("d/e/f/a.md", NULL, "new", &replacement), NEXUS_OK);
    assert_string_equal(replacement_path(replacement), "d/e/f/a.md");
    assert_int_equal(replacement_there(replacement), strlen("d"));
    assert_missing("d/e/f/a.md");
    assert_int_equal(commit(replacement), NEXUS_OK);
    assert_holds("d/e/f/a.md", "new");
    assert_int_equal(outcome.way, REPLACE_NEW);
}

static void a_new_file_never_takes_the_place_of_another(void **state)
{
    (void)state;
    struct replacement *replacement;
    assert_int_equal(prepare("a.md", NULL, "new", &replacement), NEXUS_OK);
    save("a.md", "theirs");
    assert_int_equal(commit(replacement), NEXUS_ERROR_EXISTS);
    assert_int_equal(prepare("a.md", NULL, "new", &replacement), NEXUS_ERROR_EXISTS);
    assert_holds("a.md", "theirs");
    assert_int_equal(count_temporaries(), 0);
}

static void what_is_given_up_leaves_nothing(void **state)
{
    (void)state;
    struct replacement *replacement;
    save("a.md", "old");
    assert_int_equal(prepare("a.md", "old", "new", &replacement), NEXUS_OK);
    assert_int_equal(count_temporaries(), 1);
    replace_drop(&replacer, replacement);
    assert_int_equal(prepare("d/e/a.md", NULL, "new", &replacement), NEXUS_OK);
    replace_drop(&replacer, replacement);
    replace_drop(&replacer, NULL);
    assert_holds("a.md", "old");
    assert_missing("d");
    assert_int_equal(count_temporaries(), 0);
}

static void all_names_of_a_file_see_the_new_version(void **state)
{
    (void)state;
    struct replacement *replacement;
    save("a.md", "a longer old version");
    assert_int_equal(linkat(root, "a.md", root, "b.md", 0), 0);
    assert_int_equal(prepare("a.md", "a longer old version", "new", &replacement), NEXUS_OK);
    assert_string_equal(replacement_temporary(replacement), "");
    assert_int_equal(commit(replacement), NEXUS_OK);
    assert_int_equal(outcome.way, REPLACE_IN_PLACE);
    assert_holds("a.md", "new");
    assert_holds("b.md", "new");
    assert_int_equal(replace("b.md", "new", "newer and longer"), NEXUS_OK);
    assert_holds("a.md", "newer and longer");
}

static void a_file_is_not_written_in_place_while_others_have_it_open(void **state)
{
    (void)state;
    struct replacement *replacement;
    save("a.md", "old");
    assert_int_equal(linkat(root, "a.md", root, "b.md", 0), 0);
    assert_int_equal(prepare("a.md", "old", "new", &replacement), NEXUS_OK);
    int reader = openat(root, "b.md", O_RDONLY);
    assert_int_equal(commit(replacement), NEXUS_ERROR_BUSY);
    close(reader);
    assert_holds("a.md", "old");
    assert_int_equal(prepare("a.md", "old", "new", &replacement), NEXUS_OK);
    save("b.md", "their");
    assert_int_equal(commit(replacement), NEXUS_ERROR_CHANGED);
    assert_holds("a.md", "their");
}

static void only_files_are_replaced(void **state)
{
    (void)state;
    struct replacement *replacement;
    save("target.md", "old");
    assert_int_equal(symlinkat("target.md", root, "link.md"), 0);
    assert_int_equal(symlinkat("/tmp", root, "out"), 0);
    assert_int_equal(mkdirat(root, "dir.md", 0755), 0);
    assert_int_equal(mkfifoat(root, "pipe.md", 0644), 0);
    const char *const paths[] = {"link.md", "out/a.md", "dir.md", "pipe.md", "../a.md", "dir.md/"};
    for (size_t i = 0; i < COUNT(paths); i++)
        assert_int_equal(prepare(paths[i], "old", "new", &replacement), NEXUS_ERROR_REFUSED);
    assert_int_equal(prepare("out/nexus-unit-new.md", NULL, "new", &replacement),
                     NEXUS_ERROR_REFUSED);
    assert_int_equal(prepare("link.md", NULL, "new", &replacement), NEXUS_ERROR_EXISTS);
    assert_int_equal(count_temporaries(), 0);
}

static void a_link_that_takes_the_place_of_a_file_or_folder_leads_nowhere(void **state)
{
    (void)state;
    struct replacement *replacement;
    assert_int_equal(mkdirat(root, "d", 0755), 0);
    assert_int_equal(mkdirat(root, "other", 0755), 0);
    save("d/a.md", "old");
    save("other/a.md", "old");
    assert_int_equal(prepare("d/a.md", "old", "new", &replacement), NEXUS_OK);
    assert_int_equal(renameat(root, "d", root, "moved"), 0);
    assert_int_equal(symlinkat("other", root, "d"), 0);
    assert_int_equal(commit(replacement), NEXUS_ERROR_REFUSED);
    assert_holds("other/a.md", "old");
    assert_holds("moved/a.md", "old");

    assert_int_equal(prepare("other/a.md", "old", "new", &replacement), NEXUS_OK);
    assert_int_equal(renameat(root, "other/a.md", root, "other/b.md"), 0);
    assert_int_equal(symlinkat("b.md", root, "other/a.md"), 0);
    assert_int_equal(commit(replacement), NEXUS_ERROR_REFUSED);
    assert_holds("other/b.md", "old");
}

static void a_name_may_be_as_long_as_names_are(void **state)
{
    (void)state;
    char name[256];
    memset(name, 'n', 255);
    name[255] = '\0';
    save(name, "old");
    assert_int_equal(replace(name, "old", "new"), NEXUS_OK);
    assert_holds(name, "new");
}

static void a_path_may_be_longer_than_one_call_takes(void **state)
{
    (void)state;
    STRBUF_SCOPED path = {0};
    for (int i = 0; i < 25; i++)
        strbuf_addf(&path, "%0200d/", i);
    strbuf_add_text(&path, "a.md");
    assert_int_equal(replace(path.at, NULL, "old"), NEXUS_OK);
    assert_int_equal(replace(path.at, "old", "new"), NEXUS_OK);
    assert_holds(path.at, "new");
    struct told told = {0};
    assert_int_equal(settle(INT64_MAX - 1, &told), NEXUS_OK);
    assert_int_equal(told.done, 1);
}

static void a_read_only_file_stays(void **state)
{
    (void)state;
    struct replacement *replacement;
    save("a.md", "old");
    assert_int_equal(fchmodat(root, "a.md", 0444, 0), 0);
    assert_int_equal(prepare("a.md", "old", "new", &replacement), NEXUS_ERROR_PERMISSION);
    assert_int_equal(count_temporaries(), 0);
}

/** In a child that is nobody in particular. */
static void a_folder_that_takes_no_file_is_no_obstacle(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    save("a.md", "old");
    assert_int_equal(fchownat(root, "a.md", 65534, 65534, 0), 0);
    assert_int_equal(fchmod(root, 0755), 0);
    pid_t child = fork();
    if (child == 0) {
        if (setgid(65534) != 0 || setuid(65534) != 0)
            _exit(2);
        _exit(replace("a.md", "old", "new") == NEXUS_OK && outcome.way == REPLACE_IN_PLACE ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_holds("a.md", "new");
}

static void with_a_shelter_nothing_lies_beside_the_file(void **state)
{
    (void)state;
    struct replacement *replacement;
    struct told told = {0};
    replacer.displaced = "apart";
    save("a.md", "old");
    assert_int_equal(prepare("a.md", "old", "new", &replacement), NEXUS_OK);
    assert_int_equal(strncmp(replacement_temporary(replacement), "apart/.nexus-", 13), 0);
    assert_int_equal(count_temporaries(), 0);
    assert_int_equal(commit(replacement), NEXUS_OK);
    assert_holds("a.md", "new");
    assert_int_equal(count_temporaries(), 0);
    assert_int_equal(settle(START_NS + QUARANTINE_UNSURE_NS, &told), NEXUS_OK);
    assert_int_equal(told.done, 1);
    assert_int_equal(unlinkat(root, "apart", AT_REMOVEDIR), 0); /* it is empty, and made anew */
    assert_int_equal(replace("a.md", "new", "newer"), NEXUS_OK);
    assert_int_equal(prepare("a.md", "newer", "newest", &replacement), NEXUS_OK);
    replace_drop(&replacer, replacement);
    assert_int_equal(settle(START_NS + QUARANTINE_UNSURE_NS, &told), NEXUS_OK);
    assert_int_equal(unlinkat(root, "apart", AT_REMOVEDIR), 0);
}

static void a_known_version_is_not_read_again(void **state)
{
    (void)state;
    struct replacement *replacement;
    struct fingerprint print;
    mode_t mode;
    save("a.md", "old");
    assert_int_equal(file_look(root, "a.md", &print, &mode), 0);
    const struct replace_base base = {.hash = hash_of_text("not that"), .print = &print};
    assert_int_equal(replace_prepare(&replacer, "a.md", STR("new"), &base, &replacement, NULL),
                     NEXUS_OK);
    /* The look at what was displaced is what counts. */
    assert_int_equal(commit(replacement), NEXUS_ERROR_CHANGED);
    assert_true(outcome.is_theirs_back);
    assert_holds("a.md", "old");
    print.mtime_ns++;
    assert_int_equal(replace_prepare(&replacer, "a.md", STR("new"), &base, &replacement, NULL),
                     NEXUS_ERROR_CHANGED);
}

static void a_full_disk_changes_nothing(void **state)
{
    (void)state;
    char place[96];
    snprintf(place, sizeof place, "%s/small", folder);
    assert_int_equal(mkdir(place, 0755), 0);
    if (mount("none", place, "tmpfs", 0, "size=64k") != 0)
        skip(); /* not root */
    static char big[60001], bigger[60002];
    memset(big, 'b', sizeof big - 1);
    memset(bigger, 'c', sizeof bigger - 1);
    save("small/a.md", big);
    struct replacement *replacement;
    enum nexus_status exchanged = prepare("small/a.md", big, bigger, &replacement);
    assert_int_equal(linkat(root, "small/a.md", root, "small/b.md", 0), 0);
    static char huge[90001];
    memset(huge, 'd', sizeof huge - 1);
    enum nexus_status in_place = replace("small/a.md", big, huge);
    STRBUF_SCOPED bytes = {0};
    enum nexus_status read = file_read_beneath(root, "small/a.md", LIMIT_BYTES, &bytes, NULL, NULL);
    bool is_same = read == NEXUS_OK && str_is(strbuf_str(&bytes), big);
    unsigned names = 0;
    DIR *dir = opendir(place);
    while (readdir(dir))
        names++;
    closedir(dir);
    assert_int_equal(umount(place), 0);
    assert_int_equal(exchanged, NEXUS_ERROR_NO_SPACE);
    assert_int_equal(in_place, NEXUS_ERROR_NO_SPACE);
    assert_true(is_same);
    assert_int_equal(names, 4); /* ".", "..", both names */
}

static void a_full_quarantine_takes_no_more(void **state)
{
    (void)state;
    struct replacement *replacement;
    struct quarantine_item item = {.path = "x", .temporary = ".nexus-x"};
    while (quarantine_has_room(&replacer.quarantine))
        assert_int_equal(quarantine_add(&replacer.quarantine, &item, 0, NULL), NEXUS_OK);
    save("a.md", "old");
    assert_int_equal(prepare("a.md", "old", "new", &replacement), NEXUS_ERROR_LIMIT);
    struct told told = {0};
    assert_int_equal(settle(INT64_MAX - 1, &told), NEXUS_OK);
    assert_int_equal(told.lost, QUARANTINE_LIMIT);
    assert_int_equal(replace("a.md", "old", "new"), NEXUS_OK);
}

#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(a_file_gets_its_new_version),
        IN_A_FOLDER(without_an_exchange_it_gets_it_too),
        IN_A_FOLDER(durable_replacements_work_the_same),
        IN_A_FOLDER(another_version_than_was_edited_is_left),
        IN_A_FOLDER(a_save_after_the_preparation_stays),
        IN_A_FOLDER(a_save_that_no_look_saw_is_put_back),
        IN_A_FOLDER(a_writer_that_has_the_file_open_is_left_alone),
        IN_A_FOLDER(who_deletes_the_file_meanwhile_has_deleted_it),
        IN_A_FOLDER(a_new_file_gets_its_folders),
        IN_A_FOLDER(a_new_file_never_takes_the_place_of_another),
        IN_A_FOLDER(what_is_given_up_leaves_nothing),
        IN_A_FOLDER(all_names_of_a_file_see_the_new_version),
        IN_A_FOLDER(a_file_is_not_written_in_place_while_others_have_it_open),
        IN_A_FOLDER(only_files_are_replaced),
        IN_A_FOLDER(a_link_that_takes_the_place_of_a_file_or_folder_leads_nowhere),
        IN_A_FOLDER(a_name_may_be_as_long_as_names_are),
        IN_A_FOLDER(a_path_may_be_longer_than_one_call_takes),
        IN_A_FOLDER(a_read_only_file_stays),
        IN_A_FOLDER(a_folder_that_takes_no_file_is_no_obstacle),
        IN_A_FOLDER(with_a_shelter_nothing_lies_beside_the_file),
        IN_A_FOLDER(a_known_version_is_not_read_again),
        IN_A_FOLDER(a_full_disk_changes_nothing),
        IN_A_FOLDER(a_full_quarantine_takes_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

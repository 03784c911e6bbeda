// SPDX-License-Identifier: MIT
/* Events come while a pass is under way, and a path is looked at more than once in it: what was
 * seen last is so, and who was there before is still who it was. */
#include "engine/engine.h"
#include "engine/reconcile.h"
#include "engine/sync.h"
#include "engine/vault.h"
#include "unit/store/fixture.h"

static struct engine *engine;
static struct reconcile pass;

static const char *at(const char *name)
{
    static char paths[2][128];
    static size_t next;
    char *path = paths[next++ % 2];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

/** As programs save who write another file and rename it: another inode. */
static void save(const char *name, const char *text)
{
    FILE *file = fopen(at(".unfinished"), "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(rename(at(".unfinished"), at(name)), 0);
}

static void move(const char *from, const char *to)
{
    assert_int_equal(rename(at(from), at(to)), 0);
}

static void drop(const char *name)
{
    assert_int_equal(unlink(at(name)), 0);
}

static int set_up(void **state)
{
    if (make_folder(state) != 0)
        return -1;
    OK(vault_init(folder, time_now_ns(), err));
    OK(engine_open(folder, &engine, err));
    save("a.md", "# A\n");
    save("b.md", "# B\n");
    OK(engine_sync(engine, 0, NULL, NULL, NULL, err));
    snprintf(database, sizeof database, "%s/.nexus/vault.sqlite", folder);
    OK(reconcile_init(&pass, engine, 0, err));
    return 0;
}

static int tear_down(void **state)
{
    engine_close(engine);
    return remove_store(state);
}

static void look(const char *path, const char *moved_from)
{
    OK(reconcile_path(&pass, str_of(path), str_of(moved_from), err));
}

static void swap(void)
{
    move("a.md", ".x");
    move("b.md", "a.md");
    move(".x", "b.md");
    look("a.md", "b.md");
    look("b.md", "a.md");
}

/** What the rows say when the pass is over: "id path text" of each. */
static void ends_with(const char *wanted)
{
    OK(reconcile_settle(&pass, err));
    reconcile_finish(&pass);
    assert_string_equal(ask("SELECT o.id || ' ' || o.file_path || ' ' || trim(c.content_json ->> "
                            "'content', '# ' || char(10)) FROM data_objects o JOIN object_content "
                            "c ON c.object_id = o.id ORDER BY o.id"),
                        wanted);
    struct nexus_sync_report report;
    OK(engine_sync(engine, 0, NULL, NULL, &report, err));
    assert_true(report.read == 0 && report.held == 0 && report.objects_deleted == 0);
}

static void saved_twice_it_is_one(void **state)
{
    (void)state;
    save("a.md", "# C\n");
    look("a.md", "");
    save("a.md", "# D\n");
    look("a.md", "");
    ends_with("1 a.md D|2 b.md B");
}

static void a_new_one_that_is_saved_twice_is_one(void **state)
{
    (void)state;
    save("c.md", "# C\n");
    look("c.md", "");
    save("c.md", "# D\n");
    look("c.md", "");
    ends_with("1 a.md A|2 b.md B|3 c.md D");
}

static void saved_and_removed_it_is_gone(void **state)
{
    (void)state;
    save("a.md", "# C\n");
    look("a.md", "");
    drop("a.md");
    look("a.md", "");
    ends_with("2 b.md B");
}

static void a_new_one_that_is_removed_never_was(void **state)
{
    (void)state;
    save("c.md", "# C\n");
    look("c.md", "");
    drop("c.md");
    look("c.md", "");
    ends_with("1 a.md A|2 b.md B");
}

static void removed_and_made_again_it_is_the_same(void **state)
{
    (void)state;
    drop("a.md");
    look("a.md", "");
    save("a.md", "# C\n");
    look("a.md", "");
    ends_with("1 a.md C|2 b.md B");
}

static void taken_away_and_brought_back_it_is_the_same(void **state)
{
    (void)state;
    move("a.md", ".a");
    look("a.md", "");
    move(".a", "a.md");
    look("a.md", "");
    ends_with("1 a.md A|2 b.md B");
}

static void moved_and_saved_it_is_the_same(void **state)
{
    (void)state;
    move("a.md", "c.md");
    look("c.md", "a.md");
    save("c.md", "# D\n");
    look("c.md", "");
    look("a.md", "");
    ends_with("1 c.md D|2 b.md B");
}

static void moved_over_another_and_saved_it_is_the_same(void **state)
{
    (void)state;
    move("a.md", "b.md");
    look("b.md", "a.md");
    save("b.md", "# D\n");
    look("b.md", "");
    look("a.md", "");
    ends_with("1 b.md D");
}

static void moved_and_removed_it_is_gone(void **state)
{
    (void)state;
    move("a.md", "c.md");
    look("c.md", "a.md");
    drop("c.md");
    look("c.md", "");
    look("a.md", "");
    ends_with("2 b.md B");
}

static void swapped_and_saved_they_are_who_they_were(void **state)
{
    (void)state;
    swap();
    save("a.md", "# D\n");
    look("a.md", "");
    ends_with("1 b.md A|2 a.md D");
}

static void swapped_and_removed_when_it_is_read_the_other_stays(void **state)
{
    (void)state;
    swap();
    drop("a.md");
    OK(reconcile_settle(&pass, err));
    assert_string_equal(ask("SELECT id || ' ' || file_path FROM data_objects ORDER BY id"),
                        "1 b.md|2 a.md");
    save("a.md", "# E\n");
    reconcile_finish(&pass);
    OK(reconcile_init(&pass, engine, 0, err));
    look("a.md", "");
    ends_with("1 b.md A|2 a.md E");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(saved_twice_it_is_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_new_one_that_is_saved_twice_is_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(saved_and_removed_it_is_gone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_new_one_that_is_removed_never_was, set_up, tear_down),
        cmocka_unit_test_setup_teardown(removed_and_made_again_it_is_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(taken_away_and_brought_back_it_is_the_same, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(moved_and_saved_it_is_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(moved_over_another_and_saved_it_is_the_same, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(moved_and_removed_it_is_gone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(swapped_and_saved_they_are_who_they_were, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(swapped_and_removed_when_it_is_read_the_other_stays, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

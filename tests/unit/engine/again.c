// SPDX-License-Identifier: MIT
/* A file that is made again at the path of one that was deleted: is it the same one? */
#include "engine/sync.h"
#include "engine/vault.h"
#include "unit/store/fixture.h"

#include <fcntl.h>
#include <sys/stat.h>

static struct engine *engine;
static int64_t now_ns;

static int64_t clock(void)
{
    return now_ns;
}

static void write_note(const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/a.md", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void remove_note(void)
{
    char path[128];
    snprintf(path, sizeof path, "%s/a.md", folder);
    assert_int_equal(unlink(path), 0);
}

static int set_up(void **state)
{
    if (make_folder(state) != 0)
        return -1;
    now_ns = time_now_ns();
    OK(vault_init(folder, now_ns, err));
    OK(engine_open(folder, &engine, err));
    engine->now_ns = clock;
    write_note("# A\n");
    OK(engine_sync(engine, 0, NULL, NULL, NULL, err));
    snprintf(database, sizeof database, "%s/.nexus/vault.sqlite", folder);
    return 0;
}

static int tear_down(void **state)
{
    engine_close(engine);
    return remove_store(state);
}

static int64_t note_id(void)
{
    struct store_reader *reader;
    struct store_rows *rows;
    bool more;
    OK(store_reader_open(database, &reader, err));
    OK(store_query(reader, STR("SELECT id FROM data_objects WHERE file_path = 'a.md'"), &rows,
                   err));
    OK(store_rows_next(rows, &more, err));
    assert_true(more);
    int64_t id = store_rows_integer(rows, 0);
    store_rows_close(rows);
    store_reader_close(reader);
    return id;
}

/** Deletes the note, which is noticed; makes it again, which is noticed `later_s` after. */
static int64_t id_after(int64_t deleted_s, int64_t noticed_s, const char *text)
{
    int64_t start_ns = time_now_ns();
    remove_note();
    now_ns = start_ns + deleted_s * NS_PER_S;
    OK(engine_sync(engine, 0, NULL, NULL, NULL, err));
    write_note(text);
    now_ns = start_ns + noticed_s * NS_PER_S;
    OK(engine_sync(engine, 0, NULL, NULL, NULL, err));
    return note_id();
}

static void made_again_soon_it_is_the_same(void **state)
{
    (void)state;
    int64_t id = note_id();
    assert_int_equal(id_after(0, 2, "# Other\n"), id);
}

static void that_it_is_noticed_late_is_no_matter(void **state)
{
    (void)state;
    int64_t id = note_id();
    assert_int_equal(id_after(0, 60, "# Other\n"), id);
    assert_int_equal(id_after(40, 100, "# Another\n"), id);
}

static void made_again_later_it_is_another(void **state)
{
    (void)state;
    int64_t id = note_id();
    assert_int_not_equal(id_after(-60, 0, "# Other\n"), id);
}

static void made_again_later_with_the_same_content_it_is_the_same(void **state)
{
    (void)state;
    int64_t id = note_id();
    assert_int_equal(id_after(-60, 0, "# A\n"), id);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(made_again_soon_it_is_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(that_it_is_noticed_late_is_no_matter, set_up, tear_down),
        cmocka_unit_test_setup_teardown(made_again_later_it_is_another, set_up, tear_down),
        cmocka_unit_test_setup_teardown(made_again_later_with_the_same_content_it_is_the_same,
                                        set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

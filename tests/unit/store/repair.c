// SPDX-License-Identifier: MIT
/* The database is held to its shape, whatever somebody does to it. */
#include "store/internal.h"

#include "unit/store/shell.h"

static struct strbuf told;

static bool repair(void)
{
    bool repaired;
    strbuf_reset(&told);
    OK(store_repair(store, &repaired, &told, err));
    return repaired;
}

static int make_sound_store(void **state)
{
    if (make_store(state) != 0)
        return -1;
    begin();
    put_object("a.md", "text");
    commit();
    return repair() || told.length ? -1 : 0;
}

static int remove_all(void **state)
{
    strbuf_finish(&told);
    strbuf_init(&told);
    return remove_store(state);
}

static const struct {
    const char *harm, *sentence;
} harms[] = {
    {"DROP TRIGGER nx_content_update", "the trigger 'nx_content_update' was missing: it is back"},
    {"DROP TRIGGER nx_update_core_note",
     "the trigger 'nx_update_core_note' was missing: it is back"},
    {"DROP TRIGGER nx_object_delete;"
     "CREATE TRIGGER nx_object_delete AFTER DELETE ON data_objects BEGIN SELECT 1; END",
     "the trigger 'nx_object_delete' was changed: it is as before"},
    {"CREATE TRIGGER evil AFTER INSERT ON changes BEGIN DELETE FROM object_permissions; END",
     "the trigger 'evil' is not Nexus's: it was dropped"},
    {"CREATE TRIGGER \"it's \"\"evil\"\"\" INSTEAD OF DELETE ON core_note BEGIN SELECT 1; END",
     "the trigger 'it's \"evil\"' is not Nexus's: it was dropped"},
    {"DROP VIEW tags; CREATE VIEW tags AS SELECT 1 AS path",
     "the view 'tags' was changed: it is as before"},
    {"DROP VIEW tasks", "the view 'tasks' was missing: it is back"},
    {"DROP VIEW core_note", "the view 'core_note' was missing: it is back"},
    {"DROP INDEX data_objects_file", "the index 'data_objects_file' was missing: it is back"},
    {"DROP TABLE nx_tag", "the table 'nx_tag' was missing: all files are read again"},
    {"DROP TABLE search", "the table 'search' was missing: all files are read again"},
    {"DROP TABLE conflicts", "the table 'conflicts' was missing: it is back, and empty"},
    {"PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'nx_object_delete'",
     "the trigger 'nx_object_delete' was missing: it is back"},
    {"PRAGMA writable_schema = ON; INSERT INTO sqlite_schema(type, name, tbl_name, rootpage, sql)"
     " VALUES('trigger', 'sly', 'changes', 0, 'CREATE TRIGGER sly AFTER INSERT ON changes"
     " BEGIN DELETE FROM object_permissions; END')",
     "the trigger 'sly' is not Nexus's: it was dropped"},
};

static void what_was_done_to_it_is_put_right_and_told(void **state)
{
    (void)state;
    char *before =
        sqlite3_mprintf("%s", ask("SELECT type || name || coalesce(sql, '') FROM sqlite_schema"
                                  " WHERE name NOT LIKE 'search_%' ORDER BY type, name"));
    for (size_t i = 0; i < COUNT(harms); i++) {
        shell(harms[i].harm);
        assert_true(repair());
        if (!strstr(strbuf_str(&told).at, harms[i].sentence))
            fail_msg("%s: told '%s'", harms[i].harm, strbuf_str(&told).at);
        TELLS("SELECT type || name || coalesce(sql, '') FROM sqlite_schema"
              " WHERE name NOT LIKE 'search_%' ORDER BY type, name",
              before);
        assert_false(repair());
        assert_int_equal(told.length, 0);
        shell("UPDATE core_note SET content = content || 'x'");
    }
    TELLS("SELECT count(*) FROM object_permissions", "1");
    sqlite3_free(before);
}

static void what_is_in_order_is_not_written(void **state)
{
    (void)state;
    int64_t rows = store_written_rows(store);
    assert_false(repair());
    assert_int_equal(store_written_rows(store), rows);
}

static void what_another_process_found_right_is_believed_if_it_is_still_so(void **state)
{
    enum { LEARN, BELIEVE, HARM, ROUNDS };
    (void)state;
    char right[HASH_TEXT_SIZE] = "", now[HASH_TEXT_SIZE];
    const struct store_options o = options();
    for (int round = LEARN; round < ROUNDS; round++) {
        store_close(store);
        if (round == HARM)
            shell("CREATE TRIGGER evil AFTER INSERT ON files BEGIN DELETE FROM files; END");
        OK(store_open(&o, &store, err));
        store_shape_believe(store, right);
        int64_t rows = store_written_rows(store);
        assert_int_equal(repair(), round == HARM);
        assert_true(round == HARM || store_written_rows(store) == rows);
        store_shape_tell(store, now);
        if (round == LEARN)
            memcpy(right, now, sizeof right);
        assert_int_equal(strlen(right), HASH_TEXT_SIZE - 1);
        /* What had to be mended is looked at again by the next one. */
        assert_string_equal(now, round == HARM ? "" : right);
    }
}

static void what_others_keep_beside_is_theirs(void **state)
{
    (void)state;
    shell("CREATE TABLE mine(a); CREATE VIEW my_view AS SELECT * FROM objects;"
          "CREATE TRIGGER my_trigger AFTER INSERT ON mine BEGIN DELETE FROM mine; END;"
          "CREATE INDEX my_index ON files(size)");
    assert_false(repair());
    TELLS("SELECT count(*) FROM sqlite_schema WHERE name IN ('mine', 'my_view', 'my_trigger', "
          "'my_index')",
          "4");
}

static void a_table_that_somebody_altered_is_told_and_left(void **state)
{
    (void)state;
    shell("ALTER TABLE files ADD COLUMN mine TEXT");
    assert_false(repair());
    assert_string_equal(strbuf_str(&told).at,
                        "the table 'files' has another definition than this program gives it");
    assert_false(repair());
    assert_int_equal(told.length, 0);
    TELLS("SELECT count(mine) FROM files", "0");
}

static void a_table_that_no_statement_makes_is_damage(void **state)
{
    static const char *const spoilings[] = {
        "UPDATE sqlite_schema SET tbl_name = 'nX_tag' WHERE name = 'nx_tag'",
        "UPDATE sqlite_schema SET sql = replace(sql, 'UNINDEXED', 'UNINDEXE?') WHERE name = "
        "'search'",
    };
    for (size_t i = 0; i < sizeof spoilings / sizeof spoilings[0]; i++) {
        bool was_repaired;
        const struct store_options o = options();
        char *sql = sqlite3_mprintf("PRAGMA writable_schema = ON; %s", spoilings[i]);
        store_close(store);
        shell(sql);
        sqlite3_free(sql);
        OK(store_open(&o, &store, err));
        FAILS(NEXUS_ERROR_DAMAGED, store_repair(store, &was_repaired, &told, err));
        remove_all(state);
        assert_int_equal(make_sound_store(state), 0);
    }
}

static void a_typed_view_of_an_earlier_time_is_put_right(void **state)
{
    (void)state;
    const struct store_options o = options();
    struct binding_column column = {.property = STR("mood"), .name = STR("mood")};
    const struct binding binding = {.columns = &column, .column_count = 1};
    store_close(store);
    shell("DROP VIEW core_note; CREATE VIEW core_note AS SELECT 1 AS old");
    OK(store_open(&o, &store, err));
    assert_false(repair()); /* nobody said yet what it is to be */
    OK(store_view_expect(store, note_schema, STR("core.note"), &binding, err));
    assert_true(repair());
    shell("UPDATE core_note SET mood = 'calm'");
    TELLS("SELECT mood FROM core_note", "calm");
}

static void a_view_that_was_rolled_back_is_not_wanted(void **state)
{
    (void)state;
    const struct binding none = {0};
    begin();
    OK(store_schema_put(store, STR("core.note"), STR("{\"v\":2}"), &none, NULL, err));
    store_rollback(store);
    assert_false(repair());
    TELLS("SELECT content FROM core_note", "text");
}

static void malformed_content_hides_nothing_else(void **state)
{
    (void)state;
    begin();
    put_object("b.md", "other");
    commit();
    shell("DROP TRIGGER nx_content_update_check; PRAGMA ignore_check_constraints = ON;"
          "UPDATE object_content SET content_json = '{' WHERE object_id = 1");
    assert_true(repair());
    TELLS("SELECT _path FROM core_note", "b.md");
    TELLS("SELECT count(*) FROM objects", "2");
    shell("UPDATE core_note SET content = 'changed'; DELETE FROM data_objects WHERE id = 1");
    TELLS("SELECT content FROM core_note", "changed");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_sound_store, remove_all)
    const struct CMUnitTest tests[] = {
        TEST(what_was_done_to_it_is_put_right_and_told),
        TEST(what_is_in_order_is_not_written),
        TEST(what_another_process_found_right_is_believed_if_it_is_still_so),
        TEST(what_others_keep_beside_is_theirs),
        TEST(a_table_that_somebody_altered_is_told_and_left),
        TEST(a_table_that_no_statement_makes_is_damage),
        TEST(a_typed_view_of_an_earlier_time_is_put_right),
        TEST(a_view_that_was_rolled_back_is_not_wanted),
        TEST(malformed_content_hides_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

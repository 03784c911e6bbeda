// SPDX-License-Identifier: MIT
#include "unit/store/fixture.h"

static struct arena arena;

static int set_up(void **state)
{
    arena_init(&arena);
    return make_store(state);
}

static int tear_down(void **state)
{
    arena_finish(&arena);
    return remove_store(state);
}

static void a_file_is_written_once_and_then_only_when_it_changed(void **state)
{
    (void)state;
    struct file_record file = {
        .path = STR("a.md"), .state = FILE_SYNCED, .has_hash = true, .is_indexed = true};
    file.hash = hash_of(STR("one"));
    int64_t id, again;
    begin();
    OK(store_file_put(store, &file, &id, err));
    int64_t rows = store_written_rows(store);
    OK(store_file_put(store, &file, &again, err));
    assert_int_equal(again, id);
    assert_int_equal(store_written_rows(store), rows);
    commit();
    TELLS("SELECT indexed_at FROM files", "2026-01-15T10:30:02.000Z");
    begin();
    file.print.mtime_ns =
        7; /* touched: the same bytes, so what was derived from them still holds */
    OK(store_file_put(store, &file, NULL, err));
    commit();
    TELLS("SELECT mtime_ns || ' ' || indexed_at FROM files", "7 2026-01-15T10:30:02.000Z");
    begin();
    file.hash = hash_of(STR("two"));
    file.has_counts = true;
    file.lines = 3;
    file.words = 9;
    OK(store_file_put(store, &file, NULL, err));
    commit();
    TELLS("SELECT indexed_at || ' ' || lines || ' ' || words FROM files",
          "2026-01-15T10:30:04.000Z 3 9");
}

static void a_file_reads_back_as_it_was_put(void **state)
{
    (void)state;
    struct file_record put = {
        .path = STR("notes/\xFF\xFE \n.md"), /* any bytes but NUL and '/' are a name */
        .print = {.birth_ns = INT64_MAX,
                  .inode = UINT64_C(1) << 63,
                  .size_bytes = 5,
                  .mtime_ns = -1},
        .is_racy = true,
        .has_hash = true,
        .hash = hash_of(STR("x")),
        .state = FILE_UNREADABLE,
    };
    struct file_record got;
    begin();
    OK(store_file_put(store, &put, NULL, err));
    OK(store_file_get(store, put.path, &arena, &got, err));
    commit();
    assert_true(str_equal(got.path, put.path));
    assert_true(fingerprint_equal(&got.print, &put.print));
    assert_true(got.is_racy && got.has_hash && hash_equal(got.hash, put.hash));
    assert_false(got.is_indexed || got.has_counts);
    assert_int_equal(got.state, FILE_UNREADABLE);
    FAILS(NEXUS_ERROR_NOT_FOUND, store_file_get(store, STR("other"), &arena, &got, err));
}

static void known_files_come_in_the_order_of_a_walk(void **state)
{
    (void)state;
    enum { FILES = 600 };
    struct store_files *files;
    const struct file_record *file;
    char path[32];
    begin();
    for (int i = 0; i < FILES; i++) { /* a/x sorts behind a.x: '/' is above '.' */
        snprintf(path, sizeof path, i % 2 ? "a.%03d" : "a/%03d", (i * 7) % FILES);
        put_file(path);
    }
    OK(store_files_open(store, STR(""), &files, err));
    size_t count = 0;
    for (char last[32] = "";; count++) {
        OK(store_files_next(files, &file, err));
        if (!file)
            break;
        assert_true(str_compare(str_of(last), file->path) < 0);
        snprintf(last, sizeof last, "%.*s", STR_ARG(file->path));
        OK(store_file_set_state(store, file->id, FILE_PENDING,
                                err)); /* writing meanwhile is fine */
    }
    store_files_close(files);
    commit();
    assert_int_equal(count, FILES);
    TELLS("SELECT count(*) FROM files WHERE state = 'pending'", "600");
}

static void an_object_is_created_updated_and_left_alone(void **state)
{
    (void)state;
    begin();
    int64_t file = put_file("a.md"), id, again;
    enum store_outcome outcome;
    struct store_object object = object_of(file, STR("a.md"), STR("{\"content\":\"one\"}"));
    OK(store_object_put(store, &object, ORIGIN_FILE, &id, &outcome, err));
    assert_int_equal(outcome, STORE_CREATED);
    commit();
    begin();
    int64_t rows = store_written_rows(store);
    OK(store_object_put(store, &object, ORIGIN_FILE, &again, &outcome, err));
    assert_int_equal(outcome, STORE_UNCHANGED);
    assert_int_equal(again, id);
    assert_int_equal(store_written_rows(store), rows);
    object = object_of(file, STR("a.md"), STR("{\"content\":\"two\"}"));
    OK(store_object_put(store, &object, ORIGIN_API, &again, &outcome, err));
    assert_int_equal(outcome, STORE_UPDATED);
    assert_int_equal(again, id);
    commit();
    TELLS("SELECT op || ' ' || origin || ' ' || path FROM changes WHERE object_id",
          "create file a.md|update api a.md");
    TELLS("SELECT rev || ' ' || created_at || ' ' || updated_at FROM data_objects",
          "2 2026-01-15T10:30:02.000Z 2026-01-15T10:30:03.000Z");
    TELLS("SELECT content_json FROM object_content", "{\"content\":\"two\"}");
    TELLS("SELECT state || share_with_ai || share_with_cloud || read_only FROM objects",
          "synced000");
}

static void a_row_that_somebody_edited_is_not_unchanged(void **state)
{
    (void)state;
    begin();
    int64_t file = put_file("a.md");
    enum store_outcome outcome;
    struct store_object object = object_of(file, STR("a.md"), STR("{\"a\":1}"));
    OK(store_object_put(store, &object, ORIGIN_FILE, NULL, NULL, err));
    commit();
    char command[256];
    snprintf(command, sizeof command,
             "sqlite3 '%s' \"UPDATE object_content SET content_json = '{}'\"", database);
    if (system(command) != 0)
        skip();
    begin();
    OK(store_object_put(store, &object, ORIGIN_FILE, NULL, &outcome, err));
    assert_int_equal(outcome, STORE_UPDATED);
    commit();
    TELLS("SELECT content_json FROM object_content", "{\"a\":1}");
}

static void two_objects_cannot_have_one_path(void **state)
{
    (void)state;
    begin();
    struct store_object item = object_of(put_file("a.json"), STR("a.json#b.json"), STR("1"));
    item.item_key = STR("b.json");
    int64_t id;
    OK(store_object_put(store, &item, ORIGIN_FILE, &id, NULL, err));
    struct store_object whole =
        object_of(put_file("a.json#b.json"), STR("a.json#b.json"), STR("2"));
    FAILS(NEXUS_ERROR_EXISTS, store_object_put(store, &whole, ORIGIN_FILE, NULL, NULL, err));
    struct store_object other = object_of(put_file("c.json"), STR("c.json"), STR("3"));
    OK(store_object_put(store, &other, ORIGIN_FILE, &other.id, NULL, err));
    other.path = STR("a.json#b.json");
    FAILS(NEXUS_ERROR_EXISTS, store_object_put(store, &other, ORIGIN_FILE, NULL, NULL, err));
    other.id = 12345;
    FAILS(NEXUS_ERROR_NOT_FOUND, store_object_put(store, &other, ORIGIN_FILE, NULL, NULL, err));
    commit();
}

static void the_objects_of_a_file_come_by_key(void **state)
{
    (void)state;
    struct store_object_row *rows;
    size_t count;
    begin();
    int64_t file = put_file("todos.json");
    static const char *const keys[] = {"b", "a", "c"};
    for (size_t i = 0; i < COUNT(keys); i++) {
        char path[32];
        snprintf(path, sizeof path, "todos.json#%s", keys[i]);
        struct store_object item = object_of(file, str_of(path), STR("{}"));
        item.item_key = str_of(keys[i]);
        OK(store_object_put(store, &item, ORIGIN_FILE, NULL, NULL, err));
    }
    OK(store_objects_of_file(store, file, &arena, &rows, &count, err));
    commit();
    assert_int_equal(count, 3);
    assert_true(str_is(rows[0].item_key, "a") && str_is(rows[2].path, "todos.json#c"));
    assert_null(rows[0].content_json.at);
    assert_true(rows[0].has_base && hash_equal(rows[0].base_hash, hash_of(STR("{}"))));
    OK(store_object_get(store, rows[1].id, &arena, rows, err));
    assert_true(str_is(rows[0].content_json, "{}"));
    assert_int_equal(rows[0].updated_at_ns, clock_ns);
}

static void a_deleted_object_leaves_a_tombstone_and_nothing_else(void **state)
{
    (void)state;
    begin();
    int64_t id = put_linking_note("a.md", "Al", (const char *const[]){"b", NULL});
    commit();
    begin();
    OK(store_object_delete(store, id, ORIGIN_FILE, err));
    FAILS(NEXUS_ERROR_NOT_FOUND, store_object_delete(store, id, ORIGIN_FILE, err));
    commit();
    TELLS("SELECT path || ' ' || deleted_at FROM nx_tombstone", "a.md 2026-01-15T10:30:03.000Z");
    TELLS("SELECT op FROM changes WHERE object_id", "create|delete");
    TELLS("SELECT (SELECT count(*) FROM data_objects) + (SELECT count(*) FROM object_content) +"
          " (SELECT count(*) FROM object_permissions) + (SELECT count(*) FROM nx_link) +"
          " (SELECT count(*) FROM nx_alias) + (SELECT count(*) FROM nx_text) +"
          " (SELECT count(*) FROM nx_name WHERE alias <> '')",
          "0");
    TELLS("SELECT count(*) FROM search WHERE search MATCH 'text'", "0");
}

static void an_object_that_comes_back_keeps_id_uid_and_permissions(void **state)
{
    (void)state;
    begin();
    int64_t id = put_object("a.md", "x");
    commit();
    char uid[40], command[256];
    snprintf(uid, sizeof uid, "%s", ask("SELECT uid FROM data_objects"));
    snprintf(command, sizeof command,
             "sqlite3 '%s' 'UPDATE object_permissions SET share_with_ai = 1, read_only = 1'",
             database);
    if (system(command) != 0)
        skip();
    begin();
    delete_file("a.md");
    commit();
    begin();
    struct store_tombstone *tombstones;
    size_t count;
    OK(store_tombstones_at(store, STR("a.md"), &arena, &tombstones, &count, err));
    assert_int_equal(count, 1);
    assert_int_equal(tombstones[0].object_id, id);
    struct store_object object = object_of(put_file("b.md"), STR("b.md"), STR("{}"));
    object.revive_id = id;
    OK(store_object_put(store, &object, ORIGIN_FILE, &id, NULL, err));
    commit();
    assert_int_equal(id, tombstones[0].object_id);
    TELLS("SELECT uid FROM data_objects", uid);
    TELLS("SELECT share_with_ai || share_with_cloud || read_only || rev FROM objects"
          "  JOIN data_objects USING(id)",
          "1012");
    TELLS("SELECT count(*) FROM nx_tombstone", "0");
    begin();
    put_object("c.md", "a new one is not the old one");
    commit();
    TELLS("SELECT share_with_ai FROM objects WHERE path = 'c.md'", "0");
}

static void ids_are_never_used_twice(void **state)
{
    (void)state;
    begin();
    int64_t first = put_object("a.md", "x");
    delete_file("a.md");
    assert_true(put_object("b.md", "x") > first);
    commit();
}

static void tombstones_are_found_by_the_bytes_of_their_file(void **state)
{
    (void)state;
    struct store_tombstone *tombstones;
    size_t count;
    const struct hash bytes = hash_of(STR("the bytes"));
    begin();
    struct file_record file = {.path = STR("a.md"),
                               .print = {.inode = 77, .birth_ns = 5},
                               .has_hash = true,
                               .hash = bytes,
                               .state = FILE_SYNCED};
    int64_t file_id, id;
    OK(store_file_put(store, &file, &file_id, err));
    struct store_object object = object_of(file_id, STR("a.md"), STR("{}"));
    OK(store_object_put(store, &object, ORIGIN_FILE, &id, NULL, err));
    OK(store_object_delete(store, id, ORIGIN_FILE, err));
    commit();
    OK(store_tombstones_with(store, bytes, &arena, &tombstones, &count, err));
    assert_int_equal(count, 1);
    assert_true(tombstones[0].has_file_hash && tombstones[0].has_base);
    assert_int_equal(tombstones[0].inode, 77);
    assert_int_equal(tombstones[0].birth_ns, 5);
    assert_int_equal(tombstones[0].deleted_at_ns, clock_ns);
    OK(store_tombstones_with(store, hash_of(STR("other")), &arena, &tombstones, &count, err));
    assert_int_equal(count, 0);
    clock_ns += TOMBSTONE_DAYS * 24 * 3600 * NS_PER_S - NS_PER_S;
    begin();
    OK(store_tombstones_expire(store, err));
    commit();
    TELLS("SELECT count(*) FROM nx_tombstone", "1");
    begin();
    OK(store_tombstones_expire(store, err));
    commit();
    TELLS("SELECT count(*) FROM nx_tombstone", "0");
}

static void a_moved_file_takes_everything_along(void **state)
{
    (void)state;
    begin();
    int64_t note = put_linking_note("a.md", NULL, (const char *const[]){"./b", NULL});
    put_file("x/b.md");
    int64_t file = put_file("t.json");
    struct store_object item = object_of(file, STR("t.json#1"), STR("{}"));
    item.item_key = STR("1");
    OK(store_object_put(store, &item, ORIGIN_FILE, NULL, NULL, err));
    commit();
    TELLS("SELECT target_path FROM links", "\xE2\x88\x85");
    begin();
    move_file("a.md", "x/a.md");
    move_file("t.json", "x/u.json");
    FAILS(NEXUS_ERROR_EXISTS,
          store_file_move(store, file, STR("a.md"), STR("x/a.md"), ORIGIN_FILE, err));
    FAILS(NEXUS_ERROR_NOT_FOUND, store_file_move(store, 999, STR("y"), STR("z"), ORIGIN_FILE, err));
    commit();
    struct store_object_row row;
    OK(store_object_get(store, note, &arena, &row, err));
    assert_true(str_is(row.path, "x/a.md"));
    assert_int_equal(row.rev, 2);
    TELLS("SELECT file_path FROM data_objects ORDER BY 1", "x/a.md|x/u.json#1");
    TELLS("SELECT old_path || '>' || path FROM changes WHERE op = 'move'",
          "a.md>x/a.md|t.json#1>x/u.json#1");
    TELLS("SELECT target_path FROM links", "x/b.md");
    TELLS("SELECT path FROM files ORDER BY 1", "x/a.md|x/b.md|x/u.json");
}

static void a_file_with_objects_is_not_forgotten(void **state)
{
    (void)state;
    begin();
    put_object("a.md", "x");
    FAILS(NEXUS_ERROR_REFUSED, store_file_delete(store, put_file("a.md"), err));
    delete_file("a.md");
    commit();
    TELLS("SELECT count(*) FROM files", "0");
}

static void problems_are_replaced_with_each_reading(void **state)
{
    (void)state;
    struct problem_list list;
    problem_list_init(&list, &arena);
    problem_add(&list, PROBLEM_ERROR, "enum", 4, 9, "must be one of %d", 3)->pointer = STR("/mood");
    problem_add(&list, PROBLEM_WARNING, "yaml", 0, 2, "odd");
    problem_list_locate(&list, STR("ab\nbad: x"));
    begin();
    OK(store_problems_put(store, STR("a.md"), &list, err));
    OK(store_problems_put(store, STR("b.md"), &list, err));
    OK(store_problems_put(store, STR("b.md"), NULL, err));
    commit();
    TELLS(
        "SELECT path || ':' || line || ':' || column || ':' || severity || ':' || pointer || ':' ||"
        " keyword || ':' || message FROM problems ORDER BY line",
        "a.md:1:1:warning::yaml:odd|a.md:2:2:error:/mood:enum:must be one of 3");
    begin();
    OK(store_problems_put(store, STR("a.md"), &list, err));
    commit();
    TELLS("SELECT group_concat(id) FROM problems", "1,2"); /* told again: nothing is written */
    begin();
    list.count = 1;
    OK(store_problems_put(store, STR("a.md"), &list, err));
    commit();
    TELLS("SELECT group_concat(keyword) FROM problems", "yaml");
    begin();
    list.items[0].message = STR("odder");
    OK(store_problems_put(store, STR("a.md"), &list, err));
    commit();
    TELLS("SELECT group_concat(message) FROM problems", "odder");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_file_is_written_once_and_then_only_when_it_changed),
        TEST(a_file_reads_back_as_it_was_put),
        TEST(known_files_come_in_the_order_of_a_walk),
        TEST(an_object_is_created_updated_and_left_alone),
        TEST(a_row_that_somebody_edited_is_not_unchanged),
        TEST(two_objects_cannot_have_one_path),
        TEST(the_objects_of_a_file_come_by_key),
        TEST(a_deleted_object_leaves_a_tombstone_and_nothing_else),
        TEST(an_object_that_comes_back_keeps_id_uid_and_permissions),
        TEST(ids_are_never_used_twice),
        TEST(tombstones_are_found_by_the_bytes_of_their_file),
        TEST(a_moved_file_takes_everything_along),
        TEST(a_file_with_objects_is_not_forgotten),
        TEST(problems_are_replaced_with_each_reading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

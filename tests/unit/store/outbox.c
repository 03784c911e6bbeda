// SPDX-License-Identifier: MIT
/* What SQL changed, as whoever carries it into files sees it. */
#include "store/outbox.h"

#include "unit/store/shell.h"

#define SAYS(text) "{\"content\":\"" text "\"}"

static struct arena arena;
static int64_t note; /* notes/a.md, whose body is "first" */

static void derive(int64_t id, const char *title)
{
    const struct line_map lines = {0};
    const struct note nothing = {0};
    const struct store_derived derived = {
        .title = str_of(title), .body_property = STR("content"), .note = &nothing, .lines = &lines};
    OK(store_derived_put(store, id, &derived, err));
}

static int make_note(void **state)
{
    if (make_store(state) != 0)
        return -1;
    begin();
    note = put_object("notes/a.md", "first");
    derive(note, "A");
    commit();
    return 0;
}

static int remove_note(void **state)
{
    arena_finish(&arena);
    arena_init(&arena);
    return remove_store(state);
}

static struct outbox_entry entry_of(int64_t id)
{
    struct outbox_entry entry;
    OK(store_outbox_get(store, id, &arena, &entry, err));
    return entry;
}

static struct outbox_counts counts_at(int64_t now_ns)
{
    struct outbox_counts counts;
    OK(store_outbox_count(store, now_ns, &counts, err));
    return counts;
}

static void done(const struct outbox_entry *entry)
{
    OK(store_outbox_done(store, entry, err));
}

static bool take_back(const struct outbox_entry *entry)
{
    bool taken;
    begin();
    OK(store_outbox_take_back(store, entry, &taken, err));
    commit();
    return taken;
}

static void update_note(const char *json)
{
    char *sql =
        sqlite3_mprintf("UPDATE object_content SET content_json = %Q WHERE object_id = 1", json);
    shell(sql);
    sqlite3_free(sql);
}

/** As the file is written: what the row says is what both sides agree on. */
static void agree(const struct outbox_entry *entry)
{
    begin();
    struct store_object object =
        object_of(entry->is.file_id, entry->is.path, entry->is.content_json);
    object.id = entry->object_id;
    object.is_told = true;
    OK(store_object_put(store, &object, ORIGIN_SQL, NULL, NULL, err));
    derive(entry->object_id, "A");
    done(entry);
    commit();
}

static void an_entry_has_what_was_and_what_is(void **state)
{
    (void)state;
    update_note(SAYS("second"));
    shell("UPDATE data_objects SET file_path = 'b.md'");
    struct outbox_entry entry = entry_of(note);
    assert_int_equal(entry.op, OUTBOX_UPDATE);
    assert_int_equal(entry.state, OUTBOX_WAITING);
    assert_true(str_is(entry.was.content_json, SAYS("first")));
    assert_true(str_is(entry.is.content_json, SAYS("second")));
    assert_true(str_is(entry.was.path, "notes/a.md") && str_is(entry.is.path, "b.md"));
    assert_true(entry.has_base && hash_equal(entry.base_hash, hash_of(STR(SAYS("first")))));
    assert_true(entry.was.file_id && entry.was.file_id == entry.is.file_id);
    assert_null(entry.is.item_key.at);
    shell("DELETE FROM data_objects; INSERT INTO data_objects(schema_id, updated_at, created_at)"
          " VALUES(1, 'x', 'x'); INSERT INTO object_content VALUES(last_insert_rowid(), '{}')");
    entry = entry_of(note);
    assert_int_equal(entry.op, OUTBOX_DELETE);
    assert_true(str_is(entry.was.content_json, SAYS("first")) && !entry.is.content_json.at);
    entry = entry_of(note + 1);
    assert_int_equal(entry.op, OUTBOX_CREATE);
    assert_true(str_is(entry.is.content_json, "{}") && !entry.was.content_json.at);
    assert_true(!entry.is.path.at && !entry.was.schema_id && entry.is.schema_id);
}

static void files_with_entries_are_listed_and_counted(void **state)
{
    (void)state;
    begin();
    put_object("b.md", "b");
    put_object("c.md", "c");
    commit();
    assert_int_equal(counts_at(0).entries, 0);
    shell("UPDATE object_content SET content_json = '{}' WHERE object_id < 3;"
          "DELETE FROM data_objects WHERE id = 3;"
          "INSERT INTO core_note(content) VALUES('new')");
    struct outbox_counts counts = counts_at(clock_ns);
    assert_int_equal(counts.entries, 4);
    assert_int_equal(counts.waiting_files, 4);
    assert_int_equal(counts.waiting_deletes, 1);
    int64_t *files;
    size_t count;
    OK(store_outbox_files(store, OUTBOX_WAITING, clock_ns, 0, 2, &arena, &files, &count, err));
    assert_int_equal(count, 2);
    OK(store_outbox_files(store, OUTBOX_WAITING, clock_ns, files[1], 9, &arena, &files, &count,
                          err));
    assert_int_equal(count, 1);
    struct outbox_entry *entries;
    OK(store_outbox_of_file(store, files[0], &arena, &entries, &count, err));
    assert_true(count == 1 && entries[0].op == OUTBOX_DELETE && entries[0].object_id == 3);
    OK(store_outbox_fileless(store, OUTBOX_WAITING, clock_ns, 0, 9, &arena, &entries, &count, err));
    assert_true(count == 1 && entries[0].op == OUTBOX_CREATE && entries[0].object_id == 4);
    OK(store_outbox_fileless(store, OUTBOX_WAITING, clock_ns, 4, 9, &arena, &entries, &count, err));
    assert_int_equal(count, 0);
    bool has;
    OK(store_outbox_has_file(store, files[0], &has, err));
    assert_true(has);
    OK(store_outbox_has_file(store, 999, &has, err));
    assert_false(has);
}

static void what_is_put_off_comes_back_in_time(void **state)
{
    (void)state;
    update_note("{}");
    int64_t file = entry_of(note).was.file_id, later = clock_ns + 100 * NS_PER_S, *files;
    size_t count;
    begin();
    OK(store_outbox_delay(store, file, 0, later, err));
    commit();
    assert_int_equal(counts_at(clock_ns).next_retry_ns, later);
    OK(store_outbox_files(store, OUTBOX_WAITING, clock_ns, 0, 9, &arena, &files, &count, err));
    assert_int_equal(count, 0);
    OK(store_outbox_files(store, OUTBOX_WAITING, later, 0, 9, &arena, &files, &count, err));
    assert_int_equal(count, 1);
    assert_int_equal(entry_of(note).tries, 1);
    update_note(SAYS("better"));
    assert_int_equal(entry_of(note).tries, 0);
    assert_int_equal(counts_at(clock_ns).next_retry_ns, 0);
}

static void what_is_held_waits_for_a_person_and_a_new_change_is_not_approved(void **state)
{
    (void)state;
    update_note("{}");
    begin();
    OK(store_outbox_mark(store, OUTBOX_WAITING, OUTBOX_HELD, err));
    commit();
    assert_int_equal(entry_of(note).state, OUTBOX_HELD);
    assert_int_equal(counts_at(0).held_files, 1);
    assert_int_equal(counts_at(0).waiting_files, 0);
    update_note(SAYS("second"));
    assert_int_equal(entry_of(note).state, OUTBOX_HELD);
    begin();
    OK(store_outbox_mark(store, OUTBOX_HELD, OUTBOX_APPROVED, err));
    commit();
    assert_int_equal(entry_of(note).state, OUTBOX_APPROVED);
    update_note(SAYS("third"));
    assert_int_equal(entry_of(note).state, OUTBOX_WAITING);
}

static void an_entry_goes_when_the_file_says_it(void **state)
{
    (void)state;
    update_note(SAYS("second"));
    struct outbox_entry entry = entry_of(note);
    TELLS("SELECT path FROM search WHERE search MATCH 'first'", "notes/a.md");
    agree(&entry);
    assert_int_equal(counts_at(0).entries, 0);
    TELLS("SELECT path FROM search WHERE search MATCH 'first'", "");
    TELLS("SELECT path FROM search WHERE search MATCH 'second'", "notes/a.md");
    TELLS("SELECT count(*) FROM changes WHERE op = 'update'", "1");
    search_index_is_right();
}

static void what_came_meanwhile_stays_as_a_change_of_what_the_file_says(void **state)
{
    (void)state;
    update_note(SAYS("second"));
    struct outbox_entry entry = entry_of(note);
    bool current;
    OK(store_outbox_is_current(store, &entry, &current, err));
    assert_true(current);
    agree(&entry); /* the file is written … */
    update_note(SAYS("third"));
    begin();
    derive(note, "A");
    done(&entry); /* … and that is recorded once more, now too late */
    commit();
    struct outbox_entry now = entry_of(note);
    assert_true(str_is(now.was.content_json, SAYS("second")));
    assert_true(str_is(now.is.content_json, SAYS("third")));
    OK(store_outbox_is_current(store, &entry, &current, err));
    assert_false(current);
    search_index_is_right();
    agree(&now);
    TELLS("SELECT path FROM search WHERE search MATCH 'third'", "notes/a.md");
    search_index_is_right();
}

static void what_was_deleted_while_its_file_was_made_is_deleted_there_too(void **state)
{
    (void)state;
    shell("INSERT INTO core_note(_path, content) VALUES('n.md', 'new')");
    struct outbox_entry entry = entry_of(note + 1);
    shell("DELETE FROM core_note WHERE _path = 'n.md'");
    FAILS(NEXUS_ERROR_NOT_FOUND, store_outbox_get(store, note + 1, &arena, &entry, err));
    begin();
    entry.is.file_id = put_file("n.md");
    done(&entry);
    commit();
    struct outbox_entry now = entry_of(note + 1);
    assert_int_equal(now.op, OUTBOX_DELETE);
    assert_int_equal(now.was.file_id, entry.is.file_id);
    assert_true(str_is(now.was.path, "n.md") && str_equal(now.uid, entry.uid));
}

static void a_new_object_gets_its_file(void **state)
{
    (void)state;
    shell("INSERT INTO core_note(content) VALUES('new')");
    struct outbox_entry entry = entry_of(note + 1);
    begin();
    int64_t file = put_file("n.md");
    OK(store_object_place(store, note + 1, file, STR("n.md"), (struct str){NULL, 0}, err));
    derive(note + 1, "N");
    done(&entry);
    commit();
    assert_int_equal(counts_at(0).entries, 0);
    TELLS("SELECT path FROM search WHERE search MATCH 'new'", "n.md");
    search_index_is_right();
}

static void a_deletion_that_is_done_leaves_a_tombstone(void **state)
{
    (void)state;
    shell("UPDATE object_permissions SET share_with_cloud = 1; DELETE FROM core_note");
    struct outbox_entry entry = entry_of(note);
    begin();
    done(&entry);
    OK(store_file_delete(store, entry.was.file_id, err));
    commit();
    TELLS("SELECT object_id || path || share_with_cloud FROM nx_tombstone", "1notes/a.md1");
    TELLS("SELECT count(*) FROM nx_text", "0");
    TELLS("SELECT path FROM search WHERE search MATCH 'first'", "");
    TELLS("SELECT count(*) FROM changes WHERE op = 'delete'", "1");
    assert_int_equal(counts_at(0).entries, 0);
    search_index_is_right();
}

static void what_is_made_again_while_its_file_goes_is_new(void **state)
{
    (void)state;
    shell("DELETE FROM core_note");
    struct outbox_entry entry = entry_of(note);
    shell("INSERT INTO data_objects(id, schema_id, updated_at, created_at) VALUES(1, 1, 'x', 'x');"
          "INSERT INTO object_content VALUES(1, '{}')");
    begin();
    done(&entry);
    commit();
    struct outbox_entry now = entry_of(note);
    assert_int_equal(now.op, OUTBOX_CREATE);
    assert_int_equal(now.is.file_id, 0);
}

static void an_update_is_taken_back(void **state)
{
    (void)state;
    update_note(SAYS("second"));
    shell("UPDATE data_objects SET file_path = 'b.md'");
    struct outbox_entry entry = entry_of(note);
    assert_true(take_back(&entry));
    TELLS("SELECT content_json FROM object_content", SAYS("first"));
    TELLS("SELECT file_path FROM data_objects", "notes/a.md");
    TELLS("SELECT op FROM changes WHERE origin = 'nexus' ORDER BY seq", "move|update");
    assert_int_equal(counts_at(0).entries, 0);
    search_index_is_right();
}

static void a_creation_is_taken_back(void **state)
{
    (void)state;
    shell("INSERT INTO core_note(content) VALUES('new')");
    struct outbox_entry entry = entry_of(note + 1);
    assert_true(take_back(&entry));
    TELLS("SELECT count(*) FROM data_objects", "1");
    TELLS("SELECT count(*) FROM object_content", "1");
    TELLS("SELECT count(*) FROM object_permissions", "1");
    TELLS("SELECT op FROM changes WHERE origin = 'nexus'", "delete");
    assert_int_equal(counts_at(0).entries, 0);
}

static void a_deletion_is_taken_back_with_all_that_the_object_was(void **state)
{
    (void)state;
    shell(
        "UPDATE object_permissions SET share_with_ai = 1, expires_at = '2200-01-01T00:00:00.000Z'");
    const char *who = "SELECT id || uid || file_path || file_id || base_hash || created_at ||"
                      " share_with_ai || expires_at || content_json FROM data_objects"
                      " JOIN object_permissions p ON p.object_id = id"
                      " JOIN object_content c ON c.object_id = id";
    char *before = sqlite3_mprintf("%s", ask(who));
    shell("DELETE FROM data_objects");
    struct outbox_entry entry = entry_of(note);
    assert_true(take_back(&entry));
    TELLS(who, before);
    TELLS("SELECT op FROM changes WHERE origin = 'nexus'", "create");
    search_index_is_right();
    sqlite3_free(before);
}

static void nothing_is_taken_back_that_was_not_judged(void **state)
{
    (void)state;
    update_note(SAYS("second"));
    struct outbox_entry entry = entry_of(note);
    update_note(SAYS("third"));
    assert_false(take_back(&entry));
    TELLS("SELECT content_json FROM object_content", SAYS("third"));
    assert_int_equal(counts_at(0).entries, 1);
}

static void what_triggers_missed_is_found_by_the_sweep(void **state)
{
    (void)state;
    uint64_t found;
    begin();
    OK(store_outbox_sweep(store, SWEEP_ROWS, &found, err));
    assert_int_equal(found, 0);
    commit();
    shell("DROP TRIGGER nx_content_update_check; DROP TRIGGER nx_content_update");
    update_note(SAYS("second"));
    assert_int_equal(counts_at(0).entries, 0);
    begin();
    OK(store_outbox_sweep(store, SWEEP_ROWS, &found, err));
    commit();
    assert_int_equal(found, 1);
    struct outbox_entry entry = entry_of(note);
    assert_int_equal(entry.op, OUTBOX_UPDATE);
    assert_null(entry.was.content_json.at);
    TELLS("SELECT origin FROM changes WHERE op = 'update'", "sql");
    search_index_is_right();
    bool taken;
    begin();
    FAILS(NEXUS_ERROR_INVALID, store_outbox_take_back(store, &entry, &taken, err));
    OK(store_outbox_know(store, note, STR(SAYS("first")), err));
    commit();
    entry = entry_of(note);
    assert_true(take_back(&entry));
    TELLS("SELECT content_json FROM object_content", SAYS("first"));
    search_index_is_right();
}

static void what_vanished_without_a_trace_is_read_again(void **state)
{
    (void)state;
    uint64_t found;
    shell("DROP TRIGGER nx_object_delete_check; DROP TRIGGER nx_object_delete;"
          "UPDATE files SET hash = '00'; DELETE FROM data_objects");
    begin();
    OK(store_outbox_sweep(store, SWEEP_ROWS, &found, err));
    commit();
    TELLS("SELECT count(*) FROM object_content", "0");
    TELLS("SELECT count(*) FROM object_permissions", "0");
    TELLS("SELECT indexed_at FROM files", "\xE2\x88\x85");
    search_index_is_right();
}

static void an_entry_follows_its_file_to_another_path(void **state)
{
    (void)state;
    update_note(SAYS("second"));
    begin();
    move_file("notes/a.md", "moved.md");
    commit();
    struct outbox_entry entry = entry_of(note);
    assert_true(str_is(entry.was.path, "moved.md") && str_is(entry.is.path, "moved.md"));
    shell("UPDATE data_objects SET file_path = 'mine.md'");
    begin();
    move_file("moved.md", "theirs.md");
    commit();
    entry = entry_of(note);
    assert_true(str_is(entry.was.path, "theirs.md") && str_is(entry.is.path, "mine.md"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_note, remove_note)
    const struct CMUnitTest tests[] = {
        TEST(an_entry_has_what_was_and_what_is),
        TEST(files_with_entries_are_listed_and_counted),
        TEST(what_is_put_off_comes_back_in_time),
        TEST(what_is_held_waits_for_a_person_and_a_new_change_is_not_approved),
        TEST(an_entry_goes_when_the_file_says_it),
        TEST(what_came_meanwhile_stays_as_a_change_of_what_the_file_says),
        TEST(what_was_deleted_while_its_file_was_made_is_deleted_there_too),
        TEST(a_new_object_gets_its_file),
        TEST(a_deletion_that_is_done_leaves_a_tombstone),
        TEST(what_is_made_again_while_its_file_goes_is_new),
        TEST(an_update_is_taken_back),
        TEST(a_creation_is_taken_back),
        TEST(a_deletion_is_taken_back_with_all_that_the_object_was),
        TEST(nothing_is_taken_back_that_was_not_judged),
        TEST(what_triggers_missed_is_found_by_the_sweep),
        TEST(what_vanished_without_a_trace_is_read_again),
        TEST(an_entry_follows_its_file_to_another_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

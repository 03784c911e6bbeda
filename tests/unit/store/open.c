// SPDX-License-Identifier: MIT
#include "store/internal.h"

#include "store/connection.h"
#include "unit/store/fixture.h"

#include <sys/stat.h>
#include <unistd.h>

static void run_sql(const char *sql)
{
    sqlite3 *db;
    OK(connection_open(database, CONNECTION_WRITER, 0, &db, err));
    OK(connection_run(db, str_of(sql), err));
    sqlite3_close(db);
}

static enum nexus_status reopen(struct nexus_error *err)
{
    store_close(store);
    store = NULL;
    const struct store_options o = options();
    return store_open(&o, &store, err);
}

static void a_new_database_is_signed_private_and_in_wal_mode(void **state)
{
    (void)state;
    struct stat status;
    assert_int_equal(stat(database, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    TELLS("SELECT application_id = 0x4E455855 FROM pragma_application_id", "1");
    TELLS("SELECT user_version FROM pragma_user_version", "3");
    TELLS("SELECT value FROM nx_meta WHERE key = 'created_at'", "2026-01-15T10:30:00.000Z");
    char log[128];
    snprintf(log, sizeof log, "%s-wal", database);
    assert_int_equal(stat(log, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void opening_it_again_writes_nothing(void **state)
{
    (void)state;
    OK(reopen(err));
    assert_int_equal(store_written_rows(store), 0);
    TELLS("SELECT count(*) FROM schemas", "1");
}

static void one_that_others_may_read_is_closed_to_them(void **state)
{
    (void)state;
    struct stat status;
    assert_int_equal(chmod(database, 0644), 0);
    OK(reopen(err));
    assert_int_equal(stat(database, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void a_newer_one_is_refused_with_a_sentence(void **state)
{
    (void)state;
    struct nexus_error error;
    run_sql("PRAGMA user_version = 99");
    assert_int_equal(reopen(&error), NEXUS_ERROR_VERSION);
    assert_non_null(strstr(error.message, "was made by a newer Nexus"));
    run_sql("PRAGMA user_version = 2");
    OK(reopen(err));
}

static void somebody_elses_database_is_left_as_it_is(void **state)
{
    (void)state;
    struct nexus_error error;
    store_close(store);
    store = NULL;
    unlink(database);
    run_sql("CREATE TABLE theirs(a)");
    assert_int_equal(reopen(&error), NEXUS_ERROR_DATABASE);
    assert_non_null(strstr(error.message, "is not a database of Nexus"));
    TELLS("SELECT name FROM sqlite_schema", "theirs");
}

static void what_is_no_database_is_refused(void **state)
{
    (void)state;
    store_close(store);
    store = NULL;
    FILE *file = fopen(database, "w");
    for (int i = 0; i < 1000; i++)
        fputs("not a database. ", file);
    fclose(file);
    FAILS(NEXUS_ERROR_DAMAGED, reopen(err));
}

static void other_derived_tables_are_made_anew(void **state)
{
    (void)state;
    static const char *const targets[] = {"b", NULL};
    begin();
    put_file("b.md");
    put_linking_note("a.md", NULL, targets);
    commit();
    TELLS("SELECT count(*) FROM files WHERE indexed_at IS NULL", "0");
    run_sql("UPDATE nx_meta SET value = 'of an older program' WHERE key = 'derived'");
    run_sql("ALTER TABLE nx_link ADD COLUMN gone");
    OK(reopen(err));
    TELLS("SELECT count(*) FROM files WHERE indexed_at IS NULL", "2");
    TELLS("SELECT count(*) FROM nx_link", "0");
    TELLS("SELECT count(*) FROM pragma_table_info('nx_link') WHERE name = 'gone'", "0");
    begin();
    put_linking_note("a.md", NULL, targets);
    commit();
    TELLS("SELECT target_path FROM links", "b.md");
}

static void a_second_writer_waits_and_then_is_told(void **state)
{
    (void)state;
    struct store *other;
    struct store_options o = options();
    o.busy_ms = 20;
    OK(store_open(&o, &other, err));
    begin();
    FAILS(NEXUS_ERROR_BUSY, store_begin(other, clock_ns, err));
    commit();
    OK(store_begin(other, clock_ns, err));
    store_close(other);
}

static void readers_see_a_transaction_whole_or_not_at_all(void **state)
{
    (void)state;
    begin();
    put_object("a.md", "x");
    TELLS("SELECT count(*) FROM data_objects", "0");
    commit();
    TELLS("SELECT count(*) FROM data_objects", "1");
    begin();
    put_object("b.md", "x");
    store_rollback(store);
    store_rollback(store);
    TELLS("SELECT count(*) FROM data_objects", "1");
}

static void a_database_that_was_moved_away_is_noticed(void **state)
{
    (void)state;
    char elsewhere[128];
    OK(store_check_place(store, err));
    snprintf(elsewhere, sizeof elsewhere, "%s/elsewhere", folder);
    assert_int_equal(rename(database, elsewhere), 0);
    FAILS(NEXUS_ERROR_CHANGED, store_check_place(store, err));
    assert_int_equal(rename(elsewhere, database), 0);
    OK(store_check_place(store, err));
}

static void facts_are_kept_and_written_once(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct str value;
    FAILS(NEXUS_ERROR_NOT_FOUND, store_meta_get(store, "vault_id", &arena, &value, err));
    begin();
    OK(store_meta_set(store, "vault_id", STR("one"), err));
    int64_t rows = store_written_rows(store);
    OK(store_meta_set(store, "vault_id", STR("one"), err));
    assert_int_equal(store_written_rows(store), rows);
    OK(store_meta_set(store, "vault_id", STR("two"), err));
    commit();
    OK(store_meta_get(store, "vault_id", &arena, &value, err));
    assert_true(str_is(value, "two"));
    arena_finish(&arena);
}

static void files_are_counted_by_state(void **state)
{
    (void)state;
    struct store_counts counts;
    begin();
    int64_t a = put_file("a.md");
    put_file("b.png");
    OK(store_file_set_state(store, a, FILE_INVALID, err));
    put_object("c.md", "x");
    commit();
    OK(store_count(store, &counts, err));
    assert_int_equal(counts.files[FILE_SYNCED], 2);
    assert_int_equal(counts.files[FILE_INVALID], 1);
    assert_int_equal(counts.objects, 1);
    assert_int_equal(counts.open_conflicts, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_store, remove_store)
    const struct CMUnitTest tests[] = {
        TEST(a_new_database_is_signed_private_and_in_wal_mode),
        TEST(opening_it_again_writes_nothing),
        TEST(one_that_others_may_read_is_closed_to_them),
        TEST(a_newer_one_is_refused_with_a_sentence),
        TEST(somebody_elses_database_is_left_as_it_is),
        TEST(what_is_no_database_is_refused),
        TEST(other_derived_tables_are_made_anew),
        TEST(a_second_writer_waits_and_then_is_told),
        TEST(readers_see_a_transaction_whole_or_not_at_all),
        TEST(a_database_that_was_moved_away_is_noticed),
        TEST(facts_are_kept_and_written_once),
        TEST(files_are_counted_by_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

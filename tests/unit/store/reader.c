// SPDX-License-Identifier: MIT
#include "store/reader.h"

#include "unit/store/fixture.h"

#include <pthread.h>
#include <stdatomic.h>

static struct store_reader *reader;

static int set_up(void **state)
{
    if (make_store(state) != 0)
        return -1;
    OK(store_reader_open(database, &reader, err));
    return 0;
}

static int tear_down(void **state)
{
    store_reader_close(reader);
    return remove_store(state);
}

/** Runs a statement to its end. */
static enum nexus_status run(const char *sql, struct nexus_error *err)
{
    struct store_rows *rows;
    TRY(store_query(reader, str_of(sql), &rows, err));
    bool more = true;
    enum nexus_status status = NEXUS_OK;
    while (status == NEXUS_OK && more)
        status = store_rows_next(rows, &more, err);
    store_rows_close(rows);
    return status;
}

static const struct {
    enum nexus_status status;
    const char *sql;
} facts[] = {
    {NEXUS_OK, "SELECT 1"},
    {NEXUS_OK, "SELECT 1;"},
    {NEXUS_OK, "SELECT 1; -- done\n ; /* really */ "},
    {NEXUS_OK, "-- first\nSELECT 1"},
    {NEXUS_OK, "SELECT * FROM objects"},
    {NEXUS_OK, "SELECT path, snippet(search, 0, '', '', '', 5) FROM search WHERE search MATCH 'x'"},
    {NEXUS_OK, "SELECT *, bm25(search) FROM search('x') ORDER BY rank LIMIT 5"},
    {NEXUS_OK,
     "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 9) SELECT * FROM n"},
    {NEXUS_OK, "SELECT value FROM json_each('[1,2]')"},
    {NEXUS_OK, "SELECT name FROM sqlite_schema"},
    {NEXUS_OK, "SELECT * FROM pragma_table_info('files')"},
    {NEXUS_OK, "PRAGMA table_info(files)"},
    {NEXUS_OK, "PRAGMA user_version"},
    {NEXUS_OK, "EXPLAIN QUERY PLAN SELECT * FROM tags"},
    {NEXUS_OK, "VALUES(1), (2)"},
    {NEXUS_ERROR_ARGUMENT, ""},
    {NEXUS_ERROR_ARGUMENT, " ; "},
    {NEXUS_ERROR_ARGUMENT, "-- nothing"},
    {NEXUS_ERROR_ARGUMENT, "SELEKT 1"},
    {NEXUS_ERROR_ARGUMENT, "SELECT nothing FROM files"},
    {NEXUS_ERROR_ARGUMENT, "SELECT path FROM search WHERE search MATCH 'AND'"},
    {NEXUS_ERROR_ARGUMENT, "SELECT \"nothing\" FROM files"},
    {NEXUS_ERROR_ARGUMENT, "SELECT * FROM nowhere"},
    {NEXUS_ERROR_ARGUMENT, "SELECT json_extract('{', '$.a')"},
    {NEXUS_ERROR_ARGUMENT, "SELECT * FROM search WHERE search MATCH '\"'"},
    {NEXUS_ERROR_REFUSED, "SELECT 1; SELECT 2"},
    {NEXUS_ERROR_REFUSED, "SELECT 1; DROP TABLE files"},
    {NEXUS_ERROR_REFUSED, "SELECT 1; garbage"},
    {NEXUS_ERROR_REFUSED, "INSERT INTO nx_meta VALUES('a', 'b')"},
    {NEXUS_ERROR_REFUSED, "INSERT INTO nx_meta VALUES('a', 'b') RETURNING key"},
    {NEXUS_ERROR_REFUSED, "UPDATE files SET path = 'x'"},
    {NEXUS_ERROR_REFUSED, "DELETE FROM files"},
    {NEXUS_ERROR_REFUSED, "CREATE TABLE t(a)"},
    {NEXUS_ERROR_REFUSED, "CREATE TEMP TABLE t(a)"},
    {NEXUS_ERROR_REFUSED, "CREATE TEMP VIEW files AS SELECT 1"},
    {NEXUS_ERROR_REFUSED, "CREATE VIEW v AS SELECT 1"},
    {NEXUS_ERROR_REFUSED, "CREATE TEMP TRIGGER x AFTER INSERT ON files BEGIN SELECT 1; END"},
    {NEXUS_ERROR_REFUSED, "ALTER TABLE files ADD COLUMN a"},
    {NEXUS_ERROR_REFUSED, "PRAGMA journal_mode = DELETE"},
    {NEXUS_ERROR_REFUSED, "DROP TABLE files"},
    {NEXUS_ERROR_REFUSED, "INSERT INTO search(search) VALUES('optimize')"},
    {NEXUS_ERROR_REFUSED, "ATTACH '/tmp/x' AS x"},
    {NEXUS_ERROR_REFUSED, "DETACH main"},
    {NEXUS_ERROR_REFUSED, "VACUUM"},
    {NEXUS_ERROR_REFUSED, "VACUUM INTO '/tmp/x'"},
    {NEXUS_ERROR_REFUSED, "BEGIN"},
    {NEXUS_ERROR_REFUSED, "BEGIN IMMEDIATE"},
    {NEXUS_ERROR_REFUSED, "SAVEPOINT x"},
    {NEXUS_ERROR_REFUSED, "ANALYZE"},
    {NEXUS_ERROR_REFUSED, "REINDEX"},
    {NEXUS_ERROR_REFUSED, "PRAGMA user_version = 5"},
    {NEXUS_ERROR_REFUSED, "PRAGMA query_only = OFF"},
    {NEXUS_ERROR_REFUSED, "PRAGMA writable_schema = ON"},
    {NEXUS_ERROR_REFUSED, "PRAGMA journal_mode"},
    {NEXUS_ERROR_REFUSED, "PRAGMA wal_checkpoint"},
    {NEXUS_ERROR_REFUSED, "SELECT * FROM pragma_quick_check"},
    {NEXUS_ERROR_REFUSED, "SELECT load_extension('/tmp/x.so')"},
};

static void a_reader_reads_and_does_nothing_else(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(facts); i++) {
        struct nexus_error error = {0};
        enum nexus_status status = run(facts[i].sql, &error);
        if (status != facts[i].status)
            fail_msg("%s: %s (%s)", facts[i].sql, nexus_status_name(status), error.message);
        assert_int_equal(status == NEXUS_OK, error.message[0] == '\0');
    }
    TELLS("SELECT count(*) FROM sqlite_schema WHERE name = 't'", "0");
}

static void values_come_with_their_types(void **state)
{
    (void)state;
    struct store_rows *rows;
    bool more;
    OK(store_query(reader,
                   STR("SELECT NULL AS a, -5 AS b, 1.5 AS c, 'x' || char(0) || 'y', x'00ff'"),
                   &rows, err));
    assert_int_equal(store_rows_column_count(rows), 5);
    assert_string_equal(store_rows_column_name(rows, 1), "b");
    OK(store_rows_next(rows, &more, err));
    assert_true(more);
    static const enum store_type types[] = {STORE_NULL, STORE_INTEGER, STORE_REAL, STORE_TEXT,
                                            STORE_BLOB};
    for (int i = 0; i < 5; i++)
        assert_int_equal(store_rows_type(rows, i), types[i]);
    assert_int_equal(store_rows_integer(rows, 1), -5);
    assert_true(store_rows_real(rows, 2) > 1.4 && store_rows_real(rows, 2) < 1.6);
    assert_true(str_equal(store_rows_text(rows, 3), STR("x\0y")));
    assert_true(str_equal(store_rows_text(rows, 0), STR("")));
    assert_true(str_equal(store_rows_text(rows, 1), STR("-5")));
    OK(store_rows_next(rows, &more, err));
    assert_false(more);
    store_rows_close(rows);
}

static void parameters_have_names_or_places(void **state)
{
    (void)state;
    struct store_rows *rows;
    bool more;
    OK(store_query(reader, STR("SELECT ?1 || :name || ?3"), &rows, err));
    OK(store_rows_bind_text(rows, NULL, 1, STR("a'b"), err));
    OK(store_rows_bind_integer(rows, ":name", 0, 7, err));
    OK(store_rows_bind_text(rows, NULL, 3, (struct str){NULL, 0}, err));
    FAILS(NEXUS_ERROR_ARGUMENT, store_rows_bind_text(rows, ":other", 0, STR("x"), err));
    FAILS(NEXUS_ERROR_ARGUMENT, store_rows_bind_integer(rows, NULL, 4, 1, err));
    FAILS(NEXUS_ERROR_ARGUMENT, store_rows_bind_integer(rows, NULL, 0, 1, err));
    OK(store_rows_next(rows, &more, err));
    assert_true(str_is(store_rows_text(rows, 0), "a'b7"));
    FAILS(NEXUS_ERROR_ARGUMENT, store_rows_bind_integer(rows, NULL, 1, 1, err));
    store_rows_close(rows);
}

static void odd_texts_are_no_statements(void **state)
{
    (void)state;
    struct store_rows *rows;
    FAILS(NEXUS_ERROR_ARGUMENT, store_query(reader, STR("SELECT 1\0; DROP"), &rows, err));
    FAILS(NEXUS_ERROR_ARGUMENT, store_query(reader, (struct str){NULL, 0}, &rows, err));
    FAILS(NEXUS_ERROR_ARGUMENT, store_query(reader, STR("\xFF\xFE"), &rows, err));
    FAILS(NEXUS_ERROR_NOT_FOUND, store_reader_open("/nowhere/vault.sqlite", &reader, err));
}

static void a_reader_sees_one_state_while_the_writer_goes_on(void **state)
{
    (void)state;
    struct store_rows *rows;
    bool more;
    OK(store_query(reader, STR("SELECT count(*) FROM files UNION ALL SELECT count(*) FROM files"),
                   &rows, err));
    OK(store_rows_next(rows, &more, err));
    begin();
    put_file("a.md");
    commit();
    OK(store_rows_next(rows, &more, err));
    assert_int_equal(store_rows_integer(rows, 0), 0);
    store_rows_close(rows);
    TELLS("SELECT count(*) FROM files", "1");
}

static atomic_bool is_over;

/** An interrupt before the query runs counts for nothing, so it is repeated until it has worked. */
static void *interrupt(void *context)
{
    (void)context;
    while (!is_over) {
        store_reader_interrupt(reader);
        sched_yield();
    }
    return NULL;
}

static void an_endless_query_can_be_interrupted(void **state)
{
    (void)state;
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, interrupt, NULL), 0);
    enum nexus_status status = run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
                                   " SELECT max(i) FROM n",
                                   NULL);
    is_over = true;
    pthread_join(thread, NULL);
    assert_int_equal(status, NEXUS_ERROR_INTERRUPTED);
    OK(run("SELECT 1", err));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_reader_reads_and_does_nothing_else),
        TEST(values_come_with_their_types),
        TEST(parameters_have_names_or_places),
        TEST(odd_texts_are_no_statements),
        TEST(a_reader_sees_one_state_while_the_writer_goes_on),
        TEST(an_endless_query_can_be_interrupted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

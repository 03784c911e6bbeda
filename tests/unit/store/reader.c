// SPDX-License-Identifier: MIT
#include "unit/store/fixture.h"

static enum nexus_status run_query(const char *sql, struct nexus_error *failure)
{
    struct store_reader *reader;
    struct store_rows *rows = NULL;
    OK(store_reader_open(database, &reader, err));
    enum nexus_status status = store_query(reader, str_of(sql), &rows, failure);
    bool more = status == NEXUS_OK;
    while (more && status == NEXUS_OK)
        status = store_rows_next(rows, &more, failure);
    store_rows_close(rows);
    store_reader_close(reader);
    return status;
}

static void what_is_no_reading_is_refused(void **state)
{
    (void)state;
    const char *const statements[] = {
        "DELETE FROM files",
        "UPDATE files SET size = 1",
        "INSERT INTO files(path, state) VALUES('a', 'synced')",
        "INSERT INTO search(search) VALUES('rebuild')",
        "CREATE TABLE t(a)",
        "CREATE TEMP TABLE t(a)",
        "CREATE VIEW v AS SELECT 1",
        "CREATE TEMP TRIGGER x AFTER INSERT ON files BEGIN SELECT 1; END",
        "DROP TABLE files",
        "ALTER TABLE files ADD COLUMN a",
        "ANALYZE",
        "REINDEX",
        "VACUUM",
        "VACUUM INTO '/tmp/copy'",
        "ATTACH '/tmp/x' AS x",
        "DETACH main",
        "BEGIN",
        "SAVEPOINT a",
        "PRAGMA user_version = 2",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA query_only = OFF",
        "SELECT load_extension('x')",
        "SELECT 1; SELECT 2",
        "SELECT 1; nonsense",
    };
    for (size_t i = 0; i < COUNT(statements); i++) {
        struct nexus_error err = {0};
        if (run_query(statements[i], &err) != NEXUS_ERROR_REFUSED)
            fail_msg("%s: %s: %s", statements[i], nexus_status_name(err.status), err.message);
    }
}

static void a_mistake_is_the_callers(void **state)
{
    (void)state;
    const char *const statements[] = {
        "",
        " ; -- nothing",
        "SELEC",
        "SELECT * FROM nowhere",
        "SELECT nothing",
        "SELECT path FROM search WHERE search MATCH 'AND'",
    };
    for (size_t i = 0; i < COUNT(statements); i++) {
        struct nexus_error err = {0};
        if (run_query(statements[i], &err) != NEXUS_ERROR_ARGUMENT)
            fail_msg("%s: %s: %s", statements[i], nexus_status_name(err.status), err.message);
    }
}

static void reading_is_allowed(void **state)
{
    (void)state;
    const char *const statements[] = {
        "SELECT * FROM files;",
        "SELECT 1; -- and no more\n ;",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i FROM "
        "n",
        "SELECT path, snippet(search, -1, '[', ']', '', 8) FROM search WHERE search MATCH 'a'",
        "EXPLAIN QUERY PLAN SELECT * FROM objects",
        "PRAGMA table_info(files)",
        "SELECT name FROM pragma_table_list",
        "VALUES (1)",
    };
    for (size_t i = 0; i < COUNT(statements); i++)
        OK(run_query(statements[i], err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_no_reading_is_refused, make_store, remove_store),
        cmocka_unit_test_setup_teardown(a_mistake_is_the_callers, make_store, remove_store),
        cmocka_unit_test_setup_teardown(reading_is_allowed, make_store, remove_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

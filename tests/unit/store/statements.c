// SPDX-License-Identifier: MIT
/* The SQL that is compiled in, and the tables that the contract promises. */
#include "store/statements.h"

#include "base/embed.h"
#include "store/connection.h"
#include "unit/store/fixture.h"

static void every_statement_prepares_against_a_fresh_database(void **state)
{
    (void)state;
    sqlite3 *db;
    OK(connection_open(database, CONNECTION_WRITER, 0, &db, err));
    for (int i = 0; i < STATEMENT_COUNT; i++) {
        struct str text = statement_text((enum statement)i);
        sqlite3_stmt *statement = NULL;
        const char *tail = NULL;
        if (sqlite3_prepare_v2(db, text.at, (int)text.length, &statement, &tail) != SQLITE_OK)
            fail_msg("%s: %s", statement_name((enum statement)i), sqlite3_errmsg(db));
        assert_non_null(statement);
        sqlite3_finalize(statement);
    }
    sqlite3_close(db);
}

static void every_named_text_is_a_statement(void **state)
{
    (void)state;
    size_t names = 0;
    const struct str mark = STR("-- name: ");
    for (const struct embedded_file *file = embedded_files; file->path; file++) {
        if (!str_starts_with(str_of(file->path), STR("src/store/sql/queries/")))
            continue;
        struct str rest = file->text;
        for (size_t at; (at = str_find_str(rest, mark)) != STR_NONE; names++)
            rest = str_slice(rest, at + mark.length, rest.length);
    }
    assert_int_equal(names, STATEMENT_COUNT);
}

static const struct {
    const char *table, *columns; /* as the contract names them; ours may have more */
} promises[] = {
    {"schemas", "id schema_name definition_json version created_at"},
    {"data_objects", "id schema_id file_path updated_at created_at uid rev"},
    {"object_content", "object_id content_json"},
    {"object_permissions", "object_id share_with_ai share_with_cloud read_only expires_at"},
    {"files", "path size mtime_ns hash state indexed_at lines words"},
    {"objects", "id uid schema path title created_at updated_at share_with_ai share_with_cloud "
                "read_only expires_at state"},
    {"tags", "path object_id tag line start end"},
    {"aliases", "path object_id alias line start end"},
    {"links",
     "path object_id raw kind target target_path target_id alias heading block line start end"},
    {"headings", "path object_id level text line start end"},
    {"tasks", "path object_id status done text due completed created starts scheduled cancelled "
              "priority recurrence heading block line start end"},
    {"properties", "path object_id key value type source line start end"},
    {"blocks", "path object_id block line start end"},
    {"backlinks", "path object_id source_path source_id raw kind line start end"},
    {"unresolved_links", "path object_id raw kind target line start end"},
    {"orphans", "path object_id"},
    {"search", "path title body tags"},
    {"problems", "path line column pointer keyword severity message"},
    {"changes", "seq at op origin object_id uid path"},
    {"conflicts", "id at path object_id state"},
    {"history", "seq at path before"},
    {"audit_log", "id at actor action object_id"},
};

static void the_tables_and_columns_of_the_contract_are_there(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(promises); i++) {
        char columns[512], sql[256];
        snprintf(columns, sizeof columns, "%s", promises[i].columns);
        for (char *column = strtok(columns, " "); column; column = strtok(NULL, " ")) {
            snprintf(sql, sizeof sql,
                     "SELECT count(*) FROM pragma_table_info('%s') WHERE name = '%s'",
                     promises[i].table, column);
            if (strcmp(ask(sql), "1") != 0)
                fail_msg("%s has no column %s", promises[i].table, column);
        }
    }
}

static const struct {
    const char *table, *column;
} indexed[] = {
    {"data_objects", "schema_id"},
    {"data_objects", "updated_at"},
    {"data_objects", "file_path"},
    {"object_permissions", "share_with_ai"},
    {"object_permissions", "share_with_cloud"},
};

static void the_indexes_of_the_contract_are_there(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(indexed); i++) {
        char sql[256];
        snprintf(
            sql, sizeof sql,
            "SELECT count(*) > 0 FROM pragma_index_list('%s') l JOIN pragma_index_info(l.name) c"
            " WHERE c.seqno = 0 AND c.name = '%s'",
            indexed[i].table, indexed[i].column);
        TELLS(sql, "1");
    }
}

static void rows_of_a_script_get_their_defaults(void **state)
{
    (void)state;
    sqlite3 *db;
    OK(connection_open(database, CONNECTION_WRITER, 0, &db, err));
    OK(connection_run(db,
                      STR("INSERT INTO data_objects(schema_id, file_path, updated_at, created_at)"
                          " VALUES(1, 'a.md', 'x', 'x'), (1, 'b.md', 'x', 'x')"),
                      err));
    TELLS("SELECT uid LIKE '________-____-7___-____-____________'"
          "   AND substr(uid, 20, 1) IN ('8', '9', 'a', 'b') FROM data_objects",
          "1|1");
    TELLS("SELECT count(DISTINCT uid) FROM data_objects", "2");
    const char *time =
        ask("SELECT substr(uid, 1, 8) || substr(uid, 10, 4) FROM data_objects LIMIT 1");
    long long age_ms = time_now_ns() / NS_PER_MS - strtoll(time, NULL, 16);
    assert_in_range(age_ms + 1000, 0, 60000);
    OK(connection_run(db, STR("PRAGMA ignore_check_constraints = OFF"),
                      err)); /* as others have it */
    FAILS(NEXUS_ERROR_DATABASE,
          connection_run(db, STR("INSERT INTO object_content VALUES(1, '{')"), err));
    FAILS(NEXUS_ERROR_DATABASE,
          connection_run(db,
                         STR("INSERT INTO data_objects(schema_id, file_path, updated_at,"
                             " created_at) VALUES(1, 'a.md', 'x', 'x')"),
                         err));
    sqlite3_close(db);
}

/* The stock shell has no function of ours, and trusts schemas by default. */
static void the_stock_shell_reads_every_table_and_view(void **state)
{
    (void)state;
    char command[512];
    if (system("command -v sqlite3 >/dev/null") != 0)
        skip();
    snprintf(command, sizeof command,
             "sqlite3 -bail '%s' \"SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')\""
             " | while read -r name; do"
             " sqlite3 -bail '%s' \"SELECT * FROM \\\"$name\\\" LIMIT 1\" >/dev/null || exit 1;"
             " done",
             database, database);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_statement_prepares_against_a_fresh_database,
                                        make_store, remove_store),
        cmocka_unit_test(every_named_text_is_a_statement),
        cmocka_unit_test_setup_teardown(the_tables_and_columns_of_the_contract_are_there,
                                        make_store, remove_store),
        cmocka_unit_test_setup_teardown(the_indexes_of_the_contract_are_there, make_store,
                                        remove_store),
        cmocka_unit_test_setup_teardown(rows_of_a_script_get_their_defaults, make_store,
                                        remove_store),
        cmocka_unit_test_setup_teardown(the_stock_shell_reads_every_table_and_view, make_store,
                                        remove_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

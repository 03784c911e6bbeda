// SPDX-License-Identifier: MIT
/* Databases of older programs become this one's: durable/ holds what made them. */
#include "base/hash.h"
#include "store/internal.h"

#include "base/embed.h"
#include "store/connection.h"
#include "unit/store/fixture.h"

static const char *const olds[] = {"1-first", "1-outbox", "1-locks"};

/** What every one of them could say. */
static const char rows[] =
    "INSERT INTO nx_meta VALUES('vault_id', 'v'), ('derived', 'older'), ('triggers', 'older');"
    "INSERT INTO schemas(id, schema_name, definition_json, created_at)"
    "  VALUES(3, 'core.note', '{}', '2026-01-01T00:00:00.000Z');"
    "INSERT INTO files(id, path, size, hash, state) VALUES(5, CAST(x'61ff2e6d64' AS TEXT), 9, 'h',"
    "  'synced');"
    "INSERT INTO data_objects(id, schema_id, file_path, updated_at, created_at, uid, file_id, "
    "base_hash)"
    "  VALUES(7, 3, CAST(x'61ff2e6d64' AS TEXT), 'then', 'before', 'u7', 5, 'b'),"
    "        (8, 3, 'b.md', 'then', 'before', 'u8', NULL, NULL);"
    "INSERT INTO object_content VALUES(7, '{\"a\":1.10}'), (8, '{}');"
    "INSERT INTO object_permissions(object_id, share_with_ai, expires_at) VALUES(7, 1, 'soon');"
    "INSERT INTO object_permissions(object_id) VALUES(8);"
    "INSERT INTO changes(seq, at, op, origin, object_id, uid, path)"
    "  VALUES(40, 'then', 'create', 'file', 7, 'u7', 'a'), (41, 'then', 'permission', 'sql', 8, "
    "'u8', 'b.md');"
    "INSERT INTO conflicts(id, at, path, state, winner, file_version)"
    "  VALUES(2, 'then', 'a', 'open', 'file', x'00ff');"
    "INSERT INTO history(seq, at, path, op, origin, before) VALUES(6, 'then', 'a', 'update', "
    "'sql', x'fe00');"
    "INSERT INTO audit_log(id, at, actor, action, origin, hash)"
    "  VALUES(9, 'then', 'owner', 'permission', 'sql', 'chain');"
    "UPDATE sqlite_sequence SET seq = 90 WHERE name IN ('data_objects', 'changes', 'conflicts', "
    "'history');";

static void make_old(const char *name)
{
    char path[96], head[96];
    static char text[64 * 1024];
    sqlite3 *db;
    snprintf(path, sizeof path, "tests/unit/store/durable/%s.sql", name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    unlink(database);
    snprintf(head, sizeof head, "PRAGMA application_id = %d; PRAGMA user_version = 1;",
             STORE_APPLICATION_ID);
    OK(connection_open(database, CONNECTION_WRITER, 0, &db, err));
    OK(connection_run(db, str_of(head), err));
    OK(connection_run(db, str_of(text), err));
    OK(connection_run(db, str_of(rows), err));
    sqlite3_close(db);
}

static void open_old(const char *name)
{
    const struct store_options o = options();
    store_close(store);
    store = NULL;
    make_old(name);
    OK(store_open(&o, &store, err));
}

static void assert_rows_are_kept(void)
{
    TELLS("SELECT user_version FROM pragma_user_version", "3");
    TELLS("SELECT value FROM nx_meta WHERE key = 'vault_id'", "v");
    TELLS("SELECT id || ',' || hex(path) || ',' || size || ',' || hash || ',' || state FROM files",
          "5,61FF2E6D64,9,h,synced");
    TELLS("SELECT printf('%d,%d,%s,%s,%d', id, schema_id, uid, updated_at, file_id) FROM "
          "data_objects",
          "7,3,u7,then,5|8,3,u8,then,0");
    TELLS("SELECT content_json FROM object_content WHERE object_id = 7", "{\"a\":1.10}");
    TELLS("SELECT printf('%d,%d,%s', object_id, share_with_ai, expires_at) FROM object_permissions",
          "7,1,soon|8,0,");
    TELLS("SELECT seq || ',' || op FROM changes", "40,create|41,permission");
    TELLS("SELECT id || ',' || winner || ',' || hex(file_version) || ',' || why FROM conflicts",
          "2,file,00FF,");
    TELLS("SELECT printf('%d,%s,%d', seq, hex(before), batch) FROM history", "6,FE00,0");
    TELLS("SELECT id || ',' || hash FROM audit_log", "9,chain");
}

static void an_older_database_keeps_every_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(olds); i++) {
        open_old(olds[i]);
        assert_rows_are_kept();
    }
}

static void an_upgraded_database_is_made_of_what_a_new_one_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(olds); i++) {
        STRBUF_SCOPED what = {0};
        bool was_repaired;
        open_old(olds[i]);
        OK(store_repair(store, &was_repaired, &what, err));
        assert_false(was_repaired);
        assert_int_equal(what.length, 0);
        OK(store_check(store, 10, &what, err));
        assert_int_equal(what.length, 0);
        TELLS("SELECT count(*) FROM sqlite_schema WHERE name = 'nx_carried' OR sql LIKE "
              "'%nx_carried%'",
              "0");
    }
}

static void no_id_is_given_twice_after_an_upgrade(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(olds); i++) {
        open_old(olds[i]);
        TELLS("SELECT name || ',' || seq FROM sqlite_sequence WHERE name IN"
              " ('changes', 'conflicts', 'data_objects', 'history') ORDER BY name",
              "changes,90|conflicts,90|data_objects,90|history,90");
    }
}

static void what_somebody_had_decided_is_no_rules_business(void **state)
{
    (void)state;
    open_old("1-first");
    TELLS("SELECT object_id FROM nx_decided", "8");
}

static void opening_an_upgraded_database_again_writes_nothing(void **state)
{
    (void)state;
    const struct store_options o = options();
    open_old("1-first");
    store_close(store);
    store = NULL;
    OK(store_open(&o, &store, err));
    assert_int_equal(store_written_rows(store), 0);
}

static void an_upgrade_that_fails_leaves_the_database_as_it_was(void **state)
{
    (void)state;
    const struct store_options o = options();
    sqlite3 *db;
    store_close(store);
    store = NULL;
    make_old("1-first");
    /* A name that the upgrade needs. */
    OK(connection_open(database, CONNECTION_WRITER, 0, &db, err));
    OK(connection_run(db, STR("CREATE TABLE nx_carried(x)"), err));
    sqlite3_close(db);
    FAILS(NEXUS_ERROR_DATABASE, store_open(&o, &store, err));
    TELLS("SELECT user_version FROM pragma_user_version", "1");
    TELLS("SELECT count(*) FROM data_objects", "2");
    TELLS("SELECT count(*) FROM sqlite_schema WHERE name = 'nx_request'", "0");
}

/** The text without comments and the space between words. */
static struct hash hash_of_shape(struct str text)
{
    STRBUF_SCOPED shape = {0};
    for (size_t i = 0; i < text.length; i++) {
        if (text.at[i] == '-' && i + 1 < text.length && text.at[i + 1] == '-')
            while (i < text.length && text.at[i] != '\n')
                i++;
        else if (text.at[i] != ' ' && text.at[i] != '\n')
            strbuf_add_char(&shape, text.at[i]);
    }
    return hash_of(strbuf_str(&shape));
}

/* Another hash asks for another STORE_VERSION. */
static void durable_tables_change_with_their_number(void **state)
{
    (void)state;
    static const char *const known[] = {
        [2] = "306633e7255e9cbf334c22fb1210008c", [3] = "bd0ed439bca6820387f789aa42696ad2"};
    char text[HASH_TEXT_SIZE];
    struct hash hash = hash_of_shape(embedded_text("src/store/sql/durable.sql"));
    assert_int_equal(COUNT(known), STORE_VERSION + 1);
    assert_string_equal(hash_format(hash, text), known[STORE_VERSION]);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_store, remove_store)
    const struct CMUnitTest tests[] = {
        TEST(an_older_database_keeps_every_row),
        TEST(an_upgraded_database_is_made_of_what_a_new_one_is),
        TEST(no_id_is_given_twice_after_an_upgrade),
        TEST(what_somebody_had_decided_is_no_rules_business),
        TEST(opening_an_upgraded_database_again_writes_nothing),
        TEST(an_upgrade_that_fails_leaves_the_database_as_it_was),
        TEST(durable_tables_change_with_their_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

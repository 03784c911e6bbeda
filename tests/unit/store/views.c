// SPDX-License-Identifier: MIT
/* Typed views, whatever schemas and properties are called. */
#include "store/internal.h"

#include "store/connection.h"
#include "unit/store/fixture.h"

#define COLUMN(text)                                                                               \
    {                                                                                              \
        .property = STR(text), .name = STR(text)                                                   \
    }

static struct binding_column columns_of[2100];

static int64_t put_item(int64_t schema, const char *path, const char *json)
{
    struct store_object object = object_of(put_file(path), str_of(path), str_of(json));
    object.schema_id = schema;
    int64_t id = 0;
    OK(store_object_put(store, &object, ORIGIN_FILE, &id, NULL, err));
    return id;
}

static int64_t register_todo(void)
{
    struct binding_column columns[] = {COLUMN("id"), COLUMN("text"), COLUMN("completed"),
                                       COLUMN("tags"), COLUMN("weight")};
    columns[0].name = STR("todo_id");
    const struct binding binding = {
        .version = 1, .columns = columns, .column_count = COUNT(columns)};
    int64_t id = 0;
    OK(store_schema_put(store, STR("core.todo"), STR("{\"type\":\"object\"}"), &binding, &id, err));
    return id;
}

static void values_have_the_types_of_sql(void **state)
{
    (void)state;
    begin();
    int64_t todo = register_todo();
    put_item(todo, "a.json",
             "{\"id\":9007199254740993,\"text\":\"x\",\"completed\":true,\"tags\":[1,\"b\"],"
             "\"weight\":1.5}");
    put_item(todo, "b.json", "{\"id\":2,\"text\":null,\"completed\":false,\"tags\":{\"k\":[]}}");
    put_item(note_schema, "c.json", "{\"id\":3}");
    commit();
    TELLS("SELECT group_concat(name) FROM pragma_table_info('core_todo')",
          "_id,_path,_created_at,_updated_at,todo_id,text,completed,tags,weight");
    TELLS("SELECT todo_id FROM core_todo", "9007199254740993|2");
    TELLS("SELECT typeof(todo_id) || typeof(text) || typeof(completed) || typeof(tags) ||"
          " typeof(weight) FROM core_todo",
          "integertextintegertextreal|integernullintegertextnull");
    TELLS("SELECT completed FROM core_todo", "1|0");
    TELLS("SELECT tags FROM core_todo", "[1,\"b\"]|{\"k\":[]}");
    TELLS("SELECT _path FROM core_todo WHERE completed", "a.json");
    TELLS("SELECT count(*) FROM core_todo t JOIN data_objects o ON o.id = t._id"
          " AND o.created_at = t._created_at AND o.updated_at = t._updated_at",
          "2");
}

/* Names that would break out of SQL or of a JSON path, and how JSON writes them. */
static const struct {
    const char *property, *json;
} hostile[] = {
    {"plain", "plain"},
    {"with space", "with space"},
    {"a.b", "a.b"},
    {"$.a", "$.a"},
    {"a[0]", "a[0]"},
    {"it's", "it's"},
    {"'; DROP TABLE files; --", "'; DROP TABLE files; --"},
    {"say \"hi\"", "say \\\"hi\\\""},
    {"\"", "\\\""},
    {"\".\"", "\\\".\\\""},
    {"back\\slash", "back\\\\slash"},
    {"tab\there", "tab\\there"},
    {"line\nbreak", "line\\nbreak"},
    {"%s%n%w", "%s%n%w"},
    {"select", "select"},
    {"rowid", "rowid"},
    {"", ""},
    {"\xC3\xA9t\xC3\xA9", "\xC3\xA9t\xC3\xA9"},
    {"\xE7\xAC\x94", "\xE7\xAC\x94"},
    {"#", "#"},
    {"?", "?"},
    {":name", ":name"},
    {"]", "]"},
    {"`", "`"},
};

static void every_name_of_a_property_is_a_column(void **state)
{
    (void)state;
    struct binding_column columns[COUNT(hostile)] = {0};
    struct binding binding = {.columns = columns, .column_count = COUNT(hostile)};
    STRBUF_SCOPED json = {0};
    for (size_t i = 0; i < COUNT(hostile); i++) {
        columns[i].property = columns[i].name = str_of(hostile[i].property);
        strbuf_addf(&json, "%s\"%s\":%zu", i ? "," : "{", hostile[i].json, i + 100);
    }
    strbuf_add_char(&json, '}');
    begin();
    int64_t id;
    OK(store_schema_put(store, STR("x"), STR("{}"), &binding, &id, err));
    put_item(id, "a.json", strbuf_str(&json).at);
    commit();
    for (size_t i = 0; i < COUNT(hostile); i++) {
        char wanted[16], *sql = sqlite3_mprintf("SELECT \"%w\" FROM x", hostile[i].property);
        snprintf(wanted, sizeof wanted, "%zu", i + 100);
        if (strcmp(ask(sql), wanted) != 0)
            fail_msg("%s gives %s instead of %s", sql, ask(sql), wanted);
        sqlite3_free(sql);
    }
    TELLS("SELECT count(*) FROM files", "1");
}

static void every_name_of_a_schema_is_a_view(void **state)
{
    (void)state;
    static const char *const names[] = {
        "plugin.journal-entry", "it's", "say \"hi\"", "'; DROP TABLE files; --", "select", "a b",
        "\xC3\xA9t\xC3\xA9",    "%s",   "[x]",
    };
    struct binding_column columns[] = {COLUMN("a")};
    const struct binding binding = {.columns = columns, .column_count = 1};
    begin();
    for (size_t i = 0; i < COUNT(names); i++) {
        int64_t id;
        OK(store_schema_put(store, str_of(names[i]), STR("{}"), &binding, &id, err));
    }
    commit();
    for (size_t i = 0; i < COUNT(names); i++) {
        char *name = sqlite3_mprintf("%s", i == 0 ? "plugin_journal_entry" : names[i]);
        for (char *at = name; i > 0 && *at; at++)
            *at = *at == '-' || *at == '.' ? '_' : *at;
        char *sql = sqlite3_mprintf("SELECT count(a) FROM \"%w\"", name);
        TELLS(sql, "0");
        sqlite3_free(sql);
        sqlite3_free(name);
    }
}

static const struct {
    const char *schema, *sentence;
} refused_names[] = {
    {"core-note", "the view of 'core-note' would be 'core_note', which is the view of 'core.note'"},
    {"CORE.NOTE", "the view of 'CORE.NOTE' would be 'CORE_NOTE', which is the view of 'core.note'"},
    {"sqlite.x", "the view of 'sqlite.x' would be 'sqlite_x', and such names are reserved"},
    {"SQLite-x", "the view of 'SQLite-x' would be 'SQLite_x', and such names are reserved"},
    {"nx.files", "the view of 'nx.files' would be 'nx_files', and such names are reserved"},
    {"pragma.x", "the view of 'pragma.x' would be 'pragma_x', and such names are reserved"},
    {"files", "the view of 'files' would be 'files', which the database has already"},
    {"Tags", "the view of 'Tags' would be 'Tags', which the database has already"},
    {"audit.log", "the view of 'audit.log' would be 'audit_log', which the database has already"},
    {"json.tree", "the view of 'json.tree' would be 'json_tree', which the database has already"},
    {"fts5", "the view of 'fts5' would be 'fts5', which the database has already"},
    {"", "a schema's name must be text without NUL"},
};

static void names_that_are_taken_are_refused_with_a_sentence(void **state)
{
    (void)state;
    const struct binding binding = {0};
    begin();
    int64_t rows = store_written_rows(store);
    for (size_t i = 0; i < COUNT(refused_names); i++) {
        struct nexus_error error;
        int64_t id;
        enum nexus_status status = store_schema_put(store, str_of(refused_names[i].schema),
                                                    STR("{}"), &binding, &id, &error);
        if (status != NEXUS_ERROR_INVALID)
            fail_msg("'%s' was taken", refused_names[i].schema);
        assert_string_equal(error.message, refused_names[i].sentence);
    }
    FAILS(NEXUS_ERROR_INVALID,
          store_schema_put(store, STR("a\0b"), STR("{}"), &binding, NULL, err));
    assert_int_equal(store_written_rows(store), rows);
    commit();
}

static enum nexus_status put_columns(size_t count, struct nexus_error *err)
{
    const struct binding binding = {.columns = columns_of, .column_count = count};
    return store_schema_put(store, STR("wide"), STR("{}"), &binding, NULL, err);
}

static void columns_that_cannot_be_are_refused_with_a_sentence(void **state)
{
    (void)state;
    struct nexus_error error;
    begin();
    columns_of[0] = (struct binding_column)COLUMN("Mood");
    columns_of[1] = (struct binding_column)COLUMN("x");
    columns_of[2] = (struct binding_column)COLUMN("mood");
    assert_int_equal(put_columns(3, &error), NEXUS_ERROR_INVALID);
    assert_non_null(strstr(error.message, "are the same to SQL (x-nexus.columns can rename one)"));
    columns_of[2].name = STR("mood2");
    assert_int_equal(put_columns(3, NULL), NEXUS_OK);
    columns_of[1] = (struct binding_column)COLUMN("_Path");
    assert_int_equal(put_columns(3, &error), NEXUS_ERROR_INVALID);
    assert_non_null(strstr(error.message, "is Nexus's own"));
    columns_of[1] = (struct binding_column)COLUMN("a\0b");
    assert_int_equal(put_columns(3, &error), NEXUS_ERROR_INVALID);
    assert_non_null(strstr(error.message, "its name holds a NUL"));
    commit();
}

static void a_view_has_as_many_columns_as_sqlite_allows(void **state)
{
    (void)state;
    static char names[COUNT(columns_of)][8];
    struct nexus_error error;
    for (size_t i = 0; i < COUNT(columns_of); i++) {
        snprintf(names[i], sizeof names[i], "p%zu", i);
        columns_of[i].property = columns_of[i].name = str_of(names[i]);
    }
    begin();
    assert_int_equal(put_columns(1997, &error), NEXUS_ERROR_INVALID);
    assert_string_equal(error.message, "'wide' has 1997 properties; a view holds 1996");
    OK(put_columns(1996, err));
    commit();
    TELLS("SELECT count(p1995) FROM wide", "0");
    static char long_name[1000001];
    memset(long_name, 'x', sizeof long_name - 1);
    columns_of[0].property = columns_of[0].name = str_of(long_name);
    begin();
    assert_int_equal(put_columns(1, &error), NEXUS_ERROR_INVALID);
    assert_non_null(strstr(error.message, "are too long"));
    commit();
}

static void one_version_follows_the_other_and_none_is_lost(void **state)
{
    (void)state;
    struct binding_column columns[] = {COLUMN("a"), COLUMN("b")};
    struct binding binding = {.version = 1, .columns = columns, .column_count = 1};
    int64_t id, again;
    begin();
    OK(store_schema_put(store, STR("s"), STR("{\"v\":1}"), &binding, &id, err));
    commit();
    begin();
    int64_t rows = store_written_rows(store);
    OK(store_schema_put(store, STR("s"), STR("{\"v\":1}"), &binding, &again, err));
    OK(store_view_refresh(store, id, &binding, err));
    assert_int_equal(store_written_rows(store), rows);
    assert_int_equal(again, id);
    binding.column_count = 2;
    OK(store_schema_put(store, STR("s"), STR("{\"v\":2}"), &binding, &again, err));
    binding.version = 7;
    OK(store_schema_put(store, STR("s"), STR("{\"v\":7}"), &binding, &again, err));
    commit();
    TELLS("SELECT version || definition_json FROM schema_history WHERE schema_name = 's'",
          "1{\"v\":1}|2{\"v\":2}|7{\"v\":7}");
    TELLS("SELECT version || definition_json || created_at FROM schemas WHERE schema_name = 's'",
          "7{\"v\":7}2026-01-15T10:30:03.000Z");
    TELLS("SELECT count(*) FROM changes WHERE op = 'schema' AND path = 's'", "3");
    TELLS("SELECT count(*) FROM pragma_table_info('s')", "6");
    struct arena arena = {0};
    struct store_schema *schemas;
    size_t count;
    OK(store_schemas_list(store, &arena, &schemas, &count, err));
    assert_int_equal(count, 2);
    assert_true(str_is(schemas[1].name, "s") && str_is(schemas[1].definition_json, "{\"v\":7}"));
    arena_finish(&arena);
}

static void a_view_that_somebody_changed_or_dropped_is_put_right(void **state)
{
    (void)state;
    struct binding_column columns[] = {COLUMN("a")};
    const struct binding binding = {.columns = columns, .column_count = 1};
    int64_t id;
    begin();
    OK(store_schema_put(store, STR("s"), STR("{}"), &binding, &id, err));
    OK(connection_run(store->db, STR("DROP VIEW s; CREATE VIEW s AS SELECT 1 AS evil"), err));
    OK(store_view_refresh(store, id, &binding, err));
    commit();
    TELLS("SELECT count(a) FROM s", "0");
    begin();
    OK(connection_run(store->db, STR("DROP VIEW s"), err));
    OK(store_view_refresh(store, id, &binding, err));
    commit();
    TELLS("SELECT count(a) FROM s", "0");
}

static void an_indexed_property_is_found_by_its_index(void **state)
{
    (void)state;
    struct binding_column columns[] = {COLUMN("mood"), COLUMN("it's")};
    struct str indexes[] = {STR("mood"), STR("it's"), STR("a\"b")};
    struct binding binding = {
        .columns = columns, .column_count = 2, .indexes = indexes, .index_count = 2};
    int64_t one, two;
    begin();
    OK(store_schema_put(store, STR("one"), STR("{}"), &binding, &one, err));
    OK(store_schema_put(store, STR("two"), STR("{}"), &binding, &two, err));
    for (int i = 0; i < 200; i++) {
        char path[32], json[64];
        snprintf(path, sizeof path, "%d.json", i);
        snprintf(json, sizeof json, "{\"mood\":\"m%d\"}", i);
        put_item(one, path, json);
    }
    commit();
    TELLS("SELECT count(*) FROM sqlite_schema WHERE name GLOB 'nx_index_*'", "2");
    sqlite3_stmt *plan;
    assert_int_equal(
        sqlite3_prepare_v2(store->db, "EXPLAIN QUERY PLAN SELECT _path FROM one WHERE mood = 'm7'",
                           -1, &plan, NULL),
        SQLITE_OK);
    bool uses_index = false;
    while (sqlite3_step(plan) == SQLITE_ROW)
        uses_index |=
            strstr((const char *)sqlite3_column_text(plan, 3), "USING INDEX nx_index_") != NULL;
    sqlite3_finalize(plan);
    assert_true(uses_index);
    TELLS("SELECT _path FROM one WHERE mood = 'm7'", "7.json");
    begin();
    binding.index_count = 0;
    OK(store_view_refresh(store, one, &binding, err));
    commit();
    TELLS("SELECT count(*) FROM sqlite_schema WHERE name GLOB 'nx_index_*'", "2");
    begin();
    OK(store_schema_delete(store, two, err));
    FAILS(NEXUS_ERROR_REFUSED, store_schema_delete(store, one, err));
    FAILS(NEXUS_ERROR_NOT_FOUND, store_schema_delete(store, two, err));
    commit();
    TELLS("SELECT count(*) FROM sqlite_schema WHERE name GLOB 'nx_index_*'", "0");
    TELLS("SELECT count(*) FROM sqlite_schema WHERE name = 'two'", "0");
    begin();
    binding.index_count = 3;
    FAILS(NEXUS_ERROR_INVALID, store_view_refresh(store, one, &binding, err));
    commit();
}

static void one_malformed_content_does_not_hide_the_others(void **state)
{
    (void)state;
    begin();
    int64_t todo = register_todo();
    put_item(todo, "a.json", "{\"text\":\"a\"}");
    put_item(todo, "b.json", "{\"text\":\"b\"}");
    commit();
    OK(connection_run(store->db, /* whose CHECKs are off: like a patched file */
                      STR("UPDATE object_content SET content_json = '{' WHERE object_id = 1"),
                      err));
    TELLS("SELECT text FROM core_todo", "b");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_store, remove_store)
    const struct CMUnitTest tests[] = {
        TEST(values_have_the_types_of_sql),
        TEST(every_name_of_a_property_is_a_column),
        TEST(every_name_of_a_schema_is_a_view),
        TEST(names_that_are_taken_are_refused_with_a_sentence),
        TEST(columns_that_cannot_be_are_refused_with_a_sentence),
        TEST(a_view_has_as_many_columns_as_sqlite_allows),
        TEST(one_version_follows_the_other_and_none_is_lost),
        TEST(a_view_that_somebody_changed_or_dropped_is_put_right),
        TEST(an_indexed_property_is_found_by_its_index),
        TEST(one_malformed_content_does_not_hide_the_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

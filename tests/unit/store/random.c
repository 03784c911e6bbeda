// SPDX-License-Identifier: MIT
/*
 * Any sequence of changes leaves the same rows as starting from nothing: links as a full resolution
 * would have them, exactly the names that files and aliases give, a search index that agrees with
 * its content, and no row without its object.
 */
#include "store/internal.h"

#include "store/connection.h"
#include "unit/store/fixture.h"

static uint64_t seed;

static unsigned pick(unsigned count)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(seed >> 33) % count;
}

static const char *const folders[] = {"", "x/", "y/", "x/y/", "long/", "X/"};
static const char *const names[] = {"a.md", "b.md", "B.md", "c.png", "a", "a.b.md"};
static const char *const aliases[] = {NULL, NULL, "al", "B", "x/al", "a.b"};
static const char *const link_targets[] = {
    "a", "B", "b.md", "x/b", "y/a", "./b", "../a", "/x/b", "c.png", "al", "x/al", "a.b", "none", "",
};

static const char *random_path(char path[32])
{
    snprintf(path, 32, "%s%s", folders[pick(COUNT(folders))], names[pick(COUNT(names))]);
    return path;
}

static bool is_known(const char *path)
{
    struct arena arena = {0};
    struct file_record file;
    enum nexus_status status = store_file_get(store, str_of(path), &arena, &file, NULL);
    arena_finish(&arena);
    return status == NEXUS_OK;
}

static void put_random_note(const char *path)
{
    const char *targets[6] = {NULL};
    unsigned count = pick(6);
    for (unsigned i = 0; i < count; i++)
        targets[i] = link_targets[pick(COUNT(link_targets))];
    put_linking_note(path, aliases[pick(COUNT(aliases))], targets);
    char body[64];
    snprintf(body, sizeof body, "word%u and word%u", pick(50), pick(50));
    if (pick(2)) { /* content alone, with what is derived left for the next reading */
        put_object(path, body);
        put_linking_note(path, aliases[pick(COUNT(aliases))], targets);
    }
}

static void change_something(void)
{
    char path[32], other[32];
    random_path(path);
    random_path(other);
    unsigned what = pick(10);
    bool is_there = is_known(path);
    if (what < 5)
        strstr(path, ".md") ? put_random_note(path) : (void)put_file(path);
    else if (what < 8 && is_there)
        delete_file(path);
    else if (what < 10 && is_there && !is_known(other))
        move_file(path, other);
}

static void check_links_and_names(void)
{
    begin();
    int64_t rows = store_written_rows(store);
    OK(links_resolve_all(store, err));
    assert_int_equal(store_written_rows(store), rows);
    store_rollback(store);
    TELLS("SELECT count(*) FROM (SELECT lower(path), id FROM files EXCEPT"
          " SELECT folded, file_id FROM nx_name WHERE alias = '' AND length = length(folded))",
          "0");
    TELLS("SELECT count(*) FROM (SELECT folded, file_id FROM nx_name WHERE alias = '' EXCEPT"
          " SELECT lower(path), id FROM files)",
          "0");
    TELLS("SELECT count(*) FROM (SELECT lower(alias), lower(f.path), f.id FROM nx_alias"
          "  JOIN data_objects o ON o.id = object_id JOIN files f ON f.id = o.file_id EXCEPT"
          " SELECT alias, folded, file_id FROM nx_name)",
          "0");
    TELLS("SELECT count(*) FROM nx_name WHERE alias <> '' AND NOT EXISTS(SELECT 1 FROM nx_alias a"
          "  JOIN data_objects o ON o.id = a.object_id"
          "  WHERE o.file_id = nx_name.file_id AND lower(a.alias) = nx_name.alias)",
          "0");
}

static void check_rows(void)
{
    TELLS("SELECT count(*) FROM nx_link WHERE object_id NOT IN (SELECT id FROM data_objects)", "0");
    TELLS("SELECT count(*) FROM nx_text WHERE object_id NOT IN (SELECT id FROM data_objects)", "0");
    TELLS("SELECT count(*) FROM data_objects WHERE id NOT IN (SELECT object_id FROM object_content)"
          " OR id NOT IN (SELECT object_id FROM object_permissions)"
          " OR file_id NOT IN (SELECT id FROM files)",
          "0");
    TELLS("SELECT count(*) FROM changes c JOIN changes d ON d.seq = c.seq + 1 AND d.at < c.at",
          "0");
    OK(connection_run(store->db, STR("INSERT INTO search(search) VALUES('integrity-check')"), err));
    OK(connection_run(store->db,
                      STR("INSERT INTO search(search, rank) VALUES('integrity-check', 1)"), err));
    assert_string_equal(ask("SELECT count(*) FROM search"), ask("SELECT count(*) FROM nx_text"));
}

static void every_sequence_of_changes_ends_as_a_fresh_index_would(void **state)
{
    (void)state;
    for (unsigned run = 1; run <= 20; run++) {
        seed = run;
        assert_int_equal(make_store(NULL), 0);
        for (unsigned transaction = 0; transaction < 25; transaction++) {
            begin();
            for (unsigned i = pick(8); i > 0; i--)
                change_something();
            if (pick(8))
                commit();
            else
                store_rollback(store);
            check_links_and_names();
        }
        check_rows();
        TELLS("PRAGMA application_id", "1313167445");
        remove_store(NULL);
    }
}

static void damage_to_the_search_index_is_found(void **state)
{
    (void)state;
    begin();
    put_linking_note("a.md", NULL, NULL);
    commit();
    OK(connection_run(store->db,
                      STR("UPDATE object_content SET content_json = '{\"content\":\"x\"}'"), err));
    FAILS(NEXUS_ERROR_DAMAGED,
          connection_run(store->db,
                         STR("INSERT INTO search(search, rank) VALUES('integrity-check', 1)"),
                         err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sequence_of_changes_ends_as_a_fresh_index_would),
        cmocka_unit_test_setup_teardown(damage_to_the_search_index_is_found, make_store,
                                        remove_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
/* The first index: the same database as note by note, and nothing of it before it is complete. */
#include "store/internal.h"

#include "store/connection.h"
#include "unit/store/fixture.h"

#include <sys/stat.h>

static void open_bulk(void)
{
    const struct store_options o = options();
    OK(store_open_bulk(&o, &store, err));
    begin();
    register_note_schema();
    commit();
}

static bool is_there(const char *suffix)
{
    char path[128];
    snprintf(path, sizeof path, "%s%s", database, suffix);
    return access(path, F_OK) == 0;
}

static const char *const files[] = {"a.md",     "b.md",   "x/b.md", "x/B.md", "x/c.png",
                                    "x/y/d.md", "e.b.md", "f",      "f.md",   "\xC3\x89.md"};
static const char *const link_targets[] = {
    "a", "b", "B",      "x/b",  "x/B",   "c.png", "x/c.png", "./d", "../b",     "/a", "d.md",
    "f", "F", "e.b.md", "none", "Alias", "",      "x/",      "y/d", "\xC3\xA9", NULL};

enum expectation { TELL_ALL, TELL_NOTHING, TELL_ONE_MORE, FORGET_ONE };

static void tell(enum expectation expectation)
{
    if (expectation == TELL_NOTHING)
        return;
    for (size_t i = expectation == FORGET_ONE ? 1 : 0; i < COUNT(files); i++)
        OK(store_expect_file(store, str_of(files[i]), err));
    if (expectation == TELL_ONE_MORE)
        OK(store_expect_file(store, STR("none.md"), err));
}

/** Everything that links and search say, as text. */
static char *dump(void)
{
    STRBUF_SCOPED text = {0};
    strbuf_add_text(&text,
                    ask("SELECT path || ' [[' || raw || ']] ' || coalesce(target_path, '') ||"
                        " ' ' || coalesce(target_id IS NOT NULL, '') FROM links ORDER BY 1"));
    strbuf_add_text(&text, "\n");
    strbuf_add_text(&text, ask("SELECT path FROM search WHERE search MATCH 'text' ORDER BY 1"));
    strbuf_add_text(&text, "\n");
    strbuf_add_text(&text, ask("SELECT key || alias || folded || f.path FROM nx_name"
                               "  JOIN files f ON f.id = file_id ORDER BY 1"));
    strbuf_add_text(&text, "\n");
    strbuf_add_text(&text, ask("SELECT type || name || sql FROM sqlite_schema ORDER BY 1"));
    strbuf_add_text(&text, "\n");
    strbuf_add_text(&text, ask("SELECT op || path FROM changes ORDER BY path"));
    return strbuf_take(&text);
}

/** Puts the files from the last to the first: results of workers come in any order. */
static void put_all(void)
{
    for (size_t i = COUNT(files); i-- > 0;) {
        begin();
        if (str_ends_with(str_of(files[i]), STR(".md")))
            put_linking_note(files[i], i == 5 ? "Alias" : NULL, link_targets);
        else
            put_file(files[i]);
        commit();
    }
}

static void a_first_index_holds_what_single_changes_would_have_made(void **state)
{
    (void)state;
    struct store_options o = options();
    OK(store_open(&o, &store, err));
    begin();
    register_note_schema();
    commit();
    put_all();
    char *wanted = dump();
    remove_store(NULL);
    for (int expectation = TELL_ALL; expectation <= FORGET_ONE; expectation++) {
        make_folder(NULL);
        open_bulk();
        tell((enum expectation)expectation);
        put_all();
        OK(store_finish_bulk(store, err));
        char *found = dump();
        if (strcmp(found, wanted) != 0)
            fail_msg("told %d:\n%s\ninstead of\n%s", expectation, found, wanted);
        free(found);
        OK(connection_run(
            store->db, STR("INSERT INTO search(search, rank) VALUES('integrity-check', 1)"), err));
        begin(); /* and it goes on as any other */
        put_linking_note("late.md", NULL, (const char *const[]){"a", NULL});
        delete_file("x/b.md");
        commit();
        TELLS("SELECT target_path FROM links WHERE path = 'late.md'", "a.md");
        TELLS("SELECT target_path FROM links WHERE path = 'a.md' AND target = 'x/b'", "x/B.md");
        remove_store(NULL);
    }
    free(wanted);
    make_folder(NULL);
}

static void nothing_is_in_place_before_it_is_complete(void **state)
{
    (void)state;
    open_bulk();
    put_all();
    assert_false(is_there(""));
    assert_true(is_there("-new"));
    OK(store_finish_bulk(store, err));
    assert_true(is_there(""));
    assert_false(is_there("-new"));
    struct stat status;
    assert_int_equal(stat(database, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    TELLS("PRAGMA user_version", "3");
    TELLS("SELECT count(*) FROM changes WHERE op = 'create'", "8");
}

static void it_is_known_to_be_right_as_a_comparison_would_find_it(void **state)
{
    (void)state;
    char made[HASH_TEXT_SIZE], found[HASH_TEXT_SIZE];
    STRBUF_SCOPED what = {0};
    bool was_repaired;
    open_bulk();
    put_all();
    OK(store_finish_bulk(store, err));
    store_shape_tell(store, made);
    store_close(store);
    const struct store_options o = options();
    OK(store_open(&o, &store, err));
    begin();
    register_note_schema();
    commit();
    OK(store_repair(store, &was_repaired, &what, err));
    assert_false(was_repaired);
    store_shape_tell(store, found);
    assert_int_equal(strlen(made), HASH_TEXT_SIZE - 1);
    assert_string_equal(made, found);
}

static void what_a_crash_leaves_behind_is_removed(void **state)
{
    (void)state;
    open_bulk();
    put_all();
    store_close(store); /* without finishing */
    store = NULL;
    assert_false(is_there(""));
    open_bulk();
    OK(store_finish_bulk(store, err));
    TELLS("SELECT count(*) FROM files", "0");
    assert_false(is_there("-new"));
}

static void there_is_no_first_index_where_a_database_is(void **state)
{
    (void)state;
    const struct store_options o = options();
    struct store *other;
    open_bulk();
    OK(store_finish_bulk(store, err));
    FAILS(NEXUS_ERROR_EXISTS, store_open_bulk(&o, &other, err));
    store_close(store);
    store = NULL;
    assert_int_equal(remove(database), 0);
    open_bulk();
    OK(store_open(&o, &other, err)); /* another program was quicker */
    store_close(other);
    FAILS(NEXUS_ERROR_EXISTS, store_finish_bulk(store, err));
    TELLS("SELECT count(*) FROM schemas", "0");
}

static void one_path_still_holds_one_object(void **state)
{
    (void)state;
    open_bulk();
    begin();
    struct store_object item = object_of(put_file("a.json"), STR("a.json#b.json"), STR("1"));
    item.item_key = STR("b.json");
    OK(store_object_put(store, &item, ORIGIN_FILE, NULL, NULL, err));
    struct store_object whole =
        object_of(put_file("a.json#b.json"), STR("a.json#b.json"), STR("2"));
    FAILS(NEXUS_ERROR_EXISTS, store_object_put(store, &whole, ORIGIN_FILE, NULL, NULL, err));
    struct store_object other = object_of(put_file("c.json"), STR("c.json"), STR("3"));
    OK(store_object_put(store, &other, ORIGIN_FILE, NULL, NULL, err));
    commit();
    OK(store_finish_bulk(store, err));
    TELLS("SELECT file_path FROM data_objects ORDER BY 1", "a.json#b.json|c.json");
}

static void a_file_may_be_put_twice(void **state)
{
    (void)state;
    open_bulk();
    OK(store_expect_file(store, STR("a.md"), err));
    begin();
    int64_t id = put_file("a.md");
    assert_int_equal(put_file("a.md"), id);
    assert_true(put_file("untold.md") > id);
    commit();
    OK(store_finish_bulk(store, err));
    TELLS("SELECT path FROM files", "a.md|untold.md");
}

static void tending_merges_the_search_index_and_moves_the_log(void **state)
{
    (void)state;
    const struct store_options o = options();
    bool more = true;
    OK(store_open(&o, &store, err));
    OK(store_tend(store, &more, err));
    assert_false(more);
    begin();
    register_note_schema();
    commit();
    for (int i = 0; i < 40; i++) {
        char path[16];
        snprintf(path, sizeof path, "%d.md", i);
        begin();
        put_linking_note(path, NULL, NULL);
        commit();
    }
    int pieces = atoi(ask("SELECT count(DISTINCT segid) FROM search_idx"));
    struct store *other;
    OK(store_open(&o, &other, err));
    OK(store_begin(other, clock_ns, err));
    FAILS(NEXUS_ERROR_BUSY, store_tend(store, &more, err));
    store_close(other);
    int rounds = 0;
    for (more = true; more && rounds < 100; rounds++)
        OK(store_tend(store, &more, err));
    assert_in_range(rounds, 1, 99);
    assert_true(atoi(ask("SELECT count(DISTINCT segid) FROM search_idx")) < pieces);
    int64_t rows = store_written_rows(store);
    OK(store_tend(store, &more, err));
    assert_int_equal(store_written_rows(store), rows);
    assert_int_equal(store->log_pages, 0);
    TELLS("SELECT count(*) FROM search WHERE search MATCH 'text'", "40");
}

/** A note of that many bytes, all of it in one word of its own and a common one. */
static void put_long_note(int n, size_t length)
{
    static const struct note nothing;
    const struct line_map lines = {0};
    STRBUF_SCOPED body = {0};
    char path[16];
    strbuf_addf(&body, "word%d", n);
    while (body.length < length)
        strbuf_add_text(&body, " text");
    snprintf(path, sizeof path, "%d.md", n);
    const struct store_derived derived = {
        .title = str_of(path),
        .body_property = STR("content"),
        .body = strbuf_str(&body),
        .note = &nothing,
        .lines = &lines,
    };
    begin();
    OK(store_derived_put(store, put_object(path, body.at), &derived, err));
    commit();
}

/* FTS5 begins another one with each savepoint, and SQLite makes one where a statement might have to
 * be taken back in the middle. */
static void texts_of_many_batches_are_one_piece_of_the_search_index(void **state)
{
    (void)state;
    open_bulk();
    for (int n = 0; n < 64; n++)
        put_long_note(n, 40000);
    OK(store_finish_bulk(store, err));
    TELLS("SELECT count(DISTINCT segid) FROM search_idx", "1");
    TELLS("SELECT path FROM search WHERE search MATCH 'word63'", "63.md");
    TELLS("SELECT count(*) FROM search WHERE search MATCH 'text'", "64");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_store)
    const struct CMUnitTest tests[] = {
        TEST(a_first_index_holds_what_single_changes_would_have_made),
        TEST(nothing_is_in_place_before_it_is_complete),
        TEST(it_is_known_to_be_right_as_a_comparison_would_find_it),
        TEST(what_a_crash_leaves_behind_is_removed),
        TEST(there_is_no_first_index_where_a_database_is),
        TEST(one_path_still_holds_one_object),
        TEST(a_file_may_be_put_twice),
        TEST(texts_of_many_batches_are_one_piece_of_the_search_index),
        TEST(tending_merges_the_search_index_and_moves_the_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

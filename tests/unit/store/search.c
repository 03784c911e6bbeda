// SPDX-License-Identifier: MIT
/* What search finds, and that the index holds exactly that. */
#include "unit/store/derived.h"

#include "store/connection.h"

static const char *find(const char *words)
{
    char sql[256];
    snprintf(sql, sizeof sql,
             "SELECT path || ':' || snippet(search, 0, '[', ']', '...', 3) FROM search"
             " WHERE search MATCH '%s' ORDER BY path",
             words);
    return ask(sql);
}

static const struct {
    const char *body, *words, *found;
} search_facts[] = {
    {"the quick brown fox", "quick", "a.md:the [quick] brown..."},
    {"the quick brown fox", "QUICK", "a.md:the [quick] brown..."},
    {"the quick brown fox", "brow*", "a.md:the quick [brown]..."},
    {"the quick brown fox", "\"quick brown\"", "a.md:the [quick brown]..."},
    {"the quick brown fox", "slow", ""},
    {"the quick brown fox", "title:title", "a.md:the quick brown..."},
    {"the quick brown fox", "tags:one", "a.md:the quick brown..."},
    {"caf\xC3\xA9 au lait", "cafe", "a.md:[caf\xC3\xA9] au lait"},
    {"cafe\xCC\x81 au lait", "caf\xC3\xA9", "a.md:[cafe\xCC\x81] au lait"},
    {"\xD0\x9C\xD0\xB8\xD1\x80 x", "\xD0\xBC\xD0\xB8\xD1\x80", "a.md:[\xD0\x9C\xD0\xB8\xD1\x80] x"},
    {"say \"quoted\" \\ words", "quoted", "a.md:say \"[quoted]\" \\ words"},
    {"\xE4\xB8\xAD\xE6\x96\x87\xE7\xAC\x94\xE8\xAE\xB0", "\xE4\xB8\xAD\xE6\x96\x87*",
     "a.md:[\xE4\xB8\xAD\xE6\x96\x87\xE7\xAC\x94\xE8\xAE\xB0]"},
};

static void words_of_title_body_and_tags_are_found(void **state)
{
    (void)state;
    struct note_tag tags[] = {{.name = STR("one")}, {.name = STR("two")}};
    const struct note note = {.tags = tags, .tag_count = 2};
    for (size_t i = 0; i < COUNT(search_facts); i++) {
        put_note("a.md", search_facts[i].body, &note, NULL);
        assert_string_equal(find(search_facts[i].words), search_facts[i].found);
    }
}

static void check_search(void)
{
    OK(connection_run(store->db,
                      STR("INSERT INTO search(search, rank) VALUES('integrity-check', 1)"), err));
}

static void what_is_gone_is_not_found(void **state)
{
    (void)state;
    const struct note note = {0};
    put_note("a.md", "alpha", &note, NULL);
    put_note("b.md", "alpha beta", &note, NULL);
    put_note("a.md", "gamma", &note, NULL);
    assert_string_equal(find("alpha"), "b.md:[alpha] beta");
    assert_string_equal(find("gamma"), "a.md:[gamma]");
    begin();
    delete_file("b.md");
    put_object("a.md", "delta"); /* content alone: search waits for what is derived from it */
    commit();
    assert_string_equal(find("alpha OR gamma OR delta"), "");
    check_search();
    put_note("a.md", "delta", &note, NULL);
    assert_string_equal(find("delta"), "a.md:[delta]");
    begin();
    move_file("a.md", "c.md");
    commit();
    assert_string_equal(find("delta"), "c.md:[delta]");
    check_search();
}

/** All that the index is stored as. */
static struct str index_bytes(void)
{
    return arena_copy(&arena,
                      str_of(ask("SELECT group_concat(id || hex(block), ' ') FROM search_data")));
}

static void put_valued(const char *json, const char *title, struct str body)
{
    const struct store_derived derived = {
        .title = str_of(title), .body_property = STR("content"), .body = body};
    begin();
    struct store_object object = object_of(put_file("a.md"), STR("a.md"), str_of(json));
    int64_t id;
    OK(store_object_put(store, &object, ORIGIN_FILE, &id, NULL, err));
    OK(store_derived_put(store, id, &derived, err));
    commit();
}

static void a_change_of_what_nothing_is_found_by_leaves_the_index_alone(void **state)
{
    (void)state;
    put_valued("{\"content\":\"alpha\",\"n\":1}", "t", STR("alpha"));
    struct str before = index_bytes();
    put_valued("{\"content\":\"alpha\",\"n\":2}", "t", STR("alpha"));
    assert_string_equal(index_bytes().at, before.at);
    put_valued("{\"content\":\"alpha\",\"n\":2}", "other", STR("alpha"));
    assert_string_equal(find("other"), "a.md:alpha");
    put_valued("{\"content\":\"beta\",\"n\":3}", "other", STR("beta"));
    assert_string_equal(find("alpha"), "");
    assert_string_equal(find("beta"), "a.md:[beta]");
    check_search();
}

static void each_of_several_objects_that_change_leaves_by_its_old_words(void **state)
{
    (void)state;
    const struct store_derived derived = {
        .title = STR("t"), .body_property = STR("content"), .body = STR("gamma")};
    const struct note note = {0};
    put_note("a.md", "alpha", &note, NULL);
    put_note("b.md", "beta", &note, NULL);
    begin();
    int64_t a = put_object("a.md", "gamma"), b = put_object("b.md", "gamma");
    OK(store_derived_put(store, a, &derived, err));
    OK(store_derived_put(store, b, &derived, err));
    commit();
    assert_string_equal(find("alpha OR beta"), "");
    assert_string_equal(find("gamma"), "a.md:[gamma]|b.md:[gamma]");
    check_search();
    begin();
    put_object("a.md", "delta");
    OK(store_object_delete(store, a, ORIGIN_FILE, err));
    commit();
    assert_string_equal(find("gamma OR delta"), "b.md:[gamma]");
    check_search();
}

static void deriving_twice_in_one_transaction_counts_once(void **state)
{
    (void)state;
    struct store_derived derived = {.title = STR("t"), .body_property = STR("content")};
    begin();
    int64_t id = put_object("a.md", "alpha");
    OK(store_derived_put(store, id, &derived, err));
    derived.title = STR("other");
    OK(store_derived_put(store, id, &derived, err));
    int64_t gone = put_object("b.md", "alpha");
    OK(store_derived_put(store, gone, &derived, err));
    OK(store_object_delete(store, gone, ORIGIN_FILE, err));
    commit();
    assert_string_equal(find("alpha"), "a.md:[alpha]");
    assert_string_equal(find("other"), "a.md:alpha");
    TELLS("SELECT count(*) FROM nx_text", "1");
    check_search();
}

static void all_strings_of_an_object_that_is_no_note_are_found(void **state)
{
    (void)state;
    const struct store_derived derived = {.title = STR("x")};
    begin();
    struct store_object object =
        object_of(put_file("t.json"), STR("t.json"),
                  STR("{\"text\":\"milk\",\"n\":[7,\"eggs\",{\"k\":\"ham\"}]}"));
    int64_t id;
    OK(store_object_put(store, &object, ORIGIN_FILE, &id, NULL, err));
    OK(store_derived_put(store, id, &derived, err));
    commit();
    assert_string_equal(find("eggs"), "t.json:milk\n[eggs]\nham");
    assert_string_equal(find("text"), ""); /* a key is no text */
    check_search();
    begin();
    object = object_of(object.file_id, STR("t.json"), STR("{\"text\":\"salt\"}"));
    OK(store_object_put(store, &object, ORIGIN_FILE, &id, NULL, err));
    OK(store_derived_put(store, id, &derived, err));
    commit();
    assert_string_equal(find("eggs"), "");
    assert_string_equal(find("salt"), "t.json:[salt]");
    check_search();
}

/* Texts on which SQLite's JSON and ours could differ: what is indexed must be what it reads back.
 */
static const struct {
    const char *json;
    struct str body;
} odd_bodies[] = {
    {"{\"content\":\"a\\u0000b\"}", {"a\0b", 3}},
    {"{\"content\":\"\"}", {"", 0}},
    {"{\"content\":\"\\ud83d\\ude00 x\"}", {"\xF0\x9F\x98\x80 x", 6}},
    {"{\"content\":\"tab\\tend\"}", {"tab\tend", 7}},
    {"{\"content\":\"\\/\\u00e9\"}", {"/\xC3\xA9", 3}},
};

static void odd_texts_leave_the_index_as_they_entered_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(odd_bodies); i++) {
        put_valued(odd_bodies[i].json, "t", odd_bodies[i].body);
        check_search();
    }
    begin();
    delete_file("a.md");
    commit();
    check_search();
    TELLS("SELECT count(*) FROM search WHERE search MATCH 't'", "0");
}

static void a_body_under_a_name_without_a_json_path_is_found_all_the_same(void **state)
{
    (void)state;
    static const char *const names[] = {"it's", "say \\\"x\\\"", "a.b", ""};
    for (size_t i = 0; i < COUNT(names); i++) {
        char json[64];
        snprintf(json, sizeof json, "{\"%s\":\"word\"}", names[i]);
        STRBUF_SCOPED name = {0};
        strbuf_add_text(&name, i == 1 ? "say \"x\"" : names[i]);
        const struct store_derived derived = {.body_property = strbuf_str(&name)};
        begin();
        struct store_object object = object_of(put_file("a.md"), STR("a.md"), str_of(json));
        int64_t id;
        OK(store_object_put(store, &object, ORIGIN_FILE, &id, NULL, err));
        OK(store_derived_put(store, id, &derived, err));
        commit();
        assert_string_equal(find("word"), "a.md:[word]");
        check_search();
    }
}

static void malformed_content_does_not_stop_what_repairs_it(void **state)
{
    (void)state;
    const struct note note = {0};
    put_note("a.md", "alpha", &note, NULL);
    OK(connection_run(store->db, STR("UPDATE object_content SET content_json = '{'"), err));
    put_note("a.md", "beta", &note, NULL);
    assert_string_equal(find("beta"), "a.md:[beta]");
}

/** The index is not written to, where it would say the same. */
static void what_search_does_not_look_at_leaves_the_index_alone(void **state)
{
    (void)state;
    struct note_tag tags[] = {{.name = STR("red")}, {.name = STR("blue")}};
    const struct note two = {.tags = tags, .tag_count = 2}, one = {.tags = tags, .tag_count = 1};
    put_note("a.md", "alpha", &two, NULL);
    const char *written =
        "SELECT count(*) || ' ' || max(id) || ' ' || sum(length(block)) FROM search_data";
    struct str before = arena_copy(&arena, str_of(ask(written)));
    put_note("a.md", "alpha", &two, NULL);
    assert_string_equal(ask(written), before.at);
    put_note("a.md", "alpha", &one, NULL);
    TELLS("SELECT count(*) FROM search WHERE search MATCH 'blue'", "0");
    put_note("a.md", "beta", &one, NULL);
    assert_string_equal(find("beta"), "a.md:[beta]");
    TELLS("SELECT count(*) FROM search WHERE search MATCH 'alpha'", "0");
    check_search();
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(words_of_title_body_and_tags_are_found),
        TEST(what_is_gone_is_not_found),
        TEST(a_change_of_what_nothing_is_found_by_leaves_the_index_alone),
        TEST(each_of_several_objects_that_change_leaves_by_its_old_words),
        TEST(deriving_twice_in_one_transaction_counts_once),
        TEST(all_strings_of_an_object_that_is_no_note_are_found),
        TEST(odd_texts_leave_the_index_as_they_entered_it),
        TEST(a_body_under_a_name_without_a_json_path_is_found_all_the_same),
        TEST(malformed_content_does_not_stop_what_repairs_it),
        TEST(what_search_does_not_look_at_leaves_the_index_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

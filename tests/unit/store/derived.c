// SPDX-License-Identifier: MIT
/* What a note contains, row by row, and what search finds of it. */
#include "store/internal.h"

#include "store/connection.h"
#include "unit/store/fixture.h"

static struct arena arena;

static int set_up(void **state)
{
    arena_init(&arena);
    return make_store(state);
}

static int tear_down(void **state)
{
    arena_finish(&arena);
    return remove_store(state);
}

/** Derives the note of `source` as the object's content. */
static int64_t put_note(const char *path, const char *source, const struct note *note,
                        const struct tape *front)
{
    const struct line_map lines = line_map_of(&arena, str_of(source));
    const struct store_derived derived = {
        .title = STR("A title"),
        .body_property = STR("content"),
        .body = str_of(source),
        .note = note,
        .source = str_of(source),
        .lines = &lines,
        .front = front,
    };
    begin();
    int64_t id = put_object(path, source);
    OK(store_derived_put(store, id, &derived, err));
    commit();
    return id;
}

static void every_part_of_a_note_is_a_row_with_its_place(void **state)
{
    (void)state;
    const char *source = "# Head\n\n- [x] buy milk\n#a/b text ^id\nkey:: value\n";
    struct note_tag tags[] = {{.span = {24, 28}, .name = STR("a/b")}};
    struct note_heading headings[] = {{.span = {0, 6}, .level = 1, .text = STR("Head")}};
    struct note_block blocks[] = {{.span = {34, 37}, .id = STR("id")}};
    struct note_property properties[] = {
        {.span = {38, 49}, .key = STR("key"), .value = STR("value")}};
    struct note_task tasks[] = {{.span = {8, 22},
                                 .status = {11, 12},
                                 .text = STR("buy milk"),
                                 .heading = STR("Head"),
                                 .depth = 2,
                                 .done = true,
                                 .due = STR("2026-01-20"),
                                 .done_on = STR("2026-01-19"),
                                 .created = STR("2026-01-01"),
                                 .start = STR("2026-01-02"),
                                 .scheduled = STR("2026-01-03"),
                                 .cancelled = STR("2026-01-04"),
                                 .priority = STR("high"),
                                 .recurrence = STR("every week"),
                                 .block = STR("id")}};
    struct note_alias aliases[] = {{.span = {0, 4}, .name = STR("Al")}};
    const struct note note = {
        .tags = tags,
        .tag_count = 1,
        .headings = headings,
        .heading_count = 1,
        .blocks = blocks,
        .block_count = 1,
        .tasks = tasks,
        .task_count = 1,
        .properties = properties,
        .property_count = 1,
        .aliases = aliases,
        .alias_count = 1,
    };
    put_note("a.md", source, &note, NULL);
    TELLS("SELECT path || ' ' || tag || ' ' || line || ' ' || start || ' ' || end FROM tags",
          "a.md a/b 4 24 28");
    TELLS("SELECT path || ' ' || level || ' ' || text || ' ' || line || ' ' || start || ' ' || end"
          "  FROM headings",
          "a.md 1 Head 1 0 6");
    TELLS("SELECT path || ' ' || block || ' ' || line || ' ' || start || ' ' || end FROM blocks",
          "a.md id 4 34 37");
    TELLS("SELECT path || ' ' || key || ' ' || value || ' ' || type || ' ' || source || ' ' || "
          "line ||"
          " ' ' || start || ' ' || end FROM properties",
          "a.md key value text inline 5 38 49");
    TELLS("SELECT path || ' ' || alias || ' ' || line FROM aliases", "a.md Al 1");
    TELLS(
        "SELECT path || ' ' || status || ' ' || done || ' ' || text || ' ' || due || ' ' ||"
        " completed || ' ' || created || ' ' || starts || ' ' || scheduled || ' ' || cancelled ||"
        " ' ' || priority || ' ' || recurrence || ' ' || heading || ' ' || block || ' ' || depth ||"
        " ' ' || line || ' ' || start || ' ' || end FROM tasks",
        "a.md x 1 buy milk 2026-01-20 2026-01-19 2026-01-01 2026-01-02 2026-01-03 2026-01-04 high"
        " every week Head id 2 3 8 22");
    TELLS("SELECT title FROM objects", "A title");
}

static void deriving_again_replaces_the_rows_of_this_note_alone(void **state)
{
    (void)state;
    struct note_tag tags[] = {{.name = STR("one")}, {.name = STR("two")}};
    struct note note = {.tags = tags, .tag_count = 2};
    put_note("a.md", "#one #two", &note, NULL);
    put_note("b.md", "#one #two", &note, NULL);
    note.tag_count = 1;
    put_note("a.md", "#one", &note, NULL);
    TELLS("SELECT path || tag FROM tags ORDER BY 1", "a.mdone|b.mdone|b.mdtwo");
}

static const struct {
    const char *tag, *found_by; /* WHERE … of the view */
} tag_facts[] = {
    {"project", "tag = 'project'"},
    {"Project", "tag = 'project'"},
    {"project", "tag = 'PROJECT'"},
    {"project/nexus", "tag LIKE 'project/%'"},
    {"PROJECT/nexus", "tag LIKE 'project/%'"},
    {"\xC3\x9C"
     "bung",
     "folded = '\xC3\xBC"
     "bung'"},
    {"\xC3\xBC"
     "bung",
     "folded = '\xC3\xBC"
     "bung'"},
    {"Stra\xC3\x9F"
     "e",
     "folded = 'strasse'"},
    {"Plain", "folded = 'plain'"},
};

static void tags_do_not_mind_case(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(tag_facts); i++) {
        struct note_tag tags[] = {{.name = str_of(tag_facts[i].tag)}};
        const struct note note = {.tags = tags, .tag_count = 1};
        put_note("a.md", "x", &note, NULL);
        char sql[128];
        snprintf(sql, sizeof sql, "SELECT tag FROM tags WHERE %s", tag_facts[i].found_by);
        TELLS(sql, tag_facts[i].tag);
    }
}

static const struct {
    enum link_kind kind;
    const char *raw, *target, *alias, *heading, *block;
} link_facts[] = {
    {LINK_WIKI, "[[a]]", "a", NULL, NULL, NULL},
    {LINK_WIKI, "[[a|b]]", "a", "b", NULL, NULL},
    {LINK_WIKI, "[[a#h|b]]", "a", "b", "h", NULL},
    {LINK_WIKI, "[[a#^x]]", "a", NULL, NULL, "x"},
    {LINK_WIKI, "[[#h]]", "", NULL, "h", NULL},
    {LINK_WIKI, "[[a|]]", "a", NULL, NULL, NULL},
    {LINK_EMBED, "![[p.png|100]]", "p.png", "100", NULL, NULL},
    {LINK_EMBED, "![alt](p.png)", "p.png", "alt", NULL, NULL},
    {LINK_MARKDOWN, "[t](a.md)", "a.md", "t", NULL, NULL},
    {LINK_MARKDOWN, "[t](a.md#h)", "a.md", "t", "h", NULL},
    {LINK_MARKDOWN, "[t](my%20note.md)", "my note.md", "t", NULL, NULL},
    {LINK_MARKDOWN, "[t](<my note.md> \"title\")", "my note.md", "t", NULL, NULL},
    {LINK_MARKDOWN, "[](a.md)", "a.md", NULL, NULL, NULL},
    {LINK_EXTERNAL, "https://x.y/", "https://x.y/", NULL, NULL, NULL},
    {LINK_EXTERNAL, "<https://x.y/>", "https://x.y/", NULL, NULL, NULL},
    {LINK_EXTERNAL, "[t](https://x.y/#z)", "https://x.y/#z", "t", NULL, NULL},
    {LINK_EXTERNAL, "![t t](https://x.y/t?t \"t t\")", "https://x.y/t?t", "t t", NULL, NULL},
    {LINK_EXTERNAL, "![\1\2 long](https://x.y/)", "https://x.y/", "\1\2 long", NULL, NULL},
    {LINK_EXTERNAL, "[<b>long</b>](https://x.y/\3)", "https://x.y/\3", "long", NULL, NULL},
    {LINK_FRONTMATTER, "[[a]]", "a", NULL, NULL, NULL},
    {LINK_FRONTMATTER, "\"[[a]]\"", "a", NULL, NULL, NULL},
};

static void the_raw_text_of_a_link_is_what_was_written(void **state)
{
    (void)state;
    struct note_link links[COUNT(link_facts)] = {0};
    const struct note note = {.links = links, .link_count = COUNT(link_facts)};
    STRBUF_SCOPED wanted = {0};
    for (size_t i = 0; i < COUNT(link_facts); i++) {
        links[i] = (struct note_link){
            .kind = link_facts[i].kind,
            .span = {(uint32_t)i, (uint32_t)i + 1},
            .raw = str_of(link_facts[i].raw),
            .target = str_of(link_facts[i].target),
            .alias = str_of(link_facts[i].alias),
            .heading = str_of(link_facts[i].heading),
            .block = str_of(link_facts[i].block),
        };
        strbuf_addf(&wanted, "%s%s", i ? "\n" : "", link_facts[i].raw);
    }
    put_note("n.md", "x", &note, NULL);
    TELLS("SELECT group_concat(raw, char(10)) FROM (SELECT raw FROM links ORDER BY start)",
          strbuf_str(&wanted).at);
    TELLS("SELECT count(*) FROM nx_link WHERE raw IS NOT NULL", "10");
    TELLS("SELECT count(*) FROM nx_link WHERE raw LIKE char(1) || '%'", "5");
    TELLS("SELECT count(*) FROM links WHERE kind = 'external' AND target_path IS NULL", "6");
    TELLS("SELECT count(*) FROM unresolved_links WHERE kind = 'external'", "0");
    TELLS("SELECT target_path FROM links WHERE heading = 'h' AND target = ''", "n.md");
}

static void push(struct tape *tape, enum node_type type, const char *text, uint32_t place)
{
    uint32_t index = tape_push(tape, type, place, place + 1);
    assert_true(index != TAPE_NONE);
    tape->nodes[index].text = text;
    tape->nodes[index].text_length = (uint32_t)strlen(text);
}

static void member(struct tape *tape, const char *key, enum node_type type, const char *value)
{
    uint32_t at = (uint32_t)tape->count;
    push(tape, NODE_KEY, key, at);
    push(tape, type, value, at + 1);
    tape->nodes[at].next = at + 2;
    tape->nodes[0].next = at + 2;
    tape->nodes[0].count++;
}

static void front_matter_keeps_the_types_of_its_values(void **state)
{
    (void)state;
    struct tape front;
    tape_init(&front);
    push(&front, NODE_OBJECT, "", 0);
    member(&front, "text", NODE_STRING, "12");
    member(&front, "integer", NODE_NUMBER, "9007199254740993");
    member(&front, "real", NODE_NUMBER, "1.50");
    member(&front, "huge", NODE_NUMBER, "1e300");
    member(&front, "yes", NODE_TRUE, "");
    member(&front, "no", NODE_FALSE, "");
    member(&front, "nothing", NODE_NULL, "");
    member(&front, "empty", NODE_STRING, "");
    member(&front, "list", NODE_ARRAY, "");
    member(&front, "it's \"x\"", NODE_OBJECT, "");
    const struct note note = {0};
    put_note("a.md", "0123456789012345678901234567890", &note, &front);
    tape_finish(&front);
    TELLS("SELECT key || '=' || coalesce(quote(value), 'NULL') || ':' || type FROM properties"
          "  ORDER BY start",
          "text='12':text|integer=9007199254740993:number|real=1.5:number|"
          "huge=1.0e+300:number|yes=1:boolean|no=0:boolean|nothing=NULL:null|"
          "empty='':text|list='[]':list|it's \"x\"='{}':object");
    TELLS("SELECT value FROM properties WHERE key = 'YES'", "1");
    TELLS("SELECT count(*) FROM properties WHERE source = 'frontmatter'", "10");
}

static const char *find(const char *words)
{
    char sql[256];
    snprintf(sql, sizeof sql,
             "SELECT path || ':' || snippet(search, 2, '[', ']', '...', 3) FROM search"
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
        const struct store_derived derived = {
            .title = STR("t"), .body_property = STR("content"), .body = odd_bodies[i].body};
        begin();
        struct store_object object =
            object_of(put_file("a.md"), STR("a.md"), str_of(odd_bodies[i].json));
        int64_t id;
        OK(store_object_put(store, &object, ORIGIN_FILE, &id, NULL, err));
        OK(store_derived_put(store, id, &derived, err));
        commit();
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
        TEST(every_part_of_a_note_is_a_row_with_its_place),
        TEST(deriving_again_replaces_the_rows_of_this_note_alone),
        TEST(tags_do_not_mind_case),
        TEST(the_raw_text_of_a_link_is_what_was_written),
        TEST(front_matter_keeps_the_types_of_its_values),
        TEST(words_of_title_body_and_tags_are_found),
        TEST(what_is_gone_is_not_found),
        TEST(deriving_twice_in_one_transaction_counts_once),
        TEST(all_strings_of_an_object_that_is_no_note_are_found),
        TEST(odd_texts_leave_the_index_as_they_entered_it),
        TEST(a_body_under_a_name_without_a_json_path_is_found_all_the_same),
        TEST(malformed_content_does_not_stop_what_repairs_it),
        TEST(what_search_does_not_look_at_leaves_the_index_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

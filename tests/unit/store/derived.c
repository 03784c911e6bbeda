// SPDX-License-Identifier: MIT
/* What a note contains, row by row. */
#include "unit/store/derived.h"

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

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(every_part_of_a_note_is_a_row_with_its_place),
        TEST(deriving_again_replaces_the_rows_of_this_note_alone),
        TEST(tags_do_not_mind_case),
        TEST(the_raw_text_of_a_link_is_what_was_written),
        TEST(front_matter_keeps_the_types_of_its_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

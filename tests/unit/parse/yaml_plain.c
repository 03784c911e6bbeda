// SPDX-License-Identifier: MIT
/* What is read without libyaml is what libyaml reads: the same tape, node for node and byte for
 * byte, and nothing to tell. */
#include "parse/yaml_plain.h"

#include "parse/front_matter.h"
#include "parse/yaml.h"
#include "unit/unit.h"

#include <stdio.h>
#include <stdlib.h>

enum reader { LIBYAML, PLAIN };

static const struct {
    struct str text;
    enum reader reader;
} texts[] = {
    {TEXT("a: b\n"), PLAIN},
    {TEXT("a: b"), PLAIN},
    {TEXT("a: b\r\nc: d\r\n"), PLAIN},
    {TEXT("a: b\r"), LIBYAML},
    {TEXT("a:\n"), PLAIN},
    {TEXT("a:"), PLAIN},
    {TEXT("a: \n\n  \nb:   c  \n"), PLAIN},
    {TEXT("a: # c\n"), LIBYAML},
    {TEXT("# c\n\na: b\n"), PLAIN},
    {TEXT("a: b\n# c 'd' \"e\"\n   # f\nc: d\n#"), PLAIN},
    {TEXT("a: b # c\n"), LIBYAML},
    {TEXT("a: b#c\nhttp: https://x.org:80/#y\n"), PLAIN},
    {TEXT("a: b: c\n"), LIBYAML},
    {TEXT("a: b:\n"), LIBYAML},
    {TEXT("a : b\n"), LIBYAML},
    {TEXT("a: b\n c\n"), LIBYAML},
    {TEXT("a: b\n c: d\n"), LIBYAML},
    {TEXT("a:\n  b: c\n d: e\n"), LIBYAML},
    {TEXT("a:\n  b: c\nd: e\n"), PLAIN},
    {TEXT("a:\n  b:\n    c:\n  d: e\n"), PLAIN},
    {TEXT("a:\n- b\n- c\nd:\n  - e\n"), PLAIN},
    {TEXT("a:\n  - b\n- c\n"), LIBYAML},
    {TEXT("a:\n  - b\n c: d\n"), LIBYAML},
    {TEXT("a:\n-\n- \n- b\n-\r\nc: \n  -"), PLAIN},
    {TEXT("a:\n-\n  b\n"), LIBYAML},
    {TEXT("a:\n- # c\n"), LIBYAML},
    {TEXT("# c"), LIBYAML},
    {TEXT("a:\n- - b\n"), LIBYAML},
    {TEXT("a:\n- b: c\n  d: e\n- f: g\n"), PLAIN},
    {TEXT("a:\n-   b: c\n    d:\n    - e\n"), PLAIN},
    {TEXT("a:\n- b: c\n d: e\n"), LIBYAML},
    {TEXT("a: -1\nb: -x\nc: - x\n"), LIBYAML},
    {TEXT("a: -1\nb: -x\nc: --\n"), LIBYAML},
    {TEXT("a: -1\nb: -x\n"), PLAIN},
    {TEXT("a: [b, 'c', \"d\", -1]\n"), PLAIN},
    {TEXT("a: [ b c ,d ] \nb: []\nc: [ ]\n"), PLAIN},
    {TEXT("a: [b, ]\n"), LIBYAML},
    {TEXT("a: [b\n"), LIBYAML},
    {TEXT("a: [b: c]\n"), LIBYAML},
    {TEXT("a: [b] c\n"), LIBYAML},
    {TEXT("a: [[b]]\n"), LIBYAML},
    {TEXT("[a]: b\n"), LIBYAML},
    {TEXT("a: {b: c}\n"), LIBYAML},
    {TEXT("\"a b\": 'c'\n'd': \"e: f\"\n"), PLAIN},
    {TEXT("a: 'it''s'\n"), LIBYAML},
    {TEXT("a: \"\\n\"\n"), LIBYAML},
    {TEXT("a: \"b\" c\n"), LIBYAML},
    {TEXT("a: \"b\nc\"\n"), LIBYAML},
    {TEXT("a: ''\nb: \"\"\n"), PLAIN},
    {TEXT("a: it's \"so\" [here], {there} & * ! | > % @ `\n"), PLAIN},
    {TEXT("a: &b c\n"), LIBYAML},
    {TEXT("a: *b\n"), LIBYAML},
    {TEXT("a: !!str 1\n"), LIBYAML},
    {TEXT("a: |\n  b\n"), LIBYAML},
    {TEXT("a: >-\n  b\n"), LIBYAML},
    {TEXT("a: @b\n"), LIBYAML},
    {TEXT("? a\n: b\n"), LIBYAML},
    {TEXT("%YAML 1.2\n"), LIBYAML},
    {TEXT("---\na: b\n"), LIBYAML},
    {TEXT("a: b\n... : c\n"), LIBYAML},
    {TEXT("a: b\n--- c: d\n"), LIBYAML},
    {TEXT("a: null\nb: ~\nc: true\nd: False\ne: no\nf: 2024-01-01\n"), PLAIN},
    {TEXT("a: 1\nb: +1\nc: 007\nd: .5\ne: 1.\nf: 1e3\ng: 0x1F\nh: -0.0\ni: 99999999999999999999\n"),
     PLAIN},
    {TEXT("a: .inf\n"), LIBYAML},
    {TEXT("a: 1\na: 2\n"), LIBYAML},
    {TEXT("a:\tb\n"), LIBYAML},
    {TEXT("\ta: b\n"), LIBYAML},
    {TEXT(" a: b\n"), LIBYAML},
    {TEXT("a: b\x01\n"), LIBYAML},
    {TEXT("a: b\x7F\n"), LIBYAML},
    {TEXT("a: b\0\n"), LIBYAML},
    {TEXT("ü: ö “x” 日本 😀 \xC2\xA0\n"), PLAIN},
    {TEXT("a: b\xC2\x85"
          "c\n"),
     LIBYAML},
    {TEXT("a: b\xE2\x80\xA8"
          "c\n"),
     LIBYAML},
    {TEXT("a: \xEF\xBB\xBF\n"), LIBYAML},
    {TEXT("a: b\xEF\xBF\xBE\n"), LIBYAML},
    {TEXT("a: b\xEF\xBF\xBD\n"), PLAIN},
    {TEXT(""), LIBYAML},
    {TEXT("\n"), LIBYAML},
    {TEXT("text\n"), LIBYAML},
    {TEXT("- a\n"), LIBYAML},
};

static void check_same(const struct tape *plain, const struct tape *whole)
{
    assert_int_equal(plain->count, whole->count);
    for (size_t i = 0; i < plain->count; i++) {
        const struct node *a = &plain->nodes[i], *b = &whole->nodes[i];
        assert_int_equal(a->type, b->type);
        assert_int_equal(a->flags, b->flags);
        assert_int_equal(a->style, b->style);
        assert_int_equal(a->start, b->start);
        assert_int_equal(a->end, b->end);
        assert_int_equal(a->next, b->next);
        assert_int_equal(a->count, b->count);
        assert_int_equal(a->hash, b->hash);
        assert_true(str_equal(node_text(a), node_text(b)));
    }
}

/** True when it was read without libyaml, and then the two agree. */
static bool compare(struct str source, uint32_t start, uint32_t end)
{
    struct arena arena = {0};
    struct tape plain = {0}, whole = {0};
    struct problem_list problems;
    problem_list_init(&problems, &arena);
    tape_reset(&plain, source);
    bool is_plain = yaml_plain_compose(source, start, end, &plain);
    if (is_plain) {
        assert_true(yaml_compose_by_events(source, start, end, &whole, &problems));
        assert_int_equal(problems.count, 0);
        check_same(&plain, &whole);
    }
    tape_finish(&plain);
    tape_finish(&whole);
    arena_finish(&arena);
    return is_plain;
}

static void each_text_is_read_by_whom_it_should(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (compare(texts[i].text, 0, (uint32_t)texts[i].text.length) != (texts[i].reader == PLAIN))
            fail_msg("%.*s", STR_ARG(texts[i].text));
}

static void a_part_of_a_file_keeps_its_places(void **state)
{
    (void)state;
    struct str file = STR("---\na: b\nc:\n- d\n---\ne: f\n");
    assert_true(compare(file, 4, 16));
    assert_true(compare(file, 4, 15));
    assert_true(compare(file, 4, 12));
}

/* Pieces that make documents of every kind when they follow each other. */
static const char *const pieces[] = {
    "a: b\n",
    "key: ",
    "- ",
    "  ",
    "\n",
    "x",
    "'q'",
    "\"r\"",
    "[a, b]",
    ": ",
    "#",
    " # c\n",
    "1.50",
    "null",
    "\r\n",
    "    sub: 1\n",
    "  - item\n",
    "- k: v\n",
    "  l: m\n",
    "\xC3\xBC",
    "long-name-of-a-key:\n",
    "-",
    "tags: [x]\n",
    "e:\n",
};
enum { PIECES = sizeof pieces / sizeof pieces[0], DOCUMENTS = 20000 };

static unsigned next_random(unsigned *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 16;
}

static void documents_made_of_pieces_read_alike(void **state)
{
    (void)state;
    unsigned random = 1, plain = 0;
    STRBUF_SCOPED text = {0};
    for (int i = 0; i < DOCUMENTS; i++) {
        strbuf_reset(&text);
        for (unsigned count = 1 + next_random(&random) % 7; count; count--)
            strbuf_add_text(&text, pieces[next_random(&random) % PIECES]);
        plain += compare(strbuf_str(&text), 0, (uint32_t)text.length);
    }
    assert_true(plain > DOCUMENTS / 50);
}

/* --- vaults of real people, where they lie beside the repository --- */

struct tally {
    unsigned notes, plain;
};

static void compare_note(struct str note, struct tally *tally)
{
    struct front_matter cut = front_matter_cut(note, NULL);
    if (cut.kind != FRONT_MATTER_YAML)
        return;
    tally->notes++;
    tally->plain += compare(note, cut.content.start, cut.content.end);
}

/** The notes of a tar file: 512 bytes that tell a name and, in octal digits, a size; then the
 * bytes, in blocks of 512. */
static void compare_tar(FILE *tar, struct tally *tally)
{
    char header[512];
    STRBUF_SCOPED file = {0};
    while (fread(header, sizeof header, 1, tar) == 1 && header[0]) {
        size_t size = strtoul(header + 124, NULL, 8), padded = (size + 511) / 512 * 512;
        strbuf_reset(&file);
        char *bytes = strbuf_reserve(&file, padded + 1);
        assert_true(bytes && fread(bytes, 1, padded, tar) == padded);
        struct str name = {header, strnlen(header, 100)};
        if (str_ends_with(name, STR(".md")))
            compare_note((struct str){bytes, size}, tally);
    }
}

static void notes_of_real_vaults_read_alike(void **state)
{
    (void)state;
    static const char *const archives[] = {"../shared/corpora/kepano-vault.tar.gz",
                                           "../shared/corpora/obsidian-hub.tar.gz"};
    struct tally tally = {0};
    for (size_t i = 0; i < sizeof archives / sizeof archives[0]; i++) {
        STRBUF_SCOPED command = {0};
        FILE *there = fopen(archives[i], "rb");
        if (!there)
            continue;
        fclose(there);
        strbuf_addf(&command, "gzip -dc %s", archives[i]);
        FILE *tar = popen(command.at, "r");
        assert_non_null(tar);
        compare_tar(tar, &tally);
        pclose(tar);
    }
    if (!tally.notes) {
        print_message("skipped: no vaults in ../shared/corpora\n");
        skip();
    }
    print_message("%u front matters, %u of them without libyaml\n", tally.notes, tally.plain);
    assert_true(tally.plain > tally.notes / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_text_is_read_by_whom_it_should),
        cmocka_unit_test(a_part_of_a_file_keeps_its_places),
        cmocka_unit_test(documents_made_of_pieces_read_alike),
        cmocka_unit_test(notes_of_real_vaults_read_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

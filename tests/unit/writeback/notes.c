// SPDX-License-Identifier: MIT
/* Whole notes: the body, line ends, byte order marks, other kinds of front matter, new files. */
#include "unit/writeback/patched.h"

#define BOM "\xEF\xBB\xBF"

/* clang-format off */
static const struct fact notes[] = {
    {TEXT("---\na: 1\n---\nbody\n"), TEXT("{\"content\": \"text\\n\"}"), TEXT("---\na: 1\n---\ntext\n")},
    {TEXT("---\na: 1\n---\nbody\n"), TEXT("{\"content\": null}"), TEXT("---\na: 1\n---\n")},
    {TEXT("---\na: 1\n---\nbody\n"), TEXT("{\"content\": \"\", \"a\": 2}"), TEXT("---\na: 2\n---\n")},
    {TEXT("---\na: 1\n---"), TEXT("{\"content\": \"text\"}"), TEXT("---\na: 1\n---\ntext")},
    {TEXT("---\r\na: 1\r\n---"), TEXT("{\"content\": \"text\"}"), TEXT("---\r\na: 1\r\n---\r\ntext")},
    {TEXT("---\na: 1\n---\nbody"), TEXT("{\"b\": 2}"), TEXT("---\na: 1\nb: 2\n---\nbody")},
    {TEXT("---\r\na: 1\r\n---\r\none\ntwo\rthree"), TEXT("{\"b\": [1, \"x\\nz\"]}"),
     TEXT("---\r\na: 1\r\nb:\r\n  - 1\r\n  - |-\r\n    x\r\n    z\r\n---\r\none\ntwo\rthree")},
    {TEXT("---\r\na: 1 # c\r\nb: 2\r\n---\r\n"), TEXT("{\"a\": null}"), TEXT("---\r\nb: 2\r\n---\r\n")},
    {TEXT("---\r\na:\r\n  - x\r\n  - z\r\nb: 1\r\n---\r\n"), TEXT("{\"a\": \"x\"}"), TEXT("---\r\na: x\r\nb: 1\r\n---\r\n")},
    {TEXT("---\r\na:\r\n  - x\r\n  - z\r\n---\r\n"), TEXT("{\"a\": [\"x\", \"w\", \"z\"]}"), TEXT("---\r\na:\r\n  - x\r\n  - w\r\n  - z\r\n---\r\n")},
    {TEXT("---\r\na: |\r\n  x\r\n  z\r\n---\r\n"), TEXT("{\"a\": \"x\\nw\\n\"}"), TEXT("---\r\na: |\r\n  x\r\n  w\r\n---\r\n")},
    {TEXT(BOM "---\na: 1\n---\nbody"), TEXT("{\"a\": 2, \"b\": 3}"), TEXT(BOM "---\na: 2\nb: 3\n---\nbody")},
    {TEXT("body\n"), TEXT("{\"a\": 1}"), TEXT("---\na: 1\n---\nbody\n")},
    {TEXT("body\r\n"), TEXT("{\"a\": 1}"), TEXT("---\r\na: 1\r\n---\r\nbody\r\n")},
    {TEXT(BOM "body\n"), TEXT("{\"a\": 1}"), TEXT(BOM "---\na: 1\n---\nbody\n")},
    {TEXT(""), TEXT("{\"a\": 1, \"content\": \"x\"}"), TEXT("---\na: 1\n---\nx")},
    {TEXT("body\n"), TEXT("{\"content\": \"other\\n\"}"), TEXT("other\n")},
    {TEXT(BOM "body\n"), TEXT("{\"content\": \"other\\n\"}"), TEXT(BOM "other\n")},
    {TEXT("body\n"), TEXT("{\"content\": \"---\\nx: 1\\n---\\n\"}"), TEXT("---\n---\n---\nx: 1\n---\n")},
    {TEXT("body\n"), TEXT("{\"content\": \"---\\nrule\\n\"}"), TEXT("---\nrule\n")},
    {TEXT("body\n"), TEXT("{\"content\": \"\\ufeffx\"}"), TEXT("---\n---\n" BOM "x")},
    {TEXT("---\na: 1\n---\nbody\n"), TEXT("{\"content\": \"---\\nx: 1\\n---\\n\"}"), TEXT("---\na: 1\n---\n---\nx: 1\n---\n")},
    {TEXT("---\na: 1\n...\nbody\n"), TEXT("{\"a\": 2}"), TEXT("---\na: 2\n...\nbody\n")},
    {TEXT("---\n---\nbody\n"), TEXT("{\"a\": 2}"), TEXT("---\na: 2\n---\nbody\n")},
    {TEXT("---\na: 1\n---\nbody\n"), TEXT("{\"content\": 5}"),
     TEXT("refused: 'content' is the text of the note: it must be a string")},
    {TEXT("---\na: 1\n---\nbody\n"), TEXT("{\"content\": \"\\u0000\"}"),
     TEXT("refused: 'content' holds a NUL character, which no note has")},
    {TEXT("---json\n{\"a\": 1}\n---\nbody\n"), TEXT("{\"a\": 2, \"b\": \"x\\ny\", \"content\": \"z\"}"),
     TEXT("---json\n{\"a\": 2, \"b\": \"x\\ny\"}\n---\nz")},
    {TEXT(";;;\n{\n  \"a\": 1\n}\n;;;\nbody\n"), TEXT("{\"b\": true}"), TEXT(";;;\n{\n  \"a\": 1,\n  \"b\": true\n}\n;;;\nbody\n")},
    {TEXT("---json\n{}\n---\nbody\n"), TEXT("{\"b\": true}"), TEXT("---json\n{\n  \"b\": true\n}\n---\nbody\n")},
    {TEXT("+++\na = 1\n+++\nbody\n"), TEXT("{\"a\": 2}"),
     TEXT("refused: the front matter is TOML, which is not written: use YAML")},
    {TEXT("+++\na = 1\n+++\nbody\n"), TEXT("{\"content\": \"x\"}"), TEXT("+++\na = 1\n+++\nx")},
    {TEXT("---\ncontent: hidden\na: 1\n---\nbody\n"), TEXT("{\"a\": 2, \"content\": \"x\"}"), TEXT("---\ncontent: hidden\na: 2\n---\nx")},
    {TEXT("---\na: 1\n---\n"), TEXT("{\"content\": \"text\"}"), TEXT("---\na: 1\n---\ntext")},
    {TEXT("body\n"), TEXT("{\"content\": \"---\\r\\nx: 1\\r\\n\\r\\n... \\t\\r\\n\"}"), TEXT("---\n---\n---\r\nx: 1\r\n\r\n... \t\r\n")},
    {TEXT("body\n"), TEXT("{\"content\": \"---json\\n{}\\n---\\n\"}"), TEXT("---\n---\n---json\n{}\n---\n")},
    {TEXT("body\n"), TEXT("{\"content\": \";;;\\n{}\\n;;;\\n\"}"), TEXT("---\n---\n;;;\n{}\n;;;\n")},
    {TEXT("body\n"), TEXT("{\"content\": \"+++\\na = 1\\n+++\\n\"}"), TEXT("---\n---\n+++\na = 1\n+++\n")},
    {TEXT("body\n"), TEXT("{}"), TEXT("body\n")},
    {TEXT(BOM "body\n"), TEXT("{\"content\": \"\\ufeffx\"}"), TEXT(BOM BOM "x")},
    {TEXT(BOM "body\n"), TEXT("{\"content\": \"---\\n---\\n\"}"), TEXT(BOM "---\n---\n---\n---\n")},
};
/* clang-format on */

static void test_notes(void **state)
{
    (void)state;
    assert_facts(DOCUMENT_MARKDOWN, notes, COUNT(notes));
}

static void test_ticking_a_task_is_one_byte(void **state)
{
    (void)state;
    struct str file = STR("---\na: 1\n---\n- [ ] \xC3\xA9t\xC3\xA9\n- [ ] two\n");
    struct document document;
    struct tape wanted = {0};
    STRBUF_SCOPED json = {0};
    document_init(&document);
    parse_file(&document, DOCUMENT_MARKDOWN, file);
    scan_wanted(&document, 0, STR("{\"content\": \"- [ ] \xC3\xA9t\xC3\xA9\\n- [x] two\\n\"}"),
                &json, &wanted);
    struct patch_source source = patch_source_of(&document, STR("content"));
    struct patch patch;
    patch_init(&patch, &source);
    assert_int_equal(patch_object(&patch, 0, (struct patch_value){&wanted, 0}, NULL), NEXUS_OK);
    assert_int_equal(patch_close(&patch, NULL), NEXUS_OK);
    assert_int_equal(patch.edit_count, 1);
    assert_int_equal(patch.edits[0].end - patch.edits[0].start, 1);
    assert_true(str_equal(patch.edits[0].text, STR("x")));
    patch_finish(&patch);
    tape_finish(&wanted);
    document_finish(&document);
}

/* é and è differ in their second byte: the edit takes the whole character. */
static void test_an_edit_never_cuts_a_character(void **state)
{
    (void)state;
    struct document document;
    struct tape wanted = {0};
    STRBUF_SCOPED json = {0};
    document_init(&document);
    parse_file(&document, DOCUMENT_MARKDOWN, STR("a\xC3\xA9z"));
    scan_wanted(&document, 0, STR("{\"content\": \"a\xC3\xA8z\"}"), &json, &wanted);
    struct patch_source source = patch_source_of(&document, STR("content"));
    struct patch patch;
    patch_init(&patch, &source);
    assert_int_equal(patch_object(&patch, 0, (struct patch_value){&wanted, 0}, NULL), NEXUS_OK);
    assert_int_equal(patch.edit_count, 1);
    assert_int_equal(patch.edits[0].start, 1);
    assert_true(str_equal(patch.edits[0].text, STR("\xC3\xA8")));
    patch_finish(&patch);
    tape_finish(&wanted);
    document_finish(&document);
}

/* clang-format off */
static const struct fact new_notes[] = {
    {TEXT(""), TEXT("{\"content\": \"text\\n\"}"), TEXT("text\n")},
    {TEXT(""), TEXT("{}"), TEXT("")},
    {TEXT(""), TEXT("{\"title\": \"A: b\", \"tags\": [\"x\", \"z\"], \"done\": false, \"content\": \"text\\n\"}"),
     TEXT("---\ntitle: \"A: b\"\ntags:\n  - x\n  - z\ndone: false\n---\ntext\n")},
    {TEXT(""), TEXT("{\"content\": \"---\\n---\\n\"}"), TEXT("---\n---\n---\n---\n")},
};
/* clang-format on */

static void test_new_notes_read_back_as_what_they_are(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(new_notes); i++) {
        struct tape wanted = {0};
        STRBUF_SCOPED out = {0};
        assert_true(json_scan(new_notes[i].change, &wanted, NULL));
        assert_int_equal(
            patch_new_markdown((struct patch_value){&wanted, 0}, STR("content"), &out, NULL),
            NEXUS_OK);
        assert_string_equal(strbuf_str(&out).at, new_notes[i].after.at);
        struct document document;
        document_init(&document);
        parse_file(&document, DOCUMENT_MARKDOWN, strbuf_str(&out));
        if (wanted.nodes[0].count)
            assert_true(tape_equal(&document.tape, 0, &wanted, 0));
        document_finish(&document);
        tape_finish(&wanted);
    }
}

static void test_a_new_note_is_an_object_with_a_text(void **state)
{
    (void)state;
    static const struct str refused[] = {TEXT("[]"), TEXT("{\"content\": 5}"),
                                         TEXT("{\"content\": \"\\u0000\"}")};
    for (size_t i = 0; i < COUNT(refused); i++) {
        struct tape wanted = {0};
        STRBUF_SCOPED out = {0};
        assert_true(json_scan(refused[i], &wanted, NULL));
        assert_int_equal(
            patch_new_markdown((struct patch_value){&wanted, 0}, STR("content"), &out, NULL),
            NEXUS_ERROR_REFUSED);
        assert_int_equal(out.length, 0);
        tape_finish(&wanted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_notes),
        cmocka_unit_test(test_ticking_a_task_is_one_byte),
        cmocka_unit_test(test_an_edit_never_cuts_a_character),
        cmocka_unit_test(test_new_notes_read_back_as_what_they_are),
        cmocka_unit_test(test_a_new_note_is_an_object_with_a_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
/*
 * A note as lines of text, one line a fact, for tables of tests:
 *
 *   wiki 3..14 target=a heading=b block=c alias=d
 *   tag 0..4 name
 *   h2 0..9 text
 *   task 0..20 [x] text depth=1 heading=h due=2026-01-02
 *   field 0..9 key=value
 *   block 10..14 id
 *
 * Whatever has a span is compared with the source on the way, so a line's numbers are never wrong
 * by luck.
 */
#ifndef PARSE_MARKDOWN_FACTS_H
#define PARSE_MARKDOWN_FACTS_H

#include "parse/markdown.h"
#include "unit/unit.h"

#include <stdio.h>
#include <stdlib.h>

struct markdown_fact {
    const char *note, *facts;
};

static inline void add_fact_part(struct strbuf *out, const char *name, struct str value)
{
    if (value.length)
        strbuf_addf(out, " %s=%.*s", name, STR_ARG(value));
}

static inline void assert_text_at(struct str source, struct span span, struct str text)
{
    assert_true(span.start < span.end && span.end <= source.length);
    assert_true(str_equal(str_slice(source, span.start, span.end), text));
}

/** Every such text stands in the source itself, within its item. */
static inline void assert_text_in(struct str source, struct span span, struct str text)
{
    assert_true(span.start < span.end && span.end <= source.length);
    if (text.length)
        assert_true(text.at >= source.at + span.start &&
                    text.at + text.length <= source.at + span.end);
}

static inline void add_link_facts(struct strbuf *out, struct str source, const struct note *note)
{
    static const char *const kinds[] = {"wiki", "markdown", "embed", "external", "frontmatter"};
    for (size_t i = 0; i < note->link_count; i++) {
        const struct note_link *link = &note->links[i];
        assert_text_at(source, link->span, link->raw);
        strbuf_addf(out, "%s %u..%u", kinds[link->kind], link->span.start, link->span.end);
        add_fact_part(out, "target", link->target);
        add_fact_part(out, "heading", link->heading);
        add_fact_part(out, "block", link->block);
        add_fact_part(out, "alias", link->alias);
        add_fact_part(out, "property", link->property);
        strbuf_add_char(out, '\n');
    }
}

static inline void add_tag_facts(struct strbuf *out, struct str source, const struct note *note)
{
    for (size_t i = 0; i < note->tag_count; i++) {
        const struct note_tag *tag = &note->tags[i];
        assert_true(tag->span.start < tag->span.end && tag->span.end <= source.length);
        if (source.at[tag->span.start] == '#')
            assert_text_at(source, (struct span){tag->span.start + 1, tag->span.end}, tag->name);
        strbuf_addf(out, "tag %u..%u %.*s\n", tag->span.start, tag->span.end, STR_ARG(tag->name));
    }
    for (size_t i = 0; i < note->alias_count; i++) {
        const struct note_alias *alias = &note->aliases[i];
        strbuf_addf(out, "alias %u..%u %.*s\n", alias->span.start, alias->span.end,
                    STR_ARG(alias->name));
    }
}

static inline void add_task_facts(struct strbuf *out, struct str source, const struct note *note)
{
    for (size_t i = 0; i < note->task_count; i++) {
        const struct note_task *task = &note->tasks[i];
        assert_text_in(source, task->span, task->text);
        struct str status = str_slice(source, task->status.start, task->status.end);
        strbuf_addf(out, "task %u..%u [%.*s]", task->span.start, task->span.end, STR_ARG(status));
        assert_int_equal(task->done, str_is(status, "x") || str_is(status, "X"));
        if (task->text.length)
            strbuf_addf(out, " %.*s", STR_ARG(task->text));
        if (task->depth)
            strbuf_addf(out, " depth=%u", task->depth);
        add_fact_part(out, "heading", task->heading);
        add_fact_part(out, "due", task->due);
        add_fact_part(out, "done", task->done_on);
        add_fact_part(out, "created", task->created);
        add_fact_part(out, "start", task->start);
        add_fact_part(out, "scheduled", task->scheduled);
        add_fact_part(out, "cancelled", task->cancelled);
        add_fact_part(out, "priority", task->priority);
        add_fact_part(out, "recurrence", task->recurrence);
        add_fact_part(out, "block", task->block);
        strbuf_add_char(out, '\n');
    }
}

static inline void add_facts(struct strbuf *out, struct str source, const struct note *note)
{
    add_link_facts(out, source, note);
    add_tag_facts(out, source, note);
    for (size_t i = 0; i < note->heading_count; i++) {
        const struct note_heading *heading = &note->headings[i];
        assert_text_in(source, heading->span, (struct str){0});
        strbuf_addf(out, "h%u %u..%u %.*s\n", heading->level, heading->span.start,
                    heading->span.end, STR_ARG(heading->text));
    }
    add_task_facts(out, source, note);
    for (size_t i = 0; i < note->property_count; i++) {
        const struct note_property *field = &note->properties[i];
        assert_text_in(source, field->span, field->key);
        assert_text_in(source, field->span, field->value);
        strbuf_addf(out, "field %u..%u %.*s=%.*s\n", field->span.start, field->span.end,
                    STR_ARG(field->key), STR_ARG(field->value));
    }
    for (size_t i = 0; i < note->block_count; i++) {
        const struct note_block *block = &note->blocks[i];
        assert_int_equal(source.at[block->span.start], '^');
        assert_text_at(source, (struct span){block->span.start + 1, block->span.end}, block->id);
        strbuf_addf(out, "block %u..%u %.*s\n", block->span.start, block->span.end,
                    STR_ARG(block->id));
    }
}

/** The note stands in memory of exactly its size, so that a sanitizer sees the first byte read past
 *  it. */
static inline void assert_markdown(struct markdown_reader *reader, const char *text,
                                   const char *facts)
{
    size_t length = strlen(text);
    char *exact = malloc(length + !length);
    assert_non_null(exact);
    memcpy(exact, text, length);
    struct note note;
    struct str source = {exact, length};
    STRBUF_SCOPED out = {0};
    assert_int_equal(markdown_read(reader, source, 0, (uint32_t)length, NULL, &note, NULL),
                     NEXUS_OK);
    add_facts(&out, source, &note);
    if (!str_is(strbuf_str(&out), facts))
        print_message("in the note:\n%s\n", text);
    assert_string_equal(out.at ? out.at : "", facts);
    free(exact);
}

static inline void assert_markdown_facts(const struct markdown_fact *rows, size_t count)
{
    struct markdown_reader *reader = markdown_reader_new();
    assert_non_null(reader);
    for (size_t i = 0; i < count; i++)
        assert_markdown(reader, rows[i].note, rows[i].facts);
    markdown_reader_free(reader);
}

#define ASSERT_FACTS(rows) assert_markdown_facts(rows, sizeof rows / sizeof rows[0])

#endif

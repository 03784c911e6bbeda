// SPDX-License-Identifier: MIT
/* Any bytes as a note: every place is within the file, says what the file says there, and comes in
 * order. The first byte tells how much of the file is front matter. */
#include "fuzz.h"

#include "parse/markdown.h"

static struct str source;
static struct span body;

static void check_span(struct span span, uint32_t *last)
{
    PROMISE(span.start < span.end);
    PROMISE(span.end <= source.length);
    PROMISE(span.start >= *last);
    *last = span.start;
}

/** A text that must stand in the source, within the span. */
static void check_part(struct str text, struct span span)
{
    PROMISE(text.at >= source.at + span.start);
    PROMISE(text.at + text.length <= source.at + span.end);
}

static void check_links(const struct note *note)
{
    uint32_t last = 0;
    for (size_t i = 0; i < note->link_count; i++) {
        const struct note_link *link = &note->links[i];
        check_span(link->span, &last);
        PROMISE(str_equal(link->raw, str_slice(source, link->span.start, link->span.end)));
        PROMISE(link->target.length || link->heading.length || link->block.length);
        PROMISE((link->kind == LINK_FRONTMATTER) == (link->span.start < body.start));
        PROMISE((link->kind == LINK_FRONTMATTER) == (link->property.length > 0));
        if (link->kind == LINK_WIKI)
            PROMISE(str_starts_with(link->raw, STR("[[")) && str_ends_with(link->raw, STR("]]")));
        if (link->kind == LINK_EMBED)
            PROMISE(str_starts_with(link->raw, STR("![")));
        if (link->kind == LINK_MARKDOWN)
            PROMISE(link->raw.at[0] == '[' || link->raw.at[0] == '<');
    }
}

static void check_words(const struct note *note)
{
    uint32_t last = 0;
    for (size_t i = 0; i < note->tag_count; i++) {
        const struct note_tag *tag = &note->tags[i];
        check_span(tag->span, &last);
        check_part(tag->name, tag->span);
        PROMISE(tag->name.length > 0);
        if (tag->span.start >= body.start)
            PROMISE(tag->span.end - tag->span.start == tag->name.length + 1);
    }
    last = 0;
    for (size_t i = 0; i < note->block_count; i++) {
        check_span(note->blocks[i].span, &last);
        PROMISE(source.at[last] == '^' && note->blocks[i].id.at == source.at + last + 1);
    }
    last = 0;
    for (size_t i = 0; i < note->property_count; i++) {
        const struct note_property *property = &note->properties[i];
        check_span(property->span, &last);
        check_part(property->key, property->span);
        if (property->value.length)
            check_part(property->value, property->span);
        PROMISE(property->key.length > 0);
    }
}

static void check_blocks(const struct note *note)
{
    uint32_t last = 0;
    for (size_t i = 0; i < note->heading_count; i++) {
        const struct note_heading *heading = &note->headings[i];
        check_span(heading->span, &last);
        PROMISE(heading->level >= 1 && heading->level <= 6);
        PROMISE(heading->text.length > 0);
    }
    last = 0;
    for (size_t i = 0; i < note->task_count; i++) {
        const struct note_task *task = &note->tasks[i];
        check_span(task->span, &last);
        PROMISE(task->status.start < task->status.end && task->status.end < task->span.end);
        PROMISE(source.at[task->status.start - 1] == '[' && source.at[task->status.end] == ']');
        if (task->text.length)
            check_part(task->text, task->span);
    }
    PROMISE(note->lead.length <= MARKDOWN_LEAD_LIMIT);
}

/** Front matter of three strings, each a third of the bytes up to `end`. */
static void fill_tape(struct tape *tape, uint32_t end)
{
    static const char *const keys[] = {"tags", "aliases", "x/y"};
    tape_reset(tape, source);
    tape_push(tape, NODE_OBJECT, 0, end);
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t start = end / 3 * i;
        uint32_t key = tape_push(tape, NODE_KEY, start, start + end / 3);
        uint32_t value = tape_push(tape, NODE_STRING, start, start + end / 3);
        struct node *nodes = tape->nodes;
        nodes[key].text = keys[i];
        nodes[key].text_length = (uint32_t)strlen(keys[i]);
        nodes[value].text = source.at + start;
        nodes[value].text_length = end / 3;
        nodes[key].next = nodes[0].next = value + 1;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct markdown_reader *reader;
    static struct tape tape;
    if (!size || (!reader && !(reader = markdown_reader_new())))
        return 0;
    source = (struct str){(const char *)data + 1, size - 1};
    body = (struct span){data[0] < source.length ? data[0] : 0, (uint32_t)source.length};
    fill_tape(&tape, body.start);
    struct note note;
    PROMISE(markdown_read(reader, source, body.start, body.end, &tape, &note, NULL) == NEXUS_OK);
    check_links(&note);
    check_words(&note);
    check_blocks(&note);
    return 0;
}

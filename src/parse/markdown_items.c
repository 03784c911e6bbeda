// SPDX-License-Identifier: MIT
/* The lists of a note. They belong to the reader and grow there, so that a note costs no allocation
 * once the reader has seen a larger one. */
#include "parse/markdown_walk.h"

#include "parse/markdown.h"

#include <stdlib.h>

enum { KEPT_BYTES = 1024 * 1024 };

static bool make_room(struct markdown_reader *reader, void *items, size_t *capacity, size_t count,
                      size_t item_size)
{
    if (count >= MARKDOWN_ITEM_LIMIT) {
        reader->note.truncated = true;
        return false;
    }
    if (count < *capacity || array_reserve(items, capacity, count + 1, item_size))
        return true;
    reader->failed = true;
    return false;
}

#define ADD(list, count_of)                                                                        \
    if (!make_room(reader, &reader->note.list, &reader->capacity.list, reader->note.count_of,      \
                   sizeof *reader->note.list))                                                     \
        return NULL;                                                                               \
    return memset(&reader->note.list[reader->note.count_of++], 0, sizeof *reader->note.list)

struct note_link *markdown_add_link(struct markdown_reader *reader)
{
    ADD(links, link_count);
}

struct note_tag *markdown_add_tag(struct markdown_reader *reader)
{
    ADD(tags, tag_count);
}

struct note_alias *markdown_add_alias(struct markdown_reader *reader)
{
    ADD(aliases, alias_count);
}

struct note_heading *markdown_add_heading(struct markdown_reader *reader)
{
    ADD(headings, heading_count);
}

struct note_task *markdown_add_task(struct markdown_reader *reader)
{
    ADD(tasks, task_count);
}

struct note_property *markdown_add_property(struct markdown_reader *reader)
{
    ADD(properties, property_count);
}

struct note_block *markdown_add_block(struct markdown_reader *reader)
{
    ADD(blocks, block_count);
}

#define TRIM(list)                                                                                 \
    if (reader->capacity.list > KEPT_BYTES / sizeof *reader->note.list) {                          \
        free(reader->note.list);                                                                   \
        reader->note.list = NULL;                                                                  \
        reader->capacity.list = 0;                                                                 \
    }

void markdown_reset_items(struct markdown_reader *reader)
{
    struct note *note = &reader->note;
    TRIM(links)
    TRIM(tags)
    TRIM(aliases)
    TRIM(headings)
    TRIM(tasks)
    TRIM(properties)
    TRIM(blocks)
    *note = (struct note){.links = note->links,
                          .tags = note->tags,
                          .aliases = note->aliases,
                          .headings = note->headings,
                          .tasks = note->tasks,
                          .properties = note->properties,
                          .blocks = note->blocks};
}

void markdown_free_items(struct markdown_reader *reader)
{
    struct note *note = &reader->note;
    free(note->links);
    free(note->tags);
    free(note->aliases);
    free(note->headings);
    free(note->tasks);
    free(note->properties);
    free(note->blocks);
}

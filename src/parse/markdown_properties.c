// SPDX-License-Identifier: MIT
/*
 * What the front matter says of a note: tags, aliases, and wikilinks in any string at any depth.
 *
 * A string that is written without escapes stands in the source as it is, and so does each part of
 * it: spans are exact. Of any other string (folded, escaped, or brought in by a YAML alias) the
 * span is that of the whole scalar.
 */
#include "model/tape.h"
#include "parse/markdown_walk.h"

static bool names(const struct node *key, const char *plural, const char *singular)
{
    struct str name = node_text(key);
    return (name.length == strlen(plural) && strncasecmp(name.at, plural, name.length) == 0) ||
           (name.length == strlen(singular) && strncasecmp(name.at, singular, name.length) == 0);
}

/** Where `part` of the node's text stands in the file. */
static struct span span_of(const struct markdown_reader *reader, const struct node *node,
                           struct str part)
{
    uintptr_t offset = (uintptr_t)part.at - (uintptr_t)reader->source.at;
    if ((node->flags & (NODE_DECODED | NODE_ALIAS)) || offset > reader->source.length ||
        part.length > reader->source.length - offset)
        return (struct span){node->start, node->end};
    return (struct span){(uint32_t)offset, (uint32_t)(offset + part.length)};
}

static void add_tag(struct markdown_reader *reader, const struct node *node, struct str written)
{
    struct str name = written;
    bool has_name = false;
    if (name.length && name.at[0] == '#')
        name = str_slice(name, 1, name.length);
    for (size_t i = 0; i < name.length; i++)
        has_name |= !markdown_is_digit(name.at[i]);
    struct note_tag *tag = has_name ? markdown_add_tag(reader) : NULL;
    if (tag)
        *tag = (struct note_tag){span_of(reader, node, written), name};
}

static void add_alias(struct markdown_reader *reader, const struct node *node, struct str written)
{
    struct str name = str_trim(written);
    struct note_alias *alias = name.length ? markdown_add_alias(reader) : NULL;
    if (alias)
        *alias = (struct note_alias){span_of(reader, node, name), name};
}

typedef void add_part(struct markdown_reader *reader, const struct node *node, struct str part);

/** Each part of the text between characters of `separators`. */
static void split(struct markdown_reader *reader, const struct node *node, const char *separators,
                  add_part *add)
{
    struct str text = node_text(node);
    size_t start = 0;
    for (size_t at = 0; at <= text.length; at++) {
        if (at < text.length && !markdown_is_one_of(text.at[at], separators))
            continue;
        if (at > start)
            add(reader, node, str_slice(text, start, at));
        start = at + 1;
    }
}

static const char tag_separators[] = ", \t\r\n";

static void read_tags(struct markdown_reader *reader, const struct tape *tape, uint32_t value)
{
    const struct node *node = &tape->nodes[value];
    if (node->type == NODE_STRING)
        split(reader, node, tag_separators, add_tag);
    if (node->type != NODE_ARRAY)
        return;
    tape_for_each_item (tape, value, item)
        if (tape->nodes[item].type == NODE_STRING)
            split(reader, &tape->nodes[item], tag_separators, add_tag);
}

static void read_aliases(struct markdown_reader *reader, const struct tape *tape, uint32_t value)
{
    const struct node *node = &tape->nodes[value];
    if (node->type == NODE_STRING || node->type == NODE_NUMBER)
        split(reader, node, ",", add_alias);
    if (node->type != NODE_ARRAY)
        return;
    tape_for_each_item (tape, value, item) {
        const struct node *alias = &tape->nodes[item];
        if (alias->type == NODE_STRING || alias->type == NODE_NUMBER)
            add_alias(reader, alias, node_text(alias));
    }
}

/** The wikilinks in a string; `pointer` is where the string is. */
static void read_links(struct markdown_reader *reader, const struct node *node,
                       const struct strbuf *pointer)
{
    struct str text = node_text(node), property = {0};
    for (size_t at = 0; at + 4 < text.length; at++) {
        struct note_link found = {.kind = LINK_FRONTMATTER};
        size_t end;
        if (text.at[at] != '[' || text.at[at + 1] != '[' ||
            !markdown_scan_wikilink(text, at, &end, &found))
            continue;
        if (!property.length)
            property = arena_copy(&reader->arena, strbuf_str(pointer));
        found.property = property;
        found.span = span_of(reader, node, str_slice(text, at, end));
        found.raw = markdown_slice(reader, found.span.start, found.span.end);
        struct note_link *link = markdown_add_link(reader);
        if (link)
            *link = found;
        at = end - 1;
    }
}

/* The depth of a tape is bounded by its parser, so is the recursion. */
static void walk(struct markdown_reader *reader, const struct tape *tape, uint32_t index,
                 struct strbuf *pointer)
{
    const struct node *node = &tape->nodes[index];
    const size_t length = pointer->length;
    if (node->type == NODE_STRING) {
        read_links(reader, node, pointer);
    } else if (node->type == NODE_OBJECT) {
        tape_for_each_member (tape, index, key) {
            pointer_add_token(node_text(&tape->nodes[key]), pointer);
            walk(reader, tape, key + 1, pointer);
            strbuf_truncate(pointer, length);
        }
    } else if (node->type == NODE_ARRAY) {
        unsigned position = 0;
        tape_for_each_item (tape, index, item) {
            strbuf_addf(pointer, "/%u", position++);
            walk(reader, tape, item, pointer);
            strbuf_truncate(pointer, length);
        }
    }
}

void markdown_properties(struct markdown_reader *reader, const struct tape *front_matter)
{
    if (!front_matter->count || front_matter->nodes[0].type != NODE_OBJECT)
        return;
    tape_for_each_member (front_matter, 0, key) {
        const struct node *node = &front_matter->nodes[key];
        if (names(node, "tags", "tag"))
            read_tags(reader, front_matter, key + 1);
        else if (names(node, "aliases", "alias"))
            read_aliases(reader, front_matter, key + 1);
    }
    strbuf_truncate(&reader->scratch, 0);
    walk(reader, front_matter, 0, &reader->scratch);
}

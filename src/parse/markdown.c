// SPDX-License-Identifier: MIT
/* The door to md4c: its callbacks become calls of the walk (markdown_walk.h). */
#include "parse/markdown.h"

#include "base/utf8.h"
#include "parse/markdown_walk.h"

#include <md4c.h>
#include <stdlib.h>

enum {
    KEPT_BYTES = 1024 * 1024,
    PADDING = 16, /* md4c 0.4.8 looks behind the end of what it parses */
    /* A definition may be used a thousand times, and each use of a target with escapes is a copy.
     */
    DECODED_LIMIT = 4096,
    DECODED_TOTAL_LIMIT = 64 * 1024 * 1024,
};

struct parse {
    struct markdown_reader *reader;
    size_t copy_length;
    size_t cells;
};

/* ---- pieces of text ---- */

/** Where a text of md4c's stands in the file; PLACE_NONE when it is not from there. */
static uint32_t place_of(const struct parse *parse, const char *text)
{
    uintptr_t offset = (uintptr_t)text - (uintptr_t)parse->reader->copy;
    return offset < parse->copy_length ? parse->reader->base + (uint32_t)offset : PLACE_NONE;
}

static const struct {
    const char *name, *text;
} entities[] = {
    {"amp", "&"},        {"lt", "<"},          {"gt", ">"},         {"quot", "\""},
    {"apos", "'"},       {"nbsp", "\u00A0"},   {"copy", "\u00A9"},  {"reg", "\u00AE"},
    {"ndash", "\u2013"}, {"mdash", "\u2014"},  {"lsquo", "\u2018"}, {"rsquo", "\u2019"},
    {"ldquo", "\u201C"}, {"rdquo", "\u201D"},  {"bull", "\u2022"},  {"hellip", "\u2026"},
    {"trade", "\u2122"}, {"middot", "\u00B7"}, {"deg", "\u00B0"},   {"times", "\u00D7"},
};

/** Adds what `&name;` or `&#number;` means; other names stay as they are written. */
static void add_entity(struct strbuf *out, struct str entity)
{
    struct str name = str_slice(entity, 1, entity.length - 1);
    for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++) {
        if (str_is(name, entities[i].name)) {
            strbuf_add_text(out, entities[i].text);
            return;
        }
    }
    if (name.length < 2 || name.at[0] != '#') {
        strbuf_add(out, entity);
        return;
    }
    char digits[16] = {0};
    bool is_hex = name.at[1] == 'x' || name.at[1] == 'X';
    name = str_slice(name, is_hex ? 2 : 1, name.length);
    memcpy(digits, name.at, name.length < sizeof digits ? name.length : sizeof digits - 1);
    unsigned long code = strtoul(digits, NULL, is_hex ? 16 : 10);
    bool is_character = code > 0 && code <= 0x10FFFF && !(code >= 0xD800 && code <= 0xDFFF);
    strbuf_add_utf8(out, is_character ? (uint32_t)code : 0xFFFD);
}

static void read_entity(struct markdown_reader *reader, uint32_t start, uint32_t end)
{
    if (!markdown_touch(reader, &start, end))
        return;
    strbuf_truncate(&reader->scratch, 0);
    add_entity(&reader->scratch, markdown_slice(reader, start, end));
    markdown_show(reader, strbuf_str(&reader->scratch));
    reader->cursor = end;
}

static void read_code(struct markdown_reader *reader, uint32_t start, uint32_t end)
{
    if (reader->leaf.kind == LEAF_VERBATIM) {
        if (start >= reader->zone_end)
            word_count_add(&reader->words, markdown_slice(reader, start, end));
    } else if (markdown_touch(reader, &start, end)) {
        markdown_show(reader, markdown_slice(reader, start, end));
    }
    reader->cursor = end;
}

static void read_html(struct markdown_reader *reader, uint32_t start, uint32_t end)
{
    reader->words.inside = 0;
    if (reader->leaf.kind != LEAF_VERBATIM)
        markdown_touch(reader, &start, end);
    reader->cursor = end;
}

static int on_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *context)
{
    struct parse *parse = context;
    struct markdown_reader *reader = parse->reader;
    uint32_t start = place_of(parse, text);
    if (type == MD_TEXT_BR || type == MD_TEXT_SOFTBR)
        markdown_break(reader);
    else if (start == PLACE_NONE)
        reader->words.inside = 0; /* a line break or indentation within code or HTML */
    else if (type == MD_TEXT_NORMAL)
        markdown_text(reader, start, start + size);
    else if (type == MD_TEXT_CODE)
        read_code(reader, start, start + size);
    else if (type == MD_TEXT_HTML)
        read_html(reader, start, start + size);
    else if (type == MD_TEXT_ENTITY)
        read_entity(reader, start, start + size);
    return 0;
}

/* ---- blocks ---- */

/* What a callback returns to end the parse. */
enum { TOO_MANY_CELLS = 1 };

static int on_enter_block(MD_BLOCKTYPE type, void *detail, void *context)
{
    struct parse *parse = context;
    struct markdown_reader *reader = parse->reader;
    if (reader->leaf.kind != LEAF_NONE)
        markdown_close_leaf(reader);
    switch (type) {
    case MD_BLOCK_QUOTE: reader->quote_depth++; break;
    case MD_BLOCK_LI:
        reader->list_depth++;
        reader->item_is_fresh = true;
        return 0;
    case MD_BLOCK_P: markdown_open_leaf(reader, LEAF_PARAGRAPH, 0); return 0;
    case MD_BLOCK_H:
        markdown_open_leaf(reader, LEAF_HEADING, ((MD_BLOCK_H_DETAIL *)detail)->level);
        return 0;
    case MD_BLOCK_CODE:
    case MD_BLOCK_HTML: markdown_open_leaf(reader, LEAF_VERBATIM, 0); return 0;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
        markdown_open_leaf(reader, LEAF_CELL, 0);
        /* Each row gets all cells of the head. Those that are written take a byte at least. */
        return ++parse->cells > parse->copy_length ? TOO_MANY_CELLS : 0;
    case MD_BLOCK_DOC:
    case MD_BLOCK_UL:
    case MD_BLOCK_OL:
    case MD_BLOCK_HR:
    case MD_BLOCK_TABLE:
    case MD_BLOCK_THEAD:
    case MD_BLOCK_TBODY:
    case MD_BLOCK_TR: break;
    }
    reader->item_is_fresh = false;
    return 0;
}

static int on_leave_block(MD_BLOCKTYPE type, void *detail, void *context)
{
    struct markdown_reader *reader = ((struct parse *)context)->reader;
    (void)detail;
    if (reader->leaf.kind != LEAF_NONE)
        markdown_close_leaf(reader);
    reader->item_is_fresh = false;
    reader->quote_depth -= type == MD_BLOCK_QUOTE;
    reader->list_depth -= type == MD_BLOCK_LI;
    return 0;
}

/* ---- links ---- */

/** A link's target without escapes and entities, empty if too long; `*ret_written` is where the
 *  file has just that. */
static struct str target_text(const struct parse *parse, const MD_ATTRIBUTE *attribute,
                              struct span *ret_written)
{
    struct markdown_reader *reader = parse->reader;
    uint32_t start = attribute->size ? place_of(parse, attribute->text) : PLACE_NONE;
    *ret_written = (struct span){0};
    if (start != PLACE_NONE) {
        *ret_written = (struct span){start, start + attribute->size};
        return markdown_slice(reader, start, start + attribute->size);
    }
    if (attribute->size > DECODED_LIMIT || reader->arena.used_bytes > DECODED_TOTAL_LIMIT) {
        reader->note.truncated = true;
        return (struct str){0};
    }
    strbuf_truncate(&reader->scratch, 0);
    for (size_t i = 0; attribute->size && attribute->substr_offsets[i] < attribute->size; i++) {
        MD_OFFSET from = attribute->substr_offsets[i], to = attribute->substr_offsets[i + 1];
        struct str part = {attribute->text + from, to - from};
        if (attribute->substr_types[i] == MD_TEXT_ENTITY)
            add_entity(&reader->scratch, part);
        else
            strbuf_add(&reader->scratch, part);
    }
    return arena_copy(&reader->arena, strbuf_str(&reader->scratch));
}

static int on_enter_span(MD_SPANTYPE type, void *detail, void *context)
{
    struct parse *parse = context;
    struct span written;
    if (type == MD_SPAN_A) {
        struct str target = target_text(parse, &((MD_SPAN_A_DETAIL *)detail)->href, &written);
        markdown_enter_link(parse->reader, FORM_LINK, target, written);
    } else if (type == MD_SPAN_IMG) {
        struct str target = target_text(parse, &((MD_SPAN_IMG_DETAIL *)detail)->src, &written);
        markdown_enter_link(parse->reader, FORM_IMAGE, target, written);
    } else {
        markdown_settle_link(parse->reader, PLACE_NONE);
    }
    return 0;
}

static int on_leave_span(MD_SPANTYPE type, void *detail, void *context)
{
    struct markdown_reader *reader = ((struct parse *)context)->reader;
    (void)detail;
    if (type == MD_SPAN_A || type == MD_SPAN_IMG)
        markdown_leave_link(reader, type == MD_SPAN_IMG ? FORM_IMAGE : FORM_LINK);
    else
        markdown_settle_link(reader, PLACE_NONE);
    return 0;
}

/* ---- the whole ---- */

static void trim_strbuf(struct strbuf *buf)
{
    if (buf->capacity > KEPT_BYTES || buf->failed)
        strbuf_finish(buf);
    strbuf_reset(buf);
}

static void reset(struct markdown_reader *reader, struct str source, uint32_t start, uint32_t end)
{
    struct markdown_reader kept = *reader;
    memset(reader, 0, sizeof *reader);
    reader->arena = kept.arena;
    reader->plain = kept.plain;
    reader->scratch = kept.scratch;
    reader->copy = kept.copy;
    reader->copy_capacity = kept.copy_capacity;
    reader->note = kept.note;
    reader->capacity = kept.capacity;
    arena_reset(&reader->arena);
    trim_strbuf(&reader->plain);
    trim_strbuf(&reader->scratch);
    markdown_reset_items(reader);
    reader->source = source;
    reader->base = reader->cursor = reader->zone_end = start;
    reader->last_tag_end = reader->mark_end = PLACE_NONE;
    reader->end = end;
}

/** The body without a byte order mark, and no more of it than the limit, in whole lines. */
static uint32_t limit_body(struct str source, uint32_t *start, uint32_t end)
{
    if (*start == 0 && str_starts_with(str_slice(source, 0, end), STR("\xEF\xBB\xBF")))
        *start = 3;
    if (end - *start <= MARKDOWN_BODY_LIMIT)
        return end;
    struct str body = str_slice(source, *start, *start + MARKDOWN_BODY_LIMIT);
    size_t line_break = str_find_last(body, '\n');
    return *start + (line_break == STR_NONE ? 0 : (uint32_t)line_break + 1);
}

/** The bytes that md4c parses: the body and a line break. */
static bool fill_copy(struct markdown_reader *reader, size_t *ret_length)
{
    size_t length = reader->end - reader->base;
    if (reader->copy_capacity > KEPT_BYTES && length < KEPT_BYTES / 2) {
        free(reader->copy);
        reader->copy = NULL;
        reader->copy_capacity = 0;
    }
    if (!array_reserve(&reader->copy, &reader->copy_capacity, length + 1 + PADDING, 1))
        return false;
    if (length)
        memcpy(reader->copy, reader->source.at + reader->base, length);
    reader->copy[length] = '\n';
    memset(reader->copy + length + 1, 0, PADDING);
    markdown_guard(reader->copy, length + 1);
    *ret_length = length + 1;
    return true;
}

static int parse_body(struct markdown_reader *reader, unsigned flags)
{
    struct parse parse = {.reader = reader};
    static const MD_PARSER callbacks = {.enter_block = on_enter_block,
                                        .leave_block = on_leave_block,
                                        .enter_span = on_enter_span,
                                        .leave_span = on_leave_span,
                                        .text = on_text};
    MD_PARSER parser = callbacks;
    parser.flags = flags;
    if (!fill_copy(reader, &parse.copy_length))
        return -1;
    return md_parse(reader->copy, (MD_SIZE)parse.copy_length, &parser, &parse);
}

static void drop_cancelled_links(struct markdown_reader *reader)
{
    struct note *note = &reader->note;
    size_t kept = 0;
    for (size_t i = 0; reader->cancelled_links && i < note->link_count; i++)
        if (note->links[i].raw.at)
            note->links[kept++] = note->links[i];
    if (reader->cancelled_links)
        note->link_count = kept;
}

struct markdown_reader *markdown_reader_new(void)
{
    return calloc(1, sizeof(struct markdown_reader));
}

void markdown_reader_free(struct markdown_reader *reader)
{
    if (!reader)
        return;
    markdown_free_items(reader);
    strbuf_finish(&reader->plain);
    strbuf_finish(&reader->scratch);
    arena_finish(&reader->arena);
    free(reader->copy);
    free(reader);
}

enum nexus_status markdown_read(struct markdown_reader *reader, struct str source,
                                uint32_t body_start, uint32_t body_end,
                                const struct tape *front_matter, struct note *note,
                                struct nexus_error *err)
{
    if (body_start > body_end || body_end > source.length || body_end == UINT32_MAX)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a note's body ends before it begins, or too late");
    uint32_t end = limit_body(source, &body_start, body_end);
    unsigned flags = MD_FLAG_TABLES; /* with strikethrough some texts take it quadratic time */
    int result;
    do {
        reset(reader, source, body_start, end);
        reader->note.truncated = end < body_end;
        if (front_matter)
            markdown_properties(reader, front_matter);
        result = parse_body(reader, flags);
        flags &= ~(unsigned)MD_FLAG_TABLES;
    } while (result == TOO_MANY_CELLS);
    if (result != 0 || reader->failed || reader->arena.failed || reader->plain.failed ||
        reader->scratch.failed)
        return fail_no_memory(err);
    drop_cancelled_links(reader);
    reader->note.words = reader->words.words;
    *note = reader->note;
    return NEXUS_OK;
}

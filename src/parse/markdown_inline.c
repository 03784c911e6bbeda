// SPDX-License-Identifier: MIT
/*
 * One piece of ordinary text, from left to right: words are counted, and each special byte is asked
 * whether something of Obsidian's begins there. What is found is read from the source itself, so it
 * may end behind the piece (md4c splits at every mark): then the zone covers the pieces that
 * follow.
 */
#include "parse/markdown_walk.h"

static void add_plain(struct markdown_reader *reader, struct str text)
{
    if (reader->leaf.collects || reader->link_depth)
        strbuf_add(&reader->plain, text);
}

void markdown_show(struct markdown_reader *reader, struct str text)
{
    if (!reader->image_depth)
        word_count_add(&reader->words, text);
    add_plain(reader, text);
}

/** Adds the current piece up to `to` to the plain text. */
static void flush(struct markdown_reader *reader, uint32_t to)
{
    if (to > reader->shown)
        add_plain(reader, markdown_slice(reader, reader->shown, to));
}

uint32_t markdown_hide(struct markdown_reader *reader, uint32_t start, uint32_t end)
{
    flush(reader, start);
    return reader->shown = reader->zone_end = end;
}

uint32_t markdown_reveal(struct markdown_reader *reader, uint32_t start, uint32_t end)
{
    word_count_add(&reader->words, markdown_slice(reader, start, end));
    flush(reader, end);
    return reader->shown = reader->zone_end = end;
}

static bool tag_may_start(const struct markdown_reader *reader, uint32_t at)
{
    const char *text = reader->source.at;
    if (at == reader->last_tag_end || at == reader->leaf.line_first)
        return true;
    if (at == reader->piece_start)
        while (at > reader->gap && (text[at - 1] == '*' || text[at - 1] == '_'))
            at--;
    else if (at == reader->mark_end)
        at -= 2;
    return at == reader->leaf.line_first || markdown_space_before(reader->source, at);
}

static uint32_t read_tag(struct markdown_reader *reader, uint32_t at)
{
    if (!tag_may_start(reader, at))
        return at;
    uint32_t end = (uint32_t)markdown_tag_end(reader->source, at + 1, reader->piece_end);
    if (end == at + 1)
        return at;
    struct note_tag *tag = markdown_add_tag(reader);
    if (tag)
        *tag = (struct note_tag){{at, end}, markdown_slice(reader, at + 1, end)};
    word_count_add(&reader->words, markdown_slice(reader, at + 1, end));
    return reader->last_tag_end = end;
}

static uint32_t read_bracket(struct markdown_reader *reader, uint32_t at)
{
    char next = markdown_char_at(reader, at + 1);
    if (next == '[') {
        bool is_embed = at > reader->piece_start && reader->source.at[at - 1] == '!';
        return markdown_read_wikilink(reader, at - is_embed, at);
    }
    if (reader->link_depth)
        return at;
    if (next == '^')
        return markdown_read_footnote(reader, at);
    return next == '!' ? markdown_read_callout(reader, at) : at;
}

/** The marks of ==highlight== and ~~strikethrough~~: not shown. Between spaces they are text. */
static uint32_t read_mark(struct markdown_reader *reader, uint32_t at)
{
    const char *text = reader->source.at, mark = text[at];
    char before = at > reader->piece_start ? text[at - 1] : ' ',
         behind = markdown_char_at(reader, at + 2);
    if (markdown_char_at(reader, at + 1) != mark || before == mark || behind == mark ||
        ((unsigned char)before <= ' ' && (unsigned char)behind <= ' '))
        return at;
    return reader->mark_end = markdown_hide(reader, at, at + 2);
}

static uint32_t read_special(struct markdown_reader *reader, uint32_t at)
{
    switch (reader->source.at[at]) {
    case '[': return read_bracket(reader, at);
    case '#': return read_tag(reader, at);
    case '%': return markdown_read_comment(reader, at);
    case '$': return markdown_read_formula(reader, at);
    case '^': return markdown_read_block_id(reader, at);
    case '=':
    case '~': return read_mark(reader, at);
    case ':':
        return markdown_char_at(reader, at + 1) == ':' ? markdown_read_field(reader, at)
                                                       : markdown_read_address(reader, at);
    default: return at;
    }
}

static void read_piece(struct markdown_reader *reader, uint32_t at, uint32_t end)
{
    unsigned stops = reader->link_depth ? BYTE_LINKED : BYTE_SPECIAL;
    reader->shown = at;
    while (at < end) {
        at = (uint32_t)word_count_run(&reader->words, reader->source, at, end, stops);
        if (at >= end)
            break;
        reader->words.inside = 0;
        uint32_t behind = read_special(reader, at);
        at = behind == at ? at + 1 : behind;
    }
    flush(reader, end);
}

void markdown_text(struct markdown_reader *reader, uint32_t start, uint32_t end)
{
    if (!markdown_touch(reader, &start, end))
        return;
    reader->piece_start = start;
    reader->piece_end = end;
    bool is_escaped =
        end - start == 1 && start > reader->gap && reader->source.at[start - 1] == '\\';
    if (reader->image_depth || is_escaped) {
        markdown_show(reader, markdown_slice(reader, start, end));
    } else {
        if (reader->leaf.opens_item && start == reader->leaf.first && !reader->leaf.swallowed)
            start = markdown_read_box(reader, start);
        if (start < end)
            read_piece(reader, start, end);
    }
    reader->cursor = end;
}

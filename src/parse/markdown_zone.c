// SPDX-License-Identifier: MIT
/* What a reader does not see as it is written: comments, formulas, block ids, the marks of
 * footnotes and callouts. */
#include "parse/markdown_walk.h"

static bool starts_paragraph_line(const struct markdown_reader *reader, uint32_t at)
{
    return at == reader->leaf.line_first && reader->leaf.kind == LEAF_PARAGRAPH;
}

uint32_t markdown_read_comment(struct markdown_reader *reader, uint32_t at)
{
    if (markdown_char_at(reader, at + 1) != '%')
        return at;
    bool is_block = starts_paragraph_line(reader, at);
    if (is_block && reader->no_comment_end)
        return at + 2;
    uint32_t limit = is_block ? reader->end : markdown_line_end(reader, at);
    uint32_t close = markdown_find_pair(reader, at + 2, limit, '%');
    if (close == PLACE_NONE) {
        reader->no_comment_end |= is_block;
        return at + 2;
    }
    if (is_block && !reader->leaf.comment)
        reader->leaf.comment = at;
    return markdown_hide(reader, at, close + 2);
}

/** True when there is a blank line in the text from `start` up to `end`. */
static bool has_blank_line(const struct markdown_reader *reader, uint32_t start, uint32_t end)
{
    bool blank = false;
    for (; start < end; start++) {
        char c = reader->source.at[start];
        if (c == '\n' && blank)
            return true;
        blank = c == '\n' || (blank && (c == ' ' || c == '\t' || c == '\r'));
    }
    return false;
}

/** `$$` at `at`. At the start of a line the formula is a block and may hold anything. */
static uint32_t read_display(struct markdown_reader *reader, uint32_t at)
{
    bool is_paragraph = reader->leaf.kind == LEAF_PARAGRAPH;
    if (is_paragraph && reader->no_display_end)
        return at + 2;
    uint32_t limit = is_paragraph ? reader->end : markdown_line_end(reader, at);
    uint32_t close = markdown_find_pair(reader, at + 2, limit, '$');
    if (close == PLACE_NONE) {
        reader->no_display_end |= is_paragraph;
        return at + 2;
    }
    if (!starts_paragraph_line(reader, at) && has_blank_line(reader, at, close))
        return at + 2;
    return markdown_hide(reader, at, close + 2);
}

uint32_t markdown_read_formula(struct markdown_reader *reader, uint32_t at)
{
    char next = markdown_char_at(reader, at + 1);
    if (next == '$')
        return read_display(reader, at);
    if (next == ' ' || next == '\t' || at < reader->leaf.no_formula)
        return at;
    uint32_t end = markdown_line_end(reader, at);
    const char *text = reader->source.at;
    for (uint32_t close = at + 2; close < end; close++) {
        if (text[close] != '$' || markdown_is_blank(text[close - 1]) || text[close - 1] == '\\' ||
            markdown_is_digit(markdown_char_at(reader, close + 1)))
            continue;
        return markdown_hide(reader, at, close + 1);
    }
    reader->leaf.no_formula = end;
    return at;
}

static bool is_id_char(char c)
{
    return markdown_is_letter(c) || markdown_is_digit(c) || c == '-';
}

/** In a table an id is only one where it is all there is in its row. */
static bool fills_its_row(const struct markdown_reader *reader, uint32_t start, uint32_t line_end)
{
    while (start > reader->base &&
           (markdown_is_blank(reader->source.at[start - 1]) || reader->source.at[start - 1] == '>'))
        start--;
    return (start == reader->base || reader->source.at[start - 1] == '\n') &&
           markdown_char_at(reader, line_end) != '|';
}

uint32_t markdown_read_block_id(struct markdown_reader *reader, uint32_t at)
{
    const char *text = reader->source.at;
    if (at != reader->leaf.line_first && !markdown_is_blank(text[at - 1]))
        return at;
    uint32_t line_end = markdown_line_end(reader, at), end = at + 1;
    while (end < line_end && is_id_char(text[end]))
        end++;
    uint32_t rest = end;
    while (rest < line_end && markdown_is_blank(text[rest]))
        rest++;
    if (end == at + 1 || rest < line_end)
        return at;
    if (reader->leaf.kind == LEAF_CELL && !fills_its_row(reader, at, line_end))
        return at;
    reader->leaf.block = (struct span){at, end};
    return markdown_hide(reader, at, end);
}

uint32_t markdown_read_footnote(struct markdown_reader *reader, uint32_t at)
{
    const char *text = reader->source.at;
    uint32_t end = markdown_line_end(reader, at), close = at + 2;
    if (end - at > FOOTNOTE_LIMIT)
        end = at + FOOTNOTE_LIMIT;
    while (close < end && (unsigned char)text[close] > ' ' && text[close] != '[' &&
           text[close] != ']')
        close++;
    if (close == end || text[close] != ']' || close == at + 2)
        return at;
    bool defines = at == reader->leaf.line_first && markdown_char_at(reader, close + 1) == ':';
    return markdown_hide(reader, at, close + 1 + defines);
}

uint32_t markdown_read_callout(struct markdown_reader *reader, uint32_t at)
{
    uint32_t close = at + 2;
    if (!reader->quote_depth || at != reader->leaf.first || reader->leaf.kind != LEAF_PARAGRAPH)
        return at;
    while (close < reader->piece_end && is_id_char(reader->source.at[close]))
        close++;
    if (close == at + 2 || markdown_char_at(reader, close) != ']')
        return at;
    close++;
    if (markdown_char_at(reader, close) == '+' || markdown_char_at(reader, close) == '-')
        close++;
    return markdown_hide(reader, at, close);
}

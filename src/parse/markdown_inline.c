// SPDX-License-Identifier: MIT
/*
 * One piece of ordinary text, from left to right: words are counted, and each special byte is asked
 * whether something of Obsidian's begins there. What is found is read from the source itself, so it
 * may end behind the piece (md4c splits at every mark): then the zone covers the pieces that
 * follow.
 */
#include "base/utf8.h"
#include "parse/markdown_walk.h"

static bool collects(const struct markdown_reader *reader)
{
    return reader->leaf.collects || reader->link_depth;
}

static void add_plain(struct markdown_reader *reader, struct str text)
{
    if (collects(reader))
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

void markdown_hide(struct markdown_reader *reader, uint32_t start, uint32_t end)
{
    flush(reader, start);
    reader->shown = reader->zone_end = end;
}

/** As markdown_hide(), but the reader sees it. */
static uint32_t reveal(struct markdown_reader *reader, uint32_t start, uint32_t end)
{
    word_count_add(&reader->words, markdown_slice(reader, start, end));
    flush(reader, end);
    return reader->shown = reader->zone_end = end;
}

static char char_at(const struct markdown_reader *reader, uint32_t at)
{
    return at < reader->end ? reader->source.at[at] : '\0';
}

/** Where `c` stands twice, from `start` up to `end`; PLACE_NONE if nowhere. */
static uint32_t find_pair(const struct markdown_reader *reader, uint32_t start, uint32_t end,
                          char c)
{
    while (start < end) {
        size_t at = str_find(markdown_slice(reader, start, end), c);
        if (at == STR_NONE)
            return PLACE_NONE;
        start += (uint32_t)at + 1;
        if (start < end && reader->source.at[start] == c)
            return start - 1;
    }
    return PLACE_NONE;
}

static bool starts_paragraph_line(const struct markdown_reader *reader, uint32_t at)
{
    return at == reader->leaf.line_first && reader->leaf.kind == LEAF_PARAGRAPH;
}

/* ---- tags ---- */

static bool tag_may_start(const struct markdown_reader *reader, uint32_t at)
{
    const char *text = reader->source.at;
    if (at == reader->last_tag_end || at == reader->leaf.line_first)
        return true;
    if (at == reader->piece_start)
        while (at > reader->gap &&
               (text[at - 1] == '*' || text[at - 1] == '_' || text[at - 1] == '~'))
            at--;
    else if (at - reader->piece_start >= 2 && text[at - 1] == '=' && text[at - 2] == '=')
        at -= 2; /* ==highlight== */
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

/* ---- comments and formulas ---- */

static uint32_t read_comment(struct markdown_reader *reader, uint32_t at)
{
    if (char_at(reader, at + 1) != '%')
        return at;
    bool is_block = starts_paragraph_line(reader, at);
    if (is_block && reader->no_comment_end)
        return at + 2;
    uint32_t limit = is_block ? reader->end : markdown_line_end(reader, at);
    uint32_t close = find_pair(reader, at + 2, limit, '%');
    if (close == PLACE_NONE) {
        reader->no_comment_end |= is_block;
        return at + 2;
    }
    markdown_hide(reader, at, close + 2);
    return close + 2;
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
    uint32_t close = find_pair(reader, at + 2, limit, '$');
    if (close == PLACE_NONE) {
        reader->no_display_end |= is_paragraph;
        return at + 2;
    }
    if (!starts_paragraph_line(reader, at) && has_blank_line(reader, at, close))
        return at + 2;
    markdown_hide(reader, at, close + 2);
    return close + 2;
}

/** The dollar signs of "$5 and $6" are no formula: no space behind the first, none before the last,
 *  no digit behind the last. */
static uint32_t read_formula(struct markdown_reader *reader, uint32_t at)
{
    char next = char_at(reader, at + 1);
    if (next == '$')
        return read_display(reader, at);
    if (next == ' ' || next == '\t' || at < reader->leaf.no_formula)
        return at;
    uint32_t end = markdown_line_end(reader, at);
    const char *text = reader->source.at;
    for (uint32_t close = at + 2; close < end; close++) {
        if (text[close] != '$' || markdown_is_blank(text[close - 1]) || text[close - 1] == '\\' ||
            markdown_is_digit(char_at(reader, close + 1)))
            continue;
        markdown_hide(reader, at, close + 1);
        return close + 1;
    }
    reader->leaf.no_formula = end;
    return at;
}

/* ---- block ids, footnotes, callouts ---- */

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
           char_at(reader, line_end) != '|';
}

/** `^id`, at the end of a line; whether it ends the block, too, is seen when the block ends. */
static uint32_t read_block_id(struct markdown_reader *reader, uint32_t at)
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
    markdown_hide(reader, at, end);
    return end;
}

/** `[^label]`, and the colon of its definition. */
static uint32_t read_footnote(struct markdown_reader *reader, uint32_t at)
{
    const char *text = reader->source.at;
    uint32_t end = markdown_line_end(reader, at), close = at + 2;
    if (end - at > FOOTNOTE_LIMIT)
        end = at + FOOTNOTE_LIMIT;
    while (close < end && text[close] > ' ' && text[close] != '[' && text[close] != ']')
        close++;
    if (close == end || text[close] != ']' || close == at + 2)
        return at;
    bool defines = at == reader->leaf.line_first && char_at(reader, close + 1) == ':';
    markdown_hide(reader, at, close + 1 + defines);
    return reader->zone_end;
}

/** `[!note]+` at the start of a quote. */
static uint32_t read_callout(struct markdown_reader *reader, uint32_t at)
{
    uint32_t close = at + 2;
    if (!reader->quote_depth || at != reader->leaf.first || reader->leaf.kind != LEAF_PARAGRAPH)
        return at;
    while (close < reader->piece_end && is_id_char(reader->source.at[close]))
        close++;
    if (close == at + 2 || char_at(reader, close) != ']')
        return at;
    close++;
    if (char_at(reader, close) == '+' || char_at(reader, close) == '-')
        close++;
    markdown_hide(reader, at, close);
    return close;
}

static uint32_t read_bracket(struct markdown_reader *reader, uint32_t at)
{
    char next = char_at(reader, at + 1);
    if (next == '[') {
        bool is_embed = at > reader->piece_start && reader->source.at[at - 1] == '!';
        return markdown_wikilink(reader, at - is_embed, at);
    }
    if (reader->link_depth)
        return at;
    if (next == '^')
        return read_footnote(reader, at);
    return next == '!' ? read_callout(reader, at) : at;
}

/* ---- addresses ---- */

/** Where an address ends whose scheme ends at `at`: at white space and at what cannot be a part of
 * it, without the punctuation of the sentence around it, and with brackets only in pairs. */
static uint32_t find_address_end(struct markdown_reader *reader, uint32_t at)
{
    struct str text = str_slice(reader->source, 0, markdown_line_end(reader, at));
    unsigned parentheses = 0, brackets = 0;
    size_t end = at, next = at;
    for (; end < text.length; end = next) {
        uint32_t c = utf8_next(text, &next);
        if (c <= ' ' || c == 0x7F || (c < 0x80 && markdown_is_one_of((char)c, "<>\"`|")) ||
            markdown_is_space(c) || markdown_is_wide_punctuation(c))
            break;
        if ((c == ')' && parentheses-- == 0) || (c == ']' && brackets-- == 0))
            break;
        parentheses += c == '(';
        brackets += c == '[';
    }
    while (end > at && markdown_is_one_of(text.at[end - 1], "?!.,:;*_~'"))
        end--;
    return (uint32_t)end;
}

/** `:` at `at`: with a scheme before it and an address behind it, it is a link. */
static uint32_t read_address(struct markdown_reader *reader, uint32_t at)
{
    const char *text = reader->source.at;
    uint32_t start = at, behind = at + 1;
    while (start > reader->piece_start && at - start <= SCHEME_LIMIT &&
           (markdown_is_letter(text[start - 1]) || markdown_is_digit(text[start - 1])))
        start--;
    if (at - start < 2 || at - start > SCHEME_LIMIT || !markdown_is_letter(text[start]))
        return at;
    bool is_mail = str_is(markdown_slice(reader, start, at), "mailto");
    if (char_at(reader, behind) == '/' && char_at(reader, behind + 1) == '/')
        behind += 2;
    else if (!is_mail)
        return at;
    uint32_t end = find_address_end(reader, behind);
    if (end == behind ||
        (is_mail && str_find(markdown_slice(reader, behind, end), '@') == STR_NONE))
        return at;
    markdown_add_external(reader, start, end);
    return reveal(reader, at, end);
}

static uint32_t read_special(struct markdown_reader *reader, uint32_t at)
{
    switch (reader->source.at[at]) {
    case '[': return read_bracket(reader, at);
    case '#': return read_tag(reader, at);
    case '%': return read_comment(reader, at);
    case '$': return read_formula(reader, at);
    case '^': return read_block_id(reader, at);
    case ':':
        return char_at(reader, at + 1) == ':' ? markdown_field(reader, at)
                                              : read_address(reader, at);
    default: return at;
    }
}

/* ---- the piece ---- */

/** `[ ]` at the start of a list item makes a task. Returns the place behind the box, or `at`. */
static uint32_t read_box(struct markdown_reader *reader, uint32_t at)
{
    struct str text = str_slice(reader->source, 0, reader->end);
    size_t close = at + 1;
    if (text.at[at] != '[' || close >= text.length || markdown_is_one_of(text.at[close], "[]\r\n"))
        return at;
    utf8_next(text, &close);
    if (close >= text.length || text.at[close] != ']' ||
        (close + 1 < text.length && (unsigned char)text.at[close + 1] > ' '))
        return at;
    uint32_t mark = at;
    while (mark > reader->base && markdown_is_blank(text.at[mark - 1]))
        mark--;
    if (mark == reader->base || !markdown_is_one_of(text.at[--mark], "-*+.)"))
        return at;
    while (mark > reader->base && markdown_is_digit(text.at[mark - 1]))
        mark--;
    struct note_task *task = markdown_add_task(reader);
    if (!task)
        return at;
    *task = (struct note_task){.span = {mark, (uint32_t)close + 1},
                               .status = {at + 1, (uint32_t)close},
                               .heading = reader->heading,
                               .depth = reader->list_depth - 1,
                               .done = text.at[at + 1] == 'x' || text.at[at + 1] == 'X'};
    reader->leaf.task = reader->note.task_count - 1;
    return (uint32_t)close + 1;
}

static void read_piece(struct markdown_reader *reader, uint32_t at, uint32_t end)
{
    unsigned stops = reader->link_depth ? BYTE_BRACKET : BYTE_SPECIAL;
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
            start = read_box(reader, start);
        if (start < end)
            read_piece(reader, start, end);
    }
    reader->cursor = end;
}

// SPDX-License-Identifier: MIT
/*
 * Where the brackets of a Markdown link are. md4c has recognised it, so the text is known to be
 * right and only its places are looked for.
 *
 * The opening bracket is the nearest one before the first piece of text in the link: between the
 * cursor and that piece there are only marks. A link without any text is found by its target. The
 * closing bracket is the next one behind the last piece. Whether `(…)` or `[…]` behind it belongs
 * to the link is told by what comes next: if it does not, it comes as text.
 */
#include "parse/markdown_walk.h"

/* ---- where a link begins ---- */

static uint32_t find_back(const struct markdown_reader *reader, uint32_t from, uint32_t at, char c)
{
    if (at <= from)
        return PLACE_NONE;
    size_t found = str_find_last(markdown_slice(reader, from, at), c);
    return found == STR_NONE ? PLACE_NONE : from + (uint32_t)found;
}

/** The start of the link whose first piece is at `at`. */
static uint32_t find_start(const struct markdown_reader *reader, struct open_link *open,
                           uint32_t at)
{
    const uint32_t gap = markdown_gap(reader);
    if (!open->is_image && at > gap && reader->source.at[at - 1] == '<') {
        open->is_autolink = true;
        return at - 1;
    }
    uint32_t start = find_back(reader, gap, at, '[');
    if (start != PLACE_NONE && open->is_image)
        return start > reader->base && reader->source.at[start - 1] == '!' ? start - 1 : PLACE_NONE;
    return start;
}

static bool is_opening(char c)
{
    return c == '(' || c == '[';
}

/** True when nothing but `(`, `<` and white space stands from `start` up to `end`. */
static bool leads_to_target(const struct markdown_reader *reader, uint32_t start, uint32_t end)
{
    for (; start < end; start++)
        if (!markdown_is_one_of(reader->source.at[start], "(< \t\r\n>"))
            return false;
    return true;
}

/** [[1]](https://…), as text copied from encyclopedias has it: the address is a link by itself. */
static bool keep_address(struct markdown_reader *reader, struct open_link *open)
{
    const uint32_t start = open->target.start;
    if (open->slot == SLOT_NONE || open->slot + 2 != reader->note.link_count ||
        start < reader->zone_end || !leads_to_target(reader, reader->zone_end, start))
        return false;
    struct note_link *pair = &reader->note.links[open->slot];
    if (pair[0].kind != LINK_EXTERNAL)
        return false;
    struct note_link address = pair[0];
    address.span = open->target;
    address.raw = address.target;
    pair[0] = pair[1];
    pair[1] = address;
    open->slot = SLOT_NONE;
    return true;
}

/** [[a]](b): what md4c takes for a link begins with a wikilink. */
static bool is_wikilink(struct markdown_reader *reader, struct open_link *open)
{
    uint32_t bracket = open->start + open->is_image;
    if (open->is_autolink || bracket + 1 >= reader->end || reader->source.at[bracket + 1] != '[')
        return false;
    const size_t slot = open->slot;
    open->slot = SLOT_NONE; /* not to be cancelled before it is known what becomes of it */
    reader->shown = open->start;
    bool is = markdown_read_wikilink(reader, open->start, bracket) != bracket;
    open->slot = slot;
    return is;
}

/** ![[a|[]](b)](c): what has its brackets within a wikilink that began before is its alias. */
static void cancel_within(struct markdown_reader *reader, size_t outer)
{
    for (size_t i = outer + 1; i < markdown_open_links(reader); i++)
        if (reader->open[i].start != PLACE_NONE && reader->open[i].start < reader->zone_end)
            markdown_cancel(reader, &reader->open[i]);
}

static void place(struct markdown_reader *reader, size_t index, uint32_t start)
{
    struct open_link *open = &reader->open[index];
    open->start = start;
    if (start == PLACE_NONE) {
        markdown_cancel(reader, open);
    } else if (is_wikilink(reader, open)) {
        cancel_within(reader, index);
        if (!keep_address(reader, open))
            markdown_cancel(reader, open);
    }
}

void markdown_place_links(struct markdown_reader *reader, uint32_t at)
{
    for (size_t i = markdown_open_links(reader); i-- > 0;) {
        struct open_link *open = &reader->open[i];
        if (open->start == PLACE_NONE)
            place(reader, i, find_start(reader, open, at));
        if (open->start != PLACE_NONE && open->start < at)
            at = open->start;
    }
}

/** Whether the block that is being read ends on the way: no link goes on behind a blank line. Where
 * nothing of the block was seen yet, nobody knows where it begins. */
static bool leaves_block(const struct markdown_reader *reader, uint32_t start, uint32_t end)
{
    bool is_blank = false;
    if (reader->leaf.first == PLACE_NONE)
        return false;
    for (; start < end; start++) {
        char c = reader->source.at[start];
        if (c == '\n' && is_blank)
            return true;
        is_blank = c == '\n' || (is_blank && (markdown_is_blank(c) || c == '\r' || c == '>'));
    }
    return false;
}

/** The `]` that ends the empty text of a link, or PLACE_NONE. */
static uint32_t find_empty_text_end(const struct markdown_reader *reader,
                                    const struct open_link *open)
{
    if (open->target.start > reader->cursor) {
        uint32_t close = find_back(reader, reader->cursor, open->target.start, ']');
        if (close != PLACE_NONE && leads_to_target(reader, close + 1, open->target.start))
            return close;
    }
    /* The target has escapes, or stands in a definition: the next `](` or `][` is the place. */
    for (uint32_t at = reader->cursor; at < reader->end; at++) {
        size_t found = str_find(markdown_slice(reader, at, reader->end), ']');
        if (found == STR_NONE || leaves_block(reader, at, at + (uint32_t)found))
            return PLACE_NONE;
        at += (uint32_t)found;
        if (at + 1 < reader->end && is_opening(reader->source.at[at + 1]))
            return at;
    }
    return PLACE_NONE;
}

/** A link without text, such as ![](a.png): its brackets stand before its target. */
void markdown_place_empty(struct markdown_reader *reader, struct open_link *open)
{
    const uint32_t cursor = reader->cursor;
    uint32_t close = find_empty_text_end(reader, open), start = PLACE_NONE;
    if (close != PLACE_NONE)
        start = find_back(reader, reader->cursor, close, '[');
    if (start != PLACE_NONE && open->is_image) {
        bool has_sign = start > reader->cursor && reader->source.at[start - 1] == '!';
        start = has_sign ? start - 1 : PLACE_NONE;
    }
    if (start == PLACE_NONE || start < reader->zone_end) {
        markdown_cancel(reader, open);
    } else {
        open->start = start;
        markdown_touch(reader, &start, close + 1);
        reader->guess.is_made = true;
        reader->guess.slot = open->slot;
        reader->guess.start = open->start;
        reader->guess.cursor = cursor;
    }
    if (close != PLACE_NONE)
        reader->cursor = close;
}

/* ---- where a link ends ---- */

static uint32_t skip_space(const struct markdown_reader *reader, uint32_t at)
{
    bool new_line = false;
    for (; at < reader->end; at++) {
        char c = reader->source.at[at];
        new_line |= c == '\n' || c == '\r';
        if (!markdown_is_blank(c) && c != '\n' && c != '\r' && !(new_line && c == '>'))
            break;
    }
    return at;
}

static uint32_t skip_to(const struct markdown_reader *reader, uint32_t at, char close)
{
    for (; at < reader->end && reader->source.at[at] != close; at++)
        if (reader->source.at[at] == '\\')
            at++;
    return at < reader->end ? at + 1 : PLACE_NONE;
}

static uint32_t skip_destination(const struct markdown_reader *reader, uint32_t at)
{
    const char *text = reader->source.at;
    if (at < reader->end && text[at] == '<')
        return skip_to(reader, at + 1, '>');
    unsigned depth = 0;
    for (; at < reader->end && (unsigned char)text[at] > ' '; at++) {
        if (text[at] == '\\' && at + 1 < reader->end)
            at++;
        else if (text[at] == '(')
            depth++;
        else if (text[at] == ')' && depth-- == 0)
            break;
    }
    return at;
}

uint32_t markdown_label_end(const struct markdown_reader *reader, uint32_t at)
{
    return skip_to(reader, at + 1, ']');
}

uint32_t markdown_inline_target_end(const struct markdown_reader *reader, uint32_t at,
                                    struct span target)
{
    const char *text = reader->source.at;
    if (target.start > at && leads_to_target(reader, at, target.start))
        at = target.end + (target.end < reader->end && text[target.end] == '>');
    else
        at = skip_destination(reader, skip_space(reader, at + 1));
    if (at == PLACE_NONE)
        return at;
    at = skip_space(reader, at);
    if (at < reader->end && markdown_is_one_of(text[at], "\"'(")) {
        at = skip_to(reader, at + 1, text[at] == '(' ? ')' : text[at]);
        if (at == PLACE_NONE)
            return at;
        at = skip_space(reader, at);
    }
    return at < reader->end && text[at] == ')' ? at + 1 : PLACE_NONE;
}

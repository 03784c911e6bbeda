// SPDX-License-Identifier: MIT
/* Markdown links, [text](target), ![text](target), [text][label], <address>: from md4c's entering
 * to its leaving them, and what their targets mean. Where their brackets are: markdown_place.c. */
#include "base/utf8.h"
#include "parse/markdown_walk.h"

/** The innermost open link, or NULL when it is nested too deep. */
static struct open_link *innermost(struct markdown_reader *reader)
{
    if (!reader->link_depth || reader->link_depth > LINK_DEPTH_LIMIT)
        return NULL;
    return &reader->open[reader->link_depth - 1];
}

static void cancel_slot(struct markdown_reader *reader, size_t *slot)
{
    if (*slot != SLOT_NONE) {
        reader->note.links[*slot].raw.at = NULL;
        reader->cancelled_links++;
    }
    *slot = SLOT_NONE;
}

void markdown_cancel(struct markdown_reader *reader, struct open_link *open)
{
    cancel_slot(reader, &open->slot);
}

void markdown_check_guess(struct markdown_reader *reader, uint32_t at)
{
    reader->guess.is_made = false;
    if (reader->guess.start <= at)
        return;
    cancel_slot(reader, &reader->guess.slot);
    for (size_t i = markdown_open_links(reader); i-- > 0;)
        if (reader->open[i].start != PLACE_NONE && reader->open[i].start > at)
            markdown_cancel(reader, &reader->open[i]);
    reader->cursor = reader->guess.cursor;
    if (reader->leaf.first > at)
        reader->leaf.first = PLACE_NONE;
    if (reader->leaf.line_first > at)
        reader->leaf.line_first = PLACE_NONE;
}

void markdown_cancel_unleft(struct markdown_reader *reader)
{
    for (size_t i = markdown_open_links(reader); i-- > 0;)
        markdown_cancel(reader, &reader->open[i]);
    reader->link_depth = reader->image_depth = 0;
}

void markdown_cancel_unplaced(struct markdown_reader *reader)
{
    for (size_t i = markdown_open_links(reader); i-- > 0;)
        if (reader->open[i].start == PLACE_NONE)
            markdown_cancel(reader, &reader->open[i]);
}

void markdown_cancel_around(struct markdown_reader *reader)
{
    for (size_t i = markdown_open_links(reader); i-- > 0;)
        if (!reader->open[i].is_image)
            markdown_cancel(reader, &reader->open[i]);
}

/* ---- targets ---- */

/** An address has a scheme of two letters at least (c: is a drive), or begins with //. */
static bool is_external(struct str target)
{
    if (str_starts_with(target, STR("//")))
        return true;
    size_t end = 0;
    while (end < target.length && end <= SCHEME_LIMIT &&
           (markdown_is_letter(target.at[end]) || markdown_is_digit(target.at[end]) ||
            markdown_is_one_of(target.at[end], "+-.")))
        end++;
    return end >= 2 && end + 1 < target.length && target.at[end] == ':' &&
           markdown_is_letter(target.at[0]) && target.at[end + 1] > ' ' &&
           !str_starts_with(str_slice(target, end + 1, target.length), STR("%20"));
}

static int hex_digit(char c)
{
    if (markdown_is_digit(c))
        return c - '0';
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
}

/** Without %XX, as far as that gives text; as written where it would not be UTF-8. */
static struct str decode_percent(struct markdown_reader *reader, struct str text)
{
    if (str_find(text, '%') == STR_NONE)
        return text;
    strbuf_truncate(&reader->scratch, 0);
    for (size_t i = 0; i < text.length; i++) {
        int high = -1, low = -1;
        if (text.at[i] == '%' && i + 2 < text.length) {
            high = hex_digit(text.at[i + 1]);
            low = hex_digit(text.at[i + 2]);
        }
        int byte = high >= 0 && low >= 0 ? high << 4 | low : 0;
        strbuf_add_char(&reader->scratch, byte ? (char)byte : text.at[i]);
        i += byte ? 2 : 0;
    }
    struct str decoded = strbuf_str(&reader->scratch);
    if (utf8_find_invalid(decoded) != STR_NONE)
        return text;
    return arena_copy(&reader->arena, decoded);
}

static void set_markdown_target(struct markdown_reader *reader, struct note_link *link,
                                enum link_form form, struct str target)
{
    if (is_external(target)) {
        link->kind = LINK_EXTERNAL;
        link->target = target;
        return;
    }
    link->kind = form == FORM_IMAGE ? LINK_EMBED : LINK_MARKDOWN;
    markdown_set_target(link, target);
    link->target = decode_percent(reader, link->target);
    link->heading = decode_percent(reader, link->heading);
    link->block = decode_percent(reader, link->block);
}

void markdown_settle_link(struct markdown_reader *reader, uint32_t next)
{
    if (!reader->tail.is_pending)
        return;
    reader->tail.is_pending = false;
    uint32_t end = reader->tail.end;
    if (end != next && end < reader->end) {
        uint32_t target_end = PLACE_NONE;
        if (reader->source.at[end] == '(')
            target_end = markdown_inline_target_end(reader, end, reader->tail.target);
        else if (reader->source.at[end] == '[')
            target_end = markdown_label_end(reader, end);
        if (target_end != PLACE_NONE)
            end = target_end;
    }
    if (reader->cursor < end)
        reader->cursor = end;
    if (reader->tail.slot == SLOT_NONE)
        return;
    struct note_link *link = &reader->note.links[reader->tail.slot];
    link->span = (struct span){reader->tail.start, end};
    link->raw = markdown_slice(reader, reader->tail.start, end);
}

/* ---- entering and leaving ---- */

void markdown_enter_link(struct markdown_reader *reader, enum link_form form, struct str target,
                         struct span written)
{
    markdown_settle_link(reader, PLACE_NONE);
    if (reader->leaf.kind == LEAF_NONE)
        markdown_open_leaf(reader, LEAF_PARAGRAPH, 0);
    reader->image_depth += form == FORM_IMAGE;
    if (reader->link_depth++ >= LINK_DEPTH_LIMIT)
        return;
    struct open_link *open = innermost(reader);
    *open = (struct open_link){.slot = SLOT_NONE,
                               .is_image = form == FORM_IMAGE,
                               .start = PLACE_NONE,
                               .target = written,
                               .plain_start = reader->plain.length};
    struct note_link *link = markdown_add_link(reader);
    if (!link)
        return;
    open->slot = reader->note.link_count - 1;
    set_markdown_target(reader, link, form, target);
    open->is_aimless = !link->target.length && !link->heading.length && !link->block.length;
    if (open->is_aimless)
        markdown_cancel(reader, open);
}

static void set_alias(struct markdown_reader *reader, const struct open_link *open)
{
    struct note_link *link = &reader->note.links[open->slot];
    struct str text = markdown_plain(reader, open->plain_start);
    if (!open->is_autolink && !str_equal(text, link->target))
        link->alias = arena_copy(&reader->arena, text);
}

/** Behind the bracket that closes the link's text. */
static uint32_t find_text_end(const struct markdown_reader *reader, const struct open_link *open)
{
    const uint32_t gap = markdown_gap(reader);
    if (open->slot == SLOT_NONE && gap == reader->zone_end) /* a wikilink took its brackets */
        return gap;
    size_t close =
        str_find(markdown_slice(reader, gap, reader->end), open->is_autolink ? '>' : ']');
    return close == STR_NONE ? reader->end : gap + (uint32_t)close + 1;
}

void markdown_leave_link(struct markdown_reader *reader, enum link_form form)
{
    markdown_settle_link(reader, PLACE_NONE);
    struct open_link *open = innermost(reader);
    if (open && open->start == PLACE_NONE && (open->slot != SLOT_NONE || open->is_aimless))
        markdown_place_empty(reader, open);
    reader->link_depth--;
    reader->image_depth -= form == FORM_IMAGE;
    if (!open || open->start == PLACE_NONE)
        return;
    if (open->slot != SLOT_NONE)
        set_alias(reader, open);
    if (open->is_image && reader->leaf.kind != LEAF_HEADING)
        strbuf_truncate(&reader->plain, open->plain_start); /* the reader sees the image */
    reader->tail.is_pending = true;
    reader->tail.slot = open->slot;
    reader->tail.start = open->start;
    reader->tail.target = open->target;
    reader->tail.end = reader->cursor = find_text_end(reader, open);
    if (open->is_autolink)
        markdown_settle_link(reader, reader->tail.end);
}

void markdown_add_external(struct markdown_reader *reader, uint32_t start, uint32_t end)
{
    struct note_link *link = markdown_add_link(reader);
    if (!link)
        return;
    link->kind = LINK_EXTERNAL;
    link->span = (struct span){start, end};
    link->target = link->raw = markdown_slice(reader, start, end);
}

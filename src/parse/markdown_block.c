// SPDX-License-Identifier: MIT
/*
 * Leaves: the blocks that hold text. A leaf gets its place from its first piece of text, and is
 * judged when it closes: only then its heading, its task, the block id at its end are known.
 */
#include "parse/markdown.h"

#include "base/utf8.h"
#include "parse/markdown_walk.h"

void markdown_open_leaf(struct markdown_reader *reader, enum leaf_kind kind, unsigned level)
{
    bool is_lead = kind == LEAF_PARAGRAPH && !reader->note.lead.length && reader->list_depth == 0 &&
                   reader->quote_depth == 0;
    reader->leaf =
        (struct markdown_leaf){.kind = kind,
                               .level = level,
                               .opens_item = kind == LEAF_PARAGRAPH && reader->item_is_fresh,
                               .collects = is_lead || kind == LEAF_HEADING,
                               .first = PLACE_NONE,
                               .line_first = PLACE_NONE,
                               .task = SLOT_NONE};
    reader->item_is_fresh = false;
    reader->words.inside = 0;
    strbuf_truncate(&reader->plain, 0);
}

/** Back over the marks that stand directly before `at`. */
static uint32_t skip_marks_back(const struct markdown_reader *reader, uint32_t at)
{
    for (const uint32_t gap = markdown_gap(reader); at > gap;) {
        switch (reader->source.at[at - 1]) {
        case '*':
        case '_':
        case '`':
        case '[':
        case '!':
        case '<':
        case '\\': at--; break;
        default: return at;
        }
    }
    return at;
}

/** False when the zone covers the piece; else it begins behind the zone. */
static bool clip(const struct markdown_reader *reader, uint32_t *start, uint32_t end)
{
    if (end <= reader->zone_end)
        return false;
    if (*start < reader->zone_end)
        *start = reader->zone_end;
    return true;
}

bool markdown_touch(struct markdown_reader *reader, uint32_t *start, uint32_t end)
{
    struct markdown_leaf *leaf = &reader->leaf;
    if (reader->tail.is_pending)
        markdown_settle_link(reader, *start);
    if (reader->guess.is_made)
        markdown_check_guess(reader, *start);
    if (leaf->kind == LEAF_NONE)
        markdown_open_leaf(reader, LEAF_PARAGRAPH, 0);
    if (*start < reader->zone_end) {
        leaf->swallowed |= leaf->first == PLACE_NONE;
        markdown_cancel_unplaced(reader);
        if (!clip(reader, start, end)) {
            reader->cursor = end;
            return false;
        }
    }
    reader->gap = markdown_gap(reader);
    if (leaf->line_first == PLACE_NONE) {
        leaf->line_first = skip_marks_back(reader, *start);
        if (leaf->first == PLACE_NONE)
            leaf->first = leaf->line_first;
    }
    if (leaf->block.end && *start >= leaf->block.end)
        leaf->block = (struct span){0};
    if (reader->link_depth)
        markdown_place_links(reader, *start);
    if (clip(reader, start, end))
        return true;
    reader->cursor = end;
    return false;
}

void markdown_break(struct markdown_reader *reader)
{
    markdown_settle_link(reader, PLACE_NONE);
    reader->leaf.line_first = PLACE_NONE;
    reader->leaf.line_has_field = false;
    reader->words.inside = 0;
    strbuf_add_char(&reader->plain, ' ');
}

/** The first line break from `at` on, or the end of the body. */
static uint32_t find_line_break(const struct markdown_reader *reader, uint32_t at)
{
    struct str rest = markdown_slice(reader, at, reader->end);
    size_t length = str_find(rest, '\n');
    rest = str_slice(rest, 0, length);
    length = str_find(rest, '\r');
    return at + (uint32_t)(length == STR_NONE ? rest.length : length);
}

/** The `|` that ends the cell in which `at` stands, or `end`. */
static uint32_t find_cell_end(const struct markdown_reader *reader, uint32_t at, uint32_t end)
{
    for (; at < end && reader->source.at[at] != '|'; at++)
        if (reader->source.at[at] == '\\' && at + 1 < end)
            at++;
    return at;
}

uint32_t markdown_line_end(struct markdown_reader *reader, uint32_t at)
{
    struct markdown_leaf *leaf = &reader->leaf;
    if (at >= leaf->line_end) {
        leaf->line_end = find_line_break(reader, at);
        if (leaf->kind == LEAF_CELL)
            leaf->line_end = find_cell_end(reader, at, leaf->line_end);
    }
    return leaf->line_end;
}

static uint32_t trim_end(const struct markdown_reader *reader, uint32_t start, uint32_t end)
{
    while (end > start && markdown_is_blank(reader->source.at[end - 1]))
        end--;
    return end;
}

/** The end of the `===` or `---` below a heading whose last line ends at `at`. */
static uint32_t find_underline_end(const struct markdown_reader *reader, uint32_t at)
{
    const char *text = reader->source.at;
    uint32_t end = at;
    if (end < reader->end && text[end] == '\r')
        end++;
    if (end < reader->end && text[end] == '\n')
        end++;
    while (end < reader->end && (markdown_is_blank(text[end]) || text[end] == '>'))
        end++;
    if (end == reader->end || (text[end] != '=' && text[end] != '-'))
        return at;
    const char mark = text[end];
    while (end < reader->end && text[end] == mark)
        end++;
    return end;
}

/** The first # of a heading whose text begins at `first`, or PLACE_NONE: it is an underlined one.
 */
static uint32_t find_heading_mark(const struct markdown_reader *reader, uint32_t first,
                                  unsigned level)
{
    const char *text = reader->source.at;
    while (first > reader->base && markdown_is_blank(text[first - 1]))
        first--;
    if (first - reader->base < level)
        return PLACE_NONE;
    for (unsigned i = 0; i < level; i++)
        if (text[--first] != '#')
            return PLACE_NONE;
    return first;
}

struct str markdown_plain(struct markdown_reader *reader, size_t start)
{
    struct strbuf *plain = &reader->plain;
    size_t length = start;
    for (size_t i = start; i < plain->length; i++) {
        char c = markdown_is_blank(plain->at[i]) ? ' ' : plain->at[i];
        if (c != ' ' || length == start || plain->at[length - 1] != ' ')
            plain->at[length++] = c;
    }
    strbuf_truncate(plain, length);
    return str_trim(str_slice(strbuf_str(plain), start, length));
}

static void close_heading(struct markdown_reader *reader, const struct markdown_leaf *leaf)
{
    struct str text = markdown_plain(reader, 0);
    struct note_heading *heading = text.length ? markdown_add_heading(reader) : NULL;
    if (!heading)
        return;
    uint32_t mark = find_heading_mark(reader, leaf->first, leaf->level);
    uint32_t start = mark == PLACE_NONE ? leaf->first : mark;
    uint32_t end = trim_end(reader, start, markdown_line_end(reader, reader->cursor));
    if (mark == PLACE_NONE)
        end = find_underline_end(reader, reader->leaf.line_end);
    heading->span = (struct span){start, end};
    heading->level = leaf->level;
    heading->text = arena_copy(&reader->arena, text);
    reader->heading = heading->text;
}

uint32_t markdown_read_box(struct markdown_reader *reader, uint32_t at)
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

static void close_task(struct markdown_reader *reader, const struct markdown_leaf *leaf,
                       struct str block)
{
    struct note_task *task = &reader->note.tasks[leaf->task];
    uint32_t start = task->status.end + 1;
    uint32_t end = leaf->comment ? leaf->comment : markdown_line_end(reader, reader->cursor);
    struct str text = str_trim(markdown_slice(reader, start, end));
    task->text = text;
    if (text.length)
        task->span.end = (uint32_t)(text.at + text.length - reader->source.at);
    task->block = block;
    markdown_task_fields(task, &reader->note);
}

static struct str close_block(struct markdown_reader *reader, const struct markdown_leaf *leaf)
{
    struct str id = markdown_slice(reader, leaf->block.start + 1, leaf->block.end);
    struct note_block *block = markdown_add_block(reader);
    if (block)
        *block = (struct note_block){leaf->block, id};
    return id;
}

static void take_lead(struct markdown_reader *reader)
{
    struct str text = markdown_plain(reader, 0);
    if (text.length > MARKDOWN_LEAD_LIMIT) {
        size_t end = MARKDOWN_LEAD_LIMIT;
        while (end > 0 && ((unsigned char)text.at[end] & 0xC0) == 0x80)
            end--;
        text = str_trim(str_slice(text, 0, end));
    }
    if (text.length)
        reader->note.lead = arena_copy(&reader->arena, text);
}

void markdown_close_leaf(struct markdown_reader *reader)
{
    const struct markdown_leaf leaf = reader->leaf;
    markdown_settle_link(reader, PLACE_NONE);
    if (reader->link_depth)
        markdown_cancel_unleft(reader);
    struct str block = {0};
    if (leaf.block.end)
        block = close_block(reader, &leaf);
    if (leaf.kind == LEAF_HEADING && !leaf.swallowed && leaf.first != PLACE_NONE)
        close_heading(reader, &leaf);
    if (leaf.task != SLOT_NONE)
        close_task(reader, &leaf, block);
    if (leaf.kind == LEAF_PARAGRAPH && leaf.collects)
        take_lead(reader);
    reader->leaf.kind = LEAF_NONE;
}

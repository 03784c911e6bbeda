// SPDX-License-Identifier: MIT
/* [[target#heading|alias]], and what a target is made of. Knows nothing of blocks: front matter has
 * wikilinks, too. */
#include "parse/markdown_walk.h"

void markdown_set_target(struct note_link *link, struct str written)
{
    size_t sign = str_find(written, '#');
    link->target = str_trim(str_slice(written, 0, sign));
    if (sign == STR_NONE)
        return;
    struct str rest = str_slice(written, sign, written.length);
    size_t block = str_find_str(rest, STR("#^"));
    if (block != STR_NONE)
        link->block = str_trim(str_slice(rest, block + 2, rest.length));
    rest = str_slice(rest, 0, block);
    while (rest.length && rest.at[0] == '#') /* [[##part]] searches all headings */
        rest = str_slice(rest, 1, rest.length);
    link->heading = str_trim(rest);
}

/** The first `]]` from `at` on, or STR_NONE when a line break or another `[[` comes before. */
static size_t find_close(struct str text, size_t at)
{
    for (; at + 1 < text.length; at++) {
        char c = text.at[at];
        if (c == '\n' || c == '\r' || (c == '[' && text.at[at + 1] == '['))
            return STR_NONE;
        if (c == ']' && text.at[at + 1] == ']')
            return at;
    }
    return STR_NONE;
}

bool markdown_scan_wikilink(struct str text, size_t at, size_t *ret_end, struct note_link *link)
{
    size_t close = find_close(text, at + 2);
    if (close == STR_NONE)
        return false;
    struct str inner = str_slice(text, at + 2, close);
    size_t bar = str_find(inner, '|');
    struct str written = str_slice(inner, 0, bar);
    if (str_find(written, '[') != STR_NONE || str_find(written, ']') != STR_NONE)
        return false;
    if (bar != STR_NONE) {
        /* In a table the bar needs a backslash. */
        if (str_ends_with(written, STR("\\")))
            written.length--;
        link->alias = str_trim(str_slice(inner, bar + 1, inner.length));
    }
    markdown_set_target(link, written);
    *ret_end = close + 2;
    return link->target.length || link->heading.length || link->block.length;
}

/** What a reader sees: the alias, or "target > heading". */
static void show_wikilink(struct markdown_reader *reader, const struct note_link *link)
{
    if (link->alias.length) {
        markdown_show(reader, link->alias);
        return;
    }
    markdown_show(reader, link->target);
    if (link->target.length && (link->heading.length || link->block.length))
        markdown_show(reader, STR(" > "));
    if (link->block.length)
        markdown_show(reader, STR("^"));
    markdown_show(reader, link->block.length ? link->block : link->heading);
}

uint32_t markdown_read_wikilink(struct markdown_reader *reader, uint32_t start, uint32_t at)
{
    struct note_link found = {0};
    struct str text = str_slice(reader->source, 0, markdown_line_end(reader, at));
    size_t end = at;
    if (!markdown_scan_wikilink(text, at, &end, &found))
        return at;
    found.kind = start < at ? LINK_EMBED : LINK_WIKI;
    found.span = (struct span){start, (uint32_t)end};
    found.raw = markdown_slice(reader, start, (uint32_t)end);
    markdown_hide(reader, start, (uint32_t)end);
    if (found.kind == LINK_WIKI) {
        markdown_cancel_around(reader);
        show_wikilink(reader, &found);
    }
    struct note_link *link = markdown_add_link(reader);
    if (link)
        *link = found;
    return (uint32_t)end;
}

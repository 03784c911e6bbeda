// SPDX-License-Identifier: MIT
/* Addresses in ordinary text: scheme://… with any scheme, and mailto:. */
#include "base/utf8.h"
#include "parse/markdown_walk.h"

/** Where the address ends that begins at `start` and has its scheme before `at`: at white space, at
 *  what cannot be a part of it, and at the `==` of a highlight around it; without the punctuation
 * of the sentence, and with brackets only in pairs. */
static uint32_t find_address_end(struct markdown_reader *reader, uint32_t start, uint32_t at)
{
    struct str text = str_slice(reader->source, 0, markdown_line_end(reader, at));
    bool is_marked = start == reader->mark_end && text.at[start - 1] == '=';
    unsigned parentheses = 0, brackets = 0;
    size_t end = at, next = at;
    for (; end < text.length; end = next) {
        uint32_t c = utf8_next(text, &next);
        if (c <= ' ' || c == 0x7F || (c < 0x80 && markdown_is_one_of((char)c, "<>\"`|\\")) ||
            markdown_is_space(c) || markdown_is_wide_punctuation(c))
            break;
        if (is_marked && c == '=' && next < text.length && text.at[next] == '=')
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

/** Whether an `@` follows at `at`, before any white space. */
static bool is_mailbox(const struct markdown_reader *reader, uint32_t at)
{
    const uint32_t start = at;
    while (at - start < MAILBOX_LIMIT && (unsigned char)markdown_char_at(reader, at) > ' ')
        if (reader->source.at[at++] == '@')
            return at > start + 1;
    return false;
}

uint32_t markdown_read_address(struct markdown_reader *reader, uint32_t at)
{
    const char *text = reader->source.at;
    uint32_t start = at, behind = at + 1;
    while (start > reader->piece_start && at - start <= SCHEME_LIMIT &&
           (markdown_is_letter(text[start - 1]) || markdown_is_digit(text[start - 1])))
        start--;
    if (at - start < 2 || at - start > SCHEME_LIMIT || !markdown_is_letter(text[start]))
        return at;
    if (markdown_char_at(reader, behind) == '/' && markdown_char_at(reader, behind + 1) == '/')
        behind += 2;
    else if (!str_is(markdown_slice(reader, start, at), "mailto") || !is_mailbox(reader, behind))
        return at;
    uint32_t end = find_address_end(reader, start, behind);
    if (end == behind)
        return at;
    markdown_add_external(reader, start, end);
    return markdown_reveal(reader, at, end);
}

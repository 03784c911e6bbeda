// SPDX-License-Identifier: MIT
#include "writeback/edits.h"

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

/** How many bytes both texts begin with, up to a character's border. */
static size_t common_prefix(struct str a, struct str b)
{
    size_t limit = a.length < b.length ? a.length : b.length, at = 0;
    while (at < limit && a.at[at] == b.at[at])
        at++;
    while (at > 0 && ((at < a.length && is_continuation(a.at[at])) ||
                      (at < b.length && is_continuation(b.at[at]))))
        at--;
    return at;
}

/** How many bytes both texts end with, from a character's border. */
static size_t common_suffix(struct str a, struct str b)
{
    size_t limit = a.length < b.length ? a.length : b.length, count = 0;
    while (count < limit && a.at[a.length - 1 - count] == b.at[b.length - 1 - count])
        count++;
    while (count > 0 && is_continuation(a.at[a.length - count]))
        count--;
    return count;
}

static void push(struct patch *patch, uint32_t start, uint32_t end, struct str text)
{
    if (!arena_reserve(&patch->arena, &patch->edits, &patch->edit_capacity, patch->edit_count + 1,
                       sizeof *patch->edits))
        return;
    struct patch_edit edit = {start, end, arena_copy(&patch->arena, text), patch->edit_count};
    patch->edits[patch->edit_count++] = edit;
}

void edit_replace(struct patch *patch, uint32_t start, uint32_t end, struct str text)
{
    struct str old = source_slice(patch, start, end);
    size_t prefix = common_prefix(old, text);
    struct str old_rest = str_slice(old, prefix, old.length);
    struct str rest = str_slice(text, prefix, text.length);
    size_t suffix = common_suffix(old_rest, rest);
    if (old_rest.length == suffix && rest.length == suffix)
        return;
    push(patch, start + (uint32_t)prefix, end - (uint32_t)suffix,
         str_slice(rest, 0, rest.length - suffix));
}

uint32_t line_start(const struct patch *patch, uint32_t at)
{
    size_t found = str_find_last(source_slice(patch, 0, at), '\n');
    return found == STR_NONE ? 0 : (uint32_t)found + 1;
}

uint32_t line_next(const struct patch *patch, uint32_t at)
{
    uint32_t length = (uint32_t)patch->source.tape->source.length;
    size_t found = str_find(source_slice(patch, at, length), '\n');
    return found == STR_NONE ? length : at + (uint32_t)found + 1;
}

uint32_t line_text_end(const struct patch *patch, uint32_t at)
{
    uint32_t end = line_next(patch, at);
    if (end > at && source_char(patch, end - 1) == '\n')
        end--;
    if (end > at && source_char(patch, end - 1) == '\r')
        end--;
    return end;
}

static bool is_blank(struct str text)
{
    for (size_t i = 0; i < text.length; i++)
        if (text.at[i] != ' ' && text.at[i] != '\t')
            return false;
    return true;
}

bool line_is_blank_before(const struct patch *patch, uint32_t at)
{
    return is_blank(source_slice(patch, line_start(patch, at), at));
}

bool line_is_blank_behind(const struct patch *patch, uint32_t at)
{
    return is_blank(source_slice(patch, at, line_text_end(patch, at)));
}

uint32_t column_of(const struct patch *patch, uint32_t at)
{
    return at - line_start(patch, at);
}

struct str line_break(const struct patch *patch)
{
    bool is_crlf = patch->first_break > 0 && source_char(patch, patch->first_break) == '\n' &&
                   source_char(patch, patch->first_break - 1) == '\r';
    return is_crlf ? STR("\r\n") : STR("\n");
}

uint32_t skip_filling(const struct patch *patch, uint32_t at, uint32_t limit)
{
    bool has_comments = patch->source.syntax == PATCH_YAML;
    for (; at < limit; at++) {
        char c = source_char(patch, at);
        if (c == '#' && has_comments)
            at = line_text_end(patch, at) - 1;
        else if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
            break;
    }
    return at < limit ? at : limit;
}

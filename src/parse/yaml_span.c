// SPDX-License-Identifier: MIT
#include "parse/yaml_span.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_break(char c)
{
    return c == '\n' || c == '\r';
}

/** Behind blanks, line breaks and comments. */
static uint32_t skip_filling(struct str source, uint32_t at, uint32_t end)
{
    while (at < end && (is_blank(source.at[at]) || is_break(source.at[at]) || source.at[at] == '#'))
        if (source.at[at++] == '#')
            while (at < end && !is_break(source.at[at]))
                at++;
    return at;
}

/** Behind a property: a tag may hold any character in `<>`, and no blank. */
static uint32_t skip_property(struct str source, uint32_t at, uint32_t end)
{
    while (at < end && !is_blank(source.at[at]) && !is_break(source.at[at]))
        at++;
    return at;
}

static bool is_property(struct str source, uint32_t at, uint32_t end)
{
    return at < end && (source.at[at] == '&' || source.at[at] == '!');
}

uint32_t yaml_span_behind_properties(struct str source, uint32_t at, uint32_t end)
{
    while (is_property(source, at, end))
        at = skip_filling(source, skip_property(source, at, end), end);
    return at;
}

bool yaml_span_has_string_tag(struct str source, uint32_t at, uint32_t end)
{
    while (is_property(source, at, end)) {
        uint32_t behind = skip_property(source, at, end);
        if (source.at[at] == '!' && behind - at == 1)
            return true;
        at = skip_filling(source, behind, end);
    }
    return false;
}

uint32_t yaml_span_block_scalar_end(struct str source, uint32_t start, uint32_t end)
{
    uint32_t indicators = start + 1, line = start, limit = end;
    while (end > start && (is_blank(source.at[end - 1]) || is_break(source.at[end - 1])))
        end--;
    for (uint32_t at = start; at < end; at++)
        if (is_break(source.at[at]))
            line = at + 1;
    if (line > start) { /* blanks at the end of a line with text are text */
        while (end < limit && is_blank(source.at[end]))
            end++;
        return end;
    }
    while (indicators < end && strchr("+-123456789", source.at[indicators]))
        indicators++;
    return indicators;
}

uint32_t yaml_span_behind_colon(struct str source, uint32_t key_end, uint32_t limit)
{
    uint32_t at = skip_filling(source, key_end, limit);
    return at < limit && source.at[at] == ':' ? at + 1 : key_end;
}

// SPDX-License-Identifier: MIT
#include "parse/front_matter.h"

static const struct fence {
    enum front_matter_kind kind;
    const char *open, *close, *other_close;
} fences[] = {
    {FRONT_MATTER_YAML, "---", "---", "..."},
    {FRONT_MATTER_JSON, "---json", "---", NULL},
    {FRONT_MATTER_JSON, ";;;", ";;;", NULL},
    {FRONT_MATTER_TOML, "+++", "+++", NULL},
};

/** Where the line that starts at `at` ends, its line break included. */
static size_t line_end(struct str source, size_t at)
{
    size_t length = str_find(str_slice(source, at, source.length), '\n');
    return length == STR_NONE ? source.length : at + length + 1;
}

/** The line without its line break and the blanks before it; \r is part of a break only before \n
 * or at the end of the text. */
static struct str line_text(struct str source, size_t start, size_t end)
{
    if (end > start && source.at[end - 1] == '\n')
        end--;
    if (end > start && source.at[end - 1] == '\r')
        end--;
    while (end > start && (source.at[end - 1] == ' ' || source.at[end - 1] == '\t'))
        end--;
    return str_slice(source, start, end);
}

static const struct fence *find_fence(struct str line)
{
    for (size_t i = 0; i < sizeof fences / sizeof fences[0]; i++)
        if (str_is(line, fences[i].open))
            return &fences[i];
    return NULL;
}

static bool closes(const struct fence *fence, struct str line)
{
    return str_is(line, fence->close) || (fence->other_close && str_is(line, fence->other_close));
}

static bool is_name_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == ' ' || (unsigned char)c >= 0x80;
}

/** Whether a line begins like front matter: `key:` of YAML, a brace or a quote of JSON, `key =` of
 *  TOML. A thematic break at the top of a note is followed by prose. */
static bool looks_meant(enum front_matter_kind kind, struct str line)
{
    size_t at = 0;
    if (kind == FRONT_MATTER_JSON)
        return line.length && (line.at[0] == '{' || line.at[0] == '"');
    while (at < line.length && is_name_character(line.at[at]))
        at++;
    if (at == 0 || at == line.length || line.at[0] == ' ')
        return false;
    if (kind == FRONT_MATTER_TOML)
        return line.at[at] == '=';
    return line.at[at] == ':' && (at + 1 == line.length || line.at[at + 1] == ' ');
}

static void warn_unclosed(struct str source, const struct fence *fence, size_t start, size_t next,
                          struct problem_list *problems)
{
    if (problems && looks_meant(fence->kind, line_text(source, next, line_end(source, next))))
        problem_add(problems, PROBLEM_WARNING, "front-matter", (uint32_t)start,
                    (uint32_t)(start + strlen(fence->open)),
                    "the front matter that starts here has no closing '%s' line", fence->close);
}

struct front_matter front_matter_cut(struct str source, struct problem_list *problems)
{
    size_t start = str_starts_with(source, STR("\xEF\xBB\xBF")) ? 3 : 0;
    uint32_t body = (uint32_t)start;
    struct front_matter none = {FRONT_MATTER_NONE, {body, body}, {body, body}, body};
    size_t content = line_end(source, start);
    const struct fence *fence = find_fence(line_text(source, start, content));
    if (!fence)
        return none;
    for (size_t at = content, end; at < source.length; at = end) {
        end = line_end(source, at);
        if (closes(fence, line_text(source, at, end)))
            return (struct front_matter){fence->kind,
                                         {body, (uint32_t)end},
                                         {(uint32_t)content, (uint32_t)at},
                                         (uint32_t)end};
    }
    warn_unclosed(source, fence, start, content, problems);
    return none;
}

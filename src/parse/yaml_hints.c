// SPDX-License-Identifier: MIT
#include "parse/yaml_hints.h"

#include "base/utf8.h"

/** What libyaml stumbled over, and where. */
struct fault {
    struct str source;
    uint32_t start, end; /* of the YAML */
    const struct yaml_fault *yaml;
    struct problem_list *problems;
};

__attribute__((format(printf, 4, 5))) static void say(const struct fault *fault, uint32_t start,
                                                      uint32_t end, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    problem_addv(fault->problems, PROBLEM_ERROR, "yaml", start, end, format, args);
    va_end(args);
}

static char character_at(const struct fault *fault, uint32_t at)
{
    return at < fault->source.length ? fault->source.at[at] : '\n';
}

static uint32_t character_end(const struct fault *fault, uint32_t at)
{
    size_t end = at;
    if (at < fault->source.length)
        utf8_next(fault->source, &end);
    return (uint32_t)end;
}

static uint32_t line_start(const struct fault *fault, uint32_t at)
{
    while (at > fault->start && fault->source.at[at - 1] != '\n')
        at--;
    return at;
}

static uint32_t line_end(const struct fault *fault, uint32_t at)
{
    while (at < fault->source.length && character_at(fault, at) != '\n' &&
           character_at(fault, at) != '\r')
        at++;
    return at;
}

/** The line up to `at`, without its indentation and a list's dash. */
static struct str text_before(const struct fault *fault, uint32_t at)
{
    struct str text = str_trim(str_slice(fault->source, line_start(fault, at), at));
    if (str_starts_with(text, STR("- ")))
        text = str_trim(str_slice(text, 2, text.length));
    return text;
}

/** `title: foo: bar`, or a key that is indented below a value. */
static bool say_second_colon(const struct fault *fault)
{
    uint32_t at = fault->yaml->at;
    struct str before = text_before(fault, at);
    size_t colon = str_find_str(before, STR(": "));
    if (colon == STR_NONE)
        say(fault, (uint32_t)(before.at - fault->source.at), at + 1,
            "'%s:' is indented as if it belonged to the value above it: give both the same "
            "indentation",
            problem_excerpt(fault->problems, before));
    else
        say(fault, at, at + 1, "a second ':' after '%s:': put the value in quotes",
            problem_excerpt(fault->problems, str_slice(before, 0, colon)));
    return true;
}

/** A line that is no `key: value`. */
static bool say_no_colon(const struct fault *fault)
{
    uint32_t at = fault->yaml->context_at, end = line_end(fault, at);
    struct str line = str_trim(str_slice(fault->source, at, end));
    size_t colon = str_find(line, ':');
    if (colon != STR_NONE && colon > 0 && colon + 1 < line.length && line.at[colon + 1] != ' ')
        say(fault, at + (uint32_t)colon, at + (uint32_t)colon + 1,
            "a space is missing behind ':' (write '%s: …')",
            problem_excerpt(fault->problems, str_slice(line, 0, colon)));
    else
        say(fault, at, end, "expected 'key: value', found '%s'",
            problem_excerpt(fault->problems, line));
    return true;
}

/** Something that is no key stands where one should: behind a value, or badly indented. */
static bool say_no_key(const struct fault *fault)
{
    uint32_t at = fault->yaml->at, end = line_end(fault, at);
    struct str before = text_before(fault, at);
    char last = before.length ? before.at[before.length - 1] : '\0';
    const char *what = last == '"' || last == '\''  ? "closing quote"
                       : last == ']' || last == '}' ? "closing bracket"
                                                    : "value";
    bool is_colon = !before.length && character_at(fault, at) == ':';
    if (is_colon || str_is(before, ":"))
        say(fault, is_colon ? at : at - 1, at + is_colon, "a key is missing before ':'");
    else if (before.length)
        say(fault, at, end, "text behind the %s: put the whole value in one pair of quotes", what);
    else
        say(fault, at, end, "the indentation of this line fits no line above it");
    return true;
}

static bool say_bad_start(const struct fault *fault)
{
    uint32_t at = fault->yaml->at;
    if (character_at(fault, at) == '\t')
        say(fault, at, at + 1, "a tab cannot indent: use spaces");
    else
        say(fault, at, character_end(fault, at), "a value that starts with '%s' needs quotes",
            problem_excerpt(fault->problems,
                            str_slice(fault->source, at, character_end(fault, at))));
    return true;
}

/** The same where libyaml points behind the character. */
static bool say_bad_context(const struct fault *fault)
{
    uint32_t at = fault->yaml->context_at;
    say(fault, at, character_end(fault, at), "a value that starts with '%c' needs quotes",
        character_at(fault, at));
    return true;
}

static bool say_bad_directive(const struct fault *fault)
{
    uint32_t at = line_start(fault, fault->yaml->at);
    if (character_at(fault, at) == '%')
        say(fault, at, at + 1, "a line must not start with '%%': put the text in quotes");
    return character_at(fault, at) == '%';
}

/** Something follows the value that was all there should be. */
static bool say_no_end(const struct fault *fault)
{
    return say_bad_directive(fault) || say_no_key(fault);
}

static bool say_no_value(const struct fault *fault)
{
    uint32_t at = fault->yaml->at, end = character_end(fault, at);
    if (at >= fault->end)
        say(fault, at, at, "expected a value, but the front matter ends here");
    else
        say(fault, at, end, "expected a value, found '%s': text that starts with it needs quotes",
            problem_excerpt(fault->problems, str_slice(fault->source, at, end)));
    return true;
}

static bool say_unclosed(const struct fault *fault)
{
    uint32_t at = fault->yaml->context_at;
    say(fault, at, at + 1, "this quote is never closed");
    return true;
}

static bool say_unclosed_bracket(const struct fault *fault)
{
    uint32_t at = fault->yaml->at, open = fault->yaml->context_at;
    char bracket = character_at(fault, open);
    if (at >= fault->end)
        say(fault, open, open + 1, "this '%c' is never closed", bracket);
    else
        say(fault, at, character_end(fault, at), "expected ',' or '%c' for the '%c' of line %u",
            bracket == '[' ? ']' : '}', bracket, source_line(fault->source, open));
    return true;
}

static bool say_tight_colon(const struct fault *fault)
{
    uint32_t at = fault->yaml->at;
    say(fault, at, at + 1, "a ':' between brackets needs a space behind it, or quotes around all");
    return true;
}

static bool say_dash_in_line(const struct fault *fault)
{
    uint32_t at = fault->yaml->at;
    say(fault, at, at + 1, "a list starts in a line of its own, below its key");
    return true;
}

static bool say_tab(const struct fault *fault)
{
    say(fault, fault->yaml->at, fault->yaml->at + 1, "a tab cannot indent: use spaces");
    return true;
}

static bool say_control_character(const struct fault *fault)
{
    size_t end = fault->yaml->at;
    uint32_t c = end < fault->source.length ? utf8_next(fault->source, &end) : 0;
    say(fault, fault->yaml->at, (uint32_t)end, "the control character U+%04X is not allowed", c);
    return true;
}

static bool say_unknown_escape(const struct fault *fault)
{
    say(fault, fault->yaml->at, fault->yaml->at,
        "unknown escape in double quotes (a backslash itself is \\\\, or use single quotes)");
    return true;
}

/* libyaml's words, the context where the words alone do not tell, and ours. */
static const struct {
    const char *problem, *context;
    bool (*say)(const struct fault *fault); /* false: not that kind after all */
} kinds[] = {
    {"mapping values are not allowed in this context", NULL, say_second_colon},
    {"could not find expected ':'", "while scanning a simple key", say_no_colon},
    {"did not find expected key", NULL, say_no_key},
    {"did not find expected '-' indicator", NULL, say_no_key},
    {"found character that cannot start any token", NULL, say_bad_start},
    {"did not find expected alphabetic or numeric character", NULL, say_bad_context},
    {"found undefined tag handle", NULL, say_bad_context},
    {"did not find expected comment or line break", "while scanning a block scalar",
     say_bad_context},
    {"found unexpected non-alphabetical character", NULL, say_bad_directive},
    {"could not find expected directive name", NULL, say_bad_directive},
    {"found unknown directive name", NULL, say_bad_directive},
    {"did not find expected <document start>", NULL, say_no_end},
    {"did not find expected node content", NULL, say_no_value},
    {"found unexpected end of stream", "while scanning a quoted scalar", say_unclosed},
    {"found unexpected document indicator", "while scanning a quoted scalar", say_unclosed},
    {"did not find expected ',' or ']'", NULL, say_unclosed_bracket},
    {"did not find expected ',' or '}'", NULL, say_unclosed_bracket},
    {"found unexpected ':'", NULL, say_tight_colon},
    {"block sequence entries are not allowed in this context", NULL, say_dash_in_line},
    {"found a tab character that violates indentation", NULL, say_tab},
    {"found a tab character where an indentation space is expected", NULL, say_tab},
    {"control characters are not allowed", NULL, say_control_character},
    {"found unknown escape character", NULL, say_unknown_escape},
};

void yaml_explain_fault(struct str source, uint32_t start, uint32_t end,
                        const struct yaml_fault *yaml, struct problem_list *problems)
{
    struct fault fault = {source, start, end, yaml, problems};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        bool fits =
            strcmp(yaml->message, kinds[i].problem) == 0 &&
            (!kinds[i].context || (yaml->context && strcmp(yaml->context, kinds[i].context) == 0));
        if (fits && kinds[i].say(&fault))
            return;
    }
    say(&fault, yaml->at, yaml->at, "%s", yaml->message);
}

void yaml_warn_link(const struct tape *tape, uint32_t array, struct problem_list *problems)
{
    const struct node *outer = &tape->nodes[array], *inner = outer + 1, *item = outer + 2;
    bool is_link = outer->count == 1 && outer->style == STYLE_FLOW && inner->type == NODE_ARRAY &&
                   inner->count == 1 && inner->style == STYLE_FLOW &&
                   inner->start == outer->start + 1 && inner->end + 1 == outer->end &&
                   item->type == NODE_STRING && item->style == STYLE_PLAIN;
    if (!is_link)
        return;
    const char *link = problem_excerpt(problems, str_slice(tape->source, outer->start, outer->end));
    problem_add(problems, PROBLEM_WARNING, "unquoted-link", outer->start, outer->end,
                "%s without quotes is a list in a list: write \"%s\"", link, link);
}

void yaml_warn_comment(const struct tape *tape, uint32_t index, struct problem_list *problems)
{
    struct str source = tape->source;
    uint32_t at = tape->nodes[index].start;
    while (at < source.length && source.at[at] == ' ')
        at++;
    if (at == source.length || source.at[at] != '#')
        return;
    uint32_t end = at;
    while (end < source.length && source.at[end] != '\n' && source.at[end] != '\r')
        end++;
    struct str comment = str_trim(str_slice(source, at, end));
    if (comment.length > 1 && comment.at[1] != ' ' && comment.at[1] != '#')
        problem_add(problems, PROBLEM_WARNING, "comment", at, end,
                    "behind '#' all is comment, so the value is empty: write \"%s\"",
                    problem_excerpt(problems, comment));
}

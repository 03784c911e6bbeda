// SPDX-License-Identifier: MIT
/*
 * Full text search. What a user types is no FTS5 expression: each word of it becomes a quoted
 * string, in which nothing is special, and "words in quotes" one phrase. All of them must be found.
 * The last word may be unfinished, as on a page that searches while one types.
 */
#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/json.h"
#include "cli/options.h"

enum { OPTION_LIMIT_HITS, OPTION_RAW, OPTION_AS };
static const struct option options[] = {
    [OPTION_LIMIT_HITS] = {"limit", "N", "print at most N (20)"},
    [OPTION_RAW] = {"raw", NULL, "TEXT is an expression of SQLite's FTS5"},
    [OPTION_AS] = OPTION_AS_WHOM,
    {0},
};

enum { DEFAULT_HITS = 20, MOST_HITS = 1000000 };
enum { PATH, TITLE, SNIPPET, OBJECT_ID }; /* columns of the statement */
enum { MATCH_START = 1, MATCH_END = 2 };  /* around what was found, in a snippet */

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/** Up to the closing quote, or the next space; `*text` moves behind it. */
static struct str next_word(struct str *text, bool *ret_quoted)
{
    *text = str_trim(*text);
    *ret_quoted = str_starts_with(*text, STR("\""));
    size_t start = *ret_quoted ? 1 : 0, end = start;
    while (end < text->length && (*ret_quoted ? text->at[end] != '"' : !is_space(text->at[end])))
        end++;
    struct str word = str_slice(*text, start, end);
    *text = str_slice(*text, end + (*ret_quoted ? 1 : 0), text->length);
    return word;
}

/** As an FTS5 string: within double quotes, where a double quote stands twice. */
static void add_quoted(struct strbuf *query, struct str word)
{
    strbuf_add_char(query, '"');
    for (size_t i = 0; i < word.length; i++) {
        if (word.at[i] == '"')
            strbuf_add_char(query, '"');
        strbuf_add_char(query, word.at[i]);
    }
    strbuf_add_char(query, '"');
}

static void add_query(struct strbuf *query, struct str text)
{
    while (str_trim(text).length) {
        bool quoted;
        struct str word = next_word(&text, &quoted);
        if (!word.length)
            continue;
        if (query->length)
            strbuf_add_char(query, ' ');
        add_quoted(query, word);
        if (!quoted && !text.length)
            strbuf_add_char(query, '*');
    }
}

static enum nexus_status read_query(const struct invocation *call, struct strbuf *query,
                                    struct nexus_error *err)
{
    STRBUF_SCOPED text = {0};
    for (int i = 0; i < call->operand_count; i++) {
        strbuf_add_text(&text, i ? " " : "");
        strbuf_add_text(&text, call->operands[i]);
    }
    if (call->options[OPTION_RAW])
        strbuf_add(query, strbuf_str(&text));
    else
        add_query(query, strbuf_str(&text));
    if (text.failed || query->failed)
        return fail_no_memory(err);
    return query->length ? NEXUS_OK
                         : fail(err, NEXUS_ERROR_ARGUMENT, "there is no word to look for");
}

enum marks { MARKS_STAY, MARKS_GO };

/** The snippet on one line, its white space made single spaces. */
static void add_snippet(struct strbuf *line, struct str snippet, enum marks marks)
{
    bool was_space = true;
    for (size_t i = 0; i < snippet.length; i++) {
        char c = snippet.at[i];
        if (marks == MARKS_GO && (c == MATCH_START || c == MATCH_END))
            continue;
        if (!is_space(c) || !was_space)
            strbuf_add_char(line, is_space(c) ? ' ' : c);
        was_space = is_space(c);
    }
}

static void print_snippet(struct output *out, struct str snippet)
{
    STRBUF_SCOPED line = {0};
    add_snippet(&line, snippet, MARKS_STAY);
    out->scratch.failed |= line.failed;
    struct str rest = strbuf_str(&line);
    for (enum style style = STYLE_PLAIN; rest.length;
         style = style == STYLE_PLAIN ? STYLE_MATCH : STYLE_PLAIN) {
        size_t end = str_find(rest, style == STYLE_PLAIN ? MATCH_START : MATCH_END);
        output_line_of(out, str_slice(rest, 0, end), style);
        rest = end == STR_NONE ? (struct str){0} : str_slice(rest, end + 1, rest.length);
    }
}

static void print_hit(struct output *out, struct nexus_rows *rows)
{
    output_line_of(out, row_text(rows, PATH), STYLE_NAME);
    output_text(out, ": ");
    output_line_of(out, row_text(rows, TITLE), STYLE_PLAIN);
    output_text(out, "\n    ");
    print_snippet(out, row_text(rows, SNIPPET));
    output_text(out, "\n");
}

static void add_hit(struct json *json, struct nexus_rows *rows)
{
    STRBUF_SCOPED line = {0};
    add_snippet(&line, row_text(rows, SNIPPET), MARKS_GO);
    json->failed |= line.failed;
    json_begin_object(json, NULL);
    json_columns(json, rows, PATH, SNIPPET - PATH);
    json_text(json, "snippet", strbuf_str(&line));
    json_column(json, "object_id", rows, OBJECT_ID);
    json_end(json);
}

/* Both printers: the statement is asked for one hit more than the limit, to know whether there is
 * one. */

static enum nexus_status print_text(struct invocation *call, struct nexus_rows *rows, int64_t limit,
                                    struct nexus_error *err)
{
    enum nexus_status status = NEXUS_OK;
    bool more = row_next(call, rows, &status, err);
    if (!more)
        output_text(&call->notes, status == NEXUS_OK ? "nothing found\n" : "");
    for (int64_t count = 0; more && count < limit; count++) {
        print_hit(&call->out, rows);
        more = row_next(call, rows, &status, err);
    }
    if (more)
        output_text(&call->notes, "and more: see --limit\n");
    return status;
}

static enum nexus_status print_json(struct invocation *call, struct nexus_rows *rows, int64_t limit,
                                    struct nexus_error *err)
{
    enum nexus_status status = NEXUS_OK;
    JSON_SCOPED json;
    json_init(&json, &call->out);
    json_begin_object(&json, NULL);
    json_begin_array(&json, "hits");
    bool more = row_next(call, rows, &status, err);
    for (int64_t count = 0; more && count < limit; count++) {
        add_hit(&json, rows);
        more = row_next(call, rows, &status, err);
    }
    json_end(&json);
    json_boolean(&json, "more", more);
    json_end(&json);
    return status == NEXUS_OK ? json_finish(&json, err) : status;
}

static enum nexus_status run_search(struct invocation *call, struct nexus_error *err)
{
    int64_t limit = DEFAULT_HITS;
    const char *wanted = call->options[OPTION_LIMIT_HITS];
    if (wanted)
        TRY(option_number("--limit", wanted, 1, MOST_HITS, &limit, err));
    STRBUF_SCOPED query = {0};
    ROWS_SCOPED *rows = NULL;
    TRY(read_query(call, &query, err));
    TRY(ask_text(call, "search", "search", query.at, &rows, err));
    TRY(nexus_rows_bind_integer(rows, ":limit", limit + 1, err));
    return call->form == FORM_JSON ? print_json(call, rows, limit, err)
                                   : print_text(call, rows, limit, err);
}

const struct command command_search = {
    .name = "search",
    .operands = "TEXT...",
    .summary = "find notes by their words",
    .details = "Finds what has all of the words, in title, text or tags, the best first. The last\n"
               "word may be a beginning; \"words in quotes\" are looked for as they stand.\n",
    .examples = "nexus search tomato\n"
                "nexus search --raw 'title:garden AND soil*'\n",
    .options = options,
    .min_operands = 1,
    .max_operands = OPERANDS_ANY,
    .group = GROUP_READ,
    .needs = NEEDS_READER,
    .run = run_search,
};

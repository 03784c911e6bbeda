// SPDX-License-Identifier: MIT
#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/find.h"
#include "cli/json.h"
#include "cli/place.h"

enum {
    OPTION_FROM,
    OPTION_TO,
    OPTION_UNRESOLVED,
    OPTION_ORPHANS,
    OPTION_COUNT,
    OPTION_AS = OPTION_COUNT
};
static const struct option options[] = {
    [OPTION_FROM] = {"from", NULL, "only links that OBJECT has"},
    [OPTION_TO] = {"to", NULL, "only links that lead to OBJECT, a note or any other file"},
    [OPTION_UNRESOLVED] = {"unresolved", NULL, "links that lead nowhere, of OBJECT or of all"},
    [OPTION_ORPHANS] = {"orphans", NULL, "notes that no other note links to"},
    [OPTION_AS] = OPTION_AS_WHOM,
    {0},
};

/* Columns of the statements for links. */
enum { PATH, LINE, KIND, RAW, TARGET, TARGET_PATH, COLUMNS = 13 };

/** Leads into the vault, and to nothing there. */
static bool is_unresolved(struct nexus_rows *rows)
{
    return row_is_null(rows, TARGET_PATH) && !str_is(row_text(rows, KIND), "external") &&
           row_text(rows, TARGET).length;
}

static void print_link(struct output *out, struct nexus_rows *rows)
{
    bool unresolved = is_unresolved(rows);
    output_line_of(out, row_text(rows, PATH), STYLE_NAME);
    output_format(out, ":%lld: ", (long long)nexus_rows_integer(rows, LINE));
    output_line_of(out, row_text(rows, RAW), STYLE_PLAIN);
    if (unresolved)
        output_line_of(out, STR(" leads nowhere"), STYLE_WARNING);
    else if (!row_is_null(rows, TARGET_PATH)) {
        output_text(out, " -> ");
        output_line_of(out, row_text(rows, TARGET_PATH), STYLE_NAME);
    }
    output_text(out, "\n");
}

static void print_orphan(struct output *out, struct nexus_rows *rows)
{
    output_line_of(out, row_text(rows, 0), STYLE_NAME);
    output_text(out, ": ");
    output_line_of(out, row_text(rows, 2), STYLE_PLAIN);
    output_text(out, "\n");
}

/** What is asked for: statements, one behind the other, that all have the same columns. */
struct question {
    const char *statements[2]; /* NULL: no more */
    int64_t id;                /* 0: they have no parameter :id */
    const char *file;          /* NULL: they have no parameter :text */
};

static enum nexus_status start(struct invocation *call, const struct question *question, int i,
                               struct nexus_rows **ret_rows, struct nexus_error *err)
{
    const char *name = question->statements[i];
    if (question->file)
        return ask_text(call, "links", name, question->file, ret_rows, err);
    if (question->id)
        return ask_id(call, "links", name, question->id, ret_rows, err);
    return ask(call, "links", name, ret_rows, err);
}

/** The answers, to the terminal or (if `json` is not NULL) into the open array. */
static enum nexus_status print_answers(struct invocation *call, const struct question *question,
                                       struct json *json, struct nexus_error *err)
{
    enum nexus_status status = NEXUS_OK;
    for (int i = 0; i < 2 && question->statements[i] && status == NEXUS_OK; i++) {
        ROWS_SCOPED *rows = NULL;
        TRY(start(call, question, i, &rows, err));
        while (row_next(call, rows, &status, err)) {
            if (json) {
                json_begin_object(json, NULL);
                json_columns(json, rows, 0, nexus_rows_column_count(rows));
                json_end(json);
            } else if (call->options[OPTION_ORPHANS]) {
                print_orphan(&call->out, rows);
            } else {
                print_link(&call->out, rows);
            }
        }
    }
    return status;
}

static enum nexus_status print_json(struct invocation *call, const struct question *question,
                                    struct nexus_error *err)
{
    JSON_SCOPED json;
    json_init(&json, &call->out);
    json_begin_object(&json, NULL);
    json_begin_array(&json, call->options[OPTION_ORPHANS] ? "orphans" : "links");
    TRY(print_answers(call, question, &json, err));
    json_end(&json);
    json_end(&json);
    return json_finish(&json, err);
}

/** Whether the name is that of a file without an object; its path is in `path` then. */
static enum nexus_status find_attachment(struct invocation *call, const char *name,
                                         struct strbuf *path, struct nexus_error *err)
{
    READINGS_SCOPED readings = {0};
    TRY(place_read(call, name, &readings, err));
    enum nexus_status status = NEXUS_OK;
    for (int i = 0; i < readings.count && !path->length && status == NEXUS_OK; i++) {
        ROWS_SCOPED *rows = NULL;
        TRY(ask_text(call, "links", "is_attachment", strbuf_str(&readings.paths[i]).at, &rows,
                     err));
        if (row_next(call, rows, &status, err))
            strbuf_add(path, row_text(rows, 0));
    }
    return path->failed ? fail_no_memory(err) : status;
}

static enum nexus_status check_options(const struct invocation *call, struct nexus_error *err)
{
    int given = 0;
    for (int i = 0; i < OPTION_COUNT; i++)
        given += call->options[i] != NULL;
    if (given > 1)
        return fail(err, NEXUS_ERROR_ARGUMENT, "only one of the options can be given at a time");
    bool has_direction = call->options[OPTION_FROM] || call->options[OPTION_TO];
    if (has_direction && !call->operand_count)
        return fail(err, NEXUS_ERROR_ARGUMENT, "of which object? give a path, a title or an id");
    if (call->options[OPTION_ORPHANS] && call->operand_count)
        return fail(err, NEXUS_ERROR_ARGUMENT, "--orphans lists all of them and takes no object");
    return NEXUS_OK;
}

static void choose_statements(const struct invocation *call, struct question *question)
{
    const char *const *given = call->options;
    if (given[OPTION_ORPHANS])
        question->statements[0] = "orphans";
    else if (given[OPTION_UNRESOLVED])
        question->statements[0] = question->id ? "unresolved_from" : "unresolved";
    else if (question->file)
        question->statements[0] = "to_file";
    else if (!question->id)
        question->statements[0] = "all";
    else if (given[OPTION_FROM])
        question->statements[0] = "from";
    else if (given[OPTION_TO])
        question->statements[0] = "to";
    else
        *question = (struct question){.statements = {"from", "to"}, .id = question->id};
}

static enum nexus_status run_links(struct invocation *call, struct nexus_error *err)
{
    TRY(check_options(call, err));
    struct question question = {0};
    STRBUF_SCOPED file = {0};
    if (call->operand_count) {
        /* Nobody shares a file that is no object. */
        bool may_be_file = call->audience == NEXUS_OWNER && !call->options[OPTION_FROM] &&
                           !call->options[OPTION_UNRESOLVED];
        if (may_be_file)
            TRY(find_attachment(call, call->operands[0], &file, err));
        if (file.length)
            question.file = file.at;
        else
            TRY(find_object(call, call->operands[0], &question.id, err));
        if (!file.length && !question.id)
            return NEXUS_OK;
    }
    choose_statements(call, &question);
    return call->form == FORM_JSON ? print_json(call, &question, err)
                                   : print_answers(call, &question, NULL, err);
}

const struct command command_links = {
    .name = "links",
    .operands = "[OBJECT]",
    .summary = "list links: from OBJECT and to it, or all",
    .details =
        "OBJECT is an id, a uid, a path, or a title, alias or file name that only one has.\n",
    .examples = "nexus links --to projects/garden.md\n"
                "nexus links --unresolved\n"
                "nexus links --orphans\n",
    .options = options,
    .max_operands = 1,
    .group = GROUP_READ,
    .needs = NEEDS_READER,
    .run = run_links,
};

// SPDX-License-Identifier: MIT
#include "base/printable.h"
#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/find.h"
#include "cli/json.h"

static const struct option options[] = {OPTION_AS_WHOM, {0}};

/* Columns of `object`. */
enum {
    ID,
    UID,
    SCHEMA,
    PATH,
    TITLE,
    CREATED_AT,
    UPDATED_AT,
    EXPIRES_AT,
    STATE,
    SHARE_WITH_AI,
    SHARE_WITH_CLOUD,
    READ_ONLY,
    CONTENT,
    BODY_KEY,
};

enum { LABEL_COLUMNS = 10 };

static void print_label(struct output *out, struct str label)
{
    size_t width = printable_width(label);
    output_line_of(out, label, STYLE_FAINT);
    output_spaces(out, width < LABEL_COLUMNS ? LABEL_COLUMNS - width : 1);
}

static void print_field(struct output *out, const char *label, struct str value)
{
    print_label(out, str_of(label));
    output_line_of(out, value, STYLE_PLAIN);
    output_text(out, "\n");
}

static void print_sharing(struct output *out, struct nexus_rows *object)
{
    bool ai = nexus_rows_integer(object, SHARE_WITH_AI) != 0;
    bool cloud = nexus_rows_integer(object, SHARE_WITH_CLOUD) != 0;
    const char *with = ai && cloud ? "with AI and cloud" : ai ? "with AI" : "with cloud";
    print_label(out, STR("shared"));
    output_text(out, ai || cloud ? with : "with nobody");
    if ((ai || cloud) && !row_is_null(object, EXPIRES_AT)) {
        output_text(out, " until ");
        output_line_of(out, row_text(object, EXPIRES_AT), STYLE_PLAIN);
    }
    output_text(out, nexus_rows_integer(object, READ_ONLY) ? "; read-only\n" : "\n");
}

static void print_object(struct output *out, struct nexus_rows *object)
{
    bool has_title = row_text(object, TITLE).length;
    output_line_of(out, row_text(object, has_title ? TITLE : PATH), STYLE_NAME);
    output_text(out, "\n");
    print_field(out, "path", row_text(object, PATH));
    print_field(out, "schema", row_text(object, SCHEMA));
    print_field(out, "id", row_text(object, ID));
    print_field(out, "uid", row_text(object, UID));
    print_field(out, "created", row_text(object, CREATED_AT));
    print_field(out, "updated", row_text(object, UPDATED_AT));
    print_field(out, "state", row_text(object, STATE));
    print_sharing(out, object);
}

/** The texts of a statement's first column on one line, if there are any. */
static enum nexus_status print_list(struct invocation *call, int64_t id, const char *statement,
                                    struct nexus_error *err)
{
    ROWS_SCOPED *rows = NULL;
    TRY(ask_id(call, "show", statement, id, &rows, err));
    enum nexus_status status = NEXUS_OK;
    bool any = false;
    for (; row_next(call, rows, &status, err); any = true) {
        if (any)
            output_text(&call->out, ", ");
        else
            print_label(&call->out, str_of(statement));
        output_line_of(&call->out, row_text(rows, 0), STYLE_PLAIN);
    }
    output_text(&call->out, any ? "\n" : "");
    return status;
}

static enum nexus_status print_counts(struct invocation *call, int64_t id, struct nexus_error *err)
{
    ROWS_SCOPED *rows = NULL;
    TRY(ask_id(call, "show", "counts", id, &rows, err));
    TRY(row_only(rows, err));
    print_label(&call->out, STR("links"));
    output_format(&call->out, "%lld from it, %lld to it\n", (long long)nexus_rows_integer(rows, 0),
                  (long long)nexus_rows_integer(rows, 1));
    int64_t tasks = nexus_rows_integer(rows, 2);
    if (tasks) {
        print_label(&call->out, STR("tasks"));
        output_format(&call->out, "%lld, %lld open\n", (long long)tasks,
                      (long long)nexus_rows_integer(rows, 3));
    }
    return NEXUS_OK;
}

static enum nexus_status print_problems(struct invocation *call, int64_t id,
                                        struct nexus_error *err)
{
    ROWS_SCOPED *rows = NULL;
    TRY(ask_id(call, "show", "problems", id, &rows, err));
    enum nexus_status status = NEXUS_OK;
    while (row_next(call, rows, &status, err)) {
        print_label(&call->out, STR("problem"));
        output_format(&call->out, "line %lld: ", (long long)nexus_rows_integer(rows, 1));
        output_line_of(&call->out, row_text(rows, 6), STYLE_BAD);
        output_text(&call->out, "\n");
    }
    return status;
}

/** The properties, and behind them the body as it stands in the file. */
static enum nexus_status print_content(struct invocation *call, int64_t id, const char *body_key,
                                       struct nexus_error *err)
{
    STRBUF_SCOPED body = {0};
    ROWS_SCOPED *rows = NULL;
    TRY(ask_id(call, "show", "properties", id, &rows, err));
    enum nexus_status status = NEXUS_OK;
    const char *gap = "\n";
    while (row_next(call, rows, &status, err)) {
        if (str_is(row_text(rows, 0), body_key)) {
            strbuf_add(&body, row_text(rows, 1));
            continue;
        }
        output_text(&call->out, gap);
        print_label(&call->out, row_text(rows, 0));
        output_line_of(&call->out, row_text(rows, 1), STYLE_PLAIN);
        output_text(&call->out, "\n");
        gap = "";
    }
    if (body.length) {
        output_text(&call->out, "\n");
        output_lines_of(&call->out, strbuf_str(&body));
        output_text(&call->out, str_ends_with(strbuf_str(&body), STR("\n")) ? "" : "\n");
    }
    return body.failed ? fail_no_memory(err) : status;
}

static enum nexus_status print_text(struct invocation *call, int64_t id, struct nexus_rows *object,
                                    struct nexus_error *err)
{
    print_object(&call->out, object);
    TRY(print_list(call, id, "tags", err));
    TRY(print_list(call, id, "aliases", err));
    TRY(print_counts(call, id, err));
    TRY(print_problems(call, id, err));
    return print_content(call, id, row_text(object, BODY_KEY).at, err);
}

/** An array of the statement's rows: of objects, or of texts when it has one column. */
static enum nexus_status add_list(struct invocation *call, struct json *json, const char *key,
                                  const char *file, const char *statement, int64_t id,
                                  struct nexus_error *err)
{
    ROWS_SCOPED *rows = NULL;
    TRY(ask_id(call, file, statement, id, &rows, err));
    enum nexus_status status = NEXUS_OK;
    int columns = nexus_rows_column_count(rows);
    json_begin_array(json, key);
    while (row_next(call, rows, &status, err)) {
        if (columns == 1) {
            json_column(json, NULL, rows, 0);
            continue;
        }
        json_begin_object(json, NULL);
        json_columns(json, rows, 0, columns);
        json_end(json);
    }
    json_end(json);
    return status;
}

static void add_object(struct json *json, struct nexus_rows *object)
{
    json_columns(json, object, ID, SHARE_WITH_AI - ID);
    for (int i = SHARE_WITH_AI; i <= READ_ONLY; i++)
        json_boolean(json, nexus_rows_column_name(object, i), nexus_rows_integer(object, i) != 0);
    if (row_is_null(object, CONTENT))
        json_null(json, "content");
    else
        json_value(json, "content", row_text(object, CONTENT));
}

static enum nexus_status print_json(struct invocation *call, int64_t id, struct nexus_rows *object,
                                    struct nexus_error *err)
{
    JSON_SCOPED json;
    json_init(&json, &call->out);
    json_begin_object(&json, NULL);
    add_object(&json, object);
    TRY(add_list(call, &json, "tags", "show", "tags", id, err));
    TRY(add_list(call, &json, "aliases", "show", "aliases", id, err));
    TRY(add_list(call, &json, "links", "links", "from", id, err));
    TRY(add_list(call, &json, "backlinks", "links", "to", id, err));
    TRY(add_list(call, &json, "problems", "show", "problems", id, err));
    json_end(&json);
    return json_finish(&json, err);
}

static enum nexus_status run_show(struct invocation *call, struct nexus_error *err)
{
    int64_t id;
    TRY(find_object(call, call->operands[0], &id, err));
    if (!id)
        return NEXUS_OK;
    ROWS_SCOPED *object = NULL;
    TRY(ask_id(call, "show", "object", id, &object, err));
    TRY(row_only(object, err));
    return call->form == FORM_JSON ? print_json(call, id, object, err)
                                   : print_text(call, id, object, err);
}

const struct command command_show = {
    .name = "show",
    .operands = "OBJECT",
    .summary = "show a note or any other object",
    .details =
        "OBJECT is an id, a uid, a path (todos.json#1 for an item), or a title, alias or file\n"
        "name that only one object has.\n",
    .examples = "nexus show projects/garden.md\n"
                "nexus show todos.json#2\n"
                "nexus show Compost\n",
    .options = options,
    .min_operands = 1,
    .max_operands = 1,
    .group = GROUP_READ,
    .needs = NEEDS_READER,
    .run = run_show,
};

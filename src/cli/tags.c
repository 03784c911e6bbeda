// SPDX-License-Identifier: MIT
#include "base/unicode.h"
#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/json.h"

static const struct option options[] = {OPTION_AS_WHOM, {0}};

/* Columns of `tree` and of `notes`. */
enum { TAG, COUNT, TOTAL, TREE_COLUMNS };
enum { PATH, OBJECT_ID, TITLE, NOTE_COLUMNS };

static enum nexus_status print_tree(struct invocation *call, struct nexus_rows *rows,
                                    struct nexus_error *err)
{
    enum nexus_status status = NEXUS_OK;
    while (row_next(call, rows, &status, err)) {
        output_format(&call->out, "%7lld  ", (long long)nexus_rows_integer(rows, TOTAL));
        output_line_of(&call->out, row_text(rows, TAG), STYLE_NAME);
        output_text(&call->out, "\n");
    }
    return status;
}

static enum nexus_status print_notes(struct invocation *call, struct nexus_rows *rows,
                                     struct nexus_error *err)
{
    enum nexus_status status = NEXUS_OK;
    while (row_next(call, rows, &status, err)) {
        output_line_of(&call->out, row_text(rows, PATH), STYLE_NAME);
        output_text(&call->out, ": ");
        output_line_of(&call->out, row_text(rows, TITLE), STYLE_PLAIN);
        output_text(&call->out, "\n");
    }
    return status;
}

static enum nexus_status print_json(struct invocation *call, const char *key, int columns,
                                    struct nexus_rows *rows, struct nexus_error *err)
{
    enum nexus_status status = NEXUS_OK;
    JSON_SCOPED json;
    json_init(&json, &call->out);
    json_begin_object(&json, NULL);
    json_begin_array(&json, key);
    while (row_next(call, rows, &status, err)) {
        json_begin_object(&json, NULL);
        json_columns(&json, rows, 0, columns);
        json_end(&json);
    }
    json_end(&json);
    json_end(&json);
    return status == NEXUS_OK ? json_finish(&json, err) : status;
}

static enum nexus_status list_tags(struct invocation *call, struct nexus_error *err)
{
    ROWS_SCOPED *rows = NULL;
    TRY(ask(call, "tags", "tree", &rows, err));
    return call->form == FORM_JSON ? print_json(call, "tags", TREE_COLUMNS, rows, err)
                                   : print_tree(call, rows, err);
}

/** "#Project/" is the tag "project". */
static enum nexus_status fold_tag(const char *text, struct strbuf *folded, struct nexus_error *err)
{
    struct str tag = str_of(text);
    if (str_starts_with(tag, STR("#")))
        tag = str_slice(tag, 1, tag.length);
    while (str_ends_with(tag, STR("/")))
        tag.length--;
    if (!tag.length)
        return fail(err, NEXUS_ERROR_ARGUMENT, "'%s' is no tag", text);
    unicode_add_folded(folded, tag);
    return folded->failed ? fail_no_memory(err) : NEXUS_OK;
}

static enum nexus_status list_notes(struct invocation *call, struct nexus_error *err)
{
    STRBUF_SCOPED folded = {0};
    ROWS_SCOPED *rows = NULL;
    TRY(fold_tag(call->operands[0], &folded, err));
    TRY(ask_text(call, "tags", "notes", strbuf_str(&folded).at, &rows, err));
    return call->form == FORM_JSON ? print_json(call, "notes", NOTE_COLUMNS, rows, err)
                                   : print_notes(call, rows, err);
}

static enum nexus_status run_tags(struct invocation *call, struct nexus_error *err)
{
    return call->operand_count ? list_notes(call, err) : list_tags(call, err);
}

const struct command command_tags = {
    .name = "tags",
    .operands = "[TAG]",
    .summary = "list tags, or the notes below TAG",
    .details =
        "A tag counts each note that has it or a tag below it: project/garden counts for\n"
        "project, too. Case makes no difference, and a '#' in front of TAG may be left out.\n",
    .examples = "nexus tags\n"
                "nexus tags garden\n",
    .options = options,
    .max_operands = 1,
    .group = GROUP_READ,
    .needs = NEEDS_READER,
    .run = run_tags,
};

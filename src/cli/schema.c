// SPDX-License-Identifier: MIT
#include "cli/schema.h"

#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/json.h"
#include "cli/suggest.h"

static const struct option options[] = {
    [SCHEMA_OPTION_NAME] = {"name", "NAME", "with add, check: the schema's name; else the file's"},
    [SCHEMA_OPTION_DRY_RUN] = {"dry-run", NULL, "with add: say what would be, change nothing"},
    [SCHEMA_OPTION_COMPATIBLE] = {"require-compatible", NULL,
                                  "with add: refuse if a valid object would become invalid"},
    {0},
};

/* Columns of `list` and `one`. */
enum { NAME, VERSION, OBJECTS, VIEW, CREATED_AT, LIST_COLUMNS, DEFINITION = LIST_COLUMNS };

static enum nexus_status list_text(struct invocation *call, struct nexus_rows *rows,
                                   struct nexus_error *err)
{
    enum nexus_status status = NEXUS_OK;
    while (row_next(call, rows, &status, err)) {
        output_format(&call->out, "%7lld  ", (long long)nexus_rows_integer(rows, OBJECTS));
        output_line_of(&call->out, row_text(rows, NAME), STYLE_NAME);
        output_format(&call->out, "  version %lld\n", (long long)nexus_rows_integer(rows, VERSION));
    }
    return status;
}

/** The rows as an array of objects, of their first `columns` columns. */
static enum nexus_status add_rows(struct invocation *call, struct json *json, const char *key,
                                  int columns, struct nexus_rows *rows, struct nexus_error *err)
{
    enum nexus_status status = NEXUS_OK;
    json_begin_array(json, key);
    while (row_next(call, rows, &status, err)) {
        json_begin_object(json, NULL);
        json_columns(json, rows, 0, columns);
        json_end(json);
    }
    json_end(json);
    return status;
}

enum nexus_status schema_list(struct invocation *call, struct nexus_error *err)
{
    ROWS_SCOPED *rows = NULL;
    TRY(ask(call, "schema", "list", &rows, err));
    if (call->form == FORM_TEXT)
        return list_text(call, rows, err);
    JSON_SCOPED json;
    json_init(&json, &call->out);
    json_begin_object(&json, NULL);
    TRY(add_rows(call, &json, "schemas", LIST_COLUMNS, rows, err));
    json_end(&json);
    return json_finish(&json, err);
}

/** The definition as it was registered, byte for byte. */
static void show_text(struct invocation *call, struct nexus_rows *rows)
{
    struct str definition = row_text(rows, DEFINITION);
    output_data(&call->out, definition);
    if (!str_ends_with(definition, STR("\n")))
        output_text(&call->out, "\n");
}

static enum nexus_status show_json(struct invocation *call, struct nexus_rows *rows,
                                   struct nexus_error *err)
{
    ROWS_SCOPED *versions = NULL;
    JSON_SCOPED json;
    TRY(ask_text(call, "schema", "versions", row_text(rows, NAME).at, &versions, err));
    json_init(&json, &call->out);
    json_begin_object(&json, NULL);
    json_begin_object(&json, "schema");
    json_columns(&json, rows, 0, LIST_COLUMNS);
    TRY(add_rows(call, &json, "versions", 2, versions, err));
    json_value(&json, "definition", row_text(rows, DEFINITION));
    json_end(&json);
    json_end(&json);
    return json_finish(&json, err);
}

enum nexus_status schema_show(struct invocation *call, struct nexus_error *err)
{
    ROWS_SCOPED *rows = NULL;
    enum nexus_status status = NEXUS_OK;
    TRY(ask_text(call, "schema", "one", call->operands[1], &rows, err));
    if (row_next(call, rows, &status, err)) {
        if (call->form == FORM_JSON)
            return show_json(call, rows, err);
        show_text(call, rows);
        return NEXUS_OK;
    }
    if (status == NEXUS_OK) {
        output_text(&call->notes, "nexus: no schema is called '");
        output_line_of(&call->notes, str_of(call->operands[1]), STYLE_PLAIN);
        output_text(&call->notes, "' (see 'nexus schema list')\n");
        call->exit_code = EXIT_FOUND;
    }
    return status;
}

static const struct action {
    const char *name, *operand; /* NULL: it takes none */
    unsigned options;           /* one bit for each that it knows */
    command_run *run;
} actions[] = {
    {"list", NULL, 0, schema_list},
    {"show", "NAME", 0, schema_show},
    {"add", "FILE",
     1u << SCHEMA_OPTION_NAME | 1u << SCHEMA_OPTION_DRY_RUN | 1u << SCHEMA_OPTION_COMPATIBLE,
     schema_add},
    {"check", "FILE", 1u << SCHEMA_OPTION_NAME, schema_check},
    {"remove", "NAME", 0, schema_remove},
};
enum { ACTIONS = sizeof actions / sizeof actions[0] };

static enum nexus_status find_action(const char *word, const struct action **ret_action,
                                     struct nexus_error *err)
{
    struct suggestion suggestion = {.word = word};
    for (size_t i = 0; i < ACTIONS; i++) {
        if (strcmp(word, actions[i].name) == 0) {
            *ret_action = &actions[i];
            return NEXUS_OK;
        }
        suggestion_offer(&suggestion, actions[i].name);
    }
    if (suggestion.best)
        return fail(err, NEXUS_ERROR_ARGUMENT,
                    "'nexus schema' does not know '%s'; did you mean '%s'?", word, suggestion.best);
    return fail(err, NEXUS_ERROR_ARGUMENT,
                "'nexus schema' does not know '%s': it takes list, show, add, check or remove",
                word);
}

static enum nexus_status check_usage(const struct invocation *call, const struct action *action,
                                     struct nexus_error *err)
{
    for (size_t i = 0; options[i].name; i++)
        if (call->options[i] && !(action->options >> i & 1))
            return fail(err, NEXUS_ERROR_ARGUMENT, "'nexus schema %s' has no option '--%s'",
                        action->name, options[i].name);
    if (action->operand && call->operand_count < 2)
        return fail(err, NEXUS_ERROR_ARGUMENT, "'nexus schema %s' needs %s", action->name,
                    action->operand);
    int most = action->operand ? 2 : 1;
    if (call->operand_count > most)
        return fail(err, NEXUS_ERROR_ARGUMENT,
                    "'nexus schema %s' does not know what to do with '%s'", action->name,
                    call->operands[most]);
    return NEXUS_OK;
}

static enum nexus_status run_schema(struct invocation *call, struct nexus_error *err)
{
    const struct action *action = NULL;
    TRY(find_action(call->operands[0], &action, err));
    TRY(check_usage(call, action, err));
    return action->run(call, err);
}

const struct command command_schema = {
    .name = "schema",
    .operands = "list|show|add|check|remove [NAME|FILE]",
    .summary = "what kinds of objects there are, and their rules",
    .details =
        "A schema is a JSON Schema; its keyword x-nexus says which files are its own.\n"
        "  list         each schema with its objects and version\n"
        "  show NAME    the definition, as it was registered\n"
        "  add FILE     register it or a new version of it, in .nexus/schemas/; tells how many\n"
        "               objects become invalid (they keep their content) and files valid\n"
        "  check FILE   whether it is a good schema beside those that are registered\n"
        "  remove NAME  take it out again, when no object and no other schema uses it\n"
        "FILE may be '-' (stdin). Mistakes are printed as FILE:line:column: error: what is wrong,\n"
        "and the exit code is 1. So it is when --require-compatible refuses.\n",
    .examples = "nexus schema list\n"
                "nexus schema show core.todo\n"
                "nexus schema add --dry-run .nexus/schemas/plugin.journal.entry.json\n",
    .options = options,
    .min_operands = 1,
    .max_operands = 2,
    .group = GROUP_SHARE,
    .needs = NEEDS_READER,
    .run = run_schema,
};

// SPDX-License-Identifier: MIT
#include "cli/help.h"

#include "cli/commands.h"
#include "cli/json.h"
#include "cli/manual.h"
#include "cli/options.h"
#include "cli/topics.h"

enum {
    NAME_COLUMNS = 26, /* room for names before their summaries */
    USAGE_COLUMNS = 96,
    USAGE_INDENT = 7, /* "usage: " */
};

/** A name and, if it has one, its argument, in front of a summary. */
static void print_entry(struct output *out, const char *dashes, const char *name,
                        const char *argument, const char *summary)
{
    size_t width = strlen(dashes) + strlen(name) + (*argument ? strlen(argument) + 1 : 0);
    output_format(out, "  %s%s%s%s", dashes, name, *argument ? " " : "", argument);
    if (width + 2 < NAME_COLUMNS)
        output_spaces(out, NAME_COLUMNS - width);
    else
        output_format(out, "\n  %*s", NAME_COLUMNS, "");
    output_format(out, "%s\n", summary);
}

static void print_options(struct output *out, const struct option *options)
{
    for (; options && options->name; options++)
        print_entry(out, options->name[1] ? "--" : "-", options->name,
                    options->argument ? options->argument : "", options->summary);
}

const struct help_group help_groups[] = {
    {GROUP_BEGIN, "begin", "To begin"},
    {GROUP_READ, "read", "Ask and read"},
    {GROUP_WRITE, "write", "Write without SQL"},
    {GROUP_DECIDE, "decide", "Decide, and take back"},
    {GROUP_SHARE, "share", "What is shared, and what kinds of objects there are"},
    {GROUP_CARE, "care", "Look after it"},
    {GROUP_HELP, "help", "Help"},
    {0},
};

static void print_group(struct output *out, const struct help_group *group)
{
    output_begin_style(out, STYLE_NAME);
    output_format(out, "\n%s:\n", group->title);
    output_end_style(out, STYLE_NAME);
    for (const struct command *const *command = commands; *command; command++)
        if ((*command)->group == group->group)
            print_entry(out, "", (*command)->name, "", (*command)->summary);
}

void help_print_program(struct output *out)
{
    output_text(out, "usage: nexus [-C DIR] [--vault DIR] COMMAND [ARGUMENT...]\n\n"
                     "Keeps a folder of plain files and an SQLite database in step, both ways.\n");
    for (const struct help_group *group = help_groups; group->title; group++)
        print_group(out, group);
    output_begin_style(out, STYLE_NAME);
    output_text(out, "\nMore to read:\n");
    output_end_style(out, STYLE_NAME);
    for (const struct topic *topic = topics; topic->name; topic++)
        print_entry(out, "help ", topic->name, "", topic->summary);
    output_text(out, "\noptions:\n");
    print_options(out, program_options);
    output_text(
        out, "\nThe vault is looked for from the current folder upwards, then at $NEXUS_VAULT.\n"
             "Exit codes: 0 done, 1 found something, 2 used wrongly, 3 failed.\n"
             "'nexus help COMMAND' tells more, with examples. On a new folder: nexus init, then\n"
             "nexus watch.\n");
}

/** A word of the usage, on the next line when this one is full. */
static void print_usage_word(struct output *out, size_t *width, const char *word)
{
    size_t length = strlen(word) + 1;
    if (*width + length > USAGE_COLUMNS) {
        output_format(out, "\n%*s", USAGE_INDENT - 1, "");
        *width = USAGE_INDENT - 1;
    }
    output_format(out, " %s", word);
    *width += length;
}

void help_print_usage(struct output *out, const struct command *command)
{
    STRBUF_SCOPED word = {0};
    size_t width = USAGE_INDENT + strlen("nexus ") + strlen(command->name);
    output_format(out, "nexus %s", command->name);
    for (const struct option *option = command->options; option && option->name; option++) {
        strbuf_reset(&word);
        strbuf_addf(&word, "[--%s%s%s]", option->name, option->argument ? " " : "",
                    option->argument ? option->argument : "");
        print_usage_word(out, &width, word.failed ? "" : word.at);
    }
    print_usage_word(out, &width, "[--json]");
    if (*command->operands)
        print_usage_word(out, &width, command->operands);
}

static void print_command(struct output *out, const struct command *command)
{
    output_text(out, "usage: ");
    help_print_usage(out, command);
    output_format(out, "\n\n%s: %s.\n", command->name, command->summary);
    if (*command->details)
        output_format(out, "\n%s", command->details);
    output_text(out, "\noptions:\n");
    print_options(out, command->options);
    print_options(out, common_options);
    if (!command->examples)
        return;
    output_text(out, "\nexamples:\n");
    for (struct str left = str_of(command->examples); left.length;) {
        struct str line = str_slice(left, 0, str_find(left, '\n'));
        output_format(out, "  %.*s\n", STR_ARG(line));
        left = str_slice(left, line.length + 1, left.length);
    }
}

static void add_option(struct json *json, const struct option *option)
{
    json_begin_object(json, NULL);
    json_text(json, "name", str_of(option->name));
    if (option->argument)
        json_text(json, "argument", str_of(option->argument));
    else
        json_null(json, "argument");
    json_text(json, "summary", str_of(option->summary));
    json_end(json);
}

static const char *group_name(enum command_group group)
{
    const struct help_group *named = help_groups;
    while (named->title && named->group != group)
        named++;
    return named->name;
}

static void add_command(struct json *json, const struct command *command)
{
    json_begin_object(json, NULL);
    json_text(json, "name", str_of(command->name));
    json_text(json, "operands", str_of(command->operands));
    json_text(json, "summary", str_of(command->summary));
    json_text(json, "details", str_of(command->details));
    json_text(json, "group", str_of(group_name(command->group)));
    json_begin_array(json, "examples");
    for (struct str left = str_of(command->examples); left.length;) {
        struct str line = str_slice(left, 0, str_find(left, '\n'));
        json_text(json, NULL, line);
        left = str_slice(left, line.length + 1, left.length);
    }
    json_end(json);
    json_begin_array(json, "options");
    for (const struct option *option = command->options; option && option->name; option++)
        add_option(json, option);
    for (const struct option *option = common_options; option->name; option++)
        add_option(json, option);
    json_end(json);
    json_end(json);
}

static void add_topic(struct json *json, const struct topic *topic)
{
    json_begin_object(json, NULL);
    json_text(json, "name", str_of(topic->name));
    json_text(json, "summary", str_of(topic->summary));
    json_text(json, "text", topic_text(topic));
    json_end(json);
}

/** What `help` was asked for; both NULL: everything. */
struct subject {
    const struct command *command;
    const struct topic *topic;
};

static enum nexus_status print_json(struct invocation *call, struct subject only,
                                    struct nexus_error *err)
{
    bool is_all = !only.command && !only.topic;
    JSON_SCOPED json;
    json_init(&json, &call->out);
    json_begin_object(&json, NULL);
    json_begin_array(&json, "commands");
    for (const struct command *const *command = commands; *command; command++)
        if (is_all || only.command == *command)
            add_command(&json, *command);
    json_end(&json);
    json_begin_array(&json, "topics");
    for (const struct topic *topic = topics; topic->name; topic++)
        if (is_all || only.topic == topic)
            add_topic(&json, topic);
    json_end(&json);
    if (is_all) {
        json_begin_array(&json, "options");
        for (const struct option *option = program_options; option->name; option++)
            add_option(&json, option);
        json_end(&json);
    }
    json_end(&json);
    return json_finish(&json, err);
}

enum { OPTION_MAN };
static const struct option options[] = {
    [OPTION_MAN] = {"man", NULL, "print the manual page"},
    {0},
};

static enum nexus_status run_help(struct invocation *call, struct nexus_error *err)
{
    struct subject subject = {0};
    if (call->operand_count) {
        subject.command = command_find(call->operands[0]);
        subject.topic = topic_find(call->operands[0]);
        if (!subject.command && !subject.topic)
            return options_unknown_command(call->operands[0], err);
    }
    if (call->options[OPTION_MAN] && (call->operand_count || call->form == FORM_JSON))
        return fail(err, NEXUS_ERROR_ARGUMENT, "--man prints one page for all, and no JSON");
    if (call->options[OPTION_MAN])
        return manual_print(&call->out, err);
    if (call->form == FORM_JSON)
        return print_json(call, subject, err);
    if (subject.command)
        print_command(&call->out, subject.command);
    else if (subject.topic)
        output_raw(&call->out, topic_text(subject.topic));
    else
        help_print_program(&call->out);
    return NEXUS_OK;
}

const struct command command_help = {
    .name = "help",
    .operands = "[COMMAND|TOPIC]",
    .summary = "tell what a command does, or more about a topic",
    .details = "Without an operand: what there is. --man prints the manual page nexus(1), in the "
               "language of\n"
               "man(7); where Nexus is installed, 'man nexus' shows it.\n",
    .examples = "nexus help query\n"
                "nexus help sql\n",
    .options = options,
    .max_operands = 1,
    .group = GROUP_HELP,
    .needs = NEEDS_NOTHING,
    .run = run_help,
};

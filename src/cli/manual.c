// SPDX-License-Identifier: MIT
/*
 * Written with the macros of man(7) that groff and mandoc both know. Lines of a command's details
 * that begin with a blank are a table of somebody's, and stay as they are; the others are filled.
 */
#include "cli/manual.h"

#include "cli/commands.h"
#include "cli/help.h"
#include "cli/operand.h"
#include "cli/options.h"
#include "cli/topics.h"

#include <nexus/setting.h>

/** A line's text: no character of it is a request, and a dash is the one of the keyboard. */
static void print_text(struct output *out, struct str text)
{
    if (text.length && strchr(".'", text.at[0]))
        output_text(out, "\\&");
    for (size_t i = 0; i < text.length; i++)
        switch (text.at[i]) {
        case '\\': output_text(out, "\\e"); break;
        case '-': output_text(out, "\\-"); break;
        case '\'': output_text(out, "\\(aq"); break;
        case '`': output_text(out, "\\(ga"); break;
        case '^': output_text(out, "\\(ha"); break;
        case '~': output_text(out, "\\(ti"); break;
        default: output_format(out, "%c", text.at[i]);
        }
}

static void print_line(struct output *out, struct str line)
{
    print_text(out, line);
    output_text(out, "\n");
}

static void print_details(struct output *out, struct str left)
{
    bool is_table = false, is_begun = true;
    struct str line;
    while (word_take(&left, '\n', &line)) {
        bool stays = str_starts_with(line, STR(" "));
        if (is_table && !stays)
            output_text(out, ".fi\n");
        if (!is_begun && (!line.length || stays != is_table))
            output_text(out, ".PP\n");
        if (stays && !is_table)
            output_text(out, ".nf\n");
        if (line.length)
            print_line(out, line);
        is_table = stays;
        is_begun = !line.length;
    }
    if (is_table)
        output_text(out, ".fi\n");
}

static void print_options(struct output *out, const struct option *options)
{
    for (; options && options->name; options++) {
        output_text(out, ".TP\n\\fB");
        print_text(out, str_of(options->name[1] ? "--" : "-"));
        print_text(out, str_of(options->name));
        output_text(out, "\\fR");
        if (options->argument) {
            output_text(out, " \\fI");
            print_text(out, str_of(options->argument));
            output_text(out, "\\fR");
        }
        output_text(out, "\n");
        print_line(out, str_of(options->summary));
    }
}

static void print_examples(struct output *out, const char *examples)
{
    struct str left = str_of(examples), line;
    output_text(out, ".PP\nExamples:\n.PP\n.nf\n");
    while (word_take(&left, '\n', &line)) {
        output_text(out, "    ");
        print_line(out, line);
    }
    output_text(out, ".fi\n");
}

static void print_command(struct output *out, const struct command *command)
{
    output_text(out, ".SS \"nexus ");
    print_text(out, str_of(command->name));
    if (*command->operands)
        output_text(out, " ");
    print_text(out, str_of(command->operands));
    output_text(out, "\"\n");
    output_format(out, "%c", command->summary[0] - ('a' - 'A'));
    print_text(out, str_of(command->summary + 1));
    output_text(out, ".\n");
    if (*command->details) {
        output_text(out, ".PP\n");
        print_details(out, str_of(command->details));
    }
    print_options(out, command->options);
    if (command->examples)
        print_examples(out, command->examples);
}

static void print_commands(struct output *out)
{
    for (const struct help_group *group = help_groups; group->title; group++) {
        output_text(out, ".SH \"");
        print_text(out, str_of(group->title));
        output_text(out, "\"\n");
        for (const struct command *const *command = commands; *command; command++)
            if ((*command)->group == group->group)
                print_command(out, *command);
    }
}

static void print_topics(struct output *out)
{
    for (const struct topic *topic = topics; topic->name; topic++) {
        output_format(out, ".SH \"About %s\"\n", topic->name);
        print_details(out, topic_text(topic));
    }
}

static void print_setting(void *context, const struct nexus_setting *setting)
{
    struct output *out = context;
    output_format(out, ".TP\n.B %s\n", setting->name);
    print_text(out, str_of(setting->meaning));
    if (*setting->allowed) {
        output_text(out, ": ");
        print_text(out, str_of(setting->allowed));
        output_text(out, " (");
        print_text(out, str_of(setting->fallback));
        output_text(out, ")");
    }
    output_text(out, "\n");
}

static enum nexus_status print_settings(struct output *out, struct nexus_error *err)
{
    output_text(out, ".SH Settings\n"
                     "In\n.IR .nexus/config.json ,\nwith their defaults.\n");
    return nexus_list_settings(NULL, print_setting, NULL, out, err);
}

static const char front[] =
    ".SH NAME\n"
    "nexus \\- keep a folder of plain files and an SQLite database in step\n"
    ".SH SYNOPSIS\n"
    ".B nexus\n"
    "[\\fB\\-C\\fR \\fIDIR\\fR] [\\fB\\-\\-vault\\fR \\fIDIR\\fR] \\fICOMMAND\\fR "
    "[\\fIARGUMENT\\fR...]\n"
    ".SH DESCRIPTION\n"
    "A vault is a folder of Markdown notes with YAML front matter, and of JSON files.\n"
    "Nexus keeps an SQLite database of what they say in it, in\n"
    ".IR .nexus/vault.sqlite .\n"
    "What any editor saves is in the database a moment later, and what is changed with SQL,\n"
    "in the plain\n"
    ".BR sqlite3 (1)\n"
    "shell, is in the files a moment later, where only the bytes change that had to.\n"
    ".PP\n"
    "Indexing writes nothing into notes. What a person wrote is never lost: of two versions\n"
    "the loser is kept, what is deleted goes to the trash, each write can be undone.\n"
    "Nothing is shared with an AI or a cloud unless its owner said so.\n"
    ".PP\n"
    "The vault is looked for from the current folder upwards, then at\n"
    ".BR $NEXUS_VAULT .\n"
    ".SH OPTIONS\n"
    "These stand before the command:\n";

static const char behind[] = ".SH \"Exit status\"\n"
                             ".TP\n0\ndone\n"
                             ".TP\n1\nfound something: problems, conflicts, no such object\n"
                             ".TP\n2\nused wrongly\n"
                             ".TP\n3\nfailed\n"
                             ".SH Environment\n"
                             ".TP\n.B NEXUS_VAULT\nthe vault, where the current folder is in none\n"
                             ".TP\n.B NO_COLOR\nno colours, whatever the terminal can do\n"
                             ".TP\n.B XDG_RUNTIME_DIR\nwhere the daemon of a vault listens\n"
                             ".SH Files\n"
                             ".TP\n.I .nexus/vault.sqlite\nthe database\n"
                             ".TP\n.I .nexus/config.json\nthe settings\n"
                             ".TP\n.I .nexus/permissions.json\n"
                             "what is shared, for the day when the database is gone\n"
                             ".TP\n.I .nexus/schemas/\nschemas of this vault\n"
                             ".TP\n.I .nexus/conflicts/\nwhat lost a conflict\n"
                             ".TP\n.I .nexus/trash/\nwhat was deleted with SQL\n"
                             ".TP\n.I .nexus/logs/\n"
                             "what the daemon did, and who read or changed permissions\n"
                             ".TP\n.I .nexusignore\n"
                             "what to leave alone, in the language of\n.BR gitignore (5)\n"
                             ".SH \"See also\"\n"
                             ".BR sqlite3 (1),\n.BR systemd.unit (5)\n";

enum nexus_status manual_print(struct output *out, struct nexus_error *err)
{
    output_text(out, ".\\\" Made by 'nexus help --man' from the table of commands.\n"
                     ".TH NEXUS 1 \"\" \"nexus " NEXUS_VERSION "\" \"User Commands\"\n");
    output_text(out, front);
    print_options(out, program_options);
    output_text(out, ".PP\nThese every command has:\n");
    print_options(out, common_options);
    print_commands(out);
    print_topics(out);
    TRY(print_settings(out, err));
    output_text(out, behind);
    return output_finish(out, err);
}

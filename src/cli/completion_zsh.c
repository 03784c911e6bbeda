// SPDX-License-Identifier: MIT
/* The script for zsh: `_arguments` reads what the tables say. */
#include "cli/completion.h"

#include "cli/commands.h"
#include "cli/operand.h"
#include "cli/options.h"

#define MARKED "\\[]:"

static const char head[] = "#compdef nexus\n"
                           "# Zsh completion for nexus, made by 'nexus completion zsh'.\n"
                           "\n"
                           "_nexus_ask() {\n"
                           "  local -a found\n"
                           "  found=(${(f)\"$(nexus query --format list $1 2>/dev/null)\"})\n"
                           "  compadd -a found\n"
                           "}\n"
                           "\n"
                           "_nexus_ask_or_files() {\n"
                           "  _nexus_ask $1\n"
                           "  _files\n"
                           "}\n"
                           "\n";

static const char tail[] = "\n"
                           "if [ \"$funcstack[1]\" = _nexus ]; then\n"
                           "  _nexus \"$@\"\n"
                           "else\n"
                           "  compdef _nexus nexus\n"
                           "fi\n";

/** ":PLACEHOLDER:what is offered", inside of single quotes. */
static void print_action(struct output *out, struct str placeholder)
{
    struct completes completes = completes_of(placeholder);
    output_text(out, ":");
    completion_print_quoted(out, placeholder, MARKED);
    output_text(out, ":");
    if (completes.words.length) {
        output_text(out, "(");
        completion_print_words(out, completes.words);
        output_text(out, ")");
    } else if (completes.sql) {
        /* The blank keeps _arguments from putting words of its own in between. */
        output_format(out, " _nexus_ask%s \"%s\"", completes.files ? "_or_files" : "",
                      completes.sql);
    } else if (completes.files) {
        output_text(out, "_files");
    } else if (completes.folders) {
        output_text(out, "_files -/");
    }
}

static void print_options(struct output *out, const struct option *options)
{
    for (; options && options->name; options++) {
        output_format(out, " \\\n      '%s%s[", options->name[1] ? "--" : "-", options->name);
        completion_print_quoted(out, str_of(options->summary), MARKED);
        output_text(out, "]");
        if (options->argument)
            print_action(out, str_of(options->argument));
        output_text(out, "'");
    }
}

static void print_operands(struct output *out, const struct command *command)
{
    int places = operand_places(command);
    for (int i = 0; i < places; i++) {
        if (i + 1 == places && operand_repeats(command))
            output_text(out, " \\\n      '*");
        else
            output_format(out, " \\\n      '%d", i + 1);
        print_action(out, operand_at(command, i));
        output_text(out, "'");
    }
}

static void print_commands(struct output *out)
{
    output_text(out, "_nexus_commands() {\n  local -a commands\n  commands=(\n");
    for (const struct command *const *command = commands; *command; command++) {
        output_format(out, "    '%s:", (*command)->name);
        completion_print_quoted(out, str_of((*command)->summary), "\\");
        output_text(out, "'\n");
    }
    output_text(out, "  )\n  _describe command commands\n}\n\n");
}

void completion_print_zsh(struct output *out)
{
    output_text(out, head);
    print_commands(out);
    output_text(out, "_nexus() {\n"
                     "  local curcontext=$curcontext state line ret=1\n"
                     "  _arguments -C");
    print_options(out, program_options);
    output_text(out, " \\\n      '1:command:_nexus_commands' '*::operand:->operands' && ret=0\n"
                     "  [[ $state == operands ]] || return ret\n"
                     "  case $words[1] in\n");
    for (const struct command *const *command = commands; *command; command++) {
        output_format(out, "    %s) _arguments", (*command)->name);
        print_options(out, (*command)->options);
        print_options(out, common_options);
        print_operands(out, *command);
        output_text(out, " && ret=0 ;;\n");
    }
    output_text(out, "  esac\n  return ret\n}\n");
    output_text(out, tail);
}

// SPDX-License-Identifier: MIT
/* The script for fish: a line for each command, option and operand, each with its condition. */
#include "cli/completion.h"

#include "cli/commands.h"
#include "cli/operand.h"
#include "cli/options.h"

static const char conditions[] =
    "function __nexus_at --argument-names command least most\n"
    "    set -l words (__nexus_words)\n"
    "    set -l operands (math (count $words) - 1)\n"
    "    test \"$words[1]\" = \"$command\" -a \"$operands\" -ge $least -a \"$operands\" -le $most\n"
    "end\n"
    "function __nexus_ask\n"
    "    command nexus query --format list $argv[1] 2>/dev/null\n"
    "end\n"
    "complete -c nexus -f\n";

enum { MOST_OPERANDS = 999 };

static void print_quoted(struct output *out, const char *text)
{
    for (; *text; text++)
        output_format(out, *text == '\'' || *text == '\\' ? "\\%c" : "%c", *text);
}

/** What is offered in place of the word. */
static void print_offer(struct output *out, struct str placeholder)
{
    struct completes completes = completes_of(placeholder);
    if (completes.files)
        output_text(out, " -F");
    else
        output_text(out, " -f");
    if (completes.words.length) {
        output_text(out, " -a '");
        completion_print_words(out, completes.words);
        output_text(out, "'");
    } else if (completes.sql) {
        output_format(out, " -a '(__nexus_ask \"%s\")'", completes.sql);
    } else if (completes.folders) {
        output_text(out, " -a '(__fish_complete_directories)'");
    }
}

static void print_options(struct output *out, const char *condition, const char *command,
                          const struct option *options)
{
    for (; options && options->name; options++) {
        output_format(out, "complete -c nexus -n '%s%s' %s %s", condition, command,
                      options->name[1] ? "-l" : "-s", options->name);
        if (options->argument) {
            output_text(out, " -r");
            print_offer(out, str_of(options->argument));
        }
        output_text(out, " -d '");
        print_quoted(out, options->summary);
        output_text(out, "'\n");
    }
}

static void print_operands(struct output *out, const struct command *command)
{
    int places = operand_places(command);
    for (int i = 0; i < places; i++) {
        bool is_last = i + 1 == places && operand_repeats(command);
        output_format(out, "complete -c nexus -n '__nexus_at %s %d %d'", command->name, i,
                      is_last ? MOST_OPERANDS : i);
        print_offer(out, operand_at(command, i));
        output_text(out, "\n");
    }
}

static void print_takers(struct output *out, const struct option *options)
{
    for (; options && options->name; options++)
        if (options->argument)
            output_format(out, " %s%s", options->name[1] ? "--" : "-", options->name);
}

/** The command and its operands so far: what is no option and no option's argument. */
static void print_words_function(struct output *out)
{
    output_text(out, "function __nexus_words\n"
                     "    set -l skips 0\n"
                     "    set -l tokens (commandline -opc)\n"
                     "    for token in $tokens[2..]\n"
                     "        if test $skips = 1\n"
                     "            set skips 0\n"
                     "            continue\n"
                     "        end\n"
                     "        switch $token\n"
                     "            case");
    print_takers(out, program_options);
    for (const struct command *const *command = commands; *command; command++)
        print_takers(out, (*command)->options);
    output_text(out, "\n"
                     "                set skips 1\n"
                     "            case '-*'\n"
                     "            case '*'\n"
                     "                echo $token\n"
                     "        end\n"
                     "    end\n"
                     "end\n");
}

void completion_print_fish(struct output *out)
{
    output_text(out, "# Fish completion for nexus, made by 'nexus completion fish'.\n");
    print_words_function(out);
    output_text(out, conditions);
    print_options(out, "test (count (__nexus_words)) -eq 0", "", program_options);
    for (const struct command *const *command = commands; *command; command++) {
        output_format(out, "complete -c nexus -n 'test (count (__nexus_words)) -eq 0' -a %s -d '",
                      (*command)->name);
        print_quoted(out, (*command)->summary);
        output_text(out, "'\n");
        STRBUF_SCOPED condition = {0};
        strbuf_addf(&condition, "%s 0 %d", (*command)->name, MOST_OPERANDS);
        print_options(out, "__nexus_at ", strbuf_str(&condition).at, (*command)->options);
        print_options(out, "__nexus_at ", strbuf_str(&condition).at, common_options);
        print_operands(out, *command);
    }
}

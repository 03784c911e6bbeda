// SPDX-License-Identifier: MIT
/*
 * The script for bash. What the vault answers is data of somebody: it is never expanded (compgen -W
 * would), and is quoted when it goes onto the command line.
 */
#include "cli/completion.h"

#include "cli/commands.h"
#include "cli/operand.h"
#include "cli/options.h"

/* Files are left to readline (-o default): it knows how to quote them. */
static const char engine[] =
    "_nexus() {\n"
    "  local cur=${COMP_WORDS[COMP_CWORD]} word key='' command='' place=0 i\n"
    "  local words='' sql='' files='' folders='' vault=()\n"
    "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
    "    word=${COMP_WORDS[i]}\n"
    "    if [[ $word == -* ]]; then\n"
    "      __nexus_takes \"$command $word\" || continue\n"
    "      [[ ${COMP_WORDS[i + 1]} == = ]] && ((i++)) # readline makes a word of it\n"
    "      ((++i >= COMP_CWORD)) && key=$word\n"
    "      [[ -n $command ]] || vault+=(\"$word\" \"${COMP_WORDS[i]/#\\~/$HOME}\")\n"
    "    elif [[ -z $command ]]; then\n"
    "      command=$word\n"
    "    else\n"
    "      ((++place))\n"
    "    fi\n"
    "  done\n"
    "  [[ $cur == = ]] && cur=''\n"
    "  if [[ -n $key ]]; then\n"
    "    __nexus_place \"$command $key\"\n"
    "  elif [[ $cur == -* ]]; then\n"
    "    __nexus_options \"$command\"\n"
    "  elif [[ -z $command ]]; then\n"
    "    words=$__nexus_commands\n"
    "  else\n"
    "    __nexus_place \"$command $place\"\n"
    "  fi\n"
    "  COMPREPLY=()\n"
    "  words=${words// /$'\\n'}\n"
    "  [[ -n $sql ]] && words=$(command nexus \"${vault[@]}\" query --format list \"$sql\" "
    "2>/dev/null)\n"
    "  while IFS= read -r word; do\n"
    "    [[ -n $word && $word == \"$cur\"* ]] && printf -v word %q \"$word\" && "
    "COMPREPLY+=(\"$word\")\n"
    "  done <<<\"$words\"\n"
    "  [[ -n $files ]] || compopt +o default 2>/dev/null\n"
    "  [[ -z $folders ]] || compopt -o dirnames 2>/dev/null\n"
    "}\n"
    "complete -o default -F _nexus nexus\n";

static void print_option_names(struct output *out, const struct option *options)
{
    for (; options && options->name; options++)
        output_format(out, " %s%s", options->name[1] ? "--" : "-", options->name);
}

static void print_options(struct output *out)
{
    output_text(out, "__nexus_options() {\n  case $1 in\n    '') words='");
    print_option_names(out, program_options);
    output_text(out, "' ;;\n");
    for (const struct command *const *command = commands; *command; command++) {
        output_format(out, "    %s) words='", (*command)->name);
        print_option_names(out, (*command)->options);
        print_option_names(out, common_options);
        output_text(out, "' ;;\n");
    }
    output_text(out, "  esac\n}\n");
}

static void print_takers(struct output *out, const char *command, const struct option *options)
{
    for (; options && options->name; options++)
        if (options->argument)
            output_format(out, " | '%s %s%s'", command, options->name[1] ? "--" : "-",
                          options->name);
}

static void print_takes(struct output *out)
{
    output_text(out, "__nexus_takes() { # COMMAND OPTION\n  case $1 in\n    ''");
    print_takers(out, "", program_options);
    for (const struct command *const *command = commands; *command; command++)
        print_takers(out, (*command)->name, (*command)->options);
    output_text(out, ") return 0 ;;\n  esac\n  return 1\n}\n");
}

static void print_completes(struct output *out, const struct completes *completes)
{
    output_text(out, ")");
    if (completes->words.length) {
        output_text(out, " words='");
        completion_print_words(out, completes->words);
        output_text(out, "'");
    }
    if (completes->sql)
        output_format(out, " sql='%s'", completes->sql);
    if (completes->files)
        output_text(out, " files=1");
    if (completes->folders)
        output_text(out, " folders=1");
    output_text(out, " ;;\n");
}

static bool is_known(const struct completes *completes)
{
    return completes->folders || completes->files || completes->words.length || completes->sql;
}

static void print_arguments(struct output *out, const char *command, const struct option *options)
{
    for (; options && options->name; options++) {
        struct completes completes = completes_of(str_of(options->argument));
        if (!is_known(&completes))
            continue;
        output_format(out, "    '%s %s%s'", command, options->name[1] ? "--" : "-", options->name);
        print_completes(out, &completes);
    }
}

static void print_operands(struct output *out, const struct command *command)
{
    int places = operand_places(command);
    for (int i = 0; i < places; i++) {
        struct completes completes = completes_of(operand_at(command, i));
        bool is_last = i + 1 == places && operand_repeats(command);
        if (!is_known(&completes))
            continue;
        output_format(out, is_last ? "    '%s '[%d-9]*" : "    '%s %d'", command->name, i);
        print_completes(out, &completes);
    }
}

static void print_places(struct output *out)
{
    output_text(out, "__nexus_place() { # COMMAND OPTION, or COMMAND and an operand's number\n"
                     "  case $1 in\n");
    print_arguments(out, "", program_options);
    for (const struct command *const *command = commands; *command; command++) {
        print_arguments(out, (*command)->name, (*command)->options);
        print_operands(out, *command);
    }
    output_text(out, "  esac\n}\n");
}

void completion_print_bash(struct output *out)
{
    output_text(
        out, "# Bash completion for nexus, made by 'nexus completion bash'.\n__nexus_commands='");
    for (const struct command *const *command = commands; *command; command++)
        output_format(out, "%s%s", command == commands ? "" : " ", (*command)->name);
    output_text(out, "'\n");
    print_options(out);
    print_takes(out);
    print_places(out);
    output_text(out, engine);
}

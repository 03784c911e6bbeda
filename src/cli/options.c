// SPDX-License-Identifier: MIT
#include "cli/options.h"

#include "cli/commands.h"
#include "cli/suggest.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

const struct option program_options[] = {
    {"C", "DIR", "run as if started in DIR"},
    {"vault", "DIR", "the vault is DIR, or the one that DIR lies in"},
    {"help", NULL, "tell what there is"},
    {"version", NULL, "tell which Nexus this is"},
    {0},
};

const struct option common_options[] = {
    {"json", NULL, "print one JSON document"},
    {"help", NULL, "tell what the command does"},
    {0},
};

/** The arguments that are left. */
struct arguments {
    char **at;
    int count;
};

static const char *take(struct arguments *arguments)
{
    if (!arguments->count)
        return NULL;
    arguments->count--;
    return *arguments->at++;
}

static bool is_option(const char *word)
{
    return word[0] == '-' && word[1];
}

/** What stands behind the dashes, up to a '='. */
static struct str option_name(const char *word)
{
    struct str name = str_of(word + (word[1] == '-' ? 2 : 1));
    return word[1] == '-' ? str_slice(name, 0, str_find(name, '=')) : name;
}

/** `-x` is the option of that letter, and `-h` is short for --help; longer names have two dashes.
 */
static const struct option *find_option(const struct option *table, const char *word)
{
    if (strcmp(word, "-h") == 0)
        word = "--help";
    bool is_letter = word[1] != '-';
    for (; table->name; table++)
        if (str_is(option_name(word), table->name) && is_letter == !table->name[1])
            return table;
    return NULL;
}

/** Its argument from behind the '=' or from the next word; "" when it takes none. */
static enum nexus_status read_argument(const struct option *option, const char *word,
                                       struct arguments *arguments, const char **ret_argument,
                                       struct nexus_error *err)
{
    const char *equals = word[1] == '-' ? strchr(word, '=') : NULL;
    if (!option->argument && equals)
        return fail(err, NEXUS_ERROR_ARGUMENT, "'--%s' takes no argument", option->name);
    const char *argument = !option->argument ? "" : equals ? equals + 1 : take(arguments);
    if (!argument)
        return fail(err, NEXUS_ERROR_ARGUMENT, "'%s' needs %s behind it", word, option->argument);
    *ret_argument = argument;
    return NEXUS_OK;
}

static void offer_options(struct suggestion *suggestion, const struct option *table)
{
    for (; table && table->name; table++)
        if (table->name[1])
            suggestion_offer(suggestion, table->name);
}

static enum nexus_status unknown_option(const struct command *command, const char *word,
                                        struct nexus_error *err)
{
    if (command && find_option(program_options, word))
        return fail(err, NEXUS_ERROR_ARGUMENT, "'%s' stands before the command: nexus %s DIR %s",
                    word, word, command->name);
    if (!command && find_option(common_options, word))
        return fail(err, NEXUS_ERROR_ARGUMENT, "'%s' stands behind the command", word);
    char name[64];
    snprintf(name, sizeof name, "%.*s", STR_ARG(option_name(word)));
    struct suggestion suggestion = {.word = name};
    offer_options(&suggestion, command ? command->options : program_options);
    offer_options(&suggestion, command ? common_options : NULL);
    if (suggestion.best)
        return fail(err, NEXUS_ERROR_ARGUMENT, "unknown option '%s'; did you mean '--%s'?", word,
                    suggestion.best);
    return fail(err, NEXUS_ERROR_ARGUMENT, "unknown option '%s'", word);
}

enum nexus_status options_unknown_command(const char *word, struct nexus_error *err)
{
    const char *nearest = command_nearest(word);
    if (nearest)
        return fail(err, NEXUS_ERROR_ARGUMENT, "unknown command '%s'; did you mean '%s'?", word,
                    nearest);
    return fail(err, NEXUS_ERROR_ARGUMENT, "unknown command '%s'", word);
}

static enum nexus_status change_folder(const char *dir, struct nexus_error *err)
{
    if (chdir(dir) != 0)
        return fail_errno(err, errno, "cannot enter the folder '%s'", dir);
    return NEXUS_OK;
}

/** The options in front of the command. `call->command` is set if one of them is a command. */
static enum nexus_status read_program_options(struct invocation *call, struct arguments *arguments,
                                              struct nexus_error *err)
{
    while (arguments->count && is_option(*arguments->at)) {
        const char *word = take(arguments), *argument;
        const struct option *option = find_option(program_options, word);
        if (!option)
            return unknown_option(NULL, word, err);
        TRY(read_argument(option, word, arguments, &argument, err));
        if (strcmp(option->name, "C") == 0)
            TRY(change_folder(argument, err));
        else if (strcmp(option->name, "vault") == 0)
            call->vault_option = argument;
        else
            call->command = command_find(option->name); /* --help and --version */
    }
    return NEXUS_OK;
}

/** `nexus COMMAND --help` is `nexus help COMMAND`. */
static void turn_into_help(struct invocation *call)
{
    call->operands[0] = call->command->name;
    call->operand_count = 1;
    call->command = command_find("help");
    memset(call->options, 0, sizeof call->options);
}

static enum nexus_status read_option(struct invocation *call, const char *word,
                                     struct arguments *arguments, bool *ret_help,
                                     struct nexus_error *err)
{
    const struct option *own = call->command->options, *common = NULL;
    const struct option *option = own ? find_option(own, word) : NULL;
    if (!option)
        option = common = find_option(common_options, word);
    if (!option)
        return unknown_option(call->command, word, err);
    const char *argument;
    TRY(read_argument(option, word, arguments, &argument, err));
    if (!common)
        call->options[option - own] = argument;
    else if (strcmp(option->name, "json") == 0)
        call->form = FORM_JSON;
    else
        *ret_help = true;
    return NEXUS_OK;
}

static enum nexus_status check_operands(const struct invocation *call, struct nexus_error *err)
{
    const struct command *command = call->command;
    if (call->operand_count < command->min_operands)
        return fail(err, NEXUS_ERROR_ARGUMENT, "'nexus %s' needs %s", command->name,
                    command->operands);
    if (call->operand_count <= command->max_operands)
        return NEXUS_OK;
    return fail(err, NEXUS_ERROR_ARGUMENT, "'nexus %s' does not know what to do with '%s'",
                command->name, call->operands[command->max_operands]);
}

static enum nexus_status read_command(struct invocation *call, struct arguments *arguments,
                                      struct nexus_error *err)
{
    bool wants_help = false, options_ended = false;
    while (arguments->count) {
        const char *word = take(arguments);
        if (!options_ended && strcmp(word, "--") == 0)
            options_ended = true;
        else if (!options_ended && is_option(word))
            TRY(read_option(call, word, arguments, &wants_help, err));
        else
            call->operands[call->operand_count++] = word;
    }
    if (wants_help)
        turn_into_help(call);
    return check_operands(call, err);
}

enum nexus_status options_read(struct invocation *call, int argc, char **argv,
                               struct nexus_error *err)
{
    struct arguments arguments = {argv + (argc > 0), argc - (argc > 0)};
    TRY(read_program_options(call, &arguments, err));
    if (!call->command && !arguments.count)
        return NEXUS_OK;
    call->operands = calloc((size_t)arguments.count + 1, sizeof *call->operands);
    if (!call->operands)
        return fail_no_memory(err);
    if (!call->command) {
        const char *word = take(&arguments);
        call->command = command_find(word);
        if (!call->command)
            return options_unknown_command(word, err);
    }
    return read_command(call, &arguments, err);
}

enum nexus_status option_number(const char *name, const char *text, int64_t least, int64_t most,
                                int64_t *ret_number, struct nexus_error *err)
{
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno || end == text || *end || number < least || number > most)
        return fail(err, NEXUS_ERROR_ARGUMENT, "%s must be a number from %lld to %lld, not '%s'",
                    name, (long long)least, (long long)most, text);
    *ret_number = number;
    return NEXUS_OK;
}

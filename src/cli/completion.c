// SPDX-License-Identifier: MIT
#include "cli/completion.h"

#include "cli/commands.h"
#include "cli/json.h"
#include "cli/operand.h"

#include <stdlib.h>

static const struct shell {
    const char *name;
    void (*print)(struct output *out);
} shells[] = {
    {"bash", completion_print_bash},
    {"zsh", completion_print_zsh},
    {"fish", completion_print_fish},
};
enum { SHELLS = sizeof shells / sizeof shells[0] };

void completion_print_quoted(struct output *out, struct str text, const char *marked)
{
    for (size_t i = 0; i < text.length; i++) {
        char c = text.at[i];
        if (c == '\'')
            output_text(out, "'\\''");
        else if (strchr(marked, c))
            output_format(out, "\\%c", c);
        else
            output_format(out, "%c", c);
    }
}

void completion_print_words(struct output *out, struct str words)
{
    struct str word;
    for (const char *before = ""; word_take(&words, '|', &word); before = " ")
        output_format(out, "%s%.*s", before, STR_ARG(word));
}

/** A script is small: it is made in memory and goes into the document as one text. */
static enum nexus_status print_json(struct invocation *call, const struct shell *shell,
                                    struct nexus_error *err)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    if (!stream)
        return fail_no_memory(err);
    struct output script;
    output_init(&script, stream);
    shell->print(&script);
    enum nexus_status status = output_finish(&script, err);
    fclose(stream);
    if (status == NEXUS_OK) {
        JSON_SCOPED json;
        json_init(&json, &call->out);
        json_begin_object(&json, NULL);
        json_text(&json, "shell", str_of(shell->name));
        json_text(&json, "script", (struct str){text, length});
        json_end(&json);
        status = json_finish(&json, err);
    }
    free(text);
    return status;
}

static enum nexus_status run_completion(struct invocation *call, struct nexus_error *err)
{
    for (int i = 0; i < SHELLS; i++) {
        if (strcmp(call->operands[0], shells[i].name) != 0)
            continue;
        if (call->form == FORM_JSON)
            return print_json(call, &shells[i], err);
        shells[i].print(&call->out);
        return NEXUS_OK;
    }
    return fail(err, NEXUS_ERROR_ARGUMENT, "the shell is bash, zsh or fish, not '%s'",
                call->operands[0]);
}

const struct command command_completion = {
    .name = "completion",
    .operands = "bash|zsh|fish",
    .summary = "print what makes a shell complete commands and options",
    .details =
        "The script is sourced by the shell, best from its startup file. Nexus as a package\n"
        "brings all three to where the shells look.\n",
    .examples = "nexus completion bash > nexus.bash  # source it in ~/.bashrc\n"
                "nexus completion zsh > _nexus  # into a folder of $fpath\n"
                "nexus completion fish > nexus.fish  # into ~/.config/fish/completions/\n",
    .min_operands = 1,
    .max_operands = 1,
    .group = GROUP_HELP,
    .needs = NEEDS_NOTHING,
    .run = run_completion,
};

// SPDX-License-Identifier: MIT
#include "cli/operand.h"

#include "cli/commands.h"
#include "cli/topics.h"

#include <nexus/setting.h>

enum { NAMES_SIZE = 512 };

#define ASK(column, table) "SELECT DISTINCT " column " FROM " table " ORDER BY 1"

static const struct {
    const char *placeholder;
    struct completes completes;
} known[] = {
    {"DIR", {.folders = true}},
    {"PATH", {.files = true}},
    {"FILE", {.files = true}},
    {"OBJECT", {.files = true}},
    {"SCHEMA", {.sql = ASK("schema_name", "schemas")}},
    {"NAME", {.sql = ASK("schema_name", "schemas")}},
    {"NAME|FILE", {.files = true, .sql = ASK("schema_name", "schemas")}},
    {"TAG", {.sql = ASK("tag", "tags")}},
    {"ID", {.sql = "SELECT id FROM conflicts WHERE settled_at IS NULL"}},
    {"DAY", {.words = {"today|week|overdue", sizeof "today|week|overdue" - 1}}},
};

/** Appends to names that have '|' between them, as far as there is room. */
static void add_name(char *names, const char *name)
{
    size_t length = strlen(names);
    snprintf(names + length, NAMES_SIZE - length, "%s%s", length ? "|" : "", name);
}

static void add_setting(void *names, const struct nexus_setting *setting)
{
    if (setting->fallback)
        add_name(names, setting->name);
}

static struct str subject_names(void)
{
    static char names[NAMES_SIZE];
    names[0] = '\0';
    for (const struct command *const *command = commands; *command; command++)
        add_name(names, (*command)->name);
    for (const struct topic *topic = topics; topic->name; topic++)
        add_name(names, topic->name);
    return str_of(names);
}

static struct str setting_names(void)
{
    static char names[NAMES_SIZE];
    names[0] = '\0';
    nexus_list_settings(NULL, add_setting, NULL, names, NULL);
    return str_of(names);
}

struct completes completes_of(struct str placeholder)
{
    if (str_is(placeholder, "KEY"))
        return (struct completes){.words = setting_names()};
    if (str_is(placeholder, "COMMAND|TOPIC"))
        return (struct completes){.words = subject_names()};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (str_is(placeholder, known[i].placeholder))
            return known[i].completes;
    bool is_choice = str_find(placeholder, '|') != STR_NONE && placeholder.at[0] >= 'a';
    return (struct completes){.words = is_choice ? placeholder : STR("")};
}

bool word_take(struct str *left, char separator, struct str *ret_word)
{
    if (!left->length)
        return false;
    *ret_word = str_slice(*left, 0, str_find(*left, separator));
    *left = str_slice(*left, ret_word->length + 1, left->length);
    return true;
}

static struct str without_marks(struct str word)
{
    if (str_starts_with(word, STR("[")))
        word = str_slice(word, 1, word.length);
    while (str_ends_with(word, STR("]")))
        word.length--;
    if (str_ends_with(word, STR("...")))
        word.length -= strlen("...");
    return word;
}

struct str operand_at(const struct command *command, int index)
{
    struct str left = str_of(command->operands), word = STR("");
    for (int i = 0; i <= index; i++)
        if (!word_take(&left, ' ', &word))
            return operand_repeats(command) ? without_marks(word) : STR("");
    return without_marks(word);
}

int operand_places(const struct command *command)
{
    struct str left = str_of(command->operands), word;
    int places = 0;
    while (word_take(&left, ' ', &word))
        places++;
    return places;
}

bool operand_repeats(const struct command *command)
{
    return command->max_operands == OPERANDS_ANY;
}

// SPDX-License-Identifier: MIT
#include "cli/commands.h"
#include "cli/edit.h"
#include "cli/find.h"

/** What is to be changed. */
struct setting {
    int64_t id;
    const struct assignments *assignments;
};

static enum nexus_status change(struct nexus_vault *vault, void *context,
                                struct nexus_edit *ret_edit, struct nexus_error *err)
{
    const struct setting *setting = context;
    const struct assignments *assignments = setting->assignments;
    return nexus_object_set(vault, setting->id, assignments->path, assignments->values,
                            assignments->count, ret_edit, err);
}

static enum nexus_status run_set(struct invocation *call, struct nexus_error *err)
{
    ASSIGNMENTS_SCOPED assignments = {0};
    struct setting setting = {.assignments = &assignments};
    TRY(assignments_read(call->operands + 1, call->operand_count - 1, &assignments, err));
    TRY(find_object(call, call->operands[0], &setting.id, err));
    if (!setting.id)
        return NEXUS_OK;
    struct edit_words words = {NULL, call->operands[0], "changed"};
    return edit_run(call, change, &setting, &words, err);
}

const struct command command_set = {
    .name = "set",
    .operands = "OBJECT PROPERTY=VALUE...",
    .summary = "change properties of an object, in its file",
    .details =
        "OBJECT is an id, a path (todos.json#1 for an item), or a title that only one has.\n"
        "  property=value   a number, true, false, null, or JSON in [], {} or \"\" is taken as\n"
        "                   such, unless the schema wants a text; anything else is a text\n"
        "  property=        the empty text\n"
        "  property!        the property goes\n"
        "  _path=PATH       the file moves there\n"
        "The body of a note is the property that its schema names, 'content' for most. Nothing\n"
        "else in the file changes. What the schema does not accept is refused: exit code 1.\n",
    .examples = "nexus set todos.json#2 completed=true\n"
                "nexus set notes/Compost.md tags!  # the property goes\n"
                "nexus set notes/Compost.md _path=projects/Compost.md  # the file moves\n",
    .min_operands = 2,
    .max_operands = OPERANDS_ANY,
    .group = GROUP_WRITE,
    .needs = NEEDS_READER,
    .run = run_set,
};

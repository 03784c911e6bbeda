// SPDX-License-Identifier: MIT
#include "cli/commands.h"
#include "cli/edit.h"

/** What is to be made. */
struct making {
    const char *schema;
    const struct assignments *assignments;
};

static enum nexus_status make(struct nexus_vault *vault, void *context, struct nexus_edit *ret_edit,
                              struct nexus_error *err)
{
    const struct making *making = context;
    const struct assignments *assignments = making->assignments;
    return nexus_object_create(vault, making->schema, assignments->path, assignments->values,
                               assignments->count, ret_edit, err);
}

static enum nexus_status run_new(struct invocation *call, struct nexus_error *err)
{
    ASSIGNMENTS_SCOPED assignments = {0};
    TRY(assignments_read(call->operands + 1, call->operand_count - 1, &assignments, err));
    struct making making = {call->operands[0], &assignments};
    struct edit_words words = {assignments.path, NULL, "made"};
    return edit_run(call, make, &making, &words, err);
}

const struct command command_new = {
    .name = "new",
    .operands = "SCHEMA [PROPERTY=VALUE...]",
    .summary = "make an object, and its file",
    .details =
        "The file's name comes from the schema, unless _path=PATH says it. An item of a list\n"
        "that is given no key gets the next number. Values are as for 'nexus set'.\n",
    .examples = "nexus new core.note title='Shopping list' content='- [ ] bread'\n"
                "nexus new core.todo text='Water the seedlings' priority=high\n",
    .min_operands = 1,
    .max_operands = OPERANDS_ANY,
    .group = GROUP_WRITE,
    .needs = NEEDS_READER,
    .run = run_new,
};

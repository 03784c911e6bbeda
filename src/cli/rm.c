// SPDX-License-Identifier: MIT
#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/edit.h"
#include "cli/find.h"

static enum nexus_status discard_object(struct nexus_vault *vault, void *context,
                                        struct nexus_edit *ret_edit, struct nexus_error *err)
{
    const int64_t *id = context;
    return nexus_object_remove(vault, *id, ret_edit, err);
}

/** What it is called, and whether it is an item of a file that stays. */
static enum nexus_status describe(struct invocation *call, int64_t id, struct strbuf *path,
                                  bool *ret_item, struct nexus_error *err)
{
    ROWS_SCOPED *rows = NULL;
    TRY(ask_id(call, "edit", "place", id, &rows, err));
    TRY(row_only(rows, err));
    strbuf_add(path, row_text(rows, 0));
    *ret_item = nexus_rows_integer(rows, 1) != 0;
    return path->failed ? fail_no_memory(err) : NEXUS_OK;
}

static enum nexus_status run_rm(struct invocation *call, struct nexus_error *err)
{
    STRBUF_SCOPED path = {0};
    int64_t id;
    bool is_item;
    TRY(find_object(call, call->operands[0], &id, err));
    if (!id)
        return NEXUS_OK;
    TRY(describe(call, id, &path, &is_item, err));
    struct edit_words words = {
        .path = path.length ? path.at : NULL,
        .name = call->operands[0],
        .done = is_item ? "removed from its file ('nexus undo' brings it back)"
                        : "moved to .nexus/trash ('nexus undo' brings it back)",
    };
    return edit_run(call, discard_object, &id, &words, err);
}

const struct command command_rm = {
    .name = "rm",
    .operands = "OBJECT",
    .summary = "remove an object: its file goes to the trash",
    .details = "OBJECT is named as for 'nexus show'. The file of a note goes to .nexus/trash; an\n"
               "item of a list goes out of its file, which stays.\n",
    .examples = "nexus rm todos.json#4\n",
    .min_operands = 1,
    .max_operands = 1,
    .group = GROUP_WRITE,
    .needs = NEEDS_READER,
    .run = run_rm,
};

// SPDX-License-Identifier: MIT
#include "model/change.h"
#include "model/file.h"

const char *file_state_name(enum file_state state)
{
    static const char *const names[] = {
        [FILE_SYNCED] = "synced",     [FILE_PENDING] = "pending", [FILE_INVALID] = "invalid",
        [FILE_CONFLICT] = "conflict", [FILE_IGNORED] = "ignored", [FILE_UNREADABLE] = "unreadable",
    };
    return names[state];
}

enum file_state file_state_of(struct str name)
{
    for (size_t state = 0; state < FILE_STATE_COUNT; state++)
        if (str_is(name, file_state_name((enum file_state)state)))
            return (enum file_state)state;
    return FILE_PENDING;
}

const char *change_op_name(enum change_op op)
{
    static const char *const names[] = {
        [CHANGE_CREATE] = "create",         [CHANGE_UPDATE] = "update",
        [CHANGE_DELETE] = "delete",         [CHANGE_MOVE] = "move",
        [CHANGE_PERMISSION] = "permission", [CHANGE_SCHEMA] = "schema",
        [CHANGE_RECOVERY] = "recovery",
    };
    return names[op];
}

const char *change_origin_name(enum change_origin origin)
{
    static const char *const names[] = {
        [ORIGIN_FILE] = "file",
        [ORIGIN_SQL] = "sql",
        [ORIGIN_API] = "api",
        [ORIGIN_NEXUS] = "nexus",
    };
    return names[origin];
}

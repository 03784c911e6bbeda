// SPDX-License-Identifier: MIT
#include "writeback/move.h"

#include "base/folder.h"
#include "writeback/replacement.h"

#include <errno.h>
#include <unistd.h>

static enum nexus_status rename_it(const struct replacer *replacer, int folder_fd, const char *name,
                                   const char *to, size_t *ret_there, struct nexus_error *err)
{
    FD_SCOPED target = -1;
    const char *target_name;
    TRY(folder_make(replacer->root_fd, to, &target, &target_name, ret_there, err));
    int reason = file_rename_to_free(folder_fd, name, target, target_name);
    if (reason) {
        folder_unmake(replacer->root_fd, to, *ret_there);
        return fail_errno(err, reason, "cannot move a file to '%s'", to);
    }
    if (replacer->durability != REPLACE_FULL)
        return NEXUS_OK;
    TRY(folder_sync(folder_fd, to, err));
    TRY(folder_sync(target, to, err));
    if (*ret_there < strlen(to) && syncfs(replacer->root_fd) != 0)
        return fail_errno(err, errno, "cannot write the folders of '%s' to the disk", to);
    return NEXUS_OK;
}

enum nexus_status move_file(struct replacer *replacer, const char *from, const char *to,
                            const struct hash *expected, size_t *ret_there, struct nexus_error *err)
{
    FD_SCOPED folder = -1;
    const char *name;
    size_t there = 0;
    TRY(folder_open(replacer->root_fd, from, &folder, &name, err));
    if (expected)
        TRY(held_expect(replacer, folder, name, from, expected, NULL, err));
    TRY(rename_it(replacer, folder, name, to, &there, err));
    if (ret_there)
        *ret_there = there;
    return NEXUS_OK;
}

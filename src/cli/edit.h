// SPDX-License-Identifier: MIT
/*
 * What `new`, `set` and `rm` share: the words that say what a property is to be, the way of a
 * change from the database into the file, and telling what came of it.
 */
#ifndef CLI_EDIT_H
#define CLI_EDIT_H

#include "cli/command.h"

#include <nexus/edit.h>

/** The words `property=value` and `property!` (it goes), and `_path=PATH`, where the file is to be.
 */
struct assignments {
    struct nexus_value *values;
    size_t count;
    const char *path; /* NULL: not said */
    char *texts;      /* what the names point into */
};
enum nexus_status assignments_read(const char *const *words, int count,
                                   struct assignments *assignments, struct nexus_error *err);
void assignments_finish(struct assignments *assignments);
#define ASSIGNMENTS_SCOPED __attribute__((cleanup(assignments_finish))) struct assignments

/** Writes one change. */
typedef enum nexus_status edit_act(struct nexus_vault *vault, void *context,
                                   struct nexus_edit *ret_edit, struct nexus_error *err);

/** How the change is told. */
struct edit_words {
    const char *path; /* of the object before; NULL: it has none */
    const char *name; /* in messages, where it has no path; NULL: it needs none */
    const char *done; /* what to say of a success, such as "made" */
};

/** Syncs, so that what the files say is known; writes; syncs, so that they say it; and tells what
 * came of it. Sets the exit code. */
enum nexus_status edit_run(struct invocation *call, edit_act *act, void *context,
                           const struct edit_words *words, struct nexus_error *err);

#endif

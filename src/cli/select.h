// SPDX-License-Identifier: MIT
/* Many objects at once: by what they are named, or by what they have in common. */
#ifndef CLI_SELECT_H
#define CLI_SELECT_H

#include "cli/command.h"

/** What objects have in common: all that is given must hold. NULL: not given. */
struct selection {
    const char *where; /* a condition in SQL on the columns of `objects` */
    const char *path;  /* a pattern */
    const char *tag;   /* it, or one below it */
    const char *schema;
};

struct object_ids {
    int64_t *at;
    size_t count, capacity;
};
void object_ids_finish(struct object_ids *ids);
#define OBJECT_IDS_SCOPED __attribute__((cleanup(object_ids_finish))) struct object_ids

bool selection_is_empty(const struct selection *selection);
enum nexus_status select_objects(struct invocation *call, const struct selection *selection,
                                 struct object_ids *ids, struct nexus_error *err);
/** Those that the operands name. When one names none, it is told and `call->exit_code` says so. */
enum nexus_status select_named(struct invocation *call, struct object_ids *ids,
                               struct nexus_error *err);

#endif

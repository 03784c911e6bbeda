// SPDX-License-Identifier: MIT
/* What was changed with SQL and no file says yet, and what each file would become. */
#ifndef NEXUS_PENDING_H
#define NEXUS_PENDING_H

#include "nexus/vault.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum nexus_pending_state {
    NEXUS_PENDING_WAITING, /* it is carried out with the next sync */
    NEXUS_PENDING_HELD,    /* it waits for NEXUS_REQUEST_APPLY or DISCARD */
};

enum nexus_pending_change {
    NEXUS_PENDING_NOTHING, /* the file stays as it is */
    NEXUS_PENDING_CREATE,
    NEXUS_PENDING_UPDATE,
    NEXUS_PENDING_DELETE,
};

/** Texts are borrowed for the call; they may hold any bytes, `path` and `moved_from` no NUL. */
struct nexus_pending_file {
    const char *path;       /* after the change; "" while it is not known */
    const char *moved_from; /* NULL: it is not moved */
    enum nexus_pending_state state;
    enum nexus_pending_change change;
    uint64_t rows;      /* that were changed */
    uint64_t refused;   /* of these: will be taken back … */
    uint64_t conflicts; /* … and are changed in the file as well */
    const char
        *reason; /* why the first of the refused will be, or why it cannot be told; or NULL */
    const char *before, *after; /* the file's bytes; NULL: there is none, or it does not matter */
    size_t before_length, after_length;
};
typedef void nexus_pending_listener(void *context, const struct nexus_pending_file *file);

/** Tells of each file that has changes. Changes nothing. */
NEXUS_API enum nexus_status nexus_list_pending(struct nexus_vault *vault,
                                               nexus_pending_listener *listener, void *context,
                                               struct nexus_error *err);

/** How many files have changes, of each state; cheap. */
struct nexus_pending_counts {
    uint64_t held, waiting;
};
NEXUS_API enum nexus_status nexus_count_pending(struct nexus_vault *vault,
                                                struct nexus_pending_counts *ret_counts,
                                                struct nexus_error *err);

#ifdef __cplusplus
}
#endif
#endif

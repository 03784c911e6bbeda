// SPDX-License-Identifier: MIT
/*
 * Translates the kernel's events: folders' go to the tree, files' to what is pending, renames of
 * files are put together from their two halves.
 */
#ifndef WATCH_HINTS_H
#define WATCH_HINTS_H

#include "watch/backend.h"
#include "watch/root.h"
#include "watch/tree.h"

enum { HINT_HALVES = 16 }; /* the other half is the next event or, rarely, the one after it */

struct hints {
    struct tree *tree; /* borrowed, and so are the next two */
    struct pending *pending;
    const struct root *root;
    struct {
        uint32_t cookie;
        struct strbuf path;
    } halves[HINT_HALVES]; /* renames away of which the second half has not come */
    unsigned next_half;
    bool is_deaf; /* the vault's folder is away */

    /* For whoever asks between two calls: */
    bool overflowed;   /* events were lost */
    bool root_suspect; /* look whether the vault's folder is still there */
    bool database;     /* something was written beside or into the database */
};

void hints_finish(struct hints *hints);
void hints_take(struct hints *hints, const struct backend_event *event, int64_t now_ns);

#endif

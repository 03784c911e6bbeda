// SPDX-License-Identifier: MIT
/*
 * Whether the vault's own folder is where it should be. It may be moved away, deleted, or hidden by
 * a mount; its disk may be gone. Told by a watch on the folder above, and by the kernel's notice
 * that the mounts of this process have changed.
 */
#ifndef WATCH_ROOT_H
#define WATCH_ROOT_H

#include "base/error.h"
#include "base/str.h"

enum root_state { ROOT_PRESENT, ROOT_GONE, ROOT_REPLACED };

struct root {
    int fd; /* borrowed */
    char *abs_path;
    int parent_wd; /* -1: the folder above may not be watched */
    int mounts_fd; /* poll for POLLPRI; -1: there is none */
};

/** The fields after `fd` are filled. NEXUS_ERROR_ARGUMENT when the path does not lead to `fd`. */
enum nexus_status root_open(struct root *root, const char *abs_path, struct nexus_error *err);
void root_close(struct root *root);

enum root_state root_look(const struct root *root);
/** Watches the folder above (again). */
void root_watch_parent(struct root *root);
/** Whether an event in the folder above is about the vault. */
bool root_is_named(const struct root *root, struct str name);

#endif

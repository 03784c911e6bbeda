// SPDX-License-Identifier: MIT
/* What a file has beside its bytes: who owns it, who may do what, and extended attributes. */
#ifndef WRITEBACK_METADATA_H
#define WRITEBACK_METADATA_H

#include "base/error.h"

/** Gives `to_fd` the owner, group, extended attributes (access control lists are among them) and at
 * last the mode of `from_fd`. What the system gives each file itself (security.*) is left where it
 * cannot be set. `path` is for messages. NEXUS_ERROR_PERMISSION when the owner cannot be kept. */
enum nexus_status metadata_copy(int from_fd, int to_fd, const char *path, struct nexus_error *err);

#endif

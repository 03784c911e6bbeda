// SPDX-License-Identifier: MIT
/* Which of a few files in one folder were written or replaced: for whoever waits for nothing else.
 */
#ifndef WATCH_NOTICE_H
#define WATCH_NOTICE_H

#include "base/error.h"

#include <stdbool.h>

/** `*ret_fd` is readable when something happened in the folder; the caller closes it. */
enum nexus_status notice_open(const char *abs_folder, int *ret_fd, struct nexus_error *err);

enum notice {
    NOTICE_WRITTEN = 1,  /* a file whose name begins with `name` was written to */
    NOTICE_REPLACED = 2, /* `name` itself is another file now, or gone */
};
/** What has happened since the last call, an or of them; what was lost by the kernel is both. */
unsigned notice_take(int fd, const char *name);

#endif

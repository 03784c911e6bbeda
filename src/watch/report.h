// SPDX-License-Identifier: MIT
/* What the system does not allow or cannot do, and sentences about it. */
#ifndef WATCH_REPORT_H
#define WATCH_REPORT_H

#include "base/strbuf.h"

/** Folders are not watched; with the command that raises the limit. */
void report_watch_limit(struct strbuf *out, size_t unwatched, int64_t poll_s);

/** Whether others may change files there without the kernel noticing: NFS, SMB, FUSE, 9P. */
bool report_is_remote(int folder_fd);
void report_remote(struct strbuf *out, int64_t poll_s);

#endif

// SPDX-License-Identifier: MIT
/*
 * Looking at a file that others may be writing, and reading it so that what was read is one whole
 * version.
 *
 * Whether a writer has a file open is asked with a lease (base/lease.h).
 */
#ifndef WATCH_SETTLE_H
#define WATCH_SETTLE_H

#include "base/strbuf.h"
#include "watch/judge.h"

/** What is at `path` below the folder; nothing is read. `has_backup` is the caller's. */
struct look settle_look(int root_fd, const char *path);

/** Whether anything but a folder is there. */
bool settle_exists(int root_fd, const char *path);

struct settled {
    struct fingerprint print;
    bool is_racy; /* the next change may leave the same fingerprint: compare the hash then */
};

enum settle_mode {
    SETTLE_QUIET, /* only while no writer has it open */
    SETTLE_OPEN,  /* writers do not matter: it was told of as still open */
};

/** Reads the file whole. NEXUS_ERROR_BUSY when a writer has it open, NEXUS_ERROR_CHANGED when it
 * changed or was replaced meanwhile: give the path back with watcher_nominate(). Else as
 * file_read_beneath(). */
enum nexus_status settle_read(int root_fd, const char *path, enum settle_mode mode,
                              int64_t limit_bytes, struct strbuf *bytes,
                              struct settled *ret_settled, struct nexus_error *err);

#endif

// SPDX-License-Identifier: MIT
/*
 * What the watcher is interested in: everything that no rule leaves alone, and a few paths that
 * rules do leave alone but Nexus reads: its own settings, schemas and rules.
 */
#ifndef WATCH_SCOPE_H
#define WATCH_SCOPE_H

#include "watch/ignore.h"

struct scope {
    const struct ignore *ignore;
    const char *const
        *also;            /* ends with NULL; NULL: none. "a/b/" stands for the files right in it */
    const char *database; /* such as ".nexus/vault.sqlite"; NULL: none */
};

/** Whether a file's events count, or a folder is watched. */
bool scope_has(const struct scope *scope, struct str path, enum entry_kind kind);

/** Whether the path is the database or one of the files that SQLite keeps beside it. */
bool scope_is_database(const struct scope *scope, struct str path);

#endif

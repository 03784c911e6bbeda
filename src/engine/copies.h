// SPDX-License-Identifier: MIT
/* The version that lost a conflict, as a file below `.nexus/conflicts/`, where a person finds it.
 */
#ifndef ENGINE_COPIES_H
#define ENGINE_COPIES_H

#include "base/error.h"
#include "base/strbuf.h"
#include "engine/engine.h"

/** Writes the copy, "notes/a (conflict 2026-01-15 103000).md", with a number behind it where that
 * is taken. `key`: of the item that it is about, "todos-17 (conflict 2026-01-15 103000).json"; `at`
 * NULL: of the whole file. `ret_path` is relative to the vault's root. On the disk when the call
 * returns. */
enum nexus_status copy_keep(int nexus_fd, struct str path, struct str key, struct str bytes,
                            int64_t now_ns, struct strbuf *ret_path, struct nexus_error *err);

/** What was displaced and turned out to be a save of somebody: kept as a copy, and listed as a
 * conflict that the file has won. No transaction must be open. */
enum nexus_status copy_keep_save(struct engine *engine, struct str path, struct str bytes,
                                 struct nexus_error *err);

#endif

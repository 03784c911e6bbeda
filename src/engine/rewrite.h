// SPDX-License-Identifier: MIT
/* A file gets other bytes as a whole, or goes: what undo and resolve do. History has what was
 * there, so each of them can be undone. */
#ifndef ENGINE_REWRITE_H
#define ENGINE_REWRITE_H

#include "engine/engine.h"
#include "nexus/vault.h"

struct rewrite {
    struct str path;
    struct str moved_from;       /* not empty: it only gets its former path back */
    struct str bytes;            /* `at` NULL: the file is to go */
    const struct hash *expected; /* what should be there; another version is kept as a conflict;
                                    NULL: whatever is there */
    int64_t batch;               /* in history */
    int64_t undoes;
};

/** Several in one go, of different files. `reasons`, one each, say why one cannot be, or nothing.
 * No transaction must be open. */
enum nexus_status rewrite_files(struct engine *engine, const struct rewrite *rewrites, size_t count,
                                struct nexus_sync_report *report, struct nexus_error *reasons,
                                struct nexus_error *err);

/** NEXUS_ERROR_REFUSED with a sentence when it cannot be. */
enum nexus_status rewrite_file(struct engine *engine, const struct rewrite *rewrite,
                               struct nexus_sync_report *report, struct nexus_error *err);

/** The object is to say `content_json`, and nothing else in its file changes. */
enum nexus_status rewrite_object(struct engine *engine, int64_t object_id, struct str content_json,
                                 int64_t batch, struct nexus_sync_report *report,
                                 struct nexus_error *err);

/** The same with what the object said in other bytes of its file. */
enum nexus_status rewrite_object_from(struct engine *engine, int64_t object_id, struct str path,
                                      struct str bytes, int64_t batch,
                                      struct nexus_sync_report *report, struct nexus_error *err);

#endif

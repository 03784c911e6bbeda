// SPDX-License-Identifier: MIT
/*
 * What somebody did to the rows of `schemas` with SQL since Nexus registered them. A row is a wish:
 * it counts once it was judged and put (store_schema_put), or it is taken back.
 */
#ifndef STORE_SCHEMA_EDITS_H
#define STORE_SCHEMA_EDITS_H

#include "store/schemas.h"

enum store_schema_edit_kind {
    SCHEMA_EDIT_INSERTED,
    SCHEMA_EDIT_CHANGED, /* the definition or the version */
    SCHEMA_EDIT_RENAMED,
    SCHEMA_EDIT_DELETED,
};

struct store_schema_edit {
    enum store_schema_edit_kind kind;
    int64_t id;
    struct str name;            /* that is registered; of an inserted row: its own */
    struct str definition_json; /* as the row has it; empty for a deleted one */
};

/** All of them, copied into the arena. */
enum nexus_status store_schema_edits(struct store *store, struct arena *arena,
                                     struct store_schema_edit **ret_edits, size_t *ret_count,
                                     struct nexus_error *err);

/** Makes the row what was registered; an inserted one is deleted, unless objects use it already. */
enum nexus_status store_schema_restore(struct store *store, const struct store_schema_edit *edit,
                                       struct nexus_error *err);

/** Keeps in `history` what was taken back. */
enum nexus_status store_schema_refused(struct store *store, struct str path, struct str definition,
                                       struct nexus_error *err);

#endif

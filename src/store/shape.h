// SPDX-License-Identifier: MIT
/* Private to this folder: what typed views and their triggers are to be. */
#ifndef STORE_SHAPE_H
#define STORE_SHAPE_H

#include "store/internal.h"

struct expected_shape {
    const char *type; /* "view" or "trigger", static */
    char *name, *sql; /* sqlite3_free() */
};

/** Appends the text of a view or trigger, if there is one of the name. */
enum nexus_status shape_find(struct store *store, const char *type, const char *name,
                             struct strbuf *sql, bool *ret_found, struct nexus_error *err);

/** A typed view or a trigger of one is to be so: store_repair() holds it to that. A view first, its
 *  triggers after it. `type` is static. */
enum nexus_status shape_expect(struct store *store, const char *type, const char *name,
                               const char *sql, struct nexus_error *err);
bool shape_is_expected(const struct store *store, const char *type, const char *name);
/** A typed view is no more, nor its triggers. */
void shape_forget(struct store *store, const char *view);
/** What the transaction told may be wrong: nothing is expected until it is told again. */
void shape_rolled_back(struct store *store);
void shape_finish(struct store *store);

#endif

// SPDX-License-Identifier: MIT
/*
 * The registry's rows, and one typed view for each schema.
 *
 * `core.todo` is the view core_todo: _id, _path, _created_at, _updated_at, then the schema's
 * properties in their order. Booleans are 0/1, numbers are numbers, arrays and objects JSON text,
 * an absent property is NULL.
 */
#ifndef STORE_SCHEMAS_H
#define STORE_SCHEMAS_H

#include "model/binding.h"
#include "store/store.h"

struct store_schema {
    int64_t id;
    struct str name, definition_json;
    int64_t version;
};

/** All registered schemas by name, copied into the arena: what Nexus registered, even where a row
 * was edited since (schema_edits.h). */
enum nexus_status store_schemas_list(struct store *store, struct arena *arena,
                                     struct store_schema **ret_schemas, size_t *ret_count,
                                     struct nexus_error *err);

/** Registers a schema or a new version of it, keeps the version in schema_history, tells it in the
 *  feed, and makes its view and indexes as store_view_refresh() does. The same definition again
 *  changes nothing. The version is the one that the binding names, if that is above the last, else
 *  the last and one. NEXUS_ERROR_INVALID: nothing was written, the transaction may go on. */
enum nexus_status store_schema_put(struct store *store, struct str name, struct str definition_json,
                                   const struct binding *binding, int64_t *ret_id,
                                   struct nexus_error *err);

/** The same for a definition that means what the registered one does, in other words: it takes its
 * place without a new version. */
enum nexus_status store_schema_reword(struct store *store, struct str name,
                                      struct str definition_json, const struct binding *binding,
                                      int64_t *ret_id, struct nexus_error *err);

/** Whether store_schema_put() would take it. */
enum nexus_status store_schema_check(struct store *store, struct str name,
                                     const struct binding *binding, struct nexus_error *err);

/** NEXUS_ERROR_REFUSED while there are objects of that schema. */
enum nexus_status store_schema_delete(struct store *store, int64_t id, struct nexus_error *err);

/** Makes the view and indexes of a schema what its binding says; writes nothing when they are so.
 *  NEXUS_ERROR_INVALID, with a sentence, for a name that another schema's view or a table of ours
 *  has, columns that differ in case alone, names that begin with sqlite_ or nx_, too many columns.
 */
enum nexus_status store_view_refresh(struct store *store, int64_t schema_id,
                                     const struct binding *binding, struct nexus_error *err);

/** What store_repair() holds the schema's view and its triggers to. Registering tells it, too; this
 * is for those that are registered already. Reads and writes nothing. */
enum nexus_status store_view_expect(struct store *store, int64_t schema_id, struct str schema_name,
                                    const struct binding *binding, struct nexus_error *err);

#endif

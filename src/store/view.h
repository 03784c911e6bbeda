// SPDX-License-Identifier: MIT
/* Private to this folder: the SQL of typed views, and of the indexes on properties. */
#ifndef STORE_VIEW_H
#define STORE_VIEW_H

#include "store/internal.h"
#include "store/schemas.h"

/** Whether the schema can have its view: NEXUS_ERROR_INVALID with a sentence. Writes nothing. */
enum nexus_status view_check(struct store *store, struct str schema_name,
                             const struct binding *binding, struct nexus_error *err);

/** The view's name: dots and dashes become underscores. NULL when memory is out; sqlite3_free(). */
char *view_name(struct str schema_name);

/** The view's whole CREATE statement. NULL when memory is out; sqlite3_free(). */
char *view_definition(int64_t schema_id, struct str schema_name, const struct binding *binding);

/** Whether a JSON path of SQLite can name the property: JSON writes its name as it is. */
bool property_has_path(struct str property);

/** The index on a property: its name, and its CREATE statement. NULL when memory is out. */
char *property_index_name(struct str property);
char *property_index_definition(struct str property);

#endif

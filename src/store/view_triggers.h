// SPDX-License-Identifier: MIT
/* Private to this folder: what makes a typed view writable. */
#ifndef STORE_VIEW_TRIGGERS_H
#define STORE_VIEW_TRIGGERS_H

#include "store/internal.h"
#include "store/schemas.h"

enum view_verb { VIEW_INSERT, VIEW_UPDATE, VIEW_DELETE };
enum { VIEW_VERB_COUNT = VIEW_DELETE + 1 };

/** The trigger's name. NULL when memory is out; sqlite3_free(). */
char *view_trigger_name(enum view_verb verb, const char *view);

/** The trigger's whole CREATE statement: one that only refuses, where the schema is too wide for
 *  more. NULL when memory is out; sqlite3_free(). */
char *view_trigger_definition(enum view_verb verb, int64_t schema_id, struct str schema_name,
                              const struct binding *binding);

#endif

// SPDX-License-Identifier: MIT
/* Private to view_triggers.c: a typed view as its triggers see it, and what they refuse at once. */
#ifndef STORE_VIEW_CHECKS_H
#define STORE_VIEW_CHECKS_H

#include "store/view_triggers.h"

struct view_column {
    const struct binding_column *binding;
    enum view_verb verb;
    unsigned types;              /* of enum column_type, also those that the choices tell; 0: any */
    bool is_text;                /* nothing but text: a number becomes one */
    bool is_fresh_key;           /* in an INSERT: found where nobody gives it */
    bool is_settable;            /* a JSON path leads to it */
    char *new_value, *old_value; /* as SQL: new."column" */
};

struct view {
    enum view_verb verb;
    int64_t schema_id;
    struct str schema_name;
    char *name;
    char *not_an_object, *too_wide;         /* refusals */
    struct view_column *columns, *settable; /* all of them, and those that a path leads to */
    size_t column_count, settable_count;
};

/** False when memory is out. To be closed either way. */
bool view_open(struct view *view, enum view_verb verb, int64_t schema_id, struct str schema_name,
               const struct binding *binding);
void view_close(struct view *view);

/** Appends the statement that refuses what can be told at once, with the sentence of the first
 *  finding. */
void view_add_checks(sqlite3_str *sql, const struct view *view);

#endif

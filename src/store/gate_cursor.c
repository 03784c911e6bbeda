// SPDX-License-Identifier: MIT
/* Reading a table of the gate: the rows of a statement on the inner connection. */
#include "store/gate_internal.h"

#include <stdlib.h>

enum { FEW = 2, FEWER = 8 }; /* the n-th part of what is shared */

static struct gate_table *table_of(const struct gate_cursor *cursor)
{
    return (struct gate_table *)cursor->base.pVtab;
}

int gate_cursor_open(sqlite3_vtab *base, sqlite3_vtab_cursor **ret_cursor)
{
    const struct gate_table *table = (const struct gate_table *)base;
    struct gate *gate = table->gate;
    struct gate_cursor *cursor =
        calloc(1, sizeof *cursor + (size_t)table->column_count * sizeof cursor->places[0]);
    if (!cursor)
        return SQLITE_NOMEM;
    cursor->name = ++gate->cursor_count;
    cursor->next = gate->cursors;
    gate->cursors = cursor;
    *ret_cursor = &cursor->base;
    return SQLITE_OK;
}

static void forget_plan(struct gate_cursor *cursor)
{
    for (int i = 0; table_of(cursor)->is_search && i < GATE_PLAN_LIMIT; i++) {
        sqlite3_value_free(cursor->arguments[i]);
        cursor->arguments[i] = NULL;
    }
    cursor->has_row = cursor->is_rest = cursor->is_bare = false;
    cursor->number = 0;
}

int gate_cursor_close(sqlite3_vtab_cursor *base)
{
    struct gate_cursor *cursor = (struct gate_cursor *)base;
    struct gate_cursor **place = &table_of(cursor)->gate->cursors;
    while (*place != cursor)
        place = &(*place)->next;
    *place = cursor->next;
    forget_plan(cursor);
    sqlite3_finalize(cursor->statement);
    sqlite3_free(cursor->plan);
    free(cursor);
    return SQLITE_OK;
}

/** SQLite's own words where they are about the reader's search expression; all else is not theirs.
 */
static int fail_cursor(struct gate_cursor *cursor, int code)
{
    sqlite3_vtab *base = cursor->base.pVtab;
    bool is_about_search = (code & 0xFF) == SQLITE_ERROR && gate_has_match(cursor->codes);
    sqlite3_free(base->zErrMsg);
    base->zErrMsg =
        sqlite3_mprintf("%s", is_about_search ? sqlite3_errmsg(table_of(cursor)->gate->inner)
                                              : sqlite3_errstr(code));
    cursor->has_row = false;
    return code;
}

/** FTS5 takes "*reads" for a question about itself. */
static int refuse_special(struct gate_cursor *cursor, sqlite3_value *value)
{
    const char *text = (const char *)sqlite3_value_text(value);
    while (text && *text == ' ')
        text++;
    if (!text || *text != '*')
        return SQLITE_OK;
    sqlite3_free(cursor->base.pVtab->zErrMsg);
    cursor->base.pVtab->zErrMsg = sqlite3_mprintf("unknown special query: %s", text + 1);
    return SQLITE_ERROR;
}

static int bind(struct gate_cursor *cursor, int count, sqlite3_value **values)
{
    for (int i = 0; i < count; i++) {
        bool is_match = gate_is_match(cursor->codes[i]);
        if (is_match && refuse_special(cursor, values[i]) != SQLITE_OK)
            return SQLITE_ERROR;
        if (table_of(cursor)->is_search && !(cursor->arguments[i] = sqlite3_value_dup(values[i])))
            return SQLITE_NOMEM;
        /* A rank's value is no parameter: gate_bind_weights() reads it. */
        if (is_match && sqlite3_bind_value(cursor->statement, FIRST_PARAMETER + i, values[i]))
            return SQLITE_NOMEM;
    }
    if (gate_is_match_of_one(cursor) && sqlite3_bind_int64(cursor->statement, 1, cursor->one))
        return SQLITE_NOMEM;
    return gate_has_match(cursor->codes) ? gate_bind_weights(cursor) : SQLITE_OK;
}

/** Whether the statement has given the one row of the object that is wanted, and waits for the next
 * object: so it need not start again. */
static bool is_waiting(const struct gate_cursor *cursor)
{
    return cursor->is_wanted && *cursor->codes && table_of(cursor)->is_object;
}

static int take_row(struct gate_cursor *cursor)
{
    int code = sqlite3_step(cursor->statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return fail_cursor(cursor, code);
    cursor->has_row = code == SQLITE_ROW;
    cursor->number++;
    return SQLITE_OK;
}

static int advance(struct gate_cursor *cursor)
{
    if (cursor->is_bare)
        cursor->has_row = ++cursor->id < cursor->end;
    else if (is_waiting(cursor))
        cursor->has_row = false;
    else
        return take_row(cursor);
    return SQLITE_OK;
}

/** Goes through the rows that are left; the last one stands for them. */
static int weigh_rest(struct gate_cursor *cursor)
{
    int64_t count = 0;
    int code = SQLITE_OK;
    for (; code == SQLITE_OK && cursor->has_row; count++)
        code = advance(cursor);
    if (code != SQLITE_OK)
        return code;
    table_of(cursor)->gate->tally->weight = count;
    cursor->is_rest = cursor->has_row = true;
    return SQLITE_OK;
}

/** The row that stood for the rest was the last one. */
static int end_rest(struct gate_cursor *cursor)
{
    table_of(cursor)->gate->tally->weight = 1;
    cursor->is_rest = cursor->has_row = false;
    return SQLITE_OK;
}

int gate_cursor_next(sqlite3_vtab_cursor *base)
{
    struct gate_cursor *cursor = (struct gate_cursor *)base;
    if (cursor->is_rest)
        return end_rest(cursor);
    int code = advance(cursor);
    if (code == SQLITE_OK && cursor->has_row && gate_may_weigh(table_of(cursor)->gate))
        code = weigh_rest(cursor);
    return code;
}

/** Whether the value is an id as SQLite compares it with one: 7, 7.0 and '7' are. */
static bool id_of(sqlite3_value *value, int64_t *ret_id)
{
    int type = sqlite3_value_numeric_type(value);
    *ret_id = sqlite3_value_int64(value);
    return type == SQLITE_INTEGER ||
           (type == SQLITE_FLOAT && (double)*ret_id == sqlite3_value_double(value));
}

/** Finds the object that is asked for, and whether it may be seen. */
static int find_object(struct gate_cursor *cursor, char plan_code, sqlite3_value *value,
                       bool *ret_allowed)
{
    struct gate *gate = table_of(cursor)->gate;
    int code = SQLITE_OK;
    bool is_id = true;
    if (plan_code == PLAN_ID)
        is_id = id_of(value, &cursor->one);
    else
        code = gate_find_path(gate, value, &cursor->one);
    if (code == SQLITE_OK)
        code = gate_allows(gate, cursor->one, ret_allowed);
    *ret_allowed &= is_id;
    return code;
}

static int start_bare(struct gate_cursor *cursor, const char *object_code)
{
    struct gate *gate = table_of(cursor)->gate;
    int code = object_code ? SQLITE_OK : gate_learn_shared(gate);
    if (code != SQLITE_OK)
        return fail_cursor(cursor, code);
    cursor->is_bare = true;
    cursor->id = object_code ? &cursor->one : gate->shared.ids;
    cursor->end = cursor->id + (object_code ? 1 : gate->shared.count);
    cursor->has_row = cursor->id < cursor->end;
    return SQLITE_OK;
}

/** Makes the statement of the plan, unless it is there: about what is wanted or about all, and
 * asking for those of its words. */
static int hold_statement(struct gate_cursor *cursor, const char *plan, bool is_wanted,
                          unsigned words)
{
    if (cursor->plan && (strcmp(cursor->plan, plan) != 0 || cursor->is_wanted != is_wanted ||
                         cursor->words != words)) {
        sqlite3_finalize(cursor->statement);
        sqlite3_free(cursor->plan);
        cursor->statement = NULL;
        cursor->plan = NULL;
    }
    cursor->is_wanted = is_wanted;
    cursor->words = words;
    if (!is_waiting(cursor))
        sqlite3_reset(cursor->statement);
    return cursor->statement ? SQLITE_OK : gate_cursor_prepare(cursor, plan);
}

/** The words that can be asked for in SQL: bits. */
static unsigned words_of(const char *said, sqlite3_value **values)
{
    unsigned words = 0;
    for (unsigned i = 0; *said; i++) {
        char *end, code = said[1];
        bool is_pattern = code == WORD_LIKE || code == WORD_GLOB;
        if (is_pattern || (code != WORD_RTRIM && gate_is_word(values[i])))
            words |= 1U << i;
        strtol(said + 2, &end, 10);
        said = end;
    }
    return words;
}

/** Finds the objects by the word that the fewest have. */
static int find_by_words(const struct gate_table *table, const char *said, sqlite3_value **values,
                         struct gate_findings *ret_findings, bool *ret_known)
{
    *ret_known = false;
    for (int i = 0; *said; i++) {
        char *end, word_code = said[1];
        struct gate_findings findings;
        bool is_known = false;
        int column = (int)strtol(said + 2, &end, 10), code = SQLITE_OK;
        said = end;
        if (word_code != WORD_LIKE && word_code != WORD_GLOB)
            code = gate_look_up(table, column, values[i], &findings, &is_known);
        if (code != SQLITE_OK)
            return code;
        if (is_known && (!*ret_known || findings.count < ret_findings->count))
            *ret_findings = findings;
        *ret_known |= is_known;
    }
    return SQLITE_OK;
}

/** Goes through the objects that have the word; through all when they are not known, or so many
 * that it takes longer to go from one to the other, or when there is an index and few ranges. */
static int start_words(struct gate_cursor *cursor, const char *plan, int count,
                       sqlite3_value **values)
{
    const struct gate_table *table = table_of(cursor);
    const struct gate *gate = table->gate;
    const char *said = plan + 1 + strcspn(plan + 1, " ");
    struct gate_findings found = {0};
    bool is_known = false;
    unsigned words = words_of(said, values);
    int code = gate_learn_shared(table->gate);
    bool is_quick =
        gate_has_index(table, said, words) && gate->range_count <= gate->shared.count / FEWER;
    if (code == SQLITE_OK && !is_quick)
        code = find_by_words(table, said, values, &found, &is_known);
    is_known &= found.count <= gate->shared.count / FEW;
    cursor->wanted = (struct gate_wanted){found.at, found.at + found.count};
    if (code == SQLITE_OK)
        code = hold_statement(cursor, plan, is_known, words);
    for (int i = 0; i < count && code == SQLITE_OK; i++)
        if (words >> i & 1U)
            code = sqlite3_bind_value(cursor->statement, FIRST_PARAMETER + i, values[i]);
    return code == SQLITE_OK ? take_row(cursor) : fail_cursor(cursor, code);
}

int gate_cursor_filter(sqlite3_vtab_cursor *base, int number, const char *plan, int count,
                       sqlite3_value **values)
{
    struct gate_cursor *cursor = (struct gate_cursor *)base;
    const char *object_code = gate_object_code(plan);
    bool is_allowed = true;
    int code = SQLITE_OK;
    forget_plan(cursor);
    if (object_code)
        code = find_object(cursor, *object_code, values[object_code - plan], &is_allowed);
    if (code != SQLITE_OK)
        return fail_cursor(cursor, code);
    if (!is_allowed)
        return SQLITE_OK;
    if (number == PLAN_BARE)
        return start_bare(cursor, object_code);
    if (number == PLAN_WORDS)
        return start_words(cursor, plan, count, values);
    cursor->only.id = cursor->one;
    cursor->wanted = (struct gate_wanted){&cursor->only, &cursor->only + 1};
    code = hold_statement(cursor, plan, object_code && !gate_has_match(plan), 0);
    if (code != SQLITE_OK)
        return fail_cursor(cursor, code);
    code = bind(cursor, count, values);
    return code == SQLITE_OK ? take_row(cursor) : code;
}

int64_t gate_cursor_object(const struct gate_cursor *cursor)
{
    return sqlite3_column_int64(cursor->statement, 0);
}

int gate_cursor_eof(sqlite3_vtab_cursor *base)
{
    return !((const struct gate_cursor *)base)->has_row;
}

/** Hands a value on. sqlite3_result_value() takes new memory for each text, and so does SQLite for
 * the NUL behind one that comes without; this is copied, with its NUL, to where the last one was.
 */
static void hand_on(sqlite3_context *context, sqlite3_value *value)
{
    const char *text = NULL;
    if (sqlite3_value_type(value) == SQLITE_TEXT)
        text = (const char *)sqlite3_value_text(value);
    if (text && strlen(text) == (size_t)sqlite3_value_bytes(value))
        sqlite3_result_text(context, text, -1, SQLITE_TRANSIENT);
    else
        sqlite3_result_value(context, value);
}

int gate_cursor_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
    const struct gate_cursor *cursor = (const struct gate_cursor *)base;
    /* How snippet(search, …) finds the row that it is about. */
    if (table_of(cursor)->is_search && column == SEARCH_SELF)
        sqlite3_result_int64(context, cursor->name);
    else if (cursor->is_bare && column == table_of(cursor)->id_column)
        sqlite3_result_int64(context, *cursor->id);
    else if (!cursor->is_bare && cursor->places[column])
        hand_on(context, sqlite3_column_value(cursor->statement, cursor->places[column]));
    return SQLITE_OK;
}

int gate_cursor_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *ret_rowid)
{
    const struct gate_cursor *cursor = (const struct gate_cursor *)base;
    const struct gate_table *table = table_of(cursor);
    if (cursor->is_bare)
        *ret_rowid = *cursor->id;
    else
        *ret_rowid = table->has_id_as_rowid ? gate_cursor_object(cursor) : cursor->number;
    return SQLITE_OK;
}

// SPDX-License-Identifier: MIT
/* Reading a table of the gate: a statement on the inner connection, in which all that the foreign
 * statement says are the values of parameters. */
#include "store/gate_internal.h"

#include <stdlib.h>

static struct gate_table *table_of(const struct gate_cursor *cursor)
{
    return (struct gate_table *)cursor->base.pVtab;
}

int gate_cursor_open(sqlite3_vtab *base, sqlite3_vtab_cursor **ret_cursor)
{
    struct gate *gate = ((struct gate_table *)base)->gate;
    struct gate_cursor *cursor = calloc(1, sizeof *cursor);
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
    for (int i = 0; i < GATE_PLAN_LIMIT; i++) {
        sqlite3_value_free(cursor->arguments[i]);
        cursor->arguments[i] = NULL;
    }
    cursor->has_row = false;
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

void gate_add_conditions(struct strbuf *sql, const char *codes)
{
    static const char *const columns[SEARCH_COLUMNS] = {"path", "title", "body", "tags"};
    for (int i = 0; codes[i]; i++) {
        if (codes[i] == PLAN_ID)
            strbuf_addf(sql, " AND s.id = ?%d", i + 1);
        else if (codes[i] == PLAN_PATH)
            strbuf_addf(sql, " AND s.path = ?%d", i + 1);
        else if (codes[i] == PLAN_MATCH)
            strbuf_addf(sql, " AND search MATCH ?%d", i + 1);
        else if (codes[i] >= PLAN_COLUMN && codes[i] < PLAN_COLUMN + SEARCH_COLUMNS)
            strbuf_addf(sql, " AND search.%s MATCH ?%d", columns[codes[i] - PLAN_COLUMN], i + 1);
    }
}

static void add_name(struct strbuf *sql, const char *name)
{
    strbuf_add_char(sql, '"');
    for (; *name; name++)
        strbuf_add_text(sql, *name == '"' ? "\"\"" : (char[]){*name, 0});
    strbuf_add_char(sql, '"');
}

static bool has_match(const char *codes)
{
    for (; *codes; codes++)
        if (*codes == PLAN_MATCH || (*codes >= PLAN_COLUMN && *codes < 'a'))
            return true;
    return false;
}

/** The columns that the foreign statement looks at, and NULL for the others, which then cost
 * nothing. In SQLite's mask the last bit stands for all columns from there on. */
static void add_columns(struct strbuf *sql, const struct gate_table *table,
                        unsigned long long is_used)
{
    for (int i = 0; i <= table->column_count; i++) {
        strbuf_add_text(sql, i ? ", " : "SELECT ");
        if (i == table->column_count || is_used >> (i < 63 ? i : 63) & 1)
            add_name(sql, table->columns[i]);
        else
            strbuf_add_text(sql, "NULL");
    }
}

static int prepare(struct gate_cursor *cursor, const char *plan)
{
    struct gate_table *table = table_of(cursor);
    size_t length = strcspn(plan, " ");
    memcpy(cursor->codes, plan, length);
    cursor->codes[length] = '\0';
    STRBUF_SCOPED sql = {0};
    add_columns(&sql, table, strtoull(plan + length, NULL, 16));
    strbuf_add_text(&sql, " FROM (");
    if (has_match(cursor->codes))
        strbuf_add(&sql, gate_statement("search_match"));
    else
        strbuf_add_text(&sql, table->statement);
    gate_add_conditions(&sql, cursor->codes);
    strbuf_add_char(&sql, ')');
    cursor->plan = sqlite3_mprintf("%s", plan);
    if (sql.failed || !cursor->plan)
        return SQLITE_NOMEM;
    return sqlite3_prepare_v2(table->gate->inner, sql.at, (int)sql.length, &cursor->statement,
                              NULL);
}

/** SQLite's own words where they are about the reader's search expression; all else is not theirs.
 */
static int fail_cursor(struct gate_cursor *cursor, int code)
{
    sqlite3_vtab *base = cursor->base.pVtab;
    bool is_about_search = (code & 0xFF) == SQLITE_ERROR && has_match(cursor->codes);
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
        char code = cursor->codes[i];
        if (code != PLAN_ID && code != PLAN_PATH && code != PLAN_RANK &&
            refuse_special(cursor, values[i]) != SQLITE_OK)
            return SQLITE_ERROR;
        cursor->arguments[i] = sqlite3_value_dup(values[i]);
        if (!cursor->arguments[i])
            return SQLITE_NOMEM;
        /* A rank's value is no parameter: gate_bind_weights() reads it. */
        if (code != PLAN_RANK && sqlite3_bind_value(cursor->statement, i + 1, values[i]))
            return SQLITE_NOMEM;
    }
    return has_match(cursor->codes) ? gate_bind_weights(cursor) : SQLITE_OK;
}

int gate_cursor_next(sqlite3_vtab_cursor *base)
{
    struct gate_cursor *cursor = (struct gate_cursor *)base;
    int code = sqlite3_step(cursor->statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return fail_cursor(cursor, code);
    cursor->has_row = code == SQLITE_ROW;
    cursor->number++;
    return SQLITE_OK;
}

int gate_cursor_filter(sqlite3_vtab_cursor *base, int number, const char *plan, int count,
                       sqlite3_value **values)
{
    (void)number;
    struct gate_cursor *cursor = (struct gate_cursor *)base;
    int code = SQLITE_OK;
    forget_plan(cursor);
    cursor->number = 0;
    if (cursor->plan && strcmp(cursor->plan, plan) != 0) {
        sqlite3_finalize(cursor->statement);
        sqlite3_free(cursor->plan);
        cursor->statement = NULL;
        cursor->plan = NULL;
    }
    if (cursor->statement)
        sqlite3_reset(cursor->statement);
    else
        code = prepare(cursor, plan);
    if (code != SQLITE_OK)
        return fail_cursor(cursor, code);
    code = bind(cursor, count, values);
    return code == SQLITE_OK ? gate_cursor_next(base) : code;
}

int gate_cursor_eof(sqlite3_vtab_cursor *base)
{
    return !((const struct gate_cursor *)base)->has_row;
}

int gate_cursor_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
    const struct gate_cursor *cursor = (const struct gate_cursor *)base;
    /* How snippet(search, …) finds the row that it is about. */
    if (table_of(cursor)->is_search && column == SEARCH_SELF)
        sqlite3_result_int64(context, cursor->name);
    else
        sqlite3_result_value(context, sqlite3_column_value(cursor->statement, column));
    return SQLITE_OK;
}

int gate_cursor_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *ret_rowid)
{
    const struct gate_cursor *cursor = (const struct gate_cursor *)base;
    const struct gate_table *table = table_of(cursor);
    *ret_rowid = table->has_id_as_rowid
                     ? sqlite3_column_int64(cursor->statement, table->column_count)
                     : cursor->number;
    return SQLITE_OK;
}

// SPDX-License-Identifier: MIT
/* Reading a table of the gate: a statement on the inner connection, in which all that the foreign
 * statement says are the values of parameters. */
#include "store/gate_internal.h"

#include <stdlib.h>

enum { FEW = 2 /* a part of what is shared */ };
enum { FIRST_WORD = 2 }; /* the parameter; the first one is an object that was found */

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
    cursor->has_row = cursor->is_bare = cursor->is_found = false;
    cursor->findings.count = cursor->at = 0;
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

void gate_add_conditions(struct strbuf *sql, const char *codes)
{
    static const char *const columns[SEARCH_COLUMNS] = {"path", "title", "body", "tags"};
    for (int i = 0; codes[i]; i++) {
        if (codes[i] == PLAN_ID)
            strbuf_addf(sql, " AND s.id = ?%d", i + 1);
        else if (codes[i] == PLAN_PATH)
            strbuf_addf(sql, " AND s.id = (SELECT id FROM main.data_objects WHERE file_path = ?%d)",
                        i + 1);
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

/** What rows are to be like is asked of those of the table alone: SQLite asks it of each again. */
static void add_likes(struct strbuf *sql, const struct gate_table *table, const char *plan)
{
    const char *gap = " WHERE ";
    plan += strcspn(plan, " ");
    for (int i = 0; *plan; i++) {
        char *end, code = plan[1];
        int column = (int)strtol(plan + 2, &end, 10);
        plan = end;
        if (code == WORD_EQUAL)
            continue;
        strbuf_add_text(sql, gap);
        add_name(sql, table->columns[column]);
        strbuf_addf(sql, " %s ?%d", code == WORD_LIKE ? "LIKE" : "GLOB", FIRST_WORD + i);
        gap = " AND ";
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
    gate_add_conditions(&sql, cursor->is_found ? (char[]){PLAN_ID, 0} : cursor->codes);
    strbuf_add_char(&sql, ')');
    add_likes(&sql, table, plan + length + 1);
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
        if (table_of(cursor)->is_search && !(cursor->arguments[i] = sqlite3_value_dup(values[i])))
            return SQLITE_NOMEM;
        /* A rank's value is no parameter: gate_bind_weights() reads it. */
        if (code != PLAN_RANK && sqlite3_bind_value(cursor->statement, i + 1, values[i]))
            return SQLITE_NOMEM;
    }
    return has_match(cursor->codes) ? gate_bind_weights(cursor) : SQLITE_OK;
}

/** Goes on with the next object that was found, if there is one. */
static bool start_next(struct gate_cursor *cursor)
{
    if (cursor->at == cursor->findings.count)
        return false;
    sqlite3_reset(cursor->statement);
    return sqlite3_bind_int64(cursor->statement, 1, cursor->findings.at[cursor->at++].id) ==
           SQLITE_OK;
}

int gate_cursor_next(sqlite3_vtab_cursor *base)
{
    struct gate_cursor *cursor = (struct gate_cursor *)base;
    if (cursor->is_bare) {
        cursor->has_row = ++cursor->at < cursor->findings.count;
        return SQLITE_OK;
    }
    int code;
    do
        code = sqlite3_step(cursor->statement);
    while (code == SQLITE_DONE && start_next(cursor));
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return fail_cursor(cursor, code);
    cursor->has_row = code == SQLITE_ROW;
    cursor->number++;
    return SQLITE_OK;
}

static int start_bare(struct gate_cursor *cursor)
{
    struct gate *gate = table_of(cursor)->gate;
    int code = gate_learn_shared(gate);
    cursor->is_bare = true;
    cursor->findings.count = gate->shared.count;
    cursor->has_row = code == SQLITE_OK && gate->shared.count;
    return code == SQLITE_OK ? code : fail_cursor(cursor, code);
}

/** Makes the statement of the plan, unless it is there. */
static int hold_statement(struct gate_cursor *cursor, const char *plan)
{
    if (cursor->plan &&
        (strcmp(cursor->plan, plan) != 0 || cursor->is_found != cursor->was_found)) {
        sqlite3_finalize(cursor->statement);
        sqlite3_free(cursor->plan);
        cursor->statement = NULL;
        cursor->plan = NULL;
    }
    sqlite3_reset(cursor->statement);
    cursor->was_found = cursor->is_found;
    return cursor->statement ? SQLITE_OK : prepare(cursor, plan);
}

/** Finds the objects by the word that the fewest have. */
static int find_by_words(struct gate_cursor *cursor, const char *words, sqlite3_value **values,
                         bool *ret_known)
{
    const struct gate_table *table = table_of(cursor);
    *ret_known = false;
    for (int i = 0; *words; i++) {
        char *end;
        struct gate_findings findings;
        bool is_known = false;
        int column = (int)strtol(words + 2, &end, 10), code = SQLITE_OK;
        if (words[1] == WORD_EQUAL)
            code = gate_look_up(table, column, values[i], &findings, &is_known);
        if (code != SQLITE_OK)
            return code;
        if (is_known && (!*ret_known || findings.count < cursor->findings.count))
            cursor->findings = findings;
        *ret_known |= is_known;
        words = end;
    }
    return SQLITE_OK;
}

/** Goes through the objects that have the word; through all when they are not known, or so many
 * that it takes longer to go from one to the other. */
static int start_words(struct gate_cursor *cursor, const char *plan, int count,
                       sqlite3_value **values)
{
    const struct gate_ids *shared = &table_of(cursor)->gate->shared;
    bool is_known;
    int code = find_by_words(cursor, plan + 1 + strcspn(plan + 1, " "), values, &is_known);
    is_known &= cursor->findings.count <= shared->count / FEW;
    if (!is_known)
        cursor->findings.count = 0;
    cursor->is_found = is_known;
    if (code == SQLITE_OK)
        code = hold_statement(cursor, plan);
    /* What is only equal to something may not be in the statement. */
    int named = code == SQLITE_OK ? sqlite3_bind_parameter_count(cursor->statement) : 0;
    for (int i = 0; i < count && FIRST_WORD + i <= named && code == SQLITE_OK; i++)
        code = sqlite3_bind_value(cursor->statement, FIRST_WORD + i, values[i]);
    if (code != SQLITE_OK)
        return fail_cursor(cursor, code);
    return !is_known || start_next(cursor) ? gate_cursor_next(&cursor->base) : SQLITE_OK;
}

int gate_cursor_filter(sqlite3_vtab_cursor *base, int number, const char *plan, int count,
                       sqlite3_value **values)
{
    struct gate_cursor *cursor = (struct gate_cursor *)base;
    forget_plan(cursor);
    if (number == PLAN_BARE)
        return start_bare(cursor);
    if (number == PLAN_LIKE || number == PLAN_WORDS)
        return start_words(cursor, plan, count, values);
    int code = hold_statement(cursor, plan);
    if (code != SQLITE_OK)
        return fail_cursor(cursor, code);
    code = bind(cursor, count, values);
    return code == SQLITE_OK ? gate_cursor_next(base) : code;
}

int gate_cursor_eof(sqlite3_vtab_cursor *base)
{
    return !((const struct gate_cursor *)base)->has_row;
}

static int64_t bare_id(const struct gate_cursor *cursor)
{
    return table_of(cursor)->gate->shared.ids[cursor->at];
}

int gate_cursor_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
    const struct gate_cursor *cursor = (const struct gate_cursor *)base;
    /* How snippet(search, …) finds the row that it is about. */
    if (table_of(cursor)->is_search && column == SEARCH_SELF)
        sqlite3_result_int64(context, cursor->name);
    else if (cursor->is_bare && column == table_of(cursor)->id_column)
        sqlite3_result_int64(context, bare_id(cursor));
    else if (!cursor->is_bare)
        sqlite3_result_value(context, sqlite3_column_value(cursor->statement, column));
    return SQLITE_OK;
}

int gate_cursor_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *ret_rowid)
{
    const struct gate_cursor *cursor = (const struct gate_cursor *)base;
    const struct gate_table *table = table_of(cursor);
    if (cursor->is_bare)
        *ret_rowid = bare_id(cursor);
    else
        *ret_rowid = table->has_id_as_rowid
                         ? sqlite3_column_int64(cursor->statement, table->column_count)
                         : cursor->number;
    return SQLITE_OK;
}

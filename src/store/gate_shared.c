// SPDX-License-Identifier: MIT
/*
 * What is shared: the ids of the objects that the audience may see at this moment, as the table
 * nx_allowed(id) of the inner connection, and the files among them. All that the gate reads begins
 * with it.
 *
 * The decision is asked for once an object and kept, in the order of the ids, until the database
 * changes or the first sharing ends. Who wants a single object pays for that one only.
 */
#include "store/gate_internal.h"

#include "store/connection.h"

#include <stdlib.h>

enum { FEW = 64 /* single questions, before all are asked at once */ };
enum { PLAN_ALL, PLAN_ONE };

struct allowed_table {
    sqlite3_vtab base; /* must be first */
    struct gate *gate;
};

struct allowed_cursor {
    sqlite3_vtab_cursor base; /* must be first */
    size_t at;                /* in gate->shared */
    int64_t one;              /* the row of PLAN_ONE */
    bool is_one, has_row;
};

void gate_forget_shared(struct gate *gate)
{
    gate->shared.count = gate->files.count = 0;
    gate->shared.is_known = gate->files.is_known = false;
    gate->shared_until_ns = INT64_MAX;
    gate->asked = 0;
    gate_forget_lookups(gate);
}

void gate_finish_shared(struct gate *gate)
{
    free(gate->shared.ids);
    free(gate->files.ids);
    gate_forget_lookups(gate);
    sqlite3_finalize(gate->question);
}

static int compare_ids(const void *a, const void *b)
{
    int64_t first = *(const int64_t *)a, second = *(const int64_t *)b;
    return (first > second) - (first < second);
}

static bool holds(const struct gate_ids *set, int64_t id)
{
    return set->count && bsearch(&id, set->ids, set->count, sizeof id, compare_ids);
}

static int keep(struct gate_ids *set, int64_t id)
{
    if (!array_reserve(&set->ids, &set->capacity, set->count + 1, sizeof *set->ids))
        return SQLITE_NOMEM;
    set->ids[set->count++] = id;
    return SQLITE_OK;
}

static enum permission_flag flag_of(sqlite3_stmt *row, int column)
{
    if (sqlite3_column_type(row, column) != SQLITE_INTEGER)
        return FLAG_MALFORMED;
    switch (sqlite3_column_int64(row, column)) {
    case 0: return FLAG_NO;
    case 1: return FLAG_YES;
    default: return FLAG_MALFORMED;
    }
}

struct str gate_time_text(sqlite3_stmt *row, int column)
{
    if (sqlite3_column_type(row, column) == SQLITE_NULL)
        return (struct str){NULL, 0};
    if (sqlite3_column_type(row, column) != SQLITE_TEXT)
        return STR("");
    const char *text = (const char *)sqlite3_column_text(row, column);
    return text ? (struct str){text, (size_t)sqlite3_column_bytes(row, column)} : STR("");
}

/** Of a row of `permissions` or `permission`: the id, the flags, the end. */
static bool is_allowed(struct gate *gate, sqlite3_stmt *statement)
{
    const struct permission row = {
        .share_with_ai = flag_of(statement, 1),
        .share_with_cloud = flag_of(statement, 2),
        .read_only = flag_of(statement, 3),
        .expires_at = gate_time_text(statement, 4),
    };
    return gate->options.allows(gate->options.context, &row, gate->now_ns, gate->clock_mark_ns);
}

/** What is kept holds until the first end. */
static void note_end(struct gate *gate, sqlite3_stmt *statement)
{
    struct str text = gate_time_text(statement, 4);
    int64_t end_ns;
    if (text.at && time_parse(text, &end_ns) && end_ns < gate->shared_until_ns)
        gate->shared_until_ns = end_ns;
}

static int prepare(struct gate *gate, const char *name, sqlite3_stmt **ret_statement)
{
    struct str text = gate_statement(name);
    return sqlite3_prepare_v2(gate->inner, text.at, (int)text.length, ret_statement, NULL);
}

static int learn_shared(struct gate *gate)
{
    sqlite3_stmt *rows = NULL;
    bool is_ai = gate->options.audience == AUDIENCE_AI;
    int code = prepare(gate, is_ai ? "permissions_ai" : "permissions_cloud", &rows);
    gate->shared.count = 0;
    while (code == SQLITE_OK && (code = sqlite3_step(rows)) == SQLITE_ROW) {
        code = SQLITE_OK;
        if (!is_allowed(gate, rows))
            continue;
        note_end(gate, rows);
        code = keep(&gate->shared, sqlite3_column_int64(rows, 0));
    }
    sqlite3_finalize(rows);
    gate->shared.is_known = code == SQLITE_DONE;
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

static int learn_files(struct gate *gate)
{
    sqlite3_stmt *rows = NULL;
    int code = prepare(gate, "files", &rows);
    gate->files.count = 0;
    while (code == SQLITE_OK && (code = sqlite3_step(rows)) == SQLITE_ROW)
        code = keep(&gate->files, sqlite3_column_int64(rows, 0));
    sqlite3_finalize(rows);
    if (code != SQLITE_DONE)
        return code;
    if (gate->files.count)
        qsort(gate->files.ids, gate->files.count, sizeof *gate->files.ids, compare_ids);
    gate->files.is_known = true;
    return SQLITE_OK;
}

static int ask_one(struct gate *gate, int64_t id, bool *ret_allowed)
{
    int code = gate->question ? SQLITE_OK : prepare(gate, "permission", &gate->question);
    if (code != SQLITE_OK)
        return code;
    sqlite3_bind_int64(gate->question, 1, id);
    code = sqlite3_step(gate->question);
    *ret_allowed = code == SQLITE_ROW && is_allowed(gate, gate->question);
    int reset = sqlite3_reset(gate->question);
    return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : reset;
}

int gate_learn_shared(struct gate *gate)
{
    return gate->shared.is_known ? SQLITE_OK : learn_shared(gate);
}

static int find_one(struct gate *gate, int64_t id, bool *ret_allowed)
{
    if (!gate->shared.is_known && gate->asked++ < FEW)
        return ask_one(gate, id, ret_allowed);
    int code = gate_learn_shared(gate);
    *ret_allowed = code == SQLITE_OK && holds(&gate->shared, id);
    return code;
}

/** nx_shares_file(file_id): whether the file is one shared object. */
static void shares_file(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    struct gate *gate = sqlite3_user_data(context);
    int code = gate->files.is_known ? SQLITE_OK : learn_files(gate);
    if (code != SQLITE_OK)
        sqlite3_result_error_code(context, code);
    else
        sqlite3_result_int(context, sqlite3_value_type(values[0]) == SQLITE_INTEGER &&
                                        holds(&gate->files, sqlite3_value_int64(values[0])));
}

/* The table */

static int connect_table(sqlite3 *db, void *context, int count, const char *const *words,
                         sqlite3_vtab **ret_table, char **ret_message)
{
    (void)count;
    (void)words;
    (void)ret_message;
    struct allowed_table *table = calloc(1, sizeof *table);
    if (!table)
        return SQLITE_NOMEM;
    table->gate = context;
    int code = sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS);
    if (code == SQLITE_OK)
        code = sqlite3_declare_vtab(db, "CREATE TABLE x(id INTEGER PRIMARY KEY)");
    if (code == SQLITE_OK)
        *ret_table = &table->base;
    else
        free(table);
    return code;
}

static int disconnect_table(sqlite3_vtab *base)
{
    free(base);
    return SQLITE_OK;
}

/** To go through all of it must look cheaper than to go through anything else: what is not shared
 * is never gone through. */
static int choose_plan(sqlite3_vtab *base, sqlite3_index_info *info)
{
    (void)base;
    info->idxNum = PLAN_ALL;
    info->estimatedRows = 1000;
    info->estimatedCost = 1000;
    info->orderByConsumed =
        info->nOrderBy == 1 && info->aOrderBy[0].iColumn <= 0 && !info->aOrderBy[0].desc;
    for (int i = 0; i < info->nConstraint; i++) {
        if (!info->aConstraint[i].usable || info->aConstraint[i].iColumn > 0 ||
            info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ)
            continue;
        info->idxNum = PLAN_ONE;
        info->aConstraintUsage[i].argvIndex = 1;
        info->idxFlags = SQLITE_INDEX_SCAN_UNIQUE;
        info->estimatedRows = 1;
        info->estimatedCost = 1;
        break;
    }
    return SQLITE_OK;
}

static int open_cursor(sqlite3_vtab *base, sqlite3_vtab_cursor **ret_cursor)
{
    (void)base;
    struct allowed_cursor *cursor = calloc(1, sizeof *cursor);
    if (!cursor)
        return SQLITE_NOMEM;
    *ret_cursor = &cursor->base;
    return SQLITE_OK;
}

static int close_cursor(sqlite3_vtab_cursor *base)
{
    free(base);
    return SQLITE_OK;
}

static struct gate *gate_of(const struct allowed_cursor *cursor)
{
    return ((const struct allowed_table *)cursor->base.pVtab)->gate;
}

/** Whether the value is an id as SQLite compares it with one: 7, 7.0 and '7' are. */
static bool id_of(sqlite3_value *value, int64_t *ret_id)
{
    int type = sqlite3_value_numeric_type(value);
    *ret_id = sqlite3_value_int64(value);
    return type == SQLITE_INTEGER ||
           (type == SQLITE_FLOAT && (double)*ret_id == sqlite3_value_double(value));
}

static int filter(sqlite3_vtab_cursor *base, int plan, const char *text, int count,
                  sqlite3_value **values)
{
    (void)text;
    (void)count;
    struct allowed_cursor *cursor = (struct allowed_cursor *)base;
    struct gate *gate = gate_of(cursor);
    cursor->at = 0;
    cursor->is_one = plan == PLAN_ONE;
    cursor->has_row = false;
    if (!cursor->is_one) {
        int code = gate_learn_shared(gate);
        cursor->has_row = code == SQLITE_OK && gate->shared.count;
        return code;
    }
    return id_of(values[0], &cursor->one) ? find_one(gate, cursor->one, &cursor->has_row)
                                          : SQLITE_OK;
}

static int next(sqlite3_vtab_cursor *base)
{
    struct allowed_cursor *cursor = (struct allowed_cursor *)base;
    cursor->at++;
    cursor->has_row = !cursor->is_one && cursor->at < gate_of(cursor)->shared.count;
    return SQLITE_OK;
}

static int is_at_end(sqlite3_vtab_cursor *base)
{
    return !((const struct allowed_cursor *)base)->has_row;
}

static int rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *ret_rowid)
{
    const struct allowed_cursor *cursor = (const struct allowed_cursor *)base;
    *ret_rowid = cursor->is_one ? cursor->one : gate_of(cursor)->shared.ids[cursor->at];
    return SQLITE_OK;
}

static int column(sqlite3_vtab_cursor *base, sqlite3_context *context, int number)
{
    (void)number;
    sqlite3_int64 id = 0;
    rowid(base, &id);
    sqlite3_result_int64(context, id);
    return SQLITE_OK;
}

/* Without xCreate it is there by itself, under the module's name. */
static const sqlite3_module allowed_module = {
    .iVersion = 1,
    .xConnect = connect_table,
    .xBestIndex = choose_plan,
    .xDisconnect = disconnect_table,
    .xOpen = open_cursor,
    .xClose = close_cursor,
    .xFilter = filter,
    .xNext = next,
    .xEof = is_at_end,
    .xColumn = column,
    .xRowid = rowid,
};

enum nexus_status gate_register_shared(struct gate *gate, struct nexus_error *err)
{
    gate_forget_shared(gate);
    if (sqlite3_create_module_v2(gate->inner, "nx_allowed", &allowed_module, gate, NULL) !=
            SQLITE_OK ||
        sqlite3_create_function_v2(gate->inner, "nx_shares_file", 1, SQLITE_UTF8 | SQLITE_INNOCUOUS,
                                   gate, shares_file, NULL, NULL, NULL) != SQLITE_OK)
        return fail_sqlite(err, gate->inner, NULL);
    return NEXUS_OK;
}

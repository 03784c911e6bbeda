// SPDX-License-Identifier: MIT
/*
 * What is shared: the ids of the objects that the audience may see at this moment, as the table
 * nx_allowed(first, last) of the inner connection, and the files among them. All that the gate
 * reads begins with it. Ids that follow each other are one row, so what belongs to them is read as
 * fast as a table is. No id that is not shared lies within one, whether it is an object or not.
 *
 * The decision is asked for once an object and kept, in the order of the ids, until the database
 * changes or the first sharing ends. Who wants a single object pays for that one only.
 */
#include "store/gate_internal.h"

#include "store/connection.h"

#include <stdlib.h>

enum { FEW = 64 /* single questions, before all are asked at once */ };

struct allowed_table {
    sqlite3_vtab base; /* must be first */
    struct gate *gate;
};

enum { PLAN_ALL, PLAN_WANTED };
enum { COLUMN_FIRST, COLUMN_LAST, COLUMN_WANTED };

struct allowed_cursor {
    sqlite3_vtab_cursor base; /* must be first */
    size_t first_at, last_at; /* PLAN_ALL: in gate->shared */
    bool is_wanted, has_row;
    struct gate_wanted *wanted; /* PLAN_WANTED */
    int64_t first, last;
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
    sqlite3_finalize(gate->by_path);
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
    gate->shared.count = gate->range_count = 0;
    while (code == SQLITE_OK && (code = sqlite3_step(rows)) == SQLITE_ROW) {
        code = SQLITE_OK;
        if (!is_allowed(gate, rows))
            continue;
        note_end(gate, rows);
        int64_t id = sqlite3_column_int64(rows, 0);
        gate->range_count +=
            !gate->shared.count || gate->shared.ids[gate->shared.count - 1] + 1 != id;
        code = keep(&gate->shared, id);
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

int gate_allows(struct gate *gate, int64_t id, bool *ret_allowed)
{
    if (!gate->shared.is_known && gate->asked++ < FEW)
        return ask_one(gate, id, ret_allowed);
    int code = gate_learn_shared(gate);
    *ret_allowed = code == SQLITE_OK && holds(&gate->shared, id);
    return code;
}

int gate_find_path(struct gate *gate, sqlite3_value *path, int64_t *ret_id)
{
    int code = gate->by_path ? SQLITE_OK : prepare(gate, "by_path", &gate->by_path);
    if (code == SQLITE_OK)
        code = sqlite3_bind_value(gate->by_path, 1, path);
    if (code != SQLITE_OK)
        return code;
    code = sqlite3_step(gate->by_path);
    *ret_id = code == SQLITE_ROW ? sqlite3_column_int64(gate->by_path, 0) : 0;
    int reset = sqlite3_reset(gate->by_path);
    return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : reset;
}

/** nx_allows(object_id): whether the object is shared. */
static void allows(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    bool is_allowed = false;
    int code = SQLITE_OK;
    if (sqlite3_value_type(values[0]) == SQLITE_INTEGER)
        code = gate_allows(sqlite3_user_data(context), sqlite3_value_int64(values[0]), &is_allowed);
    if (code != SQLITE_OK)
        sqlite3_result_error_code(context, code);
    else
        sqlite3_result_int(context, is_allowed);
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
        code =
            sqlite3_declare_vtab(db, "CREATE TABLE x(first INTEGER, last INTEGER, wanted HIDDEN)");
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

/** To go through it must look cheaper than to go through anything else: what is not shared is never
 * gone through. With many rows to expect SQLite would make a Bloom filter of a whole table first.
 */
static int choose_plan(sqlite3_vtab *base, sqlite3_index_info *info)
{
    (void)base;
    info->idxNum = PLAN_ALL;
    info->estimatedRows = 1;
    info->estimatedCost = 1;
    for (int i = 0; i < info->nConstraint; i++) {
        if (info->aConstraint[i].iColumn != COLUMN_WANTED)
            continue;
        if (!info->aConstraint[i].usable || info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ)
            return SQLITE_CONSTRAINT;
        info->aConstraintUsage[i].argvIndex = 1;
        info->aConstraintUsage[i].omit = 1;
        info->idxNum = PLAN_WANTED;
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

/** Whether the n-th id behind the first of the range is the n-th number behind it. */
static bool is_in_range(const struct allowed_cursor *cursor, size_t n)
{
    const struct gate_ids *shared = &gate_of(cursor)->shared;
    size_t at = cursor->first_at + n;
    return at < shared->count && (uint64_t)shared->ids[at] - (uint64_t)cursor->first == n;
}

/** Finds the range that begins at `first_at`: first in ever longer steps, then by halves. */
static void find_range(struct allowed_cursor *cursor)
{
    const struct gate_ids *shared = &gate_of(cursor)->shared;
    size_t low = 0, high = 1;
    cursor->has_row = cursor->first_at < shared->count;
    if (!cursor->has_row)
        return;
    cursor->first = shared->ids[cursor->first_at];
    while (is_in_range(cursor, high)) {
        low = high;
        high *= 2;
    }
    while (low + 1 < high) {
        size_t middle = low + (high - low) / 2;
        if (is_in_range(cursor, middle))
            low = middle;
        else
            high = middle;
    }
    cursor->last_at = cursor->first_at + low;
    cursor->last = shared->ids[cursor->last_at];
}

static void take_wanted(struct allowed_cursor *cursor)
{
    struct gate_wanted *wanted = cursor->wanted;
    cursor->has_row = wanted && wanted->next < wanted->end;
    if (cursor->has_row)
        cursor->first = cursor->last = wanted->next++->id;
}

static int filter(sqlite3_vtab_cursor *base, int plan, const char *text, int count,
                  sqlite3_value **values)
{
    (void)text;
    (void)count;
    struct allowed_cursor *cursor = (struct allowed_cursor *)base;
    cursor->is_wanted = plan == PLAN_WANTED;
    if (cursor->is_wanted) {
        cursor->wanted = sqlite3_value_pointer(values[0], GATE_WANTED);
        take_wanted(cursor);
        return SQLITE_OK;
    }
    int code = gate_learn_shared(gate_of(cursor));
    cursor->first_at = 0;
    if (code == SQLITE_OK)
        find_range(cursor);
    return code;
}

static int next(sqlite3_vtab_cursor *base)
{
    struct allowed_cursor *cursor = (struct allowed_cursor *)base;
    cursor->first_at = cursor->last_at + 1;
    if (cursor->is_wanted)
        take_wanted(cursor);
    else
        find_range(cursor);
    return SQLITE_OK;
}

static int is_at_end(sqlite3_vtab_cursor *base)
{
    return !((const struct allowed_cursor *)base)->has_row;
}

static int column(sqlite3_vtab_cursor *base, sqlite3_context *context, int number)
{
    const struct allowed_cursor *cursor = (const struct allowed_cursor *)base;
    if (number != COLUMN_WANTED)
        sqlite3_result_int64(context, number == COLUMN_FIRST ? cursor->first : cursor->last);
    return SQLITE_OK;
}

static int rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *ret_rowid)
{
    *ret_rowid = ((const struct allowed_cursor *)base)->first;
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
        sqlite3_create_function_v2(gate->inner, "nx_allows", 1, SQLITE_UTF8 | SQLITE_INNOCUOUS,
                                   gate, allows, NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_create_function_v2(gate->inner, "nx_shares_file", 1, SQLITE_UTF8 | SQLITE_INNOCUOUS,
                                   gate, shares_file, NULL, NULL, NULL) != SQLITE_OK)
        return fail_sqlite(err, gate->inner, NULL);
    return NEXUS_OK;
}

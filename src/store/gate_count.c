// SPDX-License-Identifier: MIT
/*
 * Counting rows that look the same.
 *
 * SQLite counts a table of its own by what its pages say of themselves. Of a virtual table it takes
 * row after row, and each costs more than the count. But a statement that reads one table, looks at
 * no column of it and calls nothing but count() cannot tell one row from another: whatever it did
 * with the first, it does with each. So where all that it did was to count(*), the table counts the
 * rest by itself and hands out one last row, whose weight is their number.
 *
 * What a statement looks at and calls is what the authorizer is asked about, and what it did with a
 * row is noted by count() itself. Whatever is not known to be so, a window or a count(DISTINCT 1),
 * gets its rows one by one.
 */
#include "store/connection.h"
#include "store/gate_internal.h"

void gate_note_action(struct gate_shape *shape, int action, const char *second)
{
    if (action == SQLITE_SELECT)
        shape->selects++;
    else if (action == SQLITE_READ && !*second) /* a table of which no column is looked at */
        shape->tables++;
    else if (action != SQLITE_FUNCTION || sqlite3_stricmp(second, "count") != 0)
        shape->looks_closer = true;
}

bool gate_cannot_tell_apart(const struct gate_shape *shape)
{
    return shape->selects == 1 && shape->tables == 1 && !shape->looks_closer;
}

int gate_step(struct gate *gate, struct gate_tally *tally, sqlite3_stmt *statement)
{
    if (!gate)
        return sqlite3_step(statement);
    gate->tally = tally;
    int code = sqlite3_step(statement);
    gate->tally = NULL;
    return code;
}

bool gate_may_weigh(struct gate *gate)
{
    struct gate_tally *tally = gate->tally;
    if (!tally || !tally->is_alike)
        return false;
    bool has_counted_only = tally->has_counted && !tally->has_done_more;
    tally->has_counted = tally->has_done_more = false;
    return has_counted_only;
}

/** The row is counted, or one is taken out of the count. */
static void count(sqlite3_context *context, int64_t rows, bool is_plain)
{
    struct gate *gate = sqlite3_user_data(context);
    int64_t *sum = sqlite3_aggregate_context(context, sizeof *sum);
    if (!sum) {
        sqlite3_result_error_nomem(context);
        return;
    }
    *sum += rows;
    if (!gate->tally)
        return;
    gate->tally->has_counted |= is_plain;
    gate->tally->has_done_more |= !is_plain;
}

static void count_rows(sqlite3_context *context, int number, sqlite3_value **values)
{
    (void)number;
    (void)values;
    const struct gate *gate = sqlite3_user_data(context);
    count(context, gate->tally ? gate->tally->weight : 1, true);
}

static void count_values(sqlite3_context *context, int number, sqlite3_value **values)
{
    (void)number;
    count(context, sqlite3_value_type(values[0]) != SQLITE_NULL, false);
}

/** Of a row that leaves a window. */
static void take_out(sqlite3_context *context, int number, sqlite3_value **values)
{
    count(context, number && sqlite3_value_type(values[0]) == SQLITE_NULL ? 0 : -1, false);
}

static void tell(sqlite3_context *context)
{
    const int64_t *sum = sqlite3_aggregate_context(context, 0);
    sqlite3_result_int64(context, sum ? *sum : 0);
}

enum nexus_status gate_register_count(struct gate *gate, struct nexus_error *err)
{
    const int flags = SQLITE_UTF8 | SQLITE_INNOCUOUS;
    if (sqlite3_create_window_function(gate->outer, "count", 0, flags, gate, count_rows, tell, tell,
                                       take_out, NULL) != SQLITE_OK ||
        sqlite3_create_window_function(gate->outer, "count", 1, flags, gate, count_values, tell,
                                       tell, take_out, NULL) != SQLITE_OK)
        return fail_sqlite(err, gate->outer, NULL);
    return NEXUS_OK;
}

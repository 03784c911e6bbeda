// SPDX-License-Identifier: MIT
/*
 * Full text search through the gate.
 *
 * FTS5's bm25() weighs a word by the number of texts that have it, and a text by the average
 * length: both would tell about texts that are hidden. nx_rank() is the same formula without them:
 * every word weighs the same, and the average is a constant. So a row's rank depends on nothing but
 * the row and the query. (All words of a query must be found anyway, so their weights against each
 * other matter little.)
 *
 * snippet() and highlight() are FTS5's own, run on the inner connection for the one row.
 */
#include "store/gate_internal.h"

#include "store/connection.h"

#include <math.h>
#include <stdlib.h>

/* bm25's usual constants, and a length for the texts to be measured by. */
#define K1 1.2
#define B 0.75
#define AVERAGE_TOKENS 256.0

enum { FIRST_WEIGHT = 101 }; /* the parameter, in gate.sql */

static fts5_api *fts5_of(sqlite3 *db)
{
    fts5_api *api = NULL;
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &statement, NULL) == SQLITE_OK) {
        sqlite3_bind_pointer(statement, 1, (void *)&api, "fts5_api_ptr", NULL);
        sqlite3_step(statement);
    }
    sqlite3_finalize(statement);
    return api;
}

static double weight_of(int column, int count, sqlite3_value **weights)
{
    return column < count ? sqlite3_value_double(weights[column]) : 1.0;
}

/** How often each phrase is in the row, weighed by the column; `tokens` is the row's length. */
static int rank_row(const Fts5ExtensionApi *api, Fts5Context *fts, double *frequencies, int count,
                    sqlite3_value **weights, int *ret_tokens)
{
    int instances = 0;
    int code = api->xColumnSize(fts, -1, ret_tokens);
    if (code == SQLITE_OK)
        code = api->xInstCount(fts, &instances);
    for (int i = 0; i < instances && code == SQLITE_OK; i++) {
        int phrase, column, offset;
        code = api->xInst(fts, i, &phrase, &column, &offset);
        if (code == SQLITE_OK)
            frequencies[phrase] += weight_of(column, count, weights);
    }
    return code;
}

/** nx_rank(search, weight of the first column, …): below zero, the best first. */
static void rank_function(const Fts5ExtensionApi *api, Fts5Context *fts, sqlite3_context *context,
                          int count, sqlite3_value **weights)
{
    int phrases = api->xPhraseCount(fts), tokens = 0;
    double *frequencies = calloc((size_t)phrases + 1, sizeof *frequencies), rank = 0;
    if (!frequencies) {
        sqlite3_result_error_nomem(context);
        return;
    }
    int code = rank_row(api, fts, frequencies, count, weights, &tokens);
    for (int i = 0; i < phrases; i++)
        rank -= frequencies[i] * (K1 + 1.0) /
                (frequencies[i] + K1 * (1.0 - B + B * tokens / AVERAGE_TOKENS));
    free(frequencies);
    if (code == SQLITE_OK)
        sqlite3_result_double(context, rank);
    else
        sqlite3_result_error_code(context, code);
}

enum nexus_status gate_register_rank(struct gate *gate, struct nexus_error *err)
{
    fts5_api *api = fts5_of(gate->inner);
    if (!api)
        return fail(err, NEXUS_ERROR_DATABASE, "this SQLite has no FTS5");
    int code = api->xCreateFunction(api, "nx_rank", NULL, rank_function, NULL);
    return code == SQLITE_OK ? NEXUS_OK : fail_no_memory(err);
}

/** Reads "bm25(0.0, 8.0)", which is the one rank that there is. */
static bool read_weights(const char *text, double weights[SEARCH_COLUMNS])
{
    while (*text == ' ')
        text++;
    if (sqlite3_strnicmp(text, "bm25", 4) != 0)
        return false;
    text += 4;
    while (*text == ' ')
        text++;
    if (*text != '(')
        return false;
    for (int i = 0; *text == '(' || *text == ','; i++) {
        char *end;
        double weight = strtod(++text, &end);
        if (end != text && i < SEARCH_COLUMNS)
            weights[i] = isfinite(weight) ? weight : 1.0;
        text = end + strspn(end, " ");
    }
    return *text == ')' && text[1 + strspn(text + 1, " ")] == '\0';
}

int gate_bind_weights(struct gate_cursor *cursor)
{
    double weights[SEARCH_COLUMNS] = {1, 1, 1, 1};
    for (int i = 0; cursor->codes[i]; i++) {
        if (cursor->codes[i] != PLAN_RANK)
            continue;
        const char *text = (const char *)sqlite3_value_text(cursor->arguments[i]);
        if (!text || !read_weights(text, weights)) {
            sqlite3_free(cursor->base.pVtab->zErrMsg);
            cursor->base.pVtab->zErrMsg =
                sqlite3_mprintf("parse error in rank function: %s", text ? text : "");
            return SQLITE_ERROR;
        }
    }
    for (int i = 0; i < SEARCH_COLUMNS; i++)
        if (sqlite3_bind_double(cursor->statement, FIRST_WEIGHT + i, weights[i]) != SQLITE_OK)
            return SQLITE_NOMEM;
    return SQLITE_OK;
}

/* snippet, highlight and bm25 for the outer connection */

static const struct {
    const char *name, *inner_name;
} auxiliaries[GATE_FUNCTIONS] = {
    {"snippet", "snippet"}, {"highlight", "highlight"}, {"bm25", "nx_rank"}};

/** The cursor of that name, when it stands on a row of a search. */
static struct gate_cursor *cursor_of(const struct gate *gate, sqlite3_value *value)
{
    struct gate_cursor *cursor = gate->cursors;
    int64_t name = sqlite3_value_type(value) == SQLITE_INTEGER ? sqlite3_value_int64(value) : 0;
    while (cursor && cursor->name != name)
        cursor = cursor->next;
    bool is_search = cursor && ((const struct gate_table *)cursor->base.pVtab)->is_search;
    return is_search && cursor->has_row ? cursor : NULL;
}

/** SELECT name(search, the arguments) of the row that the cursor stands on. */
static sqlite3_stmt *prepare_auxiliary(const struct gate *gate, const struct gate_cursor *cursor,
                                       const char *name, int count)
{
    STRBUF_SCOPED sql = {0};
    sqlite3_stmt *statement = NULL;
    int first = FIRST_PARAMETER + (int)strlen(cursor->codes); /* behind the conditions' own */
    strbuf_addf(&sql, "SELECT %s(search", name);
    for (int i = 1; i < count; i++)
        strbuf_addf(&sql, ", ?%d", first + i - 1);
    strbuf_add_text(&sql, ") FROM main.search WHERE rowid = ?1");
    gate_add_conditions(&sql, cursor->codes);
    if (!sql.failed)
        sqlite3_prepare_v2(gate->inner, sql.at, (int)sql.length, &statement, NULL);
    return statement;
}

static bool bind_auxiliary(sqlite3_stmt *statement, const struct gate_cursor *cursor, int count,
                           sqlite3_value **values)
{
    int conditions = (int)strlen(cursor->codes);
    int code = sqlite3_bind_int64(statement, 1, gate_cursor_object(cursor));
    for (int i = 0; i < conditions && code == SQLITE_OK; i++)
        if (gate_is_match(cursor->codes[i]))
            code = sqlite3_bind_value(statement, FIRST_PARAMETER + i, cursor->arguments[i]);
    for (int i = 1; i < count && code == SQLITE_OK; i++)
        code = sqlite3_bind_value(statement, FIRST_PARAMETER + conditions + i - 1, values[i]);
    return code == SQLITE_OK;
}

static void run_auxiliary(sqlite3_context *context, int count, sqlite3_value **values)
{
    const struct gate_function *own = sqlite3_user_data(context);
    const struct gate_cursor *cursor = count ? cursor_of(own->gate, values[0]) : NULL;
    if (!cursor) {
        sqlite3_result_error(context, "this function needs a row of search", -1);
        return;
    }
    sqlite3_stmt *statement = prepare_auxiliary(own->gate, cursor, own->inner_name, count);
    if (!statement || !bind_auxiliary(statement, cursor, count, values))
        sqlite3_result_error(context, "this function does not work like that", -1);
    else if (sqlite3_step(statement) == SQLITE_ROW)
        sqlite3_result_value(context, sqlite3_column_value(statement, 0));
    else
        sqlite3_result_error(context, sqlite3_errmsg(own->gate->inner), -1);
    sqlite3_finalize(statement);
}

int gate_find_function(sqlite3_vtab *base, int count, const char *name,
                       void (**ret_function)(sqlite3_context *, int, sqlite3_value **),
                       void **ret_context)
{
    (void)count;
    struct gate_table *table = (struct gate_table *)base;
    for (int i = 0; table->is_search && i < GATE_FUNCTIONS; i++) {
        if (sqlite3_stricmp(name, auxiliaries[i].name) != 0)
            continue;
        table->functions[i] =
            (struct gate_function){.gate = table->gate, .inner_name = auxiliaries[i].inner_name};
        *ret_function = run_auxiliary;
        *ret_context = &table->functions[i];
        return 1;
    }
    return 0;
}

enum nexus_status gate_register_auxiliary(struct gate *gate, struct nexus_error *err)
{
    for (int i = 0; i < GATE_FUNCTIONS; i++)
        if (sqlite3_overload_function(gate->outer, auxiliaries[i].name, -1) != SQLITE_OK)
            return fail_sqlite(err, gate->outer, NULL);
    return NEXUS_OK;
}

// SPDX-License-Identifier: MIT
/* The tables of the gate: which there are, what columns they have, and which conditions they take
 * over. They take over few: by object, by path, and MATCH; all others are judged by SQLite on the
 * rows that come out, so they can never be judged on a row that does not. */
#include "store/gate_internal.h"

#include "store/connection.h"

#include <stdlib.h>

static const struct kind {
    const char *name, *id_column, *path_column;
    bool has_id_as_rowid;
    enum { OF_OBJECTS, WITHIN_OBJECTS, ELSEWHERE } rows;
    const char *nocase_column; /* compared without the case of ASCII letters, as in the vault */
    /* An index of the vault has these columns, and behind them the object: when all of them are
     * said, it has the rows of a range of objects side by side, and none of another between. */
    const char *index_columns[GATE_INDEX_LIMIT];
} kinds[] = {
    {"objects", "id", "path", true, OF_OBJECTS, NULL, {0}},
    {"data_objects", "id", "file_path", true, OF_OBJECTS, NULL, {0}},
    {"object_content", "object_id", NULL, true, ELSEWHERE, NULL, {0}},
    {"object_permissions", "object_id", NULL, true, OF_OBJECTS, NULL, {0}},
    {"schemas", NULL, NULL, true, ELSEWHERE, NULL, {0}},
    {"tags", "object_id", "path", false, WITHIN_OBJECTS, "tag", {"tag"}},
    {"aliases", "object_id", "path", false, WITHIN_OBJECTS, NULL, {0}},
    {"headings", "object_id", "path", false, WITHIN_OBJECTS, NULL, {0}},
    {"tasks", "object_id", "path", false, WITHIN_OBJECTS, NULL, {0}},
    {"properties", "object_id", "path", false, WITHIN_OBJECTS, "key", {"key", "value"}},
    {"blocks", "object_id", "path", false, WITHIN_OBJECTS, NULL, {0}},
    {"links", "object_id", "path", false, WITHIN_OBJECTS, NULL, {0}},
    {"backlinks", "source_id", "source_path", false, WITHIN_OBJECTS, NULL, {0}},
    {"unresolved_links", "object_id", "path", false, WITHIN_OBJECTS, NULL, {0}},
    {"orphans", NULL, NULL, false, ELSEWHERE, NULL, {0}}, /* what is one depends on all others */
    {"problems", NULL, "path", false, ELSEWHERE, NULL, {0}},
    {"changes", NULL, NULL, false, ELSEWHERE, NULL, {0}}, /* by number */
    {"search", NULL, "path", true, ELSEWHERE, NULL, {0}},
};
enum { KIND_COUNT = sizeof kinds / sizeof kinds[0] };
static const struct kind typed_kind = {NULL, "_id", "_path", false, WITHIN_OBJECTS, NULL, {0}};

static const struct kind *kind_of(const char *name)
{
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    return &typed_kind;
}

static void free_table(struct gate_table *table)
{
    for (int i = 0; table->columns && i <= table->column_count; i++)
        sqlite3_free(table->columns[i]);
    free(table->columns);
    sqlite3_free(table->statement);
    sqlite3_free(table->name);
    free(table);
}

/** What the rows of the table are, on the inner connection. */
static char *statement_of(const struct kind *kind, const char *name)
{
    if (kind != &typed_kind) {
        struct str text = gate_statement(name);
        return sqlite3_mprintf("%.*s", (int)text.length, text.at);
    }
    return sqlite3_mprintf("SELECT v.*, s.id AS nx_id FROM nx_shared s "
                           "CROSS JOIN main.\"%w\" v ON v._id = s.id WHERE TRUE",
                           name);
}

static int read_columns(struct gate_table *table, sqlite3_stmt *rows)
{
    table->column_count = sqlite3_column_count(rows) - 1;
    table->columns = calloc((size_t)table->column_count + 1, sizeof *table->columns);
    if (!table->columns)
        return SQLITE_NOMEM;
    for (int i = 0; i <= table->column_count; i++) {
        table->columns[i] = sqlite3_mprintf("%s", sqlite3_column_name(rows, i));
        if (!table->columns[i])
            return SQLITE_NOMEM;
    }
    return SQLITE_OK;
}

static int find_column(const struct gate_table *table, const char *name)
{
    for (int i = 0; name && i < table->column_count; i++)
        if (strcmp(table->columns[i], name) == 0)
            return i;
    return -1;
}

static bool is_nocase(const struct kind *kind, const char *column)
{
    return kind->nocase_column && column && strcmp(kind->nocase_column, column) == 0;
}

/** Tells the outer connection about columns: names, types and collations as in the vault. */
static int declare(struct gate_table *table, const struct kind *kind, sqlite3_stmt *rows)
{
    sqlite3_str *sql = sqlite3_str_new(NULL);
    for (int i = 0; i < table->column_count; i++) {
        const char *type = sqlite3_column_decltype(rows, i), *name = table->columns[i];
        bool is_hidden = table->is_search && i >= SEARCH_COLUMNS;
        sqlite3_str_appendf(sql, "%s\"%w\" %s%s%s", i ? ", " : "CREATE TABLE x(", name,
                            type ? type : "", is_nocase(kind, name) ? " COLLATE NOCASE" : "",
                            is_hidden ? " HIDDEN" : "");
    }
    sqlite3_str_appendall(sql, ")");
    char *text = sqlite3_str_finish(sql);
    int code = text ? sqlite3_declare_vtab(table->gate->outer, text) : SQLITE_NOMEM;
    sqlite3_free(text);
    return code;
}

static int fill_table(struct gate_table *table, const struct kind *kind, const char *name)
{
    sqlite3_stmt *rows = NULL;
    table->name = sqlite3_mprintf("%s", name);
    table->statement = statement_of(kind, name);
    if (!table->name || !table->statement)
        return SQLITE_NOMEM;
    int code = gate_prepare(table->gate, "all", str_of(table->statement), &rows);
    if (code == SQLITE_OK)
        code = read_columns(table, rows);
    if (code == SQLITE_OK)
        code = declare(table, kind, rows);
    sqlite3_finalize(rows);
    table->id_column = find_column(table, kind->id_column);
    table->path_column = find_column(table, kind->path_column);
    for (int i = 0; i < GATE_INDEX_LIMIT; i++) {
        table->index_columns[i] = find_column(table, kind->index_columns[i]);
        table->index_codes[i] = is_nocase(kind, kind->index_columns[i]) ? WORD_NOCASE : WORD_BINARY;
    }
    table->has_id_as_rowid = kind->has_id_as_rowid;
    table->is_object = kind->rows == OF_OBJECTS;
    table->is_within = kind->rows != ELSEWHERE;
    return code;
}

static int connect_table(sqlite3 *db, void *context, int count, const char *const *words,
                         sqlite3_vtab **ret_table, char **ret_message)
{
    (void)db;
    (void)count;
    struct gate_table *table = calloc(1, sizeof *table);
    if (!table)
        return SQLITE_NOMEM;
    table->gate = context;
    table->is_search = strcmp(words[2], "search") == 0;
    int code = fill_table(table, kind_of(words[2]), words[2]);
    if (code != SQLITE_OK) {
        *ret_message = sqlite3_mprintf("%s", sqlite3_errmsg(table->gate->inner));
        free_table(table);
        return code;
    }
    *ret_table = &table->base;
    return SQLITE_OK;
}

/* Another function than connect_table(): a module whose two are the same is a table by itself. */
static int create_table(sqlite3 *db, void *context, int count, const char *const *words,
                        sqlite3_vtab **ret_table, char **ret_message)
{
    return connect_table(db, context, count, words, ret_table, ret_message);
}

static int disconnect_table(sqlite3_vtab *base)
{
    free_table((struct gate_table *)base);
    return SQLITE_OK;
}

/** The code of a condition in a plan; 0: it is not taken over. */
static int code_of(const struct gate_table *table, sqlite3_index_info *info, int i)
{
    const struct sqlite3_index_constraint *condition = &info->aConstraint[i];
    int column = condition->iColumn;
    bool is_equal = condition->op == SQLITE_INDEX_CONSTRAINT_EQ;
    bool is_match = condition->op == SQLITE_INDEX_CONSTRAINT_MATCH;
    if (table->is_search && (is_match || is_equal) && column == SEARCH_SELF)
        return PLAN_MATCH;
    if (table->is_search && (is_match || is_equal) && column == SEARCH_RANK)
        return PLAN_RANK;
    if (table->is_search && is_match && column >= 0)
        return PLAN_COLUMN + column;
    if (!is_equal)
        return 0;
    if (column < 0 ? table->has_id_as_rowid && (table->id_column >= 0 || table->is_search)
                   : column == table->id_column)
        return PLAN_ID;
    return column >= 0 && column == table->path_column &&
                   sqlite3_stricmp(sqlite3_vtab_collation(info, i), "BINARY") == 0
               ? PLAN_PATH
               : 0;
}

/** How many rows to expect and what they cost: guesses that know nothing of the vault. */
static void estimate(sqlite3_index_info *info, const char *codes, bool is_by_word)
{
    if (is_by_word) {
        info->estimatedRows = 100;
        info->estimatedCost = 1000;
    } else if (strchr(codes, PLAN_ID) || strchr(codes, PLAN_PATH)) {
        info->estimatedRows = 5;
        info->estimatedCost = 10;
    } else if (*codes) {
        info->estimatedRows = 1000;
        info->estimatedCost = 10000;
    } else {
        info->estimatedRows = 100000;
        info->estimatedCost = 1000000;
    }
}

/** Whether nothing but the ids is asked for. */
static bool is_bare(const struct gate_table *table, const sqlite3_index_info *info,
                    const char *codes)
{
    return table->is_object && !(info->colUsed & ~(UINT64_C(1) << table->id_column)) &&
           (!*codes || *codes == PLAN_ID);
}

/** Which letter a condition has in the second part of a plan; 0: it is not taken over. */
static char word_code_of(sqlite3_index_info *info, int i)
{
    const struct sqlite3_index_constraint *condition = &info->aConstraint[i];
    if (!condition->usable || condition->iColumn < 0)
        return 0;
    const char *collation;
    switch (condition->op) {
    case SQLITE_INDEX_CONSTRAINT_LIKE: return WORD_LIKE;
    case SQLITE_INDEX_CONSTRAINT_GLOB: return WORD_GLOB;
    case SQLITE_INDEX_CONSTRAINT_EQ:
        collation = sqlite3_vtab_collation(info, i);
        if (sqlite3_stricmp(collation, "BINARY") == 0)
            return WORD_BINARY;
        return sqlite3_stricmp(collation, "NOCASE") == 0 ? WORD_NOCASE : WORD_RTRIM;
    default: return 0;
    }
}

/** Appends the conditions that rows can be found by; tells whether they may be few. */
static bool choose_words(const struct gate_table *table, sqlite3_index_info *info,
                         sqlite3_str *plan)
{
    int count = 0;
    bool is_by_word = false;
    for (int i = 0; table->is_within && i < info->nConstraint && count < GATE_WORD_LIMIT; i++) {
        char code = word_code_of(info, i);
        if (!code)
            continue;
        sqlite3_str_appendf(plan, " %c%d", code, info->aConstraint[i].iColumn);
        info->aConstraintUsage[i].argvIndex = ++count;
        is_by_word |= code != WORD_LIKE && code != WORD_GLOB;
        info->idxNum = PLAN_WORDS;
    }
    return is_by_word;
}

/** Takes over the conditions that codes stand for; false: that cannot be done as it is. */
static bool choose_codes(const struct gate_table *table, sqlite3_index_info *info, char *codes)
{
    int count = 0;
    bool is_one = false;
    for (int i = 0; i < info->nConstraint; i++) {
        int code = code_of(table, info, i);
        bool is_needed = code && code != PLAN_ID && code != PLAN_PATH;
        if (is_needed && (!info->aConstraint[i].usable || count == GATE_PLAN_LIMIT))
            return false; /* nobody else can judge it */
        if (!code || !info->aConstraint[i].usable || count == GATE_PLAN_LIMIT ||
            (is_one && !is_needed))
            continue;
        is_one |= !is_needed;
        codes[count++] = (char)code;
        info->aConstraintUsage[i].argvIndex = count;
        info->aConstraintUsage[i].omit = is_needed;
    }
    return true;
}

static int choose_plan(sqlite3_vtab *base, sqlite3_index_info *info)
{
    const struct gate_table *table = (const struct gate_table *)base;
    char codes[GATE_PLAN_LIMIT + 1] = {0};
    if (!choose_codes(table, info, codes))
        return SQLITE_CONSTRAINT;
    sqlite3_str *plan = sqlite3_str_new(NULL);
    bool is_by_word = false;
    info->idxNum = is_bare(table, info, codes) ? PLAN_BARE : PLAN_ROWS;
    sqlite3_str_appendf(plan, "%s %llx", codes, (unsigned long long)info->colUsed);
    if (!*codes && info->idxNum == PLAN_ROWS)
        is_by_word = choose_words(table, info, plan);
    info->idxStr = sqlite3_str_finish(plan);
    info->needToFreeIdxStr = 1;
    estimate(info, codes, is_by_word);
    return info->idxStr ? SQLITE_OK : SQLITE_NOMEM;
}

const sqlite3_module gate_module = {
    .iVersion = 1,
    .xCreate = create_table,
    .xConnect = connect_table,
    .xBestIndex = choose_plan,
    .xDisconnect = disconnect_table,
    .xDestroy = disconnect_table,
    .xOpen = gate_cursor_open,
    .xClose = gate_cursor_close,
    .xFilter = gate_cursor_filter,
    .xNext = gate_cursor_next,
    .xEof = gate_cursor_eof,
    .xColumn = gate_cursor_column,
    .xRowid = gate_cursor_rowid,
    .xFindFunction = gate_find_function,
};

enum nexus_status gate_register_tables(struct gate *gate, struct nexus_error *err)
{
    if (sqlite3_create_module_v2(gate->outer, "shared", &gate_module, gate, NULL) != SQLITE_OK)
        return fail_sqlite(err, gate->outer, NULL);
    return NEXUS_OK;
}

static enum nexus_status make_table(struct gate *gate, const char *name, struct nexus_error *err)
{
    char *sql = sqlite3_mprintf("CREATE VIRTUAL TABLE \"%w\" USING shared", name);
    enum nexus_status status =
        sql ? connection_run(gate->outer, str_of(sql), err) : fail_no_memory(err);
    sqlite3_free(sql);
    return status;
}

enum nexus_status gate_make_tables(struct gate *gate, struct nexus_error *err)
{
    for (size_t i = 0; i < KIND_COUNT; i++)
        TRY(make_table(gate, kinds[i].name, err));
    return NEXUS_OK;
}

enum nexus_status gate_drop_views(struct gate *gate, struct nexus_error *err)
{
    static const char *const question =
        "SELECT group_concat(printf('DROP TABLE \"%w\";', name), '') FROM sqlite_schema "
        "WHERE rowid > ?1";
    sqlite3_stmt *drops = NULL;
    if (sqlite3_prepare_v2(gate->outer, question, -1, &drops, NULL) != SQLITE_OK)
        return fail_sqlite(err, gate->outer, NULL);
    sqlite3_bind_int(drops, 1, KIND_COUNT);
    const char *text =
        sqlite3_step(drops) == SQLITE_ROW ? (const char *)sqlite3_column_text(drops, 0) : NULL;
    char *script = text ? sqlite3_mprintf("%s", text) : NULL;
    sqlite3_finalize(drops);
    if (!text)
        return NEXUS_OK;
    enum nexus_status status =
        script ? connection_run(gate->outer, str_of(script), err) : fail_no_memory(err);
    sqlite3_free(script);
    return status;
}

enum nexus_status gate_make_view(struct gate *gate, const char *name, bool *ret_made,
                                 struct nexus_error *err)
{
    sqlite3_stmt *views = NULL;
    if (gate_prepare(gate, "all", gate_statement("view"), &views) != SQLITE_OK)
        return fail_sqlite(err, gate->inner, NULL);
    sqlite3_bind_text(views, 1, name, -1, SQLITE_STATIC);
    enum nexus_status status = NEXUS_OK;
    bool is_there = sqlite3_step(views) == SQLITE_ROW;
    if (is_there)
        status = make_table(gate, (const char *)sqlite3_column_text(views, 0), err);
    if (sqlite3_finalize(views) != SQLITE_OK && status == NEXUS_OK)
        status = fail_sqlite(err, gate->inner, NULL);
    if (status == NEXUS_OK)
        *ret_made = is_there;
    return status;
}

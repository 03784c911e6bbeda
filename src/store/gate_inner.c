// SPDX-License-Identifier: MIT
/* The statement on the inner connection that reads a table of the gate. All that the foreign
 * statement says are the values of its parameters. */
#include "store/gate_internal.h"

#include <stdlib.h>

bool gate_is_match(char code)
{
    return code == PLAN_MATCH || (code >= PLAN_COLUMN && code < PLAN_COLUMN + SEARCH_COLUMNS);
}

void gate_add_conditions(struct strbuf *sql, const char *codes)
{
    static const char *const columns[SEARCH_COLUMNS] = {"body", "title", "tags", "path"};
    for (int i = 0; codes[i]; i++) {
        if (codes[i] == PLAN_MATCH)
            strbuf_addf(sql, " AND search MATCH ?%d", FIRST_PARAMETER + i);
        else if (gate_is_match(codes[i]))
            strbuf_addf(sql, " AND search.%s MATCH ?%d", columns[codes[i] - PLAN_COLUMN],
                        FIRST_PARAMETER + i);
    }
}

static void add_name(struct strbuf *sql, const char *name)
{
    strbuf_add_char(sql, '"');
    for (; *name; name++)
        strbuf_add_text(sql, *name == '"' ? "\"\"" : (char[]){*name, 0});
    strbuf_add_char(sql, '"');
}

bool gate_has_match(const char *codes)
{
    while (*codes && *codes != ' ' && !gate_is_match(*codes))
        codes++;
    return gate_is_match(*codes);
}

const char *gate_object_code(const char *plan)
{
    const char *code = plan + strcspn(plan, (char[]){PLAN_ID, PLAN_PATH, ' ', 0});
    return *code == PLAN_ID || *code == PLAN_PATH ? code : NULL;
}

/** The columns that the foreign statement looks at. In SQLite's mask the last bit stands for all
 * columns from there on. */
static void add_columns(struct strbuf *sql, struct gate_cursor *cursor, unsigned long long is_used)
{
    const struct gate_table *table = (const struct gate_table *)cursor->base.pVtab;
    strbuf_add_text(sql, "SELECT nx_id");
    int place = 0;
    for (int i = 0; i < table->column_count; i++) {
        cursor->places[i] = is_used >> (i < 63 ? i : 63) & 1 ? ++place : 0;
        if (!cursor->places[i])
            continue;
        strbuf_add_text(sql, ", ");
        add_name(sql, table->columns[i]);
    }
}

/** Which column of the table's index is said to be equal to something, as the index compares: a
 * bit. */
static unsigned index_bit(const struct gate_table *table, char code, int column)
{
    for (int i = 0; i < GATE_INDEX_LIMIT; i++)
        if (column == table->index_columns[i] && code == table->index_codes[i])
            return 1U << i;
    return 0;
}

bool gate_has_index(const struct gate_table *table, const char *said, unsigned words)
{
    unsigned wanted = 0, found = 0;
    for (int i = 0; i < GATE_INDEX_LIMIT; i++)
        wanted |= (table->index_columns[i] >= 0 ? 1U : 0U) << i;
    for (; *said; words >>= 1) {
        char *end, code = said[1];
        int column = (int)strtol(said + 2, &end, 10);
        if (words & 1U)
            found |= index_bit(table, code, column);
        said = end;
    }
    return wanted && found == wanted;
}

/** Asks of the rows what is said of them; SQLite asks it of each again. The + leaves the vault's
 * indexes out of it: they hold what is not shared, too. Where an index has the rows of a range of
 * objects side by side it is used. */
static void add_words(struct strbuf *sql, const struct gate_cursor *cursor, const char *said)
{
    const struct gate_table *table = (const struct gate_table *)cursor->base.pVtab;
    bool is_quick = gate_has_index(table, said, cursor->words);
    for (int i = 0; *said; i++) {
        char *end, code = said[1];
        int column = (int)strtol(said + 2, &end, 10);
        said = end;
        if (!(cursor->words >> i & 1U))
            continue;
        bool is_pattern = code == WORD_LIKE || code == WORD_GLOB;
        strbuf_add_text(sql, is_quick && index_bit(table, code, column) ? " AND " : " AND +");
        add_name(sql, table->columns[column]);
        if (is_pattern)
            strbuf_addf(sql, " %s ?%d", code == WORD_LIKE ? "LIKE" : "GLOB", FIRST_PARAMETER + i);
        else
            strbuf_addf(sql, " = ?%d COLLATE %s", FIRST_PARAMETER + i,
                        code == WORD_BINARY ? "BINARY" : "NOCASE");
    }
}

bool gate_is_match_of_one(const struct gate_cursor *cursor)
{
    return gate_has_match(cursor->codes) && gate_object_code(cursor->codes);
}

int gate_cursor_prepare(struct gate_cursor *cursor, const char *plan)
{
    struct gate_table *table = (struct gate_table *)cursor->base.pVtab;
    size_t length = strcspn(plan, " ");
    memcpy(cursor->codes, plan, length);
    cursor->codes[length] = '\0';
    char *end;
    STRBUF_SCOPED sql = {0};
    add_columns(&sql, cursor, strtoull(plan + length, &end, 16));
    strbuf_add_text(&sql, " FROM (");
    if (gate_has_match(cursor->codes))
        strbuf_add(&sql, gate_statement("search_match"));
    else
        strbuf_add_text(&sql, table->statement);
    gate_add_conditions(&sql, cursor->codes);
    if (gate_is_match_of_one(cursor))
        strbuf_add_text(&sql, " AND search.rowid = ?1");
    strbuf_add_text(&sql, ") WHERE TRUE");
    add_words(&sql, cursor, end);
    cursor->plan = sqlite3_mprintf("%s", plan);
    if (sql.failed || !cursor->plan)
        return SQLITE_NOMEM;
    int code = gate_prepare(table->gate, cursor->is_wanted ? "wanted" : "all", strbuf_str(&sql),
                            &cursor->statement);
    if (code == SQLITE_OK && cursor->is_wanted)
        code = sqlite3_bind_pointer(cursor->statement, 1, &cursor->wanted, GATE_WANTED, NULL);
    return code;
}

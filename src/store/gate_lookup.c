// SPDX-License-Identifier: MIT
/*
 * Finding shared objects by a word that stands in one of their columns: `tag = 'garden'`.
 *
 * The vault's own indexes hold what is hidden, too: how long a look into one of them takes would
 * tell of it, unless it has the rows of a range of objects side by side. So the gate makes one of
 * what is shared alone: a sorted list of the words' hashes with the objects that have them, made
 * when a column is asked for the second time, and kept as long as the decisions are.
 *
 * It finds at least the objects whose word is equal, whichever way the foreign statement compares:
 * SQLite judges the condition again on each row. That holds for words that are no numbers and look
 * like none; for others nothing is found out, and all that is shared is gone through.
 */
#include "store/gate_internal.h"

#include <stdlib.h>

enum { LOOKUP_LIMIT = 16 }; /* columns that are remembered at a time */

struct gate_lookup {
    struct gate_lookup *next;
    char *table;
    int column;
    bool is_known;
    struct gate_finding *findings; /* by word and id */
    size_t count, capacity;
};

/** The hash of a word without the case of ASCII letters and the spaces behind it; false: it may be
 * equal to a number. */
static bool hash_word(const char *text, size_t length, uint64_t *ret_hash)
{
    uint64_t hash = 14695981039346656037U; /* FNV-1a */
    while (length && text[length - 1] == ' ')
        length--;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        hash = (hash ^ (byte >= 'A' && byte <= 'Z' ? byte | 0x20U : byte)) * 1099511628211U;
    }
    *ret_hash = hash;
    return length && !strchr("0123456789+-. \t\n\v\f\r", text[0]);
}

static bool hash_value(sqlite3_value *value, uint64_t *ret_hash)
{
    if (sqlite3_value_type(value) != SQLITE_TEXT)
        return false;
    const char *text = (const char *)sqlite3_value_text(value);
    return text && hash_word(text, (size_t)sqlite3_value_bytes(value), ret_hash);
}

bool gate_is_word(sqlite3_value *value)
{
    uint64_t hash;
    return hash_value(value, &hash) &&
           sqlite3_stricmp((const char *)sqlite3_value_text(value), "Inf") != 0;
}

static int by_word(const void *a, const void *b)
{
    const struct gate_finding *first = a, *second = b;
    if (first->word != second->word)
        return first->word < second->word ? -1 : 1;
    return (first->id > second->id) - (first->id < second->id);
}

/** Sorts, and leaves of each object one finding a word. */
static void arrange(struct gate_lookup *lookup)
{
    size_t kept = 0;
    if (lookup->count)
        qsort(lookup->findings, lookup->count, sizeof *lookup->findings, by_word);
    for (size_t i = 0; i < lookup->count; i++)
        if (!kept || by_word(&lookup->findings[kept - 1], &lookup->findings[i]) != 0)
            lookup->findings[kept++] = lookup->findings[i];
    lookup->count = kept;
}

static int keep(struct gate_lookup *lookup, sqlite3_stmt *row)
{
    struct gate_finding finding = {.id = sqlite3_column_int64(row, 1)};
    const char *text = (const char *)sqlite3_column_text(row, 0);
    if (!text || !hash_word(text, (size_t)sqlite3_column_bytes(row, 0), &finding.word))
        return SQLITE_OK;
    if (!array_reserve(&lookup->findings, &lookup->capacity, lookup->count + 1,
                       sizeof *lookup->findings))
        return SQLITE_NOMEM;
    lookup->findings[lookup->count++] = finding;
    return SQLITE_OK;
}

static int learn(struct gate_lookup *lookup, const struct gate_table *table)
{
    sqlite3_stmt *rows = NULL;
    char *sql = sqlite3_mprintf("SELECT \"%w\", nx_id FROM (%s)", table->columns[lookup->column],
                                table->statement);
    int code = sql ? gate_prepare(table->gate, "all", str_of(sql), &rows) : SQLITE_NOMEM;
    sqlite3_free(sql);
    lookup->count = 0;
    while (code == SQLITE_OK && (code = sqlite3_step(rows)) == SQLITE_ROW)
        code = keep(lookup, rows);
    sqlite3_finalize(rows);
    if (code != SQLITE_DONE)
        return code;
    arrange(lookup);
    lookup->is_known = true;
    return SQLITE_OK;
}

static void free_lookup(struct gate_lookup *lookup)
{
    sqlite3_free(lookup->table);
    free(lookup->findings);
    free(lookup);
}

/** The one of that column. One that was not there before is asked for the first time, as is each
 * when there are too many. */
static struct gate_lookup *find_lookup(const struct gate_table *table, int column)
{
    struct gate *gate = table->gate;
    int count = 0;
    for (struct gate_lookup *lookup = gate->lookups; lookup; lookup = lookup->next, count++)
        if (lookup->column == column && strcmp(lookup->table, table->name) == 0)
            return lookup;
    struct gate_lookup *lookup = count < LOOKUP_LIMIT ? calloc(1, sizeof *lookup) : NULL;
    if (!lookup)
        return NULL;
    *lookup = (struct gate_lookup){
        .next = gate->lookups, .table = sqlite3_mprintf("%s", table->name), .column = column};
    if (lookup->table)
        gate->lookups = lookup;
    else
        free_lookup(lookup);
    return NULL;
}

/** The first finding that is not before that word. */
static size_t lower_bound(const struct gate_lookup *lookup, uint64_t word)
{
    size_t low = 0, high = lookup->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (lookup->findings[middle].word < word)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int gate_look_up(const struct gate_table *table, int column, sqlite3_value *value,
                 struct gate_findings *ret_findings, bool *ret_known)
{
    struct gate_lookup *lookup;
    uint64_t word;
    *ret_known = false;
    if (!hash_value(value, &word) || !(lookup = find_lookup(table, column)))
        return SQLITE_OK;
    int code = lookup->is_known ? SQLITE_OK : learn(lookup, table);
    if (code != SQLITE_OK)
        return code;
    size_t first = lower_bound(lookup, word), end = first;
    while (end < lookup->count && lookup->findings[end].word == word)
        end++;
    *ret_findings = (struct gate_findings){lookup->findings + first, end - first};
    *ret_known = true;
    return SQLITE_OK;
}

void gate_forget_lookups(struct gate *gate)
{
    while (gate->lookups) {
        struct gate_lookup *lookup = gate->lookups;
        gate->lookups = lookup->next;
        free_lookup(lookup);
    }
}

// SPDX-License-Identifier: MIT
/* The indexes on properties that schemas want (x-nexus.index): which there are to be, and which
 * there are. */
#include "store/internal.h"
#include "store/view.h"

static enum nexus_status change_index(struct store *store, enum statement statement,
                                      int64_t schema_id, struct str property,
                                      struct nexus_error *err)
{
    char *name = property_index_name(property);
    if (!name)
        return fail_no_memory(err);
    QUERY_SCOPED query = {0};
    enum nexus_status status = query_open(&query, &store->statements, statement, err);
    if (status == NEXUS_OK) {
        query_integer(&query, schema_id);
        query_text(&query, property);
        if (statement == SQL_index_add)
            query_text(&query, str_of(name));
        status = query_run(&query, err);
    }
    sqlite3_free(name);
    return status;
}

static bool is_wanted(const struct binding *binding, struct str property)
{
    for (size_t i = 0; i < binding->index_count; i++)
        if (str_equal(binding->indexes[i], property))
            return true;
    return false;
}

enum nexus_status property_indexes_record(struct store *store, int64_t schema_id,
                                          const struct binding *binding, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_index_of_schema, err));
    query_integer(&query, schema_id);
    for (bool row;;) {
        TRY(query_next(&query, &row, err));
        if (!row)
            break;
        struct str property = column_text(&query, 0);
        if (!is_wanted(binding, property))
            TRY(change_index(store, SQL_index_delete, schema_id, property, err));
    }
    for (size_t i = 0; i < binding->index_count; i++)
        TRY(change_index(store, SQL_index_add, schema_id, binding->indexes[i], err));
    return NEXUS_OK;
}

/** The first column of the first row, of a query that is asked anew after each answer was dealt
 *  with: indexes cannot be made while a statement reads the list of them. */
static enum nexus_status first_text(struct store *store, enum statement statement,
                                    struct strbuf *text, bool *ret_found, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    strbuf_reset(text);
    TRY(query_open(&query, &store->statements, statement, err));
    TRY(query_next(&query, ret_found, err));
    if (*ret_found)
        strbuf_add(text, column_text(&query, 0));
    return text->failed ? fail_no_memory(err) : NEXUS_OK;
}

enum nexus_status property_indexes_make(struct store *store, struct nexus_error *err)
{
    STRBUF_SCOPED text = {0};
    for (bool found;;) {
        TRY(first_text(store, SQL_index_missing, &text, &found, err));
        if (!found)
            break;
        TRY(store_run_sql(store, property_index_definition(strbuf_str(&text)), err));
    }
    for (bool found;;) {
        TRY(first_text(store, SQL_index_unused, &text, &found, err));
        if (!found)
            return NEXUS_OK;
        TRY(store_run_sql(store, sqlite3_mprintf("DROP INDEX \"%w\"", text.at), err));
    }
}

// SPDX-License-Identifier: MIT
#include "store/schema_edits.h"

#include "store/internal.h"

static struct store_schema_edit read_edit(const struct query *query, struct arena *arena)
{
    struct str name = column_copy(query, 1, arena);
    struct str registered = column_copy(query, 3, arena);
    bool was_registered = registered.length > 0;
    return (struct store_schema_edit){
        .kind = !was_registered                ? SCHEMA_EDIT_INSERTED
                : !name.length                 ? SCHEMA_EDIT_DELETED
                : !str_equal(name, registered) ? SCHEMA_EDIT_RENAMED
                                               : SCHEMA_EDIT_CHANGED,
        .id = column_integer(query, 0),
        .name = was_registered ? registered : name,
        .definition_json = column_copy(query, 2, arena),
    };
}

enum nexus_status store_schema_edits(struct store *store, struct arena *arena,
                                     struct store_schema_edit **ret_edits, size_t *ret_count,
                                     struct nexus_error *err)
{
    struct store_schema_edit *edits = NULL;
    size_t count = 0, capacity = 0;
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_schema_edits, err));
    for (bool row;;) {
        TRY(query_next(&query, &row, err));
        if (!row)
            break;
        if (!arena_reserve(arena, &edits, &capacity, count + 1, sizeof *edits))
            return fail_no_memory(err);
        edits[count++] = read_edit(&query, arena);
    }
    *ret_edits = edits;
    *ret_count = count;
    return arena->failed ? fail_no_memory(err) : NEXUS_OK;
}

enum nexus_status store_schema_restore(struct store *store, const struct store_schema_edit *edit,
                                       struct nexus_error *err)
{
    if (edit->kind == SCHEMA_EDIT_INSERTED) {
        int64_t objects;
        TRY(schema_count_objects(store, edit->id, &objects, err));
        return objects ? NEXUS_OK : store_run_on(store, SQL_schema_delete, edit->id, err);
    }
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_schema_restore, err));
    query_integer(&query, edit->id);
    query_text(&query, edit->name);
    return query_run(&query, err);
}

enum nexus_status store_schema_refused(struct store *store, struct str path, struct str definition,
                                       struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_schema_refused, err));
    query_text(&query, str_of(store->now));
    query_text(&query, path);
    query_text(&query, definition);
    return query_run(&query, err);
}

// SPDX-License-Identifier: MIT
#include "store/internal.h"
#include "store/notes.h"

static const char *severity_name(enum problem_severity severity)
{
    return severity == PROBLEM_ERROR ? "error" : "warning";
}

static enum nexus_status insert(struct store *store, struct str path, const struct problem *problem,
                                struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_problem_insert, err));
    query_text(&query, path);
    query_id(&query, problem->line);
    query_id(&query, problem->column);
    query_text(&query, problem->pointer);
    query_text(&query, str_of(problem->keyword));
    query_text(&query, str_of(severity_name(problem->severity)));
    query_text(&query, problem->message);
    query_text_if_any(&query, problem->schema_uri);
    query_integer(&query, problem->start);
    query_integer(&query, problem->end);
    return query_run(&query, err);
}

static bool is_same(const struct query *row, const struct problem *problem)
{
    return column_integer(row, 0) == problem->line && column_integer(row, 1) == problem->column &&
           str_equal(column_text(row, 2), problem->pointer) &&
           str_is(column_text(row, 3), problem->keyword) &&
           str_is(column_text(row, 4), severity_name(problem->severity)) &&
           str_equal(column_text(row, 5), problem->message) &&
           str_equal(column_text(row, 6), problem->schema_uri) &&
           column_integer(row, 7) == problem->start && column_integer(row, 8) == problem->end;
}

/** Whether these are the file's problems already: a file that is looked at again and again, as one
 * that cannot be read is, must not make a write each time. */
static enum nexus_status are_known(struct store *store, struct str path,
                                   const struct problem_list *problems, bool *ret_known,
                                   struct nexus_error *err)
{
    size_t count = problems ? problems->count : 0, met = 0;
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_problems_of, err));
    query_text(&query, path);
    for (bool row;;) {
        TRY(query_next(&query, &row, err));
        if (!row || met == count || !is_same(&query, &problems->items[met])) {
            *ret_known = !row && met == count;
            return NEXUS_OK;
        }
        met++;
    }
}

enum nexus_status store_problems_put(struct store *store, struct str path,
                                     const struct problem_list *problems, struct nexus_error *err)
{
    bool is_known = false;
    TRY(are_known(store, path, problems, &is_known, err));
    if (is_known)
        return NEXUS_OK;
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_problems_delete, err));
    query_text(&query, path);
    TRY(query_run(&query, err));
    for (size_t i = 0; problems && i < problems->count; i++)
        TRY(insert(store, path, &problems->items[i], err));
    return NEXUS_OK;
}

enum nexus_status store_problem_drop(struct store *store, struct str path, const char *keyword,
                                     struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_problem_drop, err));
    query_text(&query, path);
    query_text(&query, str_of(keyword));
    return query_run(&query, err);
}

enum nexus_status store_problem_tell(struct store *store, struct str path,
                                     const struct problem *problem, struct nexus_error *err)
{
    TRY(store_problem_drop(store, path, problem->keyword, err));
    return insert(store, path, problem, err);
}

static enum nexus_status read_paths(struct query *query, struct arena *arena,
                                    struct str **ret_paths, size_t *ret_count,
                                    struct nexus_error *err)
{
    struct str *paths = NULL;
    size_t count = 0, capacity = 0;
    for (bool row;;) {
        TRY(query_next(query, &row, err));
        if (!row)
            break;
        if (!arena_reserve(arena, &paths, &capacity, count + 1, sizeof *paths))
            return fail_no_memory(err);
        paths[count++] = column_copy(query, 0, arena);
    }
    *ret_paths = paths;
    *ret_count = count;
    return arena->failed ? fail_no_memory(err) : NEXUS_OK;
}

enum nexus_status store_problem_paths(struct store *store, const char *keyword, struct arena *arena,
                                      struct str **ret_paths, size_t *ret_count,
                                      struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_problem_paths, err));
    query_text(&query, str_of(keyword));
    return read_paths(&query, arena, ret_paths, ret_count, err);
}

enum nexus_status store_schema_problem_paths(struct store *store, struct arena *arena,
                                             struct str **ret_paths, size_t *ret_count,
                                             struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_schema_problem_paths, err));
    return read_paths(&query, arena, ret_paths, ret_count, err);
}

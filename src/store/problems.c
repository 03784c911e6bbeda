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

enum nexus_status store_problems_put(struct store *store, struct str path,
                                     const struct problem_list *problems, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_problems_delete, err));
    query_text(&query, path);
    TRY(query_run(&query, err));
    for (size_t i = 0; problems && i < problems->count; i++)
        TRY(insert(store, path, &problems->items[i], err));
    return NEXUS_OK;
}

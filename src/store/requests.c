// SPDX-License-Identifier: MIT
#include "store/internal.h"
#include "store/writes.h"

static const char *const kind_names[] = {
    [REQUEST_APPLY] = "apply",
    [REQUEST_DISCARD] = "discard",
    [REQUEST_UNDO] = "undo",
    [REQUEST_RESOLVE] = "resolve",
};

const char *request_kind_name(enum request_kind kind)
{
    return kind_names[kind];
}

enum nexus_status store_request_next(struct store *store, int64_t after, struct arena *arena,
                                     struct store_request *ret_request, bool *ret_found,
                                     struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_request_next, err));
    query_integer(&query, after);
    TRY(query_next(&query, ret_found, err));
    if (!*ret_found)
        return NEXUS_OK;
    struct store_request request = {
        .id = column_integer(&query, 0),
        .argument = column_integer(&query, 2),
        .choice = column_copy(&query, 3, arena),
    };
    while (request.kind < REQUEST_RESOLVE &&
           !str_is(column_text(&query, 1), kind_names[request.kind]))
        request.kind++;
    *ret_request = request;
    return arena->failed ? fail_no_memory(err) : NEXUS_OK;
}

enum nexus_status store_request_answer(struct store *store, int64_t id, struct str answer,
                                       uint64_t done, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_request_answer, err));
    query_integer(&query, id);
    query_text(&query, answer);
    query_integer(&query, (int64_t)done);
    return query_run(&query, err);
}

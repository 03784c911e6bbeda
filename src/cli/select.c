// SPDX-License-Identifier: MIT
#include "cli/select.h"

#include "base/arena.h"
#include "base/glob.h"
#include "base/unicode.h"
#include "cli/ask.h"
#include "cli/find.h"

#include <stdlib.h>

void object_ids_finish(struct object_ids *ids)
{
    free(ids->at);
    *ids = (struct object_ids){0};
}

static enum nexus_status add(struct object_ids *ids, int64_t id, struct nexus_error *err)
{
    if (!array_reserve(&ids->at, &ids->capacity, ids->count + 1, sizeof *ids->at))
        return fail_no_memory(err);
    ids->at[ids->count++] = id;
    return NEXUS_OK;
}

bool selection_is_empty(const struct selection *selection)
{
    return !selection->where && !selection->path && !selection->tag && !selection->schema;
}

static enum nexus_status check_pattern(const char *pattern, struct nexus_error *err)
{
    const char *mistake = pattern ? glob_check(str_of(pattern)) : NULL;
    return mistake ? fail(err, NEXUS_ERROR_ARGUMENT, "the pattern '%s' makes no sense: %s", pattern,
                          mistake)
                   : NEXUS_OK;
}

/** The objects for which a condition of the user's own holds, in order of their ids. */
static enum nexus_status select_where(struct invocation *call, const char *where,
                                      struct object_ids *ids, struct nexus_error *err)
{
    STRBUF_SCOPED sql = {0};
    ROWS_SCOPED *rows = NULL;
    /* The line ends a comment that the condition may end with. */
    strbuf_addf(&sql, "SELECT id FROM objects WHERE (%s\n) ORDER BY id", where);
    if (sql.failed)
        return fail_no_memory(err);
    enum nexus_status status = nexus_query(call->reader, sql.at, &rows, err);
    if (status == NEXUS_ERROR_REFUSED)
        err->status = status = NEXUS_ERROR_ARGUMENT;
    while (status == NEXUS_OK && row_next(call, rows, &status, err))
        status = add(ids, nexus_rows_integer(rows, 0), err);
    return status;
}

static enum nexus_status start(struct invocation *call, const struct selection *selection,
                               struct nexus_rows **ret_rows, struct nexus_error *err)
{
    STRBUF_SCOPED tag = {0};
    struct str name = str_of(selection->tag ? selection->tag : "");
    if (str_starts_with(name, STR("#")))
        name = str_slice(name, 1, name.length);
    strbuf_add_text(&tag, "");
    unicode_add_folded(&tag, name);
    if (tag.failed)
        return fail_no_memory(err);
    TRY(ask(call, "permit", "selected", ret_rows, err));
    TRY(nexus_rows_bind_text(*ret_rows, ":tag", tag.at ? tag.at : "", err));
    return nexus_rows_bind_text(*ret_rows, ":schema", selection->schema ? selection->schema : "",
                                err);
}

/** Both lists are in order. */
static bool is_among(const struct object_ids *ids, int64_t id, size_t *next)
{
    while (*next < ids->count && ids->at[*next] < id)
        ++*next;
    return *next < ids->count && ids->at[*next] == id;
}

enum nexus_status select_objects(struct invocation *call, const struct selection *selection,
                                 struct object_ids *ids, struct nexus_error *err)
{
    OBJECT_IDS_SCOPED where = {0};
    ROWS_SCOPED *rows = NULL;
    size_t next = 0;
    TRY(check_pattern(selection->path, err));
    if (selection->where)
        TRY(select_where(call, selection->where, &where, err));
    TRY(start(call, selection, &rows, err));
    enum nexus_status status = NEXUS_OK;
    while (status == NEXUS_OK && row_next(call, rows, &status, err)) {
        int64_t id = nexus_rows_integer(rows, 0);
        bool is_wanted =
            (!selection->where || is_among(&where, id, &next)) &&
            (!selection->path || glob_match(str_of(selection->path), row_text(rows, 1)));
        if (is_wanted)
            status = add(ids, id, err);
    }
    return status;
}

enum nexus_status select_named(struct invocation *call, struct object_ids *ids,
                               struct nexus_error *err)
{
    for (int i = 0; i < call->operand_count; i++) {
        int64_t id;
        TRY(find_object(call, call->operands[i], &id, err));
        if (id)
            TRY(add(ids, id, err));
    }
    return NEXUS_OK;
}

// SPDX-License-Identifier: MIT
/* Files that go: to another path, or for good. */
#include "store/files.h"

#include "store/internal.h"

static enum nexus_status path_of(struct store *store, int64_t id, struct arena *arena,
                                 struct str *ret_path, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool found;
    TRY(query_open(&query, &store->statements, SQL_file_by_id, err));
    query_integer(&query, id);
    TRY(query_next(&query, &found, err));
    if (!found)
        return fail(err, NEXUS_ERROR_NOT_FOUND, "no file %lld is known", (long long)id);
    *ret_path = column_copy(&query, 1, arena);
    return arena->failed ? fail_no_memory(err) : NEXUS_OK;
}

typedef enum nexus_status name_alias_action(struct store *store, int64_t file_id, struct str path,
                                            struct str alias, struct nexus_error *err);

/** The names of a file at `path`: its own, and those that its note calls itself. */
static enum nexus_status for_each_alias(struct store *store, int64_t file_id, struct str path,
                                        name_alias_action *action, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_aliases_of_file, err));
    query_integer(&query, file_id);
    for (bool row;;) {
        TRY(query_next(&query, &row, err));
        if (!row)
            return NEXUS_OK;
        TRY(action(store, file_id, path, column_text(&query, 0), err));
    }
}

static enum nexus_status run_with_path(struct store *store, enum statement statement, int64_t id,
                                       struct str path, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, statement, err));
    query_integer(&query, id);
    query_text(&query, path);
    return query_run(&query, err);
}

static enum nexus_status move_problems(struct store *store, struct str from, struct str to,
                                       struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_problems_move, err));
    query_text(&query, from);
    query_text(&query, to);
    return query_run(&query, err);
}

static enum nexus_status tell_move(struct store *store, const struct query *object, struct str from,
                                   enum change_origin origin, struct nexus_error *err)
{
    STRBUF_SCOPED old_path = {0};
    strbuf_add(&old_path, from);
    if (!column_is_null(object, 3)) {
        strbuf_add_char(&old_path, '#');
        strbuf_add(&old_path, column_text(object, 3));
    }
    if (old_path.failed)
        return fail_no_memory(err);
    int64_t id = column_integer(object, 0);
    TRY(links_touch_object(store, id, err));
    if (origin == ORIGIN_SQL)
        return NEXUS_OK; /* the trigger of whoever changed the row has told */
    return feed_add(store, CHANGE_MOVE, origin, id, column_text(object, 1), column_text(object, 2),
                    strbuf_str(&old_path), err);
}

static enum nexus_status move_objects(struct store *store, int64_t id, struct str from,
                                      struct str to, enum change_origin origin,
                                      struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_file_move_objects, err));
    query_integer(&query, id);
    query_text(&query, to);
    for (bool row;;) {
        TRY(query_next(&query, &row, err));
        if (!row)
            break;
        TRY(tell_move(store, &query, from, origin, err));
    }
    return run_with_path(store, SQL_file_move_outbox, id, to, err);
}

/** Takes the file out of the names that links find, and sets its path. */
static enum nexus_status set_path(struct store *store, int64_t id, struct str from, struct str to,
                                  struct nexus_error *err)
{
    TRY(for_each_alias(store, id, from, name_remove_alias, err));
    TRY(name_remove_file(store, id, from, err));
    return run_with_path(store, SQL_file_set_path, id, to, err);
}

static enum nexus_status displace(struct store *store, int64_t id, struct str from, struct str to,
                                  struct nexus_error *err)
{
    TRY(set_path(store, id, from, to, err));
    TRY(run_with_path(store, SQL_file_displace_objects, id, to, err));
    TRY(run_with_path(store, SQL_file_move_outbox, id, to, err));
    return move_problems(store, from, to, err);
}

enum nexus_status store_file_displace(struct store *store, int64_t id, struct nexus_error *err)
{
    struct arena arena = {0};
    struct str from;
    enum nexus_status status = path_of(store, id, &arena, &from, err);
    struct str to = arena_format(&arena, ".nexus-displaced-%lld", (long long)id);
    if (status == NEXUS_OK)
        status = arena.failed ? fail_no_memory(err) : displace(store, id, from, to, err);
    arena_finish(&arena);
    return status;
}

static enum nexus_status move(struct store *store, int64_t id, struct str from,
                              struct str told_from, struct str to, enum change_origin origin,
                              struct nexus_error *err)
{
    TRY(set_path(store, id, from, to, err));
    TRY(move_objects(store, id, told_from, to, origin, err));
    TRY(move_problems(store, from, to, err));
    TRY(name_add_file(store, id, to, err));
    return for_each_alias(store, id, to, name_add_alias, err);
}

static enum nexus_status check_free(struct store *store, struct str path, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool found;
    TRY(query_open(&query, &store->statements, SQL_file_by_path, err));
    query_text(&query, path);
    TRY(query_next(&query, &found, err));
    if (found)
        return fail(err, NEXUS_ERROR_EXISTS, "there is a file '%.*s' already", STR_ARG(path));
    return NEXUS_OK;
}

enum nexus_status store_file_move(struct store *store, int64_t id, struct str told_from,
                                  struct str new_path, enum change_origin origin,
                                  struct nexus_error *err)
{
    struct arena arena = {0};
    struct str old_path = {0};
    store->recent.file_id = 0;
    enum nexus_status status = path_of(store, id, &arena, &old_path, err);
    if (status == NEXUS_OK && !str_equal(old_path, new_path)) {
        status = check_free(store, new_path, err);
        if (status == NEXUS_OK)
            status = move(store, id, old_path, told_from, new_path, origin, err);
    }
    arena_finish(&arena);
    return status;
}

static enum nexus_status check_unused(struct store *store, int64_t id, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool found;
    TRY(query_open(&query, &store->statements, SQL_file_has_objects, err));
    query_integer(&query, id);
    TRY(query_next(&query, &found, err));
    if (found)
        return fail(err, NEXUS_ERROR_REFUSED, "file %lld still holds objects", (long long)id);
    return NEXUS_OK;
}

static enum nexus_status forget(struct store *store, int64_t id, struct str path,
                                struct nexus_error *err)
{
    TRY(check_unused(store, id, err));
    TRY(name_remove_file(store, id, path, err));
    QUERY_SCOPED problems = {0}, file = {0};
    TRY(query_open(&problems, &store->statements, SQL_problems_delete, err));
    query_text(&problems, path);
    TRY(query_run(&problems, err));
    TRY(query_open(&file, &store->statements, SQL_file_delete, err));
    query_integer(&file, id);
    return query_run(&file, err);
}

enum nexus_status store_file_delete(struct store *store, int64_t id, struct nexus_error *err)
{
    struct arena arena = {0};
    struct str path = {0};
    store->recent.file_id = 0;
    enum nexus_status status = path_of(store, id, &arena, &path, err);
    if (status == NEXUS_OK)
        status = forget(store, id, path, err);
    arena_finish(&arena);
    return status;
}

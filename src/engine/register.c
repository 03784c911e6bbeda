// SPDX-License-Identifier: MIT
/*
 * Everything is read and judged before a transaction is opened; then what differs from the
 * `schemas` table is written in one short transaction, and the table is read back.
 */
#include "engine/register.h"

#include "engine/candidates.h"
#include "parse/json.h"
#include "store/notes.h"
#include "validate/binding.h"

/** One candidate into the table. What the store refuses (a view's name that is taken …) is a
 * problem of the candidate, not of the registration. */
static enum nexus_status write_candidate(struct store *store, struct candidate *candidate,
                                         struct nexus_error *err)
{
    if (candidate->is_good && candidate->is_changed) {
        struct nexus_error reason = {0};
        int64_t id;
        enum nexus_status status = store_schema_put(store, candidate->name, candidate->text,
                                                    &candidate->binding, &id, &reason);
        if (status != NEXUS_OK && status != NEXUS_ERROR_INVALID)
            return fail(err, status, "%s", reason.message);
        if (status == NEXUS_ERROR_INVALID) {
            problem_add(&candidate->problems, PROBLEM_ERROR, "schema", 0, 0, "%s", reason.message);
            problem_list_locate(&candidate->problems, candidate->text);
        }
    }
    if (!candidate->path.length)
        return NEXUS_OK;
    return store_problems_put(store, candidate->path, &candidate->problems, err);
}

static bool needs_writing(const struct candidate *candidate)
{
    return candidate->is_changed || candidate->problems.count;
}

static enum nexus_status write_all(struct store *store, struct candidates *candidates,
                                   struct nexus_error *err)
{
    for (size_t i = 0; i < candidates->count; i++)
        if (needs_writing(&candidates->items[i]))
            TRY(write_candidate(store, &candidates->items[i], err));
    return store_commit(store, err);
}

static enum nexus_status write_candidates(struct store *store, struct candidates *candidates,
                                          int64_t now_ns, struct nexus_error *err)
{
    size_t wanted = 0;
    for (size_t i = 0; i < candidates->count; i++)
        wanted += needs_writing(&candidates->items[i]);
    if (!wanted)
        return NEXUS_OK;
    TRY(store_begin(store, now_ns, err));
    enum nexus_status status = write_all(store, candidates, err);
    if (status != NEXUS_OK)
        store_rollback(store);
    return status;
}

/** A row of the table into memory. One that cannot be read any more is left out: its objects stay
 * as they are until it is registered again. */
static enum nexus_status load_row(struct candidates *candidates, struct registry *registry,
                                  const struct store_schema *row, struct nexus_error *err)
{
    struct problem_list problems;
    problem_list_init(&problems, &candidates->arena);
    if (!json_scan(row->definition_json, &candidates->tape, &problems))
        return NEXUS_OK;
    struct registered *schema = registry_add(registry);
    if (!schema)
        return fail_no_memory(err);
    schema->id = row->id;
    schema->name = arena_copy(&registry->arena, row->name);
    binding_read(&candidates->tape, &registry->arena, &schema->binding, &problems);
    enum nexus_status status =
        schema_compile(candidates->set, schema_uri(row->name, &candidates->arena),
                       SCHEMA_METASCHEMA_TRUSTED, &schema->schema, &problems, err);
    if (status != NEXUS_OK && status != NEXUS_ERROR_INVALID && status != NEXUS_ERROR_LIMIT)
        return status;
    return registry->arena.failed ? fail_no_memory(err) : NEXUS_OK;
}

static enum nexus_status load_all(struct store *store, struct candidates *candidates,
                                  struct registry *registry, struct nexus_error *err)
{
    struct store_schema *rows;
    size_t count;
    TRY(store_schemas_list(store, &candidates->arena, &rows, &count, err));
    for (size_t i = 0; i < count; i++)
        TRY(load_row(candidates, registry, &rows[i], err));
    return NEXUS_OK;
}

static enum nexus_status run(struct store *store, struct candidates *candidates, int nexus_fd,
                             int64_t now_ns, struct registry *registry, struct nexus_error *err)
{
    TRY(candidates_add_built_in(candidates, err));
    TRY(candidates_add_folder(candidates, nexus_fd, err));
    TRY(candidates_judge(candidates, store, err));
    TRY(write_candidates(store, candidates, now_ns, err));
    return load_all(store, candidates, registry, err);
}

enum nexus_status register_all(struct store *store, int nexus_fd, int64_t now_ns,
                               struct registry *registry, struct nexus_error *err)
{
    struct candidates candidates = {0};
    registry_finish(registry);
    enum nexus_status status = run(store, &candidates, nexus_fd, now_ns, registry, err);
    candidates_finish(&candidates);
    return status;
}

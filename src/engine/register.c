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
            candidate->is_good = false;
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

static bool is_anything_to_write(const struct candidates *candidates)
{
    for (size_t i = 0; i < candidates->count; i++)
        if (needs_writing(&candidates->items[i]))
            return true;
    return false;
}

static enum nexus_status write_candidates(struct store *store, struct candidates *candidates,
                                          struct nexus_error *err)
{
    for (size_t i = 0; i < candidates->count; i++)
        if (needs_writing(&candidates->items[i]))
            TRY(write_candidate(store, &candidates->items[i], err));
    return NEXUS_OK;
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

/** Inside a transaction. */
static enum nexus_status write_and_judge(struct store *store, struct candidates *candidates,
                                         unsigned options, struct registry *registry,
                                         struct rejudgement *rejudgement, struct nexus_error *err)
{
    TRY(write_candidates(store, candidates, err));
    TRY(load_all(store, candidates, registry, err));
    TRY(rejudge_all(store, registry, rejudgement, err));
    if ((options & REGISTER_REQUIRE_COMPATIBLE) && rejudgement->became_invalid)
        return fail(err, NEXUS_ERROR_REFUSED, "%llu objects that are valid would become invalid",
                    (unsigned long long)rejudgement->became_invalid);
    return NEXUS_OK;
}

enum nexus_status register_candidates(struct store *store, struct candidates *candidates,
                                      int64_t now_ns, unsigned options, struct registry *registry,
                                      struct rejudgement *rejudgement, struct nexus_error *err)
{
    bool is_stale = false;
    *rejudgement = (struct rejudgement){0};
    registry_finish(registry);
    TRY(candidates_judge(candidates, store, err));
    if (!is_anything_to_write(candidates)) {
        TRY(load_all(store, candidates, registry, err));
        TRY(rejudge_is_needed(store, registry, &is_stale, err));
        if (!is_stale)
            return NEXUS_OK;
        registry_finish(registry);
    }
    TRY(store_begin(store, now_ns, err));
    enum nexus_status status =
        write_and_judge(store, candidates, options, registry, rejudgement, err);
    if (status == NEXUS_OK && !(options & REGISTER_DRY_RUN))
        status = store_commit(store, err);
    if (status != NEXUS_OK || (options & REGISTER_DRY_RUN))
        store_rollback(store);
    return status;
}

enum nexus_status register_all(struct store *store, int nexus_fd, int64_t now_ns,
                               struct registry *registry, struct nexus_error *err)
{
    struct candidates candidates = {0};
    struct rejudgement rejudgement;
    enum nexus_status status = candidates_add_built_in(&candidates, err);
    if (status == NEXUS_OK)
        status = candidates_add_folder(&candidates, nexus_fd, err);
    if (status == NEXUS_OK)
        status = register_candidates(store, &candidates, now_ns, 0, registry, &rejudgement, err);
    candidates_finish(&candidates);
    return status;
}

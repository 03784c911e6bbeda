// SPDX-License-Identifier: MIT
/*
 * Everything is read and judged before a transaction is opened; then what differs from the
 * `schemas` table is written in one short transaction, and the table is read back.
 */
#include "engine/register.h"

#include "engine/schema_edits.h"
#include "parse/json.h"
#include "validate/binding.h"

static enum nexus_status put_candidate(struct store *store, const struct candidate *candidate,
                                       struct nexus_error *err)
{
    int64_t id;
    return candidate->is_reworded ? store_schema_reword(store, candidate->name, candidate->text,
                                                        &candidate->binding, &id, err)
                                  : store_schema_put(store, candidate->name, candidate->text,
                                                     &candidate->binding, &id, err);
}

/** One candidate into the table. What the store refuses (a view's name that is taken …) is a
 * problem of the candidate, not of the registration. */
static enum nexus_status write_candidate(struct store *store, struct candidate *candidate,
                                         struct nexus_error *err)
{
    if (candidate->is_good && candidate->is_changed) {
        struct nexus_error reason = {0};
        enum nexus_status status = put_candidate(store, candidate, &reason);
        if (status != NEXUS_OK && status != NEXUS_ERROR_INVALID)
            return fail(err, status, "%s", reason.message);
        if (status == NEXUS_ERROR_INVALID)
            candidate_refuse(candidate, reason.message);
    }
    if (!candidate->path.length || (candidate->is_edit && !candidate->is_good))
        return NEXUS_OK;
    return store_problems_put(store, candidate->path, &candidate->problems, err);
}

static bool needs_writing(const struct candidate *candidate)
{
    return candidate->is_changed || candidate->problems.count;
}

/** What a path told before is mended when no candidate tells it again. */
static bool is_mended(const struct candidates *candidates, struct str path)
{
    for (size_t i = 0; i < candidates->count; i++)
        if (str_equal(candidates->items[i].path, path) && candidates->items[i].problems.count)
            return false;
    return true;
}

/** Looks for paths whose problems are mended; removes them when `write` is set. */
enum mended { MENDED_LOOK, MENDED_CLEAR };
static enum nexus_status settle_mended(struct store *store, struct candidates *candidates,
                                       enum mended how, bool *ret_found, struct nexus_error *err)
{
    struct str *paths;
    size_t count;
    TRY(store_schema_problem_paths(store, &candidates->arena, &paths, &count, err));
    *ret_found = false;
    for (size_t i = 0; i < count; i++) {
        if (!is_mended(candidates, paths[i]))
            continue;
        *ret_found = true;
        if (how == MENDED_CLEAR)
            TRY(store_problems_put(store, paths[i], NULL, err));
    }
    return NEXUS_OK;
}

static enum nexus_status is_anything_to_write(struct store *store, struct candidates *candidates,
                                              bool *ret_needed, struct nexus_error *err)
{
    *ret_needed = candidates->edit_count > 0;
    for (size_t i = 0; i < candidates->count && !*ret_needed; i++)
        *ret_needed = needs_writing(&candidates->items[i]);
    return *ret_needed ? NEXUS_OK : settle_mended(store, candidates, MENDED_LOOK, ret_needed, err);
}

static enum nexus_status write_candidates(struct store *store, struct candidates *candidates,
                                          struct nexus_error *err)
{
    bool found;
    TRY(settle_mended(store, candidates, MENDED_CLEAR, &found, err));
    TRY(schema_edits_bring_back(store, candidates, err));
    for (size_t i = 0; i < candidates->count; i++)
        if (needs_writing(&candidates->items[i]))
            TRY(write_candidate(store, &candidates->items[i], err));
    return schema_edits_take_back(store, candidates, err);
}

/** A row of the table into memory. One that cannot be read any more is left out: its objects stay
 * as they are until it is registered again. */
static enum nexus_status load_row(struct store *store, struct candidates *candidates,
                                  struct registry *registry, const struct store_schema *row,
                                  struct nexus_error *err)
{
    struct problem_list problems;
    problem_list_init(&problems, &candidates->arena);
    if (!json_scan(row->definition_json, &candidates->tape, &problems))
        return NEXUS_OK;
    struct registered *schema = registry_add(registry);
    if (!schema)
        return fail_no_memory(err);
    schema->id = row->id;
    schema->version = row->version;
    schema->name = arena_copy(&registry->arena, row->name);
    binding_read(&candidates->tape, &registry->arena, &schema->binding, &problems);
    TRY(store_view_expect(store, row->id, row->name, &schema->binding, err));
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
        TRY(load_row(store, candidates, registry, &rows[i], err));
    return NEXUS_OK;
}

/** Inside a transaction. */
static enum nexus_status write_and_judge(struct store *store, struct candidates *candidates,
                                         struct registry *registry, struct rejudgement *rejudgement,
                                         struct nexus_error *err)
{
    TRY(write_candidates(store, candidates, err));
    TRY(load_all(store, candidates, registry, err));
    return rejudge_all(store, registry, rejudgement, err);
}

enum nexus_status register_candidates(struct store *store, struct candidates *candidates,
                                      int64_t now_ns, unsigned options, struct registry *registry,
                                      struct rejudgement *rejudgement, struct nexus_error *err)
{
    bool is_stale = false, is_needed;
    *rejudgement = (struct rejudgement){0};
    registry_finish(registry);
    if (!candidates->set)
        TRY(candidates_judge(candidates, store, err));
    TRY(is_anything_to_write(store, candidates, &is_needed, err));
    if (!is_needed) {
        TRY(load_all(store, candidates, registry, err));
        TRY(rejudge_is_needed(store, registry, &is_stale, err));
        if (!is_stale)
            return NEXUS_OK;
        registry_finish(registry);
    }
    TRY(store_begin(store, now_ns, err));
    enum nexus_status status = write_and_judge(store, candidates, registry, rejudgement, err);
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
        status = candidates_judge(&candidates, store, err);
    if (status == NEXUS_OK)
        status = schema_edits_write_files(&candidates, nexus_fd, err);
    if (status == NEXUS_OK)
        status = register_candidates(store, &candidates, now_ns, 0, registry, &rejudgement, err);
    candidates_finish(&candidates);
    return status;
}

enum nexus_status register_read(struct store *store, struct registry *registry,
                                struct nexus_error *err)
{
    struct candidates none = {0};
    registry_finish(registry);
    enum nexus_status status = candidates_read(&none, store, err);
    if (status == NEXUS_OK)
        status = load_all(store, &none, registry, err);
    candidates_finish(&none);
    return status;
}

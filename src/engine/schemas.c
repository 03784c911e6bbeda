// SPDX-License-Identifier: MIT
/*
 * Adding a schema is a dry run, then its file in `.nexus/schemas/`, then a pass: the pass registers
 * what lies there, as it would for a file that somebody dropped in. So there is one way in, and a
 * crash in between leaves a file that the next pass registers.
 */
#include "engine/schemas.h"

#include "base/embed.h"
#include "base/file.h"
#include "engine/batch.h"
#include "engine/register.h"
#include "engine/schema_edits.h"
#include "engine/sync.h"
#include "engine/vault.h"
#include "store/files.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static enum nexus_status check_name(struct str name, struct nexus_error *err)
{
    if (schema_name_is_good(name))
        return NEXUS_OK;
    return fail(err, NEXUS_ERROR_ARGUMENT,
                "'%.*s' cannot name a schema: use letters, digits, dots, dashes and underscores, "
                "a letter first",
                STR_ARG(name));
}

static bool is_built_in(struct str name)
{
    struct arena arena = {0};
    struct str path = arena_format(&arena, "schemas/%.*s.json", STR_ARG(name));
    bool found = false, is_core = str_starts_with(path, STR("schemas/core."));
    for (const struct embedded_file *file = embedded_files; is_core && file->path && !found; file++)
        found = str_is(path, file->path);
    arena_finish(&arena);
    return found;
}

static void tell_problems(const struct problem_list *problems, nexus_schema_problems *tell,
                          void *context)
{
    for (size_t i = 0; tell && i < problems->count; i++) {
        const struct problem *problem = &problems->items[i];
        struct nexus_schema_problem told = {
            .is_warning = problem->severity == PROBLEM_WARNING,
            .line = problem->line,
            .column = problem->column,
            .pointer = problem->pointer.at ? problem->pointer.at : "",
            .message = problem->message.at,
        };
        tell(context, &told);
    }
}

/** What other schemas would mean for the files: those that are judged anew by reading them. */
struct forecast {
    struct engine *engine;
    const struct registry *registry; /* as it would be */
    struct digest digest;
    struct arena arena;
    struct str *complaints; /* paths of files that ask for a schema in vain */
    size_t complaint_count;
    struct nexus_schema_report *report;
};

static bool is_complaint(const struct forecast *forecast, struct str path)
{
    for (size_t i = 0; i < forecast->complaint_count; i++)
        if (str_equal(forecast->complaints[i], path))
            return true;
    return false;
}

static struct str claimer(const struct registry *registry, struct str path)
{
    const struct registered *rival;
    const struct registered *schema = registry_claim(registry, path, &rival);
    return schema ? schema->name : STR("");
}

/** Whether the file may be another schema's than now. */
static bool may_change_hands(const struct forecast *forecast, struct str path)
{
    return !str_equal(claimer(forecast->registry, path),
                      claimer(&forecast->engine->registry, path)) ||
           is_complaint(forecast, path);
}

static enum nexus_status forecast_file(struct forecast *forecast, const struct file_record *file,
                                       struct nexus_error *err)
{
    struct digest *digest = &forecast->digest;
    struct digest_context context = {
        .root_fd = forecast->engine->root_fd,
        .max_file_bytes = forecast->engine->settings.max_file_bytes,
        .registry = forecast->registry,
    };
    bool was_invalid = file->state == FILE_INVALID;
    if (!was_invalid && (file->state != FILE_SYNCED || !may_change_hands(forecast, file->path)))
        return NEXUS_OK;
    strbuf_reset(&digest->path);
    strbuf_add(&digest->path, file->path);
    TRY(digest_file(digest, &context, NULL, err));
    bool is_whole = digest->outcome == DIGEST_WHOLE;
    if (was_invalid) {
        forecast->report->became_valid += is_whole && digest->record.state == FILE_SYNCED;
        return NEXUS_OK;
    }
    forecast->report->became_invalid += digest->outcome == DIGEST_BROKEN;
    for (size_t i = 0; is_whole && i < digest->object_count; i++) {
        forecast->report->judged++;
        forecast->report->became_invalid += !digest->objects[i].is_valid;
    }
    return NEXUS_OK;
}

static enum nexus_status forecast_files(struct forecast *forecast, struct nexus_error *err)
{
    struct store *store = forecast->engine->store;
    struct store_files *files = NULL;
    const struct file_record *file = NULL;
    TRY(store_problem_paths(store, "schema", &forecast->arena, &forecast->complaints,
                            &forecast->complaint_count, err));
    TRY(store_files_open(store, STR(""), &files, err));
    enum nexus_status status;
    while ((status = store_files_next(files, &file, err)) == NEXUS_OK && file) {
        status = forecast_file(forecast, file, err);
        if (status != NEXUS_OK)
            break;
    }
    store_files_close(files);
    return status;
}

/** Adds to the report what files would become valid, and what of those that change hands invalid.
 */
static enum nexus_status add_forecast(struct engine *engine, const struct registry *registry,
                                      struct nexus_schema_report *report, struct nexus_error *err)
{
    struct forecast forecast = {.engine = engine, .registry = registry, .report = report};
    TRY(digest_init(&forecast.digest, err));
    enum nexus_status status = forecast_files(&forecast, err);
    digest_finish(&forecast.digest);
    arena_finish(&forecast.arena);
    return status;
}

static enum nexus_schema_outcome outcome_of(const struct candidate *candidate)
{
    if (!candidate->row)
        return NEXUS_SCHEMA_ADDED;
    return candidate->is_changed && !candidate->is_reworded ? NEXUS_SCHEMA_CHANGED
                                                            : NEXUS_SCHEMA_UNCHANGED;
}

/** Registers the candidate and takes it back; fills the report. */
static enum nexus_status try_candidate(struct engine *engine, struct candidates *candidates,
                                       struct nexus_schema_report *report, struct nexus_error *err)
{
    struct registry registry = {0};
    struct rejudgement rejudgement;
    enum nexus_status status = register_candidates(engine->store, candidates, engine->now_ns(),
                                                   REGISTER_DRY_RUN, &registry, &rejudgement, err);
    const struct candidate *candidate = &candidates->items[0]; /* edited rows come behind it */
    const struct registered *registered = registry_find(&registry, candidate->name);
    if (status == NEXUS_OK && candidate->is_good && registered) {
        report->outcome = outcome_of(candidate);
        report->version = registered->version;
        report->judged = rejudgement.judged;
        report->became_invalid = rejudgement.became_invalid;
        if (candidate->is_changed)
            status = add_forecast(engine, &registry, report, err);
    }
    registry_finish(&registry);
    return status;
}

static enum nexus_status check_verdict(const struct candidate *candidate, unsigned options,
                                       const struct nexus_schema_report *report,
                                       struct nexus_error *err)
{
    if (!candidate->is_good)
        return fail(err, NEXUS_ERROR_INVALID, "the text for '%.*s' is no good schema",
                    STR_ARG(candidate->name));
    if ((options & NEXUS_SCHEMA_REQUIRE_COMPATIBLE) && report->became_invalid)
        return fail(err, NEXUS_ERROR_REFUSED,
                    "'%.*s' is not registered: objects that are valid would become invalid, %llu "
                    "of them",
                    STR_ARG(candidate->name), (unsigned long long)report->became_invalid);
    return NEXUS_OK;
}

/** What would be, and whether that is allowed. */
static enum nexus_status judge_addition(struct engine *engine, struct candidates *candidates,
                                        unsigned options, nexus_schema_problems *problems,
                                        void *context, struct nexus_schema_report *report,
                                        bool *ret_changed, struct nexus_error *err)
{
    TRY(try_candidate(engine, candidates, report, err));
    tell_problems(&candidates->items[0].problems, problems, context);
    *ret_changed = candidates->items[0].is_changed;
    return check_verdict(&candidates->items[0], options, report, err);
}

/** A pass, so that the registry and the files are what they are. When another program holds the
 * vault, it sees to that; what it has written is read. */
static enum nexus_status get_ready(struct engine *engine, bool *ret_is_served,
                                   struct nexus_error *err)
{
    struct nexus_error reason = {0};
    enum nexus_status status = engine_sync(engine, 0, NULL, NULL, NULL, &reason);
    *ret_is_served = status == NEXUS_ERROR_BUSY;
    if (*ret_is_served)
        return engine_look(engine, err);
    return status == NEXUS_OK ? NEXUS_OK : fail(err, status, "%s", reason.message);
}

enum nexus_status engine_schema_add(struct engine *engine, struct str name, struct str text,
                                    unsigned options, nexus_schema_problems *problems,
                                    void *context, struct nexus_schema_report *report,
                                    struct nexus_error *err)
{
    struct nexus_schema_report found = {0};
    struct candidates candidates = {0};
    bool is_served, is_changed = false;
    TRY(check_name(name, err));
    TRY(get_ready(engine, &is_served, err));
    enum nexus_status status = candidates_add(&candidates, name, STR(""), text, err);
    if (status == NEXUS_OK)
        status = judge_addition(engine, &candidates, options, problems, context, &found,
                                &is_changed, err);
    candidates_finish(&candidates);
    TRY(status);
    if (!(options & NEXUS_SCHEMA_DRY_RUN) && is_changed) {
        TRY(schema_file_write(engine->nexus_fd, name, text, err));
        found.is_handed = is_served;
        if (!is_served)
            TRY(engine_sync(engine, 0, NULL, NULL, NULL, err));
    }
    if (report)
        *report = found;
    return NEXUS_OK;
}

enum nexus_status engine_schema_check(struct engine *engine, struct str name, struct str text,
                                      nexus_schema_problems *problems, void *context,
                                      struct nexus_error *err)
{
    struct nexus_schema_report none = {0};
    struct candidates candidates = {0};
    TRY(check_name(name, err));
    TRY(engine_look(engine, err));
    enum nexus_status status = candidates_add(&candidates, name, STR(""), text, err);
    if (status == NEXUS_OK)
        status = candidates_judge(&candidates, engine->store, err);
    if (status == NEXUS_OK) {
        tell_problems(&candidates.items[0].problems, problems, context);
        status = check_verdict(&candidates.items[0], 0, &none, err);
    }
    candidates_finish(&candidates);
    return status;
}

/** The name of a registered schema that does not compile without this one, or an empty text. */
static enum nexus_status find_dependant(struct engine *engine, struct str name, struct arena *arena,
                                        struct str *ret_name, struct nexus_error *err)
{
    struct candidates candidates = {0};
    enum nexus_status status = candidates_judge(&candidates, engine->store, err);
    *ret_name = (struct str){NULL, 0};
    if (status == NEXUS_OK)
        *ret_name = arena_copy(arena, candidates_find_dependant(&candidates, name));
    candidates_finish(&candidates);
    return status;
}

static enum nexus_status check_unused(struct engine *engine, const struct registered *schema,
                                      struct nexus_error *err)
{
    struct arena arena = {0};
    struct str dependant;
    enum nexus_status status = find_dependant(engine, schema->name, &arena, &dependant, err);
    if (status == NEXUS_OK && dependant.length)
        status = fail(err, NEXUS_ERROR_REFUSED, "the schema '%.*s' refers to '%.*s'",
                      STR_ARG(dependant), STR_ARG(schema->name));
    arena_finish(&arena);
    return status;
}

static enum nexus_status delete_row(struct engine *engine, int64_t id, struct nexus_error *err)
{
    TRY(store_begin(engine->store, engine->now_ns(), err));
    enum nexus_status status = store_schema_delete(engine->store, id, err);
    if (status == NEXUS_OK)
        status = store_commit(engine->store, err);
    if (status != NEXUS_OK)
        store_rollback(engine->store);
    return status;
}

static enum nexus_status delete_file(struct engine *engine, struct str name,
                                     struct nexus_error *err)
{
    STRBUF_SCOPED path = {0};
    strbuf_addf(&path, "schemas/%.*s.json", STR_ARG(name));
    if (path.failed)
        return fail_no_memory(err);
    if (unlinkat(engine->nexus_fd, path.at, 0) != 0 && errno != ENOENT)
        return fail_errno(err, errno, "cannot remove '.nexus/%s'", path.at);
    return NEXUS_OK;
}

static enum nexus_status check_removable(struct engine *engine, const struct registered *schema,
                                         struct nexus_error *err)
{
    STRBUF_SCOPED path = {0};
    strbuf_addf(&path, "schemas/%.*s.json", STR_ARG(schema->name));
    if (path.failed)
        return fail_no_memory(err);
    if (!is_built_in(schema->name))
        return check_unused(engine, schema, err);
    if (faccessat(engine->nexus_fd, path.at, F_OK, AT_SYMLINK_NOFOLLOW) != 0)
        return fail(err, NEXUS_ERROR_REFUSED, "'%.*s' is built in", STR_ARG(schema->name));
    return NEXUS_OK;
}

enum nexus_status engine_schema_remove(struct engine *engine, struct str name,
                                       struct nexus_error *err)
{
    TRY(check_name(name, err));
    struct nexus_error reason = {0};
    enum nexus_status status = engine_sync(engine, 0, NULL, NULL, NULL, &reason);
    if (status == NEXUS_ERROR_BUSY)
        return fail(err, status,
                    "another nexus is at work on this vault: end 'nexus watch' to remove a schema");
    if (status != NEXUS_OK)
        return fail(err, status, "%s", reason.message);
    const struct registered *schema = registry_find(&engine->registry, name);
    if (!schema)
        return fail(err, NEXUS_ERROR_NOT_FOUND, "no schema is called '%.*s'", STR_ARG(name));
    TRY(check_removable(engine, schema, err));
    if (!is_built_in(name))
        TRY(delete_row(engine, schema->id, err));
    TRY(delete_file(engine, name, err));
    return engine_sync(engine, 0, NULL, NULL, NULL, err);
}

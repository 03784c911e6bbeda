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
#include "engine/sync.h"
#include "engine/vault.h"
#include "store/files.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { NAME_LIMIT = 128 /* it becomes a file's name, a view's name, and part of a URI */ };

/** Letters, digits, dots, dashes and underscores, the first a letter: "plugin.journal.entry". */
static bool is_name(struct str name)
{
    for (size_t i = 0; i < name.length; i++) {
        char c = name.at[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        bool is_other = (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
        if (!is_letter && (i == 0 || !is_other))
            return false;
    }
    return name.length > 0 && name.length <= NAME_LIMIT;
}

static enum nexus_status check_name(struct str name, struct nexus_error *err)
{
    if (is_name(name))
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
    bool found = false;
    for (const struct embedded_file *file = embedded_files; file->path && !found; file++)
        found = str_is(path, file->path) && str_starts_with(name, STR("core."));
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

/** How many files that are invalid now would not be, with these schemas. */
static enum nexus_status count_healed(struct engine *engine, const struct registry *registry,
                                      uint64_t *ret_count, struct nexus_error *err)
{
    struct digest digest;
    struct store_files *files = NULL;
    const struct file_record *file = NULL;
    struct digest_context context = {
        .root_fd = engine->root_fd,
        .max_file_bytes = engine->settings.max_file_bytes,
        .registry = registry,
    };
    *ret_count = 0;
    TRY(digest_init(&digest, err));
    enum nexus_status status = store_files_open(engine->store, STR(""), &files, err);
    while (status == NEXUS_OK && (status = store_files_next(files, &file, err)) == NEXUS_OK &&
           file) {
        if (file->state != FILE_INVALID)
            continue;
        strbuf_reset(&digest.path);
        strbuf_add(&digest.path, file->path);
        status = digest_file(&digest, &context, NULL, err);
        *ret_count += digest.outcome == DIGEST_WHOLE && digest.record.state == FILE_SYNCED;
    }
    store_files_close(files);
    digest_finish(&digest);
    return status;
}

/** Registers the candidate and takes it back; fills the report. */
static enum nexus_status try_candidate(struct engine *engine, struct candidates *candidates,
                                       unsigned options, struct nexus_schema_report *report,
                                       struct nexus_error *err)
{
    struct registry registry = {0};
    struct rejudgement rejudgement;
    unsigned how = REGISTER_DRY_RUN;
    if (options & NEXUS_SCHEMA_REQUIRE_COMPATIBLE)
        how |= REGISTER_REQUIRE_COMPATIBLE;
    enum nexus_status status = register_candidates(engine->store, candidates, engine->now_ns(), how,
                                                   &registry, &rejudgement, err);
    const struct candidate *candidate = &candidates->items[candidates->count - 1];
    if (status == NEXUS_OK && candidate->is_good) {
        report->outcome = !candidate->is_changed ? NEXUS_SCHEMA_UNCHANGED
                          : candidate->row       ? NEXUS_SCHEMA_CHANGED
                                                 : NEXUS_SCHEMA_ADDED;
        report->version = candidate->row ? candidate->row->version + candidate->is_changed
                          : candidate->binding.version ? candidate->binding.version
                                                       : 1;
        report->judged = rejudgement.judged;
        report->became_invalid = rejudgement.became_invalid;
        if (candidate->is_changed)
            status = count_healed(engine, &registry, &report->became_valid, err);
    }
    registry_finish(&registry);
    return status;
}

/** Its file in `.nexus/schemas/`. */
static enum nexus_status write_file(struct engine *engine, struct str name, struct str text,
                                    struct nexus_error *err)
{
    STRBUF_SCOPED file_name = {0};
    strbuf_addf(&file_name, "%.*s.json", STR_ARG(name));
    if (file_name.failed)
        return fail_no_memory(err);
    if (mkdirat(engine->nexus_fd, "schemas", 0700) != 0 && errno != EEXIST)
        return fail_errno(err, errno, "cannot make the folder '.nexus/schemas'");
    FD_SCOPED folder =
        openat(engine->nexus_fd, "schemas", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0)
        return fail_errno(err, errno, "cannot open the folder '.nexus/schemas'");
    return file_write_atomically(folder, file_name.at, text, 0600, err);
}

enum nexus_status engine_schema_add(struct engine *engine, struct str name, struct str text,
                                    unsigned options, nexus_schema_problems *problems,
                                    void *context, struct nexus_schema_report *report,
                                    struct nexus_error *err)
{
    struct nexus_schema_report found = {0};
    struct candidates candidates = {0};
    TRY(check_name(name, err));
    TRY(engine_sync(engine, 0, NULL, NULL, NULL, err));
    enum nexus_status status = candidates_add(&candidates, name, STR(""), text, err);
    if (status == NEXUS_OK)
        status = try_candidate(engine, &candidates, options, &found, err);
    bool is_good = candidates.count && candidates.items[0].is_good;
    if (candidates.count)
        tell_problems(&candidates.items[0].problems, problems, context);
    if (status == NEXUS_OK && !is_good)
        status = fail(err, NEXUS_ERROR_INVALID,
                      "'%.*s' is not registered: its text is no good schema", STR_ARG(name));
    candidates_finish(&candidates);
    TRY(status);
    if (!(options & NEXUS_SCHEMA_DRY_RUN) && found.outcome != NEXUS_SCHEMA_UNCHANGED) {
        TRY(write_file(engine, name, text, err));
        TRY(engine_sync(engine, 0, NULL, NULL, NULL, err));
    }
    if (report)
        *report = found;
    return NEXUS_OK;
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

enum nexus_status engine_schema_remove(struct engine *engine, struct str name,
                                       struct nexus_error *err)
{
    TRY(check_name(name, err));
    TRY(engine_sync(engine, 0, NULL, NULL, NULL, err));
    const struct registered *schema = registry_find(&engine->registry, name);
    if (!schema)
        return fail(err, NEXUS_ERROR_NOT_FOUND, "no schema is called '%.*s'", STR_ARG(name));
    if (is_built_in(name))
        return fail(err, NEXUS_ERROR_REFUSED,
                    "'%.*s' is built in; to have the built-in version back, remove "
                    "'.nexus/schemas/%.*s.json'",
                    STR_ARG(name), STR_ARG(name));
    TRY(check_unused(engine, schema, err));
    TRY(delete_row(engine, schema->id, err));
    TRY(delete_file(engine, name, err));
    return engine_sync(engine, 0, NULL, NULL, NULL, err);
}

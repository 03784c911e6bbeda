// SPDX-License-Identifier: MIT
#include "engine/schema_edits.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static struct candidate *find_candidate(const struct candidates *candidates, struct str name)
{
    for (size_t i = 0; i < candidates->count; i++)
        if (str_equal(candidates->items[i].name, name))
            return &candidates->items[i];
    return NULL;
}

static struct str path_of(const struct candidates *candidates, struct str name)
{
    return arena_format(&((struct candidates *)candidates)->arena, ".nexus/schemas/%.*s.json",
                        STR_ARG(name));
}

/** Whether the file says something new itself: then it counts, and not the row. */
static bool is_outdone(const struct candidates *candidates, const struct candidate *candidate)
{
    const struct store_schema *row = candidates_registered(candidates, candidate->name);
    return candidate->path.length && !(row && str_equal(row->definition_json, candidate->text));
}

static enum nexus_status enter(struct candidates *candidates, size_t index, struct nexus_error *err)
{
    const struct store_schema_edit *edit = &candidates->edits[index];
    const struct store_schema *row = candidates_registered(candidates, edit->name);
    const struct candidate *there = find_candidate(candidates, edit->name);
    if (edit->kind == SCHEMA_EDIT_RENAMED || edit->kind == SCHEMA_EDIT_DELETED)
        return NEXUS_OK;
    if (row && str_equal(row->definition_json, edit->definition_json))
        return NEXUS_OK; /* the version alone: it is taken back */
    if (there && is_outdone(candidates, there))
        return NEXUS_OK;
    TRY(candidates_add(candidates, edit->name, path_of(candidates, edit->name),
                       edit->definition_json, err));
    find_candidate(candidates, edit->name)->is_edit = true;
    return NEXUS_OK;
}

enum nexus_status schema_edits_enter(struct candidates *candidates, struct store *store,
                                     struct nexus_error *err)
{
    TRY(store_schema_edits(store, &candidates->arena, &candidates->edits, &candidates->edit_count,
                           err));
    for (size_t i = 0; i < candidates->edit_count; i++)
        TRY(enter(candidates, i, err));
    return NEXUS_OK;
}

enum nexus_status schema_file_write(int nexus_fd, struct str name, struct str text,
                                    struct nexus_error *err)
{
    STRBUF_SCOPED file_name = {0};
    strbuf_addf(&file_name, "%.*s.json", STR_ARG(name));
    if (file_name.failed)
        return fail_no_memory(err);
    if (mkdirat(nexus_fd, "schemas", 0700) != 0 && errno != EEXIST)
        return fail_errno(err, errno, "cannot make the folder '.nexus/schemas'");
    FD_SCOPED folder = openat(nexus_fd, "schemas", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0)
        return fail_errno(err, errno, "cannot open the folder '.nexus/schemas'");
    return file_write_atomically(folder, file_name.at, text, 0600, err);
}

enum nexus_status schema_edits_write_files(const struct candidates *candidates, int nexus_fd,
                                           struct nexus_error *err)
{
    for (size_t i = 0; i < candidates->count; i++) {
        const struct candidate *candidate = &candidates->items[i];
        if (candidate->is_edit && candidate->is_good)
            TRY(schema_file_write(nexus_fd, candidate->name, candidate->text, err));
    }
    return NEXUS_OK;
}

enum nexus_status schema_edits_bring_back(struct store *store, const struct candidates *candidates,
                                          struct nexus_error *err)
{
    for (size_t i = 0; i < candidates->edit_count; i++) {
        const struct store_schema_edit *edit = &candidates->edits[i];
        if (edit->kind == SCHEMA_EDIT_RENAMED || edit->kind == SCHEMA_EDIT_DELETED)
            TRY(store_schema_restore(store, edit, err));
    }
    return NEXUS_OK;
}

static void add_refusal(struct problem_list *problems, struct str message)
{
    problem_add(problems, PROBLEM_ERROR, "refused", 0, 0, "the row was taken back: %.*s",
                STR_ARG(message));
}

/** What to tell of the edit; its problems are those of a text that is nowhere any more. */
static void explain(struct candidates *candidates, const struct store_schema_edit *edit,
                    const struct candidate *candidate, struct problem_list *told)
{
    problem_list_init(told, &candidates->arena);
    if (edit->kind == SCHEMA_EDIT_RENAMED) {
        add_refusal(told, STR("a schema cannot be renamed"));
    } else if (edit->kind == SCHEMA_EDIT_DELETED) {
        add_refusal(told, STR("'nexus schema remove' takes a schema out"));
    } else if (candidate && candidate->is_edit) {
        for (size_t i = 0; i < candidate->problems.count; i++) {
            const struct problem *problem = &candidate->problems.items[i];
            if (problem->severity == PROBLEM_ERROR)
                add_refusal(told,
                            arena_format(&candidates->arena, "line %u, column %u: %.*s%s%.*s",
                                         problem->line, problem->column, STR_ARG(problem->pointer),
                                         problem->pointer.length ? ": " : "",
                                         STR_ARG(problem->message)));
        }
    } else if (candidate && candidate->is_changed) {
        add_refusal(told, STR("the schema's file was changed as well, and it counts"));
    }
}

static enum nexus_status tell(struct store *store, struct candidates *candidates,
                              const struct store_schema_edit *edit,
                              const struct candidate *candidate, struct nexus_error *err)
{
    struct problem_list told;
    struct str path = path_of(candidates, edit->name);
    explain(candidates, edit, candidate, &told);
    if (candidates->arena.failed)
        return fail_no_memory(err);
    if (!told.count)
        return NEXUS_OK;
    TRY(store_problems_put(store, path, &told, err));
    return store_schema_refused(store, path, edit->definition_json, err);
}

enum nexus_status schema_edits_take_back(struct store *store, struct candidates *candidates,
                                         struct nexus_error *err)
{
    for (size_t i = 0; i < candidates->edit_count; i++) {
        const struct store_schema_edit *edit = &candidates->edits[i];
        const struct candidate *candidate = find_candidate(candidates, edit->name);
        bool is_put = candidate && candidate->is_good && candidate->is_changed;
        if (is_put && candidate->is_edit)
            continue;
        if (!is_put && edit->kind != SCHEMA_EDIT_RENAMED && edit->kind != SCHEMA_EDIT_DELETED)
            TRY(store_schema_restore(store, edit, err));
        TRY(tell(store, candidates, edit, candidate, err));
    }
    return NEXUS_OK;
}

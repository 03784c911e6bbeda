// SPDX-License-Identifier: MIT
/*
 * Candidates may refer to each other, so all of them go into one set before any is compiled. One
 * that does not compile is replaced by what was registered before, and since others may have leaned
 * on it, the round is repeated until nobody falls any more. At last every registered schema must
 * still compile: if not, the candidates that changed are to blame, and none of them is taken.
 */
#include "engine/candidates.h"

#include "base/embed.h"
#include "base/file.h"
#include "engine/schema_edits.h"
#include "parse/json.h"
#include "validate/binding.h"
#include "validate/equal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

enum {
    NAME_LIMIT = 128,
    COMPARE_LIMIT = 16 * 1024 * 1024, /* steps; two schemas that take more count as different */
};

bool schema_name_is_good(struct str name)
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

void candidates_finish(struct candidates *candidates)
{
    schema_set_free(candidates->set);
    free(candidates->items);
    tape_finish(&candidates->tape);
    arena_finish(&candidates->arena);
    *candidates = (struct candidates){0};
}

struct str schema_uri(struct str name, struct arena *arena)
{
    return arena_format(arena, "vault:schema/%.*s", STR_ARG(name));
}

static void refuse(struct candidate *candidate, const char *keyword, const char *message)
{
    problem_add(&candidate->problems, PROBLEM_ERROR, keyword, 0, 0, "%s", message);
    candidate->is_good = false;
}

/** The candidate of that name, or a new one; NULL when memory is out. */
static struct candidate *place_for(struct candidates *candidates, struct str name)
{
    for (size_t i = 0; i < candidates->count; i++)
        if (str_equal(candidates->items[i].name, name))
            return &candidates->items[i];
    if (!array_reserve(&candidates->items, &candidates->capacity, candidates->count + 1,
                       sizeof *candidates->items))
        return NULL;
    return &candidates->items[candidates->count++];
}

enum nexus_status candidates_add(struct candidates *candidates, struct str name, struct str path,
                                 struct str text, struct nexus_error *err)
{
    struct candidate *candidate = place_for(candidates, name);
    if (!candidate)
        return fail_no_memory(err);
    *candidate = (struct candidate){
        .name = arena_copy(&candidates->arena, name),
        .path = arena_copy(&candidates->arena, path),
        .text = arena_copy(&candidates->arena, text),
        .is_good = true,
    };
    problem_list_init(&candidate->problems, &candidates->arena);
    if (!schema_name_is_good(name))
        refuse(candidate, "schema",
               "this cannot name a schema: use letters, digits, dots, dashes and underscores, a "
               "letter first");
    return candidates->arena.failed ? fail_no_memory(err) : NEXUS_OK;
}

/** "schemas/core.note.json" is the schema core.note; deeper folders hold other things. */
enum nexus_status candidates_add_built_in(struct candidates *candidates, struct nexus_error *err)
{
    for (const struct embedded_file *file = embedded_files; file->path; file++) {
        struct str name = str_of(file->path);
        if (!str_starts_with(name, STR("schemas/core.")) || !str_ends_with(name, STR(".json")))
            continue;
        name = str_slice(name, strlen("schemas/"), name.length - strlen(".json"));
        TRY(candidates_add(candidates, name, STR(""), file->text, err));
    }
    return NEXUS_OK;
}

static enum nexus_status add_file(struct candidates *candidates, int folder_fd,
                                  const char *file_name, struct nexus_error *err)
{
    STRBUF_SCOPED bytes = {0};
    struct nexus_error reason = {0};
    struct str name = str_of(file_name);
    enum nexus_status status =
        file_read_beneath(folder_fd, file_name, SCHEMA_BYTES_LIMIT, &bytes, NULL, &reason);
    name = str_slice(name, 0, name.length - strlen(".json"));
    struct str path = arena_format(&candidates->arena, ".nexus/schemas/%s", file_name);
    TRY(candidates_add(candidates, name, path, strbuf_str(&bytes), err));
    if (status != NEXUS_OK)
        refuse(&candidates->items[candidates->count - 1], "unreadable", reason.message);
    return NEXUS_OK;
}

enum nexus_status candidates_add_folder(struct candidates *candidates, int nexus_fd,
                                        struct nexus_error *err)
{
    int fd = openat(nexus_fd, "schemas", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *listing = fd >= 0 ? fdopendir(fd) : NULL;
    if (!listing) {
        int reason = errno;
        file_close(&fd);
        return reason == ENOENT ? NEXUS_OK
                                : fail_errno(err, reason, "cannot list '.nexus/schemas'");
    }
    enum nexus_status status = NEXUS_OK;
    const struct dirent *entry;
    while (status == NEXUS_OK && (entry = readdir(listing)) != NULL)
        if (entry->d_name[0] != '.' && str_ends_with(str_of(entry->d_name), STR(".json")))
            status = add_file(candidates, fd, entry->d_name, err);
    closedir(listing);
    return status;
}

const struct store_schema *candidates_registered(const struct candidates *candidates,
                                                 struct str name)
{
    for (size_t i = 0; i < candidates->row_count; i++)
        if (str_equal(candidates->rows[i].name, name))
            return &candidates->rows[i];
    return NULL;
}

static enum nexus_status add_to_set(struct candidates *candidates, struct str name, struct str text,
                                    struct problem_list *problems, struct nexus_error *err)
{
    struct str uri = schema_uri(name, &candidates->arena);
    if (candidates->arena.failed)
        return fail_no_memory(err);
    return schema_set_add(candidates->set, uri, text, DRAFT_2020, problems, err);
}

/** Compiles one schema of the set and throws the result away. */
static enum nexus_status try_compile(struct candidates *candidates, struct str name,
                                     struct problem_list *problems, struct nexus_error *err)
{
    struct schema *schema = NULL;
    enum nexus_status status = schema_compile(candidates->set, schema_uri(name, &candidates->arena),
                                              0, &schema, problems, err);
    schema_free(schema);
    return status;
}

/** Puts back what is registered under the candidate's name, if anything is. */
static enum nexus_status withdraw(struct candidates *candidates, struct candidate *candidate,
                                  struct nexus_error *err)
{
    candidate->is_good = false;
    if (candidate->row)
        return add_to_set(candidates, candidate->name, candidate->row->definition_json, NULL, err);
    schema_set_remove(candidates->set, schema_uri(candidate->name, &candidates->arena));
    return NEXUS_OK;
}

/** A broken schema is no failure of ours. */
static bool is_verdict(enum nexus_status status)
{
    return status == NEXUS_ERROR_INVALID || status == NEXUS_ERROR_LIMIT;
}

/** Whether two texts are the same JSON: key order and white space aside, numbers by value. */
static bool is_same_value(struct candidates *candidates, struct str a, struct str b)
{
    struct tape other = {0};
    int64_t work = COMPARE_LIMIT;
    bool is_same = json_scan(a, &candidates->tape, NULL) && json_scan(b, &other, NULL) &&
                   value_equal(&candidates->tape, 0, &other, 0, &work);
    tape_finish(&other);
    return is_same;
}

/** Whether the store would take the typed view; if not, the candidate is not good. */
static enum nexus_status check_view(struct store *store, struct candidate *candidate,
                                    struct nexus_error *err)
{
    struct nexus_error reason = {0};
    enum nexus_status status =
        store_schema_check(store, candidate->name, &candidate->binding, &reason);
    if (status == NEXUS_ERROR_INVALID)
        refuse(candidate, "schema", reason.message);
    else if (status != NEXUS_OK)
        return fail(err, status, "%s", reason.message);
    return NEXUS_OK;
}

static enum nexus_status enter(struct candidates *candidates, struct store *store,
                               struct candidate *candidate, struct nexus_error *err)
{
    struct nexus_error reason = {0};
    candidate->row = candidates_registered(candidates, candidate->name);
    candidate->is_changed =
        !candidate->row || !str_equal(candidate->row->definition_json, candidate->text);
    if (!candidate->is_good)
        return NEXUS_OK;
    candidate->is_reworded =
        candidate->is_changed && candidate->row &&
        is_same_value(candidates, candidate->row->definition_json, candidate->text);
    enum nexus_status status =
        add_to_set(candidates, candidate->name, candidate->text, &candidate->problems, &reason);
    if (is_verdict(status)) {
        if (!candidate->problems.has_error)
            refuse(candidate, "schema", reason.message);
        return withdraw(candidates, candidate, err);
    }
    if (status != NEXUS_OK)
        return fail(err, status, "%s", reason.message);
    if (json_scan(candidate->text, &candidates->tape, NULL) &&
        !binding_read(&candidates->tape, &candidates->arena, &candidate->binding,
                      &candidate->problems))
        return withdraw(candidates, candidate, err);
    if (candidate->is_changed)
        TRY(check_view(store, candidate, err));
    return candidate->is_good ? NEXUS_OK : withdraw(candidates, candidate, err);
}

/** One round over the good ones that changed; `*ret_fell` tells whether one was not good after all.
 */
static enum nexus_status compile_round(struct candidates *candidates, bool *ret_fell,
                                       struct nexus_error *err)
{
    *ret_fell = false;
    for (size_t i = 0; i < candidates->count; i++) {
        struct candidate *candidate = &candidates->items[i];
        if (!candidate->is_good || !candidate->is_changed)
            continue;
        struct nexus_error reason = {0};
        struct problem_list found;
        problem_list_init(&found, &candidates->arena);
        enum nexus_status status = try_compile(candidates, candidate->name, &found, &reason);
        if (status == NEXUS_OK)
            continue;
        if (!is_verdict(status))
            return fail(err, status, "%s", reason.message);
        candidate->problems = found;
        if (!found.has_error)
            refuse(candidate, "schema", reason.message);
        TRY(withdraw(candidates, candidate, err));
        *ret_fell = true;
    }
    return NEXUS_OK;
}

/** The registered schema that does not compile together with the candidates, though it does
 * without. */
static const struct store_schema *find_broken(struct candidates *candidates)
{
    for (size_t i = 0; i < candidates->row_count; i++) {
        const struct store_schema *row = &candidates->rows[i];
        if (is_verdict(try_compile(candidates, row->name, NULL, NULL)))
            return row;
    }
    return NULL;
}

static enum nexus_status withdraw_changed(struct candidates *candidates,
                                          const struct store_schema *broken,
                                          struct nexus_error *err)
{
    for (size_t i = 0; i < candidates->count; i++) {
        struct candidate *candidate = &candidates->items[i];
        if (!candidate->is_good || !candidate->is_changed || !candidate->row)
            continue;
        struct str message =
            arena_format(&candidates->arena,
                         "the schema \"%.*s\" refers to this one and would not compile any more",
                         STR_ARG(broken->name));
        refuse(candidate, "schema", message.at);
        TRY(withdraw(candidates, candidate, err));
    }
    return NEXUS_OK;
}

enum nexus_status candidates_read(struct candidates *candidates, struct store *store,
                                  struct nexus_error *err)
{
    candidates->set = schema_set_new(json_scan);
    if (!candidates->set)
        return fail_no_memory(err);
    TRY(store_schemas_list(store, &candidates->arena, &candidates->rows, &candidates->row_count,
                           err));
    for (size_t i = 0; i < candidates->row_count; i++) {
        enum nexus_status status = add_to_set(candidates, candidates->rows[i].name,
                                              candidates->rows[i].definition_json, NULL, err);
        if (status != NEXUS_OK && !is_verdict(status))
            return status;
    }
    return NEXUS_OK;
}

enum nexus_status candidates_judge(struct candidates *candidates, struct store *store,
                                   struct nexus_error *err)
{
    TRY(candidates_read(candidates, store, err));
    TRY(schema_edits_enter(candidates, store, err));
    const struct store_schema *broken_before = find_broken(candidates);
    bool is_any_changed = false, fell;
    for (size_t i = 0; i < candidates->count; i++) {
        TRY(enter(candidates, store, &candidates->items[i], err));
        is_any_changed |= candidates->items[i].is_changed;
    }
    if (!is_any_changed)
        return NEXUS_OK;
    do
        TRY(compile_round(candidates, &fell, err));
    while (fell);
    const struct store_schema *broken = find_broken(candidates);
    if (broken && !broken_before)
        TRY(withdraw_changed(candidates, broken, err));
    for (size_t i = 0; i < candidates->count; i++)
        problem_list_locate(&candidates->items[i].problems, candidates->items[i].text);
    return candidates->arena.failed ? fail_no_memory(err) : NEXUS_OK;
}

void candidate_refuse(struct candidate *candidate, const char *message)
{
    refuse(candidate, "schema", message);
    problem_list_locate(&candidate->problems, candidate->text);
}

struct str candidates_find_dependant(struct candidates *candidates, struct str name)
{
    schema_set_remove(candidates->set, schema_uri(name, &candidates->arena));
    for (size_t i = 0; i < candidates->row_count; i++) {
        const struct store_schema *row = &candidates->rows[i];
        if (!str_equal(row->name, name) &&
            is_verdict(try_compile(candidates, row->name, NULL, NULL)))
            return row->name;
    }
    return (struct str){NULL, 0};
}

// SPDX-License-Identifier: MIT
#include "cli/place.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum nexus_status place_find_vault(struct invocation *call, struct nexus_error *err)
{
    if (call->vault_option)
        return nexus_vault_find(call->vault_option, &call->vault_path, err);
    enum nexus_status status = nexus_vault_find(".", &call->vault_path, err);
    if (status != NEXUS_ERROR_NOT_FOUND)
        return status;
    const char *wanted = getenv("NEXUS_VAULT");
    if (!wanted || !*wanted)
        return fail(err, NEXUS_ERROR_NOT_FOUND,
                    "no vault here: run 'nexus init' in the folder of your notes, or say where one "
                    "is with --vault or in $NEXUS_VAULT");
    if (nexus_vault_find(wanted, &call->vault_path, err) == NEXUS_OK)
        return NEXUS_OK;
    return fail(err, NEXUS_ERROR_NOT_FOUND, "no vault here, and none at $NEXUS_VAULT, '%s'",
                wanted);
}

/** The part of an absolute path below the vault's root; false when it lies elsewhere. */
static bool below_root(const struct invocation *call, struct str abs_path, struct str *ret_path)
{
    struct str root = str_of(call->vault_path);
    if (str_is(root, "/"))
        root.length = 0;
    if (!str_starts_with(abs_path, root))
        return false;
    struct str rest = str_slice(abs_path, root.length, abs_path.length);
    if (rest.length && rest.at[0] != '/')
        return false;
    *ret_path = str_slice(rest, 1, rest.length);
    return true;
}

enum nexus_status place_current(const struct invocation *call, struct strbuf *path,
                                struct nexus_error *err)
{
    char *current = realpath(".", NULL);
    if (!current)
        return fail_errno(err, errno, "cannot tell the current folder");
    struct str below;
    if (below_root(call, str_of(current), &below))
        strbuf_add(path, below);
    free(current);
    return path->failed ? fail_no_memory(err) : NEXUS_OK;
}

static void remove_segment(struct strbuf *path)
{
    size_t slash = str_find_last(strbuf_str(path), '/');
    strbuf_truncate(path, slash == STR_NONE ? 0 : slash);
}

/** Appends the segments of `name` to the path. False when ".." leads out of the vault. */
static bool add_segments(struct strbuf *path, struct str name)
{
    while (name.length) {
        size_t slash = str_find(name, '/');
        struct str segment = str_slice(name, 0, slash);
        name = slash == STR_NONE ? (struct str){0} : str_slice(name, slash + 1, name.length);
        if (!segment.length || str_is(segment, "."))
            continue;
        if (str_is(segment, "..")) {
            if (!path->length)
                return false;
            remove_segment(path);
            continue;
        }
        if (path->length)
            strbuf_add_char(path, '/');
        strbuf_add(path, segment);
    }
    return true;
}

/** Appends what `name` means to somebody in the folder `current`. */
static bool add_reading(const struct invocation *call, struct str current, const char *name,
                        struct strbuf *path)
{
    struct str text = str_of(name);
    if (!str_starts_with(text, STR("/")))
        strbuf_add(path, current);
    else if (!below_root(call, text, &text))
        return false;
    return add_segments(path, text);
}

enum nexus_status place_read(const struct invocation *call, const char *name,
                             struct place_readings *readings, struct nexus_error *err)
{
    STRBUF_SCOPED current = {0};
    TRY(place_current(call, &current, err));
    const struct str folders[] = {strbuf_str(&current), STR("")};
    for (int i = current.length ? 0 : 1; i < 2; i++) {
        struct strbuf *path = &readings->paths[readings->count];
        strbuf_reset(path);
        if (add_reading(call, folders[i], name, path))
            readings->count++;
        if (path->failed)
            return fail_no_memory(err);
    }
    return NEXUS_OK;
}

void place_readings_finish(struct place_readings *readings)
{
    strbuf_finish(&readings->paths[0]);
    strbuf_finish(&readings->paths[1]);
}

/** The length of the folders, with their slashes, that both paths begin with. */
static size_t common_folders(struct str folder, struct str path)
{
    size_t common = 0;
    for (size_t i = 0; i < path.length; i++) {
        char in_folder = i < folder.length ? folder.at[i] : '/';
        if (i > folder.length || in_folder != path.at[i])
            break;
        if (path.at[i] == '/')
            common = i + 1;
    }
    return common;
}

void place_to_user(struct str current, struct str path, struct strbuf *name)
{
    size_t common = current.length ? common_folders(current, path) : 0;
    for (size_t i = common; i < current.length; i++)
        if (i == common || current.at[i - 1] == '/')
            strbuf_add_text(name, "../");
    strbuf_add(name, str_slice(path, common, path.length));
}

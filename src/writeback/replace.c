// SPDX-License-Identifier: MIT
#include "writeback/replace.h"

#include "base/folder.h"
#include "base/time.h"
#include "writeback/metadata.h"
#include "writeback/replacement.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { NAME_TRIES = 100 };

void replacer_init(struct replacer *replacer, int root_fd, enum replace_durability durability,
                   int64_t limit_bytes)
{
    *replacer =
        (struct replacer){.root_fd = root_fd, .durability = durability, .limit_bytes = limit_bytes};
}

void replacer_finish(struct replacer *replacer)
{
    quarantine_finish(&replacer->quarantine);
}

void replace_outcome_finish(struct replace_outcome *outcome)
{
    strbuf_finish(&outcome->theirs);
}

const char *replacement_temporary(const struct replacement *replacement)
{
    return replacement->place[0] ? replacement->place : replacement->temporary;
}

const char *replacement_path(const struct replacement *replacement)
{
    return replacement->path;
}

struct hash replacement_hash(const struct replacement *replacement)
{
    return replacement->wanted;
}

size_t replacement_there(const struct replacement *replacement)
{
    return replacement->there;
}

struct replacement *replacement_new(const char *path)
{
    struct replacement *replacement = calloc(1, sizeof *replacement);
    if (!replacement)
        return NULL;
    replacement->path = strdup(path);
    replacement->there = strlen(path);
    if (replacement->path)
        return replacement;
    free(replacement);
    return NULL;
}

void replacement_free(struct replacement *replacement)
{
    if (replacement)
        free(replacement->path);
    free(replacement);
}

enum nexus_status replacement_open(const struct replacement *replacement, int root_fd, int *ret_fd,
                                   struct nexus_error *err)
{
    const char *name;
    return folder_open(root_fd, replacement->place[0] ? replacement->place : replacement->path,
                       ret_fd, &name, err);
}

/** Makes the temporary file, empty and under its name `part`. */
static int open_temporary(struct replacement *replacement, int folder_fd, mode_t mode,
                          char part[TEMPORARY_SIZE])
{
    const struct hash *base = replacement->way == REPLACE_NEW ? NULL : &replacement->expected;
    for (int i = 0; i < NAME_TRIES; i++) {
        temporary_name(base, replacement->wanted, (uint64_t)time_monotonic_ns(),
                       replacement->temporary);
        if (replacement->way == REPLACE_IN_PLACE)
            temporary_make_spare(replacement->temporary);
        int fd = openat(folder_fd, temporary_part(replacement->temporary, part),
                        O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
        if (fd >= 0 || errno != EEXIST)
            return fd;
    }
    return -1;
}

/** `like_fd`: whose metadata it gets; -1 for a new file. */
static enum nexus_status fill_temporary(const struct replacer *replacer,
                                        struct replacement *replacement, int fd, int like_fd,
                                        struct nexus_error *err)
{
    mode_t mode;
    TRY(file_write_opened(fd, replacement->path, replacement->bytes, err));
    if (like_fd >= 0)
        TRY(metadata_copy(like_fd, fd, replacement->path, err));
    if (replacer->durability == REPLACE_FULL)
        TRY(file_sync_opened(fd, replacement->path, err));
    int reason = file_look(fd, "", &replacement->ours, &mode);
    if (reason)
        return fail_errno(err, reason, "cannot look at the new version of '%s'", replacement->path);
    return NEXUS_OK;
}

static enum nexus_status write_once(const struct replacer *replacer,
                                    struct replacement *replacement, int folder_fd, int like_fd,
                                    struct nexus_error *err)
{
    char part[TEMPORARY_SIZE];
    mode_t mode = replacement->way == REPLACE_NEW ? 0666 : 0600;
    FD_SCOPED fd = open_temporary(replacement, folder_fd, mode, part);
    if (fd < 0) {
        replacement->temporary[0] = '\0';
        return fail_errno(err, errno, "cannot make a temporary file for '%s'", replacement->path);
    }
    enum nexus_status status = fill_temporary(replacer, replacement, fd, like_fd, err);
    int reason = status == NEXUS_OK
                     ? file_rename_to_free(folder_fd, part, folder_fd, replacement->temporary)
                     : 0;
    if (reason)
        status =
            fail_errno(err, reason, "cannot make a temporary file for '%s'", replacement->path);
    if (status != NEXUS_OK)
        unlinkat(folder_fd, part, 0);
    return status;
}

/** After an error of the disk once more, anew: what was written before cannot be trusted. */
static enum nexus_status write_temporary(const struct replacer *replacer,
                                         struct replacement *replacement, int folder_fd,
                                         int like_fd, struct nexus_error *err)
{
    enum nexus_status status = write_once(replacer, replacement, folder_fd, like_fd, err);
    if (status == NEXUS_ERROR_IO)
        status = write_once(replacer, replacement, folder_fd, like_fd, err);
    return status;
}

/** Whether the version that the file holds is the one that the edit was computed from. */
static enum nexus_status check_version(const struct replacer *replacer,
                                       struct replacement *replacement, int fd,
                                       const struct fingerprint *known, struct nexus_error *err)
{
    STRBUF_SCOPED bytes = {0};
    const char *path = replacement->path;
    mode_t mode;
    if (known && file_look(fd, "", &replacement->base, &mode) == 0 &&
        fingerprint_equal(&replacement->base, known))
        return NEXUS_OK;
    enum nexus_status status =
        file_read_opened(fd, path, replacer->limit_bytes, &bytes, &replacement->base, err);
    bool looks = !(replacer->lacks & REPLACE_LACKS_FORESIGHT);
    bool is_other = status == NEXUS_OK && looks &&
                    !hash_equal(hash_of(strbuf_str(&bytes)), replacement->expected);
    if (status == NEXUS_ERROR_LIMIT || is_other)
        return fail(err, NEXUS_ERROR_CHANGED, "'%s' is another version than was edited", path);
    return status;
}

/** Whether the file may be written, and is that version. */
static enum nexus_status check_base(const struct replacer *replacer,
                                    struct replacement *replacement, int fd,
                                    const struct fingerprint *known, struct nexus_error *err)
{
    struct stat status;
    const char *path = replacement->path;
    bool looks = !(replacer->lacks & REPLACE_LACKS_FORESIGHT);
    if (fstat(fd, &status) != 0)
        return fail_errno(err, errno, "cannot look at '%s'", path);
    if (S_ISREG(status.st_mode) && !(status.st_mode & 0222) && !replacer->passes_read_only)
        return fail(err, NEXUS_ERROR_PERMISSION, "cannot write '%s': it is read-only", path);
    if (looks && lease_probe(fd) == WRITER_OPEN)
        return fail(err, NEXUS_ERROR_BUSY, "'%s' is being written", path);
    TRY(check_version(replacer, replacement, fd, known, err));
    if (status.st_nlink > 1)
        replacement->way = REPLACE_IN_PLACE;
    return NEXUS_OK;
}

/** Into the shelter: whoever lists or watches the folder of the file sees only the exchange. One
 * that is written in place has its spare there, with no need to look like the file. */
static enum nexus_status write_apart(const struct replacer *replacer,
                                     struct replacement *replacement, int like_fd,
                                     struct nexus_error *err)
{
    STRBUF_SCOPED place = {0};
    FD_SCOPED shelter = -1;
    const char *name;
    size_t there;
    strbuf_addf(&place, "%s/new", replacer->displaced);
    if (place.failed)
        return fail_no_memory(err);
    TRY(folder_make(replacer->root_fd, place.at, &shelter, &name, &there, err));
    bool is_spare = replacement->way == REPLACE_IN_PLACE;
    TRY(write_temporary(replacer, replacement, shelter, is_spare ? -1 : like_fd, err));
    snprintf(replacement->place, PLACE_SIZE, "%s/%s", replacer->displaced, replacement->temporary);
    return NEXUS_OK;
}

/** Whether the folder takes no other file than those that are in it. */
static bool is_closed(int folder)
{
    return faccessat(folder, ".", W_OK | X_OK, AT_EACCESS) != 0 &&
           (errno == EACCES || errno == EPERM || errno == EROFS);
}

static enum nexus_status prepare_change(const struct replacer *replacer,
                                        struct replacement *replacement,
                                        const struct fingerprint *known, struct nexus_error *err)
{
    FD_SCOPED folder = -1, fd = -1;
    const char *name;
    replacement->way = REPLACE_EXCHANGE;
    TRY(folder_open(replacer->root_fd, replacement->path, &folder, &name, err));
    TRY(file_open_beneath(folder, name, O_RDONLY | O_NOCTTY, &fd, err));
    TRY(check_base(replacer, replacement, fd, known, err));
    if (replacer->displaced && is_closed(folder))
        replacement->way = REPLACE_IN_PLACE;
    bool is_in_place = replacement->way == REPLACE_IN_PLACE;
    if (replacer->displaced && (is_in_place || !(replacer->lacks & REPLACE_LACKS_SHELTER)))
        return write_apart(replacer, replacement, fd, err);
    if (is_in_place)
        return NEXUS_OK;
    enum nexus_status status = write_temporary(replacer, replacement, folder, fd, err);
    if (status != NEXUS_ERROR_PERMISSION || replacement->temporary[0])
        return status;
    replacement->way = REPLACE_IN_PLACE; /* the folder takes no file, the file may yet be written */
    return NEXUS_OK;
}

static enum nexus_status prepare_new(const struct replacer *replacer,
                                     struct replacement *replacement, struct nexus_error *err)
{
    FD_SCOPED folder = -1;
    const char *name;
    struct fingerprint print;
    mode_t mode;
    replacement->way = REPLACE_NEW;
    TRY(folder_make(replacer->root_fd, replacement->path, &folder, &name, &replacement->there,
                    err));
    int reason = file_look(folder, name, &print, &mode);
    enum nexus_status status =
        reason == ENOENT ? write_temporary(replacer, replacement, folder, -1, err)
        : reason         ? fail_errno(err, reason, "cannot look at '%s'", replacement->path)
                 : fail(err, NEXUS_ERROR_EXISTS, "'%s' is there already", replacement->path);
    if (status != NEXUS_OK)
        folder_unmake(replacer->root_fd, replacement->path, replacement->there);
    return status;
}

enum nexus_status replace_prepare(struct replacer *replacer, const char *path, struct str bytes,
                                  const struct replace_base *base, struct replacement **ret,
                                  struct nexus_error *err)
{
    if (!quarantine_has_room(&replacer->quarantine))
        return fail(err, NEXUS_ERROR_LIMIT, "too many displaced files wait to be looked at");
    struct replacement *replacement = replacement_new(path);
    if (!replacement)
        return fail_no_memory(err);
    replacement->bytes = bytes;
    replacement->wanted = hash_of(bytes);
    if (base)
        replacement->expected = base->hash;
    enum nexus_status status = base ? prepare_change(replacer, replacement, base->print, err)
                                    : prepare_new(replacer, replacement, err);
    if (status != NEXUS_OK) {
        replacement_free(replacement);
        return status;
    }
    *ret = replacement;
    return NEXUS_OK;
}

enum nexus_status replace_sync(struct replacer *replacer, struct nexus_error *err)
{
    FD_SCOPED fd = -1;
    if (replacer->durability == REPLACE_FULL)
        return NEXUS_OK;
    TRY(file_open_beneath(replacer->root_fd, ".", O_RDONLY | O_DIRECTORY, &fd, err));
    if (syncfs(fd) != 0)
        return fail_errno(err, errno, "cannot write new versions to the disk");
    return NEXUS_OK;
}

static void remove_temporary(const struct replacer *replacer, const struct replacement *replacement)
{
    FD_SCOPED folder = -1;
    if (replacement->temporary[0] &&
        replacement_open(replacement, replacer->root_fd, &folder, NULL) == NEXUS_OK)
        unlinkat(folder, replacement->temporary, 0);
    if (replacement->way == REPLACE_NEW)
        folder_unmake(replacer->root_fd, replacement->path, replacement->there);
}

void replace_drop(struct replacer *replacer, struct replacement *take)
{
    if (take)
        remove_temporary(replacer, take);
    replacement_free(take);
}

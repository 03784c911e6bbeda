// SPDX-License-Identifier: MIT
#include "watch/walk.h"

#include "base/arena.h"
#include "base/utf8.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    DEPTH_LIMIT = 256, /* one descriptor a level stays open, and the usual limit for them is 1024 */
};

static const char MISNAMED[] = "the name is not UTF-8";

/** One folder on the way down: its names, sorted, and how far the walk is. */
struct level {
    int fd;
    struct strbuf names; /* each NUL-terminated, a folder's with '/' before the NUL */
    uint32_t *offsets;   /* of each name, sorted */
    size_t count, capacity, next;
    size_t path_length; /* of the folder's own path, its slash included */
};

struct walk {
    const struct ignore *ignore;
    struct strbuf path;
    struct level *levels;
    size_t depth, capacity;
    char reason[sizeof((struct nexus_error *)0)->message];
};

static void level_finish(struct level *level)
{
    file_close(&level->fd);
    strbuf_finish(&level->names);
    free(level->offsets);
}

static int by_name(const void *a, const void *b, void *names)
{
    const char *base = names;
    return strcmp(base + *(const uint32_t *)a, base + *(const uint32_t *)b);
}

/** Whether an entry of unknown type is a folder; links are not. */
static bool is_folder(int fd, const struct dirent *entry)
{
    struct stat status;
    if (entry->d_type != DT_UNKNOWN)
        return entry->d_type == DT_DIR;
    return fstatat(fd, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(status.st_mode);
}

static bool add_name(struct level *level, const char *name, bool folder)
{
    if (level->names.length > UINT32_MAX - 512 ||
        !array_reserve(&level->offsets, &level->capacity, level->count + 1, sizeof *level->offsets))
        return false;
    level->offsets[level->count++] = (uint32_t)level->names.length;
    strbuf_add_text(&level->names, name);
    if (folder)
        strbuf_add_char(&level->names, '/');
    strbuf_add_char(&level->names, '\0');
    return !level->names.failed;
}

static enum nexus_status read_names(struct level *level, struct nexus_error *err)
{
    int copy = openat(level->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = copy >= 0 ? fdopendir(copy) : NULL;
    if (!listing) {
        int reason = errno;
        file_close(&copy);
        return fail_errno(err, reason, "cannot list a folder");
    }
    enum nexus_status status = NEXUS_OK;
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(listing);
        if (!entry) {
            if (errno)
                status = fail_errno(err, errno, "cannot list a folder");
            break;
        }
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (!add_name(level, entry->d_name, is_folder(level->fd, entry))) {
            status = fail_no_memory(err);
            break;
        }
    }
    closedir(listing);
    if (level->count)
        qsort_r(level->offsets, level->count, sizeof *level->offsets, by_name, level->names.at);
    return status;
}

/** Enters the folder whose path (with its slash) stands in walk->path. Takes `fd`. */
static enum nexus_status push_level(struct walk *walk, int fd, struct nexus_error *err)
{
    struct level level = {.fd = fd, .path_length = walk->path.length};
    enum nexus_status status = read_names(&level, err);
    if (status == NEXUS_OK &&
        !array_reserve(&walk->levels, &walk->capacity, walk->depth + 1, sizeof level))
        status = fail_no_memory(err);
    if (status != NEXUS_OK) {
        level_finish(&level);
        return status;
    }
    walk->levels[walk->depth++] = level;
    return NEXUS_OK;
}

/** Opens the folder where the walk starts, and puts its path before all others. */
static enum nexus_status start(struct walk *walk, int root_fd, const char *folder,
                               struct nexus_error *err)
{
    int fd = -1;
    strbuf_add_text(&walk->path, folder);
    if (*folder)
        strbuf_add_char(&walk->path, '/');
    if (walk->path.failed)
        return fail_no_memory(err);
    TRY(file_open_beneath(root_fd, *folder ? folder : ".", O_RDONLY | O_DIRECTORY, &fd, err));
    return push_level(walk, fd, err);
}

enum nexus_status walk_open(int root_fd, const char *folder, const struct ignore *ignore,
                            struct walk **ret_walk, struct nexus_error *err)
{
    struct walk *walk = calloc(1, sizeof *walk);
    if (!walk)
        return fail_no_memory(err);
    walk->ignore = ignore;
    enum nexus_status status = start(walk, root_fd, folder, err);
    if (status != NEXUS_OK) {
        walk_close(walk);
        return status;
    }
    *ret_walk = walk;
    return NEXUS_OK;
}

void walk_close(struct walk *walk)
{
    if (!walk)
        return;
    while (walk->depth)
        level_finish(&walk->levels[--walk->depth]);
    free(walk->levels);
    strbuf_finish(&walk->path);
    free(walk);
}

static void explain(struct walk *walk, struct walk_entry *entry, enum walk_verdict verdict,
                    const char *reason)
{
    snprintf(walk->reason, sizeof walk->reason, "%s", reason);
    entry->verdict = verdict;
    entry->reason = str_of(walk->reason);
}

static bool is_misnamed(const char *name)
{
    return utf8_find_invalid(str_of(name)) != STR_NONE;
}

/** Goes down; the entry tells when that cannot be. `*ret_entered` is true when there is nothing to
 * tell. */
static enum nexus_status enter_folder(struct walk *walk, const char *name, struct walk_entry *entry,
                                      bool *ret_entered, struct nexus_error *err)
{
    *ret_entered = false;
    if (walk->depth >= DEPTH_LIMIT) {
        explain(walk, entry, WALK_SKIPPED, "built in: more than 256 folders deep");
        return NEXUS_OK;
    }
    if (is_misnamed(name)) {
        explain(walk, entry, WALK_MISNAMED, MISNAMED);
        return NEXUS_OK;
    }
    int fd = openat(walk->levels[walk->depth - 1].fd, name,
                    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct nexus_error reason = {0};
    enum nexus_status status = fd < 0 ? fail_errno(&reason, errno, "cannot list the folder")
                                      : push_level(walk, fd, &reason);
    if (status == NEXUS_ERROR_NO_MEMORY)
        return fail_no_memory(err);
    *ret_entered = status == NEXUS_OK || status == NEXUS_ERROR_NOT_FOUND;
    if (!*ret_entered)
        explain(walk, entry, WALK_UNREADABLE, reason.message);
    return NEXUS_OK;
}

/** What is no folder. False when it is gone. */
static bool look_at_file(struct walk *walk, const char *name, struct walk_entry *entry)
{
    mode_t mode;
    int reason = file_look(walk->levels[walk->depth - 1].fd, name, &entry->print, &mode);
    if (reason == ENOENT)
        return false;
    if (reason)
        explain(walk, entry, WALK_UNREADABLE, strerrordesc_np(reason));
    else if (S_ISLNK(mode))
        explain(walk, entry, WALK_SKIPPED, "built in: symbolic link");
    else if (!S_ISREG(mode))
        explain(walk, entry, WALK_SKIPPED, "built in: not a regular file");
    else if (is_misnamed(name))
        explain(walk, entry, WALK_MISNAMED, MISNAMED);
    else
        entry->verdict = WALK_FILE;
    return true;
}

enum nexus_status walk_next(struct walk *walk, struct walk_entry *entry, bool *ret_more,
                            struct nexus_error *err)
{
    while (walk->depth) {
        struct level *level = &walk->levels[walk->depth - 1];
        if (level->next == level->count) {
            level_finish(level);
            walk->depth--;
            continue;
        }
        const char *name = level->names.at + level->offsets[level->next++];
        strbuf_truncate(&walk->path, level->path_length);
        strbuf_add_text(&walk->path, name);
        if (walk->path.failed)
            return fail_no_memory(err);
        bool folder = str_ends_with(strbuf_str(&walk->path), STR("/"));
        *entry = (struct walk_entry){.kind = folder ? ENTRY_FOLDER : ENTRY_FILE};
        entry->path = str_slice(strbuf_str(&walk->path), 0, walk->path.length - folder);
        entry->reason = ignore_rule(walk->ignore, entry->path, entry->kind);
        bool tell = true;
        if (entry->reason.length) {
            entry->verdict = WALK_SKIPPED;
        } else if (folder) {
            bool entered;
            TRY(enter_folder(walk, name, entry, &entered, err));
            tell = !entered;
        } else {
            tell = look_at_file(walk, name, entry);
        }
        if (!tell)
            continue;
        strbuf_truncate(&walk->path, entry->path.length);
        *ret_more = true;
        return NEXUS_OK;
    }
    *ret_more = false;
    return NEXUS_OK;
}

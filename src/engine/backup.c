// SPDX-License-Identifier: MIT
#include "engine/backup.h"

#include "base/folder.h"
#include "base/time.h"
#include "store/backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#define MADE "vault-"
#define REPLACED "replaced-"
#define ENDING ".sqlite"
#define UNFINISHED ".unfinished-"

/* Old ones go through several names: the log of a replaced database stays with it. */
static const char *const endings[] = {"", "-wal", "-shm"};

static enum nexus_status open_folder(const struct engine *engine, int *ret_fd,
                                     struct nexus_error *err)
{
    if (mkdirat(engine->nexus_fd, BACKUPS_FOLDER, 0700) != 0 && errno != EEXIST)
        return fail_errno(err, errno, "cannot make the folder '.nexus/" BACKUPS_FOLDER "'");
    int fd =
        openat(engine->nexus_fd, BACKUPS_FOLDER, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return fail_errno(err, errno, "cannot open the folder '.nexus/" BACKUPS_FOLDER "'");
    *ret_fd = fd;
    return NEXUS_OK;
}

enum nexus_status backup_path(const struct engine *engine, const char *name, char **ret_abs_path,
                              struct nexus_error *err)
{
    FD_SCOPED fd = -1;
    STRBUF_SCOPED path = {0};
    TRY(open_folder(engine, &fd, err));
    strbuf_addf(&path, "%s/.nexus/" BACKUPS_FOLDER "/%s", engine->root_path, name);
    *ret_abs_path = strbuf_take(&path);
    return *ret_abs_path ? NEXUS_OK : fail_no_memory(err);
}

/* --- the list -------------------------------------------------------------------------------- */

/** "vault-2026-01-15T10:30:00.000Z.sqlite" */
static bool read_name(const char *name, struct backup *backup)
{
    struct str text = str_of(name), ending = STR(ENDING);
    bool is_replaced = str_starts_with(text, STR(REPLACED));
    size_t start = is_replaced ? STR(REPLACED).length : STR(MADE).length;
    if ((!is_replaced && !str_starts_with(text, STR(MADE))) ||
        text.length <= start + ending.length || text.length >= sizeof backup->name ||
        strcmp(text.at + text.length - ending.length, ENDING) != 0)
        return false;
    *backup = (struct backup){.is_replaced = is_replaced};
    memcpy(backup->name, name, text.length + 1);
    return time_parse(str_slice(text, start, text.length - ending.length), &backup->at_ns);
}

static int newest_first(const void *a, const void *b)
{
    const struct backup *left = a, *right = b;
    if (left->at_ns != right->at_ns)
        return left->at_ns < right->at_ns ? 1 : -1;
    return strcmp(right->name, left->name);
}

static enum nexus_status read_folder(DIR *listing, struct backup **backups, size_t *count,
                                     struct nexus_error *err)
{
    size_t capacity = 0;
    const struct dirent *entry;
    while ((entry = readdir(listing)) != NULL) {
        struct backup backup;
        if (!read_name(entry->d_name, &backup))
            continue;
        if (!array_reserve(backups, &capacity, *count + 1, sizeof **backups))
            return fail_no_memory(err);
        (*backups)[(*count)++] = backup;
    }
    if (*count)
        qsort(*backups, *count, sizeof **backups, newest_first);
    return NEXUS_OK;
}

enum nexus_status backup_list(const struct engine *engine, struct backup **ret_backups,
                              size_t *ret_count, struct nexus_error *err)
{
    struct backup *backups = NULL;
    size_t count = 0;
    int fd =
        openat(engine->nexus_fd, BACKUPS_FOLDER, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *listing = fd < 0 ? NULL : fdopendir(fd);
    enum nexus_status status = NEXUS_OK;
    if (listing)
        status = read_folder(listing, &backups, &count, err);
    if (listing)
        closedir(listing);
    else
        file_close(&fd);
    if (status != NEXUS_OK) {
        free(backups);
        return status;
    }
    *ret_backups = backups;
    *ret_count = count;
    return NEXUS_OK;
}

enum nexus_status backup_next(const struct engine *engine, int64_t created_at_ns,
                              int64_t *ret_due_ns, struct nexus_error *err)
{
    struct backup *backups;
    size_t count;
    int64_t last_ns = created_at_ns;
    TRY(backup_list(engine, &backups, &count, err));
    for (size_t i = 0; i < count; i++)
        if (!backups[i].is_replaced && backups[i].at_ns > last_ns)
            last_ns = backups[i].at_ns;
    free(backups);
    /* One from the future, by a clock that was wrong, does not stand for all that follow. */
    int64_t now_ns = engine->now_ns();
    if (last_ns > now_ns)
        last_ns = now_ns;
    *ret_due_ns = last_ns + engine->settings.backup_hours * 3600 * NS_PER_S;
    return NEXUS_OK;
}

/* --- a new one ------------------------------------------------------------------------------- */

/** What a crash left in the middle of a copy. */
static void remove_unfinished(int folder_fd)
{
    int fd = dup(folder_fd);
    DIR *listing = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;
    while (listing && (entry = readdir(listing)) != NULL)
        if (str_starts_with(str_of(entry->d_name), STR(UNFINISHED)))
            unlinkat(folder_fd, entry->d_name, 0);
    if (listing)
        closedir(listing);
    else
        file_close(&fd);
}

enum nexus_status backup_rotate(const struct engine *engine, struct nexus_error *err)
{
    struct backup *backups;
    size_t count, kept[2] = {0};
    FD_SCOPED fd = -1;
    TRY(open_folder(engine, &fd, err));
    TRY(backup_list(engine, &backups, &count, err));
    for (size_t i = 0; i < count; i++) {
        if (kept[backups[i].is_replaced]++ < (size_t)engine->settings.backup_keep)
            continue;
        for (size_t j = 0; j < sizeof endings / sizeof endings[0]; j++) {
            STRBUF_SCOPED name = {0};
            strbuf_addf(&name, "%s%s", backups[i].name, endings[j]);
            if (!name.failed)
                unlinkat(fd, name.at, 0);
        }
    }
    free(backups);
    return NEXUS_OK;
}

/** The copy beside its place, checked. */
static enum nexus_status copy(struct engine *engine, const char *abs_path, int64_t now_ns,
                              struct nexus_error *err)
{
    TRY(store_copy(engine->database_path, abs_path, now_ns, err));
    enum nexus_status status = store_check_file(abs_path, VIEW_ALONE, CHECK_QUICK, err);
    if (status != NEXUS_OK)
        unlink(abs_path);
    return status;
}

static enum nexus_status put_in_place(const char *abs_from, const char *abs_to,
                                      struct nexus_error *err)
{
    const char *slash = strrchr(abs_to, '/');
    char *folder = slash == abs_to ? strdup("/") : strndup(abs_to, (size_t)(slash - abs_to));
    enum nexus_status status = folder ? NEXUS_OK : fail_no_memory(err);
    if (status == NEXUS_OK && access(abs_to, F_OK) == 0)
        status = fail(err, NEXUS_ERROR_EXISTS, "there is a file '%s' already", abs_to);
    if (status == NEXUS_OK && rename(abs_from, abs_to) != 0)
        status = fail_errno(err, errno, "cannot make '%s'", abs_to);
    FD_SCOPED fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (status == NEXUS_OK)
        status = folder_sync(fd, folder, err);
    free(folder);
    return status;
}

static enum nexus_status make_at(struct engine *engine, const char *abs_to, int64_t now_ns,
                                 struct nexus_error *err)
{
    STRBUF_SCOPED beside = {0};
    const char *slash = strrchr(abs_to, '/');
    strbuf_add(&beside, (struct str){abs_to, (size_t)(slash - abs_to) + 1});
    strbuf_addf(&beside, UNFINISHED "%d" ENDING, (int)getpid());
    if (beside.failed)
        return fail_no_memory(err);
    unlink(beside.at);
    TRY(copy(engine, beside.at, now_ns, err));
    enum nexus_status status = put_in_place(beside.at, abs_to, err);
    if (status != NEXUS_OK)
        unlink(beside.at);
    return status;
}

/** One at a time: whoever comes second waits. The lock goes with the descriptor. */
static enum nexus_status lock_folder(const struct engine *engine, int *ret_fd,
                                     struct nexus_error *err)
{
    FD_SCOPED fd = -1;
    TRY(open_folder(engine, &fd, err));
    while (flock(fd, LOCK_EX) != 0)
        if (errno != EINTR)
            return fail_errno(err, errno, "cannot lock the folder '.nexus/" BACKUPS_FOLDER "'");
    *ret_fd = fd;
    fd = -1;
    return NEXUS_OK;
}

/** In the folder, whose lock is held. */
static enum nexus_status make_one(struct engine *engine, int64_t now_ns, char **ret_abs_path,
                                  struct nexus_error *err)
{
    FD_SCOPED fd = -1;
    char now[TIME_TEXT_SIZE], name[sizeof(((struct backup *)0)->name)];
    char *abs_path;
    snprintf(name, sizeof name, MADE "%.24s" ENDING, time_format(now_ns, now));
    TRY(lock_folder(engine, &fd, err));
    remove_unfinished(fd);
    TRY(backup_path(engine, name, &abs_path, err));
    enum nexus_status status = make_at(engine, abs_path, now_ns, err);
    if (status == NEXUS_OK)
        status = backup_rotate(engine, err);
    if (status != NEXUS_OK) {
        free(abs_path);
        return status;
    }
    *ret_abs_path = abs_path;
    return NEXUS_OK;
}

enum nexus_status backup_make(struct engine *engine, const char *abs_to, char **ret_abs_path,
                              struct nexus_error *err)
{
    int64_t now_ns = engine->now_ns();
    if (!abs_to)
        return make_one(engine, now_ns, ret_abs_path, err);
    char *abs_path = strdup(abs_to);
    if (!abs_path)
        return fail_no_memory(err);
    enum nexus_status status = make_at(engine, abs_path, now_ns, err);
    if (status != NEXUS_OK) {
        free(abs_path);
        return status;
    }
    *ret_abs_path = abs_path;
    return NEXUS_OK;
}

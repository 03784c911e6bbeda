// SPDX-License-Identifier: MIT
/*
 * The new database is made beside its place ("vault.sqlite-new"), and gets the name
 * "vault.sqlite-restored" when it is whole and on the disk: from then on the restore happens, crash
 * or not. The old one is set aside with its log, and the new one gets its name.
 */
#include "engine/restore.h"

#include "base/folder.h"
#include "base/time.h"
#include "engine/examine.h"
#include "engine/permissions_read.h"
#include "engine/watermark.h"
#include "store/backup.h"
#include "store/outbox.h"
#include "store/salvage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define NEW_NAME "vault.sqlite-new"
#define WHOLE_NAME "vault.sqlite-restored"

void restore_name_aside(int64_t now_ns, char name[64])
{
    char now[TIME_TEXT_SIZE];
    snprintf(name, 64, "replaced-%.24s.sqlite", time_format(now_ns, now));
}

static void remove_new(const struct engine *engine)
{
    static const char *const names[] = {NEW_NAME, NEW_NAME "-journal", NEW_NAME "-wal",
                                        NEW_NAME "-shm"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        unlinkat(engine->nexus_fd, names[i], 0);
}

static enum nexus_status path_of(const struct engine *engine, const char *name, char **ret_path,
                                 struct nexus_error *err)
{
    STRBUF_SCOPED path = {0};
    strbuf_addf(&path, "%s/.nexus/%s", engine->root_path, name);
    *ret_path = strbuf_take(&path);
    return *ret_path ? NEXUS_OK : fail_no_memory(err);
}

/* --- what the copy has to know --------------------------------------------------------------- */

/** What a copy is made fit with. */
struct fitting {
    const struct engine *engine;
    const char *old_path; /* NULL: there is none */
    char aside[64];
};

static enum nexus_status tighten(struct store *store, const struct fitting *fitting,
                                 struct nexus_error *err)
{
    ENTRIES_SCOPED entries = {0};
    struct store_old *old = fitting->old_path ? store_old_open(fitting->old_path) : NULL;
    enum nexus_status status = permissions_read(fitting->engine->nexus_fd, &entries, err);
    if (status == NEXUS_OK)
        status = permissions_tighten(store, &entries, old, err);
    store_old_close(old);
    return status;
}

static enum nexus_status fit(struct store *store, const struct fitting *fitting,
                             struct nexus_error *err)
{
    struct watermark watermark;
    struct store_salvaged salvaged;
    char host_id[SHA256_TEXT_SIZE];
    uint64_t found;
    TRY(watermark_read(fitting->engine->nexus_fd, &watermark, err));
    TRY(watermark_host(fitting->engine->nexus_fd, host_id, err));
    TRY(store_forget_edits(store, err));
    TRY(store_outbox_sweep(store, SWEEP_FILES, &found, err));
    if (fitting->old_path)
        TRY(store_salvage(store, fitting->old_path, watermark.object_id, &salvaged, err));
    TRY(store_reserve(store, watermark.object_id, watermark.change, err));
    TRY(tighten(store, fitting, err));
    TRY(store_meta_set(store, "host_id", str_of(host_id), err));
    return fitting->old_path ? store_meta_set(store, "salvage", str_of(fitting->aside), err)
                             : NEXUS_OK;
}

static enum nexus_status fit_copy(const char *path, int64_t now_ns, const struct fitting *fitting,
                                  struct nexus_error *err)
{
    const struct store_options options = {
        .abs_path = path, .durability = STORE_FULL, .now_ns = now_ns};
    struct store *store;
    TRY(store_open(&options, &store, err));
    enum nexus_status status = store_begin(store, now_ns, err);
    if (status == NEXUS_OK)
        status = fit(store, fitting, err);
    if (status == NEXUS_OK)
        status = store_commit(store, err);
    store_close(store);
    return status;
}

static enum nexus_status sync_folder(const struct engine *engine, struct nexus_error *err)
{
    return folder_sync(engine->nexus_fd, ".nexus", err);
}

/** Without its log: closing it has moved that into the file. */
static enum nexus_status make_whole(const struct engine *engine, struct nexus_error *err)
{
    if (faccessat(engine->nexus_fd, NEW_NAME "-wal", F_OK, AT_SYMLINK_NOFOLLOW) == 0)
        return fail(err, NEXUS_ERROR_BUSY, "another program has '" NEW_NAME "' open");
    FD_SCOPED fd = openat(engine->nexus_fd, NEW_NAME, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return fail_errno(err, errno, "cannot open '" NEW_NAME "'");
    TRY(file_sync_opened(fd, NEW_NAME, err));
    if (renameat(engine->nexus_fd, NEW_NAME, engine->nexus_fd, WHOLE_NAME) != 0)
        return fail_errno(err, errno, "cannot make '" WHOLE_NAME "'");
    return sync_folder(engine, err);
}

/* --- into its place -------------------------------------------------------------------------- */

static enum nexus_status set_aside(struct engine *engine, const char *name, struct nexus_error *err)
{
    char *aside;
    TRY(backup_path(engine, name, &aside, err));
    enum nexus_status status = store_set_aside(engine->database_path, aside, err);
    free(aside);
    return status;
}

static enum nexus_status taken(const struct engine *engine, struct nexus_error *err)
{
    return fail(err, NEXUS_ERROR_CHANGED, "a database was put in the place of '%s'",
                engine->database_path);
}

/** It came between a look and a rename. Where yet another is there by now, it stays aside. */
static enum nexus_status put_back(const struct engine *engine, const char *aside,
                                  struct nexus_error *err)
{
    STRBUF_SCOPED log = {0};
    strbuf_addf(&log, "%s-wal", aside);
    if (log.failed)
        return fail_no_memory(err);
    int reason = file_rename_to_free(AT_FDCWD, log.at, engine->nexus_fd, EXAMINED_NAME "-wal");
    if (!reason || reason == ENOENT)
        (void)file_rename_to_free(AT_FDCWD, aside, engine->nexus_fd, EXAMINED_NAME);
    return taken(engine, err);
}

enum nexus_status restore_clear_place(struct engine *engine, const char *name,
                                      struct nexus_error *err)
{
    char *aside;
    struct stat found;
    if (examine_is_there(engine, EXAMINED_NAME, 1))
        return taken(engine, err);
    if (!examine_is_there(engine, EXAMINED_NAME, 0) &&
        !examine_is_there(engine, EXAMINED_NAME "-wal", 0))
        return NEXUS_OK;
    TRY(backup_path(engine, name, &aside, err));
    enum nexus_status status = store_set_aside(engine->database_path, aside, err);
    if (status == NEXUS_OK && stat(aside, &found) == 0 && found.st_size > 0)
        status = put_back(engine, aside, err);
    free(aside);
    return status;
}

static enum nexus_status put_in_place(struct engine *engine, struct nexus_error *err)
{
    int reason = file_rename_to_free(engine->nexus_fd, WHOLE_NAME, engine->nexus_fd, EXAMINED_NAME);
    if (reason)
        return fail_errno(err, reason, "cannot put '" WHOLE_NAME "' into its place");
    TRY(sync_folder(engine, err));
    return backup_rotate(engine, err);
}

enum nexus_status restore_finish(struct engine *engine, struct nexus_error *err)
{
    char *path;
    struct store_facts facts;
    if (faccessat(engine->nexus_fd, WHOLE_NAME, F_OK, AT_SYMLINK_NOFOLLOW) != 0)
        return NEXUS_OK;
    TRY(path_of(engine, WHOLE_NAME, &path, err));
    enum nexus_status status = store_look_at(path, &facts, err);
    free(path);
    TRY(status);
    if (!facts.salvage[0])
        restore_name_aside(engine->now_ns(), facts.salvage);
    TRY(set_aside(engine, facts.salvage, err));
    return put_in_place(engine, err);
}

enum nexus_status restore_put(struct engine *engine, const char *backup_path, int64_t backup_at_ns,
                              const char *old_path, struct nexus_error *err)
{
    struct fitting fitting = {.engine = engine, .old_path = old_path};
    int64_t now_ns = engine->now_ns();
    char *path;
    restore_name_aside(now_ns, fitting.aside);
    remove_new(engine);
    TRY(path_of(engine, NEW_NAME, &path, err));
    enum nexus_status status = store_copy(backup_path, path, backup_at_ns, err);
    if (status == NEXUS_OK)
        status = fit_copy(path, now_ns, &fitting, err);
    free(path);
    if (status == NEXUS_OK)
        status = make_whole(engine, err);
    if (status != NEXUS_OK) {
        remove_new(engine);
        return status;
    }
    status = old_path ? set_aside(engine, fitting.aside, err)
                      : restore_clear_place(engine, fitting.aside, err);
    if (status == NEXUS_ERROR_CHANGED)
        unlinkat(engine->nexus_fd, WHOLE_NAME, 0);
    return status == NEXUS_OK ? put_in_place(engine, err) : status;
}

enum nexus_status restore_find(const struct engine *engine, char **ret_path, int64_t *ret_at_ns,
                               struct nexus_error *err)
{
    struct backup *backups;
    size_t count;
    char *path = NULL;
    TRY(backup_list(engine, &backups, &count, err));
    enum nexus_status status = NEXUS_ERROR_NOT_FOUND;
    for (size_t i = 0; i < count && status != NEXUS_OK; i++) {
        if (backups[i].is_replaced)
            continue;
        free(path);
        path = NULL;
        status = backup_path(engine, backups[i].name, &path, err);
        if (status == NEXUS_OK)
            status = store_check_file(path, VIEW_ALONE, CHECK_FULL, NULL);
        if (status == NEXUS_OK)
            *ret_at_ns = backups[i].at_ns;
    }
    free(backups);
    if (status == NEXUS_OK) {
        *ret_path = path;
        return NEXUS_OK;
    }
    free(path);
    return fail(err, NEXUS_ERROR_NOT_FOUND, "there is no sound backup");
}

// SPDX-License-Identifier: MIT
/*
 * The first index of a vault, at the speed of the disk: a database of its own that nobody sees
 * until it is complete.
 *
 * It is written beside its place, in one transaction without a journal and without waiting for the
 * disk, so there is nothing to roll back to: a crash or an error leaves a file that the next try
 * removes, and the vault's files are all that is needed to start again. The secondary indexes are
 * made at the end, from complete tables, and the links that could not be resolved on the way; those
 * of properties grow with the content, whose JSON is then parsed once for all of them. Then the
 * file is made durable and gets its name.
 */
#include "store/internal.h"

#include "base/embed.h"
#include "store/backup.h"
#include "store/connection.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum nexus_status bulk_begin_file(struct store *store, struct nexus_error *err)
{
    if (!store->replaced_path && access(store->abs_path, F_OK) == 0)
        return fail(err, NEXUS_ERROR_EXISTS, "there is a database '%s' already", store->abs_path);
    store->bulk_path = sqlite3_mprintf("%s-new", store->abs_path);
    if (!store->bulk_path)
        return fail_no_memory(err);
    if (unlink(store->bulk_path) != 0 && errno != ENOENT)
        return fail_errno(err, errno, "cannot remove '%s'", store->bulk_path);
    return NEXUS_OK;
}

enum nexus_status bulk_set_pragmas(struct store *store, struct nexus_error *err)
{
    /* What DEFENSIVE forbids is the one thing that is wanted here. */
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
    enum nexus_status status =
        connection_run(store->db,
                       STR("PRAGMA journal_mode = OFF;"
                           "PRAGMA synchronous = OFF;"
                           "PRAGMA locking_mode = EXCLUSIVE;"
                           "PRAGMA cache_size = -6000; PRAGMA temp_store = FILE;"),
                       err);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    return status;
}

/** On the disk: the file's bytes, then its name. */
static enum nexus_status sync_path(const char *path, int flags, struct nexus_error *err)
{
    int fd = open(path, flags | O_CLOEXEC);
    if (fd < 0)
        return fail_errno(err, errno, "cannot open '%s'", path);
    int result = fsync(fd);
    int error = errno;
    close(fd);
    return result == 0 ? NEXUS_OK : fail_errno(err, error, "cannot write '%s'", path);
}

enum nexus_status store_sync_folder_of(const char *abs_path, struct nexus_error *err)
{
    const char *slash = strrchr(abs_path, '/');
    char *folder =
        slash ? strndup(abs_path, slash > abs_path ? (size_t)(slash - abs_path) : 1) : strdup(".");
    if (!folder)
        return fail_no_memory(err);
    enum nexus_status status = sync_path(folder, O_RDONLY | O_DIRECTORY, err);
    free(folder);
    return status;
}

static enum nexus_status complete(struct store *store, struct nexus_error *err)
{
    bool is_complete = expected_is_complete(&store->expected);
    expected_finish(&store->expected);
    TRY(search_settle(store, err)); /* the next statement ends a piece of the index */
    store->mode = STORE_LIVE;       /* the names are complete */
    TRY(is_complete ? links_resolve_open(store, err) : links_resolve_all(store, err));
    TRY(connection_run(store->db, embedded_text("src/store/sql/indexes.sql"), err));
    return repair_is_right(store, err);
}

enum nexus_status bulk_complete(struct store *store, struct nexus_error *err)
{
    TRY(store_begin(store, store->now_ns, err));
    TRY(complete(store, err));
    return store_commit(store, err);
}

enum nexus_status bulk_put_in_place(struct store *store, struct nexus_error *err)
{
    /* Nobody else knows the file, so opening it costs no lock of anybody. */
    TRY(sync_path(store->bulk_path, O_RDONLY, err));
    if (store->replaced_path)
        TRY(store_set_aside(store->abs_path, store->replaced_path, err));
    /* Not over a database that another program made meanwhile. */
    if (link(store->bulk_path, store->abs_path) != 0)
        return fail_errno(err, errno, "cannot put '%s' into its place", store->abs_path);
    unlink(store->bulk_path);
    TRY(store_sync_folder_of(store->abs_path, err));
    sqlite3_free(store->bulk_path);
    store->bulk_path = NULL;
    return NEXUS_OK;
}

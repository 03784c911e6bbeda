// SPDX-License-Identifier: MIT
#include "engine/recovery.h"

#include "base/time.h"
#include "engine/backup.h"
#include "engine/examine.h"
#include "engine/permissions_read.h"
#include "engine/restore.h"
#include "engine/upkeep.h"
#include "engine/vault.h"
#include "engine/watermark.h"
#include "store/backup.h"
#include "store/salvage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define DATABASE_NAME EXAMINED_NAME
#define DATABASE_PATH ".nexus/" DATABASE_NAME

static enum nexus_status add_news(struct engine *engine, struct nexus_error *err)
{
    strbuf_add_char(&engine->recovery.news, '\n');
    return engine->recovery.news.failed ? fail_no_memory(err) : NEXUS_OK;
}

/* --- a database that stays ------------------------------------------------------------------- */

static struct store_options options_of(const struct engine *engine)
{
    return (struct store_options){
        .abs_path = engine->database_path,
        .durability = engine->settings.durability == DURABILITY_FULL ? STORE_FULL : STORE_NORMAL,
        .now_ns = engine->now_ns(),
    };
}

static enum nexus_status stamp(struct engine *engine, const struct examination *found,
                               struct nexus_error *err)
{
    char host_id[SHA256_TEXT_SIZE];
    struct store *store = engine->store;
    TRY(watermark_host(engine->nexus_fd, host_id, err));
    TRY(store_begin(store, engine->now_ns(), err));
    enum nexus_status status = store_meta_set(store, "host_id", str_of(host_id), err);
    if (status == NEXUS_OK)
        status =
            store_reserve(store, found->finding == FOUND_OLDER ? found->watermark.object_id : 0,
                          found->finding == FOUND_OLDER ? found->watermark.change : 0, err);
    if (status == NEXUS_OK)
        status = store_commit(store, err);
    if (status != NEXUS_OK)
        store_rollback(store);
    return status;
}

/** An older program's database is kept as it was, before it becomes this one's. */
static enum nexus_status keep_older(struct engine *engine, const struct examination *found,
                                    struct nexus_error *err)
{
    bool is_known = found->finding != FOUND_AS_LEFT;
    int64_t version = is_known ? found->facts.version : found->watermark.version;
    char *path = NULL;
    if (version >= STORE_VERSION)
        return NEXUS_OK;
    enum nexus_status status = backup_make(engine, NULL, &path, err);
    free(path);
    return status;
}

static enum nexus_status open_as_it_is(struct engine *engine, const struct examination *found,
                                       struct nexus_error *err)
{
    struct store_options options = options_of(engine);
    TRY(keep_older(engine, found, err));
    TRY(store_open(&options, &engine->store, err));
    bool is_new_here = !found->facts.host_id[0] && found->finding != FOUND_AS_LEFT;
    if (is_new_here || found->finding == FOUND_OLDER)
        TRY(stamp(engine, found, err));
    engine->recovery.is_suspect = found->finding != FOUND_AS_LEFT;
    engine->recovery.is_permission_suspect = engine->recovery.is_suspect;
    if (!engine->recovery.is_suspect)
        store_shape_believe(engine->store, found->watermark.shape);
    engine->recovery.is_cookie_same = found->watermark.schema_cookie &&
                                      found->watermark.schema_cookie == found->facts.schema_cookie;
    engine->recovery.is_unexplained = found->finding == FOUND_SOUND && found->watermark.has_print &&
                                      found->watermark.last_change == found->facts.last_change &&
                                      engine->recovery.is_cookie_same;
    if (found->finding != FOUND_OLDER)
        return NEXUS_OK;
    strbuf_add_text(&engine->recovery.news,
                    "an older database was put back: it is brought in step with the files, and "
                    "nothing is shared that was not before");
    return add_news(engine, err);
}

static enum nexus_status set_log_aside(struct engine *engine, struct nexus_error *err)
{
    char name[64], *aside;
    restore_name_aside(engine->now_ns(), name);
    TRY(backup_path(engine, name, &aside, err));
    STRBUF_SCOPED log = {0};
    strbuf_addf(&log, "%s-wal", aside);
    free(aside);
    if (log.failed)
        return fail_no_memory(err);
    if (renameat(engine->nexus_fd, DATABASE_NAME "-wal", AT_FDCWD, log.at) != 0)
        return fail_errno(err, errno, "cannot set '" DATABASE_PATH "-wal' aside");
    unlinkat(engine->nexus_fd, DATABASE_NAME "-shm", 0);
    strbuf_addf(&engine->recovery.news,
                "the log beside the database belonged to another state of it: it is kept as '%s'",
                log.at + strlen(engine->root_path) + 1);
    return add_news(engine, err);
}

/* --- another database ------------------------------------------------------------------------ */

static void tell_cause(struct engine *engine, const struct examination *found)
{
    struct strbuf *news = &engine->recovery.news;
    struct str reason = str_of(found->reason.message);
    switch (found->finding) {
    case FOUND_MISSING: strbuf_add_text(news, "the database was gone"); break;
    case FOUND_FOREIGN:
        strbuf_add_text(news, "the database came from another machine or folder");
        break;
    case FOUND_DAMAGED: /* SQLite's finding may have lines */
        for (size_t i = 0; i < reason.length; i++)
            strbuf_add_char(news, reason.at[i] == '\n' ? ' ' : reason.at[i]);
        break;
    case FOUND_AS_LEFT:
    case FOUND_SOUND:
    case FOUND_OLDER:
    case FOUND_OLD_LOG: break;
    }
}

/** The newest database that was set aside; NULL: there is none. To be freed. */
static enum nexus_status newest_aside(const struct engine *engine, char **ret_path,
                                      struct nexus_error *err)
{
    struct backup *backups;
    size_t count, i = 0;
    TRY(backup_list(engine, &backups, &count, err));
    while (i < count && !backups[i].is_replaced)
        i++;
    *ret_path = NULL;
    enum nexus_status status =
        i < count ? backup_path(engine, backups[i].name, ret_path, err) : NEXUS_OK;
    free(backups);
    return status;
}

/** What the new one takes over, before the files are looked at. */
static enum nexus_status take_over(struct engine *engine, const struct examination *found,
                                   const char *old_path, const char *aside, struct nexus_error *err)
{
    struct store *store = engine->store;
    struct store_salvaged salvaged = {0};
    ENTRIES_SCOPED entries = {0};
    char host_id[SHA256_TEXT_SIZE];
    engine->recovery.made_anew_ns = engine->now_ns();
    TRY(watermark_host(engine->nexus_fd, host_id, err));
    TRY(permissions_read(engine->nexus_fd, &entries, err));
    TRY(store_begin(store, engine->recovery.made_anew_ns, err));
    if (old_path)
        TRY(store_salvage(store, old_path, found->watermark.object_id, &salvaged, err));
    TRY(permissions_plant(store, &entries, err));
    TRY(store_reserve(store, found->watermark.object_id, found->watermark.change, err));
    TRY(store_meta_set(store, "host_id", str_of(host_id), err));
    if (aside)
        TRY(store_meta_set(store, "salvage", str_of(aside), err));
    return store_commit(store, err);
}

static enum nexus_status make_anew(struct engine *engine, const struct examination *found,
                                   struct nexus_error *err)
{
    struct store_options options = options_of(engine);
    char name[64], *aside = NULL, *old = NULL;
    bool is_replacing = found->finding != FOUND_MISSING;
    bool is_told = is_replacing || found->watermark.is_known;
    restore_name_aside(engine->now_ns(), name);
    enum nexus_status status =
        is_replacing ? backup_path(engine, name, &aside, err) : newest_aside(engine, &old, err);
    if (status == NEXUS_OK && !is_replacing) /* what this sets aside is not that one */
        status = restore_clear_place(engine, name, err);
    options.replaced_path = aside;
    if (status == NEXUS_OK)
        status = store_open_bulk(&options, &engine->store, err);
    if (status == NEXUS_OK)
        status = take_over(engine, found, is_replacing ? engine->database_path : old,
                           is_replacing ? name
                           : old        ? strrchr(old, '/') + 1
                                        : NULL,
                           err);
    free(old);
    free(aside);
    TRY(status);
    if (!is_told)
        return NEXUS_OK;
    if (engine->recovery.is_asked)
        strbuf_add_text(&engine->recovery.news, "the database is made anew from the files");
    else
        tell_cause(engine, found);
    if (!engine->recovery.is_asked)
        strbuf_add_text(&engine->recovery.news, ": it is made anew from the files");
    if (is_replacing)
        strbuf_addf(&engine->recovery.news, "; the one before is kept as '.nexus/backups/%s'",
                    name);
    return add_news(engine, err);
}

static enum nexus_status put_backup(struct engine *engine, struct examination *found,
                                    bool *ret_done, struct nexus_error *err)
{
    char *backup, at[TIME_TEXT_SIZE];
    int64_t at_ns = 0;
    *ret_done = false;
    enum nexus_status status = restore_find(engine, &backup, &at_ns, NULL);
    if (status != NEXUS_OK)
        return NEXUS_OK;
    bool has_old = found->finding == FOUND_DAMAGED;
    status = restore_put(engine, backup, at_ns, has_old ? engine->database_path : NULL, err);
    free(backup);
    TRY(status);
    tell_cause(engine, found);
    strbuf_addf(&engine->recovery.news, ": the backup of %s is in its place",
                time_format(at_ns, at));
    TRY(add_news(engine, err));
    *ret_done = true;
    found->finding = FOUND_SOUND;
    return store_look_at(engine->database_path, &found->facts, err);
}

/** The backup that somebody names: one of the list, or a file. */
static enum nexus_status find_named(struct engine *engine, const char *name, char **ret_path,
                                    int64_t *ret_at_ns, struct nexus_error *err)
{
    struct store_facts facts;
    char *path = NULL;
    bool is_path = strchr(name, '/') != NULL;
    if (is_path)
        path = realpath(name, NULL);
    else
        TRY(backup_path(engine, name, &path, err));
    if (!path || access(path, R_OK) != 0) {
        free(path);
        return fail(err, NEXUS_ERROR_NOT_FOUND,
                    "there is no backup '%s' ('nexus restore --list' tells which there are)", name);
    }
    enum nexus_status status = store_check_file(path, VIEW_WITH_LOG, CHECK_FULL, err);
    if (status == NEXUS_OK)
        status = store_look_at(path, &facts, err);
    if (status != NEXUS_OK) {
        free(path);
        return status;
    }
    if (!time_parse(str_of(facts.backup_at), ret_at_ns))
        *ret_at_ns = engine->now_ns();
    *ret_path = path;
    return NEXUS_OK;
}

enum nexus_status recovery_restore(struct engine *engine, const char *backup,
                                   struct nexus_error *err)
{
    char *path, at[TIME_TEXT_SIZE];
    int64_t at_ns;
    TRY(restore_finish(engine, err));
    TRY(backup ? find_named(engine, backup, &path, &at_ns, err)
               : restore_find(engine, &path, &at_ns, err));
    bool has_old = examine_is_there(engine, DATABASE_NAME, 1);
    enum nexus_status status =
        restore_put(engine, path, at_ns, has_old ? engine->database_path : NULL, err);
    free(path);
    TRY(status);
    strbuf_addf(&engine->recovery.news, "the backup of %s is in place; the files were read",
                time_format(at_ns, at));
    return add_news(engine, err);
}

/* --- opening --------------------------------------------------------------------------------- */

static enum nexus_status open_found(struct engine *engine, struct examination *found,
                                    bool *ret_is_first, struct nexus_error *err)
{
    bool is_done = false;
    *ret_is_first = false;
    if (engine->recovery.is_rebuild_asked) {
        engine->recovery.is_rebuild_asked = false;
        *ret_is_first = true;
        return make_anew(engine, found, err);
    }
    if (found->finding == FOUND_OLD_LOG) {
        TRY(set_log_aside(engine, err));
        TRY(examine_sound(engine, found, err));
    }
    if (found->finding == FOUND_MISSING || found->finding == FOUND_DAMAGED)
        TRY(put_backup(engine, found, &is_done, err));
    if (found->finding == FOUND_MISSING || found->finding == FOUND_DAMAGED ||
        found->finding == FOUND_FOREIGN) {
        *ret_is_first = true;
        return make_anew(engine, found, err);
    }
    return open_as_it_is(engine, found, err);
}

static enum nexus_status examine_and_open(struct engine *engine, bool *ret_is_first,
                                          struct nexus_error *err)
{
    struct examination found = {0};
    TRY(restore_finish(engine, err));
    TRY(examine(engine, &found, err));
    return open_found(engine, &found, ret_is_first, err);
}

enum nexus_status recovery_open(struct engine *engine, bool *ret_is_first, struct nexus_error *err)
{
    file_clear_unfinished(engine->nexus_fd);
    enum nexus_status status = examine_and_open(engine, ret_is_first, err);
    /* Somebody put a database there while a backup was on its way: that one is looked at. */
    if (status == NEXUS_ERROR_CHANGED)
        status = examine_and_open(engine, ret_is_first, err);
    TRY(status);
    if (engine->recovery.is_damage_seen) /* another is in its place */
        engine->recovery.is_damage_met = engine->recovery.is_damage_seen = false;
    engine->recovery.is_leaving = true;
    return NEXUS_OK;
}

static enum nexus_status look_alone(struct engine *engine, struct nexus_error *err)
{
    struct examination found = {0};
    TRY(examine(engine, &found, err));
    bool is_left = found.finding == FOUND_AS_LEFT;
    int64_t version = is_left ? found.watermark.version : found.facts.version;
    if (found.finding == FOUND_MISSING)
        return fail(err, NEXUS_ERROR_NOT_FOUND, "the vault has no database yet");
    if ((!is_left && found.finding != FOUND_SOUND) || version < STORE_VERSION)
        return fail(err, NEXUS_ERROR_DAMAGED, "'" DATABASE_PATH "' is not as it was left%s%s",
                    found.reason.message[0] ? ": " : "", found.reason.message);
    struct store_options options = options_of(engine);
    return store_open(&options, &engine->store, err);
}

/* Who holds the lock has seen to the database, and goes on with it. */
enum nexus_status recovery_look(struct engine *engine, struct nexus_error *err)
{
    struct store_options options = options_of(engine);
    options.is_shape_kept = true;
    enum nexus_status status = vault_lock(engine->nexus_fd, err);
    if (status == NEXUS_ERROR_BUSY)
        return store_open(&options, &engine->store, err);
    TRY(status);
    status = look_alone(engine, err);
    vault_unlock(engine->nexus_fd);
    return status;
}

void recovery_close(struct engine *engine)
{
    if (engine->store && store_is_bulk(engine->store))
        strbuf_reset(&engine->recovery.news);
    store_writer_close(engine->writer);
    engine->writer = NULL;
    upkeep_let_go(engine);
    engine->recovery.made_anew_ns = 0;
}

void recovery_doubt(struct engine *engine)
{
    recovery_close(engine);
    engine->recovery.is_damage_seen = engine->recovery.is_damage_met;
    engine->recovery.is_damage_met = true;
}

static enum nexus_status doubt_permissions(struct engine *engine, struct nexus_error *err)
{
    ENTRIES_SCOPED entries = {0};
    TRY(permissions_read(engine->nexus_fd, &entries, err));
    if (!entries.count)
        return NEXUS_OK;
    TRY(store_begin(engine->store, engine->recovery.made_anew_ns, err));
    TRY(permissions_doubt(engine->store, &entries, err));
    return store_commit(engine->store, err);
}

enum nexus_status recovery_finish_first(struct engine *engine, struct nexus_error *err)
{
    TRY(doubt_permissions(engine, err));
    enum nexus_status status = store_finish_bulk(engine->store, err);
    if (status != NEXUS_OK) {
        recovery_close(engine);
        return status;
    }
    store_shape_tell(engine->store, engine->recovery.shape);
    engine->recovery.made_anew_ns = 0;
    return backup_rotate(engine, err);
}

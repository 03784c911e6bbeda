// SPDX-License-Identifier: MIT
/* What is done when the database is open and the files were looked at, and what is written down
 * beside it. */
#include "engine/recovery.h"

#include "base/time.h"
#include "engine/audit.h"
#include "engine/backup.h"
#include "engine/permissions_read.h"
#include "engine/upkeep.h"
#include "engine/vault.h"
#include "engine/watermark.h"
#include "store/backup.h"
#include "store/feed.h"
#include "store/notes.h"
#include "store/objects.h"
#include "store/salvage.h"
#include "store/writes.h"

#include <stdlib.h>

#define DATABASE_NAME "vault.sqlite"
#define KEYWORD "recovered"

enum { ID_BLOCK = 1000 }; /* ids that are reserved ahead */

struct parking {
    struct store *store;
    uint64_t count;
};

/** An edit of a row that cannot be made of what is there now: it is kept where what is taken back
 * is kept. */
static enum nexus_status park(void *context, int64_t object_id, struct str path,
                              struct str content_json, struct nexus_error *err)
{
    struct parking *parking = context;
    struct store_write write = {
        .op = WRITE_REFUSED,
        .origin = ORIGIN_SQL,
        .path = path.at ? path : STR(""),
        .object_id = object_id,
        .refused = content_json,
    };
    struct problem problem = {
        .severity = PROBLEM_ERROR,
        .keyword = "refused",
        .message = STR("what SQL had changed was not in the file yet when the database was "
                       "replaced: it is kept in the history"),
    };
    struct store_object_row object;
    struct arena arena = {0};
    enum nexus_status status = path.at ? store_object_at(parking->store, path, &arena, &object, err)
                                       : NEXUS_ERROR_NOT_FOUND;
    /* Carried out before, or never different: there is nothing to keep. */
    bool is_same =
        status == NEXUS_OK && content_json.at && str_equal(object.content_json, content_json);
    arena_finish(&arena);
    if (status != NEXUS_OK && status != NEXUS_ERROR_NOT_FOUND)
        return status;
    if (!content_json.at || is_same)
        return NEXUS_OK;
    parking->count++;
    status = store_history_add(parking->store, &write, NULL, err);
    return status == NEXUS_OK && path.at ? store_problem_tell(parking->store, path, &problem, err)
                                         : status;
}

/** There is news. */
static enum nexus_status tell_problem(struct engine *engine, struct nexus_error *err)
{
    struct str news = strbuf_str(&engine->recovery.news);
    struct problem problem = {.severity = PROBLEM_WARNING, .keyword = KEYWORD, .message = news};
    problem.message.length--; /* the line's end */
    return store_problem_tell(engine->store, STR(".nexus/" DATABASE_NAME), &problem, err);
}

/** To those who follow the feed, and to whoever asks later why permissions are stricter. */
static enum nexus_status tell_followers(struct engine *engine, struct nexus_error *err)
{
    STRBUF_SCOPED detail = {0};
    strbuf_add_text(&detail, "{\"news\":");
    strbuf_add_json(&detail, str_trim(strbuf_str(&engine->recovery.news)));
    strbuf_add_char(&detail, '}');
    if (detail.failed)
        return fail_no_memory(err);
    const struct audit_entry entry = {
        .actor = engine->recovery.is_asked ? "owner" : "nexus",
        .action = "recovery",
        .origin = ORIGIN_NEXUS,
        .detail_json = strbuf_str(&detail),
    };
    TRY(store_audit_add(engine->store, &entry, err));
    return store_feed_tell_recovery(engine->store, err);
}

static enum nexus_status carry_edits(struct engine *engine, struct str name, uint64_t *ret_taken,
                                     struct nexus_error *err)
{
    struct parking parking = {.store = engine->store};
    char *path = NULL;
    TRY(backup_path(engine, name.at, &path, err));
    enum nexus_status status =
        store_salvage_edits(engine->store, path, ret_taken, park, &parking, err);
    free(path);
    return status == NEXUS_OK ? store_meta_drop(engine->store, "salvage", err) : status;
}

/** `name`: of the database before, whose edits are carried over; empty: there is none. */
static enum nexus_status settle(struct engine *engine, struct str name, uint64_t *ret_taken,
                                struct nexus_error *err)
{
    TRY(store_begin(engine->store, engine->now_ns(), err));
    if (name.length)
        TRY(carry_edits(engine, name, ret_taken, err));
    if (engine->recovery.news.length && !engine->recovery.is_asked)
        TRY(tell_problem(engine, err));
    TRY(tell_followers(engine, err));
    TRY(store_commit(engine->store, err));
    return audit_copy(engine->nexus_fd, engine->store, err);
}

enum nexus_status recovery_settle(struct engine *engine, uint64_t *ret_taken,
                                  struct nexus_error *err)
{
    struct arena arena = {0};
    struct str name = {0};
    *ret_taken = 0;
    enum nexus_status status = store_meta_get(engine->store, "salvage", &arena, &name, err);
    if (status == NEXUS_ERROR_NOT_FOUND)
        status = NEXUS_OK;
    if (status == NEXUS_OK && (name.length || engine->recovery.news.length)) {
        status = settle(engine, name, ret_taken, err);
        if (status != NEXUS_OK)
            store_rollback(engine->store);
    }
    arena_finish(&arena);
    return status;
}

static int64_t reserved(int64_t known, int64_t given)
{
    if (known >= given + ID_BLOCK / 2)
        return known;
    return (given / ID_BLOCK + 2) * ID_BLOCK;
}

enum left { LEFT_OPEN, LEFT_CLOSED };

/** The watermark's lock is held. */
static enum nexus_status write_down(struct engine *engine, enum left left,
                                    const struct store_facts *facts, struct nexus_error *err)
{
    struct watermark watermark;
    mode_t mode;
    TRY(watermark_read(engine->nexus_fd, &watermark, err));
    memcpy(watermark.host_id, facts->host_id, sizeof watermark.host_id);
    watermark.object_id = reserved(watermark.object_id, facts->last_object_id);
    watermark.change = reserved(watermark.change, facts->last_change);
    watermark.has_print = false; /* while it is open, nobody can tell */
    if (left == LEFT_CLOSED) {
        memcpy(watermark.shape, engine->recovery.shape, sizeof watermark.shape);
        watermark.last_change = facts->last_change;
        watermark.version = facts->version;
        watermark.schema_cookie = facts->schema_cookie;
        watermark.has_print =
            file_look(engine->nexus_fd, DATABASE_NAME, &watermark.print, &mode) == 0;
    }
    return watermark_write(engine->nexus_fd, &watermark, err);
}

enum nexus_status recovery_keep(struct engine *engine, struct nexus_error *err)
{
    struct store_facts facts;
    FD_SCOPED lock_fd = -1;
    TRY(permissions_settle(engine, err));
    TRY(watermark_lock(engine->nexus_fd, &lock_fd, err));
    TRY(store_look(engine->store, &facts, err));
    return write_down(engine, LEFT_OPEN, &facts, err);
}

/* Another program may be at work by now, and will write down more than is known here. A failure
 * costs a check at the next start. */
void recovery_leave(struct engine *engine)
{
    struct store_facts facts;
    FD_SCOPED lock_fd = -1;
    bool is_known = false;
    bool is_leaving = engine->store && engine->recovery.is_leaving &&
                      !store_is_bulk(engine->store) && /* it never came to its place */
                      vault_lock(engine->nexus_fd, NULL) == NEXUS_OK;
    if (is_leaving) {
        store_rollback(engine->store);
        is_known = watermark_lock(engine->nexus_fd, &lock_fd, NULL) == NEXUS_OK &&
                   store_look(engine->store, &facts, NULL) == NEXUS_OK;
    }
    upkeep_let_go(engine);
    if (is_known)
        (void)write_down(engine, LEFT_CLOSED, &facts, NULL);
    if (is_leaving)
        vault_unlock(engine->nexus_fd);
}

/** There is a backup of what was brought back: it is an old story. */
static enum nexus_status drop_problem(struct engine *engine, struct nexus_error *err)
{
    TRY(store_begin(engine->store, engine->now_ns(), err));
    enum nexus_status status =
        store_problem_drop(engine->store, STR(".nexus/" DATABASE_NAME), KEYWORD, err);
    if (status == NEXUS_OK)
        status = store_commit(engine->store, err);
    if (status != NEXUS_OK)
        store_rollback(engine->store);
    return status;
}

enum nexus_status recovery_back_up(struct engine *engine, int64_t *ret_due_ns,
                                   struct nexus_error *err)
{
    struct arena arena = {0};
    struct str created_at;
    int64_t created_at_ns = 0, due_ns;
    char *path;
    enum nexus_status status =
        store_meta_get(engine->store, "created_at", &arena, &created_at, err);
    if (status == NEXUS_OK)
        time_parse(created_at, &created_at_ns);
    arena_finish(&arena);
    if (status != NEXUS_OK && status != NEXUS_ERROR_NOT_FOUND)
        return status;
    TRY(backup_next(engine, created_at_ns, &due_ns, err));
    if (due_ns <= engine->now_ns()) {
        TRY(backup_make(engine, NULL, &path, err));
        free(path);
        TRY(drop_problem(engine, err));
        TRY(backup_next(engine, created_at_ns, &due_ns, err));
    }
    *ret_due_ns = due_ns;
    return NEXUS_OK;
}

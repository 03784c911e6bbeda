// SPDX-License-Identifier: MIT
/*
 * The two ends of an outbox entry: the file says what the row says, or the row is taken back.
 *
 * Somebody may change the row again while its file is written, or is judged. So both ends look at
 * the row once more, inside of the transaction. What came meanwhile stays in the outbox, now as a
 * change of what the file says by then; nothing is taken back that was not judged.
 */
#include "store/internal.h"
#include "store/outbox.h"

static bool same_text(struct str a, struct str b)
{
    return a.at && b.at ? str_equal(a, b) : a.at == b.at;
}

static bool same_words(const struct outbox_side *a, const struct outbox_side *b)
{
    return a->schema_id == b->schema_id && same_text(a->content_json, b->content_json);
}

static bool same_side(const struct outbox_side *a, const struct outbox_side *b)
{
    return same_words(a, b) && a->file_id == b->file_id && same_text(a->path, b->path) &&
           same_text(a->item_key, b->item_key);
}

static enum nexus_status find(struct store *store, int64_t object_id, struct arena *arena,
                              struct outbox_entry *entry, bool *ret_found, struct nexus_error *err)
{
    enum nexus_status status = store_outbox_get(store, object_id, arena, entry, err);
    *ret_found = status == NEXUS_OK;
    return status == NEXUS_ERROR_NOT_FOUND ? NEXUS_OK : status;
}

bool outbox_entry_is_same(const struct outbox_entry *a, const struct outbox_entry *b)
{
    return a->op == b->op && same_side(&a->is, &b->is) && same_side(&a->was, &b->was);
}

enum nexus_status store_outbox_is_current(struct store *store, const struct outbox_entry *entry,
                                          bool *ret_current, struct nexus_error *err)
{
    struct arena arena = {0};
    struct outbox_entry now;
    bool found;
    enum nexus_status status = find(store, entry->object_id, &arena, &now, &found, err);
    if (status == NEXUS_OK)
        *ret_current = found && outbox_entry_is_same(&now, entry);
    arena_finish(&arena);
    return status;
}

static enum nexus_status run_stamped(struct store *store, enum statement statement, int64_t id,
                                     struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, statement, err));
    query_integer(&query, id);
    query_text(&query, str_of(store->now));
    return query_run(&query, err);
}

/** The entry stays, with what the file says now as what was before. */
static enum nexus_status rebase(struct store *store, const struct outbox_entry *entry,
                                const struct outbox_entry *now, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool has_place = entry->is.path.at != NULL;
    TRY(query_open(&query, &store->statements, SQL_outbox_rebase, err));
    query_integer(&query, entry->object_id);
    query_integer(&query, entry->is.schema_id);
    query_text_or_null(&query, has_place ? entry->is.path : now->is.path);
    query_text_or_null(&query, entry->is.content_json);
    return query_run(&query, err);
}

/** The object was new and is gone: its file is there, and has to go again. */
static enum nexus_status add_deleted(struct store *store, const struct outbox_entry *entry,
                                     struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_outbox_add_deleted, err));
    query_integer(&query, entry->object_id);
    query_text(&query, str_of(store->now));
    query_text(&query, entry->uid);
    query_integer(&query, entry->is.schema_id);
    query_id(&query, entry->is.file_id);
    query_text_or_null(&query, entry->is.path);
    query_text_or_null(&query, entry->is.item_key);
    query_text_or_null(&query, entry->is.content_json);
    return query_run(&query, err);
}

/** The file is gone. */
static enum nexus_status done_deleting(struct store *store, const struct outbox_entry *entry,
                                       const struct outbox_entry *now, struct nexus_error *err)
{
    TRY(derived_delete(store, entry->object_id, err));
    if (now->op != OUTBOX_DELETE) {
        TRY(store_run_on(store, SQL_object_unplace, entry->object_id, err));
        return store_run_on(store, SQL_outbox_renew, entry->object_id, err);
    }
    TRY(run_stamped(store, SQL_tombstone_of_outbox, entry->object_id, err));
    return store_run_on(store, SQL_outbox_drop, entry->object_id, err);
}

static enum nexus_status done(struct store *store, const struct outbox_entry *entry,
                              struct arena *arena, struct nexus_error *err)
{
    struct outbox_entry now;
    bool found;
    TRY(find(store, entry->object_id, arena, &now, &found, err));
    if (!found) /* created and deleted again: triggers took the entry with it */
        return entry->op == OUTBOX_CREATE ? add_deleted(store, entry, err) : NEXUS_OK;
    if (entry->op == OUTBOX_DELETE)
        return done_deleting(store, entry, &now, err);
    bool is_there = now.op != OUTBOX_DELETE;
    bool same_path = !entry->is.path.at || same_text(entry->is.path, now.is.path);
    if (is_there && same_path && same_words(&entry->is, &now.is))
        return store_run_on(store, SQL_outbox_drop, entry->object_id, err);
    return rebase(store, entry, &now, err);
}

enum nexus_status store_outbox_done(struct store *store, const struct outbox_entry *entry,
                                    struct nexus_error *err)
{
    struct arena arena = {0};
    enum nexus_status status = done(store, entry, &arena, err);
    arena_finish(&arena);
    return status;
}

static enum nexus_status restore_object(struct store *store, const struct outbox_entry *entry,
                                        struct nexus_error *err)
{
    enum nexus_status status = run_stamped(store, SQL_restore_object, entry->object_id, err);
    if (status != NEXUS_OK && sqlite3_extended_errcode(store->db) == SQLITE_CONSTRAINT_UNIQUE)
        return fail(err, NEXUS_ERROR_EXISTS, "another object lies at '%.*s'",
                    STR_ARG(entry->was.path));
    return status;
}

static enum nexus_status tell(struct store *store, enum change_op op,
                              const struct outbox_entry *entry, struct str path,
                              struct str old_path, struct nexus_error *err)
{
    return feed_add(store, op, ORIGIN_NEXUS, entry->object_id, entry->uid, path, old_path, err);
}

static enum nexus_status tell_restored(struct store *store, const struct outbox_entry *entry,
                                       struct nexus_error *err)
{
    const struct str none = {NULL, 0};
    if (entry->op == OUTBOX_DELETE)
        return tell(store, CHANGE_CREATE, entry, entry->was.path, none, err);
    if (!same_text(entry->was.path, entry->is.path))
        TRY(tell(store, CHANGE_MOVE, entry, entry->was.path, entry->is.path, err));
    if (same_words(&entry->was, &entry->is))
        return NEXUS_OK;
    return tell(store, CHANGE_UPDATE, entry, entry->was.path, none, err);
}

static enum nexus_status restore(struct store *store, const struct outbox_entry *entry,
                                 struct nexus_error *err)
{
    int64_t id = entry->object_id;
    if (!entry->was.content_json.at)
        return fail(err, NEXUS_ERROR_INVALID, "what object %lld said before is not known",
                    (long long)id);
    TRY(restore_object(store, entry, err));
    TRY(store_run_on(store, SQL_restore_content, id, err));
    TRY(store_run_on(store, SQL_restore_permissions, id, err));
    TRY(store_run_on(store, SQL_restore_tasks, id, err));
    TRY(links_touch_object(store, id, err));
    return tell_restored(store, entry, err);
}

static enum nexus_status delete_new(struct store *store, const struct outbox_entry *entry,
                                    struct nexus_error *err)
{
    int64_t id = entry->object_id;
    TRY(derived_delete(store, id, err));
    TRY(store_run_on(store, SQL_content_delete, id, err));
    TRY(store_run_on(store, SQL_permission_delete, id, err));
    TRY(store_run_on(store, SQL_object_delete, id, err));
    return tell(store, CHANGE_DELETE, entry, entry->is.path, (struct str){NULL, 0}, err);
}

enum nexus_status store_outbox_detach(struct store *store, const struct outbox_entry *entry,
                                      struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    if (entry->op == OUTBOX_DELETE)
        return store_outbox_done(store, entry, err);
    TRY(derived_delete(store, entry->object_id, err)); /* while it is known what was before */
    TRY(query_open(&query, &store->statements, SQL_outbox_detach, err));
    query_integer(&query, entry->object_id);
    query_text_or_null(&query, entry->op == OUTBOX_CREATE ? entry->is.path : entry->was.path);
    TRY(query_run(&query, err));
    struct str lost = entry->op == OUTBOX_UPDATE ? entry->was.path : (struct str){NULL, 0};
    if (lost.at &&
        same_text(lost, entry->is.path)) /* whoever follows the feed still has it there */
        TRY(tell(store, CHANGE_MOVE, entry, (struct str){NULL, 0}, lost, err));
    return store_run_on(store, SQL_outbox_renew, entry->object_id, err);
}

enum nexus_status store_outbox_take_back(struct store *store, const struct outbox_entry *entry,
                                         bool *ret_taken, struct nexus_error *err)
{
    bool current;
    TRY(store_outbox_is_current(store, entry, &current, err));
    if (current) {
        TRY(entry->op == OUTBOX_CREATE ? delete_new(store, entry, err)
                                       : restore(store, entry, err));
        TRY(store_run_on(store, SQL_outbox_drop, entry->object_id, err));
    }
    *ret_taken = current;
    return NEXUS_OK;
}

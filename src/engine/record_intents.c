// SPDX-License-Identifier: MIT
/* Before the files are touched: what will lose is kept, and history says what is about to be. */
#include "engine/record.h"

#include "engine/copies.h"
#include "engine/splice.h"
#include "store/files.h"
#include "store/writes.h"
#include "sync/why.h"

#include <stdlib.h>

void record_finish(struct carried *carried)
{
    for (size_t i = 0; carried->copies && i < carried->writing->count; i++)
        strbuf_finish(&carried->copies[i]);
    free(carried->copies);
    free(carried->conflicts);
    carried->copies = NULL;
    carried->conflicts = NULL;
}

static struct str record_key(const struct writing_entry *entry)
{
    struct str key = writing_key_of(entry);
    if (key.at)
        return key;
    return entry->entry.op == OUTBOX_DELETE ? entry->entry.was.item_key : entry->entry.is.item_key;
}

struct str record_path(struct writing *writing, const struct writing_entry *entry)
{
    struct str key = record_key(entry);
    if (!key.at)
        return strbuf_str(&writing->path);
    return arena_format(&writing->arena, "%.*s#%.*s", STR_ARG(strbuf_str(&writing->path)),
                        STR_ARG(key));
}

static enum nexus_status keep_loser(struct carry *carry, struct carried *carried, size_t index,
                                    struct nexus_error *err)
{
    struct writing *writing = carried->writing;
    const struct writing_entry *entry = &writing->entries[index];
    STRBUF_SCOPED bytes = {0};
    if (entry->winner == SIDE_ROW) {
        if (!writing->has_before)
            return NEXUS_OK; /* the file was deleted: there is no version to keep */
        strbuf_add(&bytes, strbuf_str(&writing->before));
    } else {
        if (!entry->has_wanted)
            return NEXUS_OK; /* the row was deleted */
        TRY(splice_loser(writing, entry, &bytes, err));
    }
    if (bytes.failed)
        return fail_no_memory(err);
    return copy_keep(carry->engine->nexus_fd, strbuf_str(&writing->path), record_key(entry),
                     strbuf_str(&bytes), carry->engine->now_ns(), &carried->copies[index], err);
}

enum nexus_status record_losers(struct carry *carry, struct carried *carried,
                                struct nexus_error *err)
{
    struct writing *writing = carried->writing;
    carried->copies = calloc(writing->count + 1, sizeof *carried->copies);
    carried->conflicts = calloc(writing->count + 1, sizeof *carried->conflicts);
    if (!carried->copies || !carried->conflicts)
        return fail_no_memory(err);
    for (size_t i = 0; i < writing->count; i++)
        if (writing_entry_is_conflict(&writing->entries[i]))
            TRY(keep_loser(carry, carried, i, err));
    return NEXUS_OK;
}

static struct store_write write_of(const struct carry *carry, const struct carried *carried)
{
    const struct writing *writing = carried->writing;
    struct store_write write = {
        .op = writing->kind == WRITING_REMOVE    ? WRITE_DELETE
              : writing->kind == WRITING_REPLACE ? WRITE_UPDATE
                                                 : WRITE_CREATE,
        .origin = carry->origin,
        .path = strbuf_str(&writing->path),
        .object_id = writing->count == 1 ? writing->entries[0].entry.object_id : 0,
        .has_before_hash = writing->has_before,
        .before_hash = writing->before_hash,
        .has_after_hash = writing->kind != WRITING_REMOVE,
        .after_hash = writing->digest.record.hash,
        .batch = carry->batch,
        .undoes = writing->undoes,
        .temporary = STR(""),
    };
    if (writing->has_before)
        write.before = strbuf_str(&writing->before);
    if (carried->replacement)
        write.temporary = str_of(replacement_temporary(carried->replacement));
    return write;
}

enum nexus_status record_conflict(struct carry *carry, struct carried *carried, size_t index,
                                  struct nexus_error *err)
{
    struct writing *writing = carried->writing;
    const struct writing_entry *entry = &writing->entries[index];
    STRBUF_SCOPED why = {0};
    if (carried->conflicts && carried->conflicts[index])
        return NEXUS_OK;
    if (entry->lost.length)
        strbuf_addf(&why, "merged, but for %.*s: ", STR_ARG(entry->lost));
    why_add(&entry->input, entry->action, &why);
    if (why.failed)
        return fail_no_memory(err);
    struct store_conflict conflict = {
        .path = record_path(writing, entry),
        .object_id = entry->entry.object_id,
        .uid = entry->entry.uid,
        .has_file_won = entry->winner == SIDE_FILE,
        .has_base_hash = entry->entry.has_base,
        .base_hash = entry->entry.base_hash,
        .database_version = entry->entry.is.content_json,
        .has_file_time = writing->has_before,
        .file_time_ns = entry->input.changed_ns[SIDE_FILE],
        .has_database_time = true,
        .database_time_ns = entry->input.changed_ns[SIDE_ROW],
        .why = strbuf_str(&why),
    };
    if (writing->has_before)
        conflict.file_version = strbuf_str(&writing->before);
    if (carried->copies && carried->copies[index].length)
        conflict.copy_path = strbuf_str(&carried->copies[index]);
    int64_t *id = carried->conflicts ? &carried->conflicts[index] : NULL;
    carry->report->conflicts++;
    return store_conflict_add(carry->engine->store, &conflict, id, err);
}

enum nexus_status record_mark(struct carry *carry, struct nexus_error *err)
{
    struct store *store = carry->engine->store;
    if (carry->engine->is_marked)
        return NEXUS_OK;
    TRY(store_begin(store, carry->engine->now_ns(), err));
    TRY(store_meta_set(store, "writing", STR("1"), err));
    TRY(store_commit(store, err));
    carry->engine->is_marked = true;
    return NEXUS_OK;
}

static enum nexus_status record_intent(struct carry *carry, struct carried *carried,
                                       struct nexus_error *err)
{
    const struct writing *writing = carried->writing;
    struct store_write write = write_of(carry, carried);
    for (size_t i = 0; i < writing->count; i++)
        if (writing_entry_is_conflict(&writing->entries[i]) &&
            writing_entry_is_carried(&writing->entries[i]))
            TRY(record_conflict(carry, carried, i, err));
    return store_history_add(carry->engine->store, &write, &carried->seq, err);
}

enum nexus_status record_undo_intent(struct carry *carry, struct carried *carried,
                                     struct nexus_error *err)
{
    for (size_t i = 0; i < carried->writing->count; i++)
        if (carried->conflicts && carried->conflicts[i])
            TRY(store_conflict_drop(carry->engine->store, carried->conflicts[i], err));
    return store_history_drop(carry->engine->store, carried->seq, err);
}

enum nexus_status record_intents(struct carry *carry, struct carried *carried, size_t count,
                                 struct nexus_error *err)
{
    struct store *store = carry->engine->store;
    bool is_any = false;
    for (size_t i = 0; i < count; i++)
        is_any |= carried[i].state == CARRIED_DONE && writing_touches_file(carried[i].writing);
    if (!is_any)
        return NEXUS_OK;
    TRY(store_begin(store, carry->engine->now_ns(), err));
    for (size_t i = 0; i < count; i++) {
        if (carried[i].state != CARRIED_DONE || !writing_touches_file(carried[i].writing))
            continue;
        TRY(record_intent(carry, &carried[i], err));
    }
    return store_commit(store, err);
}

enum nexus_status record_move_begin(struct carry *carry, struct carried *carried,
                                    struct nexus_error *err)
{
    struct store *store = carry->engine->store;
    const struct writing *writing = carried->writing;
    struct store_write write = {
        .op = WRITE_MOVE,
        .origin = carry->origin,
        .path = strbuf_str(&writing->path),
        .moved_from = strbuf_str(&writing->moved_from),
        .object_id = writing->entries ? writing->entries[0].entry.object_id : 0,
        .has_before_hash = true,
        .before_hash = writing->before_hash,
        .has_after_hash = true,
        .after_hash = writing->before_hash,
        .batch = carry->batch,
        .undoes = writing->undoes,
        .temporary = STR(""),
    };
    TRY(store_begin(store, carry->engine->now_ns(), err));
    TRY(store_history_add(store, &write, &carried->move_seq, err));
    return store_commit(store, err);
}

enum nexus_status record_moved(struct carry *carry, const struct carried *carried,
                               struct nexus_error *err)
{
    struct store *store = carry->engine->store;
    const struct writing *writing = carried->writing;
    TRY(store_begin(store, carry->engine->now_ns(), err));
    TRY(store_file_move(store, writing->file_id, strbuf_str(&writing->moved_from),
                        strbuf_str(&writing->path), carry->origin, err));
    if (carried->move_seq)
        TRY(store_history_finish(store, carried->move_seq, err));
    return store_commit(store, err);
}

void record_move_drop(struct carry *carry, struct carried *carried)
{
    struct store *store = carry->engine->store;
    store_rollback(store);
    if (!carried->move_seq)
        return;
    if (store_begin(store, carry->engine->now_ns(), NULL) == NEXUS_OK &&
        store_history_drop(store, carried->move_seq, NULL) == NEXUS_OK &&
        store_commit(store, NULL) == NEXUS_OK)
        return;
    store_rollback(store);
    carry->engine->is_cut_off = true;
}

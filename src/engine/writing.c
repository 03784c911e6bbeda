// SPDX-License-Identifier: MIT
#include "engine/writing_rows.h"

#include "base/time.h"
#include "engine/merging.h"
#include "engine/naming.h"
#include "engine/splice.h"
#include "store/files.h"
#include "store/objects.h"

#include <stdlib.h>

/* How coarse the times of files are; closer ones are equal (5-watching: 10 ms on local
 * filesystems). */
enum { FILE_TICK_MS = 10 };

enum nexus_status writing_init(struct writing *writing, struct nexus_error *err)
{
    *writing = (struct writing){0};
    return digest_init(&writing->digest, err);
}

static void drop_tapes(struct writing *writing)
{
    for (size_t i = 0; i < writing->count; i++)
        tape_finish(&writing->entries[i].wanted);
    writing->count = 0;
}

void writing_finish(struct writing *writing)
{
    drop_tapes(writing);
    arena_finish(&writing->arena);
    strbuf_finish(&writing->path);
    strbuf_finish(&writing->moved_from);
    strbuf_finish(&writing->before);
    digest_finish(&writing->digest);
}

void writing_reset(struct writing *writing)
{
    drop_tapes(writing);
    arena_reset(&writing->arena);
    strbuf_reset(&writing->path);
    strbuf_reset(&writing->moved_from);
    strbuf_reset(&writing->before);
    writing->kind = WRITING_NONE;
    writing->scope = WRITING_ALLOWED;
    writing->file_id = writing->undoes = 0;
    writing->has_before = false;
    writing->entries = NULL;
    writing->outbox = NULL;
    writing->outbox_count = 0;
    writing->digest.object_count = 0;
}

static enum side_change file_change(const struct writing_entry *entry,
                                    const struct digest_object *object)
{
    if (entry->entry.op == OUTBOX_CREATE)
        return object ? SIDE_CREATED : SIDE_ABSENT;
    if (!object)
        return SIDE_DELETED;
    bool is_same =
        entry->entry.has_base && hash_equal(entry->entry.base_hash, object->content_hash);
    return is_same ? SIDE_UNCHANGED : SIDE_EDITED;
}

static enum side_change row_change(const struct writing_entry *entry)
{
    switch (entry->entry.op) {
    case OUTBOX_CREATE: return SIDE_CREATED;
    case OUTBOX_UPDATE: return SIDE_EDITED;
    case OUTBOX_DELETE: return SIDE_DELETED;
    }
    return SIDE_UNCHANGED;
}

/** What is held stays so, unless the file has decided it: nothing is written for that. */
static void hold(const struct writing *writing, struct writing_entry *entry)
{
    bool is_write = entry->action == PLAN_WRITE || entry->action == PLAN_ROW_WINS ||
                    entry->action == PLAN_MERGE || entry->action == PLAN_TRASH;
    if (writing->scope == WRITING_ALL || entry->entry.state != OUTBOX_HELD ||
        !(is_write || entry->is_refused))
        return;
    entry->is_left = true;
    entry->is_refused = false;
}

static enum nexus_status decide(struct writing *writing, struct writing_entry *entry,
                                const struct engine *engine, const struct digest *file,
                                const struct digest_object *object, struct nexus_error *err)
{
    struct plan_input *input = &entry->input;
    bool is_merged;
    *input = (struct plan_input){
        .change = {[SIDE_FILE] = file_change(entry, object), [SIDE_ROW] = row_change(entry)},
        .changed_ns = {[SIDE_FILE] = file ? file->record.print.mtime_ns : 0,
                       [SIDE_ROW] = entry->entry.changed_at_ns},
        .now_ns = engine->now_ns(),
        .tick_ns = FILE_TICK_MS * NS_PER_MS,
        .is_merged = merging_is_wanted(engine, entry),
    };
    entry->node = object ? object->node : TAPE_NONE;
    if (object && entry->has_wanted)
        input->is_same = tape_equal(&file->document.tape, object->node, &entry->wanted, 0);
    entry->action = plan(input);
    entry->winner = entry->action == PLAN_ROW_WINS    ? SIDE_ROW
                    : entry->action == PLAN_FILE_WINS ? SIDE_FILE
                                                      : plan_newer(input);
    if (entry->action == PLAN_MERGE) {
        TRY(merging_merge(writing, entry, &file->document.tape, &is_merged, err));
        input->is_merged = is_merged;
        entry->action = plan(input);
    }
    hold(writing, entry);
    return NEXUS_OK;
}

/** The file as it is: what became of each object in it, by the table. */
static enum nexus_status decide_all(struct writing *writing, const struct engine *engine,
                                    const struct digest *file, struct nexus_error *err)
{
    struct digest_object *index = digest_index(&writing->arena, file);
    if (!index)
        return fail_no_memory(err);
    for (size_t i = 0; i < writing->count; i++) {
        struct writing_entry *entry = &writing->entries[i];
        bool is_there = entry->entry.op != OUTBOX_DELETE;
        struct str key = is_there ? entry->entry.is.item_key : entry->entry.was.item_key;
        if (entry->entry.op == OUTBOX_UPDATE && !str_equal(key, entry->entry.was.item_key))
            writing_refuse(writing, entry,
                           "an item is known by its key, which cannot be changed here");
        TRY(decide(writing, entry, engine, file, digest_find(index, file->object_count, key), err));
    }
    return NEXUS_OK;
}

static int by_key(const void *a, const void *b)
{
    const struct writing_entry *const *left = a, *const *right = b;
    return str_compare((*left)->entry.was.item_key, (*right)->entry.was.item_key);
}

/** An item that was deleted and inserted again under its key: another object from now on, in the
 * same place. */
static enum nexus_status pair_successors(struct writing *writing, struct nexus_error *err)
{
    struct writing_entry **deleted =
        arena_alloc_array(&writing->arena, writing->count + 1, sizeof(struct writing_entry *));
    size_t count = 0;
    if (!deleted)
        return fail_no_memory(err);
    for (size_t i = 0; i < writing->count; i++)
        if (writing->entries[i].action == PLAN_TRASH && !writing->entries[i].is_left &&
            writing->entries[i].entry.was.item_key.at)
            deleted[count++] = &writing->entries[i];
    if (!count)
        return NEXUS_OK;
    qsort(deleted, count, sizeof(struct writing_entry *), by_key);
    for (size_t i = 0; i < writing->count; i++) {
        struct writing_entry *entry = &writing->entries[i];
        struct writing_entry wanted = {.entry.was.item_key = entry->entry.is.item_key};
        const struct writing_entry *key = &wanted;
        if (entry->entry.op != OUTBOX_CREATE || entry->node == TAPE_NONE || entry->is_refused ||
            entry->is_left)
            continue;
        struct writing_entry *const *found =
            bsearch(&key, deleted, count, sizeof(struct writing_entry *), by_key);
        if (!found || (*found)->is_refused)
            continue;
        (*found)->action = PLAN_FORGET;
        entry->action = PLAN_WRITE;
    }
    return NEXUS_OK;
}

/** Whether the row asks for another path of its file, and may have it. */
static enum nexus_status plan_move(struct writing *writing, const struct engine *engine,
                                   struct nexus_error *err)
{
    struct writing_entry *entry = &writing->entries[0];
    const struct outbox_entry *outbox = &entry->entry;
    struct nexus_error reason = {0};
    for (size_t i = 0; i < writing->count; i++) {
        struct writing_entry *item = &writing->entries[i];
        if (item->entry.op == OUTBOX_UPDATE && item->entry.is.item_key.at && !item->is_left &&
            !str_equal(item->entry.is.path, item->entry.was.path))
            writing_refuse(writing, item, "an item stays in its file: move the file");
    }
    if (outbox->op != OUTBOX_UPDATE || outbox->is.item_key.at || entry->is_refused ||
        entry->is_left || str_equal(outbox->is.path, strbuf_str(&writing->path)))
        return NEXUS_OK;
    if (!outbox->is.path.at) {
        writing_refuse(writing, entry, "a file needs a path");
        return NEXUS_OK;
    }
    if (naming_check(engine, entry->schema, outbox->is.path, &reason) != NEXUS_OK) {
        writing_refuse(writing, entry, reason.message);
        return NEXUS_OK;
    }
    strbuf_add(&writing->moved_from, strbuf_str(&writing->path));
    strbuf_reset(&writing->path);
    strbuf_add(&writing->path, outbox->is.path);
    return writing->path.failed || writing->moved_from.failed ? fail_no_memory(err) : NEXUS_OK;
}

static bool is_written_again(const struct writing_entry *entry)
{
    return !entry->is_refused && !entry->is_left &&
           (entry->action == PLAN_ROW_WINS || entry->action == PLAN_WRITE);
}

static bool is_any_written_again(const struct writing *writing)
{
    size_t i = 0;
    while (i < writing->count && !is_written_again(&writing->entries[i]))
        i++;
    return i < writing->count;
}

/** The file is gone: objects that were edited are written again, the others are forgotten. */
static enum nexus_status plan_gone(struct writing *writing, const struct engine *engine,
                                   struct nexus_error *err)
{
    bool is_left = false;
    for (size_t i = 0; i < writing->count; i++) {
        TRY(decide(writing, &writing->entries[i], engine, NULL, NULL, err));
        is_left |= writing->entries[i].is_left;
    }
    bool is_wanted = is_any_written_again(writing);
    if (is_left && !is_wanted)
        return NEXUS_OK; /* the rows stay until a person has decided */
    if (!is_wanted) {
        writing->kind = WRITING_REMOVE; /* of the rows; there is no file */
        return NEXUS_OK;
    }
    TRY(plan_move(writing, engine, err));
    if (!is_any_written_again(writing))
        return NEXUS_OK; /* it asks for what cannot be, and is taken back */
    writing->kind = WRITING_CREATE;
    return splice_new_file(writing, engine, err);
}

/** A broken file cannot be written into: what SQL changed is taken back. */
static void refuse_all(struct writing *writing, const char *reason)
{
    for (size_t i = 0; i < writing->count; i++) {
        struct writing_entry *entry = &writing->entries[i];
        writing_refuse(writing, entry, reason);
        hold(writing, entry);
    }
}

static enum nexus_status read_file(struct writing *writing, const struct engine *engine,
                                   struct digest *scratch, struct nexus_error *err)
{
    struct digest_context context = {
        .reading = DIGEST_READ_QUIET,
        .root_fd = engine->root_fd,
        .max_file_bytes = engine->settings.max_file_bytes,
        .registry = &engine->registry,
        .is_note_left = true,
    };
    struct file_record known = {.id = writing->file_id, .path = strbuf_str(&writing->path)};
    strbuf_reset(&scratch->path);
    strbuf_add(&scratch->path, strbuf_str(&writing->path));
    scratch->record.print = (struct fingerprint){0};
    TRY(digest_file(scratch, &context, &known, err));
    if (scratch->outcome != DIGEST_WHOLE && scratch->outcome != DIGEST_BROKEN)
        return NEXUS_OK;
    strbuf_add(&writing->before, strbuf_str(&scratch->bytes));
    writing->has_before = true;
    writing->before_hash = hash_of(strbuf_str(&writing->before));
    writing->before_print = scratch->record.print;
    writing->is_before_racy = scratch->record.is_racy;
    return writing->before.failed ? fail_no_memory(err) : NEXUS_OK;
}

static enum nexus_status plan_whole(struct writing *writing, const struct engine *engine,
                                    const struct digest *file, struct nexus_error *err)
{
    TRY(decide_all(writing, engine, file, err));
    TRY(pair_successors(writing, err));
    TRY(plan_move(writing, engine, err));
    bool is_whole_file = !file->is_collection && writing->count == 1;
    if (is_whole_file && writing->entries[0].action == PLAN_TRASH &&
        !writing->entries[0].is_refused && !writing->entries[0].is_left) {
        writing->kind = WRITING_REMOVE;
        return NEXUS_OK;
    }
    return splice_file(writing, engine, file, err);
}

enum nexus_status writing_fetch(struct writing *writing, struct store *store, int64_t file_id,
                                enum writing_scope scope, struct nexus_error *err)
{
    struct file_record record;
    writing_reset(writing);
    TRY(store_file_get_by_id(store, file_id, &writing->arena, &record, err));
    TRY(store_outbox_of_file(store, file_id, &writing->arena, &writing->outbox,
                             &writing->outbox_count, err));
    writing->file_id = file_id;
    writing->scope = scope;
    writing->known_bytes = record.print.size_bytes;
    for (size_t i = 0; i < writing->outbox_count; i++)
        writing->known_bytes += (int64_t)writing->outbox[i].is.content_json.length;
    strbuf_add(&writing->path, record.path);
    return writing->path.failed ? fail_no_memory(err) : NEXUS_OK;
}

enum nexus_status writing_plan(struct writing *writing, const struct engine *engine,
                               struct digest *scratch, struct nexus_error *err)
{
    TRY(writing_read_rows(writing, engine, writing->outbox, writing->outbox_count, err));
    TRY(read_file(writing, engine, scratch, err));
    switch (scratch->outcome) {
    case DIGEST_BUSY: writing->kind = WRITING_LATER; return NEXUS_OK;
    case DIGEST_GONE: return plan_gone(writing, engine, err);
    case DIGEST_WHOLE: return plan_whole(writing, engine, scratch, err);
    case DIGEST_BROKEN:
    case DIGEST_UNCHANGED:
    case DIGEST_ATTACHMENT: break;
    }
    if (writing->has_before) /* what is there stays, and is taken in as it is */
        TRY(splice_nothing(writing, engine, err));
    refuse_all(writing, "its file cannot be read: mend the file first (see 'nexus check')");
    return writing->arena.failed ? fail_no_memory(err) : NEXUS_OK;
}

enum nexus_status writing_plan_content(struct writing *writing, const struct engine *engine,
                                       int64_t object_id, struct str content_json,
                                       struct digest *scratch, struct nexus_error *err)
{
    struct store_object_row row;
    struct file_record record;
    writing_reset(writing);
    TRY(store_object_get(engine->store, object_id, &writing->arena, &row, err));
    TRY(store_file_get_by_id(engine->store, row.file_id, &writing->arena, &record, err));
    struct outbox_side side = {row.schema_id, row.file_id, row.path, row.item_key, content_json};
    struct outbox_entry outbox = {
        .object_id = object_id, .op = OUTBOX_UPDATE, .uid = row.uid, .was = side, .is = side};
    writing->file_id = row.file_id;
    strbuf_add(&writing->path, record.path);
    TRY(writing_read_rows(writing, engine, &outbox, 1, err));
    TRY(read_file(writing, engine, scratch, err));
    if (scratch->outcome != DIGEST_WHOLE)
        return fail(err, NEXUS_ERROR_REFUSED, "'%.*s' cannot be read", STR_ARG(record.path));
    struct writing_entry *entry = &writing->entries[0];
    TRY(decide_all(writing, engine, scratch, err));
    entry->action = PLAN_WRITE;
    TRY(splice_file(writing, engine, scratch, err));
    if (entry->is_refused)
        return fail(err, NEXUS_ERROR_REFUSED, "%.*s", STR_ARG(entry->reason));
    return NEXUS_OK;
}

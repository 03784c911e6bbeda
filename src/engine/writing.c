// SPDX-License-Identifier: MIT
#include "engine/writing.h"

#include "base/time.h"
#include "engine/naming.h"
#include "engine/splice.h"
#include "parse/json.h"
#include "store/files.h"
#include "store/objects.h"
#include "validate/schema.h"

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

static void reset(struct writing *writing)
{
    drop_tapes(writing);
    arena_reset(&writing->arena);
    strbuf_reset(&writing->path);
    strbuf_reset(&writing->moved_from);
    strbuf_reset(&writing->before);
    writing->kind = WRITING_NONE;
    writing->file_id = writing->undoes = 0;
    writing->has_before = false;
    writing->entries = NULL;
    writing->digest.object_count = 0;
}

static void refuse(struct writing *writing, struct writing_entry *entry, const char *reason)
{
    entry->is_refused = true;
    entry->reason = arena_copy(&writing->arena, str_of(reason));
}

static const struct registered *find_schema(const struct registry *registry, int64_t id)
{
    for (size_t i = 0; i < registry->count; i++)
        if (registry->schemas[i].id == id)
            return &registry->schemas[i];
    return NULL;
}

/** Whether the row's content is what its schema wants; refuses it else. */
static void judge(struct writing *writing, struct writing_entry *entry)
{
    const struct schema *schema = entry->schema->schema;
    struct problem_list problems;
    if (!schema || schema_accepts(schema, &entry->wanted, 0, writing->digest.run))
        return;
    problem_list_init(&problems, &writing->arena);
    schema_explain(schema, &entry->wanted, 0, writing->digest.run, &problems);
    const char *reason = "it breaks its schema";
    for (size_t i = 0; i < problems.count && problems.items[i].severity == PROBLEM_ERROR; i++) {
        const struct problem *problem = &problems.items[i];
        reason = arena_format(&writing->arena, "%.*s: %.*s [%s]", STR_ARG(entry->schema->name),
                              STR_ARG(problem->message), problem->keyword)
                     .at;
        if (problem->pointer.length)
            reason =
                arena_format(&writing->arena, "%.*s: %.*s: %.*s [%s]", STR_ARG(entry->schema->name),
                             STR_ARG(problem->pointer), STR_ARG(problem->message), problem->keyword)
                    .at;
        break;
    }
    refuse(writing, entry, reason);
}

/** What the row says now, read and judged. */
static void read_row(struct writing *writing, const struct engine *engine,
                     struct writing_entry *entry)
{
    const struct outbox_entry *outbox = &entry->entry;
    tape_init(&entry->wanted);
    entry->node = TAPE_NONE;
    if (outbox->op == OUTBOX_DELETE) {
        entry->schema = find_schema(&engine->registry, outbox->was.schema_id);
        return;
    }
    entry->schema = find_schema(&engine->registry, outbox->is.schema_id);
    bool is_too_long = outbox->is.content_json.at &&
                       (int64_t)outbox->is.content_json.length > engine->settings.max_file_bytes;
    entry->has_wanted = outbox->is.content_json.at && !is_too_long &&
                        json_scan(outbox->is.content_json, &entry->wanted, NULL) &&
                        entry->wanted.nodes[0].type == NODE_OBJECT;
    if (!entry->schema)
        refuse(writing, entry, "its schema is not registered");
    else if (is_too_long)
        refuse(writing, entry, "it is longer than a file may be (setting 'max_file_bytes')");
    else if (!entry->has_wanted)
        refuse(writing, entry, "its content is not a JSON object");
    else if (outbox->op == OUTBOX_UPDATE && outbox->was.schema_id != outbox->is.schema_id)
        refuse(writing, entry, "the schema of an object is told by its file, not by its row");
    else
        judge(writing, entry);
}

static enum nexus_status read_rows(struct writing *writing, const struct engine *engine,
                                   const struct outbox_entry *outbox, size_t count,
                                   struct nexus_error *err)
{
    writing->entries = arena_alloc_array(&writing->arena, count + 1, sizeof *writing->entries);
    if (!writing->entries)
        return fail_no_memory(err);
    for (; writing->count < count; writing->count++) {
        struct writing_entry *entry = &writing->entries[writing->count];
        *entry = (struct writing_entry){.entry = outbox[writing->count]};
        if (entry->entry.is_read_only)
            refuse(writing, entry, "it is read-only");
        read_row(writing, engine, entry);
        if (tape_failed(&entry->wanted))
            writing->arena.failed = true;
    }
    return writing->arena.failed ? fail_no_memory(err) : NEXUS_OK;
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

static void decide(struct writing_entry *entry, const struct engine *engine,
                   const struct digest *file, const struct digest_object *object)
{
    struct plan_input input = {
        .change = {[SIDE_FILE] = file_change(entry, object), [SIDE_ROW] = row_change(entry)},
        .changed_ns = {[SIDE_FILE] = file ? file->record.print.mtime_ns : 0,
                       [SIDE_ROW] = entry->entry.changed_at_ns},
        .now_ns = engine->now_ns(),
        .tick_ns = FILE_TICK_MS * NS_PER_MS,
    };
    entry->node = object ? object->node : TAPE_NONE;
    if (object && entry->has_wanted)
        input.is_same = tape_equal(&file->document.tape, object->node, &entry->wanted, 0);
    entry->action = plan(&input);
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
            refuse(writing, entry, "an item is known by its key, which cannot be changed here");
        decide(entry, engine, file, digest_find(index, file->object_count, key));
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
        if (writing->entries[i].action == PLAN_TRASH && writing->entries[i].entry.was.item_key.at)
            deleted[count++] = &writing->entries[i];
    if (!count)
        return NEXUS_OK;
    qsort(deleted, count, sizeof(struct writing_entry *), by_key);
    for (size_t i = 0; i < writing->count; i++) {
        struct writing_entry *entry = &writing->entries[i];
        struct writing_entry wanted = {.entry.was.item_key = entry->entry.is.item_key};
        const struct writing_entry *key = &wanted;
        if (entry->entry.op != OUTBOX_CREATE || entry->node == TAPE_NONE || entry->is_refused)
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
        if (item->entry.op == OUTBOX_UPDATE && item->entry.is.item_key.at &&
            !str_equal(item->entry.is.path, item->entry.was.path))
            refuse(writing, item, "an item stays in its file: move the file");
    }
    if (outbox->op != OUTBOX_UPDATE || outbox->is.item_key.at || entry->is_refused ||
        str_equal(outbox->is.path, strbuf_str(&writing->path)))
        return NEXUS_OK;
    if (!outbox->is.path.at) {
        refuse(writing, entry, "a file needs a path");
        return NEXUS_OK;
    }
    if (naming_check(engine, entry->schema, outbox->is.path, &reason) != NEXUS_OK) {
        refuse(writing, entry, reason.message);
        return NEXUS_OK;
    }
    strbuf_add(&writing->moved_from, strbuf_str(&writing->path));
    strbuf_reset(&writing->path);
    strbuf_add(&writing->path, outbox->is.path);
    return writing->path.failed || writing->moved_from.failed ? fail_no_memory(err) : NEXUS_OK;
}

/** The file is gone: objects that were edited are written again, the others are forgotten. */
static enum nexus_status plan_gone(struct writing *writing, const struct engine *engine,
                                   struct nexus_error *err)
{
    bool is_wanted = false;
    for (size_t i = 0; i < writing->count; i++) {
        decide(&writing->entries[i], engine, NULL, NULL);
        is_wanted |=
            !writing->entries[i].is_refused && (writing->entries[i].action == PLAN_ROW_WINS ||
                                                writing->entries[i].action == PLAN_WRITE);
    }
    if (!is_wanted) {
        writing->kind = WRITING_REMOVE; /* of the rows; there is no file */
        return NEXUS_OK;
    }
    writing->kind = WRITING_CREATE;
    return splice_new_file(writing, engine, err);
}

/** The row of another file's edit may not take the file away, and a broken file cannot be written
 * into: what SQL changed is taken back. */
static void refuse_all(struct writing *writing, const char *reason)
{
    for (size_t i = 0; i < writing->count; i++) {
        decide(&writing->entries[i], NULL, NULL, NULL);
        refuse(writing, &writing->entries[i], reason);
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
        !writing->entries[0].is_refused) {
        writing->kind = WRITING_REMOVE;
        return NEXUS_OK;
    }
    return splice_file(writing, engine, file, err);
}

enum nexus_status writing_plan_file(struct writing *writing, const struct engine *engine,
                                    int64_t file_id, struct digest *scratch,
                                    struct nexus_error *err)
{
    struct outbox_entry *outbox;
    struct file_record record;
    size_t count;
    reset(writing);
    TRY(store_file_get_by_id(engine->store, file_id, &writing->arena, &record, err));
    TRY(store_outbox_of_file(engine->store, file_id, &writing->arena, &outbox, &count, err));
    writing->file_id = file_id;
    strbuf_add(&writing->path, record.path);
    TRY(read_rows(writing, engine, outbox, count, err));
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
    reset(writing);
    TRY(store_object_get(engine->store, object_id, &writing->arena, &row, err));
    TRY(store_file_get_by_id(engine->store, row.file_id, &writing->arena, &record, err));
    struct outbox_side side = {row.schema_id, row.file_id, row.path, row.item_key, content_json};
    struct outbox_entry outbox = {
        .object_id = object_id, .op = OUTBOX_UPDATE, .uid = row.uid, .was = side, .is = side};
    writing->file_id = row.file_id;
    strbuf_add(&writing->path, record.path);
    TRY(read_rows(writing, engine, &outbox, 1, err));
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

struct str writing_key_of(const struct writing_entry *entry)
{
    if (entry->schema->binding.layout != LAYOUT_COLLECTION || !entry->has_wanted)
        return (struct str){NULL, 0};
    uint32_t value = tape_member(&entry->wanted, 0, entry->schema->binding.key);
    if (value == TAPE_NONE || (entry->wanted.nodes[value].type != NODE_STRING &&
                               entry->wanted.nodes[value].type != NODE_NUMBER))
        return (struct str){NULL, 0};
    return node_text(&entry->wanted.nodes[value]);
}

/** The path of the new object's file: the one that its row asks for, or one by the pattern. */
static enum nexus_status choose_path(struct writing *writing, const struct engine *engine,
                                     struct writing_entry *entry, struct nexus_error *err)
{
    struct str asked = entry->entry.is.path, key = writing_key_of(entry);
    if (!asked.at)
        return naming_make(engine, entry->schema, &entry->wanted, engine->now_ns(), &writing->path,
                           err);
    size_t hash = str_find_last(asked, '#');
    if (key.at && hash != STR_NONE) {
        if (!str_equal(str_slice(asked, hash + 1, asked.length), key))
            return fail(err, NEXUS_ERROR_REFUSED, "the path '%.*s' is of another item than '%.*s'",
                        STR_ARG(asked), STR_ARG(key));
        asked = str_slice(asked, 0, hash);
    }
    strbuf_add(&writing->path, asked);
    if (writing->path.failed)
        return fail_no_memory(err);
    return naming_check(engine, entry->schema, asked, err);
}

/** The known file at the path, whose id is put into `*ret_home`; else 0. */
static enum nexus_status find_home(struct writing *writing, const struct engine *engine,
                                   const struct writing_entry *entry, int64_t *ret_home,
                                   struct nexus_error *err)
{
    struct file_record record;
    if (entry->schema->binding.layout != LAYOUT_COLLECTION)
        return NEXUS_OK;
    enum nexus_status status =
        store_file_get(engine->store, strbuf_str(&writing->path), &writing->arena, &record, err);
    if (status == NEXUS_ERROR_NOT_FOUND)
        return NEXUS_OK;
    TRY(status);
    *ret_home = record.id;
    return NEXUS_OK;
}

enum nexus_status writing_plan_new(struct writing *writing, const struct engine *engine,
                                   const struct outbox_entry *outbox, int64_t *ret_home,
                                   struct nexus_error *err)
{
    struct nexus_error reason = {0};
    reset(writing);
    *ret_home = 0;
    TRY(read_rows(writing, engine, outbox, 1, err));
    struct writing_entry *entry = &writing->entries[0];
    if (outbox->op == OUTBOX_DELETE) {
        entry->action = PLAN_FORGET;
        writing->kind = WRITING_REMOVE;
        return NEXUS_OK;
    }
    entry->action = PLAN_WRITE;
    if (entry->is_refused)
        return NEXUS_OK;
    if (entry->schema->binding.layout == LAYOUT_COLLECTION && !writing_key_of(entry).at) {
        refuse(writing, entry,
               arena_format(&writing->arena, "an item needs the property \"%.*s\" as its key",
                            STR_ARG(entry->schema->binding.key))
                   .at);
        return NEXUS_OK;
    }
    enum nexus_status status = choose_path(writing, engine, entry, &reason);
    if (status == NEXUS_ERROR_NO_MEMORY)
        return fail_no_memory(err);
    if (status != NEXUS_OK) {
        refuse(writing, entry, reason.message);
        return writing->arena.failed ? fail_no_memory(err) : NEXUS_OK;
    }
    TRY(find_home(writing, engine, entry, ret_home, err));
    if (*ret_home)
        return NEXUS_OK;
    writing->kind = WRITING_CREATE;
    return splice_new_file(writing, engine, err);
}

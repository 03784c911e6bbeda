// SPDX-License-Identifier: MIT
/* Objects that SQL made and that have no file yet. */
#include "engine/writing_rows.h"

#include "engine/naming.h"
#include "engine/splice.h"
#include "store/files.h"

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
    writing_reset(writing);
    *ret_home = 0;
    TRY(writing_read_rows(writing, engine, outbox, 1, err));
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
        writing_refuse(writing, entry,
                       arena_format(&writing->arena,
                                    "an item needs the property \"%.*s\" as its key",
                                    STR_ARG(entry->schema->binding.key))
                           .at);
        return NEXUS_OK;
    }
    enum nexus_status status = choose_path(writing, engine, entry, &reason);
    if (status == NEXUS_ERROR_NO_MEMORY)
        return fail_no_memory(err);
    if (status != NEXUS_OK) {
        writing_refuse(writing, entry, reason.message);
        return writing->arena.failed ? fail_no_memory(err) : NEXUS_OK;
    }
    TRY(find_home(writing, engine, entry, ret_home, err));
    if (*ret_home)
        return NEXUS_OK;
    writing_add_body(entry, strbuf_str(&writing->path));
    if (tape_failed(&entry->wanted))
        return fail_no_memory(err);
    writing->kind = WRITING_CREATE;
    return splice_new_file(writing, engine, err);
}

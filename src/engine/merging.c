// SPDX-License-Identifier: MIT
/*
 * The base is the row's content before its first change, as the outbox keeps it; its hash tells
 * that it is what the file said then, too.
 */
#include "engine/merging.h"

#include "parse/json.h"
#include "sync/merge.h"
#include "validate/schema.h"

bool merging_is_wanted(const struct engine *engine, const struct writing_entry *entry)
{
    const struct outbox_entry *outbox = &entry->entry;
    if (entry->is_refused || !entry->has_wanted || outbox->op != OUTBOX_UPDATE ||
        !outbox->has_base || !outbox->was.content_json.at)
        return false;
    bool is_only_moved = str_equal(outbox->was.content_json, outbox->is.content_json);
    return (is_only_moved || engine->settings.conflict == CONFLICT_MERGE) &&
           hash_equal(hash_of(outbox->was.content_json), outbox->base_hash);
}

/** What both say, as JSON in the writing's arena; whether the row has to take something in. */
static enum nexus_status add_both(struct writing *writing, struct writing_entry *entry,
                                  const struct tape *file, const struct tape *base,
                                  struct str *ret_content, struct strbuf *lost,
                                  struct nexus_error *err)
{
    STRBUF_SCOPED content = {0};
    struct merge_input input = {
        .base = {base, 0},
        .side = {[SIDE_FILE] = {file, entry->node}, [SIDE_ROW] = {&entry->wanted, 0}},
        .newer = entry->winner,
    };
    if (file_kind_of(strbuf_str(&writing->path)) == FILE_MARKDOWN)
        input.body = entry->schema->binding.body;
    merge(&input, &content, lost);
    *ret_content = arena_copy(&writing->arena, strbuf_str(&content));
    return content.failed || lost->failed || writing->arena.failed ? fail_no_memory(err) : NEXUS_OK;
}

/** `merged` becomes what is wanted, if the schema takes it. */
static enum nexus_status take(struct writing *writing, struct writing_entry *entry,
                              struct tape *merged, struct str content, bool *ret_taken,
                              struct nexus_error *err)
{
    const struct schema *schema = entry->schema->schema;
    if (!json_scan(content, merged, NULL))
        return fail_no_memory(err);
    *ret_taken = !schema || schema_accepts(schema, merged, 0, writing->digest.run);
    if (!*ret_taken)
        return NEXUS_OK;
    entry->takes_in = !tape_equal(merged, 0, &entry->wanted, 0);
    return json_scan(content, &entry->wanted, NULL) ? NEXUS_OK : fail_no_memory(err);
}

enum nexus_status merging_merge(struct writing *writing, struct writing_entry *entry,
                                const struct tape *file, bool *ret_merged, struct nexus_error *err)
{
    struct tape base, merged;
    struct str content = {0};
    STRBUF_SCOPED lost = {0};
    enum nexus_status status = NEXUS_OK;
    *ret_merged = false;
    tape_init(&base);
    tape_init(&merged);
    if (json_scan(entry->entry.was.content_json, &base, NULL)) {
        status = add_both(writing, entry, file, &base, &content, &lost, err);
        if (status == NEXUS_OK)
            status = take(writing, entry, &merged, content, ret_merged, err);
    } else if (tape_failed(&base)) {
        status = fail_no_memory(err);
    }
    if (status == NEXUS_OK && *ret_merged && lost.length)
        entry->lost = arena_copy(&writing->arena, strbuf_str(&lost));
    tape_finish(&base);
    tape_finish(&merged);
    return status;
}

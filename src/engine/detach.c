// SPDX-License-Identifier: MIT
#include "engine/detach.h"

#include "engine/absorb.h"
#include "store/outbox.h"
#include "store/writes.h"

/** The file was deleted and the row edited: told as any other such conflict is. */
static enum nexus_status tell_conflict(struct store *store, const struct outbox_entry *entry,
                                       struct nexus_sync_report *report, struct nexus_error *err)
{
    const struct store_conflict conflict = {
        .path = entry->was.path,
        .object_id = entry->object_id,
        .uid = entry->uid,
        .has_base_hash = entry->has_base,
        .base_hash = entry->base_hash,
        .database_version = entry->is.content_json,
        .has_database_time = true,
        .database_time_ns = entry->changed_at_ns,
        .why = STR("the file was deleted: an edit outweighs a delete"),
    };
    if (entry->op != OUTBOX_UPDATE)
        return NEXUS_OK;
    report->conflicts++;
    return store_conflict_add(store, &conflict, NULL, err);
}

enum nexus_status detach_file(struct store *store, int64_t file_id, struct str path,
                              struct nexus_sync_report *report, struct nexus_error *err)
{
    struct arena arena = {0};
    struct outbox_entry *entries;
    size_t count = 0;
    enum nexus_status status = store_outbox_of_file(store, file_id, &arena, &entries, &count, err);
    for (size_t i = 0; status == NEXUS_OK && i < count; i++) {
        status = tell_conflict(store, &entries[i], report, err);
        if (status == NEXUS_OK)
            status = store_outbox_detach(store, &entries[i], err);
    }
    if (status == NEXUS_OK)
        status = absorb_gone(store, file_id, path, report, err);
    arena_finish(&arena);
    return status;
}

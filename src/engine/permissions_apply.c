// SPDX-License-Identifier: MIT
#include "engine/permissions_read.h"

#include "engine/permissions_file.h"
#include "engine/permit.h"
#include "store/locks.h"
#include "store/notes.h"
#include "store/objects.h"

#include <stdlib.h>

enum { NAMED_ENTRIES = 5 }; /* of those that were not applied */

/* --- telling --------------------------------------------------------------------------------- */

/** The entries that were not applied. */
struct refusals {
    struct strbuf names;
    size_t count;
};

static void refuse(struct refusals *refusals, const struct permissions_entry *entry)
{
    if (refusals->count++ >= NAMED_ENTRIES)
        return;
    strbuf_addf(&refusals->names, "%s%lld", refusals->count > 1 ? ", " : "",
                (long long)entry->object_id);
    if (entry->path.at)
        strbuf_addf(&refusals->names, " ('%.*s')", STR_ARG(entry->path));
}

enum nexus_status permissions_tell(struct store *store, const char *message,
                                   struct nexus_error *err)
{
    struct problem problem = {
        .severity = PROBLEM_WARNING, .keyword = PERMISSIONS_KEYWORD, .message = str_of(message)};
    return store_problem_tell(store, STR(PERMISSIONS_FILE_PATH), &problem, err);
}

enum nexus_status permissions_forget_refusals(struct store *store, struct nexus_error *err)
{
    return store_problem_drop(store, STR(PERMISSIONS_FILE_PATH), PERMISSIONS_KEYWORD, err);
}

static enum nexus_status tell_refusals(struct store *store, struct refusals *refusals,
                                       struct nexus_error *err)
{
    STRBUF_SCOPED text = {0};
    if (!refusals->count)
        return permissions_forget_refusals(store, err);
    strbuf_addf(&text, "%zu %s not applied, since %s cannot be told for certain: ", refusals->count,
                refusals->count == 1 ? "entry is" : "entries are",
                refusals->count == 1 ? "its object" : "their objects");
    strbuf_add(&text, strbuf_str(&refusals->names));
    if (refusals->count > NAMED_ENTRIES)
        strbuf_add_text(&text, ", …");
    strbuf_add_text(&text, "; what they shared is not shared ('nexus permit' shares it again)");
    strbuf_finish(&refusals->names);
    return text.failed ? fail_no_memory(err) : permissions_tell(store, text.at, err);
}

/* --- a database that was put back ------------------------------------------------------------ */

/** The objects whose rows differ from the default. */
struct listed {
    int64_t *ids;
    size_t count, capacity;
};

static enum nexus_status keep_id(void *context, int64_t object_id, struct str json,
                                 struct nexus_error *err)
{
    struct listed *listed = context;
    (void)json;
    if (!array_reserve(&listed->ids, &listed->capacity, listed->count + 1, sizeof *listed->ids))
        return fail_no_memory(err);
    listed->ids[listed->count++] = object_id;
    return NEXUS_OK;
}

static enum nexus_status add_entries(struct listed *listed,
                                     const struct permissions_entries *entries,
                                     struct nexus_error *err)
{
    for (size_t i = 0; i < entries->count; i++)
        TRY(keep_id(listed, entries->items[i].object_id, (struct str){NULL, 0}, err));
    return NEXUS_OK;
}

static enum nexus_status tighten_one(struct store *store, int64_t object_id,
                                     const struct permissions_entries *entries,
                                     struct store_old *old, struct arena *arena,
                                     struct nexus_error *err)
{
    static const struct permit_by nexus = {"nexus", "permission", ORIGIN_NEXUS};
    static const struct permission nothing = {FLAG_NO, FLAG_NO, FLAG_NO, {NULL, 0}};
    struct store_permission before;
    struct permission first, other;
    bool is_edited;
    enum nexus_status status = store_permission_get(store, object_id, arena, &before, err);
    if (status == NEXUS_ERROR_NOT_FOUND)
        return NEXUS_OK;
    TRY(status);
    TRY(store_permission_edit_first(store, object_id, arena, &first, &is_edited, err));
    if (is_edited)
        return NEXUS_OK; /* it is recorded, and counts, as an edit */
    const struct permissions_entry *entry = permissions_find(entries, object_id);
    bool is_of_it = entry && str_equal(entry->uid, before.uid);
    if (is_of_it) /* no rule may say anything about it, also when the rows are equal */
        TRY(store_permission_decide(store, object_id, err));
    struct permission after = permission_stricter(&before.row, is_of_it ? &entry->row : &nothing);
    if (old && store_old_permission(old, object_id, before.uid, arena, &other))
        after = permission_stricter(&after, &other);
    if (permission_equal(&before.row, &after))
        return NEXUS_OK;
    return permit_write(store, &before, &after, &nexus, err);
}

static enum nexus_status tighten_each(struct store *store, const struct listed *listed,
                                      const struct permissions_entries *entries,
                                      struct store_old *old, struct nexus_error *err)
{
    enum nexus_status status = NEXUS_OK;
    for (size_t i = 0; i < listed->count && status == NEXUS_OK; i++) {
        struct arena arena = {0};
        status = tighten_one(store, listed->ids[i], entries, old, &arena, err);
        arena_finish(&arena);
    }
    return status;
}

enum nexus_status permissions_tighten(struct store *store,
                                      const struct permissions_entries *entries,
                                      struct store_old *old, struct nexus_error *err)
{
    struct listed listed = {0};
    enum nexus_status status = store_permissions_lines(store, keep_id, &listed, err);
    if (status == NEXUS_OK)
        status = add_entries(&listed, entries, err);
    if (status == NEXUS_OK)
        status = tighten_each(store, &listed, entries, old, err);
    free(listed.ids);
    return status;
}

/* --- a database that is made anew ------------------------------------------------------------ */

static bool can_be_planted(const struct permissions_entry *entry)
{
    return entry->uid.length == UID_TEXT_SIZE - 1 && entry->path.at;
}

enum nexus_status permissions_plant(struct store *store, struct permissions_entries *entries,
                                    struct nexus_error *err)
{
    STRBUF_SCOPED ids = {0};
    strbuf_add_char(&ids, '[');
    for (size_t i = 0; i < entries->count; i++) {
        struct permissions_entry *entry = &entries->items[i];
        const struct store_planted planted = {entry->object_id, entry->uid, entry->path,
                                              entry->base_hash, entry->row};
        strbuf_addf(&ids, "%s%lld", i ? "," : "", (long long)entry->object_id);
        /* What a rule shared is not in the file: all that is there was decided. */
        TRY(store_permission_decide(store, entry->object_id, err));
        if (can_be_planted(entry))
            TRY(store_plant(store, &planted, &entry->is_certain, err));
    }
    strbuf_add_char(&ids, ']');
    if (ids.failed)
        return fail_no_memory(err);
    return store_plant_close_others(store, strbuf_str(&ids), err);
}

/** Whether the object that the entry is about is there, and nobody can doubt that it is. What its
 * file is to get back is known again. */
static enum nexus_status judge(struct store *store, const struct permissions_entry *entry,
                               struct arena *arena, bool *ret_is_there, bool *ret_is_certain,
                               struct nexus_error *err)
{
    struct store_object_row object;
    struct hash hash;
    *ret_is_there = *ret_is_certain = false;
    enum nexus_status status = store_object_get(store, entry->object_id, arena, &object, err);
    if (status == NEXUS_ERROR_NOT_FOUND)
        return NEXUS_OK;
    TRY(status);
    *ret_is_there = str_equal(object.uid, entry->uid);
    bool is_same = entry->base_hash.at && hash_parse(entry->base_hash, &hash) && object.has_base &&
                   hash_equal(hash, object.base_hash);
    *ret_is_certain = *ret_is_there && (entry->is_certain || is_same);
    return *ret_is_there && object.file_id && entry->write_bits >= 0
               ? store_lock_put(store, object.file_id, entry->write_bits, err)
               : NEXUS_OK;
}

static enum nexus_status close_object(struct store *store, int64_t object_id, struct arena *arena,
                                      struct nexus_error *err)
{
    static const struct permit_by nexus = {"nexus", "permission", ORIGIN_NEXUS};
    struct store_permission before;
    TRY(store_permission_get(store, object_id, arena, &before, err));
    struct permission after = before.row;
    after.share_with_ai = after.share_with_cloud = FLAG_NO;
    return permission_equal(&before.row, &after)
               ? NEXUS_OK
               : permit_write(store, &before, &after, &nexus, err);
}

enum nexus_status permissions_doubt(struct store *store, const struct permissions_entries *entries,
                                    struct nexus_error *err)
{
    struct arena arena = {0};
    struct refusals refusals = {0};
    enum nexus_status status = NEXUS_OK;
    for (size_t i = 0; i < entries->count && status == NEXUS_OK; i++) {
        const struct permissions_entry *entry = &entries->items[i];
        bool is_there, is_certain;
        arena_reset(&arena);
        status = judge(store, entry, &arena, &is_there, &is_certain, err);
        if (status == NEXUS_OK && is_there && !is_certain)
            status = close_object(store, entry->object_id, &arena, err);
        if (!is_certain)
            refuse(&refusals, entry);
    }
    if (status == NEXUS_OK)
        status = tell_refusals(store, &refusals, err);
    strbuf_finish(&refusals.names);
    arena_finish(&arena);
    return status;
}

/* --- an edit --------------------------------------------------------------------------------- */

/** What the row is to be. Where SQL changed it as well, and nobody has taken that in yet, the
 * file's edit is what differs from the row before; with two edits the stricter of both counts. */
static enum nexus_status merge_edits(struct store *store, const struct store_permission *now,
                                     const struct permission *wanted, struct arena *arena,
                                     struct permission *ret_row, struct nexus_error *err)
{
    struct permission first;
    bool is_edited;
    TRY(store_permission_edit_first(store, now->object_id, arena, &first, &is_edited, err));
    *ret_row = !is_edited                         ? *wanted
               : permission_equal(&first, wanted) ? now->row
                                                  : permission_stricter(&now->row, wanted);
    return NEXUS_OK;
}

static enum nexus_status take_one(struct store *store, const struct permissions_entry *entry,
                                  struct refusals *refusals, size_t *changed,
                                  struct nexus_error *err)
{
    static const struct permit_by somebody = {"unknown", "permission", ORIGIN_FILE};
    struct arena arena = {0};
    struct store_permission before;
    enum nexus_status status = store_permission_get(store, entry->object_id, &arena, &before, err);
    bool is_it = status == NEXUS_OK && (!entry->uid.at || str_equal(entry->uid, before.uid)) &&
                 (!entry->path.at || str_equal(entry->path, before.path)) &&
                 (entry->uid.at || entry->path.at);
    if (status == NEXUS_ERROR_NOT_FOUND)
        status = NEXUS_OK;
    if (status == NEXUS_OK && !is_it)
        refuse(refusals, entry);
    struct permission after = entry->row;
    if (is_it)
        status = merge_edits(store, &before, &entry->row, &arena, &after, err);
    if (is_it && status == NEXUS_OK && !permission_equal(&before.row, &after)) {
        status = permit_write(store, &before, &after, &somebody, err);
        ++*changed;
    }
    arena_finish(&arena);
    return status;
}

/** An object that the file does not tell of has the default. */
static enum nexus_status take_missing(struct store *store, const struct listed *listed,
                                      const struct permissions_entries *entries,
                                      struct refusals *refusals, size_t *changed,
                                      struct nexus_error *err)
{
    enum nexus_status status = NEXUS_OK;
    for (size_t i = 0; i < listed->count && status == NEXUS_OK; i++) {
        struct permissions_entry gone = {.object_id = listed->ids[i]};
        struct arena arena = {0};
        struct store_permission before;
        if (!permissions_find(entries, gone.object_id)) {
            gone.row = (struct permission){FLAG_NO, FLAG_NO, FLAG_NO, {NULL, 0}};
            status = store_permission_get(store, gone.object_id, &arena, &before, err);
            gone.uid = before.uid;
            if (status == NEXUS_OK)
                status = take_one(store, &gone, refusals, changed, err);
        }
        arena_finish(&arena);
    }
    return status;
}

enum nexus_status permissions_take_edit(struct store *store,
                                        const struct permissions_entries *entries, size_t *changed,
                                        struct nexus_error *err)
{
    struct refusals refusals = {0};
    struct listed listed = {0};
    enum nexus_status status = store_permissions_lines(store, keep_id, &listed, err);
    for (size_t i = 0; i < entries->count && status == NEXUS_OK; i++)
        status = take_one(store, &entries->items[i], &refusals, changed, err);
    if (status == NEXUS_OK)
        status = take_missing(store, &listed, entries, &refusals, changed, err);
    if (status == NEXUS_OK)
        status = tell_refusals(store, &refusals, err);
    strbuf_finish(&refusals.names);
    free(listed.ids);
    return status;
}

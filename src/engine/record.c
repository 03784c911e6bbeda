// SPDX-License-Identifier: MIT
#include "engine/record.h"

#include "base/time.h"
#include "engine/absorb.h"
#include "engine/claim.h"
#include "engine/splice.h"
#include "store/files.h"
#include "store/notes.h"
#include "store/objects.h"
#include "store/writes.h"

#include <stdlib.h>

/* What cannot be written now is tried again after a second, then after twice as long each time, and
 * not all at once. */
#define RETRY_FIRST_NS NS_PER_S
#define RETRY_LAST_NS (300 * NS_PER_S)
enum { RETRY_DOUBLINGS = 9 };

static enum nexus_status tell_refusal(struct carry *carry, struct writing *writing,
                                      const struct writing_entry *entry, struct str reason,
                                      struct nexus_error *err)
{
    struct store *store = carry->engine->store;
    struct str path = writing->path.length ? record_path(writing, entry) : entry->entry.is.path;
    struct store_write write = {
        .op = WRITE_REFUSED,
        .origin = carry->origin,
        .path = path,
        .object_id = entry->entry.object_id,
        .refused = entry->entry.is.content_json,
        .batch = carry->batch,
    };
    struct problem problem = {
        .severity = PROBLEM_ERROR,
        .keyword = "refused",
        .message = arena_format(&writing->arena, "the row was taken back: %.*s", STR_ARG(reason)),
    };
    if (writing->arena.failed)
        return fail_no_memory(err);
    carry->report->refused++;
    TRY(store_history_add(store, &write, NULL, err));
    return store_problem_tell(store, writing->path.length ? strbuf_str(&writing->path) : path,
                              &problem, err);
}

/** What the outbox holds of the writing's objects by now, ascending by id. */
static enum nexus_status read_now(struct carry *carry, struct carried *carried,
                                  struct nexus_error *err)
{
    struct writing *writing = carried->writing;
    struct store *store = carry->engine->store;
    carried->now_count = 0;
    if (writing->file_id)
        return store_outbox_of_file(store, writing->file_id, &writing->arena, &carried->now,
                                    &carried->now_count, err);
    carried->now = arena_alloc_array(&writing->arena, writing->count + 1, sizeof *carried->now);
    if (!carried->now)
        return fail_no_memory(err);
    for (size_t i = 0; i < writing->count; i++) { /* one: the object of a new file */
        enum nexus_status status =
            store_outbox_get(store, writing->entries[i].entry.object_id, &writing->arena,
                             &carried->now[carried->now_count], err);
        if (status != NEXUS_OK && status != NEXUS_ERROR_NOT_FOUND)
            return status;
        carried->now_count += status == NEXUS_OK;
    }
    return NEXUS_OK;
}

static int by_object(const void *a, const void *b)
{
    const struct outbox_entry *left = a, *right = b;
    return (left->object_id > right->object_id) - (left->object_id < right->object_id);
}

/** How the row stands to what was read of it when the writing was planned. */
static enum nexus_status look_again(struct carry *carry, const struct carried *carried,
                                    const struct writing_entry *entry, bool *ret_same,
                                    bool *ret_there, struct nexus_error *err)
{
    struct store_object_row row;
    struct writing *writing = carried->writing;
    const struct outbox_entry *now = NULL;
    struct outbox_entry read = entry->entry;
    if (writing->moved_from.length && !read.was.item_key.at)
        read.was.path = strbuf_str(&writing->path); /* the move is done, and written down */
    if (carried->now_count)
        now = bsearch(&read, carried->now, carried->now_count, sizeof *now, by_object);
    *ret_same = now && outbox_entry_is_same(now, &read);
    *ret_there = now && now->op != OUTBOX_DELETE;
    if (now)
        return NEXUS_OK;
    enum nexus_status status =
        store_object_get(carry->engine->store, read.object_id, &writing->arena, &row, err);
    *ret_there = status == NEXUS_OK;
    return status == NEXUS_ERROR_NOT_FOUND ? NEXUS_OK : status;
}

static const struct digest_object *object_after(const struct carried *carried,
                                                const struct writing_entry *entry)
{
    const struct writing *writing = carried->writing;
    struct str key = writing_key_of(entry);
    if (!key.at)
        key =
            entry->entry.op == OUTBOX_CREATE ? entry->entry.is.item_key : entry->entry.was.item_key;
    return carried->after ? digest_find(carried->after, writing->digest.object_count, key) : NULL;
}

/** The sweep finds rows that nobody knows the former content of: what the file says is as good. */
static enum nexus_status know_before(struct carry *carry, const struct carried *carried,
                                     struct writing_entry *entry, struct nexus_error *err)
{
    const struct digest_object *object = object_after(carried, entry);
    if (entry->entry.op == OUTBOX_CREATE || entry->entry.was.content_json.at)
        return NEXUS_OK;
    entry->entry.was.content_json = object ? object->content_json : entry->entry.is.content_json;
    return store_outbox_know(carry->engine->store, entry->entry.object_id,
                             entry->entry.was.content_json, err);
}

/** The row takes the file's content, or what it was before. */
static enum nexus_status give_way(struct carry *carry, struct carried *carried, size_t index,
                                  struct pushed *pushed, struct nexus_error *err)
{
    struct writing *writing = carried->writing;
    struct writing_entry *entry = &writing->entries[index];
    bool is_taken;
    TRY(know_before(carry, carried, entry, err));
    enum nexus_status status =
        store_outbox_take_back(carry->engine->store, &entry->entry, &is_taken, err);
    if (status == NEXUS_ERROR_EXISTS && entry->entry.op == OUTBOX_DELETE) {
        /* Another object has taken its place meanwhile: it stays deleted. */
        pushed->object_id = 0;
        return store_outbox_done(carry->engine->store, &entry->entry, err);
    }
    if (status == NEXUS_ERROR_EXISTS)
        status = claim_back(carry->engine->store, &entry->entry, &is_taken, carry->report, err);
    TRY(status);
    if (!is_taken)
        pushed->how = PUSHED_LEFT;
    else if (!entry->is_refused && entry->action == PLAN_FILE_WINS)
        TRY(record_conflict(carry, carried, index, err));
    pushed->object_id = is_taken ? 0 : pushed->object_id;
    return NEXUS_OK;
}

static enum nexus_status sort_carried(struct carry *carry, struct carried *carried, size_t index,
                                      struct pushed *pushed, struct nexus_error *err)
{
    const struct writing_entry *entry = &carried->writing->entries[index];
    bool is_same, is_there;
    TRY(look_again(carry, carried, entry, &is_same, &is_there, err));
    if (is_same && entry->takes_in)
        pushed->object_id = 0; /* what it takes in is told as the file's change */
    if (!is_same)
        pushed->how = is_there && entry->has_wanted ? PUSHED_OUTRUN : PUSHED_LEFT;
    if (writing_entry_is_conflict(entry))
        return record_conflict(carry, carried, index, err); /* where no file was to be written */
    carry->report->merged += entry->action == PLAN_MERGE;
    return NEXUS_OK;
}

/** Which rows the file's objects may not overwrite, and which the feed knows of. Those that give
 * way come first: they may change what the outbox holds. */
static enum nexus_status sort_entries(struct carry *carry, struct carried *carried,
                                      struct pushed *pushed, struct nexus_error *err)
{
    struct writing *writing = carried->writing;
    for (size_t i = 0; i < writing->count; i++) {
        const struct writing_entry *entry = &writing->entries[i];
        struct str key = writing_key_of(entry);
        pushed[i] = (struct pushed){
            .object_id = entry->entry.object_id,
            .key = key.at ? key : entry->entry.was.item_key,
            .how = entry->is_left ? PUSHED_LEFT : PUSHED_TOLD,
        };
        if (!entry->is_left && !writing_entry_is_carried(entry))
            TRY(give_way(carry, carried, i, &pushed[i], err));
    }
    TRY(read_now(carry, carried, err));
    for (size_t i = 0; i < writing->count; i++)
        if (!writing->entries[i].is_left && writing_entry_is_carried(&writing->entries[i]))
            TRY(sort_carried(carry, carried, i, &pushed[i], err));
    return NEXUS_OK;
}

/** What somebody changed with SQL since the writing was planned: nobody has looked at it yet. */
static enum nexus_status find_late(struct carry *carry, const struct carried *carried,
                                   struct pushed **ret_late, size_t *ret_count,
                                   struct nexus_error *err)
{
    struct writing *writing = carried->writing;
    const struct outbox_entry *entries = carried->now;
    size_t count = writing->file_id ? carried->now_count : 0, late = 0;
    struct pushed *found = arena_alloc_array(&writing->arena, count + 1, sizeof *found);
    if (!found)
        return fail_no_memory(err);
    for (size_t i = 0, at = 0; i < count; i++) {
        while (at < writing->count && writing->entries[at].entry.object_id < entries[i].object_id)
            at++; /* both come ascending by id */
        if (at < writing->count && writing->entries[at].entry.object_id == entries[i].object_id)
            continue;
        bool is_deleted = entries[i].op == OUTBOX_DELETE;
        found[late++] = (struct pushed){
            .object_id = entries[i].object_id,
            .key = is_deleted ? entries[i].was.item_key : entries[i].is.item_key,
            .how = PUSHED_LEFT,
        };
    }
    if (carry->origin == ORIGIN_SQL)
        carry->later += late;
    *ret_late = found;
    *ret_count = late;
    return NEXUS_OK;
}

/** New rows get their place in the file. */
static enum nexus_status place_rows(struct carry *carry, struct writing *writing,
                                    const struct pushed *pushed, struct nexus_error *err)
{
    struct store *store = carry->engine->store;
    TRY(store_file_put(store, &writing->digest.record, &writing->digest.record.id, err));
    for (size_t i = 0; i < writing->count; i++) {
        const struct writing_entry *entry = &writing->entries[i];
        bool is_unplaced = entry->has_wanted && writing_entry_is_carried(entry) &&
                           pushed[i].how != PUSHED_LEFT &&
                           entry->entry.is.file_id != writing->digest.record.id;
        if (is_unplaced)
            TRY(store_object_place(store, entry->entry.object_id, writing->digest.record.id,
                                   record_path(writing, entry), writing_key_of(entry), err));
    }
    return NEXUS_OK;
}

static int by_id(const void *a, const void *b)
{
    const struct pushed *left = a, *right = b;
    return (left->object_id > right->object_id) - (left->object_id < right->object_id);
}

/** The row says by now what the file says in the file's words. */
static enum nexus_status finish_entry(struct carry *carry, const struct carried *carried,
                                      const struct writing_entry *entry, struct nexus_error *err)
{
    struct outbox_entry done = entry->entry;
    const struct digest_object *object = object_after(carried, entry);
    if (object && done.op != OUTBOX_DELETE) {
        done.is.content_json = object->content_json;
        done.is.schema_id = object->schema->id;
    }
    return store_outbox_done(carry->engine->store, &done, err);
}

/** The file is what `writing->digest` says. */
static enum nexus_status record_file(struct carry *carry, struct carried *carried,
                                     const struct pushed *pushed, struct nexus_error *err)
{
    struct writing *writing = carried->writing;
    struct store *store = carry->engine->store;
    struct pushed *late = NULL;
    size_t count = 0;
    TRY(find_late(carry, carried, &late, &count, err));
    struct pushed *sorted =
        arena_alloc_array(&writing->arena, writing->count + count + 1, sizeof *sorted);
    if (!sorted)
        return fail_no_memory(err);
    if (count)
        memcpy(sorted, late, count * sizeof *late);
    TRY(place_rows(carry, writing, pushed, err));
    for (size_t i = 0; i < writing->count; i++)
        if (pushed[i].object_id)
            sorted[count++] = pushed[i];
    if (count)
        qsort(sorted, count, sizeof *sorted, by_id);
    TRY(absorb_pushed(store, &writing->digest, sorted, count, carry->engine->now_ns(),
                      carry->report, err));
    for (size_t i = 0; i < writing->count; i++)
        if (writing_entry_is_carried(&writing->entries[i]) && pushed[i].how != PUSHED_LEFT)
            TRY(finish_entry(carry, carried, &writing->entries[i], err));
    return NEXUS_OK;
}

/** There is no file any more. */
static enum nexus_status record_gone(struct carry *carry, const struct carried *carried,
                                     const struct pushed *pushed, struct nexus_error *err)
{
    struct writing *writing = carried->writing;
    struct store *store = carry->engine->store;
    struct pushed *late = NULL;
    size_t late_count = 0;
    TRY(find_late(carry, carried, &late, &late_count, err));
    bool is_all = late_count == 0;
    for (size_t i = 0; i < writing->count; i++) {
        if (writing_entry_is_carried(&writing->entries[i]) && pushed[i].how != PUSHED_LEFT)
            TRY(store_outbox_done(store, &writing->entries[i].entry, err));
        is_all &= pushed[i].how != PUSHED_LEFT;
    }
    if (!writing->file_id || !is_all)
        return NEXUS_OK;
    return absorb_gone(store, writing->file_id, strbuf_str(&writing->path), carry->report, err);
}

static enum nexus_status record_done(struct carry *carry, struct carried *carried,
                                     struct nexus_error *err)
{
    struct writing *writing = carried->writing;
    struct pushed *pushed = arena_alloc_array(&writing->arena, writing->count + 1, sizeof *pushed);
    carried->after = digest_index(&writing->arena, &writing->digest);
    if (!pushed || !carried->after)
        return fail_no_memory(err);
    TRY(sort_entries(carry, carried, pushed, err));
    if (writing->kind == WRITING_REMOVE)
        TRY(record_gone(carry, carried, pushed, err));
    else if (writing_touches_file(writing) || writing->has_before)
        TRY(record_file(carry, carried, pushed, err));
    for (size_t i = 0; i < writing->count; i++)
        if (writing->entries[i].is_refused && pushed[i].how != PUSHED_LEFT)
            TRY(tell_refusal(carry, writing, &writing->entries[i], writing->entries[i].reason,
                             err));
    for (size_t i = 0; i < writing->count; i++)
        carry->later += pushed[i].how != PUSHED_TOLD;
    carry->report->written += writing_touches_file(writing);
    return carried->seq ? store_history_finish(carry->engine->store, carried->seq, err) : NEXUS_OK;
}

static enum nexus_status record_refused(struct carry *carry, struct carried *carried,
                                        struct nexus_error *err)
{
    struct writing *writing = carried->writing;
    for (size_t i = 0; i < writing->count; i++) {
        bool is_taken;
        struct writing_entry *entry = &writing->entries[i];
        struct str reason = entry->is_refused ? entry->reason : str_of(carried->reason.message);
        TRY(know_before(carry, carried, entry, err));
        TRY(claim_back(carry->engine->store, &entry->entry, &is_taken, carry->report, err));
        if (is_taken)
            TRY(tell_refusal(carry, writing, entry, reason, err));
    }
    return NEXUS_OK;
}

static int64_t retry_after_ns(const struct writing *writing, int64_t now_ns)
{
    int64_t tries = writing->count ? writing->entries[0].entry.tries : 0;
    int64_t wait_ns = RETRY_LAST_NS;
    if (tries < RETRY_DOUBLINGS && RETRY_FIRST_NS << tries < RETRY_LAST_NS)
        wait_ns = RETRY_FIRST_NS << tries;
    return now_ns + wait_ns -
           (now_ns / NS_PER_MS % 256) * wait_ns / 1024; /* up to a quarter less */
}

static enum nexus_status record_later(struct carry *carry, struct carried *carried,
                                      struct nexus_error *err)
{
    struct store *store = carry->engine->store;
    struct writing *writing = carried->writing;
    int64_t object_id = writing->count ? writing->entries[0].entry.object_id : 0;
    struct str path = strbuf_str(&writing->path);
    TRY(store_outbox_delay(store, writing->file_id, object_id,
                           retry_after_ns(writing, carry->engine->now_ns()), err));
    carry->report->waiting++;
    if (carried->state != CARRIED_LATER || writing->kind == WRITING_LATER)
        return NEXUS_OK; /* it is only a matter of moments */
    struct problem problem = {
        .severity = PROBLEM_WARNING,
        .keyword = "pending",
        .message = arena_format(&writing->arena, "a change of the row waits to be written: %s",
                                carried->reason.message),
    };
    if (writing->file_id)
        TRY(store_file_set_state(store, writing->file_id, FILE_PENDING, err));
    return writing->arena.failed ? fail_no_memory(err)
                                 : store_problem_tell(store, path, &problem, err);
}

static enum nexus_status record_one(struct carry *carry, struct carried *carried,
                                    struct nexus_error *err)
{
    if (carried->state != CARRIED_DONE && carried->outcome.is_taken)
        TRY(store_history_finish(carry->engine->store, carried->seq, err));
    else if (carried->state != CARRIED_DONE && carried->seq)
        TRY(record_undo_intent(carry, carried, err));
    switch (carried->state) {
    case CARRIED_DONE: return record_done(carry, carried, err);
    case CARRIED_REFUSED: return record_refused(carry, carried, err);
    case CARRIED_LATER: return record_later(carry, carried, err);
    case CARRIED_ANEW: carry->later++; return NEXUS_OK;
    }
    return NEXUS_OK;
}

enum nexus_status record_outcomes(struct carry *carry, struct carried *carried, size_t count,
                                  struct nexus_error *err)
{
    struct store *store = carry->engine->store;
    TRY(store_begin(store, carry->engine->now_ns(), err));
    for (size_t i = 0; i < count; i++)
        TRY(record_one(carry, &carried[i], err));
    return store_commit(store, err);
}

// SPDX-License-Identifier: MIT
/*
 * The outbox is gone through by file, some files at a time, in passes: what a person approved
 * first, then what waits. An object that gets its place in a known file, or a file that changed
 * under our hands, comes up again in the next pass. Passes end when nothing is left to do but wait.
 */
#include "engine/push.h"

#include "base/time.h"
#include "engine/carry.h"
#include "engine/copies.h"
#include "engine/crash.h"
#include "engine/requests.h"
#include "engine/writing.h"
#include "store/objects.h"
#include "store/writes.h"

#include <stdlib.h>

#define MOVES_HEARD_NS NS_PER_S /* so long a file may be missing while an editor replaces it */

enum {
    PASSES_LIMIT = 50,        /* somebody who saves all the time must not keep us here */
    BRAKE_LEAST_DELETES = 10, /* in a small vault a few files are many percent */
};

/** One push at work. */
struct push {
    struct engine *engine;
    enum push_sight sight;
    uint64_t doubts; /* files that may have been moved */
    struct carry carry;
    struct writing slots[CARRY_WRITINGS];
    size_t slot_count; /* that are initialised */
    struct writing *used[CARRY_WRITINGS];
    size_t used_count;
    size_t used_bytes; /* of the files before and after */
    struct digest scratch;
    struct arena arena;
    bool has_moved; /* something came closer to its file in this pass */
};

static enum nexus_status flush(struct push *push, struct nexus_error *err)
{
    size_t count = push->used_count;
    store_end_reading(push->engine->store);
    push->used_count = push->used_bytes = 0;
    if (!count)
        return NEXUS_OK;
    uint64_t later = push->carry.later;
    TRY(carry_out(&push->carry, push->used, count, err));
    push->has_moved |= push->carry.later - later < count;
    return NEXUS_OK;
}

static enum nexus_status take_slot(struct push *push, struct writing **ret_writing,
                                   struct nexus_error *err)
{
    if (push->used_count == CARRY_WRITINGS || push->used_bytes > CARRY_BYTES)
        TRY(flush(push, err));
    if (push->used_count == push->slot_count) {
        TRY(writing_init(&push->slots[push->slot_count], err));
        push->slot_count++;
    }
    *ret_writing = &push->slots[push->used_count];
    return NEXUS_OK;
}

static void use(struct push *push, struct writing *writing)
{
    push->used[push->used_count++] = writing;
    push->used_bytes += writing->before.length + writing->digest.bytes.length;
}

/** Whether nothing is at the path of a file that was there. */
static bool is_missing(const struct writing *writing)
{
    return writing->file_id && !writing->has_before &&
           (writing->kind == WRITING_CREATE || writing->kind == WRITING_REMOVE);
}

static enum nexus_status push_file(struct push *push, int64_t file_id, struct nexus_error *err)
{
    struct writing *writing;
    TRY(take_slot(push, &writing, err));
    TRY(store_begin_reading(push->engine->store, err));
    TRY(writing_plan_file(writing, push->engine, file_id, WRITING_ALLOWED, &push->scratch, err));
    if (push->sight == PUSH_HEARS_LATER && is_missing(writing))
        push->doubts++;
    else
        use(push, writing);
    return NEXUS_OK;
}

/** A file that was edited while all its rows are held: what the file says is taken in. The brake
 * holds what would be written into files, not what people write into them. */
static enum nexus_status push_contested(struct push *push, struct nexus_error *err)
{
    struct engine *engine = push->engine;
    size_t count = engine->contested_count;
    engine->contested_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct outbox_entry *entries;
        size_t entry_count, held = 0;
        arena_reset(&push->arena);
        TRY(store_outbox_of_file(engine->store, engine->contested[i], &push->arena, &entries,
                                 &entry_count, err));
        while (held < entry_count && entries[held].state == OUTBOX_HELD)
            held++;
        if (held && held == entry_count)
            TRY(push_file(push, engine->contested[i], err));
    }
    return flush(push, err);
}

/** The new object is one of a known file's from now on. */
static enum nexus_status place(struct push *push, struct writing *writing, int64_t file_id,
                               struct nexus_error *err)
{
    struct store *store = push->engine->store;
    const struct writing_entry *entry = &writing->entries[0];
    struct str key = writing_key_of(entry);
    struct str path = arena_format(&writing->arena, "%.*s#%.*s",
                                   STR_ARG(strbuf_str(&writing->path)), STR_ARG(key));
    if (writing->arena.failed)
        return fail_no_memory(err);
    TRY(store_begin(store, push->engine->now_ns(), err));
    enum nexus_status status =
        store_object_place(store, entry->entry.object_id, file_id, path, key, err);
    if (status == NEXUS_OK)
        status = store_commit(store, err);
    if (status != NEXUS_OK)
        store_rollback(store);
    push->has_moved |= status == NEXUS_OK;
    return status;
}

static enum nexus_status push_new(struct push *push, const struct outbox_entry *entry,
                                  struct nexus_error *err)
{
    struct writing *writing;
    struct nexus_error reason = {0};
    int64_t home;
    TRY(take_slot(push, &writing, err));
    TRY(writing_plan_new(writing, push->engine, entry, &home, err));
    bool is_item =
        !entry->is.item_key.at && writing->count && writing_key_of(&writing->entries[0]).at != NULL;
    if (home) {
        enum nexus_status status = place(push, writing, home, &reason);
        if (status == NEXUS_OK)
            return NEXUS_OK;
        if (status != NEXUS_ERROR_EXISTS)
            return fail(err, status, "%s", reason.message);
        writing->entries[0].is_refused = true;
        writing->entries[0].reason = arena_copy(&writing->arena, str_of(reason.message));
    }
    use(push, writing);
    return is_item ? flush(push, err) : NEXUS_OK; /* the next one may want the same file */
}

static enum nexus_status push_files(struct push *push, enum outbox_state state,
                                    struct nexus_error *err)
{
    struct store *store = push->engine->store;
    int64_t *files = NULL, after = 0;
    size_t count;
    do {
        arena_reset(&push->arena);
        TRY(store_outbox_files(store, state, push->engine->now_ns(), after, CARRY_WRITINGS,
                               &push->arena, &files, &count, err));
        for (size_t i = 0; i < count; i++)
            TRY(push_file(push, files[i], err));
        after = count ? files[count - 1] : after;
        TRY(flush(push, err));
    } while (count);
    return NEXUS_OK;
}

static enum nexus_status push_fileless(struct push *push, enum outbox_state state,
                                       struct nexus_error *err)
{
    struct store *store = push->engine->store;
    struct outbox_entry *entries;
    int64_t after = 0;
    size_t count;
    do {
        arena_reset(&push->arena);
        TRY(store_outbox_fileless(store, state, push->engine->now_ns(), after, CARRY_WRITINGS,
                                  &push->arena, &entries, &count, err));
        for (size_t i = 0; i < count; i++)
            TRY(push_new(push, &entries[i], err));
        after = count ? entries[count - 1].object_id : after;
        TRY(flush(push, err));
    } while (count);
    return NEXUS_OK;
}

static enum nexus_status push_state(struct push *push, enum outbox_state state,
                                    struct nexus_error *err)
{
    TRY(push_files(push, state, err));
    return push_fileless(push, state, err);
}

/** Holds what waits when it is more than a person would change in one go. */
static enum nexus_status brake(struct push *push, const struct outbox_counts *counts,
                               struct nexus_error *err)
{
    struct engine *engine = push->engine;
    struct store_counts known;
    uint64_t files = 0, deletes = counts->waiting_deletes;
    bool is_too_much = counts->waiting_files > (uint64_t)engine->settings.brake_files;
    if (!is_too_much && deletes >= BRAKE_LEAST_DELETES) {
        TRY(store_count(engine->store, &known, err));
        for (size_t i = 0; i < FILE_STATE_COUNT; i++)
            files += known.files[i];
        is_too_much = deletes * 100 > files * (uint64_t)engine->settings.brake_percent;
    }
    if (!is_too_much)
        return NEXUS_OK;
    TRY(store_begin(engine->store, engine->now_ns(), err));
    TRY(store_outbox_mark(engine->store, OUTBOX_WAITING, OUTBOX_HELD, err));
    return store_commit(engine->store, err);
}

static enum nexus_status run_passes(struct push *push, struct nexus_error *err)
{
    for (int pass = 0; pass < PASSES_LIMIT; pass++) {
        push->has_moved = false;
        push->carry.later = 0;
        TRY(push_state(push, OUTBOX_APPROVED, err));
        TRY(push_state(push, OUTBOX_WAITING, err));
        if (!push->has_moved && !push->carry.later)
            break;
    }
    return NEXUS_OK;
}

static enum nexus_status start(struct push *push, struct nexus_error *err)
{
    TRY(digest_init(&push->scratch, err));
    return store_history_new_batch(push->engine->store, &push->carry.batch, err);
}

static enum nexus_status run(struct push *push, const struct outbox_counts *counts,
                             struct nexus_error *err)
{
    TRY(start(push, err));
    enum nexus_status status = brake(push, counts, err);
    if (status != NEXUS_OK) {
        store_rollback(push->engine->store);
        return status;
    }
    TRY(run_passes(push, err));
    return push_contested(push, err);
}

static void finish(struct push *push)
{
    store_end_reading(push->engine->store);
    for (size_t i = 0; i < push->slot_count; i++)
        writing_finish(&push->slots[i]);
    digest_finish(&push->scratch);
    arena_finish(&push->arena);
    free(push);
}

static enum nexus_status push_outbox(struct engine *engine, enum push_sight sight,
                                     const struct outbox_counts *counts,
                                     struct nexus_sync_report *report, uint64_t *ret_doubts,
                                     struct nexus_error *err)
{
    struct push *push = calloc(1, sizeof *push);
    if (!push)
        return fail_no_memory(err);
    push->engine = engine;
    push->sight = sight;
    push->carry = (struct carry){.engine = engine, .origin = ORIGIN_SQL, .report = report};
    enum nexus_status status = run(push, counts, err);
    *ret_doubts = push->doubts;
    finish(push);
    return status;
}

static enum nexus_status push_waiting(struct engine *engine, enum push_sight sight,
                                      struct outbox_counts *counts,
                                      struct nexus_sync_report *report, struct nexus_error *err)
{
    uint64_t doubts;
    TRY(store_outbox_count(engine->store, engine->now_ns(), counts, err));
    if (!counts->entries)
        return NEXUS_OK;
    TRY(push_outbox(engine, sight, counts, report, &doubts, err));
    int64_t heard_ns = engine->now_ns() + MOVES_HEARD_NS;
    TRY(store_outbox_count(engine->store, engine->now_ns(), counts, err));
    if (doubts && (!counts->next_retry_ns || counts->next_retry_ns > heard_ns))
        counts->next_retry_ns = heard_ns;
    return NEXUS_OK;
}

/** Somebody saved to a version that a write of ours had displaced a moment before. */
static enum nexus_status keep_late_save(void *context, const struct quarantine_news *news,
                                        struct nexus_error *err)
{
    if (news->kind != QUARANTINE_LATE)
        return NEXUS_OK;
    return copy_keep_save(context, news->path, news->bytes, err);
}

enum nexus_status push_settle_displaced(struct engine *engine, int64_t now_ns, int64_t *ret_due_ns,
                                        struct nexus_error *err)
{
    struct quarantine *quarantine = &engine->replacer.quarantine;
    if (quarantine_due(quarantine) <= now_ns)
        TRY(quarantine_settle(quarantine, engine->root_fd, engine->settings.max_file_bytes, now_ns,
                              keep_late_save, engine, err));
    *ret_due_ns = quarantine_due(quarantine);
    return NEXUS_OK;
}

enum nexus_status push_all(struct engine *engine, enum push_sight sight,
                           struct nexus_sync_report *report, int64_t *ret_again_ns,
                           struct nexus_error *err)
{
    struct outbox_counts counts;
    bool is_any;
    TRY(crash_finish(engine, err));
    TRY(push_waiting(engine, sight, &counts, report, err));
    TRY(requests_carry_out(engine, report, &is_any, err));
    if (is_any)
        TRY(push_waiting(engine, sight, &counts, report, err));
    report->held_writes = counts.held_files;
    *ret_again_ns = counts.next_retry_ns;
    return NEXUS_OK;
}

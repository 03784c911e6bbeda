// SPDX-License-Identifier: MIT
#include "engine/batch.h"

#include "base/time.h"
#include "engine/absorb.h"
#include "store/files.h"

#include <stdlib.h>
#include <time.h>

enum {
    BATCH_FILES = 64,              /* a transaction of milliseconds */
    BATCH_BYTES = 4 * 1024 * 1024, /* … and of bounded memory */
    RACY_WAIT_MS = 25,             /* a little more than the tick that makes a file racy */
};

struct paths {
    struct str *items;
    size_t count, capacity;
};

struct batch {
    struct engine *engine;
    struct nexus_sync_report *report;
    struct digest_context digesting;
    struct digest slots[BATCH_FILES];
    size_t slot_count; /* that are initialised */
    size_t used, used_bytes;
    struct arena arena; /* owns the paths below */
    struct paths racy, busy;
};

struct batch *batch_new(struct engine *engine, struct nexus_sync_report *report)
{
    struct batch *batch = calloc(1, sizeof *batch);
    if (!batch)
        return NULL;
    batch->engine = engine;
    batch->report = report;
    batch->digesting = (struct digest_context){
        .root_fd = engine->root_fd,
        .max_file_bytes = engine->settings.max_file_bytes,
        .registry = &engine->registry,
    };
    return batch;
}

void batch_free(struct batch *batch)
{
    if (!batch)
        return;
    for (size_t i = 0; i < batch->slot_count; i++)
        digest_finish(&batch->slots[i]);
    free(batch->racy.items);
    free(batch->busy.items);
    arena_finish(&batch->arena);
    free(batch);
}

void batch_set_reading(struct batch *batch, enum digest_reading reading)
{
    batch->digesting.reading = reading;
}

const struct str *batch_busy(const struct batch *batch, size_t *ret_count)
{
    *ret_count = batch->busy.count;
    return batch->busy.items;
}

static enum nexus_status note(struct batch *batch, struct paths *paths, struct str path,
                              struct nexus_error *err)
{
    if (!array_reserve(&paths->items, &paths->capacity, paths->count + 1, sizeof *paths->items))
        return fail_no_memory(err);
    paths->items[paths->count++] = arena_copy(&batch->arena, path);
    return batch->arena.failed ? fail_no_memory(err) : NEXUS_OK;
}

/** Counts what became of a digested file. */
static enum nexus_status account(struct batch *batch, const struct digest *digest,
                                 struct nexus_error *err)
{
    struct nexus_sync_report *report = batch->report;
    report->read += digest->record.has_hash;
    report->invalid +=
        digest->record.state == FILE_INVALID || digest->record.state == FILE_UNREADABLE;
    if (digest->outcome == DIGEST_BUSY)
        return note(batch, &batch->busy, digest->record.path, err);
    return digest->record.is_racy ? note(batch, &batch->racy, digest->record.path, err) : NEXUS_OK;
}

static enum nexus_status absorb_one(struct batch *batch, struct digest *digest, int64_t now_ns,
                                    struct nexus_error *err)
{
    bool is_contested;
    TRY(absorb_is_contested(batch->engine->store, digest, &is_contested, batch->report, err));
    if (is_contested)
        return NEXUS_OK; /* the reconcile ends with a push, which decides */
    return absorb_digest(batch->engine->store, digest, now_ns, batch->report, err);
}

static enum nexus_status write_all(struct batch *batch, struct nexus_error *err)
{
    struct store *store = batch->engine->store;
    /* What was there a moment ago, in the database that this one replaces, is the same again. */
    int64_t now_ns =
        store_is_bulk(store) ? batch->engine->recovery.made_anew_ns : batch->engine->now_ns();
    TRY(store_begin(store, now_ns, err));
    for (size_t i = 0; i < batch->used; i++)
        TRY(absorb_one(batch, &batch->slots[i], now_ns, err));
    return store_commit(store, err);
}

enum nexus_status batch_flush(struct batch *batch, struct nexus_error *err)
{
    size_t used = batch->used;
    if (!used)
        return NEXUS_OK;
    enum nexus_status status = write_all(batch, err);
    batch->used = batch->used_bytes = 0;
    if (status != NEXUS_OK) {
        store_rollback(batch->engine->store);
        return status;
    }
    for (size_t i = 0; i < used; i++)
        TRY(account(batch, &batch->slots[i], err));
    return NEXUS_OK;
}

enum nexus_status batch_take(struct batch *batch, struct str path, const struct fingerprint *print,
                             const struct file_record *known, struct nexus_error *err)
{
    if (batch->used == batch->slot_count) {
        TRY(digest_init(&batch->slots[batch->slot_count], err));
        batch->slot_count++;
    }
    struct digest *digest = &batch->slots[batch->used];
    strbuf_reset(&digest->path);
    strbuf_add(&digest->path, path);
    digest->record.print = *print;
    TRY(digest_file(digest, &batch->digesting, known, err));
    batch->used++;
    batch->used_bytes += digest->bytes.length;
    if (batch->used == BATCH_FILES || batch->used_bytes >= BATCH_BYTES)
        return batch_flush(batch, err);
    return NEXUS_OK;
}

static void wait_for_clock_tick(void)
{
    struct timespec wait = {.tv_nsec = RACY_WAIT_MS * NS_PER_MS};
    clock_nanosleep(CLOCK_MONOTONIC, 0, &wait, NULL);
}

static enum nexus_status take_again(struct batch *batch, struct str path, struct nexus_error *err)
{
    struct file_record known;
    struct fingerprint none = {0};
    enum nexus_status status =
        store_file_get(batch->engine->store, path, &batch->arena, &known, err);
    if (status == NEXUS_ERROR_NOT_FOUND)
        return NEXUS_OK;
    TRY(status);
    return batch_take(batch, path, &none, &known, err);
}

enum nexus_status batch_settle_racy(struct batch *batch, struct nexus_error *err)
{
    TRY(batch_flush(batch, err));
    if (!batch->racy.count)
        return NEXUS_OK;
    wait_for_clock_tick();
    struct paths racy = batch->racy;
    struct nexus_sync_report before = *batch->report;
    batch->racy = (struct paths){0};
    enum nexus_status status = NEXUS_OK;
    for (size_t i = 0; status == NEXUS_OK && i < racy.count; i++)
        status = take_again(batch, racy.items[i], err);
    free(racy.items);
    TRY(status);
    TRY(batch_flush(batch, err));
    batch->report->read = before.read; /* each of them was counted when it was first read */
    batch->report->invalid = before.invalid;
    return NEXUS_OK;
}

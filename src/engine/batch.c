// SPDX-License-Identifier: MIT
#include "engine/batch.h"

#include "base/time.h"
#include "engine/absorb.h"
#include "engine/pipeline.h"
#include "store/files.h"
#include "store/outbox.h"

#include <stdlib.h>
#include <time.h>

enum {
    BATCH_FILES = PIPELINE_FILES /
                  2, /* a transaction of milliseconds; the other half is digested meanwhile */
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
    struct pipeline *pipeline;
    struct digest *ready[BATCH_FILES]; /* of the next transaction */
    size_t ready_count;
    struct arena arena; /* owns the paths below */
    struct paths racy, busy;
};

struct batch *batch_new(struct engine *engine, struct nexus_sync_report *report)
{
    struct batch *batch = calloc(1, sizeof *batch);
    if (!batch)
        return NULL;
    batch->pipeline = pipeline_new();
    if (!batch->pipeline) {
        free(batch);
        return NULL;
    }
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
    pipeline_free(batch->pipeline);
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
    if (is_contested && digest->outcome != DIGEST_BUSY) /* what was in the way may be gone */
        TRY(store_outbox_hurry(batch->engine->store, digest->record.id, err));
    if (is_contested) /* the reconcile ends with a push, which decides */
        return digest->outcome == DIGEST_WHOLE || digest->outcome == DIGEST_BROKEN
                   ? engine_contest(batch->engine, digest->record.id, err)
                   : NEXUS_OK;
    return absorb_digest(batch->engine->store, digest, now_ns, batch->report, err);
}

static enum nexus_status write_ready(struct batch *batch, struct nexus_error *err)
{
    struct store *store = batch->engine->store;
    /* What was there a moment ago, in the database that this one replaces, is the same again. */
    int64_t now_ns =
        store_is_bulk(store) ? batch->engine->recovery.made_anew_ns : batch->engine->now_ns();
    TRY(store_begin(store, now_ns, err));
    for (size_t i = 0; i < batch->ready_count; i++)
        TRY(absorb_one(batch, batch->ready[i], now_ns, err));
    return store_commit(store, err);
}

/** Waits for the first files of the row, as many as one transaction may hold. */
static enum nexus_status get_ready(struct batch *batch, struct nexus_error *err)
{
    size_t bytes = 0;
    batch->ready_count = 0;
    while (batch->ready_count < pipeline_count(batch->pipeline) &&
           batch->ready_count < BATCH_FILES && bytes < BATCH_BYTES) {
        struct digest **digest = &batch->ready[batch->ready_count];
        TRY(pipeline_get(batch->pipeline, batch->ready_count, digest, err));
        bytes += (*digest)->bytes.length;
        batch->ready_count++;
    }
    return NEXUS_OK;
}

static enum nexus_status account_ready(struct batch *batch, struct nexus_error *err)
{
    for (size_t i = 0; i < batch->ready_count; i++)
        TRY(account(batch, batch->ready[i], err));
    return NEXUS_OK;
}

/** One transaction. */
static enum nexus_status write_some(struct batch *batch, struct nexus_error *err)
{
    TRY(get_ready(batch, err));
    enum nexus_status status = write_ready(batch, err);
    if (status == NEXUS_OK)
        status = account_ready(batch, err);
    else
        store_rollback(batch->engine->store);
    pipeline_drop(batch->pipeline, batch->ready_count);
    return status;
}

enum nexus_status batch_flush(struct batch *batch, struct nexus_error *err)
{
    while (pipeline_count(batch->pipeline))
        TRY(write_some(batch, err));
    return NEXUS_OK;
}

enum nexus_status batch_take(struct batch *batch, struct str path, const struct fingerprint *print,
                             const struct file_record *known, struct nexus_error *err)
{
    TRY(pipeline_put(batch->pipeline, &batch->digesting, path, print, known, err));
    if (pipeline_count(batch->pipeline) == PIPELINE_FILES ||
        pipeline_bytes(batch->pipeline) / 2 >= BATCH_BYTES)
        return write_some(batch, err);
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

// SPDX-License-Identifier: MIT
/*
 * A ring of slots. `first` and `count` are the owner's; a worker finds the next waiting slot from
 * `next` on, under the mutex, which is held for the states alone and never while digesting. The
 * owner does not wait for a slot that nobody has begun: it digests it itself.
 */
#include "engine/pipeline.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    WORKERS_MOST = 8, /* the writer cannot keep up with more */
    ROW_OF_WORK = 8,  /* fewer files are done before a thread has started */
};

enum slot_state { SLOT_WAITING, SLOT_BEGUN, SLOT_DONE };

struct slot {
    enum slot_state state;
    bool is_ready; /* initialised */
    struct digest digest;
    struct digest_context context;
    struct strbuf known_path;
    struct file_record known; /* its path is the one above */
    bool has_known;
    int64_t bytes;
    enum nexus_status status;
    struct nexus_error err;
};

struct pipeline {
    struct slot slots[PIPELINE_FILES];
    int64_t bytes;
    pthread_t workers[WORKERS_MOST];
    size_t worker_count;
    bool has_started; /* or it was tried */
    pthread_mutex_t
        mutex; /* over the slots' states and the rest; the row is the owner's to change */
    pthread_cond_t is_waiting, is_done;
    size_t first, count; /* the row */
    size_t next;         /* in it; no slot before is waiting */
    bool is_ending;
};

struct pipeline *pipeline_new(void)
{
    struct pipeline *pipeline = calloc(1, sizeof *pipeline);
    if (!pipeline)
        return NULL;
    pthread_mutex_init(&pipeline->mutex, NULL);
    pthread_cond_init(&pipeline->is_waiting, NULL);
    pthread_cond_init(&pipeline->is_done, NULL);
    return pipeline;
}

static void end_workers(struct pipeline *pipeline)
{
    pthread_mutex_lock(&pipeline->mutex);
    pipeline->is_ending = true;
    pthread_cond_broadcast(&pipeline->is_waiting);
    pthread_mutex_unlock(&pipeline->mutex);
    for (size_t i = 0; i < pipeline->worker_count; i++)
        pthread_join(pipeline->workers[i], NULL);
}

void pipeline_free(struct pipeline *pipeline)
{
    if (!pipeline)
        return;
    end_workers(pipeline);
    for (size_t i = 0; i < PIPELINE_FILES; i++) {
        if (pipeline->slots[i].is_ready)
            digest_finish(&pipeline->slots[i].digest);
        strbuf_finish(&pipeline->slots[i].known_path);
    }
    pthread_cond_destroy(&pipeline->is_done);
    pthread_cond_destroy(&pipeline->is_waiting);
    pthread_mutex_destroy(&pipeline->mutex);
    free(pipeline);
}

/** Whether it is the caller's to digest. The mutex is held. */
static bool begin(struct slot *slot)
{
    if (slot->state != SLOT_WAITING)
        return false;
    slot->state = SLOT_BEGUN;
    return true;
}

static void digest_slot(struct slot *slot)
{
    slot->err = (struct nexus_error){0};
    slot->status = digest_file(&slot->digest, &slot->context, slot->has_known ? &slot->known : NULL,
                               &slot->err);
}

/** The next slot to be digested, begun; NULL when the pipeline ends. The mutex is held. */
static struct slot *next_slot(struct pipeline *pipeline)
{
    while (!pipeline->is_ending) {
        if (pipeline->next == pipeline->first + pipeline->count) {
            pthread_cond_wait(&pipeline->is_waiting, &pipeline->mutex);
            continue;
        }
        struct slot *slot = &pipeline->slots[pipeline->next++ % PIPELINE_FILES];
        if (begin(slot))
            return slot;
    }
    return NULL;
}

static void *work(void *context)
{
    struct pipeline *pipeline = context;
    pthread_mutex_lock(&pipeline->mutex);
    for (struct slot *slot; (slot = next_slot(pipeline));) {
        pthread_mutex_unlock(&pipeline->mutex);
        digest_slot(slot);
        pthread_mutex_lock(&pipeline->mutex);
        slot->state = SLOT_DONE;
        pthread_cond_signal(&pipeline->is_done);
    }
    pthread_mutex_unlock(&pipeline->mutex);
    return NULL;
}

/** Without a thread the owner does it all. */
static void start_workers(struct pipeline *pipeline)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    sigset_t all, before;
    pipeline->has_started = true;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (pipeline->worker_count < WORKERS_MOST && (long)pipeline->worker_count + 1 < cores) {
        if (pthread_create(&pipeline->workers[pipeline->worker_count], NULL, work, pipeline) != 0)
            break;
        pipeline->worker_count++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static struct slot *slot_at(struct pipeline *pipeline, size_t n)
{
    return &pipeline->slots[(pipeline->first + n) % PIPELINE_FILES];
}

static enum nexus_status keep_known(struct slot *slot, const struct file_record *known,
                                    struct nexus_error *err)
{
    slot->has_known = known != NULL;
    if (!known)
        return NEXUS_OK;
    strbuf_reset(&slot->known_path);
    strbuf_add(&slot->known_path, known->path);
    slot->known = *known;
    slot->known.path = strbuf_str(&slot->known_path);
    return slot->known_path.failed ? fail_no_memory(err) : NEXUS_OK;
}

/** What the file will take of memory, as far as can be told beforehand. */
static int64_t bytes_to_read(struct str path, const struct fingerprint *print,
                             const struct file_record *known, int64_t max_file_bytes)
{
    int64_t bytes = print->size_bytes || !known ? print->size_bytes : known->print.size_bytes;
    return file_kind_of(path) == FILE_ATTACHMENT || bytes > max_file_bytes ? 0 : bytes;
}

static enum nexus_status fill(struct slot *slot, const struct digest_context *context,
                              struct str path, const struct fingerprint *print,
                              const struct file_record *known, struct nexus_error *err)
{
    if (!slot->is_ready)
        TRY(digest_init(&slot->digest, err));
    slot->is_ready = true;
    strbuf_reset(&slot->digest.path);
    strbuf_add(&slot->digest.path, path);
    if (slot->digest.path.failed)
        return fail_no_memory(err);
    slot->digest.record.print = *print;
    slot->context = *context;
    slot->bytes = bytes_to_read(path, print, known, context->max_file_bytes);
    return keep_known(slot, known, err);
}

enum nexus_status pipeline_put(struct pipeline *pipeline, const struct digest_context *context,
                               struct str path, const struct fingerprint *print,
                               const struct file_record *known, struct nexus_error *err)
{
    assert(pipeline->count < PIPELINE_FILES);
    struct slot *slot = slot_at(pipeline, pipeline->count);
    TRY(fill(slot, context, path, print, known, err));
    pthread_mutex_lock(&pipeline->mutex);
    slot->state = SLOT_WAITING;
    pipeline->count++;
    pthread_cond_signal(&pipeline->is_waiting);
    pthread_mutex_unlock(&pipeline->mutex);
    pipeline->bytes += slot->bytes;
    if (!pipeline->has_started && pipeline->count >= ROW_OF_WORK)
        start_workers(pipeline);
    return NEXUS_OK;
}

size_t pipeline_count(const struct pipeline *pipeline)
{
    return pipeline->count;
}

int64_t pipeline_bytes(const struct pipeline *pipeline)
{
    return pipeline->bytes;
}

enum nexus_status pipeline_get(struct pipeline *pipeline, size_t n, struct digest **ret_digest,
                               struct nexus_error *err)
{
    assert(n < pipeline->count);
    struct slot *slot = slot_at(pipeline, n);
    pthread_mutex_lock(&pipeline->mutex);
    bool is_own = begin(slot);
    if (is_own) {
        pthread_mutex_unlock(&pipeline->mutex);
        digest_slot(slot);
        pthread_mutex_lock(&pipeline->mutex);
        slot->state = SLOT_DONE;
    }
    while (slot->state != SLOT_DONE)
        pthread_cond_wait(&pipeline->is_done, &pipeline->mutex);
    pthread_mutex_unlock(&pipeline->mutex);
    if (slot->status != NEXUS_OK)
        return fail(err, slot->status, "%s", slot->err.message);
    *ret_digest = &slot->digest;
    return NEXUS_OK;
}

void pipeline_drop(struct pipeline *pipeline, size_t count)
{
    assert(count <= pipeline->count);
    for (size_t i = 0; i < count; i++)
        pipeline->bytes -= slot_at(pipeline, i)->bytes;
    pthread_mutex_lock(&pipeline->mutex);
    pipeline->first += count;
    pipeline->count -= count;
    if (pipeline->next < pipeline->first)
        pipeline->next = pipeline->first;
    pthread_mutex_unlock(&pipeline->mutex);
}

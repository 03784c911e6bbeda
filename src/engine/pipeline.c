// SPDX-License-Identifier: MIT
#include "engine/pipeline.h"

#include "engine/crew.h"

#include <assert.h>
#include <stdlib.h>

struct slot {
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
    struct crew *crew;
    int64_t bytes;
};

static void digest_slot(void *context, size_t place, size_t hand)
{
    struct pipeline *pipeline = context;
    struct slot *slot = &pipeline->slots[place];
    (void)hand;
    slot->err = (struct nexus_error){0};
    slot->status = digest_file(&slot->digest, &slot->context, slot->has_known ? &slot->known : NULL,
                               &slot->err);
}

struct pipeline *pipeline_new(void)
{
    struct pipeline *pipeline = calloc(1, sizeof *pipeline);
    if (!pipeline)
        return NULL;
    pipeline->crew = crew_new(PIPELINE_FILES, digest_slot, pipeline);
    if (pipeline->crew)
        return pipeline;
    free(pipeline);
    return NULL;
}

void pipeline_free(struct pipeline *pipeline)
{
    if (!pipeline)
        return;
    crew_free(pipeline->crew);
    for (size_t i = 0; i < PIPELINE_FILES; i++) {
        if (pipeline->slots[i].is_ready)
            digest_finish(&pipeline->slots[i].digest);
        strbuf_finish(&pipeline->slots[i].known_path);
    }
    free(pipeline);
}

static struct slot *slot_at(struct pipeline *pipeline, size_t n)
{
    return &pipeline->slots[crew_place(pipeline->crew, n)];
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
    struct slot *slot = slot_at(pipeline, crew_count(pipeline->crew));
    assert(crew_count(pipeline->crew) < PIPELINE_FILES);
    TRY(fill(slot, context, path, print, known, err));
    pipeline->bytes += slot->bytes;
    crew_put(pipeline->crew);
    return NEXUS_OK;
}

size_t pipeline_count(const struct pipeline *pipeline)
{
    return crew_count(pipeline->crew);
}

int64_t pipeline_bytes(const struct pipeline *pipeline)
{
    return pipeline->bytes;
}

enum nexus_status pipeline_get(struct pipeline *pipeline, size_t n, struct digest **ret_digest,
                               struct nexus_error *err)
{
    struct slot *slot = slot_at(pipeline, n);
    crew_wait(pipeline->crew, n);
    if (slot->status != NEXUS_OK)
        return fail(err, slot->status, "%s", slot->err.message);
    *ret_digest = &slot->digest;
    return NEXUS_OK;
}

void pipeline_drop(struct pipeline *pipeline, size_t count)
{
    for (size_t i = 0; i < count; i++)
        pipeline->bytes -= slot_at(pipeline, i)->bytes;
    crew_drop(pipeline->crew, count);
}

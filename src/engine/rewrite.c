// SPDX-License-Identifier: MIT
#include "engine/rewrite.h"

#include "engine/carry.h"
#include "engine/copies.h"
#include "store/files.h"
#include "store/locks.h"
#include "store/objects.h"
#include "store/outbox.h"
#include "store/writes.h"
#include "watch/settle.h"

#include <stdlib.h>

/** The file as it is now, into `writing->before`. */
static enum nexus_status read_before(struct engine *engine, struct writing *writing,
                                     struct str path, struct nexus_error *err)
{
    struct file_record record;
    struct nexus_error reason = {0};
    struct settled settled = {0};
    enum nexus_status status =
        settle_read(engine->root_fd, path.at, SETTLE_OPEN, engine->settings.max_file_bytes,
                    &writing->before, &settled, &reason);
    writing->before_print = settled.print;
    writing->is_before_racy = settled.is_racy;
    writing->has_before = status == NEXUS_OK;
    if (status == NEXUS_OK || status == NEXUS_ERROR_NOT_FOUND) {
        writing->before_hash = hash_of(strbuf_str(&writing->before));
        status = store_file_get(engine->store, path, &writing->arena, &record, &reason);
    }
    if (status == NEXUS_OK)
        writing->file_id = record.id;
    else if (status != NEXUS_ERROR_NOT_FOUND)
        return fail(err, status, "%s", reason.message);
    return NEXUS_OK;
}

/** Somebody changed the file since: that version is kept, and told as a conflict. */
static enum nexus_status keep_other(struct engine *engine, const struct rewrite *rewrite,
                                    const struct writing *writing, struct nexus_sync_report *report,
                                    struct nexus_error *err)
{
    STRBUF_SCOPED copy = {0};
    struct str bytes = strbuf_str(&writing->before);
    if (!rewrite->expected || !writing->has_before ||
        hash_equal(writing->before_hash, *rewrite->expected))
        return NEXUS_OK;
    TRY(copy_keep(engine->nexus_fd, rewrite->path, (struct str){0}, bytes, engine->now_ns(), &copy,
                  err));
    struct store_conflict conflict = {
        .path = rewrite->path,
        .file_version = bytes,
        .copy_path = strbuf_str(&copy),
        .has_file_time = true,
        .file_time_ns = writing->before_print.mtime_ns,
        .why = STR("it was asked for, and the file had been changed since"),
    };
    TRY(store_begin(engine->store, engine->now_ns(), err));
    report->conflicts++;
    TRY(store_conflict_add(engine->store, &conflict, NULL, err));
    return store_commit(engine->store, err);
}

static enum nexus_status set_after(struct engine *engine, const struct rewrite *rewrite,
                                   struct writing *writing, struct nexus_error *err)
{
    struct digest_context context = {
        .root_fd = engine->root_fd,
        .max_file_bytes = engine->settings.max_file_bytes,
        .registry = &engine->registry,
    };
    struct str bytes = rewrite->moved_from.length ? strbuf_str(&writing->before) : rewrite->bytes;
    if (!bytes.at) {
        writing->kind = WRITING_REMOVE;
        return NEXUS_OK;
    }
    strbuf_add(&writing->digest.path, rewrite->path);
    writing->digest.record.print = writing->before_print;
    TRY(digest_bytes(&writing->digest, &context, writing->file_id, bytes, err));
    writing->digest.record.is_racy = true;
    if (str_equal(bytes, strbuf_str(&writing->before)) && writing->has_before)
        writing->kind = WRITING_NONE;
    else
        writing->kind = writing->has_before ? WRITING_REPLACE : WRITING_CREATE;
    return NEXUS_OK;
}

static enum nexus_status plan_one(struct engine *engine, const struct rewrite *rewrite,
                                  struct writing *writing, struct nexus_sync_report *report,
                                  struct nexus_error *err)
{
    struct str from = rewrite->moved_from.length ? rewrite->moved_from : rewrite->path;
    bool is_contested = false, is_read_only = false;
    TRY(writing_init(writing, err));
    writing->undoes = rewrite->undoes;
    TRY(read_before(engine, writing, from, err));
    if (rewrite->moved_from.length && !writing->has_before)
        return fail(err, NEXUS_ERROR_REFUSED, "'%.*s' is not there any more", STR_ARG(from));
    if (rewrite->expected && !writing->has_before)
        return fail(err, NEXUS_ERROR_REFUSED, "'%.*s' is not there any more", STR_ARG(from));
    if (writing->file_id) {
        TRY(store_file_is_read_only(engine->store, writing->file_id, &is_read_only, err));
        TRY(store_outbox_has_file(engine->store, writing->file_id, &is_contested, err));
    }
    if (is_read_only)
        return fail(err, NEXUS_ERROR_REFUSED, "'%.*s' is read-only (nexus permit --read-only off)",
                    STR_ARG(from));
    if (is_contested)
        return fail(err, NEXUS_ERROR_REFUSED, "'%.*s' has changes that wait to be written",
                    STR_ARG(from));
    strbuf_add(&writing->path, rewrite->path);
    strbuf_add(&writing->moved_from, rewrite->moved_from);
    if (writing->path.failed || writing->moved_from.failed)
        return fail_no_memory(err);
    TRY(set_after(engine, rewrite, writing, err));
    if (writing->kind == WRITING_NONE)
        return NEXUS_OK; /* it may be that it was done before a crash */
    return keep_other(engine, rewrite, writing, report, err);
}

/** The writings of one go, and which rewrite each of them is for. */
struct rewriting {
    struct writing *writings, **planned;
    struct nexus_error *outcomes;
    size_t *index;
    size_t planned_count;
};

static bool rewriting_init(struct rewriting *rewriting, size_t count)
{
    *rewriting = (struct rewriting){
        .writings = calloc(count, sizeof *rewriting->writings),
        .planned = calloc(count, sizeof *rewriting->planned),
        .outcomes = calloc(count, sizeof *rewriting->outcomes),
        .index = calloc(count, sizeof *rewriting->index),
    };
    return rewriting->writings && rewriting->planned && rewriting->outcomes && rewriting->index;
}

static void rewriting_finish(struct rewriting *rewriting, size_t count)
{
    for (size_t i = 0; rewriting->writings && i < count; i++)
        writing_finish(&rewriting->writings[i]);
    free(rewriting->writings);
    free(rewriting->planned);
    free(rewriting->outcomes);
    free(rewriting->index);
}

static void plan_all(struct engine *engine, const struct rewrite *rewrites, size_t count,
                     struct rewriting *rewriting, struct nexus_sync_report *report,
                     struct nexus_error *reasons)
{
    for (size_t i = 0; i < count; i++) {
        struct writing *writing = &rewriting->writings[i];
        reasons[i] = (struct nexus_error){0};
        if (plan_one(engine, &rewrites[i], writing, report, &reasons[i]) != NEXUS_OK) {
            store_rollback(engine->store);
            continue;
        }
        rewriting->index[rewriting->planned_count] = i;
        rewriting->planned[rewriting->planned_count++] = writing;
    }
}

static enum nexus_status carry(struct engine *engine, const struct rewrite *rewrites,
                               struct rewriting *rewriting, struct nexus_sync_report *report,
                               struct nexus_error *reasons, struct nexus_error *err)
{
    struct carry carry = {
        .engine = engine,
        .origin = ORIGIN_API,
        .batch = rewrites[0].batch,
        .report = report,
        .reasons = rewriting->outcomes,
    };
    TRY(carry_out(&carry, rewriting->planned, rewriting->planned_count, err));
    for (size_t i = 0; i < rewriting->planned_count; i++) {
        size_t at = rewriting->index[i];
        if (rewriting->outcomes[i].message[0])
            fail(&reasons[at], NEXUS_ERROR_REFUSED, "'%.*s' could not be written: %s",
                 STR_ARG(rewrites[at].path), rewriting->outcomes[i].message);
    }
    return NEXUS_OK;
}

enum nexus_status rewrite_files(struct engine *engine, const struct rewrite *rewrites, size_t count,
                                struct nexus_sync_report *report, struct nexus_error *reasons,
                                struct nexus_error *err)
{
    struct rewriting rewriting;
    enum nexus_status status = NEXUS_OK;
    if (!rewriting_init(&rewriting, count))
        status = fail_no_memory(err);
    else
        plan_all(engine, rewrites, count, &rewriting, report, reasons);
    if (rewriting.planned_count)
        status = carry(engine, rewrites, &rewriting, report, reasons, err);
    rewriting_finish(&rewriting, count);
    return status;
}

enum nexus_status rewrite_file(struct engine *engine, const struct rewrite *rewrite,
                               struct nexus_sync_report *report, struct nexus_error *err)
{
    struct nexus_error reason;
    TRY(rewrite_files(engine, rewrite, 1, report, &reason, err));
    return reason.message[0] ? fail(err, reason.status, "%s", reason.message) : NEXUS_OK;
}

enum nexus_status rewrite_object(struct engine *engine, int64_t object_id, struct str content_json,
                                 int64_t batch, struct nexus_sync_report *report,
                                 struct nexus_error *err)
{
    struct writing writing = {0};
    struct digest scratch = {0};
    enum nexus_status status = writing_init(&writing, err);
    if (status == NEXUS_OK)
        status = digest_init(&scratch, err);
    if (status == NEXUS_OK)
        status = writing_plan_content(&writing, engine, object_id, content_json, &scratch, err);
    if (status == NEXUS_OK) {
        struct rewrite rewrite = {
            .path = strbuf_str(&writing.path),
            .bytes = strbuf_str(&writing.digest.bytes),
            .expected = &writing.before_hash,
            .batch = batch,
        };
        status = rewrite_file(engine, &rewrite, report, err);
    }
    digest_finish(&scratch);
    writing_finish(&writing);
    return status;
}

enum nexus_status rewrite_object_from(struct engine *engine, int64_t object_id, struct str path,
                                      struct str bytes, int64_t batch,
                                      struct nexus_sync_report *report, struct nexus_error *err)
{
    struct digest digest = {0};
    struct arena arena = {0};
    struct store_object_row row;
    struct digest_context context = {
        .root_fd = engine->root_fd,
        .max_file_bytes = engine->settings.max_file_bytes,
        .registry = &engine->registry,
    };
    enum nexus_status status = digest_init(&digest, err);
    if (status == NEXUS_OK)
        status = store_object_get(engine->store, object_id, &arena, &row, err);
    strbuf_add(&digest.path, path);
    if (status == NEXUS_OK)
        status = digest_bytes(&digest, &context, row.file_id, bytes, err);
    const struct digest_object *found = NULL;
    for (size_t i = 0; status == NEXUS_OK && i < digest.object_count; i++)
        if (str_equal(digest.objects[i].key, row.item_key))
            found = &digest.objects[i];
    if (status == NEXUS_OK && !found)
        status = fail(err, NEXUS_ERROR_REFUSED, "that version of the file does not hold it");
    if (status == NEXUS_OK)
        status = rewrite_object(engine, object_id, found->content_json, batch, report, err);
    arena_finish(&arena);
    digest_finish(&digest);
    return status;
}

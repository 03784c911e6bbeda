// SPDX-License-Identifier: MIT
/*
 * One pass: the folder is walked in the order of its paths, side by side with the known files in
 * the same order. A file whose fingerprint differs from the known one, or cannot be trusted, is
 * taken in at once; one that is known and was not met is gone; one that was met and is not known
 * has appeared.
 *
 * Who has appeared may be who is gone elsewhere: so, unless this is the first pass, files that
 * appeared wait for the end of the walk, where both lists are complete and engine/identity.h pairs
 * them. What is still gone then is forgotten last.
 *
 * Memory is bounded by the batch and by what appeared or went, not by the vault.
 */
#include "engine/sync.h"

#include "base/time.h"
#include "engine/absorb.h"
#include "engine/batch.h"
#include "engine/identity.h"
#include "engine/vault.h"
#include "store/files.h"
#include "watch/walk.h"

#include <stdlib.h>

enum {
    FORGET_FILES = 64,    /* in one transaction */
    PROGRESS_FILES = 256, /* between two reports of progress */
};

struct pass {
    struct engine *engine;
    nexus_progress *progress;
    void *progress_context;
    struct nexus_sync_report report;
    struct batch *batch;
    struct identity identity; /* who is gone, who has appeared */
    bool is_first;
    struct strbuf unreadable; /* the unreadable folder that the walk is behind, with its slash */
};

static enum nexus_status tell_progress(struct pass *pass, struct nexus_error *err)
{
    if (pass->progress && pass->report.files % PROGRESS_FILES == 0 &&
        !pass->progress(pass->progress_context, pass->report.files, 0))
        return fail(err, NEXUS_ERROR_INTERRUPTED, "stopped; the next sync goes on from here");
    return NEXUS_OK;
}

static enum nexus_status note_gone(struct pass *pass, const struct file_record *known,
                                   struct nexus_error *err)
{
    struct str folder = strbuf_str(&pass->unreadable);
    if (folder.length && str_starts_with(known->path, folder))
        return NEXUS_OK;
    return identity_add_gone(&pass->identity, known, err);
}

static bool is_unchanged(const struct file_record *known, const struct walk_entry *entry)
{
    return known->is_indexed && !known->is_racy && known->state != FILE_UNREADABLE &&
           fingerprint_equal(&known->print, &entry->print);
}

/** A folder that cannot be listed: what is known below it stays as it is. */
static enum nexus_status note_unreadable(struct pass *pass, const struct walk_entry *entry,
                                         struct nexus_error *err)
{
    strbuf_reset(&pass->unreadable);
    strbuf_add(&pass->unreadable, entry->path);
    strbuf_add_char(&pass->unreadable, '/');
    return pass->unreadable.failed ? fail_no_memory(err) : NEXUS_OK;
}

static enum nexus_status meet_file(struct pass *pass, const struct walk_entry *entry,
                                   const struct file_record *known, struct nexus_error *err)
{
    pass->report.files++;
    TRY(tell_progress(pass, err));
    if (!known && !pass->is_first)
        return identity_add_appeared(&pass->identity, entry->path, &entry->print, err);
    if (!known || !is_unchanged(known, entry))
        return batch_take(pass->batch, entry->path, &entry->print, known, err);
    pass->report.invalid += known->state == FILE_INVALID;
    return NEXUS_OK;
}

/** The two sorted lists, side by side. */
static enum nexus_status merge(struct pass *pass, struct walk *walk, struct store_files *files,
                               struct nexus_error *err)
{
    const struct file_record *known;
    struct walk_entry entry;
    bool more;
    TRY(store_files_next(files, &known, err));
    for (;;) {
        TRY(walk_next(walk, &entry, &more, err));
        while (known && (!more || str_compare(known->path, entry.path) < 0)) {
            TRY(note_gone(pass, known, err));
            TRY(store_files_next(files, &known, err));
        }
        if (!more)
            return batch_flush(pass->batch, err);
        if (entry.verdict == WALK_UNREADABLE && entry.kind == ENTRY_FOLDER)
            TRY(note_unreadable(pass, &entry, err));
        if (entry.verdict != WALK_FILE)
            continue;
        bool is_known = known && str_equal(known->path, entry.path);
        TRY(meet_file(pass, &entry, is_known ? known : NULL, err));
        if (is_known)
            TRY(store_files_next(files, &known, err));
    }
}

static enum nexus_status walk_vault(struct pass *pass, struct nexus_error *err)
{
    struct engine *engine = pass->engine;
    struct walk *walk = NULL;
    struct store_files *files = NULL;
    enum nexus_status status = walk_open(engine->root_fd, engine->ignore, &walk, err);
    if (status == NEXUS_OK)
        status = store_files_open(engine->store, &files, err);
    if (status == NEXUS_OK)
        status = merge(pass, walk, files, err);
    store_files_close(files);
    walk_close(walk);
    return status;
}

/** What appeared, each as the one who is gone elsewhere where that is certain, else as new. */
static enum nexus_status take_appeared(struct pass *pass, struct nexus_error *err)
{
    struct identity *identity = &pass->identity;
    TRY(identity_pair(identity, pass->engine, err));
    for (size_t i = 0; i < identity->appeared_count; i++) {
        const struct appeared_file *file = &identity->appeared[i];
        TRY(batch_take(pass->batch, file->path, &file->print, file->was, err));
    }
    return batch_flush(pass->batch, err);
}

static enum nexus_status forget_slice(struct pass *pass, size_t start, size_t end,
                                      struct nexus_error *err)
{
    struct store *store = pass->engine->store;
    TRY(store_begin(store, pass->engine->now_ns(), err));
    for (size_t i = start; i < end; i++) {
        const struct gone_file *gone = &pass->identity.gone[i];
        if (!gone->is_paired)
            TRY(absorb_gone(store, gone->known.id, gone->known.path, &pass->report, err));
    }
    return store_commit(store, err);
}

static enum nexus_status forget_gone(struct pass *pass, struct nexus_error *err)
{
    size_t count = pass->identity.gone_count;
    for (size_t start = 0; start < count; start += FORGET_FILES) {
        size_t end = start + FORGET_FILES < count ? start + FORGET_FILES : count;
        enum nexus_status status = forget_slice(pass, start, end, err);
        if (status != NEXUS_OK) {
            store_rollback(pass->engine->store);
            return status;
        }
    }
    return NEXUS_OK;
}

static enum nexus_status run(struct pass *pass, struct nexus_error *err)
{
    TRY(engine_ready(pass->engine, &pass->is_first, err));
    pass->batch = batch_new(pass->engine, &pass->report);
    if (!pass->batch)
        return fail_no_memory(err);
    TRY(walk_vault(pass, err));
    TRY(take_appeared(pass, err));
    TRY(forget_gone(pass, err));
    TRY(batch_settle_racy(pass->batch, err));
    return pass->is_first ? store_finish_bulk(pass->engine->store, err) : NEXUS_OK;
}

enum nexus_status engine_sync(struct engine *engine, nexus_progress *progress, void *context,
                              struct nexus_sync_report *report, struct nexus_error *err)
{
    int64_t started_ns = time_monotonic_ns();
    struct pass pass = {.engine = engine, .progress = progress, .progress_context = context};
    TRY(vault_lock(engine->nexus_fd, err));
    enum nexus_status status = run(&pass, err);
    vault_unlock(engine->nexus_fd);
    pass.report.duration_ns = time_monotonic_ns() - started_ns;
    if (status == NEXUS_OK && report)
        *report = pass.report;
    batch_free(pass.batch);
    identity_finish(&pass.identity);
    strbuf_finish(&pass.unreadable);
    return status;
}

enum nexus_status engine_list_skipped(struct engine *engine, nexus_skipped *skipped, void *context,
                                      struct nexus_error *err)
{
    struct walk *walk;
    TRY(walk_open(engine->root_fd, engine->ignore, &walk, err));
    struct walk_entry entry;
    bool more = false;
    enum nexus_status status;
    while ((status = walk_next(walk, &entry, &more, err)) == NEXUS_OK && more)
        if (entry.verdict != WALK_FILE)
            skipped(context, entry.path.at, entry.reason.at);
    walk_close(walk);
    return status;
}

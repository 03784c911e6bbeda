// SPDX-License-Identifier: MIT
/*
 * A folder is walked in the order of its paths, side by side with the known files in the same
 * order. A file whose fingerprint differs from the known one, or cannot be trusted, is taken in at
 * once, unless it is another file under the old name: that one, like a name that is new, may be who
 * is gone elsewhere, and waits until all lists are complete. A known name that was not met is gone.
 *
 * Memory is bounded by the batch and by what appeared or went, not by the vault.
 *
 * The brake: when more of the vault is gone than a person would delete at once, nothing is
 * forgotten; an unmounted disk and a wrong `rm` look the same.
 */
#include "engine/reconcile.h"

#include "engine/absorb.h"
#include "engine/detach.h"
#include "engine/push.h"
#include "store/files.h"
#include "store/outbox.h"
#include "watch/walk.h"

#include <fcntl.h>

enum {
    FORGET_FILES = 64,      /* in one transaction */
    PROGRESS_FILES = 256,   /* between two reports of progress */
    BRAKE_LEAST_FILES = 10, /* in a small vault a few files are many percent */
};

enum nexus_status reconcile_init(struct reconcile *reconcile, struct engine *engine,
                                 unsigned options, struct nexus_error *err)
{
    *reconcile = (struct reconcile){.engine = engine, .options = options};
    reconcile->batch = batch_new(engine, &reconcile->report);
    return reconcile->batch ? NEXUS_OK : fail_no_memory(err);
}

void reconcile_finish(struct reconcile *reconcile)
{
    batch_free(reconcile->batch);
    identity_finish(&reconcile->identity);
    strbuf_finish(&reconcile->unreadable);
    obstacles_finish(&reconcile->obstacles);
}

static enum nexus_status tell_progress(struct reconcile *reconcile, struct nexus_error *err)
{
    if (reconcile->progress && reconcile->report.files % PROGRESS_FILES == 0 &&
        !reconcile->progress(reconcile->progress_context, reconcile->report.files, 0))
        return fail(err, NEXUS_ERROR_INTERRUPTED, "stopped; the next sync goes on from here");
    return NEXUS_OK;
}

static enum nexus_status note_gone(struct reconcile *reconcile, const struct file_record *known,
                                   struct nexus_error *err)
{
    struct str folder = strbuf_str(&reconcile->unreadable);
    if (folder.length && str_starts_with(known->path, folder))
        return NEXUS_OK;
    return identity_add_gone(&reconcile->identity, known, err);
}

static bool is_unchanged(const struct file_record *known, const struct fingerprint *print)
{
    return known->is_indexed && !known->is_racy && known->state != FILE_UNREADABLE &&
           fingerprint_equal(&known->print, print);
}

/** Whether the name stands for another file now than the one that is known. */
static bool is_replaced(const struct file_record *known, const struct fingerprint *print)
{
    return known->print.birth_ns && print->birth_ns &&
           (known->print.inode != print->inode || known->print.birth_ns != print->birth_ns);
}

/** A folder that cannot be listed: what is known below it stays as it is. */
static enum nexus_status note_unreadable(struct reconcile *reconcile, struct str path,
                                         struct nexus_error *err)
{
    strbuf_reset(&reconcile->unreadable);
    strbuf_add(&reconcile->unreadable, path);
    strbuf_add_char(&reconcile->unreadable, '/');
    return reconcile->unreadable.failed ? fail_no_memory(err) : NEXUS_OK;
}

/** A file that is there; `known` is the row of its path, or NULL. */
static enum nexus_status meet_file(struct reconcile *reconcile, struct str path,
                                   const struct fingerprint *print, const struct file_record *known,
                                   struct nexus_error *err)
{
    reconcile->report.files++;
    TRY(tell_progress(reconcile, err));
    if (known && is_unchanged(known, print)) {
        reconcile->report.invalid += known->state == FILE_INVALID;
        return NEXUS_OK;
    }
    if (reconcile->options & RECONCILE_FIRST)
        return batch_take(reconcile->batch, path, print, NULL, err);
    if (!known)
        return identity_add_appeared(&reconcile->identity, path, print, err);
    if (is_replaced(known, print))
        return identity_add_replaced(&reconcile->identity, known, print, err);
    return batch_take(reconcile->batch, path, print, known, err);
}

/** The two sorted lists, side by side. */
static enum nexus_status merge(struct reconcile *reconcile, struct walk *walk,
                               struct store_files *files, struct nexus_error *err)
{
    const struct file_record *known;
    struct walk_entry entry = {0};
    bool more = false;
    TRY(store_files_next(files, &known, err));
    for (;;) {
        if (walk)
            TRY(walk_next(walk, &entry, &more, err));
        while (known && (!more || str_compare(known->path, entry.path) < 0)) {
            TRY(note_gone(reconcile, known, err));
            TRY(store_files_next(files, &known, err));
        }
        if (!more)
            return batch_flush(reconcile->batch, err);
        if (entry.verdict == WALK_UNREADABLE && entry.kind == ENTRY_FOLDER)
            TRY(note_unreadable(reconcile, entry.path, err));
        if (entry.verdict == WALK_UNREADABLE || entry.verdict == WALK_MISNAMED)
            TRY(obstacles_meet(&reconcile->obstacles, &entry, err));
        if (entry.verdict != WALK_FILE)
            continue;
        bool is_known = known && str_equal(known->path, entry.path);
        TRY(meet_file(reconcile, entry.path, &entry.print, is_known ? known : NULL, err));
        if (is_known)
            TRY(store_files_next(files, &known, err));
    }
}

/** A folder that cannot be entered: what is known below it stays as it is. */
static enum nexus_status meet_closed(struct reconcile *reconcile, struct str folder,
                                     struct nexus_error *err)
{
    const struct walk_entry entry = {
        .verdict = WALK_UNREADABLE,
        .kind = ENTRY_FOLDER,
        .path = folder,
        .reason = STR("cannot list the folder: permission denied"),
    };
    TRY(obstacles_meet(&reconcile->obstacles, &entry, err));
    return obstacles_settle(&reconcile->obstacles, reconcile->engine, folder, err);
}

/** Who has looked at everything tries everything. */
static enum nexus_status hurry(struct engine *engine, struct nexus_error *err)
{
    struct outbox_counts counts;
    TRY(store_outbox_count(engine->store, engine->now_ns(), &counts, err));
    if (!counts.next_retry_ns)
        return NEXUS_OK;
    TRY(store_begin(engine->store, engine->now_ns(), err));
    enum nexus_status status = store_outbox_hurry(engine->store, 0, err);
    if (status == NEXUS_OK)
        status = store_commit(engine->store, err);
    if (status != NEXUS_OK)
        store_rollback(engine->store);
    return status;
}

enum nexus_status reconcile_folder(struct reconcile *reconcile, struct str folder,
                                   struct nexus_error *err)
{
    struct str misnamed = obstacle_name(folder);
    if (misnamed.length)
        return obstacles_look(&reconcile->obstacles, reconcile->engine, misnamed, err);
    struct engine *engine = reconcile->engine;
    struct walk *walk = NULL;
    struct store_files *files = NULL;
    bool is_ignored = ignore_rule_above(engine->ignore, folder, ENTRY_FOLDER).length > 0;
    enum nexus_status status = NEXUS_OK;
    strbuf_reset(&reconcile->unreadable);
    obstacles_reset(&reconcile->obstacles);
    if (!folder.length)
        reconcile->sight = PUSH_SAW_ALL;
    if (!folder.length || !is_ignored)
        status =
            walk_open(engine->root_fd, folder.length ? folder.at : "", engine->ignore, &walk, err);
    if (folder.length && (status == NEXUS_ERROR_NOT_FOUND || status == NEXUS_ERROR_REFUSED))
        status = NEXUS_OK; /* no such folder (any more): nothing is below it */
    if (folder.length && status == NEXUS_ERROR_PERMISSION)
        return meet_closed(reconcile, folder, err);
    if (status == NEXUS_OK)
        status = store_files_open(engine->store, folder, &files, err);
    if (status == NEXUS_OK)
        status = merge(reconcile, walk, files, err);
    store_files_close(files);
    walk_close(walk);
    if (status == NEXUS_OK && !folder.length && !(reconcile->options & RECONCILE_FIRST))
        status = hurry(engine, err);
    TRY(status);
    return obstacles_settle(&reconcile->obstacles, reconcile->engine, folder, err);
}

enum nexus_status reconcile_moved(struct reconcile *reconcile, struct str from, struct str to,
                                  struct nexus_error *err)
{
    if (obstacle_name(from).length || obstacle_name(to).length)
        TRY(reconcile_folder(reconcile, from, err));
    return reconcile_folder(reconcile, to, err);
}

/** The row of a path; false when there is none. */
static enum nexus_status find_known(struct reconcile *reconcile, struct str path,
                                    struct file_record *known, bool *ret_found,
                                    struct nexus_error *err)
{
    enum nexus_status status =
        store_file_get(reconcile->engine->store, path, &reconcile->identity.arena, known, NULL);
    *ret_found = status == NEXUS_OK;
    if (status == NEXUS_OK || status == NEXUS_ERROR_NOT_FOUND)
        return NEXUS_OK;
    return fail(err, status, "cannot look up '%.*s'", STR_ARG(path));
}

enum look { LOOK_FILE, LOOK_NOTHING, LOOK_UNKNOWN };

/** Whether a regular file that no rule leaves alone is at the path. */
static enum look look_at(const struct engine *engine, struct str path, struct fingerprint *print)
{
    mode_t mode;
    FD_SCOPED fd = -1;
    if (ignore_rule_above(engine->ignore, path, ENTRY_FILE).length)
        return LOOK_NOTHING;
    enum nexus_status status = file_open_beneath(engine->root_fd, path.at, O_PATH, &fd, NULL);
    if (status == NEXUS_ERROR_NOT_FOUND || status == NEXUS_ERROR_REFUSED)
        return LOOK_NOTHING;
    if (status != NEXUS_OK || file_look(fd, "", print, &mode) != 0)
        return LOOK_UNKNOWN;
    return S_ISREG(mode) ? LOOK_FILE : LOOK_NOTHING;
}

/** A file may have several names (hard links), and is told of under the one by which it was
 * written: those by which it is known look at the same bytes. */
static enum nexus_status meet_other_names(struct reconcile *reconcile, struct str path,
                                          const struct fingerprint *print, struct nexus_error *err)
{
    struct file_record other = {.path = STR("")};
    for (;;) {
        struct fingerprint there;
        enum nexus_status status = store_file_next_name(reconcile->engine->store, print, other.path,
                                                        &reconcile->identity.arena, &other, err);
        if (status != NEXUS_OK)
            return status == NEXUS_ERROR_NOT_FOUND ? NEXUS_OK : status;
        if (!str_equal(other.path, path) &&
            look_at(reconcile->engine, other.path, &there) == LOOK_FILE &&
            !is_replaced(&other, &there))
            TRY(meet_file(reconcile, other.path, &there, &other, err));
    }
}

/** Names that no row can say are looked at for themselves; what else there is of the move stays. */
static enum nexus_status look_at_misnamed(struct reconcile *reconcile, struct str *path,
                                          struct str *moved_from, struct nexus_error *err)
{
    struct str from = obstacle_name(*moved_from), to = obstacle_name(*path);
    if (from.length) {
        TRY(obstacles_look(&reconcile->obstacles, reconcile->engine, from, err));
        *moved_from = STR("");
    }
    if (to.length) {
        TRY(obstacles_look(&reconcile->obstacles, reconcile->engine, to, err));
        *path = *moved_from;
        *moved_from = STR("");
    }
    return NEXUS_OK;
}

enum nexus_status reconcile_path(struct reconcile *reconcile, struct str path,
                                 struct str moved_from, struct nexus_error *err)
{
    TRY(look_at_misnamed(reconcile, &path, &moved_from, err));
    if (!path.length)
        return NEXUS_OK;
    struct file_record known = {0}, before = {0};
    struct fingerprint print;
    bool is_known, was_known = false;
    TRY(find_known(reconcile, path, &known, &is_known, err));
    if (moved_from.length)
        TRY(find_known(reconcile, moved_from, &before, &was_known, err));
    enum look look = look_at(reconcile->engine, path, &print);
    if (look == LOOK_NOTHING)
        return is_known ? note_gone(reconcile, &known, err)
                        : identity_add_missing(&reconcile->identity, path, err);
    if (look != LOOK_FILE)
        return NEXUS_OK;
    if (print.birth_ns)
        TRY(meet_other_names(reconcile, path, &print, err));
    if (!was_known)
        return meet_file(reconcile, path, &print, is_known ? &known : NULL, err);
    reconcile->report.files++;
    return identity_add_moved(&reconcile->identity, &before, is_known ? &known : NULL, path, &print,
                              err);
}

/** Makes room: rows whose path another file has now. */
static enum nexus_status displace(struct reconcile *reconcile, struct nexus_error *err)
{
    struct store *store = reconcile->engine->store;
    struct identity *identity = &reconcile->identity;
    TRY(store_begin(store, reconcile->engine->now_ns(), err));
    for (size_t i = 0; i < identity->gone_count; i++) {
        const struct gone_file *gone = &identity->gone[i];
        if (!gone->is_taken)
            continue;
        if (gone->is_paired)
            TRY(store_file_displace(store, gone->known.id, err));
        else
            TRY(detach_file(store, gone->known.id, gone->known.path, &reconcile->report, err));
    }
    return store_commit(store, err);
}

static enum nexus_status take_appeared(struct reconcile *reconcile, struct nexus_error *err)
{
    struct identity *identity = &reconcile->identity;
    for (size_t i = 0; i < identity->appeared_count; i++) {
        const struct appeared_file *file = &identity->appeared[i];
        if (reconcile->progress && i % PROGRESS_FILES == 0) /* told only: moves are half way now */
            reconcile->progress(reconcile->progress_context, reconcile->report.files, 0);
        TRY(batch_take(reconcile->batch, file->path, &file->print, identity_was(identity, file),
                       err));
    }
    return batch_flush(reconcile->batch, err);
}

static enum nexus_status forget_slice(struct reconcile *reconcile, size_t start, size_t end,
                                      struct nexus_error *err)
{
    struct store *store = reconcile->engine->store;
    TRY(store_begin(store, reconcile->engine->now_ns(), err));
    for (size_t i = start; i < end; i++) {
        const struct gone_file *gone = &reconcile->identity.gone[i];
        bool is_contested = false;
        struct fingerprint print;
        if (gone->is_paired || gone->is_taken)
            continue;
        if (look_at(reconcile->engine, gone->known.path, &print) == LOOK_FILE)
            continue; /* it is back, or another one is: that is told of */
        TRY(store_outbox_has_file(store, gone->known.id, &is_contested, err));
        if (!is_contested) /* else the push decides */
            TRY(absorb_gone(store, gone->known.id, gone->known.path, &reconcile->report, err));
    }
    return store_commit(store, err);
}

/** Whether so much of the vault is gone that a person has to say that it is meant. */
static enum nexus_status is_braked(struct reconcile *reconcile, bool *ret_braked,
                                   struct nexus_error *err)
{
    uint64_t gone = identity_count_lost(&reconcile->identity), known = 0;
    struct store_counts counts;
    *ret_braked = false;
    if ((reconcile->options & RECONCILE_FORGET) || gone < BRAKE_LEAST_FILES)
        return NEXUS_OK;
    TRY(store_count(reconcile->engine->store, &counts, err));
    for (size_t i = 0; i < FILE_STATE_COUNT; i++)
        known += counts.files[i];
    *ret_braked = gone * 100 > known * (uint64_t)reconcile->engine->settings.brake_percent;
    if (*ret_braked)
        reconcile->report.held = gone;
    return NEXUS_OK;
}

static enum nexus_status forget_gone(struct reconcile *reconcile, struct nexus_error *err)
{
    size_t count = reconcile->identity.gone_count;
    for (size_t start = 0; start < count; start += FORGET_FILES) {
        size_t end = start + FORGET_FILES < count ? start + FORGET_FILES : count;
        enum nexus_status status = forget_slice(reconcile, start, end, err);
        if (status != NEXUS_OK) {
            store_rollback(reconcile->engine->store);
            return status;
        }
    }
    return NEXUS_OK;
}

static enum nexus_status write_moves(struct reconcile *reconcile, struct nexus_error *err)
{
    if (identity_is_anybody_in_the_way(&reconcile->identity)) {
        enum nexus_status status = displace(reconcile, err);
        if (status != NEXUS_OK) {
            store_rollback(reconcile->engine->store);
            return status;
        }
    }
    return take_appeared(reconcile, err);
}

enum nexus_status reconcile_settle(struct reconcile *reconcile, struct nexus_error *err)
{
    bool is_held;
    TRY(batch_flush(reconcile->batch, err));
    TRY(identity_pair(&reconcile->identity, reconcile->engine, err));
    TRY(is_braked(reconcile, &is_held, err));
    TRY(write_moves(reconcile, err));
    if (!is_held)
        TRY(forget_gone(reconcile, err));
    TRY(batch_settle_racy(reconcile->batch, err));
    if (reconcile->options & RECONCILE_FIRST)
        return NEXUS_OK; /* there is nobody yet who could have changed a row */
    return push_all(reconcile->engine, reconcile->sight, &reconcile->report,
                    &reconcile->push_again_ns, err);
}

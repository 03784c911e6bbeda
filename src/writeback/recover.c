// SPDX-License-Identifier: MIT
#include "writeback/recover.h"

#include "base/folder.h"
#include "writeback/replacement.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

/* clang-format off */
static const enum recover_state states[RECOVER_SEEN_COUNT] = {
    [RECOVER_MISSING] = RECOVER_GONE,
    [RECOVER_BASE]    = RECOVER_UNDONE,
    [RECOVER_NEW]     = RECOVER_DONE,
    [RECOVER_OTHER]   = RECOVER_CHANGED,
};
static const enum recover_step steps[RECOVER_SEEN_COUNT] = {
    [RECOVER_MISSING] = RECOVER_LEAVE,
    [RECOVER_BASE]    = RECOVER_REMOVE,
    [RECOVER_NEW]     = RECOVER_REMOVE,
    [RECOVER_OTHER]   = RECOVER_HAND_OVER,
};
/* clang-format on */

struct recover_plan recover_decide(bool is_new, enum recover_seen path, enum recover_seen temporary)
{
    if (is_new && path == RECOVER_MISSING)
        path = RECOVER_BASE; /* nothing is what there was before */
    bool is_never_taken = path == RECOVER_BASE || temporary == RECOVER_NEW;
    if (path == RECOVER_BASE && temporary == RECOVER_NEW)
        return (struct recover_plan){RECOVER_DONE, RECOVER_FINISH, false};
    return (struct recover_plan){states[path], steps[temporary],
                                 is_never_taken && path != RECOVER_NEW};
}

void recovery_finish(struct recovery *recovery)
{
    strbuf_finish(&recovery->theirs);
}

struct recovering {
    struct replacer *replacer;
    int folder_fd;
    int temporary_fd; /* the folder of the temporary file; -1: it is gone */
    const char *name;
    const struct recover_intent *intent;
    struct replacement *replacement; /* as it was, as far as it is known again */
    int64_t now_ns;
    struct recovery *recovery;
    bool is_base_aside; /* the version before was renamed aside, and its name is another's */
};

static enum recover_seen see(const struct recovering *recovering, int folder_fd, const char *name,
                             struct strbuf *bytes)
{
    enum writer writer;
    struct hash wanted = recovering->replacement->wanted;
    if (!name[0] || folder_fd < 0)
        return RECOVER_MISSING;
    switch (
        held_look(folder_fd, name, &wanted, recovering->replacer->limit_bytes, bytes, &writer)) {
    case HELD_NOTHING: return RECOVER_MISSING;
    case HELD_WANTED: return RECOVER_NEW;
    case HELD_OTHER: break;
    case HELD_OPEN:
    case HELD_UNKNOWN: strbuf_finish(bytes); return RECOVER_OTHER;
    }
    const struct hash *base = recovering->intent->base;
    bool is_base = base && hash_equal(hash_of(strbuf_str(bytes)), *base);
    return is_base ? RECOVER_BASE : RECOVER_OTHER;
}

/** Takes the replacement. Somebody may save at this moment as at any other. */
static enum nexus_status finish(const struct recovering *recovering, struct nexus_error *err)
{
    struct replacement *take = recovering->replacement;
    struct recovery *recovery = recovering->recovery;
    struct replace_outcome outcome;
    mode_t mode;
    (void)file_look(recovering->folder_fd, recovering->name, &take->base, &mode);
    (void)file_look(recovering->temporary_fd, take->temporary, &take->ours, &mode);
    enum nexus_status status =
        replace_commit(recovering->replacer, take, recovering->now_ns, &outcome, err);
    if (!recovery->has_theirs && outcome.has_theirs && !outcome.is_theirs_back) {
        recovery->has_theirs = true;
        recovery->theirs = outcome.theirs;
        outcome.theirs = (struct strbuf){0};
    }
    recovery->is_untouched = status != NEXUS_OK && !outcome.is_taken;
    replace_outcome_finish(&outcome);
    switch ((int)status) {
    case NEXUS_OK: recovery->state = RECOVER_DONE; return NEXUS_OK;
    case NEXUS_ERROR_EXISTS:
    case NEXUS_ERROR_CHANGED: recovery->state = RECOVER_CHANGED; return NEXUS_OK;
    case NEXUS_ERROR_NOT_FOUND: recovery->state = RECOVER_GONE; return NEXUS_OK;
    default: return status;
    }
}

/** Stays for as long as anything displaced, so that the caller can keep it first. */
static void hand_over(const struct recovering *recovering, const char *name, struct strbuf *bytes)
{
    struct recovery *recovery = recovering->recovery;
    struct hash content = hash_of(strbuf_str(bytes));
    bool is_read = bytes->at && !recovery->has_theirs;
    struct str place = str_of(recovering->replacement->place);
    STRBUF_SCOPED path = {0};
    if (place.length)
        strbuf_addf(&path, "%.*s/%s", (int)str_find_last(place, '/'), place.at, name);
    const struct quarantine_item item = {
        .path = recovering->replacement->path,
        .temporary = place.length && !path.failed ? path.at : name,
        .is_elsewhere = place.length != 0,
        .content = is_read ? &content : NULL, /* unknown: it comes as a late save */
    };
    (void)quarantine_add(&recovering->replacer->quarantine, &item, recovering->now_ns, NULL);
    if (!is_read)
        return;
    recovery->has_theirs = true;
    recovery->theirs = *bytes;
    *bytes = (struct strbuf){0};
}

/** What was renamed aside gets its free name back; else it is like any temporary file. */
static enum recover_seen settle_aside(struct recovering *recovering, enum recover_seen path)
{
    char aside[TEMPORARY_SIZE];
    STRBUF_SCOPED bytes = {0};
    if (!recovering->replacement->temporary[0])
        return path;
    temporary_aside(recovering->replacement->temporary, aside);
    enum recover_seen seen = see(recovering, recovering->temporary_fd, aside, &bytes);
    if (seen == RECOVER_MISSING)
        return path;
    if (path == RECOVER_MISSING &&
        file_rename_to_free(recovering->temporary_fd, aside, recovering->folder_fd,
                            recovering->name) == 0)
        return seen;
    recovering->is_base_aside = seen == RECOVER_BASE;
    if (seen == RECOVER_OTHER)
        hand_over(recovering, aside, &bytes);
    else
        unlinkat(recovering->temporary_fd, aside, 0);
    return path;
}

/** Once more in place, over what the crash left. */
static enum nexus_status mend(const struct recovering *recovering, struct str torn,
                              struct str after, struct nexus_error *err)
{
    struct replacement *replacement = recovering->replacement;
    replacement->way = REPLACE_IN_PLACE;
    replacement->expected = hash_of(torn);
    replacement->bytes = after;
    enum nexus_status status = finish(recovering, err);
    recovering->recovery->is_untouched = false;
    if (status != NEXUS_ERROR_BUSY && status != NEXUS_ERROR_REFUSED)
        return status;
    recovering->recovery->state = RECOVER_CHANGED;
    return NEXUS_OK;
}

static enum nexus_status take_step(struct recovering *recovering, enum recover_step step,
                                   struct strbuf *displaced, struct nexus_error *err)
{
    const char *temporary = recovering->replacement->temporary;
    switch (step) {
    case RECOVER_FINISH: {
        enum nexus_status status = finish(recovering, err);
        recovering->replacement = NULL;
        return status;
    }
    case RECOVER_REMOVE: unlinkat(recovering->temporary_fd, temporary, 0); break;
    case RECOVER_HAND_OVER: hand_over(recovering, temporary, displaced); break;
    case RECOVER_LEAVE: break;
    }
    return NEXUS_OK;
}

/** What was to be written in place: the spare was never at the path. */
static enum nexus_status carry_out_in_place(struct recovering *recovering, enum recover_seen path,
                                            const struct strbuf *at_path, struct strbuf *spare,
                                            enum recover_seen seen, struct nexus_error *err)
{
    recovering->recovery->state = states[path];
    recovering->recovery->is_untouched = path == RECOVER_BASE;
    bool is_torn =
        path == RECOVER_OTHER && seen == RECOVER_NEW && at_path->at &&
        recover_is_torn(strbuf_str(at_path), recovering->intent->before, strbuf_str(spare));
    if (is_torn) {
        enum nexus_status status = mend(recovering, strbuf_str(at_path), strbuf_str(spare), err);
        recovering->replacement = NULL;
        return status;
    }
    return take_step(recovering, steps[seen], spare, err);
}

static enum nexus_status carry_out(struct recovering *recovering, struct nexus_error *err)
{
    const char *temporary = recovering->replacement->temporary;
    STRBUF_SCOPED at_path = {0}, displaced = {0};
    enum recover_seen path = see(recovering, recovering->folder_fd, recovering->name, &at_path);
    path = settle_aside(recovering, path);
    enum recover_seen seen = see(recovering, recovering->temporary_fd, temporary, &displaced);
    if (temporary_is_spare(temporary))
        return carry_out_in_place(recovering, path, &at_path, &displaced, seen, err);
    struct recover_plan plan = recover_decide(!recovering->intent->base, path, seen);
    recovering->recovery->state = plan.state;
    recovering->recovery->is_untouched = plan.is_untouched && !recovering->is_base_aside;
    return take_step(recovering, plan.step, &displaced, err);
}

static enum nexus_status look_into_folder(struct recovering *recovering, const char *path,
                                          struct nexus_error *err)
{
    FD_SCOPED folder = -1, apart = -1;
    const struct replacement *replacement = recovering->replacement;
    enum nexus_status status =
        folder_open(recovering->replacer->root_fd, path, &folder, &recovering->name, err);
    if (status == NEXUS_ERROR_NOT_FOUND)
        return NEXUS_OK; /* the folder is gone, and all in it */
    TRY(status);
    recovering->folder_fd = folder;
    recovering->temporary_fd = folder;
    if (replacement->place[0]) {
        status = replacement_open(replacement, recovering->replacer->root_fd, &apart, err);
        if (status != NEXUS_OK && status != NEXUS_ERROR_NOT_FOUND)
            return status;
        recovering->temporary_fd = apart;
    }
    return carry_out(recovering, err);
}

enum nexus_status replace_recover(struct replacer *replacer, const struct recover_intent *intent,
                                  int64_t now_ns, struct recovery *recovery,
                                  struct nexus_error *err)
{
    struct recovering recovering = {
        .replacer = replacer,
        .intent = intent,
        .replacement = replacement_new(intent->path),
        .now_ns = now_ns,
        .recovery = recovery,
    };
    *recovery = (struct recovery){.state = intent->base ? RECOVER_GONE : RECOVER_UNDONE,
                                  .is_untouched = !intent->base};
    struct replacement *replacement = recovering.replacement;
    if (!replacement)
        return fail_no_memory(err);
    replacement->way = intent->base ? REPLACE_EXCHANGE : REPLACE_NEW;
    replacement->wanted = intent->wanted;
    if (intent->base)
        replacement->expected = *intent->base;
    const char *slash = strrchr(intent->temporary, '/');
    snprintf(replacement->temporary, TEMPORARY_SIZE, "%s", slash ? slash + 1 : intent->temporary);
    snprintf(replacement->place, PLACE_SIZE, "%s", slash ? intent->temporary : "");
    enum nexus_status status = look_into_folder(&recovering, intent->path, err);
    replacement_free(recovering.replacement);
    return status;
}

/** The first part of one and then the rest of the other. */
static bool is_mixed(struct str found, struct str before, struct str after)
{
    size_t common = 0;
    while (common < found.length && common < after.length && found.at[common] == after.at[common])
        common++;
    return str_equal(str_slice(found, common, found.length),
                     str_slice(before, common, found.length));
}

bool recover_is_torn(struct str found, struct str before, struct str after)
{
    enum { BLOCK = 4096 };
    for (size_t at = 0; at < found.length; at += BLOCK)
        if (!is_mixed(str_slice(found, at, at + BLOCK), str_slice(before, at, at + BLOCK),
                      str_slice(after, at, at + BLOCK)))
            return false;
    return found.length >= before.length || found.length == after.length;
}

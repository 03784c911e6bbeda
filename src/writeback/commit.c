// SPDX-License-Identifier: MIT
#include "base/folder.h"
#include "writeback/replacement.h"

#include <errno.h>
#include <unistd.h>

enum nexus_status commit_changed(const struct commit *commit, struct nexus_error *err)
{
    return fail(err, NEXUS_ERROR_CHANGED, "'%s' was saved meanwhile", commit->replacement->path);
}

enum nexus_status commit_unsheltered(struct commit *commit, struct nexus_error *err)
{
    commit->replacer->lacks |= REPLACE_LACKS_SHELTER;
    return fail(err, NEXUS_ERROR_CHANGED, "'%s' lies on a filesystem of its own",
                commit->replacement->path);
}

void commit_displaced(const struct commit *commit, const char *name, const struct hash *content,
                      enum writer writer)
{
    const struct replacement *replacement = commit->replacement;
    bool is_apart = replacement->place[0] != '\0';
    STRBUF_SCOPED place = {0};
    strbuf_addf(&place, "%s/%s", is_apart ? commit->replacer->displaced : "", name);
    const struct quarantine_item item = {
        .path = replacement->path,
        .temporary = is_apart ? place.at : name,
        .is_elsewhere = is_apart,
        .content = content,
        .is_unsure = writer == WRITER_UNKNOWN,
    };
    /* Without memory it is not looked at again; the file stays, and is found by its name. */
    if (!place.failed)
        (void)quarantine_add(&commit->replacer->quarantine, &item, commit->now_ns, NULL);
}

static enum nexus_status commit_new(struct commit *commit, struct nexus_error *err)
{
    int reason = file_rename_to_free(commit->folder_fd, commit->replacement->temporary,
                                     commit->folder_fd, commit->name);
    if (reason)
        return fail_errno(err, reason, "cannot make '%s'", commit->replacement->path);
    commit->is_unused = false;
    return NEXUS_OK;
}

/** Whether what is to be replaced still is as it was when the new version was prepared. */
static enum nexus_status check_unchanged(const struct commit *commit, struct nexus_error *err)
{
    struct fingerprint print;
    mode_t mode;
    int reason = file_look(commit->folder_fd, commit->name, &print, &mode);
    if (reason)
        return fail_errno(err, reason, "cannot look at '%s'", commit->replacement->path);
    if (!S_ISREG(mode))
        return fail(err, NEXUS_ERROR_REFUSED, "'%s' is not a regular file any more",
                    commit->replacement->path);
    bool looks = !(commit->replacer->lacks & REPLACE_LACKS_FORESIGHT);
    if (looks && !fingerprint_equal(&print, &commit->replacement->base))
        return commit_changed(commit, err);
    return NEXUS_OK;
}

static enum nexus_status commit_change(struct commit *commit, struct nexus_error *err)
{
    TRY(check_unchanged(commit, err));
    if (commit->replacement->way == REPLACE_IN_PLACE)
        return commit_in_place(commit, err);
    return commit->replacer->lacks & REPLACE_LACKS_EXCHANGE ? commit_aside(commit, err)
                                                            : commit_exchange(commit, err);
}

/** How the new version looks at its place: renames change it. */
static void look_at_ours(const struct commit *commit)
{
    const struct replacement *replacement = commit->replacement;
    struct fingerprint print;
    mode_t mode;
    uint64_t inode =
        replacement->way == REPLACE_IN_PLACE ? replacement->base.inode : replacement->ours.inode;
    if (file_look(commit->folder_fd, commit->name, &print, &mode) == 0 && print.inode == inode)
        commit->outcome->print = print;
}

static enum nexus_status sync_names(const struct commit *commit, struct nexus_error *err)
{
    const struct replacement *replacement = commit->replacement;
    if (commit->replacer->durability != REPLACE_FULL || replacement->way == REPLACE_IN_PLACE)
        return NEXUS_OK;
    TRY(folder_sync(commit->folder_fd, replacement->path, err));
    if (replacement->way == REPLACE_NEW && replacement->there < strlen(replacement->path) &&
        syncfs(commit->replacer->root_fd) != 0) /* folders were made, too */
        return fail_errno(err, errno, "cannot write the folders of '%s' to the disk",
                          replacement->path);
    return NEXUS_OK;
}

static enum nexus_status run(struct commit *commit, struct nexus_error *err)
{
    const struct replacement *replacement = commit->replacement;
    FD_SCOPED folder = -1, shelter = -1;
    TRY(folder_open(commit->replacer->root_fd, replacement->path, &folder, &commit->name, err));
    if (replacement->place[0])
        TRY(replacement_open(replacement, commit->replacer->root_fd, &shelter, err));
    commit->folder_fd = folder;
    commit->temporary_fd = replacement->place[0] ? shelter : folder;
    TRY(replacement->way == REPLACE_NEW ? commit_new(commit, err) : commit_change(commit, err));
    look_at_ours(commit);
    return sync_names(commit, err);
}

enum nexus_status replace_commit(struct replacer *replacer, struct replacement *take,
                                 int64_t now_ns, struct replace_outcome *outcome,
                                 struct nexus_error *err)
{
    struct commit commit = {
        .replacer = replacer,
        .replacement = take,
        .now_ns = now_ns,
        .is_unused = true,
        .outcome = outcome,
    };
    *outcome = (struct replace_outcome){.way = take->way};
    enum nexus_status status = run(&commit, err);
    if (!commit.is_unused) {
        take->temporary[0] = '\0'; /* it is at its place, or in the quarantine */
        take->way = REPLACE_EXCHANGE;
    }
    replace_drop(replacer, take);
    return status;
}

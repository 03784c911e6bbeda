// SPDX-License-Identifier: MIT
/*
 * Without an exchange: the file is renamed aside, looked at, and the new version takes the free
 * name. For that moment the name is empty; whoever saves then makes a new file, and keeps it.
 */
#include "writeback/replacement.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

/** They get their name back, unless there is something newer. */
static enum nexus_status give_back(struct commit *commit, const char *aside, enum held held,
                                   enum writer writer, struct nexus_error *err)
{
    struct replace_outcome *outcome = commit->outcome;
    int reason = file_rename_to_free(commit->temporary_fd, aside, commit->folder_fd, commit->name);
    outcome->has_theirs = held == HELD_OTHER;
    outcome->is_theirs_back = reason == 0;
    if (reason) {
        outcome->is_taken =
            !outcome->has_theirs; /* what cannot be read may be the version before */
        struct hash content = hash_of(strbuf_str(&outcome->theirs));
        commit_displaced(commit, aside, held == HELD_OTHER ? &content : NULL, writer);
    }
    return commit_changed(commit, err);
}

enum nexus_status commit_aside(struct commit *commit, struct nexus_error *err)
{
    const struct replacement *replacement = commit->replacement;
    char aside[TEMPORARY_SIZE];
    enum writer writer;
    temporary_aside(replacement->temporary, aside);
    int reason = file_rename_to_free(commit->folder_fd, commit->name, commit->temporary_fd, aside);
    if (reason == EXDEV && replacement->place[0])
        return commit_unsheltered(commit, err);
    if (reason)
        return fail_errno(err, reason, "cannot replace '%s'", replacement->path);
    enum held held = held_look(commit->temporary_fd, aside, &replacement->expected,
                               commit->replacer->limit_bytes, &commit->outcome->theirs, &writer);
    if (held != HELD_WANTED)
        return give_back(commit, aside, held, writer, err);
    reason = file_rename_to_free(commit->temporary_fd, replacement->temporary, commit->folder_fd,
                                 commit->name);
    commit->outcome->is_taken = true;
    if (reason && reason != EEXIST) {
        commit->outcome->is_taken =
            file_rename_to_free(commit->temporary_fd, aside, commit->folder_fd, commit->name) != 0;
        return fail_errno(err, reason, "cannot replace '%s'", replacement->path);
    }
    commit_displaced(commit, aside, &replacement->expected, writer);
    if (reason)
        return commit_changed(commit, err);
    commit->is_unused = false;
    return NEXUS_OK;
}

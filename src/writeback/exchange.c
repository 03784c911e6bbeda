// SPDX-License-Identifier: MIT
/*
 * The exchange, and what to do about what it displaced.
 *
 *   path: base   temporary: new      before
 *   path: new    temporary: base     after; if it really is the base, done
 *   path: new    temporary: theirs   somebody saved in between: exchange once more …
 *   path: theirs temporary: new      … and they have not lost anything
 *
 * They may save again at any of these moments. Whoever saves by a rename replaces what is at the
 * path and knows what that is; only what we took away from there can get lost, and each exchange
 * shows what it took. So every version that comes out under the temporary name and is neither base
 * nor new is put back, if the path holds nothing newer, or handed over.
 */
#include "writeback/replacement.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>

static int exchange(const struct commit *commit)
{
    return renameat2(commit->temporary_fd, commit->replacement->temporary, commit->folder_fd,
                     commit->name, RENAME_EXCHANGE) == 0
               ? 0
               : errno;
}

/** Whether the path holds the new version, as far as a look can tell. */
static bool is_ours_at(const struct commit *commit)
{
    const struct fingerprint *ours = &commit->replacement->ours;
    struct fingerprint print;
    mode_t mode;
    return file_look(commit->folder_fd, commit->name, &print, &mode) == 0 &&
           print.inode == ours->inode && print.size_bytes == ours->size_bytes &&
           print.mtime_ns == ours->mtime_ns && print.birth_ns == ours->birth_ns;
}

static enum held look_at_displaced(const struct commit *commit, const struct hash *wanted,
                                   struct strbuf *bytes, enum writer *ret_writer)
{
    return held_look(commit->temporary_fd, commit->replacement->temporary, wanted,
                     commit->replacer->limit_bytes, bytes, ret_writer);
}

/** Theirs stays under the temporary name, because the path holds a newer version. */
static void hand_over(const struct commit *commit)
{
    struct replace_outcome *outcome = commit->outcome;
    enum writer writer;
    enum held held =
        look_at_displaced(commit, &commit->replacement->expected, &outcome->theirs, &writer);
    outcome->is_theirs_back = false;
    outcome->has_theirs = held == HELD_OTHER;
    outcome->is_taken = !outcome->has_theirs; /* what cannot be read may be the version before */
    if (held == HELD_WANTED) {
        commit_displaced(commit, commit->replacement->temporary, &commit->replacement->expected,
                         writer);
        return;
    }
    struct hash content = hash_of(strbuf_str(&outcome->theirs));
    commit_displaced(commit, commit->replacement->temporary, outcome->has_theirs ? &content : NULL,
                     writer);
}

static enum nexus_status put_back(const struct commit *commit, struct nexus_error *err)
{
    const struct replacement *replacement = commit->replacement;
    STRBUF_SCOPED bytes = {0};
    enum writer writer;
    if (!is_ours_at(commit) || exchange(commit) != 0) {
        hand_over(commit);
        return commit_changed(commit, err);
    }
    if (look_at_displaced(commit, &replacement->wanted, &bytes, &writer) == HELD_WANTED) {
        commit_displaced(commit, replacement->temporary, &replacement->wanted, writer);
        commit->outcome->is_theirs_back = true;
        return commit_changed(commit, err);
    }
    /* Between the look and the exchange they saved again: that is the newest. */
    (void)exchange(commit);
    hand_over(commit);
    return commit_changed(commit, err);
}

enum nexus_status commit_exchange(struct commit *commit, struct nexus_error *err)
{
    const struct replacement *replacement = commit->replacement;
    struct replace_outcome *outcome = commit->outcome;
    enum writer writer;
    int reason = exchange(commit);
    if (reason == EINVAL || reason == ENOSYS) {
        commit->replacer->lacks |= REPLACE_LACKS_EXCHANGE;
        return commit_aside(commit, err);
    }
    if (reason == EXDEV && replacement->place[0])
        return commit_unsheltered(commit, err);
    if (reason)
        return fail_errno(err, reason, "cannot replace '%s'", replacement->path);
    commit->is_unused = false;
    enum held held = look_at_displaced(commit, &replacement->expected, &outcome->theirs, &writer);
    if (held == HELD_WANTED) {
        outcome->is_taken = true;
        commit_displaced(commit, replacement->temporary, &replacement->expected, writer);
        return NEXUS_OK;
    }
    outcome->has_theirs = held == HELD_OTHER;
    return put_back(commit, err);
}

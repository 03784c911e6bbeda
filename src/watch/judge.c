// SPDX-License-Identifier: MIT
#include "watch/judge.h"

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

struct str judge_backup(const struct waiting *waiting)
{
    static const char *const endings[] = {"~", ".bak", ".orig", ".old"};
    struct str path = {waiting->path, waiting->path_length}, peer = str_of(waiting->peer);
    if (!waiting->left || !peer.length)
        return (struct str){0};
    size_t slash = str_find_last(path, '/'), peer_slash = str_find_last(peer, '/');
    bool same_folder =
        slash == peer_slash && (slash == STR_NONE || memcmp(path.at, peer.at, slash) == 0);
    if (!same_folder)
        return (struct str){0};
    if (waiting->to_ignored)
        return peer;
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
        if (str_starts_with(peer, path) &&
            str_is(str_slice(peer, path.length, peer.length), endings[i]))
            return peer;
    return (struct str){0};
}

static enum judgement wait_until(struct pending *pending, struct waiting *waiting,
                                 enum path_state state, int64_t due_ns)
{
    waiting->state = state;
    paths_set_due(&pending->paths, waiting, due_ns);
    return JUDGED_WAIT;
}

static void remember_print(struct waiting *waiting, const struct look *look, int64_t now_ns)
{
    waiting->print = look->print;
    waiting->has_print = true;
    waiting->looked_ns = now_ns;
}

/** A writer has it open: looks again, ever less often. */
static enum judgement judge_busy(struct pending *pending, struct waiting *waiting,
                                 const struct look *look, int64_t now_ns)
{
    if (!waiting->busy_ns)
        waiting->busy_ns = now_ns;
    bool told = waiting->told_open;
    bool news = !waiting->has_print || !fingerprint_equal(&waiting->print, &look->print);
    bool tell = news && now_ns - waiting->busy_ns >= JUDGE_OPEN_NS;
    if (tell) {
        remember_print(waiting, look, now_ns);
        waiting->told_open = true;
        waiting->busy_ns = now_ns;
    }
    int64_t longest = told ? JUDGE_OPEN_NS : JUDGE_PROBE_MAX_NS;
    int64_t interval = JUDGE_PROBE_NS << (waiting->probes < 16 ? waiting->probes : 16);
    waiting->probes++;
    wait_until(pending, waiting, PATH_BUSY, now_ns + earlier(interval, longest));
    return tell ? JUDGED_STILL_OPEN : JUDGED_WAIT;
}

/** Nobody can tell whether a writer has it open (the file is another user's): it is quiet when two
 * looks a while apart see the same. */
static enum judgement judge_unknown(struct pending *pending, struct waiting *waiting,
                                    const struct look *look, int64_t now_ns)
{
    if (waiting->writing)
        return judge_busy(pending, waiting, look, now_ns);
    if (!waiting->busy_ns)
        waiting->busy_ns = now_ns;
    bool same = waiting->has_print && fingerprint_equal(&waiting->print, &look->print) &&
                now_ns - waiting->looked_ns >= pending->debounce_ns;
    if (same || waiting->rushed || now_ns - waiting->busy_ns >= JUDGE_OPEN_NS)
        return JUDGED_QUIET;
    remember_print(waiting, look, now_ns);
    return wait_until(pending, waiting, PATH_BUSY, now_ns + pending->debounce_ns);
}

static enum judgement judge_file(struct pending *pending, struct waiting *waiting,
                                 const struct look *look, int64_t now_ns)
{
    switch (look->writer) {
    case WRITER_OPEN: return judge_busy(pending, waiting, look, now_ns);
    case WRITER_UNKNOWN: {
        enum judgement judgement = judge_unknown(pending, waiting, look, now_ns);
        if (judgement != JUDGED_QUIET)
            return judgement;
        break;
    }
    case WRITER_NONE: break;
    }
    if (look->print.size_bytes == 0 && !waiting->was_empty && !waiting->rushed) {
        waiting->was_empty = true;
        return wait_until(pending, waiting, PATH_PENDING, now_ns + pending->debounce_ns);
    }
    pending_correct_exchange(pending, waiting);
    return JUDGED_QUIET;
}

enum judgement judge_look(struct pending *pending, struct waiting *waiting, const struct look *look,
                          int64_t now_ns)
{
    switch (look->seen) {
    case SEEN_FILE: return judge_file(pending, waiting, look, now_ns);
    case SEEN_UNREADABLE: return JUDGED_QUIET;
    case SEEN_NOTHING: break;
    }
    int64_t held_until_ns = waiting->left_ns + PENDING_HOLD_NS;
    if (look->has_backup && judge_backup(waiting).length && now_ns < held_until_ns)
        return wait_until(pending, waiting, PATH_HELD, held_until_ns);
    return JUDGED_GONE;
}

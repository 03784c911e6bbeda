// SPDX-License-Identifier: MIT
#include "watch/pending.h"

#include <stdlib.h>

static struct str path_of(const struct waiting *waiting)
{
    return (struct str){waiting->path, waiting->path_length};
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

void pending_init(struct pending *pending, int64_t debounce_ns, int64_t max_wait_ns)
{
    *pending = (struct pending){
        .debounce_ns = debounce_ns,
        .max_wait_ns = max_wait_ns > debounce_ns ? max_wait_ns : debounce_ns,
        .limit = PENDING_LIMIT,
    };
}

void pending_finish(struct pending *pending)
{
    paths_finish(&pending->paths);
}

void pending_clear(struct pending *pending)
{
    paths_finish(&pending->paths);
    pending->collapsed = NULL;
}

void pending_done(struct pending *pending, struct waiting *waiting)
{
    if (pending->collapsed == waiting)
        pending->collapsed = NULL;
    paths_remove(&pending->paths, waiting);
}

static void set_text(struct pending *pending, char **text, struct str to)
{
    char *copy = to.at ? strndup(to.at, to.length) : NULL;
    pending->failed |= to.at && !copy;
    free(*text);
    *text = copy;
}

/* --- too many at once ------------------------------------------------------------------------ */

static bool is_below(struct str path, struct str folder)
{
    return folder.length == 0 || (path.at && path.length > folder.length &&
                                  path.at[folder.length] == '/' && str_starts_with(path, folder));
}

/** Shortens `folder` until `path` lies below it. */
static struct str common_folder(struct str folder, struct str path)
{
    while (!is_below(path, folder)) {
        size_t slash = str_find_last(folder, '/');
        folder = str_slice(folder, 0, slash == STR_NONE ? 0 : slash);
    }
    return folder;
}

static bool is_counted(const struct waiting *waiting)
{
    return waiting->state == PATH_PENDING || waiting->state == PATH_TRACE;
}

/** The folder above all paths that only wait for quiet. The text is one of theirs. */
static struct str folder_of_all(const struct pending *pending)
{
    struct str folder = {0};
    for (size_t i = 0; i < pending->paths.count; i++) {
        const struct waiting *waiting = pending->paths.heap[i];
        if (!is_counted(waiting))
            continue;
        struct str path = path_of(waiting);
        folder = common_folder(folder.at ? folder : path, path);
    }
    return folder.at ? folder : STR("");
}

/** Takes out what only waits for quiet; busy and held paths keep what is known of them. A removal
 * may move another one past the loop: again until there is none. */
static void drop_counted(struct pending *pending)
{
    bool dropped;
    do {
        dropped = false;
        for (size_t i = pending->paths.count; i-- > 0;) {
            if (!is_counted(pending->paths.heap[i]))
                continue;
            pending_done(pending, pending->paths.heap[i]);
            dropped = true;
        }
    } while (dropped);
}

/** One folder stands for all paths from now on. `path` is the one for which there was no room. */
static void collapse(struct pending *pending, struct str path, int64_t now_ns)
{
    struct str folder = common_folder(folder_of_all(pending), path);
    char *copy = strndup(folder.at, folder.length);
    drop_counted(pending);
    if (!copy) {
        pending->failed = true;
        return;
    }
    pending_hear_folder(pending, (struct str){copy, folder.length}, now_ns);
    pending->collapsed =
        paths_find(&pending->paths, (struct str){copy, folder.length}, ENTRY_FOLDER);
    free(copy);
}

/* --- what is heard --------------------------------------------------------------------------- */

static void postpone(struct pending *pending, struct waiting *waiting, int64_t now_ns)
{
    int64_t soon_ns = now_ns + pending->debounce_ns;
    for (struct waiting *at = waiting->ring; at != waiting; at = at->ring)
        if (waiting->state == PATH_HELD && at->due_ns > soon_ns) /* for the end of the hold */
            paths_set_due(&pending->paths, at, soon_ns);
    if (waiting->state != PATH_PENDING)
        waiting->first_ns = now_ns;
    waiting->state = PATH_PENDING;
    waiting->rushed = false;
    waiting->has_print = false;
    paths_set_due(&pending->paths, waiting,
                  earlier(soon_ns, waiting->first_ns + pending->max_wait_ns));
}

/** The entry of a path of which something was heard, due later than before; NULL when a folder
 * stands for it, or when memory is out. */
static struct waiting *touch(struct pending *pending, struct str path, enum entry_kind kind,
                             int64_t now_ns, bool *ret_fresh)
{
    struct waiting *waiting = paths_find(&pending->paths, path, kind);
    *ret_fresh = !waiting;
    if (!waiting && pending->collapsed && is_below(path, path_of(pending->collapsed))) {
        postpone(pending, pending->collapsed, now_ns);
        return NULL;
    }
    if (!waiting && pending->paths.count >= pending->limit) {
        collapse(pending, path, now_ns);
        return NULL;
    }
    if (!waiting) {
        waiting = paths_add(&pending->paths, path, kind, INT64_MAX);
        if (!waiting) {
            pending->failed = true;
            return NULL;
        }
        waiting->first_ns = now_ns;
    }
    postpone(pending, waiting, now_ns);
    return waiting;
}

/** Another file is at the path now, or none. */
static void forget_rename(struct pending *pending, struct waiting *waiting)
{
    waiting->left = false;
    waiting->writing = false;
    set_text(pending, &waiting->origin, (struct str){0});
    set_text(pending, &waiting->peer, (struct str){0});
}

static struct waiting *hear(struct pending *pending, struct str path, enum heard heard,
                            int64_t now_ns)
{
    bool fresh;
    struct waiting *waiting = touch(pending, path, ENTRY_FILE, now_ns, &fresh);
    if (!waiting)
        return NULL;
    switch (heard) {
    case HEARD_MADE:
    case HEARD_ARRIVED:
        forget_rename(pending, waiting);
        waiting->born |= fresh;
        break;
    case HEARD_DELETED: forget_rename(pending, waiting); break;
    case HEARD_LEFT: /* where it came from goes on with it: see pending_hear_rename() */
        waiting->writing = false;
        waiting->left = true;
        waiting->left_ns = now_ns;
        break;
    case HEARD_WRITTEN: waiting->writing = true; break;
    case HEARD_CLOSED:
        waiting->writing = false;
        waiting->probes = 0;
        break;
    case HEARD_CHANGED: break;
    }
    return waiting;
}

void pending_hear(struct pending *pending, struct str path, enum heard heard, int64_t now_ns)
{
    hear(pending, path, heard, now_ns);
}

void pending_hear_folder(struct pending *pending, struct str path, int64_t now_ns)
{
    bool fresh;
    touch(pending, path, ENTRY_FOLDER, now_ns, &fresh);
}

static struct waiting *find_trace(const struct pending *pending, struct str path)
{
    struct waiting *trace = paths_find(&pending->paths, path, ENTRY_FILE);
    return trace && trace->state == PATH_TRACE ? trace : NULL;
}

void pending_hear_ignored(struct pending *pending, struct str path, enum heard heard,
                          int64_t now_ns)
{
    struct waiting *trace = find_trace(pending, path);
    if (!trace || heard == HEARD_WRITTEN || heard == HEARD_CLOSED || heard == HEARD_CHANGED)
        return;
    struct waiting *held = paths_find(&pending->paths, str_of(trace->peer), ENTRY_FILE);
    if (held && held->state == PATH_HELD) /* its backup is gone: nobody is about to write it */
        paths_set_due(&pending->paths, held, now_ns);
    pending_done(pending, trace);
}

/* --- renames --------------------------------------------------------------------------------- */

/** Remembers where what is at an ignored name came from. */
static void leave_trace(struct pending *pending, struct str path, struct str origin,
                        struct str from, int64_t now_ns)
{
    /* Forgotten together with others: each by itself would wake the thread once more. */
    int64_t due_ns = ((now_ns + PENDING_HOLD_NS) / PENDING_STEP_NS + 1) * PENDING_STEP_NS;
    struct waiting *trace = find_trace(pending, path);
    if (!trace && pending->paths.count < pending->limit)
        trace = paths_add(&pending->paths, path, ENTRY_FILE, due_ns);
    if (!trace)
        return;
    trace->state = PATH_TRACE;
    set_text(pending, &trace->origin, origin);
    set_text(pending, &trace->peer, from);
}

/** Where the file at `from` was last told of; an empty text when it never was. */
static struct str origin_of(const struct waiting *source, struct str from, unsigned flags)
{
    if (source && source->origin)
        return str_of(source->origin);
    if ((flags & RENAME_FROM_IGNORED) || (source && source->born))
        return (struct str){0};
    return from;
}

/** The file's way out of `from`. Returns the last name on its way that is not ignored, to be freed;
 * NULL: there was none. */
static char *rename_away(struct pending *pending, struct str from, struct str to, unsigned flags,
                         int64_t now_ns)
{
    struct str visible = from;
    struct waiting *trace = flags & RENAME_FROM_IGNORED ? find_trace(pending, from) : NULL;
    if (flags & RENAME_FROM_IGNORED)
        visible = trace ? str_of(trace->peer) : (struct str){0};
    char *copy = visible.at ? strndup(visible.at, visible.length) : NULL;
    struct waiting *source =
        flags & RENAME_FROM_IGNORED
            ? (copy ? paths_find(&pending->paths, str_of(copy), ENTRY_FILE) : NULL)
            : hear(pending, from, HEARD_LEFT, now_ns);
    if (trace)
        pending_done(pending, trace);
    if (source && source->left) {
        set_text(pending, &source->peer, to);
        set_text(pending, &source->origin, (struct str){0});
        source->to_ignored = flags & RENAME_TO_IGNORED;
    }
    return copy;
}

void pending_hear_rename(struct pending *pending, struct str from, struct str to, unsigned flags,
                         int64_t now_ns)
{
    struct str known = origin_of(paths_find(&pending->paths, from, ENTRY_FILE), from, flags);
    char *origin = known.at ? strndup(known.at, known.length) : NULL;
    char *visible = rename_away(pending, from, to, flags, now_ns);
    if (flags & RENAME_TO_IGNORED) {
        if (visible)
            leave_trace(pending, to, str_of(origin), str_of(visible), now_ns);
    } else {
        struct waiting *target = hear(pending, to, HEARD_ARRIVED, now_ns);
        struct waiting *source =
            visible ? paths_find(&pending->paths, str_of(visible), ENTRY_FILE) : NULL;
        if (target)
            set_text(pending, &target->peer, str_of(visible));
        if (target && !str_equal(str_of(origin), to))
            set_text(pending, &target->origin, str_of(origin));
        if (target && source && origin)
            paths_tie(source, target);
    }
    free(origin);
    free(visible);
}

/** `text` with the folder at its start renamed; false when it does not lie below it. */
static bool moved_text(struct strbuf *buf, const char *text, struct str from, struct str to)
{
    if (!text || from.length == 0 || !is_below(str_of(text), from))
        return false;
    strbuf_reset(buf);
    strbuf_add(buf, to);
    strbuf_add_text(buf, text + from.length);
    return true;
}

/** False when another entry waits under the new path already: this one is not needed. */
static bool move_entry(struct pending *pending, struct waiting *waiting, struct str from,
                       struct str to, struct strbuf *buf)
{
    if (moved_text(buf, waiting->origin, from, to))
        set_text(pending, &waiting->origin, strbuf_str(buf));
    if (moved_text(buf, waiting->peer, from, to))
        set_text(pending, &waiting->peer, strbuf_str(buf));
    bool itself = waiting->kind == ENTRY_FOLDER && str_equal(path_of(waiting), from);
    if (itself) {
        strbuf_reset(buf);
        strbuf_add(buf, to);
    } else if (!moved_text(buf, waiting->path, from, to)) {
        return true;
    }
    if (paths_find(&pending->paths, strbuf_str(buf), waiting->kind))
        return false;
    if (buf->failed || !paths_rename(&pending->paths, waiting, strbuf_str(buf)))
        pending->failed = true;
    return true;
}

void pending_move_folder(struct pending *pending, struct str from, struct str to)
{
    STRBUF_SCOPED buf = {0};
    bool dropped;
    do { /* a removal may move another one past the loop; what has moved does not move again */
        dropped = false;
        for (size_t i = pending->paths.count; i-- > 0;) {
            if (move_entry(pending, pending->paths.heap[i], from, to, &buf))
                continue;
            pending_done(pending, pending->paths.heap[i]);
            dropped = true;
        }
    } while (dropped);
}

void pending_correct_exchange(struct pending *pending, struct waiting *waiting)
{
    struct waiting *peer =
        waiting->peer ? paths_find(&pending->paths, str_of(waiting->peer), ENTRY_FILE) : NULL;
    if (!waiting->left || !peer || !peer->peer || strcmp(peer->peer, waiting->path) != 0)
        return;
    set_text(pending, &waiting->origin, str_of(peer->origin ? peer->origin : peer->path));
    set_text(pending, &peer->origin, path_of(waiting));
    waiting->left = false;
}

/* --- whose turn it is ------------------------------------------------------------------------ */

int64_t pending_due(const struct pending *pending)
{
    const struct waiting *first = paths_first(&pending->paths);
    return first ? first->due_ns : INT64_MAX;
}

void pending_hurry(struct pending *pending, int64_t now_ns)
{
    /* Only entries before the present one move back when one moves ahead: none is passed over. */
    for (size_t i = 0; i < pending->paths.count; i++) {
        struct waiting *waiting = pending->paths.heap[i];
        if (waiting->state != PATH_PENDING && waiting->state != PATH_BUSY)
            continue;
        waiting->rushed = true;
        paths_set_due(&pending->paths, waiting, earlier(waiting->due_ns, now_ns));
    }
}

static struct waiting *settling(struct pending *pending, struct waiting *waiting)
{
    waiting->state = PATH_SETTLING;
    paths_set_due(&pending->paths, waiting, INT64_MAX);
    return waiting;
}

static bool is_still(const struct waiting *waiting)
{
    return waiting->state == PATH_PENDING || waiting->state == PATH_HELD;
}

/** When the last of those that are tied to it is due. */
static int64_t ring_due(const struct waiting *waiting)
{
    int64_t due_ns = INT64_MIN;
    for (const struct waiting *at = waiting->ring; at != waiting; at = at->ring)
        if (is_still(at) && at->due_ns > due_ns)
            due_ns = at->due_ns;
    return due_ns;
}

/** When the last of the files that were renamed out of the folder is due: whoever looks through it
 * before that takes them for deleted. A folder that files leave all the time waits as long again as
 * anything waits. */
static int64_t leavers_due(const struct pending *pending, const struct waiting *folder)
{
    int64_t due_ns = INT64_MIN, latest_ns = folder->first_ns + 2 * pending->max_wait_ns;
    if (folder->kind != ENTRY_FOLDER)
        return due_ns;
    for (size_t i = 0; i < pending->paths.count; i++) {
        const struct waiting *at = pending->paths.heap[i];
        if (at->left && is_still(at) && at->due_ns >= due_ns &&
            is_below(path_of(at), path_of(folder)))
            due_ns = at->due_ns + 1; /* it is told first even when both are due */
    }
    return earlier(due_ns, latest_ns);
}

struct waiting *pending_take(struct pending *pending, int64_t now_ns)
{
    for (;;) {
        struct waiting *waiting = paths_first(&pending->paths);
        if (!waiting || waiting->due_ns > now_ns)
            return NULL;
        int64_t last_ns = ring_due(waiting), leavers_ns = leavers_due(pending, waiting);
        if (waiting->state == PATH_TRACE)
            pending_done(pending, waiting);
        else if (last_ns > now_ns)
            paths_set_due(&pending->paths, waiting, last_ns);
        else if (leavers_ns > waiting->due_ns)
            paths_set_due(&pending->paths, waiting, leavers_ns);
        else
            return settling(pending, waiting);
    }
}

struct waiting *pending_take_tied(struct pending *pending, const struct waiting *waiting,
                                  int64_t now_ns)
{
    for (struct waiting *at = waiting->ring; at != waiting; at = at->ring)
        if (is_still(at) && at->due_ns <= now_ns)
            return settling(pending, at);
    return NULL;
}

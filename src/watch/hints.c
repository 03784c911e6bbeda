// SPDX-License-Identifier: MIT
#include "watch/hints.h"

#include "watch/moves.h"

void hints_finish(struct hints *hints)
{
    for (size_t i = 0; i < HINT_HALVES; i++)
        strbuf_finish(&hints->halves[i].path);
}

/* --- files ----------------------------------------------------------------------------------- */

static void remember_half(struct hints *hints, struct str path, uint32_t cookie)
{
    unsigned at = hints->next_half++ % HINT_HALVES;
    strbuf_reset(&hints->halves[at].path);
    strbuf_add(&hints->halves[at].path, path);
    hints->halves[at].cookie = hints->halves[at].path.failed ? 0 : cookie;
}

/** Where the rename with this cookie began, or NULL; only once. */
static const struct strbuf *take_half(struct hints *hints, uint32_t cookie)
{
    for (size_t i = 0; cookie && i < HINT_HALVES; i++) {
        if (hints->halves[i].cookie != cookie)
            continue;
        hints->halves[i].cookie = 0;
        return &hints->halves[i].path;
    }
    return NULL;
}

static unsigned rename_flags(const struct scope *scope, struct str from, struct str to)
{
    return (scope_has(scope, from, ENTRY_FILE) ? 0 : RENAME_FROM_IGNORED) |
           (scope_has(scope, to, ENTRY_FILE) ? 0 : (unsigned)RENAME_TO_IGNORED);
}

static enum heard heard_of(uint32_t mask)
{
    if (mask & IN_CREATE)
        return HEARD_MADE;
    if (mask & IN_MODIFY)
        return HEARD_WRITTEN;
    if (mask & IN_CLOSE_WRITE)
        return HEARD_CLOSED;
    if (mask & IN_DELETE)
        return HEARD_DELETED;
    if (mask & IN_MOVED_FROM)
        return HEARD_LEFT;
    if (mask & IN_MOVED_TO)
        return HEARD_ARRIVED;
    return HEARD_CHANGED;
}

static void take_file(struct hints *hints, struct str path, const struct backend_event *event,
                      int64_t now_ns)
{
    const struct scope *scope = &hints->tree->scope;
    const struct strbuf *from = event->mask & IN_MOVED_TO ? take_half(hints, event->cookie) : NULL;
    if (scope_is_database(scope, path)) {
        hints->database |= (event->mask & ~(uint32_t)(IN_CLOSE_WRITE | IN_ATTRIB)) != 0;
        return;
    }
    if (event->mask & IN_MOVED_FROM)
        remember_half(hints, path, event->cookie);
    if (from)
        pending_hear_rename(hints->pending, strbuf_str(from), path,
                            rename_flags(scope, strbuf_str(from), path), now_ns);
    else if (scope_has(scope, path, ENTRY_FILE))
        pending_hear(hints->pending, path, heard_of(event->mask), now_ns);
    else if (!(event->mask & IN_MOVED_FROM)) /* its trace is still wanted: see the second half */
        pending_hear_ignored(hints->pending, path, heard_of(event->mask), now_ns);
}

/* --- folders --------------------------------------------------------------------------------- */

static void take_folder(struct hints *hints, struct node *parent, struct str path,
                        const struct backend_event *event, int64_t now_ns)
{
    struct tree *tree = hints->tree;
    if (event->mask & IN_MOVED_FROM)
        moves_left(tree, parent, event->name, event->cookie, now_ns);
    else if (event->mask & IN_MOVED_TO)
        moves_arrived(tree, parent, event->name, event->cookie, now_ns);
    else if (event->mask & IN_DELETE)
        tree_folder_deleted(tree, parent, event->name, now_ns);
    else if ((event->mask & IN_CREATE) && scope_has(&tree->scope, path, ENTRY_FOLDER))
        tree_folder_made(tree, parent, event->name);
    else if (event->mask & IN_ATTRIB)
        tree_folder_changed(tree, parent, event->name, now_ns);
}

/** What the kernel tells of the watched folder itself. */
static void take_self(struct hints *hints, struct node *node, uint32_t mask, int64_t now_ns)
{
    if (node == hints->tree->nodes.root &&
        (mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED)))
        hints->root_suspect = true;
    if ((mask & IN_UNMOUNT) && node_top(node) == hints->tree->nodes.root) {
        node_path(node, STR(""), &hints->tree->path);
        pending_hear_folder(hints->pending, strbuf_str(&hints->tree->path), now_ns);
    }
    if (mask & IN_IGNORED)
        tree_watch_dropped(hints->tree, node, now_ns);
}

void hints_take(struct hints *hints, const struct backend_event *event, int64_t now_ns)
{
    struct tree *tree = hints->tree;
    if (event->mask & IN_Q_OVERFLOW) {
        hints->overflowed = true;
        return;
    }
    if (event->wd == hints->root->parent_wd) {
        hints->root_suspect |=
            (event->mask & IN_IGNORED) || root_is_named(hints->root, event->name);
        return;
    }
    struct node *node = nodes_by_wd(&tree->nodes, event->wd);
    if (!node)
        return;
    if (!event->name.length) {
        take_self(hints, node, event->mask, now_ns);
        return;
    }
    if (hints->is_deaf)
        return;
    if (node_top(node) != tree->nodes.root) {
        moves_missed(tree, node);
        return;
    }
    STRBUF_SCOPED path = {0};
    node_path(node, event->name, &path);
    tree->failed |= path.failed;
    if (event->mask & IN_ISDIR)
        take_folder(hints, node, strbuf_str(&path), event, now_ns);
    else
        take_file(hints, strbuf_str(&path), event, now_ns);
}

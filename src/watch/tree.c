// SPDX-License-Identifier: MIT
#include "watch/tree.h"

#include "watch/backend.h"
#include "watch/moves.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum {
    DEPTH_LIMIT = 256, /* as deep as a walk goes */
    RETRIED_AT_ONCE = 64,
    TOLD_AT_ONCE = 16, /* unwatched folders that are looked through one by one; more: the whole */
};

enum nexus_status tree_init(struct tree *tree, struct nexus_error *err)
{
    tree->retry_due_ns = INT64_MAX;
    return nodes_init(&tree->nodes) ? NEXUS_OK : fail_no_memory(err);
}

void tree_finish(struct tree *tree)
{
    moves_finish(tree);
    nodes_finish(&tree->nodes);
    strbuf_finish(&tree->path);
}

/* --- the folders to list ------------------------------------------------------------------- */

void tree_enlist(struct tree *tree, struct node *node, unsigned flags)
{
    if (node->flags & NODE_TO_LIST) {
        node->flags |= flags;
        return;
    }
    node->flags |= flags | NODE_TO_LIST;
    node->queue_next = NULL;
    node->queue_previous = tree->list_last;
    if (tree->list_last)
        tree->list_last->queue_next = node;
    else
        tree->list_first = node;
    tree->list_last = node;
}

static void unlist(struct tree *tree, struct node *node)
{
    if (!(node->flags & NODE_TO_LIST))
        return;
    *(node->queue_previous ? &node->queue_previous->queue_next : &tree->list_first) =
        node->queue_next;
    *(node->queue_next ? &node->queue_next->queue_previous : &tree->list_last) =
        node->queue_previous;
    node->flags &= ~(unsigned)NODE_TO_LIST;
}

void tree_list_all(struct tree *tree)
{
    tree_enlist(tree, tree->nodes.root, 0);
}

bool tree_free_some(struct tree *tree, struct node *top, size_t *limit)
{
    struct node *node = top;
    for (;;) {
        while (node->first_child)
            node = node->first_child;
        if (*limit == 0)
            return false;
        --*limit;
        struct node *parent = node->parent;
        if (node->wd != NO_WD)
            backend_unwatch(node->wd);
        unlist(tree, node);
        tree->unwatched -= (node->flags & NODE_UNWATCHED) != 0;
        if (parent)
            nodes_detach(&tree->nodes, node);
        nodes_free(&tree->nodes, node);
        if (!parent)
            return true;
        node = parent;
    }
}

/* --- watching and listing one -------------------------------------------------------------- */

static struct str path_of(struct tree *tree, const struct node *node, struct str name)
{
    node_path(node, name, &tree->path);
    tree->failed |= tree->path.failed;
    return strbuf_str(&tree->path);
}

static enum nexus_status open_node(struct tree *tree, const struct node *node, int flags,
                                   int *ret_fd)
{
    struct str path = path_of(tree, node, STR(""));
    return file_open_beneath(tree->root_fd, path.length ? path.at : ".", flags | O_DIRECTORY,
                             ret_fd, NULL);
}

/** Whether the folder that is open as `fd` is what stands where `node` stood. */
static bool is_still_there(struct tree *tree, struct node *node, int fd)
{
    FD_SCOPED other = -1;
    struct stat here, there;
    return node_top(node) == tree->nodes.root &&
           open_node(tree, node, O_PATH, &other) == NEXUS_OK && fstat(fd, &here) == 0 &&
           fstat(other, &there) == 0 && here.st_ino == there.st_ino && here.st_dev == there.st_dev;
}

static void leave_unwatched(struct tree *tree, struct node *node, int64_t now_ns)
{
    if (!(node->flags & NODE_UNWATCHED)) {
        node->flags |= NODE_UNWATCHED;
        tree->unwatched++;
        bool one_by_one = tree->unwatched <= TOLD_AT_ONCE;
        pending_hear_folder(tree->pending, one_by_one ? path_of(tree, node, STR("")) : STR(""),
                            now_ns);
    }
    if (tree->retry_due_ns == INT64_MAX)
        tree->retry_due_ns = now_ns + tree->retry_ns;
}

/** It could not be read or watched before: who knows what happened meanwhile. */
static void is_well_again(struct tree *tree, struct node *node, int64_t now_ns)
{
    if (!(node->flags & (NODE_DENIED | NODE_UNWATCHED)))
        return;
    if (node->flags & NODE_UNWATCHED) {
        tree->unwatched--;
        tree->retry_due_ns = tree->unwatched ? now_ns : INT64_MAX; /* there may be more */
    }
    node->flags &= ~(unsigned)(NODE_DENIED | NODE_UNWATCHED);
    pending_hear_folder(tree->pending, path_of(tree, node, STR("")), now_ns);
}

/** Watches what is open as `fd` at the node's place. Returns the node that is there then; NULL:
 * there is nothing to list. */
static struct node *watch_node(struct tree *tree, struct node *node, int fd, unsigned *flags,
                               int64_t now_ns)
{
    int wd = backend_watch(fd, BACKEND_FOLDER_MASK);
    if (wd < 0) {
        leave_unwatched(tree, node, now_ns);
        return NULL;
    }
    struct node *known = nodes_by_wd(&tree->nodes, wd);
    if (known == node)
        return node;
    if (known && is_still_there(tree, known, fd)) { /* mounted twice: it has one watch */
        leave_unwatched(tree, node, now_ns);
        return NULL;
    }
    if (known) {
        *flags |= NODE_TELL_FILES;
        return moves_found(tree, known, node, now_ns) ? known : NULL;
    }
    if (node->wd != NO_WD) { /* another folder has taken its place */
        struct node *parent = node->parent;
        STRBUF_SCOPED name = {0};
        strbuf_add_text(&name, node->name);
        moves_displace(tree, node, now_ns);
        node = nodes_add(&tree->nodes, parent, strbuf_str(&name));
        *flags |= NODE_TELL_FILES;
    }
    if (node && nodes_set_wd(&tree->nodes, node, wd))
        return node;
    tree->failed = true;
    backend_unwatch(wd);
    return NULL;
}

static bool is_folder(int fd, const struct dirent *entry, bool *ret_is_file)
{
    struct stat status;
    *ret_is_file = entry->d_type == DT_REG;
    if (entry->d_type != DT_UNKNOWN)
        return entry->d_type == DT_DIR;
    if (fstatat(fd, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return false;
    *ret_is_file = S_ISREG(status.st_mode);
    return S_ISDIR(status.st_mode);
}

static void found_folder(struct tree *tree, struct node *parent, const char *name, unsigned flags)
{
    struct node *node = nodes_child(&tree->nodes, parent, str_of(name));
    if (!node)
        node = nodes_add(&tree->nodes, parent, str_of(name));
    if (!node) {
        tree->failed = true;
        return;
    }
    node->flags |= NODE_SEEN;
    tree_enlist(tree, node, flags & NODE_TELL_FILES);
}

static void read_entries(struct tree *tree, struct node *node, DIR *listing, unsigned flags,
                         bool is_deepest, int64_t now_ns)
{
    const struct dirent *entry;
    while ((entry = readdir(listing))) {
        bool is_file, folder = is_folder(dirfd(listing), entry, &is_file);
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
            (folder && is_deepest) || !(folder || (is_file && (flags & NODE_TELL_FILES))))
            continue;
        struct str path = path_of(tree, node, str_of(entry->d_name));
        if (!scope_has(&tree->scope, path, folder ? ENTRY_FOLDER : ENTRY_FILE))
            continue;
        if (folder)
            found_folder(tree, node, entry->d_name, flags);
        else
            pending_hear(tree->pending, path, HEARD_CHANGED, now_ns);
    }
}

/** Takes `fd`. */
static void list_node(struct tree *tree, struct node *node, int fd, unsigned flags, int64_t now_ns)
{
    DIR *listing = fdopendir(fd);
    if (!listing) {
        close(fd);
        leave_unwatched(tree, node, now_ns);
        return;
    }
    size_t depth = 0;
    for (const struct node *at = node; at; at = at->parent)
        depth++;
    for (struct node *child = node->first_child; child; child = child->next)
        child->flags &= ~(unsigned)NODE_SEEN;
    read_entries(tree, node, listing, flags, depth >= DEPTH_LIMIT, now_ns);
    closedir(listing);
    for (struct node *child = node->first_child, *next; child; child = next) {
        next = child->next;
        if (!(child->flags & NODE_SEEN))
            moves_lose(tree, child, now_ns);
    }
}

/** Whether the folder above, and no other that has its name by now, is without this one: if it
 * comes back, its watch tells. */
static bool is_gone_from_parent(struct tree *tree, const struct node *node)
{
    FD_SCOPED parent_fd = -1, fd = -1;
    const struct node *parent = node->parent;
    if (open_node(tree, parent, O_RDONLY, &parent_fd) != NEXUS_OK ||
        backend_watch(parent_fd, BACKEND_FOLDER_MASK) != parent->wd)
        return false;
    return file_open_beneath(parent_fd, node->name, O_PATH | O_DIRECTORY, &fd, NULL) != NEXUS_OK;
}

/** It is not where it was. When the folder above is not either, or has got it back, that one is
 * looked at first. */
static void is_not_there(struct tree *tree, struct node *node, int64_t now_ns)
{
    struct node *parent = node->parent;
    if (!parent)
        return;
    if (parent->wd == NO_WD || is_gone_from_parent(tree, node))
        moves_lose(tree, node, now_ns);
    else
        tree_enlist(tree, parent, 0);
}

static void watch_and_list(struct tree *tree, struct node *node, unsigned flags, int64_t now_ns)
{
    int fd;
    struct stat status;
    switch ((int)open_node(tree, node, O_RDONLY, &fd)) {
    case NEXUS_OK: break;
    case NEXUS_ERROR_NOT_FOUND:
    case NEXUS_ERROR_REFUSED: is_not_there(tree, node, now_ns); return;
    case NEXUS_ERROR_PERMISSION:
        if (node->parent) { /* its parent's watch tells when its mode changes */
            node->flags |= NODE_DENIED;
            return;
        }
        leave_unwatched(tree, node, now_ns);
        return;
    default: leave_unwatched(tree, node, now_ns); return;
    }
    node = watch_node(tree, node, fd, &flags, now_ns);
    if (!node) {
        close(fd);
        return;
    }
    if (fstat(fd, &status) == 0)
        node->mode = status.st_mode;
    is_well_again(tree, node, now_ns);
    list_node(tree, node, fd, flags, now_ns);
}

bool tree_list_some(struct tree *tree, size_t limit, int64_t now_ns)
{
    for (; tree->list_first && limit; limit--) {
        struct node *node = tree->list_first;
        unsigned flags = node->flags;
        unlist(tree, node);
        node->flags &= ~(unsigned)NODE_TELL_FILES;
        if (node_top(node) == tree->nodes.root)
            watch_and_list(tree, node, flags, now_ns);
        else
            moves_missed(tree, node);
    }
    return tree->list_first;
}

/* --- what passes by itself ------------------------------------------------------------------- */

int64_t tree_due(const struct tree *tree)
{
    int64_t due_ns = moves_due(tree);
    return due_ns < tree->retry_due_ns ? due_ns : tree->retry_due_ns;
}

/** Looks through the folders that have no watch, and tries again to give them one. */
static void retry_unwatched(struct tree *tree, int64_t now_ns)
{
    bool one_by_one = tree->unwatched <= TOLD_AT_ONCE;
    size_t tried = 0;
    if (!one_by_one)
        pending_hear_folder(tree->pending, STR(""), now_ns);
    for (struct node *node = tree->nodes.root; node; node = node_after(node, tree->nodes.root)) {
        if (!(node->flags & NODE_UNWATCHED))
            continue;
        if (one_by_one)
            pending_hear_folder(tree->pending, path_of(tree, node, STR("")), now_ns);
        if (tried++ < RETRIED_AT_ONCE)
            tree_enlist(tree, node, 0);
    }
    tree->retry_due_ns = tree->unwatched ? now_ns + tree->retry_ns : INT64_MAX;
}

bool tree_pass(struct tree *tree, int64_t now_ns)
{
    if (tree->retry_due_ns <= now_ns)
        retry_unwatched(tree, now_ns);
    return moves_pass(tree, now_ns);
}

/* --- events ---------------------------------------------------------------------------------- */

void tree_folder_made(struct tree *tree, struct node *parent, struct str name)
{
    size_t depth = 0;
    for (const struct node *at = parent; at; at = at->parent)
        depth++;
    if (depth >= DEPTH_LIMIT)
        return;
    struct node *node = nodes_child(&tree->nodes, parent, name);
    if (!node)
        node = nodes_add(&tree->nodes, parent, name);
    if (node)
        tree_enlist(tree, node, NODE_TELL_FILES);
    tree->failed |= !node;
}

void tree_folder_changed(struct tree *tree, struct node *parent, struct str name, int64_t now_ns)
{
    struct node *node = nodes_child(&tree->nodes, parent, name);
    struct stat status;
    FD_SCOPED fd = -1;
    if (!node)
        return;
    if (node->flags & NODE_DENIED) {
        tree_enlist(tree, node, 0);
        return;
    }
    if (open_node(tree, node, O_PATH, &fd) != NEXUS_OK || fstat(fd, &status) != 0 ||
        status.st_mode == node->mode)
        return;
    node->mode = status.st_mode; /* what could not be read may be read now, and the reverse */
    pending_hear_folder(tree->pending, path_of(tree, node, STR("")), now_ns);
}

void tree_folder_deleted(struct tree *tree, struct node *parent, struct str name, int64_t now_ns)
{
    struct node *node = nodes_child(&tree->nodes, parent, name);
    size_t one = 1;
    if (!node)
        return;
    if (node->first_child || (node->flags & (NODE_DENIED | NODE_UNWATCHED))) {
        moves_lose(tree, node, now_ns);
        moves_give_up(tree, node, now_ns);
        return;
    }
    nodes_detach(&tree->nodes, node);
    tree_free_some(tree, node, &one);
}

void tree_watch_dropped(struct tree *tree, struct node *node, int64_t now_ns)
{
    nodes_set_wd(&tree->nodes, node, NO_WD);
    if (node_top(node) == tree->nodes.root)
        tree_enlist(tree, node, NODE_TELL_FILES);
    else
        moves_give_up(tree, node, now_ns);
}

// SPDX-License-Identifier: MIT
#include "watch/moves.h"

#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    STRAY_LIMIT = 256,    /* each event of a rename is held against each stray */
    FREED_AT_ONCE = 1000, /* each removed watch makes an event, and 16,384 of them fit the queue */
    QUEUED_MOVES = 100000,
};

static void remove_stray(struct tree *tree, size_t index)
{
    free(tree->strays[index].known);
    free(tree->strays[index].passing);
    tree->stray_count--;
    memmove(tree->strays + index, tree->strays + index + 1,
            (tree->stray_count - index) * sizeof *tree->strays);
}

/** The path under which `node` and what is below it was told of. NULL when memory is out. */
static char *known_path(struct tree *tree, struct node *node)
{
    const struct node *top = node_top(node);
    STRBUF_SCOPED path = {0}, below = {0};
    node_path(node, STR(""), &below);
    for (size_t i = 0; i < tree->stray_count; i++)
        if (tree->strays[i].node == top)
            strbuf_add_text(&path, tree->strays[i].known);
    if (path.length && below.length)
        strbuf_add_char(&path, '/');
    strbuf_add(&path, strbuf_str(&below));
    return below.failed ? NULL : strbuf_take(&path);
}

static void add_stray(struct tree *tree, struct stray stray)
{
    if (!stray.known ||
        !array_reserve(&tree->strays, &tree->stray_capacity, tree->stray_count + 1, sizeof stray)) {
        size_t all = SIZE_MAX;
        tree_free_some(tree, stray.node, &all);
        free(stray.known);
        free(stray.passing);
        tree->failed = true;
        return;
    }
    if (tree->stray_count >= STRAY_LIMIT)
        tree->strays[tree->stray_count - STRAY_LIMIT].until_ns = INT64_MIN;
    tree->strays[tree->stray_count++] = stray;
}

/** Tells that names have changed, and that what they name is to be looked at. */
static void tell_move(struct tree *tree, const char *from, const char *to)
{
    if (strcmp(from, to) == 0)
        return;
    struct nomination move = {NOMINATED_FOLDER_MOVED, str_of(to), str_of(from), 0};
    if (queue_count(tree->queue) >= QUEUED_MOVES || !queue_push(tree->queue, &move))
        tree->failed = true;
    pending_move_folder(tree->pending, str_of(from), str_of(to));
}

static void take_out(struct tree *tree, struct node *node, struct stray stray)
{
    stray.node = node;
    if (!stray.known)
        stray.known = known_path(tree, node);
    nodes_detach(&tree->nodes, node);
    add_stray(tree, stray);
}

/** Puts the stray in at a place where there is nothing. */
static bool put_in(struct tree *tree, size_t index, struct node *parent, struct str name,
                   int64_t now_ns)
{
    struct stray stray = tree->strays[index];
    if (!nodes_attach(&tree->nodes, stray.node, parent, name)) {
        tree->failed = true;
        return false;
    }
    char *to = known_path(tree, stray.node);
    if (to) {
        tell_move(tree, stray.known, to);
        pending_hear_folder(tree->pending, str_of(to), now_ns);
    }
    tree->failed |= !to;
    free(to);
    if (stray.missed || ignore_has_path_rules(tree->scope.ignore))
        tree_enlist(tree, stray.node, NODE_TELL_FILES);
    remove_stray(tree, index);
    return true;
}

void moves_displace(struct tree *tree, struct node *node, int64_t now_ns)
{
    char *from = known_path(tree, node);
    char to[64];
    snprintf(to, sizeof to, ".nexus-displaced-%llu", (unsigned long long)++tree->displaced);
    struct stray stray = {.known = strdup(to), .until_ns = now_ns + tree->stray_ns, .missed = true};
    stray.passing = from;
    if (from && stray.known)
        tell_move(tree, from, to);
    take_out(tree, node, stray);
}

/** Makes room for another node. */
static void clear_place(struct tree *tree, struct node *place, int64_t now_ns)
{
    if (place->wd != NO_WD || place->first_child) {
        moves_displace(tree, place, now_ns);
        return;
    }
    size_t one = 1;
    nodes_detach(&tree->nodes, place);
    tree_free_some(tree, place, &one);
}

/* --- renames ------------------------------------------------------------------------------- */

static size_t find_passing(const struct tree *tree, struct str path)
{
    for (size_t i = tree->stray_count; i-- > 0;)
        if (tree->strays[i].passing && str_is(path, tree->strays[i].passing))
            return i;
    return SIZE_MAX;
}

static size_t find_cookie(const struct tree *tree, uint32_t cookie)
{
    for (size_t i = tree->stray_count; cookie && i-- > 0;)
        if (tree->strays[i].cookie == cookie)
            return i;
    return SIZE_MAX;
}

static size_t find_node(const struct tree *tree, const struct node *node)
{
    for (size_t i = tree->stray_count; i-- > 0;)
        if (tree->strays[i].node == node)
            return i;
    return SIZE_MAX;
}

void moves_left(struct tree *tree, struct node *parent, struct str name, uint32_t cookie,
                int64_t now_ns)
{
    node_path(parent, name, &tree->path);
    size_t index = find_passing(tree, strbuf_str(&tree->path));
    if (index != SIZE_MAX) { /* the one without a name is meant: it was there before the other */
        tree->strays[index].cookie = cookie;
        tree->strays[index].until_ns = now_ns + tree->stray_ns;
        return;
    }
    struct node *node = nodes_child(&tree->nodes, parent, name);
    if (node)
        take_out(tree, node, (struct stray){.cookie = cookie, .until_ns = now_ns + tree->stray_ns});
}

void moves_arrived(struct tree *tree, struct node *parent, struct str name, uint32_t cookie,
                   int64_t now_ns)
{
    node_path(parent, name, &tree->path);
    struct str path = strbuf_str(&tree->path);
    size_t index = find_cookie(tree, cookie);
    if (!scope_has(&tree->scope, path, ENTRY_FOLDER)) {
        if (index == SIZE_MAX)
            return;
        free(tree->strays[index].passing);
        tree->strays[index].passing = strndup(path.at, path.length);
        tree->strays[index].until_ns = now_ns + tree->stray_ns;
        return;
    }
    if (index == SIZE_MAX) {
        tree_folder_made(tree, parent, name);
        return;
    }
    struct node *there = nodes_child(&tree->nodes, parent, name);
    if (there) {
        tree->strays[index].missed = true; /* which of the two is here is worth a look */
        clear_place(tree, there, now_ns);
        index = find_cookie(tree, cookie);
    }
    if (index != SIZE_MAX)
        put_in(tree, index, parent, name, now_ns);
}

/* --- other ways to be elsewhere ------------------------------------------------------------ */

void moves_lose(struct tree *tree, struct node *node, int64_t now_ns)
{
    take_out(tree, node, (struct stray){.until_ns = now_ns + tree->stray_ns, .missed = true});
}

bool moves_found(struct tree *tree, struct node *known, struct node *place, int64_t now_ns)
{
    struct node *parent = place->parent;
    char *name = strdup(place->name);
    if (find_node(tree, known) == SIZE_MAX)
        moves_lose(tree, known, now_ns);
    clear_place(tree, place, now_ns);
    size_t index = find_node(tree, known);
    bool is_in = index != SIZE_MAX && name && put_in(tree, index, parent, str_of(name), now_ns);
    free(name);
    return is_in;
}

void moves_missed(struct tree *tree, struct node *node)
{
    size_t index = find_node(tree, node_top(node));
    if (index != SIZE_MAX)
        tree->strays[index].missed = true;
}

/* --- the end of waiting -------------------------------------------------------------------- */

void moves_give_up(struct tree *tree, const struct node *node, int64_t now_ns)
{
    size_t index = find_node(tree, node);
    if (index != SIZE_MAX)
        tree->strays[index].until_ns = now_ns;
}

void moves_hurry(struct tree *tree, int64_t until_ns)
{
    for (size_t i = 0; i < tree->stray_count; i++)
        if (tree->strays[i].until_ns > until_ns)
            tree->strays[i].until_ns = until_ns;
}

int64_t moves_due(const struct tree *tree)
{
    int64_t due_ns = INT64_MAX;
    for (size_t i = 0; i < tree->stray_count; i++)
        if (tree->strays[i].until_ns < due_ns)
            due_ns = tree->strays[i].until_ns;
    return due_ns;
}

bool moves_pass(struct tree *tree, int64_t now_ns)
{
    size_t room = FREED_AT_ONCE;
    for (size_t i = tree->stray_count; i-- > 0;) {
        struct stray *stray = &tree->strays[i];
        if (stray->until_ns > now_ns)
            continue;
        if (!tree_free_some(tree, stray->node, &room))
            return true;
        pending_hear_folder(tree->pending, str_of(stray->known), now_ns);
        remove_stray(tree, i);
    }
    return false;
}

void moves_finish(struct tree *tree)
{
    while (tree->stray_count) {
        size_t all = SIZE_MAX;
        tree_free_some(tree, tree->strays[tree->stray_count - 1].node, &all);
        remove_stray(tree, tree->stray_count - 1);
    }
    free(tree->strays);
}

// SPDX-License-Identifier: MIT
/*
 * Keeps every folder of the vault watched: new ones, renamed ones, ones that could not be read or
 * had no watch left.
 *
 * A folder is always watched first and listed after: what is made in between is then heard of, or
 * listed, or both. Listing is done in small portions from a queue, so that events are read
 * meanwhile. A folder's watch descriptor is its identity: the kernel gives the same one for the
 * same folder, whatever its name, so a known folder that turns up elsewhere has been moved, also
 * when no event said so.
 *
 * A folder that was renamed away hangs in the air until the other half of the rename comes, or is
 * given up after a moment: it has left the vault (moves.h).
 */
#ifndef WATCH_TREE_H
#define WATCH_TREE_H

#include "watch/nodes.h"
#include "watch/pending.h"
#include "watch/queue.h"
#include "watch/scope.h"

struct stray;

struct tree {
    int root_fd;             /* borrowed, as all pointers up to the queue */
    struct scope scope;      /* folders outside of it are not watched */
    struct pending *pending; /* gets what is to be looked at */
    struct queue *queue;     /* gets folders' moves */
    int64_t stray_ns;        /* how long a folder hangs in the air */
    int64_t retry_ns;        /* how often unwatched folders are looked through */
    struct nodes nodes;
    struct node *list_first, *list_last; /* folders to watch and list */
    struct stray *strays;
    size_t stray_count, stray_capacity;
    uint64_t displaced; /* how many folders lost their name to another one */
    size_t unwatched;   /* how many nodes are NODE_UNWATCHED */
    int64_t retry_due_ns;
    struct strbuf path;
    bool failed; /* memory was out: list all again */
};

/** The fields up to `retry_ns` are set. */
enum nexus_status tree_init(struct tree *tree, struct nexus_error *err);
void tree_finish(struct tree *tree);

/** Everything is to be watched and listed (again). */
void tree_list_all(struct tree *tree);
/** Watches and lists up to `limit` folders. Returns whether there are more. */
bool tree_list_some(struct tree *tree, size_t limit, int64_t now_ns);

/** When tree_pass() has something to do; INT64_MAX: not before an event. */
int64_t tree_due(const struct tree *tree);
/** Gives up strays whose time is over, and looks after unwatched folders. Returns whether there is
 * more to do at once. */
bool tree_pass(struct tree *tree, int64_t now_ns);

/* Events of folders, in the order in which they happened. */
void tree_folder_made(struct tree *tree, struct node *parent, struct str name);
void tree_folder_changed(struct tree *tree, struct node *parent, struct str name, int64_t now_ns);
void tree_folder_deleted(struct tree *tree, struct node *parent, struct str name, int64_t now_ns);
/** The kernel has dropped the watch. */
void tree_watch_dropped(struct tree *tree, struct node *node, int64_t now_ns);

/* For moves.c. */
void tree_enlist(struct tree *tree, struct node *node, unsigned flags);
/** Removes the watches of up to `*limit` nodes of a subtree that is out of the tree, and frees
 * them. True when all are gone. */
bool tree_free_some(struct tree *tree, struct node *top, size_t *limit);

#endif

// SPDX-License-Identifier: MIT
/*
 * The watched folders as a tree, found by their watch descriptor and by their name in their parent.
 * Only folders: what files there are is not remembered. A folder's path is made by going up, so a
 * rename of a folder touches one node, whatever lies below it.
 *
 * About 150 bytes a folder: watching 10,000 of them takes 1.5 MB here.
 */
#ifndef WATCH_NODES_H
#define WATCH_NODES_H

#include "base/strbuf.h"

#include <sys/types.h>

enum { NO_WD = -1 };

enum node_flag {
    NODE_TO_LIST = 1,    /* waits in the queue of folders to watch and list */
    NODE_TELL_FILES = 2, /* … and the files in it are news */
    NODE_DEEP = 4,       /* … and what is below known folders, too */
    NODE_DENIED = 8,     /* may not be read; its mode may change */
    NODE_UNWATCHED = 16, /* there was no watch left for it */
    NODE_SEEN = 32,      /* in the present listing of its parent */
};

struct node {
    struct node *parent; /* NULL: the root, or taken out of the tree */
    struct node *first_child, *next, *previous;
    struct node *name_chain, *wd_chain;
    struct node *queue_next, *queue_previous; /* while NODE_TO_LIST */
    char *name;                               /* in its parent; "" for the root */
    int wd;
    unsigned flags;
    mode_t mode;
};

/** A hash table whose chains go through the nodes. */
struct node_table {
    struct node **buckets;
    size_t bucket_count, count;
};

struct nodes {
    struct node *root;
    struct node_table names, wds;
    size_t count;
};

/** Makes the root. False when memory is out. */
bool nodes_init(struct nodes *nodes);
/** Frees what hangs on the root; nodes that were taken out are freed by nodes_free(). */
void nodes_finish(struct nodes *nodes);

/** A new node in the tree, without a watch. NULL when memory is out. */
struct node *nodes_add(struct nodes *nodes, struct node *parent, struct str name);
/** Takes the node, and all below it, out of the tree. It keeps its watches and its name. */
void nodes_detach(struct nodes *nodes, struct node *node);
/** Puts a node that is out of the tree in at a place where there is none. False when memory is
 * out: it stays outside. */
bool nodes_attach(struct nodes *nodes, struct node *node, struct node *parent, struct str name);
/** Frees a node that is out of the tree and has no children. Its watch is the caller's. */
void nodes_free(struct nodes *nodes, struct node *node);

struct node *nodes_child(const struct nodes *nodes, const struct node *parent, struct str name);
struct node *nodes_by_wd(const struct nodes *nodes, int wd);
/** Gives the node its watch descriptor, or takes it away (NO_WD). False when memory is out. */
bool nodes_set_wd(struct nodes *nodes, struct node *node, int wd);

/** Whether `node` is `above` or lies below it. */
bool node_is_below(const struct node *node, const struct node *above);
/** The topmost node: the tree's root, or of what was taken out. */
struct node *node_top(struct node *node);
/** The node behind `node` in a walk over all below `top`, children before siblings; NULL: none. */
struct node *node_after(const struct node *node, const struct node *top);
/** Writes the path relative to the topmost node, and `name` behind it unless that is empty. */
void node_path(const struct node *node, struct str name, struct strbuf *path);

#endif

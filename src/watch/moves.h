// SPDX-License-Identifier: MIT
/*
 * Folders on the move. A rename comes as two events with one cookie, away from a name and to a
 * name; in between the folder is a stray: out of the tree, with its watches and all below it. A
 * rename that leaves the vault has no second half.
 *
 * What was known below the old path is below the new one: that is told at once, and in the order in
 * which it happened, so whoever follows renames the same names and ends with the same tree. When
 * two folders swap their names in one step (RENAME_EXCHANGE), the second one loses its name before
 * its own rename is heard of: it is given a name that is never on the disk until then.
 */
#ifndef WATCH_MOVES_H
#define WATCH_MOVES_H

#include "watch/tree.h"

struct stray {
    struct node *node;
    char *known;      /* the path under which what is below was last told of */
    char *passing;    /* where it is, or lost its name, without being known there; NULL */
    uint32_t cookie;  /* 0: none */
    int64_t until_ns; /* then it is given up */
    bool missed;      /* something happened below that nobody could name */
};

void moves_left(struct tree *tree, struct node *parent, struct str name, uint32_t cookie,
                int64_t now_ns);
void moves_arrived(struct tree *tree, struct node *parent, struct str name, uint32_t cookie,
                   int64_t now_ns);

/** Takes a folder out that is not where it was and not heard of elsewhere. */
void moves_lose(struct tree *tree, struct node *node, int64_t now_ns);
/** Takes a folder out whose name another one has. */
void moves_displace(struct tree *tree, struct node *node, int64_t now_ns);
/** The folder `known` (in the tree or a stray, or below one) was found at `place`, a node that
 * takes no part from then on. Returns whether `known` is there now. */
bool moves_found(struct tree *tree, struct node *known, struct node *place, int64_t now_ns);

/** Events of a folder that hangs in the air cannot be followed; it is listed when it is back. */
void moves_missed(struct tree *tree, struct node *node);
/** Gives up a stray at once, when `node` is one. */
void moves_give_up(struct tree *tree, const struct node *node, int64_t now_ns);

/** Strays are given up at `until_ns`, unless before. */
void moves_hurry(struct tree *tree, int64_t until_ns);
int64_t moves_due(const struct tree *tree);
/** Removes strays whose time is over, up to some nodes of them. Returns whether there are more. */
bool moves_pass(struct tree *tree, int64_t now_ns);
void moves_finish(struct tree *tree);

#endif

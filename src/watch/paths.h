// SPDX-License-Identifier: MIT
/*
 * Paths that wait for something, found by their name and by whose turn is next: a hash table and a
 * binary heap over the same entries. Only keeps them; what they wait for is pending.c's.
 *
 * Invariant: heap[p->place] == p for every entry, and no entry is due before its parent in the
 * heap.
 */
#ifndef WATCH_PATHS_H
#define WATCH_PATHS_H

#include "base/file.h"
#include "watch/ignore.h"

enum path_state {
    PATH_PENDING,  /* something happened; waits until nothing does */
    PATH_SETTLING, /* being looked at right now */
    PATH_BUSY,     /* a writer has it open */
    PATH_HELD,     /* gone, but a backup of it exists: an editor is about to write it anew */
    PATH_TRACE,    /* an ignored name, kept to know where what passed through it came from */
};

struct waiting {
    struct waiting *chain; /* in its bucket */
    size_t place;          /* in the heap */
    struct waiting *ring;  /* the next of those that renames have tied together; itself: none */
    uint64_t hash;
    char *path;
    size_t path_length;
    enum entry_kind kind;
    enum path_state state;
    bool left;       /* what was here was renamed away */
    bool to_ignored; /* … to an ignored name */
    bool writing;    /* written to, and not closed since */
    bool born;       /* its first event made it */
    bool was_empty;  /* found empty once: may be between truncation and the first write */
    bool rushed;     /* no more waiting for quiet */
    bool told_open;  /* told of while a writer had it open */
    bool has_print;
    struct fingerprint print; /* as last looked at */
    int64_t first_ns;         /* of the present run of events */
    int64_t due_ns;
    int64_t busy_ns; /* since when a writer has been in the way; 0: is not */
    int64_t left_ns;
    int64_t looked_ns;
    unsigned probes; /* while busy */
    char *origin;    /* where its file was before, as it was last told of; NULL: here, or nowhere */
    char *peer;      /* the other end of the last rename from or to here; NULL: none */
};

struct paths {
    struct waiting **heap;
    size_t count, capacity;
    struct waiting **buckets;
    size_t bucket_count;
};

/** The zero value is an empty set, too. */
void paths_finish(struct paths *paths);

struct waiting *paths_find(const struct paths *paths, struct str path, enum entry_kind kind);
/** Adds what is not there yet. NULL when memory is out. */
struct waiting *paths_add(struct paths *paths, struct str path, enum entry_kind kind,
                          int64_t due_ns);
enum { RING_LIMIT = 64 };
/** Ties two entries, and those tied to them, together, unless that makes too many of them. */
void paths_tie(struct waiting *a, struct waiting *b);
/** Takes it out and frees it. */
void paths_remove(struct paths *paths, struct waiting *waiting);
void paths_set_due(struct paths *paths, struct waiting *waiting, int64_t due_ns);
/** Gives it another path, which must not be in use. False when memory is out. */
bool paths_rename(struct paths *paths, struct waiting *waiting, struct str path);
/** The one that is due first, or NULL. */
struct waiting *paths_first(const struct paths *paths);

#endif

// SPDX-License-Identifier: MIT
/* What replace.c prepares and exchange.c, in_place.c put in place. For this folder alone. */
#ifndef WRITEBACK_REPLACEMENT_H
#define WRITEBACK_REPLACEMENT_H

#include "base/lease.h"
#include "writeback/replace.h"
#include "writeback/temporary.h"

enum { PLACE_SIZE = TEMPORARY_SIZE + 64 };

struct replacement {
    char *path;
    enum replace_way way;
    char temporary[TEMPORARY_SIZE]; /* "": there is none */
    char place[PLACE_SIZE];         /* the same as a path from the root; "": beside the file */
    struct str bytes;               /* borrowed */
    struct hash expected, wanted;
    struct fingerprint base; /* of what is to be replaced, as it was read */
    struct fingerprint ours; /* of the temporary file */
    size_t there;
};

/** With its path, and nothing made for it yet. NULL when memory is out. */
struct replacement *replacement_new(const char *path);
void replacement_free(struct replacement *replacement);

/** Opens the folder that the temporary file lies in. */
enum nexus_status replacement_open(const struct replacement *replacement, int root_fd, int *ret_fd,
                                   struct nexus_error *err);

/** One commit. */
struct commit {
    struct replacer *replacer;
    const struct replacement *replacement;
    int folder_fd;
    int temporary_fd; /* the folder of what is under the temporary name */
    const char *name; /* of the file, in the folder */
    int64_t now_ns;
    bool is_unused; /* the temporary file still is what was prepared, and may be dropped */
    struct replace_outcome *outcome;
};

enum nexus_status commit_exchange(struct commit *commit, struct nexus_error *err);
enum nexus_status commit_aside(struct commit *commit, struct nexus_error *err);
enum nexus_status commit_in_place(struct commit *commit, struct nexus_error *err);

/** Somebody saved since the edit was computed. */
enum nexus_status commit_changed(const struct commit *commit, struct nexus_error *err);

/** The shelter is on another filesystem than the file: from now on it is done without, and this one
 * anew. */
enum nexus_status commit_unsheltered(struct commit *commit, struct nexus_error *err);

/** What is under the temporary name goes into the quarantine. `content`: what it held; NULL:
 * unknown. */
void commit_displaced(const struct commit *commit, const char *name, const struct hash *content,
                      enum writer writer);

/** What a name in the folder holds. */
enum held {
    HELD_WANTED,  /* the version that was asked for, and nobody is writing it */
    HELD_OTHER,   /* another one, whole; `bytes` */
    HELD_OPEN,    /* somebody is writing it */
    HELD_UNKNOWN, /* it cannot be read, is too large, or no regular file */
    HELD_NOTHING,
};
enum held held_look(int folder_fd, const char *name, const struct hash *wanted, int64_t limit_bytes,
                    struct strbuf *bytes, enum writer *ret_writer);

/** Whether it is the expected version of the file at `path`: NEXUS_ERROR_CHANGED, NEXUS_ERROR_BUSY,
 *  NEXUS_ERROR_NOT_FOUND, NEXUS_ERROR_REFUSED. `bytes` may be NULL. */
enum nexus_status held_expect(const struct replacer *replacer, int folder_fd, const char *name,
                              const char *path, const struct hash *expected, struct strbuf *bytes,
                              struct nexus_error *err);

#endif

// SPDX-License-Identifier: MIT
/*
 * The audit log: permission changes, and each access through the gate. It holds no content.
 *
 * Its rows are a chain: each has the SHA-256 of the one before, and its own over all of its
 * columns. So a row that was altered, taken out or put in shows, unless everything behind it is
 * made anew; that shows against the copy in logs/audit.jsonl. Ids only ever grow by one, so that
 * rows cut off at the end show, too.
 */
#ifndef STORE_AUDIT_H
#define STORE_AUDIT_H

#include "base/arena.h"
#include "model/change.h"
#include "store/store.h"

struct audit_entry {
    const char *actor;  /* "ai", "cloud", "owner", "unknown", "nexus" */
    const char *action; /* "read", "permission", "expiry" */
    enum change_origin origin;
    int64_t object_id;      /* 0: none */
    struct str uid;         /* `at` NULL: none */
    struct str detail_json; /* `at` NULL: none */
};

/** Within a transaction. */
enum nexus_status store_audit_add(struct store *store, const struct audit_entry *entry,
                                  struct nexus_error *err);

enum audit_finding {
    AUDIT_ALTERED,  /* the row does not have the hash that it says */
    AUDIT_UNLINKED, /* the row does not follow the one before it */
    AUDIT_MISSING,  /* there is no row of that id, nor up to the next finding's or row's */
    AUDIT_COPY,     /* its line in the copy is another one */
};
typedef void audit_found(void *context, enum audit_finding finding, int64_t id);

/** Walks the chain and tells what is wrong with it. */
enum nexus_status store_audit_check(struct store *store, audit_found *found, void *context,
                                    struct nexus_error *err);

/** Called with each row as a line of the copy, without a line end. */
typedef enum nexus_status audit_line(void *context, int64_t id, struct str line,
                                     struct nexus_error *err);
/** The rows behind `id`, in order. */
enum nexus_status store_audit_lines(struct store *store, int64_t id, audit_line *line,
                                    void *context, struct nexus_error *err);
/** The row of that id as a line; NEXUS_ERROR_NOT_FOUND when there is none. */
enum nexus_status store_audit_line(struct store *store, int64_t id, struct arena *arena,
                                   struct str *ret_line, struct nexus_error *err);

#endif

// SPDX-License-Identifier: MIT
/*
 * Changing objects, and what may be done about changes afterwards.
 *
 * A change is written to the database, as anybody's SQL is; the next nexus_sync() carries it into
 * the file, or takes it back, and nexus_edit_outcome() tells which. Where a program follows the
 * vault (`nexus watch`), it does so by itself a moment later. A change that the schema refuses is
 * told at once and is not written at all.
 */
#ifndef NEXUS_EDIT_H
#define NEXUS_EDIT_H

#include "nexus/vault.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum nexus_value_kind {
    NEXUS_VALUE_TEXT,
    NEXUS_VALUE_INTEGER,
    NEXUS_VALUE_REAL,
    NEXUS_VALUE_BOOLEAN,
    NEXUS_VALUE_NULL,
    NEXUS_VALUE_JSON, /* any value, as JSON text; numbers keep all their digits */
    NEXUS_VALUE_WORD, /* as a person types it: what is JSON is taken as such, unless the schema
                         wants a text there */
    NEXUS_VALUE_NONE, /* the property goes */
};

/** One property of an object. Texts are borrowed for the call. */
struct nexus_value {
    const char *property;
    enum nexus_value_kind kind;
    const char *text; /* of TEXT, JSON and WORD: UTF-8, with its length */
    size_t length;
    int64_t integer; /* of INTEGER; of BOOLEAN 0 or 1 */
    double real;
};

/** A change that was written, for nexus_edit_outcome(). */
struct nexus_edit {
    int64_t object_id;
    int64_t history_seq, conflict_id; /* what was there before: what lies behind came of it */
};

/** The object of that id, uid or path (of an item: `todos.json#1`). NEXUS_ERROR_NOT_FOUND. */
NEXUS_API enum nexus_status nexus_object_find(struct nexus_vault *vault, const char *name,
                                              int64_t *ret_id, struct nexus_error *err);

/* Each of these three is NEXUS_ERROR_REFUSED with a sentence when schema or permission say no, and
 * nothing is changed then. */

/** Makes an object. `path` NULL: its schema's pattern names the file. */
NEXUS_API enum nexus_status nexus_object_create(struct nexus_vault *vault, const char *schema,
                                                const char *path, const struct nexus_value *values,
                                                size_t count, struct nexus_edit *ret_edit,
                                                struct nexus_error *err);
/** Changes these properties and no other. `path` not NULL: its file moves there. */
NEXUS_API enum nexus_status nexus_object_set(struct nexus_vault *vault, int64_t object_id,
                                             const char *path, const struct nexus_value *values,
                                             size_t count, struct nexus_edit *ret_edit,
                                             struct nexus_error *err);
/** Removes it: its file goes to the trash, an item goes out of its file. */
NEXUS_API enum nexus_status nexus_object_remove(struct nexus_vault *vault, int64_t object_id,
                                                struct nexus_edit *ret_edit,
                                                struct nexus_error *err);

enum nexus_edit_state {
    NEXUS_EDIT_WRITTEN,   /* the file says it */
    NEXUS_EDIT_UNCHANGED, /* … and said so before */
    NEXUS_EDIT_WAITING,   /* not yet; it will be tried (again) */
    NEXUS_EDIT_HELD,      /* not yet; it waits for NEXUS_REQUEST_APPLY or DISCARD */
    NEXUS_EDIT_REFUSED,   /* it was taken back */
};
struct nexus_edit_outcome {
    enum nexus_edit_state state;
    char *path;          /* of the object now; NULL: it is not there, or has no file yet */
    char *reason;        /* of REFUSED, and of WAITING where it is known; else NULL */
    int64_t conflict_id; /* the file had been changed as well: row of `conflicts`; 0: no */
    bool has_file_won;   /* of that conflict */
};
/** `*ret_outcome` wants its finish on success. */
NEXUS_API enum nexus_status nexus_edit_outcome(struct nexus_vault *vault,
                                               const struct nexus_edit *edit,
                                               struct nexus_edit_outcome *ret_outcome,
                                               struct nexus_error *err);
NEXUS_API void nexus_edit_outcome_finish(struct nexus_edit_outcome *outcome);

enum nexus_request_kind {
    NEXUS_REQUEST_APPLY,   /* what is held is written */
    NEXUS_REQUEST_DISCARD, /* what is held is taken back, and what was refused told no more */
    NEXUS_REQUEST_UNDO,    /* `argument`, a seq of `history`, is put back */
    NEXUS_REQUEST_RESOLVE, /* `argument`, an id of `conflicts`, is settled by `choice` */
};
struct nexus_request {
    enum nexus_request_kind kind;
    int64_t argument;
    const char *choice; /* of RESOLVE: "file", "database", "both"; else NULL */
    int64_t id;         /* set by nexus_request() */
};
/** Asks for all of these, in their order; the next sync carries them out. */
NEXUS_API enum nexus_status nexus_request(struct nexus_vault *vault, struct nexus_request *requests,
                                          size_t count, struct nexus_error *err);

struct nexus_answer {
    bool is_given;     /* false: it was not carried out yet */
    uint64_t done;     /* files that it concerned */
    char reason[1024]; /* why it could not be; empty: it was */
};
NEXUS_API enum nexus_status nexus_request_answer(struct nexus_vault *vault, int64_t request_id,
                                                 struct nexus_answer *ret_answer,
                                                 struct nexus_error *err);

#ifdef __cplusplus
}
#endif
#endif

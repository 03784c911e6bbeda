// SPDX-License-Identifier: MIT
/* What a carried writing leaves in the database: history before, the new state of both sides after.
 * Private to engine/carry.c, which says in which order. */
#ifndef ENGINE_RECORD_H
#define ENGINE_RECORD_H

#include "engine/carry.h"
#include "writeback/replace.h"

enum carried_state {
    CARRIED_DONE,    /* or still to be done */
    CARRIED_ANEW,    /* the file changed meanwhile: plan again */
    CARRIED_LATER,   /* a passing cause: try again later */
    CARRIED_REFUSED, /* it will never be: the rows are taken back */
};

struct carried {
    struct writing *writing;
    enum carried_state state;
    struct nexus_error reason;
    struct replacement *replacement;
    struct replace_outcome outcome;
    struct strbuf *copies; /* for each entry: where the version that lost a conflict is kept */
    int64_t *conflicts;    /* for each entry: its conflict, once it is listed */
    int64_t seq, move_seq;
    struct digest_object *after; /* the file's objects by key */
    struct outbox_entry *now;    /* what the outbox holds when the outcome is recorded */
    size_t now_count;
};

/** The path of one object: the file's, or of an item in it. */
struct str record_path(struct writing *writing, const struct writing_entry *entry);

/** Keeps the versions that are about to lose a conflict: as files and as rows. */
enum nexus_status record_losers(struct carry *carry, struct carried *carried,
                                struct nexus_error *err);

/** Before anything is put beside a file: the database says that there may be something. */
enum nexus_status record_mark(struct carry *carry, struct nexus_error *err);

/** One transaction: history gets the bytes of before, and the list of conflicts what is about to
 * lose. */
enum nexus_status record_intents(struct carry *carry, struct carried *carried, size_t count,
                                 struct nexus_error *err);

/** One transaction: the rows are what the files are now. */
enum nexus_status record_outcomes(struct carry *carry, struct carried *carried, size_t count,
                                  struct nexus_error *err);

/** Within a transaction: the intent came to nothing. */
enum nexus_status record_undo_intent(struct carry *carry, struct carried *carried,
                                     struct nexus_error *err);

/* A move is a transaction of its own before and after it; where there was no file to be moved, only
 * after it. */
enum nexus_status record_move_begin(struct carry *carry, struct carried *carried,
                                    struct nexus_error *err);
enum nexus_status record_moved(struct carry *carry, const struct carried *carried,
                               struct nexus_error *err);
void record_move_drop(struct carry *carry, struct carried *carried);

/** Lists a conflict, unless that was done already. */
enum nexus_status record_conflict(struct carry *carry, struct carried *carried, size_t index,
                                  struct nexus_error *err);

/** Frees what the record_ calls left in it. */
void record_finish(struct carried *carried);

#endif

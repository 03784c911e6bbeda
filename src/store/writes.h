// SPDX-License-Identifier: MIT
/*
 * What Nexus writes into files, with the bytes of before; versions that lost a conflict; and what a
 * person asked for by a command. All inside a transaction, but for reading.
 */
#ifndef STORE_WRITES_H
#define STORE_WRITES_H

#include "model/change.h"
#include "store/store.h"

enum write_op { WRITE_CREATE, WRITE_UPDATE, WRITE_DELETE, WRITE_MOVE, WRITE_REFUSED };
/** The word in SQL. Static. */
const char *write_op_name(enum write_op op);

/** A row of `history`. */
struct store_write {
    int64_t seq;
    enum write_op op;
    enum change_origin origin;
    struct str path;
    int64_t object_id; /* 0: several objects, or none */
    struct str before; /* the file's bytes; `at` NULL: there was no file */
    bool has_before_hash, has_after_hash;
    struct hash before_hash, after_hash; /* of the file's bytes; none: no file */
    struct str refused;                  /* of WRITE_REFUSED: the content that was taken back */
    int64_t undoes;                      /* the seq that this one puts back, or 0 */
    int64_t batch;         /* what was written in one go; see store_history_new_batch() */
    struct str moved_from; /* of WRITE_MOVE */
    struct str temporary;  /* while it is under way; `at` NULL: it is done */
};

enum nexus_status store_history_add(struct store *store, const struct store_write *write,
                                    int64_t *ret_seq, struct nexus_error *err);
/** It was carried out. */
enum nexus_status store_history_finish(struct store *store, int64_t seq, struct nexus_error *err);
/** It was not carried out. */
enum nexus_status store_history_drop(struct store *store, int64_t seq, struct nexus_error *err);
/** NEXUS_ERROR_NOT_FOUND when it is not there (any more). Texts are copied into the arena. */
enum nexus_status store_history_get(struct store *store, int64_t seq, struct arena *arena,
                                    struct store_write *ret_write, struct nexus_error *err);
/** Those that a crash may have left under way. */
enum nexus_status store_history_unfinished(struct store *store, struct arena *arena,
                                           struct store_write **ret_writes, size_t *ret_count,
                                           struct nexus_error *err);
/** A number above all batches. */
enum nexus_status store_history_new_batch(struct store *store, int64_t *ret_batch,
                                          struct nexus_error *err);
enum nexus_status store_history_expire(struct store *store, int64_t before_ns,
                                       struct nexus_error *err);

/** Problems that tell of a refused write which history does not know any more go. */
enum nexus_status store_refusals_expire(struct store *store, struct nexus_error *err);
/** A person has seen them: they go, and history keeps what was refused. */
enum nexus_status store_refusals_drop(struct store *store, struct nexus_error *err);

/** A row of `conflicts`. */
struct store_conflict {
    int64_t id, object_id;
    struct str path, uid;
    bool is_open;
    bool has_file_won;
    bool has_base_hash;
    struct hash base_hash;
    struct str file_version;     /* the file's bytes; `at` NULL: it was deleted */
    struct str database_version; /* content_json; `at` NULL: the row was deleted */
    struct str copy_path;        /* below .nexus/conflicts/; `at` NULL: none */
    bool has_file_time, has_database_time;
    int64_t file_time_ns;     /* when the file was changed, as its filesystem says */
    int64_t database_time_ns; /* when the row was changed or deleted */
    struct str why;           /* what decided, for a person; one line */
};
/** `ret_id` may be NULL; 0 where the very same conflict is open already. */
enum nexus_status store_conflict_add(struct store *store, const struct store_conflict *conflict,
                                     int64_t *ret_id, struct nexus_error *err);
/** For one that did not come about in the end. */
enum nexus_status store_conflict_drop(struct store *store, int64_t id, struct nexus_error *err);
enum nexus_status store_conflict_get(struct store *store, int64_t id, struct arena *arena,
                                     struct store_conflict *ret_conflict, struct nexus_error *err);
/** `resolution`: "file", "database" or "both". */
enum nexus_status store_conflict_settle(struct store *store, int64_t id, const char *resolution,
                                        struct nexus_error *err);

enum request_kind { REQUEST_APPLY, REQUEST_DISCARD, REQUEST_UNDO, REQUEST_RESOLVE };
/** The word in SQL. Static. */
const char *request_kind_name(enum request_kind kind);
struct store_request {
    int64_t id;
    enum request_kind kind;
    int64_t argument;
    struct str choice;
};
/** The oldest above `after` that has no answer; `*ret_found` is false when there is none. */
enum nexus_status store_request_next(struct store *store, int64_t after, struct arena *arena,
                                     struct store_request *ret_request, bool *ret_found,
                                     struct nexus_error *err);
/** `answer` is empty, or what went wrong; `done` counts files. */
enum nexus_status store_request_answer(struct store *store, int64_t id, struct str answer,
                                       uint64_t done, struct nexus_error *err);
/** Forgets answered ones from before that time. */
enum nexus_status store_requests_expire(struct store *store, int64_t before_ns,
                                        struct nexus_error *err);

#endif

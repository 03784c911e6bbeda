// SPDX-License-Identifier: MIT
/*
 * What somebody changed with SQL and no file says yet. Triggers fill it, in whatever program the
 * SQL runs; an entry keeps what the object was before its first change, so that the change can be
 * carried into the file, compared with a change of the file, or taken back. An object stands here
 * once, however often it was changed.
 *
 * An entry may stand for an object that is as it was before: changed and changed back.
 *
 * While an entry stands, the search index still holds the content of before.
 */
#ifndef STORE_OUTBOX_H
#define STORE_OUTBOX_H

#include "store/store.h"

enum outbox_op {
    OUTBOX_CREATE, /* the row is new */
    OUTBOX_UPDATE, /* content, schema or path differ from before */
    OUTBOX_DELETE, /* the row is gone */
};

enum outbox_state {
    OUTBOX_WAITING,
    OUTBOX_HELD,     /* by the brake: a person decides */
    OUTBOX_APPROVED, /* … has decided: carry it out */
};

/** One side of an entry. */
struct outbox_side {
    int64_t schema_id;
    int64_t file_id;         /* 0: none */
    struct str path;         /* file_path; `at` NULL: none */
    struct str item_key;     /* `at` NULL: a whole file */
    struct str content_json; /* `at` NULL: not known (found by the sweep), or not there at all */
};

/** Texts are copied into the caller's arena. */
struct outbox_entry {
    int64_t object_id;
    enum outbox_op op;
    enum outbox_state state;
    struct str uid;
    struct outbox_side was; /* before the first change; all zero for OUTBOX_CREATE */
    struct outbox_side is;  /* now; all zero for OUTBOX_DELETE */
    bool has_base;
    struct hash base_hash; /* of the content both sides agreed on */
    int64_t changed_at_ns; /* the last change: the row's updated_at, or when it was deleted */
    int64_t tries;         /* how often carrying it out failed for a passing cause */
    bool is_read_only;     /* object_permissions.read_only, now (of before, for a deleted one) */
};

/** The files that have entries in that state (a file: one of its objects), ascending and above
 *  `after`; at most `limit`. Entries whose retry time is after `now_ns` are left out. File id 0
 *  stands for objects that have no file yet: it is never in this list (store_outbox_fileless()). */
enum nexus_status store_outbox_files(struct store *store, enum outbox_state state, int64_t now_ns,
                                     int64_t after, size_t limit, struct arena *arena,
                                     int64_t **ret_file_ids, size_t *ret_count,
                                     struct nexus_error *err);

/** All entries of a file, in the order of the object ids. */
enum nexus_status store_outbox_of_file(struct store *store, int64_t file_id, struct arena *arena,
                                       struct outbox_entry **ret_entries, size_t *ret_count,
                                       struct nexus_error *err);

/** Entries of objects without a file in that state, by object id, above `after`, at most `limit`.
 */
enum nexus_status store_outbox_fileless(struct store *store, enum outbox_state state,
                                        int64_t now_ns, int64_t after, size_t limit,
                                        struct arena *arena, struct outbox_entry **ret_entries,
                                        size_t *ret_count, struct nexus_error *err);

/** One entry; NEXUS_ERROR_NOT_FOUND when there is none. */
enum nexus_status store_outbox_get(struct store *store, int64_t object_id, struct arena *arena,
                                   struct outbox_entry *ret_entry, struct nexus_error *err);

/** Whether any object of the file has an entry. Cheap. */
enum nexus_status store_outbox_has_file(struct store *store, int64_t file_id, bool *ret_has,
                                        struct nexus_error *err);

struct outbox_counts {
    uint64_t entries;
    uint64_t waiting_files;   /* files (and objects without one) in OUTBOX_WAITING */
    uint64_t waiting_deletes; /* whole files among them that a delete would remove */
    uint64_t held_files;
    int64_t next_retry_ns; /* the earliest retry time that lies ahead of `now_ns`; 0: none */
};
/** Reads next to nothing when the outbox is empty. */
enum nexus_status store_outbox_count(struct store *store, int64_t now_ns,
                                     struct outbox_counts *ret_counts, struct nexus_error *err);

/* The rest inside a transaction. */

/** Everything in one state gets another one (the brake, and the person who decides). */
enum nexus_status store_outbox_mark(struct store *store, enum outbox_state from,
                                    enum outbox_state to, struct nexus_error *err);

/** Puts the file's entries off until `retry_at_ns`, and counts the try. file_id 0: `object_id`'s.
 */
enum nexus_status store_outbox_delay(struct store *store, int64_t file_id, int64_t object_id,
                                     int64_t retry_at_ns, struct nexus_error *err);

/** What was put off is due now; file_id 0: of every file. */
enum nexus_status store_outbox_hurry(struct store *store, int64_t file_id, struct nexus_error *err);

/** What was not known: the content of before. */
enum nexus_status store_outbox_know(struct store *store, int64_t object_id, struct str content_json,
                                    struct nexus_error *err);

/** Whether entry and row say the same. */
bool outbox_entry_is_same(const struct outbox_entry *a, const struct outbox_entry *b);

/** Whether entry and row still are as they were read: whoever is about to write the row asks first.
 */
enum nexus_status store_outbox_is_current(struct store *store, const struct outbox_entry *entry,
                                          bool *ret_current, struct nexus_error *err);

/** The file says now what `entry->is` says: the entry goes. If the row was changed again since the
 *  entry was read, an entry stays that has `entry->is` as what was before. The row's derived data
 *  must have been put before this (store_derived_put()), and the object its place in the file;
 * where the row was put in other words, `is` says them as well. Only content, schema and (if `is`
 * has one) path are compared. For OUTBOX_DELETE what was derived goes and a tombstone is left. No
 * feed entry: the trigger has told. */
enum nexus_status store_outbox_done(struct store *store, const struct outbox_entry *entry,
                                    struct nexus_error *err);

/** The file is gone and its path is another's: what was deleted is done, and what was changed is a
 *  new object without a file, at the path that its row asked for, if it asked for another. */
enum nexus_status store_outbox_detach(struct store *store, const struct outbox_entry *entry,
                                      struct nexus_error *err);

/** Makes the object what it was before (a new one is deleted, a deleted one is back with its
 *  permissions, id and uid) and takes the entry out, provided that it still is as it was read; else
 *  nothing happens and `*ret_taken` is false. Told in the feed with ORIGIN_NEXUS. */
enum nexus_status store_outbox_take_back(struct store *store, const struct outbox_entry *entry,
                                         bool *ret_taken, struct nexus_error *err);

/** Whom a row is believed that says something else than both sides agreed on, while no trigger told
 * of a change. */
enum sweep_trust {
    SWEEP_ROWS,  /* somebody wrote past the triggers (REPLACE, dropped triggers): it is an edit */
    SWEEP_FILES, /* nobody can have: the row is damaged. Its file is read again; what the row said
                  * is kept in history */
};

/** Compares every row's content with the base that both sides agreed on. `*ret_found` counts those
 * that differ. */
enum nexus_status store_outbox_sweep(struct store *store, enum sweep_trust trust,
                                     uint64_t *ret_found, struct nexus_error *err);

/** In a transaction. Of a database in which damage was found, or may be: what was derived from the
 * files is thrown away, and every file read again; if only damage may be, when the search index is
 * found not to be sound. */
enum derive_again { DERIVE_DAMAGED, DERIVE_ALL };
enum nexus_status store_derive_again(struct store *store, enum derive_again how,
                                     struct nexus_error *err);

#endif

// SPDX-License-Identifier: MIT
/* Objects: what they say, who they are, and the tombstones of deleted ones. */
#ifndef STORE_OBJECTS_H
#define STORE_OBJECTS_H

#include "model/change.h"
#include "store/store.h"

enum { UID_TEXT_SIZE = 37 };

/** An object as it is wanted. */
struct store_object {
    int64_t id;        /* 0: the one at `path`, or a new one */
    int64_t revive_id; /* a tombstone whose id, uid and permissions the new object takes over */
    int64_t schema_id;
    int64_t file_id;
    struct str path;         /* file_path: the file's, with "#" and the key behind it for an item */
    struct str item_key;     /* `at` NULL: the object is a whole file */
    struct str content_json; /* valid JSON: the caller has proven it */
    struct hash content_hash; /* of content_json */
    bool is_told;   /* the feed has it already, from the trigger of whoever changed the row */
    bool is_outrun; /* the row was changed again since: only the base is set, and it stays */
};

enum store_outcome { STORE_UNCHANGED, STORE_CREATED, STORE_UPDATED };

/** Makes content, schema and path of the object as wanted, and sets the base that both sides agree
 *  on. A change raises `rev` and is told in the feed. An object that is new gets default
 *  permissions. NEXUS_ERROR_EXISTS when another object has that path. `ret_id` and `ret_outcome`
 *  may be NULL. */
enum nexus_status store_object_put(struct store *store, const struct store_object *object,
                                   enum change_origin origin, int64_t *ret_id,
                                   enum store_outcome *ret_outcome, struct nexus_error *err);

/** Where an object that SQL made lies: a file, and its place in it. */
enum nexus_status store_object_place(struct store *store, int64_t id, int64_t file_id,
                                     struct str path, struct str item_key, struct nexus_error *err);

/** Deletes the object with all that was derived from it, and leaves a tombstone. */
enum nexus_status store_object_delete(struct store *store, int64_t id, enum change_origin origin,
                                      struct nexus_error *err);

/** An object as it is. Texts are copied into the caller's arena. */
struct store_object_row {
    int64_t id, schema_id, file_id; /* file_id 0: it has no file yet */
    struct str path;                /* `at` NULL: none yet */
    struct str item_key;            /* `at` NULL: a whole file */
    struct str uid;
    struct str content_json;
    bool has_base;
    struct hash base_hash; /* of the content that both sides agreed on */
    int64_t rev;
    int64_t updated_at_ns;
};

enum nexus_status store_object_get(struct store *store, int64_t id, struct arena *arena,
                                   struct store_object_row *ret_object, struct nexus_error *err);

/** The object whose file_path that is; NEXUS_ERROR_NOT_FOUND when there is none. */
enum nexus_status store_object_at(struct store *store, struct str path, struct arena *arena,
                                  struct store_object_row *ret_object, struct nexus_error *err);

/** The objects of a file, by key, without their content (`content_json.at` is NULL). */
enum nexus_status store_objects_of_file(struct store *store, int64_t file_id, struct arena *arena,
                                        struct store_object_row **ret_objects, size_t *ret_count,
                                        struct nexus_error *err);

/** A deleted object. Texts are copied into the caller's arena. */
struct store_tombstone {
    int64_t object_id, schema_id;
    struct str path, item_key; /* `at` NULL: none */
    bool has_base, has_file_hash;
    struct hash base_hash; /* of its content */
    struct hash file_hash; /* of its file's bytes when they were last read */
    uint64_t inode;
    int64_t birth_ns;
    int64_t deleted_at_ns;
};

/** The tombstones of that path, newest first. */
enum nexus_status store_tombstones_at(struct store *store, struct str path, struct arena *arena,
                                      struct store_tombstone **ret_tombstones, size_t *ret_count,
                                      struct nexus_error *err);
/** Those whose file was the one with that inode and time of birth, newest first. */
enum nexus_status store_tombstones_of(struct store *store, const struct fingerprint *print,
                                      struct arena *arena, struct store_tombstone **ret_tombstones,
                                      size_t *ret_count, struct nexus_error *err);
/** Those whose file had these bytes, newest first. */
enum nexus_status store_tombstones_with(struct store *store, struct hash file_hash,
                                        struct arena *arena,
                                        struct store_tombstone **ret_tombstones, size_t *ret_count,
                                        struct nexus_error *err);

enum { TOMBSTONE_DAYS = 90 };
/** Forgets tombstones that are older than TOMBSTONE_DAYS. */
enum nexus_status store_tombstones_expire(struct store *store, struct nexus_error *err);

#endif

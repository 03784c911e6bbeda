// SPDX-License-Identifier: MIT
/* The rows of object_permissions, as they are read and written within a transaction. */
#ifndef STORE_PERMISSIONS_H
#define STORE_PERMISSIONS_H

#include "base/arena.h"
#include "model/change.h"
#include "model/permission.h"
#include "store/store.h"

struct store_permission {
    int64_t object_id;
    struct str uid, path;  /* `at` of the path NULL: no file yet */
    struct permission row; /* all "no" when there is no row: what anybody may do then */
};

/** NEXUS_ERROR_NOT_FOUND when there is no such object. Texts are the arena's. */
enum nexus_status store_permission_get(struct store *store, int64_t object_id, struct arena *arena,
                                       struct store_permission *ret_permission,
                                       struct nexus_error *err);
/** Somebody has said what the object's permissions are: no rule of the settings does any more. */
enum nexus_status store_permission_decide(struct store *store, int64_t object_id,
                                          struct nexus_error *err);
/** Writes the row, decided by somebody, and tells the feed. */
enum nexus_status store_permission_put(struct store *store,
                                       const struct store_permission *permission,
                                       enum change_origin origin, struct nexus_error *err);

/** The latest time that was ever seen: 0 when none was, INT64_MAX when it cannot be read. */
enum nexus_status store_clock_get(struct store *store, int64_t *ret_latest_ns,
                                  struct nexus_error *err);
/** It is the transaction's time from now on. */
enum nexus_status store_clock_set(struct store *store, struct nexus_error *err);

/** An edit with SQL that no audit entry tells of yet. */
struct store_permission_edit {
    int64_t object_id;
    struct str uid;
    struct permission before, after;
};
/** Takes the oldest one out. `*ret_found` false: there is none. */
enum nexus_status store_permission_edit_take(struct store *store, struct arena *arena,
                                             struct store_permission_edit *ret_edit,
                                             bool *ret_found, struct nexus_error *err);

/** What the object's row was before the oldest one of it, if there is one. */
enum nexus_status store_permission_edit_first(struct store *store, int64_t object_id,
                                              struct arena *arena, struct permission *ret_before,
                                              bool *ret_found, struct nexus_error *err);

/** A permission that ends. `expires_at` is as it stands in the row. */
typedef enum nexus_status permission_ending(void *context, int64_t object_id, struct str expires_at,
                                            struct nexus_error *err);
enum nexus_status store_permissions_ending(struct store *store, permission_ending *each,
                                           void *context, struct nexus_error *err);

/** What differs from the default: the id, and the rest as a JSON object. */
typedef enum nexus_status permission_line(void *context, int64_t object_id, struct str json,
                                          struct nexus_error *err);
enum nexus_status store_permissions_lines(struct store *store, permission_line *each, void *context,
                                          struct nexus_error *err);

#endif

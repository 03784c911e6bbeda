// SPDX-License-Identifier: MIT
/*
 * What only a database knows that is about to be replaced, carried over into the one that takes its
 * place: who is who, history, conflicts, the feed, the audit log, and what SQL had changed
 * and no file says yet.
 *
 * The old one may be damaged. Each table is read row by row; behind a row that cannot be read the
 * reading goes on, in growing steps. A table that cannot be read at all costs that table.
 *
 * What is there in the new database stays: an older copy knows the beginning, the salvage adds what
 * came later. An object comes over as a tombstone: whoever looks at its file makes it the same
 * object again. The audit log goes on only where the chain does.
 */
#ifndef STORE_SALVAGE_H
#define STORE_SALVAGE_H

#include "model/permission.h"
#include "store/store.h"

struct store_salvaged {
    uint64_t objects, history, conflicts, changes;
    bool has_gaps; /* something could not be read */
};

/** In a transaction of the new database, whose time the tombstones of living objects get. Ids above
 * `highest_id` are nobody's (0: not known). A file that is no database salvages nothing. */
enum nexus_status store_salvage(struct store *store, const char *old_path, int64_t highest_id,
                                struct store_salvaged *ret_salvaged, struct nexus_error *err);

/** In a transaction of a copy that was put back: what SQL had changed then was carried out or taken
 * back since. Its rows are as the files say when store_outbox_sweep() has seen to them. */
enum nexus_status store_forget_edits(struct store *store, struct nexus_error *err);

/** In a transaction, once the files were looked at: takes over the edits of rows whose object still
 * is what it was then; `kept` is called for those that cannot be taken over, with what the row
 * said (`at` NULL: it was deleted, or cannot be read). */
typedef enum nexus_status salvage_kept(void *context, int64_t object_id, struct str path,
                                       struct str content_json, struct nexus_error *err);
enum nexus_status store_salvage_edits(struct store *store, const char *old_path,
                                      uint64_t *ret_taken, salvage_kept *kept, void *context,
                                      struct nexus_error *err);

/** An object that is known from elsewhere. */
struct store_planted {
    int64_t object_id;
    struct str uid, path, base_hash; /* `at` of the hash NULL: not known */
    struct permission row;
};
/** In a transaction, behind the salvage and before the files are looked at: the object becomes a
 * tombstone of the transaction's time, or the one that is there as strict as this. */
enum nexus_status store_plant(struct store *store, const struct store_planted *planted,
                              bool *ret_was_known, struct nexus_error *err);
/** Those whose ids are not in the JSON array are shared with nobody. */
enum nexus_status store_plant_close_others(struct store *store, struct str ids_json,
                                           struct nexus_error *err);

/** In a transaction: no object gets an id up to `object_id`, no change a number up to `change`. */
enum nexus_status store_reserve(struct store *store, int64_t object_id, int64_t change,
                                struct nexus_error *err);

/** Permissions of the old database, by object: what it says of the object with that id and uid, all
 * "no" for one that it does not know. NULL when it is no database. */
struct store_old;
struct store_old *store_old_open(const char *old_path);
void store_old_close(struct store_old *old);
bool store_old_permission(struct store_old *old, int64_t object_id, struct str uid,
                          struct arena *arena, struct permission *ret_row);

#endif

// SPDX-License-Identifier: MIT
/*
 * `.nexus/permissions.json`, read back.
 *
 * A file whose text the database remembers having written says nothing new. One that it does not
 * remember, but that was the last to be written (the watermark tells), is newer than the database:
 * an older one was put back, and the stricter of both counts. Any other was edited by somebody, and
 * is taken as an edit: stricter or looser, in the audit log with the origin `file`.
 *
 * An entry counts for the object with its id and uid. One whose object cannot be told is not
 * applied, and told as a problem of the file.
 */
#ifndef ENGINE_PERMISSIONS_READ_H
#define ENGINE_PERMISSIONS_READ_H

#include "engine/engine.h"
#include "model/permission.h"
#include "store/salvage.h"

struct permissions_entry {
    int64_t object_id;
    struct str uid, path, base_hash; /* `at` NULL: it does not say */
    struct permission row;
    int64_t
        write_bits;  /* to be given back when it is not read-only any more; -1: it does not say */
    bool is_certain; /* the object is known from a database as well */
};

/** The zero value is a file that is not there. */
struct permissions_entries {
    struct arena arena;
    struct permissions_entry *items; /* ascending by id */
    size_t count, capacity;
    bool is_there, is_good;
    char hash[HASH_TEXT_SIZE]; /* of the file */
};

/** A file that is no such document is not good, and has no entries. */
enum nexus_status permissions_read(int nexus_fd, struct permissions_entries *entries,
                                   struct nexus_error *err);
/** The entry of the object, or NULL. */
const struct permissions_entry *permissions_find(const struct permissions_entries *entries,
                                                 int64_t object_id);
void permissions_entries_finish(struct permissions_entries *entries);
#define ENTRIES_SCOPED                                                                             \
    __attribute__((cleanup(permissions_entries_finish))) struct permissions_entries

/** In a transaction of a database that was put back: makes each row as strict as the file, and as
 * `old` (NULL: none), the database that it replaces. */
enum nexus_status permissions_tighten(struct store *store,
                                      const struct permissions_entries *entries,
                                      struct store_old *old, struct nexus_error *err);

/** In the transaction of a database that is made anew, before the files are looked at. */
enum nexus_status permissions_plant(struct store *store, struct permissions_entries *entries,
                                    struct nexus_error *err);
/** … and after: an object that is known from the file alone, and says something else than it did,
 * is in doubt and not shared. Tells of what was not applied. */
enum nexus_status permissions_doubt(struct store *store, const struct permissions_entries *entries,
                                    struct nexus_error *err);

/** In a transaction: takes each entry that says something else than its row, and the default where
 * there is none; counts what was changed. */
enum nexus_status permissions_take_edit(struct store *store,
                                        const struct permissions_entries *entries, size_t *changed,
                                        struct nexus_error *err);
/** In a transaction: a problem of the file. */
enum nexus_status permissions_tell(struct store *store, const char *message,
                                   struct nexus_error *err);

/** After the opening of a database that was not left in order: a row that is looser than the file
 * says, and that nobody changed, is damaged. */
enum nexus_status permissions_distrust(struct engine *engine, struct nexus_error *err);

/** What was not applied is told no more: the owner has decided since. In a transaction. */
enum nexus_status permissions_forget_refusals(struct store *store, struct nexus_error *err);

/** Takes in what is new in the file, if anything is. Comes before whatever writes the file: an edit
 * that nobody took in yet would be gone. Outside a transaction. */
enum nexus_status permissions_take_in(struct engine *engine, struct store *store,
                                      struct nexus_error *err);
/** The same, and brings the file in step. */
enum nexus_status permissions_settle(struct engine *engine, struct nexus_error *err);

#endif

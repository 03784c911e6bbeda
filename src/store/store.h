// SPDX-License-Identifier: MIT
/*
 * The database of a vault: opening it, and transactions. The other headers of this folder say what
 * can be kept in it: files.h, objects.h, notes.h, schemas.h, feed.h; reader.h is for queries.
 *
 * One `struct store` is the one writer. Every change happens between store_begin() and
 * store_commit(), which carries the time of all rows that the transaction writes. A transaction
 * must not span parsing or file I/O: it shuts out every other writer, a shell's included.
 *
 * A call that would write what is already there writes nothing.
 *
 * After an error inside a transaction the only useful call is store_rollback().
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/arena.h"
#include "base/error.h"
#include "model/file.h"

struct store;

enum {
    STORE_VERSION = 3
}; /* of the durable tables (PRAGMA user_version): raised with each change of
    * durable.sql, with a step in upgrade.c where old rows need one */

enum store_durability {
    STORE_NORMAL, /* a power cut may take the last transactions, never the database */
    STORE_FULL,   /* every commit is on the disk when the call returns */
};

struct store_options {
    const char *abs_path; /* of the database */
    enum store_durability durability;
    int busy_ms;               /* how long to wait for another writer; 0: 5000 */
    bool is_shape_kept;        /* of another shape than this program's: NEXUS_ERROR_VERSION */
    int64_t now_ns;            /* stamped into a new database */
    const char *replaced_path; /* for store_open_bulk(): where the database goes that is there;
                                * NULL: there is none */
};

/** See nexus_claim_process(): the count of SQLite's memory is under one lock for all threads. */
void store_claim_process(void);

/** Opens the database, or makes it (mode 0600) when there is none. Upgrades an older one; a newer
 *  one is NEXUS_ERROR_VERSION; a file that is not a Nexus database is NEXUS_ERROR_DATABASE and left
 *  as it is. When the derived tables have another shape than this program's they are made anew and
 *  every file loses its `is_indexed`. */
enum nexus_status store_open(const struct store_options *options, struct store **ret_store,
                             struct nexus_error *err);

/** Opens a database that is there and of this program's shape, for permissions and the audit log
 *  alone: each commit is on the disk when the call returns, and raises the latest time that was
 * ever seen. It needs no lock of the vault. NEXUS_ERROR_NOT_FOUND when there is none, and
 *  NEXUS_ERROR_VERSION when another program made it. */
enum nexus_status store_open_beside(const struct store_options *options, struct store **ret_store,
                                    struct nexus_error *err);
/** Whether that one is still what store_open_beside() would open. */
enum nexus_status store_check_beside(struct store *store, struct nexus_error *err);

/** Opens a new database for its first index: in a file beside `abs_path` (with "-new" behind its
 *  name), without a journal, and indexed last. Nothing is at `abs_path` until store_finish_bulk();
 *  what a crash leaves behind is removed by the next call. NEXUS_ERROR_EXISTS when there is a
 *  database already. Nothing can be rolled back: on any error close it. */
enum nexus_status store_open_bulk(const struct store_options *options, struct store **ret_store,
                                  struct nexus_error *err);
/** Resolves links, makes the indexes, puts the file in its place (on the
 *  disk when the call returns), and goes on as after store_open(). */
enum nexus_status store_finish_bulk(struct store *store, struct nexus_error *err);

/** Whether it is open for its first index: nobody but us has rows in it. */
bool store_is_bulk(const struct store *store);
/** Whether an object may be one that was there before: in a first index only if something was taken
 * over (store/salvage.h). */
bool store_may_revive(const struct store *store);

/** An open transaction is rolled back. */
void store_close(struct store *store);

enum nexus_status store_begin(struct store *store, int64_t now_ns, struct nexus_error *err);
/** First resolves the links that the transaction touched and brings the search index in step. */
enum nexus_status store_commit(struct store *store, struct nexus_error *err);
/** From here to store_end_reading() all that is read is of one moment, and each read costs less. It
 * shuts nobody out, and may span the reading of files. Within it, and within a transaction, it does
 * nothing. */
enum nexus_status store_begin_reading(struct store *store, struct nexus_error *err);
/** To be called before store_begin(). Harmless outside. */
void store_end_reading(struct store *store);
/** Harmless outside a transaction. */
void store_rollback(struct store *store);

/** What is better done between bursts of work than inside of them: a piece of it, some
 * milliseconds.
 *  `*ret_more` tells whether to come again. Outside a transaction; writes nothing when there is
 *  nothing to do. NEXUS_ERROR_BUSY: somebody else is writing, try later. */
enum nexus_status store_tend(struct store *store, bool *ret_more, struct nexus_error *err);

/** NEXUS_ERROR_CHANGED when the database file was moved away or replaced under us: what is written
 *  then goes nowhere. */
enum nexus_status store_check_place(struct store *store, struct nexus_error *err);

struct strbuf;
/** Puts right what somebody did to tables, views, triggers, indexes or the journal mode, and drops
 *  triggers of others on what is ours. Appends to `what`, one line each, what it did, and what it
 *  found and cannot mend; `*ret_was_repaired` tells whether it did anything: rows may have changed
 *  unseen then (store_outbox_sweep()). Cheap when nothing was changed since the last call. Outside
 * a transaction. */
enum nexus_status store_repair(struct store *store, bool *ret_was_repaired, struct strbuf *what,
                               struct nexus_error *err);

/** What the database was when store_repair() found nothing to say about it, or a first index made
 *  it, as a text; "": there was something to say. */
void store_shape_tell(const struct store *store, char text[HASH_TEXT_SIZE]);
/** Before the first store_repair(): if it is what that text says, it is right. Only for a database
 *  that nobody else wrote since. What is no such text says nothing. */
void store_shape_believe(struct store *store, const char *text);

/** Appends to `what` what store_repair() would do and tell; changes nothing. Outside a transaction.
 */
enum nexus_status store_compare(struct store *store, struct strbuf *what, struct nexus_error *err);

/** SQLite's own look at the database: appends to `what` what it finds, a line each, `limit` lines
 * at most. Outside a transaction. */
enum nexus_status store_check(struct store *store, int limit, struct strbuf *what,
                              struct nexus_error *err);
/** The version of SQLite that runs, "3.40.1", and whether a writer and a checkpointer at the same
 *  time can damage a database with it, unless they are kept apart, as ours are. */
const char *store_sqlite_version(bool *ret_has_reset_bug);

/** How many rows were written since it was opened. */
int64_t store_written_rows(const struct store *store);

/** A fact about the database by its key ("vault_id", "last_walk_at" …), copied into the arena.
 *  NEXUS_ERROR_NOT_FOUND when it was never set. */
enum nexus_status store_meta_get(struct store *store, const char *key, struct arena *arena,
                                 struct str *ret_value, struct nexus_error *err);
enum nexus_status store_meta_set(struct store *store, const char *key, struct str value,
                                 struct nexus_error *err);

/** In a transaction: it is not set any more. */
enum nexus_status store_meta_drop(struct store *store, const char *key, struct nexus_error *err);

/** What `nexus status` counts. */
struct store_counts {
    uint64_t files[FILE_STATE_COUNT]; /* by state */
    uint64_t objects;
    uint64_t open_conflicts;
};
enum nexus_status store_count(struct store *store, struct store_counts *ret_counts,
                              struct nexus_error *err);

#endif

// SPDX-License-Identifier: MIT
/* What the files of this folder share; nothing else includes it. */
#ifndef STORE_INTERNAL_H
#define STORE_INTERNAL_H

#include "base/strbuf.h"
#include "base/time.h"
#include "model/binding.h"
#include "model/change.h"
#include "store/expect.h"
#include "store/statements.h"
#include "store/store.h"

enum store_mode {
    STORE_LIVE,   /* each transaction leaves links and search complete */
    STORE_BESIDE, /* permissions and audit, beside whoever keeps the vault in step */
    STORE_BULK,   /* the first index: links, search and indexes come at the end */
};

/** An object whose full text goes into the search index with the commit, and what it is found by
 * (`at` NULL: none). */
struct search_text {
    int64_t object_id;
    struct str title, body_path, body, tags;
    size_t order; /* of those that wait for the commit: the last one of an object counts */
};

/** What the search index finds an object by whose content has changed since. */
struct search_leaving {
    int64_t object_id;                       /* 0: none */
    struct arena arena;                      /* owns the rest */
    struct str title, body, tags, body_path; /* `at` NULL: none */
};

struct store {
    sqlite3 *db;
    struct statement_cache statements;
    enum store_mode mode;
    bool has_taken_over; /* what an earlier database had is there; see store_may_revive() */
    enum store_durability durability;
    int busy_ms;
    char *abs_path;       /* where the database belongs */
    char *bulk_path;      /* where it is made; NULL in live mode */
    char *replaced_path;  /* where the one goes that it replaces; NULL: there is none */
    int64_t rows_before;  /* written by connections that were closed since */
    sqlite3 *lock_db;     /* holds the write lock during checkpoints; NULL until there was one */
    int log_pages;        /* in the write-ahead log after the last commit */
    bool has_loose_texts; /* the search index was written since it was last merged */
    int64_t data_version; /* as last seen: see foreign.c */
    int index_fd;         /* SQLite's own, of the log's index; -1: not looked up yet */

    /* The transaction. */
    int64_t now_ns;
    char now[TIME_TEXT_SIZE];
    uint64_t last_uid_ms; /* UUIDs of one process only ever grow */
    uint32_t last_uid_count;
    struct arena pending_arena; /* emptied with the end of the transaction */
    struct str *touched_keys;   /* names that files or aliases got or lost */
    size_t touched_key_count, touched_key_capacity;
    int64_t *touched_objects; /* whose links have to be resolved again, all of them */
    size_t touched_object_count, touched_object_capacity;
    struct search_text *texts; /* in `pending_arena` */
    size_t text_count, text_capacity;
    struct search_leaving leaving;

    struct strbuf fold, link_path, link_form; /* scratch for one call */
    struct expected expected;                 /* in bulk mode */

    /* What typed views and their triggers are to be, as they were made last (shape.h). */
    struct expected_shape *shapes;
    size_t shape_count, shape_capacity;
    struct hash shape_hash; /* of all that the database is made of, when it was last found right */
    bool has_shape_hash, has_new_shapes; /* told in this transaction */
    bool is_shape_whole;                 /* nothing was found then that had to be told */
    bool is_shape_believed;              /* … but by another process, which said so */

    /* What was put last: an object usually follows its file, and what is derived its object. */
    struct {
        int64_t file_id, object_id; /* 0: nothing */
        int64_t file_of_object;
        bool is_whole_file;
        struct strbuf path; /* of file_id */
    } recent;
};

static inline bool store_in_transaction(const struct store *store)
{
    return sqlite3_get_autocommit(store->db) == 0;
}

/* repair.c */

/** What the database is made of is right, since nobody else could get at it since it was made: the
 *  next store_repair() need not find out. */
enum nexus_status repair_is_right(struct store *store, struct nexus_error *err);

/* create.c: the shape of the database. */

enum { STORE_APPLICATION_ID = 0x4E455855 }; /* "NEXU" */

/** Brings the database to this program's shape, whatever it was before: empty, older, the same.
 *  The derived tables are filled with what can be told from `files`. */
enum nexus_status store_prepare_database(struct store *store, const struct store_options *options,
                                         struct nexus_error *err);
/** NEXUS_ERROR_DATABASE when it is empty or somebody else's, NEXUS_ERROR_VERSION when it is newer.
 */
enum nexus_status store_judge(sqlite3 *db, const char *abs_path, struct nexus_error *err);
/** Makes the derived tables anew, with the triggers on them, and marks every file to be derived
 *  again. */
enum nexus_status store_create_derived(struct store *store, struct nexus_error *err);
/** Reads what the database is made of as the next one to open it will: NEXUS_ERROR_DAMAGED when it
 * cannot be read. What a flipped bit gave another name than its text says is not gone when it is
 * dropped, and there twice when it is made again. */
enum nexus_status store_read_shape_again(struct store *store, struct nexus_error *err);
/** upgrade.c: brings the durable tables from `version` (0: nothing is there) to STORE_VERSION. In a
 *  transaction; triggers on tables that are made anew are gone. */
enum nexus_status store_upgrade(sqlite3 *db, int version, struct nexus_error *err);

/* store.c */

/** Runs a statement whose one parameter is an id. */
enum nexus_status store_run_on(struct store *store, enum statement statement, int64_t id,
                               struct nexus_error *err);

/* feed.c */

enum nexus_status feed_add(struct store *store, enum change_op op, enum change_origin origin,
                           int64_t object_id, struct str uid, struct str path, struct str old_path,
                           struct nexus_error *err);
/** A UUIDv7 (RFC 9562) of the transaction's time, above all that this process made before. */
void uid_make(struct store *store, char text[37]);

/* names.c */

/** The key of a folded path, target or alias: the last component without ".md", a part of it. */
struct str name_key(struct str folded);
enum nexus_status name_add_file(struct store *store, int64_t file_id, struct str path,
                                struct nexus_error *err);
enum nexus_status name_remove_file(struct store *store, int64_t file_id, struct str path,
                                   struct nexus_error *err);
enum nexus_status name_add_alias(struct store *store, int64_t file_id, struct str path,
                                 struct str alias, struct nexus_error *err);
enum nexus_status name_remove_alias(struct store *store, int64_t file_id, struct str path,
                                    struct str alias, struct nexus_error *err);

/* links.c */

/** The key under which the link's target can be found, in `store->fold` (whose `failed` tells when
 *  memory was out). */
struct str link_key(struct store *store, struct str target);
/** The file that a link in the note at `source_path` leads to; 0: none. */
enum nexus_status link_resolve(struct store *store, struct str target, struct str source_path,
                               int64_t *ret_file_id, struct nexus_error *err);
/** Resolves again what the transaction touched. */
enum nexus_status links_settle(struct store *store, struct nexus_error *err);
/** Resolves every link of the vault. */
enum nexus_status links_resolve_all(struct store *store, struct nexus_error *err);
/** Resolves the links that lead nowhere yet. */
enum nexus_status links_resolve_open(struct store *store, struct nexus_error *err);
enum nexus_status links_touch_key(struct store *store, struct str key, struct nexus_error *err);
enum nexus_status links_touch_object(struct store *store, int64_t object_id,
                                     struct nexus_error *err);

/* search.c */

/** Needed before the object's content, title or tags change: it leaves the index, unless
 * search_has() finds before the next one leaves that it may stay. */
enum nexus_status search_leave(struct store *store, int64_t object_id, struct nexus_error *err);
/** Takes the object out of the index, now: before its title or tags are deleted. */
enum nexus_status search_remove(struct store *store, int64_t object_id, struct nexus_error *err);
/** Puts it in with the commit. `text->body`, if given, is exactly what `body_path` leads to. */
enum nexus_status search_add(struct store *store, const struct search_text *text,
                             struct nexus_error *err);
/** Whether the index has exactly that already. False when the text's body is not at hand. */
enum nexus_status search_has(struct store *store, const struct search_text *text, bool *ret_same,
                             struct nexus_error *err);
enum nexus_status search_settle(struct store *store, struct nexus_error *err);

/* bulk.c: the steps of store_open_bulk() and store_finish_bulk() */

enum nexus_status bulk_begin_file(struct store *store, struct nexus_error *err);
enum nexus_status bulk_set_pragmas(struct store *store, struct nexus_error *err);
enum nexus_status bulk_complete(struct store *store, struct nexus_error *err);
enum nexus_status store_sync_folder_of(const char *abs_path, struct nexus_error *err);
/** The connection must be closed. */
enum nexus_status bulk_put_in_place(struct store *store, struct nexus_error *err);

/* tend.c */

void tend_begin(struct store *store);
void tend_finish(struct store *store);
/** After a transaction: keeps the write-ahead log from growing with a burst of them. */
void tend_in_burst(struct store *store);

/* foreign.c */

enum nexus_status foreign_begin(struct store *store, struct nexus_error *err);

/* schemas.c */

/** Runs a script, which is freed by sqlite3_free(); NULL: memory was out for it. */
enum nexus_status store_run_sql(struct store *store, char *take_sql, struct nexus_error *err);

/* property_indexes.c */

/** Which indexes the schema wants. */
enum nexus_status property_indexes_record(struct store *store, int64_t schema_id,
                                          const struct binding *binding, struct nexus_error *err);
/** Makes the property indexes that are wanted and missing, and drops those that nobody wants. */
enum nexus_status property_indexes_make(struct store *store, struct nexus_error *err);

enum nexus_status schema_count_objects(struct store *store, int64_t id, int64_t *ret_count,
                                       struct nexus_error *err);

/* derived.c */

/** Removes everything that was derived from the object. */
enum nexus_status derived_delete(struct store *store, int64_t object_id, struct nexus_error *err);

#endif

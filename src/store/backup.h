// SPDX-License-Identifier: MIT
/*
 * Whole databases: copies of them, and whether one is sound.
 *
 * A copy is made by SQLite itself (VACUUM INTO), so it is one moment of a database that others
 * write to meanwhile, without its log, and every row in it was read. A database file is never read
 * or copied as bytes: closing it would drop the locks of this process.
 */
#ifndef STORE_BACKUP_H
#define STORE_BACKUP_H

#include "base/arena.h"
#include "base/error.h"
#include "base/time.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

/** Writes a copy of the database to `to_path` (mode 0600), on the disk when the call returns but
 * for its name: the caller renames it and syncs the folder. The copy tells when it was made, and
 * repeats the head of the audit log. NEXUS_ERROR_EXISTS when there is something at `to_path`,
 * NEXUS_ERROR_DAMAGED when the database cannot be read whole. Needs no lock of the vault. */
enum nexus_status store_copy(const char *abs_path, const char *to_path, int64_t now_ns,
                             struct nexus_error *err);

enum store_view {
    VIEW_WITH_LOG, /* the database and its write-ahead log */
    VIEW_ALONE,    /* the database as if there were no log; nobody else may have it open */
};
enum store_depth {
    CHECK_QUICK, /* each page and row is well-formed */
    CHECK_FULL,  /* and each index says what its table says */
};

/** NEXUS_ERROR_DAMAGED, with what was found first, when it is not sound or no database of Nexus;
 * NEXUS_ERROR_VERSION when a newer Nexus made it. Moves nothing out of the log. */
enum nexus_status store_check_file(const char *abs_path, enum store_view view,
                                   enum store_depth depth, struct nexus_error *err);

/** What is known about a database by a look at it. */
struct store_facts {
    int64_t last_object_id;          /* the highest id that was ever given */
    int64_t last_change;             /* changes.seq */
    int64_t version;                 /* of its durable tables */
    int64_t schema_cookie;           /* raised by every statement that changes what it is made of */
    char host_id[65];                /* "": not stamped */
    char backup_at[TIME_TEXT_SIZE];  /* when it was copied; "": it is no copy */
    char created_at[TIME_TEXT_SIZE]; /* when it was first made */
    char salvage[64]; /* the name under which the one before it was set aside; "": all is taken over
                       */
};
enum nexus_status store_look_at(const char *abs_path, struct store_facts *ret_facts,
                                struct nexus_error *err);
/** The same of one that is open. */
enum nexus_status store_look(struct store *store, struct store_facts *ret_facts,
                             struct nexus_error *err);

/** Moves a database out of its place, with its log; whoever has it open has it on. The names are on
 * the disk when the call returns. One that is not there leaves at most a log, which goes too. */
enum nexus_status store_set_aside(const char *abs_path, const char *to_path,
                                  struct nexus_error *err);

#endif

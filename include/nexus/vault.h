// SPDX-License-Identifier: MIT
/*
 * A vault: a folder of plain files with a `.nexus` folder at its root.
 *
 * A `struct nexus_vault` belongs to one thread at a time. Opening one takes no lock; the calls that
 * write (nexus_sync) take the vault's, and answer NEXUS_ERROR_BUSY when another program holds it.
 */
#ifndef NEXUS_VAULT_H
#define NEXUS_VAULT_H

#include "nexus/error.h"

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct nexus_vault;

/** For a program in which nothing but this library uses SQLite, before any other call: all of it
 * becomes faster, since SQLite does not count the memory that it has (sqlite3_memory_used() is 0
 * from then on, and heap limits mean nothing). Later it changes nothing. */
NEXUS_API void nexus_claim_process(void);

/** The vault that `start_dir` lies in: the nearest folder upwards that has a `.nexus` folder.
 *  `*ret_path` is an absolute path without links, to be freed by the caller. */
NEXUS_API enum nexus_status nexus_vault_find(const char *start_dir, char **ret_path,
                                             struct nexus_error *err);

/** Makes `.nexus` (mode 0700) in the folder, with default settings. Changes nothing else in it. An
 * existing vault is NEXUS_ERROR_EXISTS; one whose `.nexus` is only partly there is completed. */
NEXUS_API enum nexus_status nexus_vault_init(const char *dir, struct nexus_error *err);

/** Opens the vault whose root is `dir`: settings, database (made when missing), registered schemas.
 */
NEXUS_API enum nexus_status nexus_vault_open(const char *dir, struct nexus_vault **ret_vault,
                                             struct nexus_error *err);
NEXUS_API void nexus_vault_close(struct nexus_vault *vault);

/** The root's absolute path. Borrowed. */
NEXUS_API const char *nexus_vault_path(const struct nexus_vault *vault);

/** Called now and then in a long pass. `total` is 0 while it is unknown. Returning false stops the
 * pass after the step at hand; what was done stays, and the next pass goes on from there, but for a
 * first one, which begins again. */
typedef bool nexus_progress(void *context, uint64_t done, uint64_t total);

/** What a pass found and did; counts of files unless they say otherwise. */
struct nexus_sync_report {
    uint64_t files; /* seen in the folder, without the ignored ones */
    uint64_t read;  /* whose content was read */
    uint64_t objects_created;
    uint64_t objects_updated;
    uint64_t objects_deleted;
    uint64_t invalid; /* that have a problem of severity error now */
    uint64_t held;    /* that are gone but not forgotten, because they are too many (see below) */

    /* From the database to the files: */
    uint64_t written;     /* files that were made, changed, or moved to the trash */
    uint64_t refused;     /* changed rows that were taken back; `problems` says why */
    uint64_t conflicts;   /* objects that both sides had changed; see the table `conflicts` */
    uint64_t merged;      /* objects that both sides had changed, and of which nothing is lost */
    uint64_t waiting;     /* files that could not be written now, and will be tried again */
    uint64_t held_writes; /* files whose changes wait for `nexus apply` or `nexus discard` */
    int64_t duration_ns;
};

enum nexus_sync_option {
    NEXUS_SYNC_FORGET = 1, /* forget what is gone, however much it is */
};

/** One pass: takes in what changed in the folder since the last one. A broken file is a row in
 *  `problems`, not an error of the call. When more than `brake_percent` of the vault is gone (and
 * ten files or more), nothing is forgotten until a pass is told NEXUS_SYNC_FORGET: an unmounted
 * disk looks the same. `progress` and `report` may be NULL. */
NEXUS_API enum nexus_status nexus_sync(struct nexus_vault *vault, unsigned options,
                                       nexus_progress *progress, void *progress_context,
                                       struct nexus_sync_report *report, struct nexus_error *err);

/** Called for each entry that a rule leaves alone; `path` may hold any bytes but NUL. */
typedef void nexus_skipped(void *context, const char *path, const char *rule);

/** Walks the folder and tells what is left alone, and by which rule. Writes nothing. */
NEXUS_API enum nexus_status nexus_list_skipped(struct nexus_vault *vault, nexus_skipped *skipped,
                                               void *context, struct nexus_error *err);

#ifdef __cplusplus
}
#endif
#endif

// SPDX-License-Identifier: MIT
/*
 * Bringing the database in step with files that somebody nominated. Events only nominate; what is
 * true is decided by looking, and it is the same whether a walk, an event or a person nominated the
 * path.
 *
 * A reconcile has two halves. First any number of paths are looked at: a file that differs from
 * what is known is taken in, one that appeared or went is noted. Then reconcile_settle() pairs
 * those (engine/identity.h), moves what moved, takes in what is new, and at last forgets what is
 * gone.
 */
#ifndef ENGINE_RECONCILE_H
#define ENGINE_RECONCILE_H

#include "engine/batch.h"
#include "engine/identity.h"
#include "engine/obstacles.h"
#include "engine/push.h"

enum reconcile_option {
    RECONCILE_FIRST = 1,  /* nothing is known yet: there is nobody to pair with */
    RECONCILE_FORGET = 2, /* forget what is gone, however much it is */
};

struct reconcile {
    struct engine *engine;
    unsigned options;
    nexus_progress *progress; /* may be NULL */
    void *progress_context;
    struct nexus_sync_report report;
    struct batch *batch;
    struct identity identity;
    enum push_sight sight;      /* PUSH_SAW_ALL once all was looked at; else the caller may know */
    int64_t push_again_ns;      /* as push_all() has it */
    struct strbuf unreadable;   /* the unreadable folder that a walk is behind, with its slash */
    struct obstacles obstacles; /* that the look at a folder met */
};

/** Starts with nothing looked at. */
enum nexus_status reconcile_init(struct reconcile *reconcile, struct engine *engine,
                                 unsigned options, struct nexus_error *err);
void reconcile_finish(struct reconcile *reconcile);

/** Looks at everything below the folder ("" for all). One that is not there has nothing below it.
 */
enum nexus_status reconcile_folder(struct reconcile *reconcile, struct str folder,
                                   struct nexus_error *err);

/** Looks at a folder that was renamed. Where no row can say its new name, it went from the old one.
 */
enum nexus_status reconcile_moved(struct reconcile *reconcile, struct str from, struct str to,
                                  struct nexus_error *err);

/** Looks at one path. `moved_from` is where the file was before, as far as an event told; empty:
 * unknown. */
enum nexus_status reconcile_path(struct reconcile *reconcile, struct str path,
                                 struct str moved_from, struct nexus_error *err);

/** Writes all that the looks found out, and carries what SQL changed into the files. */
enum nexus_status reconcile_settle(struct reconcile *reconcile, struct nexus_error *err);

#endif

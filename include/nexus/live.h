// SPDX-License-Identifier: MIT
/*
 * Following a vault: a change in the folder becomes a change in the database a moment later.
 *
 * This is made for an event loop: poll nexus_live_fd() for reading and call nexus_live_step() when
 * there is something. Nothing here waits; a quiet vault makes no work. While a vault is followed
 * its lock is held, so no other program syncs it. One followed vault a process.
 */
#ifndef NEXUS_LIVE_H
#define NEXUS_LIVE_H

#include "nexus/vault.h"

#ifdef __cplusplus
extern "C" {
#endif

struct nexus_live;

enum nexus_live_event {
    NEXUS_LIVE_SYNCED,      /* files were taken in; `report` says what */
    NEXUS_LIVE_PAUSED,      /* the vault's folder is gone or was replaced: nothing is forgotten */
    NEXUS_LIVE_RESUMED,     /* it is back */
    NEXUS_LIVE_HELD,        /* so much is gone that it is not forgotten; `report.held` files */
    NEXUS_LIVE_OVERFLOW,    /* events were lost; everything was looked at */
    NEXUS_LIVE_WATCH_LIMIT, /* some folders cannot be watched and are walked now and then; `text`
                               says what to do */
    NEXUS_LIVE_REPAIRED,    /* somebody had changed what is not theirs in the database; `text` says
                               what was put right, a line each */
    NEXUS_LIVE_RESTARTED,   /* the watching had failed and was begun afresh; `text` says how */
    NEXUS_LIVE_STUCK,   /* the thread that watches does not answer, and cannot be ended: close, and
                           start the process anew */
    NEXUS_LIVE_FLUSHED, /* all that happened before nexus_live_flush() is in the database */
};

/** What happened, told by nexus_live_step(). Borrowed for the call. */
struct nexus_live_news {
    enum nexus_live_event event;
    const struct nexus_sync_report *report; /* of SYNCED and HELD; else NULL */
    const char *text;                       /* of WATCH_LIMIT, REPAIRED and RESTARTED; else NULL */
    uint64_t flush;                         /* of FLUSHED: every flush up to this number is done */
};
typedef void nexus_live_listener(void *context, const struct nexus_live_news *news);

/** Watches the folder, then makes one full pass, so that no change in between is lost. `progress`
 * (NULL allowed) is called in this pass and in all that follow; when it returns false, the pass
 * ends with NEXUS_ERROR_INTERRUPTED and is made up for later. NEXUS_ERROR_BUSY when another program
 * has the vault's lock. The vault is borrowed until the close; do not sync it meanwhile. */
NEXUS_API enum nexus_status nexus_live_open(struct nexus_vault *vault, nexus_progress *progress,
                                            void *progress_context, nexus_live_listener *listener,
                                            void *listener_context, struct nexus_live **ret_live,
                                            struct nexus_error *err);
NEXUS_API void nexus_live_close(struct nexus_live *live);

/** Readable when there is something to do. Ask again before each poll: a reload changes it. */
NEXUS_API int nexus_live_fd(const struct nexus_live *live);
/** Takes in what has come. An error leaves what was not taken in for a later nexus_live_sync(). */
NEXUS_API enum nexus_status nexus_live_step(struct nexus_live *live, struct nexus_error *err);

/** Looks at the whole vault now. `options` as for nexus_sync(); `report` may be NULL. */
NEXUS_API enum nexus_status nexus_live_sync(struct nexus_live *live, unsigned options,
                                            struct nexus_sync_report *report,
                                            struct nexus_error *err);

/** Makes sure of the watching, with a look at everything: to be called now and then, and when the
 * machine was asleep. Returns at once; what it leads to happens in later steps. */
NEXUS_API enum nexus_status nexus_live_check(struct nexus_live *live, struct nexus_error *err);
/** How long after a check the next one should come: the setting `walk_seconds`. */
NEXUS_API int nexus_live_check_seconds(const struct nexus_live *live);

/** Reads settings, rules and schemas anew, and looks at everything by them. A change of these files
 * does it by itself. On an error those of before stay. */
NEXUS_API enum nexus_status nexus_live_reload(struct nexus_live *live, struct nexus_error *err);

/** Asks for everything that has happened up to now to be taken in at once, without waiting for
 * quiet. Returns a number; NEXUS_LIVE_FLUSHED with it, or a later one, follows from a step. */
NEXUS_API uint64_t nexus_live_flush(struct nexus_live *live);

struct nexus_live_status {
    bool is_paused;
    bool is_watching;           /* the watcher answered just now */
    uint64_t events, overflows; /* since the open */
    int64_t event_age_ms;       /* since the last event; -1: there was none */
    int64_t pulse_age_ms;       /* since the watcher's last sign of life; -1: there is none */
    uint64_t restarts;          /* how often the watching was begun afresh */
    uint64_t waiting, queued; /* paths that are not quiet yet, and that are about to be taken in */
    uint64_t folders_watched, folders_unwatched;
    int64_t walked_at_ms; /* when everything was last looked at, since 1970-01-01 UTC */
    uint64_t held;        /* files that are gone and not forgotten */
    uint64_t pass_files;  /* looked at so far in the pass that is under way; 0: none is */
    bool may_notify;      /* the setting 'notify' */
};
NEXUS_API void nexus_live_status(struct nexus_live *live, struct nexus_live_status *status);

#ifdef __cplusplus
}
#endif
#endif

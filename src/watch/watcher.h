// SPDX-License-Identifier: MIT
/*
 * Watches a vault's folder and nominates paths to look at (model/nomination.h): a file when it has
 * been quiet for a moment and no writer has it open, a folder when more than a few files changed.
 *
 * One thread of its own waits without a timeout, so that a quiet vault costs nothing. One watcher a
 * process (see backend.h). Signals are blocked in its thread.
 */
#ifndef WATCH_WATCHER_H
#define WATCH_WATCHER_H

#include "model/nomination.h"
#include "watch/ignore.h"

struct watcher;

struct watcher_options {
    int debounce_ms; /* 0: 300 */
    int max_wait_ms; /* 0: 2000 */
    int poll_ms;     /* how often unwatched folders are looked through; 0: 30,000 */
    /* Paths that count although a rule leaves them alone; ends with NULL; "a/b/" stands for the
     * files right in it. Borrowed until the close, as is `database`. */
    const char *const *also;
    /* Writes to this path, or to paths that begin with it, are told at once as NOMINATED_DATABASE;
     * NULL: none. */
    const char *database;
};

/** Watches all folders below `root_fd`, which is open at `abs_path`; both and `ignore` are borrowed
 * until the close. What happens from the return on is nominated: a walk that starts then sees the
 * rest. Blocks while it lists the folders, about 10 ms for each thousand. */
enum nexus_status watcher_open(const char *abs_path, int root_fd, const struct ignore *ignore,
                               const struct watcher_options *options, struct watcher **ret_watcher,
                               struct nexus_error *err);
void watcher_close(struct watcher *watcher);

/** Readable while there are nominations. */
int watcher_fd(const struct watcher *watcher);
/** The next nomination, without waiting; borrowed until the next call. False: there is none. */
bool watcher_next(struct watcher *watcher, struct nomination *nomination);

/** Something is to be looked at (again) when it is quiet: for a file that turned out to be busy, or
 * gone although it was nominated as a file. */
enum nexus_status watcher_nominate(struct watcher *watcher, struct str path,
                                   struct nexus_error *err);
/** Nominates now whatever has happened up to now and has no writer. NOMINATED_FLUSHED follows, with
 * the returned number, or a later one, as its batch. */
uint64_t watcher_flush(struct watcher *watcher);

/** What there is of the watch thread. */
enum watcher_pulse {
    WATCHER_LIVES,  /* it has answered what it was asked last */
    WATCHER_SILENT, /* not yet: it has much to do, or hangs in a disk that does not answer */
    WATCHER_ENDED,  /* it runs no more: close the watcher */
};
/** Asks the thread for a sign of life; a flush does it, too. */
void watcher_ask(struct watcher *watcher);
/** Waits for the answer for up to `wait_ms`. */
enum watcher_pulse watcher_pulse(struct watcher *watcher, int wait_ms);

struct watcher_stats {
    uint64_t events, overflows;
    int64_t event_age_ns;   /* since the last event was read; -1: there was none */
    int64_t pulse_age_ns;   /* since the thread gave a sign of life */
    size_t waiting, queued; /* paths: not quiet yet, nominated and not fetched */
    size_t folders, unwatched;
    bool is_present; /* the vault's folder is where it should be */
};
struct watcher_stats watcher_stats(struct watcher *watcher);

#endif

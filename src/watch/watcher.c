// SPDX-License-Identifier: MIT
#include "watch/watcher.h"

#include "base/arena.h"
#include "base/thread.h"
#include "base/time.h"
#include "watch/backend.h"
#include "watch/round.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

/** What others ask of the thread. */
struct mail {
    char **paths;
    size_t count, capacity;
    uint64_t flush;
    uint64_t asked; /* how often it was asked for a sign of life */
    bool stop;
};

struct watcher {
    struct round round; /* the thread's own */
    struct queue *queue;
    int inotify_fd, timer_fd, wake_fd;
    int64_t armed_ns;
    bool has_thread;
    pthread_t thread;
    uint64_t heard;        /* the thread's own: `mail.asked` when it looked */
    pthread_mutex_t mutex; /* over what follows */
    pthread_cond_t answer;
    struct mail mail;
    struct watcher_stats stats;
    uint64_t answered;
};

/* --- the thread ------------------------------------------------------------------------------ */

/** Returns false when the thread is to end. */
static bool take_mail(struct watcher *watcher, int64_t now_ns)
{
    eventfd_t drained;
    eventfd_read(watcher->wake_fd, &drained);
    pthread_mutex_lock(&watcher->mutex);
    struct mail mail = watcher->mail;
    watcher->mail.paths = NULL;
    watcher->mail.count = watcher->mail.capacity = 0;
    pthread_mutex_unlock(&watcher->mutex);
    for (size_t i = 0; i < mail.count; i++) {
        pending_hear(&watcher->round.pending, str_of(mail.paths[i]), HEARD_CHANGED, now_ns);
        free(mail.paths[i]);
    }
    free(mail.paths);
    watcher->round.flush = mail.flush;
    watcher->heard = mail.asked;
    return !mail.stop;
}

static void publish(struct watcher *watcher)
{
    const struct round *round = &watcher->round;
    pthread_mutex_lock(&watcher->mutex);
    watcher->stats = (struct watcher_stats){
        .events = round->events,
        .overflows = round->overflows,
        .event_age_ns = round->event_ns,
        .pulse_age_ns = time_monotonic_ns(),
        .waiting = round->pending.paths.count,
        .folders = round->tree.nodes.count,
        .unwatched = round->tree.unwatched,
        .is_present = round->root_state == ROOT_PRESENT,
    };
    watcher->answered = watcher->heard;
    pthread_cond_signal(&watcher->answer);
    pthread_mutex_unlock(&watcher->mutex);
}

/** Sets the timer for the next thing that is due. */
static void arm(struct watcher *watcher)
{
    int64_t due_ns = round_due(&watcher->round);
    if (due_ns == watcher->armed_ns)
        return;
    watcher->armed_ns = due_ns;
    struct itimerspec when = {0};
    if (due_ns != INT64_MAX) {
        int64_t at_ns = due_ns > 0 ? due_ns : 1; /* 0 would disarm it */
        when.it_value.tv_sec = at_ns / NS_PER_S;
        when.it_value.tv_nsec = at_ns % NS_PER_S;
    }
    timerfd_settime(watcher->timer_fd, TFD_TIMER_ABSTIME, &when, NULL);
}

/** Returns false when no events will come any more. */
static bool wait_for_news(struct watcher *watcher)
{
    enum { EVENTS, TIMER, WAKE, MOUNTS };
    struct pollfd fds[] = {
        [EVENTS] = {.fd = watcher->inotify_fd, .events = POLLIN},
        [TIMER] = {.fd = watcher->timer_fd, .events = POLLIN},
        [WAKE] = {.fd = watcher->wake_fd, .events = POLLIN},
        [MOUNTS] = {.fd = watcher->round.root.mounts_fd, .events = POLLPRI},
    };
    arm(watcher);
    if (poll(fds, sizeof fds / sizeof fds[0], -1) <= 0)
        return true;
    if (fds[EVENTS].revents & (POLLERR | POLLHUP | POLLNVAL))
        return false;
    if (fds[TIMER].revents) {
        uint64_t times;
        if (read(watcher->timer_fd, &times, sizeof times) > 0)
            watcher->armed_ns = INT64_MAX;
    }
    if (fds[MOUNTS].revents)
        watcher->round.hints.root_suspect = true;
    return true;
}

static void *watch(void *context)
{
    struct watcher *watcher = context;
    for (;;) {
        /* The mail before the events: a flush asks for those that came before it. */
        int64_t now_ns = time_monotonic_ns();
        if (!take_mail(watcher, now_ns))
            return NULL;
        bool more = round_run(&watcher->round, now_ns);
        publish(watcher);
        if (!more && !wait_for_news(watcher)) {
            teller_say(&watcher->round.teller, NOMINATED_DEAF, STR(""));
            return NULL;
        }
    }
}

static enum nexus_status start_thread(struct watcher *watcher, struct nexus_error *err)
{
    int reason = thread_start(&watcher->thread, watch, watcher);
    if (reason)
        return fail_errno(err, reason, "cannot start a thread to watch");
    watcher->has_thread = true;
    pthread_setname_np(watcher->thread, "nexus-watch");
    return NEXUS_OK;
}

static void wake(struct watcher *watcher)
{
    eventfd_write(watcher->wake_fd, 1);
}

/* --- opening and closing --------------------------------------------------------------------- */

static int64_t ms_or(int wanted_ms, int default_ms)
{
    return (wanted_ms > 0 ? wanted_ms : default_ms) * NS_PER_MS;
}

static enum nexus_status open_parts(struct watcher *watcher, const char *abs_path,
                                    const struct watcher_options *options, struct nexus_error *err)
{
    struct round *round = &watcher->round;
    pending_init(&round->pending, ms_or(options->debounce_ms, 300),
                 ms_or(options->max_wait_ms, 2000));
    round->tree.stray_ns = round->pending.debounce_ns;
    round->tree.retry_ns = ms_or(options->poll_ms, 30000);
    TRY(backend_open(&watcher->inotify_fd, err));
    watcher->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    watcher->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (watcher->timer_fd < 0 || watcher->wake_fd < 0)
        return fail_errno(err, errno, "cannot watch '%s'", abs_path);
    TRY(queue_new(&watcher->queue, err));
    round->queue = watcher->queue;
    TRY(root_open(&round->root, abs_path, err));
    TRY(round_init(round, err));
    while (round_run(round, time_monotonic_ns()) && !round->tree.failed)
        continue;
    if (round->tree.failed)
        return fail_no_memory(err);
    publish(watcher);
    return start_thread(watcher, err);
}

/** Waiting for an answer goes by the clock that nobody sets. */
static void init_answer(pthread_cond_t *answer)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(answer, &attributes);
    pthread_condattr_destroy(&attributes);
}

enum nexus_status watcher_open(const char *abs_path, int root_fd, const struct ignore *ignore,
                               const struct watcher_options *options, struct watcher **ret_watcher,
                               struct nexus_error *err)
{
    struct watcher *watcher = calloc(1, sizeof *watcher);
    if (!watcher)
        return fail_no_memory(err);
    watcher->inotify_fd = watcher->timer_fd = watcher->wake_fd = -1;
    watcher->armed_ns = INT64_MAX;
    watcher->round.tree.root_fd = watcher->round.root.fd = root_fd;
    watcher->round.root.mounts_fd = -1;
    watcher->round.tree.scope = (struct scope){ignore, options->also, options->database};
    pthread_mutex_init(&watcher->mutex, NULL);
    init_answer(&watcher->answer);
    enum nexus_status status = open_parts(watcher, abs_path, options, err);
    if (status != NEXUS_OK) {
        watcher_close(watcher);
        return status;
    }
    *ret_watcher = watcher;
    return NEXUS_OK;
}

void watcher_close(struct watcher *watcher)
{
    if (!watcher)
        return;
    if (watcher->has_thread) {
        pthread_mutex_lock(&watcher->mutex);
        watcher->mail.stop = true;
        pthread_mutex_unlock(&watcher->mutex);
        wake(watcher);
        pthread_join(watcher->thread, NULL);
    }
    for (size_t i = 0; i < watcher->mail.count; i++)
        free(watcher->mail.paths[i]);
    free(watcher->mail.paths);
    round_finish(&watcher->round);
    root_close(&watcher->round.root);
    if (watcher->inotify_fd >= 0)
        backend_close();
    queue_free(watcher->queue);
    file_close(&watcher->timer_fd);
    file_close(&watcher->wake_fd);
    pthread_cond_destroy(&watcher->answer);
    pthread_mutex_destroy(&watcher->mutex);
    free(watcher);
}

/* --- for its user ---------------------------------------------------------------------------- */

int watcher_fd(const struct watcher *watcher)
{
    return queue_fd(watcher->queue);
}

bool watcher_next(struct watcher *watcher, struct nomination *nomination)
{
    bool freed, found = queue_pop(watcher->queue, nomination, &freed);
    if (freed)
        wake(watcher);
    return found;
}

enum nexus_status watcher_nominate(struct watcher *watcher, struct str path,
                                   struct nexus_error *err)
{
    char *copy = strndup(path.at, path.length);
    struct mail *mail = &watcher->mail;
    pthread_mutex_lock(&watcher->mutex);
    bool is_in =
        copy && array_reserve(&mail->paths, &mail->capacity, mail->count + 1, sizeof *mail->paths);
    if (is_in)
        mail->paths[mail->count++] = copy;
    pthread_mutex_unlock(&watcher->mutex);
    if (!is_in) {
        free(copy);
        return fail_no_memory(err);
    }
    wake(watcher);
    return NEXUS_OK;
}

uint64_t watcher_flush(struct watcher *watcher)
{
    pthread_mutex_lock(&watcher->mutex);
    uint64_t number = ++watcher->mail.flush;
    watcher->mail.asked++;
    pthread_mutex_unlock(&watcher->mutex);
    wake(watcher);
    return number;
}

void watcher_ask(struct watcher *watcher)
{
    pthread_mutex_lock(&watcher->mutex);
    watcher->mail.asked++;
    pthread_mutex_unlock(&watcher->mutex);
    wake(watcher);
}

enum watcher_pulse watcher_pulse(struct watcher *watcher, int wait_ms)
{
    int64_t until_ns = time_monotonic_ns() + wait_ms * NS_PER_MS;
    struct timespec until = {.tv_sec = until_ns / NS_PER_S, .tv_nsec = until_ns % NS_PER_S};
    if (watcher->has_thread && pthread_tryjoin_np(watcher->thread, NULL) == 0)
        watcher->has_thread = false;
    if (!watcher->has_thread)
        return WATCHER_ENDED;
    pthread_mutex_lock(&watcher->mutex);
    int waited = 0;
    while (watcher->answered != watcher->mail.asked && wait_ms && !waited)
        waited = pthread_cond_timedwait(&watcher->answer, &watcher->mutex, &until);
    bool is_answered = watcher->answered == watcher->mail.asked;
    pthread_mutex_unlock(&watcher->mutex);
    return is_answered ? WATCHER_LIVES : WATCHER_SILENT;
}

struct watcher_stats watcher_stats(struct watcher *watcher)
{
    pthread_mutex_lock(&watcher->mutex);
    struct watcher_stats stats = watcher->stats;
    pthread_mutex_unlock(&watcher->mutex);
    stats.queued = queue_count(watcher->queue);
    stats.event_age_ns = stats.event_age_ns ? time_monotonic_ns() - stats.event_age_ns : -1;
    stats.pulse_age_ns = time_monotonic_ns() - stats.pulse_age_ns;
    return stats;
}

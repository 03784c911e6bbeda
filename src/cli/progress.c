// SPDX-License-Identifier: MIT
#include "cli/progress.h"

#include "base/time.h"
#include "cli/recovered.h"
#include "daemon/client.h"

#include <nexus/recovery.h>

#include <signal.h>
#include <time.h>

enum { REDRAW_MS = 100, BAR_COLUMNS = 30, BUSY_SECONDS = 10, RETRY_MS = 50 };

/* A signal handler has nothing else to reach. */
static volatile sig_atomic_t stop_was_asked;

static const int stopping_signals[] = {SIGINT, SIGTERM, SIGHUP};
enum { STOPPING_SIGNALS = sizeof stopping_signals / sizeof stopping_signals[0] };

struct progress {
    struct output *notes;
    int64_t drawn_at_ns;
    bool is_drawn;
};

static void ask_to_stop(int number)
{
    (void)number;
    stop_was_asked = 1;
}

/** The second signal of a kind ends the program at once: SA_RESETHAND. One that was ignored from
 *  the start (nohup) stays so. */
static void catch_signals(struct sigaction saved[STOPPING_SIGNALS])
{
    struct sigaction action = {.sa_handler = ask_to_stop, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < STOPPING_SIGNALS; i++) {
        sigaction(stopping_signals[i], NULL, &saved[i]);
        if (saved[i].sa_handler != SIG_IGN)
            sigaction(stopping_signals[i], &action, NULL);
    }
}

static void restore_signals(const struct sigaction saved[STOPPING_SIGNALS])
{
    for (size_t i = 0; i < STOPPING_SIGNALS; i++)
        sigaction(stopping_signals[i], &saved[i], NULL);
}

static void draw_bar(struct output *notes, uint64_t done, uint64_t total)
{
    int filled = (int)(done >= total ? BAR_COLUMNS : done * BAR_COLUMNS / total);
    static const char full[] = "##############################";
    output_format(notes, "\r[%.*s%*s] %3d%%  %llu of %llu files\x1b[K", filled, full,
                  BAR_COLUMNS - filled, "", (int)(done >= total ? 100 : done * 100 / total),
                  (unsigned long long)done, (unsigned long long)total);
}

static bool show_progress(void *context, uint64_t done, uint64_t total)
{
    struct progress *progress = context;
    int64_t now_ns = time_monotonic_ns();
    if (!progress->notes->has_cursor || now_ns - progress->drawn_at_ns < REDRAW_MS * NS_PER_MS)
        return !stop_was_asked;
    if (total)
        draw_bar(progress->notes, done, total);
    else
        output_format(progress->notes, "\r%llu files\x1b[K", (unsigned long long)done);
    fflush(progress->notes->stream);
    progress->drawn_at_ns = now_ns;
    progress->is_drawn = true;
    return !stop_was_asked;
}

static enum nexus_status sync_watched(struct progress *progress, const char *dir, unsigned options,
                                      struct nexus_sync_report *ret_report, struct nexus_error *err)
{
    struct nexus_vault *vault;
    TRY(nexus_vault_open(dir, &vault, err));
    enum nexus_status status = nexus_sync(vault, options, show_progress, progress, ret_report, err);
    if (progress->is_drawn)
        output_text(progress->notes, "\r\x1b[K");
    recovered_tell(progress->notes, nexus_vault_news(vault));
    nexus_vault_close(vault);
    if (status == NEXUS_ERROR_INTERRUPTED)
        return fail(err, status,
                    "stopped; nothing is lost, and the next 'nexus sync' does the rest");
    return status;
}

/** A daemon that serves the vault does it, and is waited for. NEXUS_ERROR_NOT_FOUND when there is
 * none. */
static enum nexus_status sync_by_daemon(const char *dir, unsigned options,
                                        struct nexus_sync_report *ret_report,
                                        struct nexus_error *err)
{
    CLIENT_SCOPED client;
    TRY(client_open(dir, &client, err));
    return client_sync(&client, options, ret_report, err);
}

static enum nexus_status sync_directly(struct invocation *call, const char *dir, unsigned options,
                                       struct nexus_sync_report *ret_report,
                                       struct nexus_error *err)
{
    /* Not before it lasts: most passes are over before a bar could be read. */
    struct progress progress = {.notes = &call->notes, .drawn_at_ns = time_monotonic_ns()};
    struct sigaction saved[STOPPING_SIGNALS];
    catch_signals(saved);
    enum nexus_status status = sync_watched(&progress, dir, options, ret_report, err);
    restore_signals(saved);
    return status;
}

/* A daemon that is just starting has the vault's lock and does not listen yet. */
enum nexus_status progress_sync(struct invocation *call, const char *dir, unsigned options,
                                struct nexus_sync_report *ret_report, struct nexus_error *err)
{
    int64_t until_ns = time_monotonic_ns() + BUSY_SECONDS * NS_PER_S;
    for (;;) {
        enum nexus_status status = sync_by_daemon(dir, options, ret_report, err);
        if (status == NEXUS_ERROR_NOT_FOUND)
            status = sync_directly(call, dir, options, ret_report, err);
        if (status != NEXUS_ERROR_BUSY || time_monotonic_ns() >= until_ns)
            return status;
        struct timespec pause = {.tv_nsec = RETRY_MS * NS_PER_MS};
        nanosleep(&pause, NULL);
    }
}

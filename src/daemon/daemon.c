// SPDX-License-Identifier: MIT
/*
 * One thread and one poll(2): the vault's events, signals, timers, and the control socket. Nothing
 * ticks: when nothing happens, nothing runs.
 *
 * The walk timer is set a quarter of an hour ahead (`walk_seconds`) on the wall clock and is
 * cancelled when that clock is set, which a resume from sleep does as well: both are reasons to
 * look at everything, and whether the watcher still hears. On battery the walk is left out.
 *
 * A watcher that hangs cannot be ended, so the whole program starts anew in this process.
 */
#include "daemon/daemon.h"

#include "base/file.h"
#include "base/time.h"
#include "daemon/client.h"
#include "daemon/notify.h"
#include "daemon/server.h"
#include "daemon/socket.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum {
    LOCK_WAIT_S = 30,
    LOCK_PAUSE_MS = 50,
    FIXED_FDS = 6, /* live, listener, signals, walk timer, watchdog, desktop */
};

static enum nexus_status open_signals(struct server *server, struct nexus_error *err)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    sigaddset(&signals, SIGCHLD);
    if (sigprocmask(SIG_BLOCK, &signals, NULL) != 0)
        return fail_errno(err, errno, "cannot block signals");
    server->signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    return server->signal_fd < 0 ? fail_errno(err, errno, "cannot wait for signals") : NEXUS_OK;
}

static void set_walk_timer(const struct server *server)
{
    struct itimerspec timer = {.it_value.tv_sec = time_now_ns() / NS_PER_S};
    timer.it_value.tv_sec += nexus_live_check_seconds(server->live);
    timerfd_settime(server->timer_fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &timer, NULL);
}

static enum nexus_status open_timers(struct server *server, struct nexus_error *err)
{
    server->timer_fd = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
    server->watchdog_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (server->timer_fd < 0 || server->watchdog_fd < 0)
        return fail_errno(err, errno, "cannot make a timer");
    uint64_t half_us = notify_watchdog_us() / 2;
    struct itimerspec watchdog = {
        .it_value = {.tv_sec = (time_t)(half_us / 1000000),
                     .tv_nsec = (long)(half_us % 1000000) * 1000},
    };
    watchdog.it_interval = watchdog.it_value;
    if (half_us)
        timerfd_settime(server->watchdog_fd, 0, &watchdog, NULL);
    set_walk_timer(server);
    return NEXUS_OK;
}

/** Whether the machine has a mains supply, and it is off. */
static bool is_on_battery(void)
{
    static const char folder[] = "/sys/class/power_supply";
    DIR *listing = opendir(folder);
    bool is_off = false;
    const struct dirent *entry;
    while (listing && (entry = readdir(listing)) != NULL) {
        STRBUF_SCOPED path = {0};
        strbuf_addf(&path, "%s/%s/online", folder, entry->d_name);
        FD_SCOPED fd = path.failed ? -1 : open(path.at, O_RDONLY | O_CLOEXEC);
        char state = '1';
        if (entry->d_name[0] != '.' && fd >= 0 && read(fd, &state, 1) == 1)
            is_off = state == '0';
    }
    if (listing)
        closedir(listing);
    return is_off;
}

static void report_failure(struct server *server, const char *doing, const struct nexus_error *err)
{
    log_line(&server->log, LOG_LEVEL_ERROR, "%s: %s", doing, err->message);
}

static void check(struct server *server)
{
    struct nexus_error err = {0};
    if (nexus_live_check(server->live, &err) != NEXUS_OK)
        report_failure(server, "cannot look at the vault", &err);
}

static void take_timer(struct server *server)
{
    uint64_t expirations;
    bool is_clock_set =
        read(server->timer_fd, &expirations, sizeof expirations) < 0 && errno == ECANCELED;
    if (is_clock_set || !is_on_battery())
        check(server);
    set_walk_timer(server);
}

static void take_watchdog(const struct server *server)
{
    uint64_t expirations;
    if (read(server->watchdog_fd, &expirations, sizeof expirations) > 0)
        notify_send("WATCHDOG=1\n");
}

static void reload(struct server *server)
{
    struct nexus_error err = {0};
    server->is_reload_wanted = false;
    log_line(&server->log, LOG_LEVEL_INFO, "settings are read again");
    if (nexus_live_reload(server->live, &err) != NEXUS_OK)
        report_failure(server, "the settings of before stay", &err);
    set_walk_timer(server);
}

static void take_signals(struct server *server)
{
    struct signalfd_siginfo signal;
    while (read(server->signal_fd, &signal, sizeof signal) == (ssize_t)sizeof signal) {
        if (signal.ssi_signo == SIGHUP)
            server->is_reload_wanted = true;
        else if (signal.ssi_signo == SIGCHLD)
            desktop_reap(&server->desktop);
        else
            server->is_stopping = true;
    }
}

static void step(struct server *server)
{
    struct nexus_error err = {0};
    if (nexus_live_step(server->live, &err) != NEXUS_OK && !server->is_stopping)
        report_failure(server, "cannot take in a change", &err);
}

static struct session *free_session(struct server *server)
{
    for (size_t i = 0; i < SESSION_COUNT; i++)
        if (server->sessions[i].fd < 0)
            return &server->sessions[i];
    return NULL;
}

static void accept_clients(struct server *server)
{
    struct session *session;
    while ((session = free_session(server)) != NULL) {
        int fd = socket_accept(server->listener_fd);
        if (fd < 0)
            return;
        session_open(session, fd);
    }
}

static void serve(struct server *server, struct session *session, short events)
{
    bool stays = true;
    if (events & POLLOUT)
        stays = session_write(session);
    if (stays && (events & (POLLIN | POLLHUP | POLLERR))) {
        bool is_there = session_read(session);
        stays = server_answer(server, session) && is_there;
    }
    if (!stays)
        session_close(session);
}

/** A pass is under way, perhaps a long one: how it is is answered meanwhile, anything else waits.
 * False: it is to end here. */
static bool look_up(void *context, uint64_t done, uint64_t total)
{
    struct server *server = context;
    (void)done;
    (void)total;
    take_signals(server);
    server->is_busy = true;
    if (server->live && server->listener_fd >= 0)
        accept_clients(server);
    for (size_t i = 0; i < SESSION_COUNT; i++)
        if (server->sessions[i].fd >= 0 && server->sessions[i].wait == SESSION_READY)
            serve(server, &server->sessions[i], POLLIN);
    server->is_busy = false;
    return !server->is_stopping;
}

static void poll_once(struct server *server)
{
    struct pollfd fds[FIXED_FDS + SESSION_COUNT] = {
        {.fd = nexus_live_fd(server->live), .events = POLLIN},
        {.fd = server->signal_fd, .events = POLLIN},
        {.fd = server->timer_fd, .events = POLLIN},
        {.fd = server->watchdog_fd, .events = POLLIN},
        {.fd = free_session(server) ? server->listener_fd : -1, .events = POLLIN},
        {.fd = server->desktop.timer_fd, .events = POLLIN},
    };
    for (size_t i = 0; i < SESSION_COUNT; i++)
        fds[FIXED_FDS + i] = (struct pollfd){.fd = server->sessions[i].fd,
                                             .events = session_events(&server->sessions[i])};
    if (poll(fds, FIXED_FDS + SESSION_COUNT, -1) < 0)
        return; /* a signal: it waits in its descriptor */
    if (fds[1].revents)
        take_signals(server);
    if (server->is_reload_wanted)
        reload(server);
    if (fds[0].revents)
        step(server);
    if (fds[2].revents)
        take_timer(server);
    if (fds[3].revents)
        take_watchdog(server);
    for (size_t i = 0; i < SESSION_COUNT; i++)
        if (fds[FIXED_FDS + i].revents && server->sessions[i].fd == fds[FIXED_FDS + i].fd)
            serve(server, &server->sessions[i], fds[FIXED_FDS + i].revents);
    if (fds[4].revents)
        accept_clients(server);
    server_catch_up(server);
}

/** What came up in this round, or is due by now. */
static void show(struct server *server)
{
    struct nexus_live_status status;
    if (!desktop_is_waiting(&server->desktop))
        return;
    nexus_live_status(server->live, &status);
    desktop_send(&server->desktop, status.may_notify);
}

/** A pass that somebody else is making ends soon; another daemon does not, and answers. Whoever is
 * told to stop meanwhile (`is_stopping`) has nothing open. */
static enum nexus_status follow(struct server *server, const char *vault_path,
                                struct nexus_error *err)
{
    struct pollfd signals = {.fd = server->signal_fd, .events = POLLIN};
    int64_t until_ns = time_monotonic_ns() + LOCK_WAIT_S * NS_PER_S;
    for (;;) {
        struct client other;
        enum nexus_status status = nexus_live_open(server->vault, look_up, server, server_hear,
                                                   server, &server->live, err);
        if (status != NEXUS_ERROR_BUSY || time_monotonic_ns() >= until_ns)
            return status;
        if (client_open(vault_path, &other, NULL) == NEXUS_OK) {
            client_close(&other);
            return status;
        }
        if (poll(&signals, 1, LOCK_PAUSE_MS) > 0) {
            server->is_stopping = true;
            return NEXUS_OK;
        }
    }
}

static enum nexus_status start(struct server *server, const char *vault_path,
                               struct nexus_error *err)
{
    server->started_ns = time_monotonic_ns();
    TRY(log_open(&server->log, vault_path, err));
    TRY(open_signals(server, err));
    TRY(desktop_open(&server->desktop, vault_path, err));
    TRY(nexus_vault_open(vault_path, &server->vault, err));
    TRY(follow(server, vault_path, err));
    if (server->is_stopping)
        return NEXUS_OK;
    TRY(open_timers(server, err));
    return socket_listen(nexus_vault_path(server->vault), &server->listener_fd,
                         &server->socket_path, err);
}

static void stop(struct server *server)
{
    if (server->listener_fd >= 0)
        unlink(server->socket_path.at);
    for (size_t i = 0; i < SESSION_COUNT; i++)
        session_close(&server->sessions[i]);
    file_close(&server->listener_fd);
    file_close(&server->signal_fd);
    file_close(&server->timer_fd);
    file_close(&server->watchdog_fd);
    desktop_close(&server->desktop);
    nexus_live_close(server->live);
    nexus_vault_close(server->vault);
    strbuf_finish(&server->socket_path);
    log_close(&server->log);
}

static enum nexus_status run(struct server *server, const char *vault_path, struct nexus_error *err)
{
    TRY(start(server, vault_path, err));
    if (server->is_stopping) {
        log_line(&server->log, LOG_LEVEL_INFO, "stopped before it had begun");
        return NEXUS_OK;
    }
    log_line(&server->log, LOG_LEVEL_INFO, "nexus %s follows '%s'", NEXUS_VERSION, vault_path);
    notify_send("READY=1\nSTATUS=following the vault\n");
    for (show(server); !server->is_stopping && !server->is_stuck; show(server))
        poll_once(server);
    if (!server->is_stuck)
        notify_send("STOPPING=1\n");
    log_line(&server->log, LOG_LEVEL_INFO, server->is_stuck ? "starting anew" : "stopped");
    return NEXUS_OK;
}

/** The same process, without the thread that hangs, and which may wake up as long as it is there:
 * so nothing is closed before, as in a crash. Signals that came meanwhile are kept. */
static enum nexus_status start_anew(const char *vault_path, struct nexus_error *err)
{
    execl("/proc/self/exe", "nexus", "-C", vault_path, "watch", (char *)NULL);
    return fail_errno(err, errno, "cannot start anew");
}

enum nexus_status daemon_run(const char *vault_path, struct nexus_error *err)
{
    struct server *server = calloc(1, sizeof *server);
    if (!server)
        return fail_no_memory(err);
    server->listener_fd = server->signal_fd = server->timer_fd = server->watchdog_fd = -1;
    server->desktop.timer_fd = -1;
    server->log.fd = server->log.folder_fd = -1;
    for (size_t i = 0; i < SESSION_COUNT; i++)
        server->sessions[i].fd = -1;
    enum nexus_status status = run(server, vault_path, err);
    if (status != NEXUS_OK && server->log.fd >= 0 && err)
        report_failure(server, "ended", err);
    if (server->is_stuck && !server->is_stopping)
        status = start_anew(vault_path, err);
    stop(server);
    free(server);
    return status;
}

// SPDX-License-Identifier: MIT
/* What the files of the daemon share; nothing else includes it. */
#ifndef DAEMON_SERVER_H
#define DAEMON_SERVER_H

#include "daemon/desktop.h"
#include "daemon/log.h"
#include "daemon/session.h"

#include "nexus/live.h"

enum { SESSION_COUNT = 32 /* more clients at a time wait in the kernel's queue */ };

struct server {
    struct nexus_vault *vault;
    struct nexus_live *live;
    struct log log;
    struct desktop desktop;
    struct strbuf socket_path;
    int listener_fd, signal_fd, timer_fd, watchdog_fd;
    struct session sessions[SESSION_COUNT];
    int64_t started_ns;   /* monotonic */
    uint64_t synced;      /* how often files were taken in */
    uint64_t held_writes; /* when it was last told */
    bool is_stopping, is_reload_wanted;
    bool is_busy;  /* in the middle of a pass */
    bool is_stuck; /* the vault's watcher is, for good */
};

/** Answers every request that has come whole from the client; in the middle of a pass only how it
 * is. False when the client has to go. */
bool server_answer(struct server *server, struct session *session);
/** Answers what came in the middle of a pass and had to wait. */
void server_catch_up(struct server *server);

/** What happened in the vault, for the log and for those who follow or wait. */
void server_hear(void *server, const struct nexus_live_news *news);

#endif

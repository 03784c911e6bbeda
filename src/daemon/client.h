// SPDX-License-Identifier: MIT
/* Talking to a vault's daemon; what may be asked stands in daemon/daemon.h. */
#ifndef DAEMON_CLIENT_H
#define DAEMON_CLIENT_H

#include "base/error.h"
#include "base/strbuf.h"

#include "nexus/live.h"

struct client {
    int fd;
    struct strbuf input;
};

/** NEXUS_ERROR_NOT_FOUND when no daemon serves the vault. */
enum nexus_status client_open(const char *vault_path, struct client *client,
                              struct nexus_error *err);
void client_close(struct client *client);
#define CLIENT_SCOPED __attribute__((cleanup(client_close))) struct client

/** Waits until everything that has happened so far is in the database. `options` as for
 * nexus_sync(). */
enum nexus_status client_sync(struct client *client, unsigned options,
                              struct nexus_sync_report *ret_report, struct nexus_error *err);

/** How a running daemon is. */
struct client_status {
    int64_t pid, uptime_ms;
    struct nexus_live_status live;
};
enum nexus_status client_status(struct client *client, struct client_status *ret_status,
                                struct nexus_error *err);

/** Has settings, rules and schemas read anew; an error tells why those of before stay. */
enum nexus_status client_reload(struct client *client, struct nexus_error *err);

/** Ends the daemon. */
enum nexus_status client_stop(struct client *client, struct nexus_error *err);

#endif

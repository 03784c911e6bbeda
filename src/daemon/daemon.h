// SPDX-License-Identifier: MIT
/*
 * The daemon of one vault: follows it, answers on the control socket, and ends cleanly on SIGTERM.
 *
 * Requests are JSON objects, one a line, each with one answer {"ok": true, …} or {"ok": false,
 * "error": …}:
 *
 *   {"request": "status"}                 how the daemon is
 *   {"request": "sync", "forget": false}  answered when everything that has happened so far is in
 * the database
 *   {"request": "reload"}                 reads settings, rules and schemas anew
 *   {"request": "stop"}                   ends the daemon
 */
#ifndef DAEMON_DAEMON_H
#define DAEMON_DAEMON_H

#include "base/error.h"

/** Serves the vault whose root is `vault_path` until it is told to stop. NEXUS_ERROR_BUSY when
 * somebody else holds the vault's lock. */
enum nexus_status daemon_run(const char *vault_path, struct nexus_error *err);

#endif

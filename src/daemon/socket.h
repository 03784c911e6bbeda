// SPDX-License-Identifier: MIT
/*
 * Where a vault's daemon listens: $XDG_RUNTIME_DIR/nexus/<vault>.sock, or .nexus/control.sock where
 * there is no such folder. <vault> is a hash of the vault's path, so each place has its own. Only
 * the owner may connect: the socket has mode 0600, and the peer's user is checked as well.
 */
#ifndef DAEMON_SOCKET_H
#define DAEMON_SOCKET_H

#include "base/error.h"
#include "base/strbuf.h"

/** The path of the vault's socket, whether it is there or not; the folder in $XDG_RUNTIME_DIR is
 * made. */
enum nexus_status socket_find_path(const char *vault_path, struct strbuf *path,
                                   struct nexus_error *err);

/** Listens. A socket that a crash left behind is replaced: the vault's lock, which the caller
 * holds, proves that nobody serves it. `ret_path` is the file to unlink at the end. */
enum nexus_status socket_listen(const char *vault_path, int *ret_fd, struct strbuf *ret_path,
                                struct nexus_error *err);

/** Connects to the daemon of a vault. NEXUS_ERROR_NOT_FOUND when none is running. */
enum nexus_status socket_connect(const char *vault_path, int *ret_fd, struct nexus_error *err);

/** The next connection of our own user, without blocking; -1 when there is none. */
int socket_accept(int listener_fd);

#endif

// SPDX-License-Identifier: MIT
/* Telling the service manager how things are: sd_notify(3)'s protocol, a datagram to
 * $NOTIFY_SOCKET. */
#ifndef DAEMON_NOTIFY_H
#define DAEMON_NOTIFY_H

#include <stdint.h>

/** Sends lines such as "READY=1". Does nothing where nobody listens. */
void notify_send(const char *lines);

/** How often the manager wants to hear "WATCHDOG=1", in microseconds; 0: it does not. */
uint64_t notify_watchdog_us(void);

#endif

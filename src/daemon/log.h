// SPDX-License-Identifier: MIT
/*
 * The daemon's log, `.nexus/logs/nexus.log`: one line an event, with the time in UTC and a level.
 * At 1 MiB it becomes nexus.log.1, and that one nexus.log.2. On a terminal the lines go to stderr
 * as well.
 */
#ifndef DAEMON_LOG_H
#define DAEMON_LOG_H

#include "base/error.h"
#include "base/strbuf.h"

enum log_level { LOG_LEVEL_INFO, LOG_LEVEL_WARNING, LOG_LEVEL_ERROR };

struct log {
    int folder_fd, fd;
    int64_t size_bytes;
    bool is_echoed; /* to stderr */
};

enum nexus_status log_open(struct log *log, const char *vault_path, struct nexus_error *err);
void log_close(struct log *log);

/** Control characters of the text are shown as '?'. A line that cannot be written is lost. */
void log_line(struct log *log, enum log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif

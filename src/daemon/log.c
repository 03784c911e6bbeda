// SPDX-License-Identifier: MIT
#include "daemon/log.h"

#include "base/file.h"
#include "base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LIMIT_BYTES = 1024 * 1024 };

static int open_file(struct log *log)
{
    struct stat status;
    log->fd = openat(log->folder_fd, "nexus.log",
                     O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    log->size_bytes = log->fd >= 0 && fstat(log->fd, &status) == 0 ? status.st_size : 0;
    return log->fd;
}

enum nexus_status log_open(struct log *log, const char *vault_path, struct nexus_error *err)
{
    STRBUF_SCOPED path = {0};
    *log = (struct log){.folder_fd = -1, .fd = -1, .is_echoed = isatty(STDERR_FILENO)};
    strbuf_addf(&path, "%s/.nexus/logs", vault_path);
    if (path.failed)
        return fail_no_memory(err);
    if (mkdir(path.at, 0700) != 0 && errno != EEXIST)
        return fail_errno(err, errno, "cannot make the folder '%s'", path.at);
    log->folder_fd = open(path.at, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (log->folder_fd < 0 || open_file(log) < 0)
        return fail_errno(err, errno, "cannot open the log in '%s'", path.at);
    return NEXUS_OK;
}

void log_close(struct log *log)
{
    file_close(&log->fd);
    file_close(&log->folder_fd);
}

static void rotate(struct log *log)
{
    file_close(&log->fd);
    renameat(log->folder_fd, "nexus.log.1", log->folder_fd, "nexus.log.2");
    renameat(log->folder_fd, "nexus.log", log->folder_fd, "nexus.log.1");
    open_file(log);
}

static void make_printable(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7F)
            *text = '?';
}

void log_line(struct log *log, enum log_level level, const char *format, ...)
{
    static const char *const names[] = {"info", "warning", "error"};
    char now[TIME_TEXT_SIZE], text[1200];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    make_printable(text);
    STRBUF_SCOPED line = {0};
    strbuf_addf(&line, "%s %s %s\n", time_format(time_now_ns(), now), names[level], text);
    if (line.failed)
        return;
    if (log->is_echoed)
        fputs(line.at, stderr);
    if (log->size_bytes + (int64_t)line.length > LIMIT_BYTES)
        rotate(log);
    if (log->fd >= 0 && write(log->fd, line.at, line.length) == (ssize_t)line.length)
        log->size_bytes += (int64_t)line.length;
}

// SPDX-License-Identifier: MIT
/*
 * Watches a folder and prints each nomination as a line, as soon as it comes: what a test needs to
 * see. It does with a nominated file what an engine does: reads it whole, and gives it back when it
 * turns out to be busy, changed, or not there.
 *
 * A line is fields with tabs between: kind, path, moved_from, batch, nanoseconds (monotonic), size,
 * the first 200 bytes. Bytes that would break a line are written as %XX.
 *
 * Commands come as lines on stdin: "flush", "stats", "nominate PATH", "child" (tells what a child
 * process inherits), "quit".
 */
#include "base/time.h"
#include "watch/settle.h"
#include "watch/watcher.h"

#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { READ_LIMIT = 64 << 20, SHOWN = 200 };

struct probe {
    struct watcher *watcher;
    int root_fd;
    struct strbuf bytes;
};

static void print_escaped(struct str text)
{
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (c <= ' ' || c >= 0x7F || c == '%')
            printf("%%%02X", c);
        else
            putchar(c);
    }
}

static const char *const kinds[] = {
    [NOMINATED_FILE] = "file",
    [NOMINATED_OPEN_FILE] = "open-file",
    [NOMINATED_MISSING] = "missing",
    [NOMINATED_FOLDER] = "folder",
    [NOMINATED_FOLDER_MOVED] = "folder-moved",
    [NOMINATED_DATABASE] = "database",
    [NOMINATED_OVERFLOW] = "overflow",
    [NOMINATED_ROOT_GONE] = "root-gone",
    [NOMINATED_ROOT_BACK] = "root-back",
    [NOMINATED_ROOT_REPLACED] = "root-replaced",
    [NOMINATED_WATCH_LIMIT] = "watch-limit",
    [NOMINATED_DEAF] = "deaf",
    [NOMINATED_FLUSHED] = "flushed",
};

static void print_line(const char *kind, const struct nomination *nomination, int64_t at_ns)
{
    printf("%s\t", kind);
    print_escaped(nomination->path);
    putchar('\t');
    print_escaped(nomination->moved_from);
    printf("\t%llu\t%lld\t", (unsigned long long)nomination->batch, (long long)at_ns);
}

static void tell(struct probe *probe, const struct nomination *nomination)
{
    int64_t at_ns = time_monotonic_ns();
    const char *kind = kinds[nomination->kind];
    enum nexus_status status = NEXUS_OK;
    bool is_file = nomination->kind == NOMINATED_FILE || nomination->kind == NOMINATED_OPEN_FILE;
    strbuf_reset(&probe->bytes);
    if (is_file) {
        struct settled settled;
        enum settle_mode mode = nomination->kind == NOMINATED_FILE ? SETTLE_QUIET : SETTLE_OPEN;
        status = settle_read(probe->root_fd, nomination->path.at, mode, READ_LIMIT, &probe->bytes,
                             &settled, NULL);
        if (status != NEXUS_OK) {
            kind = nexus_status_name(status);
            strbuf_reset(&probe->bytes);
        }
    }
    print_line(kind, nomination, at_ns);
    printf("%zu\t", probe->bytes.length);
    print_escaped(str_slice(strbuf_str(&probe->bytes), 0, SHOWN));
    putchar('\n');
    if (status == NEXUS_ERROR_BUSY || status == NEXUS_ERROR_CHANGED ||
        status == NEXUS_ERROR_NOT_FOUND || status == NEXUS_ERROR_REFUSED)
        watcher_nominate(probe->watcher, nomination->path, NULL);
}

/** One nomination a round, so that commands are not kept waiting. */
static void tell_next(struct probe *probe)
{
    struct nomination nomination;
    while (watcher_next(probe->watcher, &nomination))
        tell(probe, &nomination);
    fflush(stdout);
}

static void print_stats(struct probe *probe)
{
    struct watcher_stats stats = watcher_stats(probe->watcher);
    printf("stats\tevents=%llu overflows=%llu age_ms=%lld waiting=%zu queued=%zu folders=%zu "
           "unwatched=%zu present=%d\n",
           (unsigned long long)stats.events, (unsigned long long)stats.overflows,
           (long long)(stats.event_age_ns / NS_PER_MS), stats.waiting, stats.queued, stats.folders,
           stats.unwatched, stats.is_present);
    fflush(stdout);
}

/** False: the end. */
static bool obey(struct probe *probe, struct str line)
{
    if (str_is(line, "quit"))
        return false;
    if (str_is(line, "flush"))
        watcher_flush(probe->watcher);
    else if (str_is(line, "stats"))
        print_stats(probe);
    else if (str_is(line, "child")) {
        if (system("for fd in /proc/self/fd/*; do readlink $fd; done | sed 's/^/child\t/'") != 0)
            return false;
    } else if (str_starts_with(line, STR("nominate ")))
        watcher_nominate(probe->watcher, str_slice(line, 9, line.length), NULL);
    return true;
}

static bool obey_all(struct probe *probe, struct strbuf *commands)
{
    char *room = strbuf_reserve(commands, 4096);
    ssize_t got = room ? read(STDIN_FILENO, room, 4096) : -1;
    if (got <= 0)
        return false;
    commands->length += (size_t)got;
    for (;;) {
        size_t end = str_find(strbuf_str(commands), '\n');
        if (end == STR_NONE)
            return true;
        bool goes_on = obey(probe, str_slice(strbuf_str(commands), 0, end));
        commands->length -= end + 1;
        memmove(commands->at, commands->at + end + 1, commands->length);
        if (!goes_on)
            return false;
    }
}

static void run(struct probe *probe)
{
    STRBUF_SCOPED commands = {0};
    struct pollfd fds[] = {{.fd = STDIN_FILENO, .events = POLLIN},
                           {.fd = watcher_fd(probe->watcher), .events = POLLIN}};
    bool goes_on = true;
    while (goes_on && poll(fds, 2, -1) > 0) {
        if (fds[1].revents)
            tell_next(probe);
        if (fds[0].revents)
            goes_on = obey_all(probe, &commands);
    }
}

static int usage(void)
{
    fputs("usage: watch_probe [-d DEBOUNCE_MS] [-w MAX_WAIT_MS] [-p POLL_MS] [-a ALSO]... "
          "[-b DATABASE] [-i RULE] FOLDER\n",
          stderr);
    return 2;
}

int main(int argc, char **argv)
{
    const char *also[16] = {0};
    int option, also_count = 0;
    struct watcher_options options = {.also = also};
    struct ignore *ignore = ignore_new();
    while ((option = getopt(argc, argv, "d:w:p:a:b:i:")) != -1) {
        switch (option) {
        case 'd': options.debounce_ms = atoi(optarg); break;
        case 'w': options.max_wait_ms = atoi(optarg); break;
        case 'p': options.poll_ms = atoi(optarg); break;
        case 'a': also[also_count++ % 15] = optarg; break;
        case 'b': options.database = optarg; break;
        case 'i': ignore_add(ignore, "test", str_of(optarg), NULL); break;
        default: return usage();
        }
    }
    if (optind != argc - 1)
        return usage();
    struct nexus_error err;
    struct probe probe = {.root_fd = open(argv[optind], O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    int64_t start_ns = time_monotonic_ns();
    if (watcher_open(argv[optind], probe.root_fd, ignore, &options, &probe.watcher, &err) !=
        NEXUS_OK) {
        fprintf(stderr, "watch_probe: %s\n", err.message);
        return 3;
    }
    printf("ready\t%lld\n", (long long)((time_monotonic_ns() - start_ns) / 1000));
    fflush(stdout);
    run(&probe);
    watcher_close(probe.watcher);
    strbuf_finish(&probe.bytes);
    close(probe.root_fd);
    ignore_free(ignore);
    puts("closed");
    return 0;
}

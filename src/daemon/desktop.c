// SPDX-License-Identifier: MIT
#include "daemon/desktop.h"

#include "base/file.h"
#include "base/printable.h"
#include "base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define PERIOD_NS (60 * NS_PER_S)

extern char **environ;

enum nexus_status desktop_open(struct desktop *desktop, const char *vault_path,
                               struct nexus_error *err)
{
    struct str path = str_of(vault_path);
    size_t slash = str_find_last(path, '/');
    for (size_t i = 0; i < DESKTOP_KIND_COUNT; i++)
        desktop->notes[i].throttle.period_ns = PERIOD_NS;
    desktop->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (desktop->timer_fd < 0)
        return fail_errno(err, errno, "cannot make a timer");
    strbuf_add_text(&desktop->title, "Nexus: ");
    printable_add(&desktop->title, str_slice(path, slash == STR_NONE ? 0 : slash + 1, path.length),
                  PRINTABLE_ONE_LINE);
    return desktop->title.failed ? fail_no_memory(err) : NEXUS_OK;
}

void desktop_close(struct desktop *desktop)
{
    file_close(&desktop->timer_fd);
    strbuf_finish(&desktop->title);
    for (size_t i = 0; i < DESKTOP_KIND_COUNT; i++)
        strbuf_finish(&desktop->notes[i].text);
}

void desktop_tell(struct desktop *desktop, enum desktop_kind kind, uint64_t count, const char *text)
{
    strbuf_reset(&desktop->notes[kind].text);
    strbuf_add_text(&desktop->notes[kind].text, text);
    desktop->notes[kind].throttle.waiting += count;
}

bool desktop_is_waiting(const struct desktop *desktop)
{
    for (size_t i = 0; i < DESKTOP_KIND_COUNT; i++)
        if (desktop->notes[i].throttle.waiting)
            return true;
    return false;
}

/** dbus-daemon(1) and systemd: where the session's bus is told to be, or where it is by default. */
static bool has_session_bus(void)
{
    const char *address = getenv("DBUS_SESSION_BUS_ADDRESS"), *folder = getenv("XDG_RUNTIME_DIR");
    STRBUF_SCOPED path = {0};
    if (address && *address)
        return true;
    if (!folder || *folder != '/')
        return false;
    strbuf_addf(&path, "%s/bus", folder);
    return !path.failed && access(path.at, F_OK) == 0;
}

/** One line; servers that read it as markup get it as text (Desktop Notifications Specification).
 */
static void add_body(struct strbuf *out, struct str text)
{
    STRBUF_SCOPED line = {0};
    printable_add(&line, text, PRINTABLE_ONE_LINE);
    for (size_t i = 0; i < line.length; i++) {
        switch (line.at[i]) {
        case '&': strbuf_add_text(out, "&amp;"); break;
        case '<': strbuf_add_text(out, "&lt;"); break;
        case '>': strbuf_add_text(out, "&gt;"); break;
        default: strbuf_add_char(out, line.at[i]);
        }
    }
    out->failed |= line.failed;
}

/** 0 where it cannot be: no note is worth an error. */
static pid_t spawn(const struct desktop *desktop, const char *body)
{
    char name[] = "notify-send", application[] = "--app-name=Nexus", end[] = "--";
    char *const arguments[] = {name, application, end, desktop->title.at, (char *)(uintptr_t)body,
                               NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none;
    pid_t child = 0;
    if (posix_spawn_file_actions_init(&files) != 0)
        return 0;
    if (posix_spawnattr_init(&attributes) != 0) {
        posix_spawn_file_actions_destroy(&files);
        return 0;
    }
    sigemptyset(&none);
    bool is_ready = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK) == 0 &&
                    posix_spawnattr_setsigmask(&attributes, &none) == 0;
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        is_ready =
            is_ready && posix_spawn_file_actions_addopen(&files, fd, "/dev/null", O_RDWR, 0) == 0;
    if (!is_ready || posix_spawnp(&child, name, &files, &attributes, arguments, environ) != 0)
        child = 0;
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return child;
}

static void send_note(struct desktop *desktop, enum desktop_kind kind, uint64_t count)
{
    STRBUF_SCOPED text = {0}, body = {0};
    if (kind == DESKTOP_CONFLICT)
        strbuf_addf(&text, "%" PRIu64 " %s ", count, count == 1 ? "object was" : "objects were");
    strbuf_add(&text, strbuf_str(&desktop->notes[kind].text));
    add_body(&body, strbuf_str(&text));
    if (!text.failed && !body.failed && has_session_bus())
        desktop->notes[kind].child = spawn(desktop, body.at);
}

static void set_timer(const struct desktop *desktop, int64_t due_ns)
{
    struct itimerspec timer = {0}; /* disarmed */
    if (due_ns != INT64_MAX) {
        timer.it_value.tv_sec = due_ns / NS_PER_S;
        timer.it_value.tv_nsec = due_ns % NS_PER_S;
    }
    timerfd_settime(desktop->timer_fd, TFD_TIMER_ABSTIME, &timer, NULL);
}

void desktop_send(struct desktop *desktop, bool is_wanted)
{
    int64_t now_ns = time_monotonic_ns(), due_ns = INT64_MAX;
    for (int kind = 0; kind < DESKTOP_KIND_COUNT; kind++) {
        struct throttle *throttle = &desktop->notes[kind].throttle;
        if (!is_wanted)
            throttle->waiting = 0;
        if (desktop->notes[kind].child)
            continue; /* its end brings us here again */
        uint64_t count = throttle_take(throttle, 0, now_ns);
        if (count)
            send_note(desktop, (enum desktop_kind)kind, count);
        if (throttle_due_ns(throttle) < due_ns)
            due_ns = throttle_due_ns(throttle);
    }
    set_timer(desktop, due_ns); /* and it is no longer readable */
}

void desktop_reap(struct desktop *desktop)
{
    for (int kind = 0; kind < DESKTOP_KIND_COUNT; kind++) {
        pid_t child = desktop->notes[kind].child;
        if (child && waitpid(child, NULL, WNOHANG) != 0)
            desktop->notes[kind].child = 0;
    }
}

// SPDX-License-Identifier: MIT
/*
 * What the owner should know is shown on the desktop, by notify-send(1), where there is a session
 * bus. At most one note a kind a minute: what follows is summed up in the next one.
 *
 * A note is a process of its own: nobody waits for it, and while one of a kind is under way no
 * other of that kind is begun.
 */
#ifndef DAEMON_DESKTOP_H
#define DAEMON_DESKTOP_H

#include "base/error.h"
#include "base/strbuf.h"
#include "base/throttle.h"

#include <stdbool.h>
#include <sys/types.h>

enum desktop_kind {
    DESKTOP_CONFLICT, /* objects were changed on both sides */
    DESKTOP_BRAKE,    /* files wait for a person to decide */
    DESKTOP_GONE,     /* so many files are gone that they are not forgotten */
    DESKTOP_PAUSED,   /* the vault's folder is gone */
    DESKTOP_RESTORED, /* … is back, or the database was put right */
    DESKTOP_KIND_COUNT,
};

struct desktop {
    struct strbuf title;
    int timer_fd; /* readable when something that was put off is due: desktop_send() */
    struct {
        struct throttle throttle;
        struct strbuf text; /* of the last one */
        pid_t child;        /* 0: none is under way */
    } notes[DESKTOP_KIND_COUNT];
};

enum nexus_status desktop_open(struct desktop *desktop, const char *vault_path,
                               struct nexus_error *err);
/** Fine for one that was never opened and is all zero but for timer_fd, -1. */
void desktop_close(struct desktop *desktop);

/** It happened. `count` is how many more objects of DESKTOP_CONFLICT; else 1, and `text` says what
 * is the case by now. */
void desktop_tell(struct desktop *desktop, enum desktop_kind kind, uint64_t count,
                  const char *text);
/** Whether there is anything to show. */
bool desktop_is_waiting(const struct desktop *desktop);
/** Shows what is due; drops it where nobody wants to see it. */
void desktop_send(struct desktop *desktop, bool is_wanted);
/** A child has ended (SIGCHLD). */
void desktop_reap(struct desktop *desktop);

#endif

// SPDX-License-Identifier: MIT
/* One client of the control socket: JSON requests come in line by line, JSON answers go out the
 * same way. */
#ifndef DAEMON_SESSION_H
#define DAEMON_SESSION_H

#include "base/strbuf.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    SESSION_LINE_LIMIT = 64 * 1024,    /* a request is a few words */
    SESSION_UNSENT_LIMIT = 1024 * 1024 /* a client that does not read is dropped */
};

enum session_wait { SESSION_READY, SESSION_SYNCING };

struct session {
    int fd; /* -1: this place is free */
    struct strbuf input, output;
    enum session_wait wait;
    uint64_t flush; /* of SESSION_SYNCING: it goes on when this flush is done */
    unsigned sync_options;
};

void session_open(struct session *session, int fd);
void session_close(struct session *session);

/** Reads what has come. False when the client is gone or sends too much. */
bool session_read(struct session *session);
/** The next whole request without its line end, borrowed until the next call; false when there is
 * none. It stays the next one until it is dropped. */
bool session_next_line(const struct session *session, struct str *line);
void session_drop_line(struct session *session);
/** Queues an answer and sends what goes. False when the client is gone or does not read. */
bool session_answer(struct session *session, struct str line);
/** Sends what is queued. False when the client is gone. */
bool session_write(struct session *session);
/** What to poll for. */
short session_events(const struct session *session);

#endif

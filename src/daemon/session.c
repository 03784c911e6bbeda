// SPDX-License-Identifier: MIT
#include "daemon/session.h"

#include "base/file.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READ_BYTES = 4096 };

void session_open(struct session *session, int fd)
{
    *session = (struct session){.fd = fd};
}

void session_close(struct session *session)
{
    file_close(&session->fd);
    strbuf_finish(&session->input);
    strbuf_finish(&session->output);
    *session = (struct session){.fd = -1};
}

bool session_read(struct session *session)
{
    for (;;) {
        char *room = strbuf_reserve(&session->input, READ_BYTES);
        if (!room || session->input.length > SESSION_LINE_LIMIT)
            return false;
        ssize_t got = read(session->fd, room, READ_BYTES);
        if (got < 0)
            return errno == EAGAIN || errno == EINTR;
        if (got == 0)
            return false;
        session->input.length += (size_t)got;
        session->input.at[session->input.length] = '\0';
    }
}

bool session_next_line(const struct session *session, struct str *line)
{
    struct str input = strbuf_str(&session->input);
    size_t end = str_find(input, '\n');
    if (end == STR_NONE || session->wait == SESSION_SYNCING)
        return false;
    *line = str_slice(input, 0, end);
    return true;
}

void session_drop_line(struct session *session)
{
    struct strbuf *input = &session->input;
    size_t next = str_find(strbuf_str(input), '\n') + 1;
    memmove(input->at, input->at + next, input->length - next);
    strbuf_truncate(input, input->length - next);
}

bool session_write(struct session *session)
{
    struct strbuf *output = &session->output;
    while (output->length) {
        ssize_t sent = send(session->fd, output->at, output->length, MSG_NOSIGNAL);
        if (sent < 0)
            return errno == EAGAIN || errno == EINTR;
        size_t rest = output->length - (size_t)sent;
        memmove(output->at, output->at + sent, rest);
        strbuf_truncate(output, rest);
    }
    return true;
}

bool session_answer(struct session *session, struct str line)
{
    strbuf_add(&session->output, line);
    strbuf_add_char(&session->output, '\n');
    if (session->output.failed || session->output.length > SESSION_UNSENT_LIMIT)
        return false;
    return session_write(session);
}

short session_events(const struct session *session)
{
    return (short)(POLLIN | (session->output.length ? POLLOUT : 0));
}

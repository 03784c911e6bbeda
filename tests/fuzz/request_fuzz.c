// SPDX-License-Identifier: MIT
/* Any bytes as what a client says to the daemon, in two parts: it answers each line with a line,
 * a JSON object with an "ok", or drops the client; and the next one finds it as it was.
 *
 * The first byte tells where the parts meet. The vault is a real one, small and empty. */
#include "base/file.h"
#include "base/time.h"
#include "daemon/server.h"
#include "folder.h"

#include "nexus/vault.h"

#include <cJSON.h>
#include <sys/socket.h>

static struct server server = {.listener_fd = -1, .log = {.folder_fd = -1, .fd = -1}};

static void open_vault(void)
{
    struct nexus_error err;
    const char *path = folder_new();
    PROMISE(nexus_vault_init(path, &err) == NEXUS_OK);
    PROMISE(nexus_vault_open(path, &server.vault, &err) == NEXUS_OK);
    PROMISE(nexus_live_open(server.vault, NULL, NULL, server_hear, &server, &server.live, &err) ==
            NEXUS_OK);
    PROMISE(desktop_open(&server.desktop, path, &err) == NEXUS_OK);
    PROMISE(log_open(&server.log, path, &err) == NEXUS_OK);
    server.started_ns = time_monotonic_ns();
    for (size_t i = 0; i < SESSION_COUNT; i++)
        server.sessions[i].fd = -1;
}

static void read_answers(int fd, struct strbuf *answers)
{
    ssize_t got;
    do {
        char *room = strbuf_reserve(answers, 4096);
        PROMISE(room);
        got = recv(fd, room, 4096, MSG_DONTWAIT);
        answers->length += got > 0 ? (size_t)got : 0;
    } while (got > 0);
}

/** What the daemon does when its client has said something. False when it dropped it. */
static bool serve(struct session *session, int client_fd, struct strbuf *answers)
{
    bool stays = session_read(session) && server_answer(&server, session);
    while (stays && session->wait == SESSION_SYNCING) {
        struct nexus_live_news done = {.event = NEXUS_LIVE_FLUSHED, .flush = session->flush};
        server_hear(&server, &done);
        stays = session->fd >= 0;
        read_answers(client_fd, answers);
    }
    read_answers(client_fd, answers);
    while (stays && session->output.length && (stays = session_write(session)))
        read_answers(client_fd, answers);
    return stays;
}

/** Each is a JSON object that says whether all is well, and why not. How many there are. */
static size_t count_answers(struct str answers)
{
    size_t count = 0;
    for (; answers.length; count++) {
        size_t end = str_find(answers, '\n');
        PROMISE(end != STR_NONE);
        cJSON *answer = cJSON_ParseWithLength(answers.at, end);
        const cJSON *ok = cJSON_GetObjectItemCaseSensitive(answer, "ok");
        PROMISE(cJSON_IsBool(ok));
        PROMISE(cJSON_IsTrue(ok) ||
                cJSON_IsString(cJSON_GetObjectItemCaseSensitive(answer, "error")));
        cJSON_Delete(answer);
        answers = str_slice(answers, end + 1, answers.length);
    }
    return count;
}

static size_t count_lines(struct str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.length; i++)
        count += text.at[i] == '\n';
    return count;
}

static bool say(int fd, struct str text)
{
    return !text.length ||
           send(fd, text.at, text.length, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)text.length;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int ends[2];
    STRBUF_SCOPED answers = {0};
    struct session *session = &server.sessions[0];
    if (!server.live)
        open_vault();
    if (!size)
        return 0;
    struct str text = {(const char *)data + 1, size - 1};
    size_t middle = text.length * data[0] / UINT8_MAX;
    PROMISE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) == 0);
    session_open(session, ends[0]);
    bool is_said = say(ends[1], str_slice(text, 0, middle));
    bool stays = serve(session, ends[1], &answers);
    if (stays) {
        is_said = say(ends[1], str_slice(text, middle, text.length)) && is_said;
        stays = serve(session, ends[1], &answers);
    }
    size_t answered = count_answers(strbuf_str(&answers));
    PROMISE(!stays || !is_said || answered == count_lines(text));
    if (session->fd >= 0)
        session_close(session);
    file_close(&ends[1]);
    server.is_stopping = false;
    return 0;
}

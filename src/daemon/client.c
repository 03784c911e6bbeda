// SPDX-License-Identifier: MIT
#include "daemon/client.h"

#include "base/file.h"
#include "base/time.h"
#include "daemon/socket.h"

#include <cJSON.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READ_BYTES = 4096 };

enum nexus_status client_open(const char *vault_path, struct client *client,
                              struct nexus_error *err)
{
    *client = (struct client){.fd = -1};
    return socket_connect(vault_path, &client->fd, err);
}

void client_close(struct client *client)
{
    file_close(&client->fd);
    strbuf_finish(&client->input);
}

static enum nexus_status send_request(struct client *client, const char *request,
                                      struct nexus_error *err)
{
    STRBUF_SCOPED line = {0};
    strbuf_addf(&line, "%s\n", request);
    if (line.failed)
        return fail_no_memory(err);
    for (struct str left = strbuf_str(&line); left.length;) {
        ssize_t sent = send(client->fd, left.at, left.length, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return fail_errno(err, errno, "cannot reach the daemon");
        left = str_slice(left, (size_t)sent, left.length);
    }
    return NEXUS_OK;
}

/** Takes the first whole line out of the input. */
static bool take_line(struct client *client, struct strbuf *answer)
{
    struct str input = strbuf_str(&client->input);
    size_t end = str_find(input, '\n');
    if (end == STR_NONE)
        return false;
    strbuf_reset(answer);
    strbuf_add(answer, str_slice(input, 0, end));
    size_t rest = input.length - end - 1;
    memmove(client->input.at, input.at + end + 1, rest);
    strbuf_truncate(&client->input, rest);
    return true;
}

static enum nexus_status receive(struct client *client, struct strbuf *answer,
                                 struct nexus_error *err)
{
    while (!take_line(client, answer)) {
        char *room = strbuf_reserve(&client->input, READ_BYTES);
        if (!room)
            return fail_no_memory(err);
        ssize_t got = read(client->fd, room, READ_BYTES);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail_errno(err, errno, "cannot read the daemon's answer");
        if (got == 0)
            return fail(err, NEXUS_ERROR_INTERRUPTED, "the daemon went away");
        client->input.length += (size_t)got;
        client->input.at[client->input.length] = '\0';
    }
    return answer->failed ? fail_no_memory(err) : NEXUS_OK;
}

/** Waits for one answer; the caller frees `*ret_answer` with cJSON_Delete(). An answer that says no
 * is the error that it tells. */
static enum nexus_status receive_good(struct client *client, cJSON **ret_answer,
                                      struct nexus_error *err)
{
    STRBUF_SCOPED text = {0};
    TRY(receive(client, &text, err));
    cJSON *answer = cJSON_ParseWithLength(text.at, text.length);
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(answer, "ok"))) {
        *ret_answer = answer;
        return NEXUS_OK;
    }
    const char *reason = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(answer, "error"));
    enum nexus_status status = fail(err, NEXUS_ERROR_REFUSED, "%s",
                                    reason ? reason : "the daemon's answer cannot be read");
    cJSON_Delete(answer);
    return status;
}

static enum nexus_status ask(struct client *client, const char *request, cJSON **ret_answer,
                             struct nexus_error *err)
{
    TRY(send_request(client, request, err));
    return receive_good(client, ret_answer, err);
}

/** A number of the answer; 0 when it is not there. */
static int64_t number(const cJSON *answer, const char *name)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(answer, name);
    return cJSON_IsNumber(value) ? (int64_t)value->valuedouble : 0;
}

static uint64_t count(const cJSON *answer, const char *name)
{
    int64_t value = number(answer, name);
    return value > 0 ? (uint64_t)value : 0;
}

enum nexus_status client_sync(struct client *client, unsigned options,
                              struct nexus_sync_report *ret_report, struct nexus_error *err)
{
    cJSON *answer;
    TRY(ask(client,
            options & NEXUS_SYNC_FORGET ? "{\"request\": \"sync\", \"forget\": true}"
                                        : "{\"request\": \"sync\"}",
            &answer, err));
    *ret_report = (struct nexus_sync_report){
        .files = count(answer, "files"),
        .read = count(answer, "read"),
        .objects_created = count(answer, "objects_created"),
        .objects_updated = count(answer, "objects_updated"),
        .objects_deleted = count(answer, "objects_deleted"),
        .invalid = count(answer, "invalid"),
        .held = count(answer, "held"),
        .written = count(answer, "written"),
        .refused = count(answer, "refused"),
        .conflicts = count(answer, "conflicts"),
        .merged = count(answer, "merged"),
        .waiting = count(answer, "waiting"),
        .held_writes = count(answer, "held_writes"),
        .duration_ns = number(answer, "duration_ns"),
    };
    cJSON_Delete(answer);
    return NEXUS_OK;
}

enum nexus_status client_status(struct client *client, struct client_status *ret_status,
                                struct nexus_error *err)
{
    cJSON *answer;
    int64_t walked_at_ns = 0;
    TRY(ask(client, "{\"request\": \"status\"}", &answer, err));
    const char *walked_at =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(answer, "walked_at"));
    if (walked_at)
        time_parse(str_of(walked_at), &walked_at_ns);
    *ret_status = (struct client_status){
        .pid = number(answer, "pid"),
        .uptime_ms = number(answer, "uptime_ms"),
        .live =
            {
                .is_paused = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(answer, "paused")),
                .is_watching = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(answer, "watching")),
                .pulse_age_ms = number(answer, "pulse_age_ms"),
                .restarts = count(answer, "restarts"),
                .pass_files = count(answer, "pass_files"),
                .events = count(answer, "events"),
                .overflows = count(answer, "overflows"),
                .event_age_ms = number(answer, "event_age_ms"),
                .waiting = count(answer, "waiting"),
                .queued = count(answer, "queued"),
                .folders_watched = count(answer, "folders_watched"),
                .folders_unwatched = count(answer, "folders_unwatched"),
                .walked_at_ms = walked_at_ns / NS_PER_MS,
                .held = count(answer, "held"),
            },
    };
    cJSON_Delete(answer);
    return NEXUS_OK;
}

static enum nexus_status tell(struct client *client, const char *request, struct nexus_error *err)
{
    cJSON *answer;
    TRY(ask(client, request, &answer, err));
    cJSON_Delete(answer);
    return NEXUS_OK;
}

enum nexus_status client_reload(struct client *client, struct nexus_error *err)
{
    return tell(client, "{\"request\": \"reload\"}", err);
}

enum nexus_status client_stop(struct client *client, struct nexus_error *err)
{
    return tell(client, "{\"request\": \"stop\"}", err);
}

// SPDX-License-Identifier: MIT
#include "daemon/server.h"

#include "base/time.h"

#include <cJSON.h>
#include <stdlib.h>
#include <unistd.h>

/** Prints and frees the answer; false when the client has to go. */
static bool send_answer(struct session *session, cJSON *answer)
{
    char *text = cJSON_PrintUnformatted(answer);
    bool is_sent = text && session_answer(session, str_of(text));
    cJSON_free(text);
    cJSON_Delete(answer);
    return is_sent;
}

static cJSON *good_answer(void)
{
    cJSON *answer = cJSON_CreateObject();
    cJSON_AddTrueToObject(answer, "ok");
    return answer;
}

static bool answer_error(struct session *session, enum nexus_status status, const char *message)
{
    cJSON *answer = cJSON_CreateObject();
    cJSON_AddFalseToObject(answer, "ok");
    cJSON_AddStringToObject(answer, "status", nexus_status_name(status));
    cJSON_AddStringToObject(answer, "error", message);
    return send_answer(session, answer);
}

/* Counts are far below 2^53, up to which a double holds every whole number. */
static void add_count(cJSON *object, const char *name, uint64_t count)
{
    cJSON_AddNumberToObject(object, name, (double)count);
}

static void add_time_ms(cJSON *object, const char *name, int64_t time_ms)
{
    char text[TIME_TEXT_SIZE];
    cJSON_AddStringToObject(object, name, time_format(time_ms * NS_PER_MS, text));
}

static bool answer_status(struct server *server, struct session *session, const cJSON *request)
{
    struct nexus_live_status status;
    int64_t uptime_ms = (time_monotonic_ns() - server->started_ns) / NS_PER_MS;
    (void)request;
    nexus_live_status(server->live, &status);
    cJSON *answer = good_answer();
    cJSON_AddNumberToObject(answer, "pid", (double)getpid());
    cJSON_AddStringToObject(answer, "version", NEXUS_VERSION);
    cJSON_AddNumberToObject(answer, "uptime_ms", (double)uptime_ms);
    cJSON_AddBoolToObject(answer, "paused", status.is_paused);
    cJSON_AddBoolToObject(answer, "watching", status.is_watching);
    cJSON_AddNumberToObject(answer, "pulse_age_ms", (double)status.pulse_age_ms);
    add_count(answer, "restarts", status.restarts);
    add_count(answer, "pass_files", status.pass_files);
    cJSON_AddNumberToObject(answer, "event_age_ms", (double)status.event_age_ms);
    add_count(answer, "events", status.events);
    add_count(answer, "overflows", status.overflows);
    add_count(answer, "waiting", status.waiting);
    add_count(answer, "queued", status.queued);
    add_count(answer, "folders_watched", status.folders_watched);
    add_count(answer, "folders_unwatched", status.folders_unwatched);
    add_count(answer, "held", status.held);
    add_count(answer, "synced", server->synced);
    add_time_ms(answer, "walked_at", status.walked_at_ms);
    return send_answer(session, answer);
}

/** First everything that is pending, then one look at all; see finish_sync(). */
static bool start_sync(struct server *server, struct session *session, const cJSON *request)
{
    bool forget = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(request, "forget"));
    session->sync_options = forget ? NEXUS_SYNC_FORGET : 0U;
    session->wait = SESSION_SYNCING;
    session->flush = nexus_live_flush(server->live);
    return true;
}

static bool finish_sync(struct server *server, struct session *session)
{
    struct nexus_sync_report report;
    struct nexus_error err = {0};
    session->wait = SESSION_READY;
    enum nexus_status status = nexus_live_sync(server->live, session->sync_options, &report, &err);
    if (status != NEXUS_OK)
        return answer_error(session, status, err.message);
    cJSON *answer = good_answer();
    add_count(answer, "files", report.files);
    add_count(answer, "read", report.read);
    add_count(answer, "objects_created", report.objects_created);
    add_count(answer, "objects_updated", report.objects_updated);
    add_count(answer, "objects_deleted", report.objects_deleted);
    add_count(answer, "invalid", report.invalid);
    add_count(answer, "held", report.held);
    add_count(answer, "written", report.written);
    add_count(answer, "refused", report.refused);
    add_count(answer, "conflicts", report.conflicts);
    add_count(answer, "merged", report.merged);
    add_count(answer, "waiting", report.waiting);
    add_count(answer, "held_writes", report.held_writes);
    cJSON_AddNumberToObject(answer, "duration_ns", (double)report.duration_ns);
    return send_answer(session, answer);
}

static bool answer_reload(struct server *server, struct session *session, const cJSON *request)
{
    struct nexus_error err = {0};
    (void)request;
    enum nexus_status status = nexus_live_reload(server->live, &err);
    if (status != NEXUS_OK)
        return answer_error(session, status, err.message);
    return send_answer(session, good_answer());
}

static bool answer_stop(struct server *server, struct session *session, const cJSON *request)
{
    (void)request;
    server->is_stopping = true;
    return send_answer(session, good_answer());
}

typedef bool answer_request(struct server *, struct session *, const cJSON *request);

static const struct {
    const char *name;
    answer_request *answer;
} requests[] = {
    {"status", answer_status},
    {"sync", start_sync},
    {"reload", answer_reload},
    {"stop", answer_stop},
};

static bool answer_odd(struct server *server, struct session *session, const cJSON *request)
{
    (void)server;
    return answer_error(session, NEXUS_ERROR_ARGUMENT,
                        cJSON_IsString(cJSON_GetObjectItemCaseSensitive(request, "request"))
                            ? "no such request"
                            : "a request is a JSON object with a \"request\"");
}

static answer_request *find_answer(const cJSON *request)
{
    const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(request, "request"));
    for (size_t i = 0; name && i < sizeof requests / sizeof requests[0]; i++)
        if (strcmp(requests[i].name, name) == 0)
            return requests[i].answer;
    return answer_odd;
}

bool server_answer(struct server *server, struct session *session)
{
    struct str line;
    bool stays = true;
    while (stays && session_next_line(session, &line)) {
        cJSON *request = cJSON_ParseWithLength(line.at, line.length);
        answer_request *answer = find_answer(request);
        bool is_its_turn = !server->is_busy || answer == answer_status;
        if (is_its_turn) {
            session_drop_line(session);
            stays = answer(server, session, request);
        }
        cJSON_Delete(request);
        if (!is_its_turn)
            return true;
    }
    return stays;
}

/** What came in the middle of a pass and had to wait. */
void server_catch_up(struct server *server)
{
    for (size_t i = 0; i < SESSION_COUNT; i++)
        if (server->sessions[i].fd >= 0 && !server_answer(server, &server->sessions[i]))
            session_close(&server->sessions[i]);
}

static void finish_syncs(struct server *server, uint64_t flush)
{
    for (size_t i = 0; i < SESSION_COUNT; i++) {
        struct session *session = &server->sessions[i];
        if (session->fd < 0 || session->wait != SESSION_SYNCING || session->flush > flush)
            continue;
        if (!finish_sync(server, session) || !server_answer(server, session))
            session_close(session);
    }
}

/** What a person has to look at. */
static void tell_desktop(struct server *server, const struct nexus_sync_report *report)
{
    STRBUF_SCOPED text = {0};
    if (report->conflicts)
        desktop_tell(&server->desktop, DESKTOP_CONFLICT, report->conflicts,
                     "changed on both sides: see 'nexus conflicts'");
    if (!report->held_writes || report->held_writes == server->held_writes)
        return;
    strbuf_addf(&text, "the changes of %llu files wait for you: see 'nexus pending'",
                (unsigned long long)report->held_writes);
    desktop_tell(&server->desktop, DESKTOP_BRAKE, 1, strbuf_str(&text).at);
}

/** What went from the database to the files, and what could not. */
static void log_writes(struct server *server, const struct nexus_sync_report *report)
{
    if (report->written)
        log_line(&server->log, LOG_LEVEL_INFO, "written: %llu files",
                 (unsigned long long)report->written);
    if (report->refused)
        log_line(&server->log, LOG_LEVEL_WARNING,
                 "refused: %llu changed rows were taken back ('nexus check' says why)",
                 (unsigned long long)report->refused);
    if (report->conflicts)
        log_line(&server->log, LOG_LEVEL_WARNING,
                 "conflicts: %llu objects were changed on both sides (see 'nexus conflicts')",
                 (unsigned long long)report->conflicts);
    if (report->merged)
        log_line(&server->log, LOG_LEVEL_INFO,
                 "merged: %llu objects were changed on both sides, and nothing of it is lost",
                 (unsigned long long)report->merged);
    if (report->waiting)
        log_line(&server->log, LOG_LEVEL_WARNING,
                 "waiting: %llu files cannot be written now, and are tried again",
                 (unsigned long long)report->waiting);
    if (report->held_writes && report->held_writes != server->held_writes)
        log_line(&server->log, LOG_LEVEL_WARNING,
                 "held: the changes of %llu files wait for 'nexus apply' or 'nexus discard'",
                 (unsigned long long)report->held_writes);
    tell_desktop(server, report);
    server->held_writes = report->held_writes;
}

static void log_synced(struct server *server, const struct nexus_sync_report *report)
{
    server->synced++;
    log_line(&server->log, LOG_LEVEL_INFO, "synced: %llu read, %llu new, %llu changed, %llu gone",
             (unsigned long long)report->read, (unsigned long long)report->objects_created,
             (unsigned long long)report->objects_updated,
             (unsigned long long)report->objects_deleted);
    log_writes(server, report);
}

void server_hear(void *context, const struct nexus_live_news *news)
{
    struct server *server = context;
    switch (news->event) {
    case NEXUS_LIVE_SYNCED: log_synced(server, news->report); break;
    case NEXUS_LIVE_PAUSED:
        log_line(&server->log, LOG_LEVEL_WARNING,
                 "paused: the vault's folder is not where it was; nothing is forgotten");
        desktop_tell(&server->desktop, DESKTOP_PAUSED, 1,
                     "paused: the vault's folder is not where it was; nothing is forgotten");
        break;
    case NEXUS_LIVE_RESUMED:
        log_line(&server->log, LOG_LEVEL_INFO, "the vault's folder is back");
        desktop_tell(&server->desktop, DESKTOP_RESTORED, 1, "the vault's folder is back");
        break;
    case NEXUS_LIVE_HELD:
        log_line(&server->log, LOG_LEVEL_WARNING,
                 "%llu files are gone at once; nothing is forgotten until 'nexus sync --forget'",
                 (unsigned long long)news->report->held);
        desktop_tell(
            &server->desktop, DESKTOP_GONE, 1,
            "many files are gone at once; nothing is forgotten until 'nexus sync --forget'");
        break;
    case NEXUS_LIVE_OVERFLOW:
        log_line(&server->log, LOG_LEVEL_WARNING, "events were lost; the whole vault is looked at");
        break;
    case NEXUS_LIVE_REPAIRED:
        log_line(&server->log, LOG_LEVEL_WARNING, "database: %s", news->text);
        desktop_tell(&server->desktop, DESKTOP_RESTORED, 1, news->text);
        break;
    case NEXUS_LIVE_RESTARTED:
        log_line(&server->log, LOG_LEVEL_WARNING, "watching begins afresh: %s", news->text);
        break;
    case NEXUS_LIVE_STUCK:
        log_line(&server->log, LOG_LEVEL_ERROR,
                 "the thread that watches the vault does not answer");
        server->is_stuck = true;
        break;
    case NEXUS_LIVE_WATCH_LIMIT: log_line(&server->log, LOG_LEVEL_WARNING, "%s", news->text); break;
    case NEXUS_LIVE_FLUSHED: finish_syncs(server, news->flush); break;
    }
}

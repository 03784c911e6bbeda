// SPDX-License-Identifier: MIT
/*
 * The database's files tell of a write before its commit can be seen (store/foreign.h). So after an
 * event the table is asked at once, and again after growing pauses: until a while has passed in
 * which nothing came, and no other process was writing when it was asked last. Then nothing is
 * asked until the next event.
 *
 * A database that was put in the place of another is opened anew. Numbers only ever grow in one
 * database; in one that ends before what was seen already, they began again.
 */
#include "engine/feed.h"

#include "base/error.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "base/time.h"
#include "engine/alarm.h"
#include "engine/vault.h"
#include "store/feed.h"
#include "store/foreign.h"
#include "watch/notice.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#define DATABASE "vault.sqlite"
/* Asked again after 1, 2, 4 ... 64 ms, and then each 250 while another process is writing. */
#define FIRST_NS NS_PER_MS
#define LAST_NS (64 * NS_PER_MS)
#define WRITING_NS (250 * NS_PER_MS)

enum column { SEQ, AT, OP, ORIGIN, OBJECT_ID, UID, PATH, OLD_PATH };

struct feed {
    struct strbuf database_path;
    struct alarms alarms;
    int notice_fd;
    int index_fd; /* the reader's */
    struct store_reader *reader;
    struct store_rows *rows; /* being gone through; NULL: none are */
    int64_t seq;             /* the last one told of */
    int64_t pause_ns;        /* until it is asked again; 0: all was seen */
    bool is_due;             /* to be asked now */
    bool was_writing;        /* another process, just before it was asked */
};

static void close_reader(struct feed *feed)
{
    store_rows_close(feed->rows);
    store_reader_close(feed->reader);
    feed->rows = NULL;
    feed->reader = NULL;
    feed->index_fd = -1;
}

static enum nexus_status open_reader(struct feed *feed, int64_t *ret_last, struct nexus_error *err)
{
    TRY(store_reader_open(feed->database_path.at, &feed->reader, err));
    enum nexus_status status = store_feed_ask_last(feed->reader, ret_last, err);
    if (status != NEXUS_OK)
        close_reader(feed);
    return status;
}

static enum nexus_status open_places(struct feed *feed, const char *root_path,
                                     struct nexus_error *err)
{
    STRBUF_SCOPED folder = {0};
    strbuf_addf(&folder, "%s/.nexus", root_path);
    strbuf_addf(&feed->database_path, "%s/.nexus/" DATABASE, root_path);
    if (folder.failed || feed->database_path.failed)
        return fail_no_memory(err);
    TRY(alarms_open(&feed->alarms, err));
    TRY(notice_open(folder.at, &feed->notice_fd, err));
    return alarms_follow(&feed->alarms, feed->notice_fd, err);
}

enum nexus_status feed_open(const char *dir, int64_t since, struct feed **ret_feed,
                            struct nexus_error *err)
{
    char *root_path;
    int64_t last;
    TRY(vault_find(dir, &root_path, err));
    struct feed *feed = calloc(1, sizeof *feed);
    if (!feed) {
        free(root_path);
        return fail_no_memory(err);
    }
    feed->alarms.fd = feed->alarms.timer_fd = feed->notice_fd = feed->index_fd = -1;
    enum nexus_status status = open_places(feed, root_path, err);
    free(root_path);
    if (status == NEXUS_OK)
        status = open_reader(feed, &last, err);
    if (status != NEXUS_OK) {
        feed_close(feed);
        return status;
    }
    feed->seq = since < 0 ? last : since;
    feed->is_due = true;
    alarms_set(&feed->alarms, ALARM_DATABASE, 0);
    *ret_feed = feed;
    return NEXUS_OK;
}

void feed_close(struct feed *feed)
{
    if (!feed)
        return;
    close_reader(feed);
    file_close(&feed->notice_fd);
    alarms_close(&feed->alarms);
    strbuf_finish(&feed->database_path);
    free(feed);
}

int feed_fd(const struct feed *feed)
{
    return feed->alarms.fd;
}

/* --- when to ask ----------------------------------------------------------------------------- */

/** A database that is being replaced may be missing for a moment: it is asked for again. */
static enum nexus_status reopen(struct feed *feed, struct nexus_error *err)
{
    int64_t last;
    close_reader(feed);
    enum nexus_status status = open_reader(feed, &last, err);
    if (status == NEXUS_OK && last < feed->seq)
        feed->seq = 0;
    return status == NEXUS_ERROR_NOT_FOUND ? NEXUS_OK : status;
}

static enum nexus_status take_events(struct feed *feed, struct nexus_error *err)
{
    unsigned notices = notice_take(feed->notice_fd, DATABASE);
    if (notices) {
        feed->is_due = true;
        feed->pause_ns = FIRST_NS;
    }
    if (alarms_take(&feed->alarms, ALARM_DATABASE))
        feed->is_due = true;
    return notices & NOTICE_REPLACED ? reopen(feed, err) : NEXUS_OK;
}

/** The table was asked, and has been gone through. */
static void plan(struct feed *feed)
{
    feed->is_due = false;
    if (!feed->pause_ns && !feed->was_writing && feed->reader)
        return;
    alarms_set(&feed->alarms, ALARM_DATABASE, feed->pause_ns ? feed->pause_ns : WRITING_NS);
    feed->pause_ns = feed->pause_ns < LAST_NS ? feed->pause_ns * 2 : 0;
}

/* --- what came ------------------------------------------------------------------------------- */

static const char *text_or_null(struct store_rows *rows, enum column column)
{
    return store_rows_type(rows, (int)column) == STORE_NULL ? NULL
                                                            : store_rows_text(rows, (int)column).at;
}

static void read_change(struct feed *feed, struct nexus_change *change)
{
    struct store_rows *rows = feed->rows;
    *change = (struct nexus_change){
        .seq = store_rows_integer(rows, SEQ),
        .at = text_or_null(rows, AT),
        .op = text_or_null(rows, OP),
        .origin = text_or_null(rows, ORIGIN),
        .object_id = store_rows_integer(rows, OBJECT_ID),
        .uid = text_or_null(rows, UID),
        .path = text_or_null(rows, PATH),
        .old_path = text_or_null(rows, OLD_PATH),
    };
    feed->seq = change->seq;
}

static enum nexus_status ask(struct feed *feed, struct nexus_error *err)
{
    TRY(store_foreign_writes_at(feed->database_path.at, &feed->index_fd, &feed->was_writing, err));
    return store_feed_ask(feed->reader, feed->seq, &feed->rows, err);
}

/** What there is now. */
static enum nexus_status look(struct feed *feed, struct nexus_change *change, bool *ret_more,
                              struct nexus_error *err)
{
    *ret_more = false;
    if (!feed->rows) {
        TRY(take_events(feed, err));
        if (!feed->is_due)
            return NEXUS_OK;
        if (!feed->reader)
            TRY(reopen(feed, err));
        if (!feed->reader) {
            plan(feed);
            return NEXUS_OK;
        }
        TRY(ask(feed, err));
    }
    TRY(store_rows_next(feed->rows, ret_more, err));
    if (*ret_more) {
        read_change(feed, change);
        return NEXUS_OK;
    }
    store_rows_close(feed->rows);
    feed->rows = NULL;
    plan(feed);
    return NEXUS_OK;
}

enum nexus_status feed_next(struct feed *feed, int wait_ms, struct nexus_change *change,
                            bool *ret_more, struct nexus_error *err)
{
    int64_t end_ns = time_monotonic_ns() + wait_ms * NS_PER_MS;
    for (;;) {
        TRY(look(feed, change, ret_more, err));
        int64_t left_ns = end_ns - time_monotonic_ns();
        if (*ret_more || (wait_ms >= 0 && left_ns <= 0))
            return NEXUS_OK;
        struct pollfd poller = {.fd = feed->alarms.fd, .events = POLLIN};
        int timeout_ms = wait_ms < 0 ? -1 : (int)(left_ns / NS_PER_MS) + 1;
        if (poll(&poller, 1, timeout_ms) < 0) {
            if (errno == EINTR)
                return NEXUS_OK;
            return fail_errno(err, errno, "cannot wait for a change");
        }
    }
}

// SPDX-License-Identifier: MIT
/* The feed as JSON lines: each line is a change, whole when it is printed. */
#include "cli/commands.h"
#include "cli/json.h"

#include <errno.h>
#include <nexus/feed.h>
#include <stdlib.h>

enum { OPTION_SINCE, OPTION_FOLLOW };
static const struct option options[] = {
    [OPTION_SINCE] = {"since", "SEQ",
                      "only those after this number; without it: all, or none with --follow"},
    [OPTION_FOLLOW] = {"follow", NULL, "go on with each change, whoever makes it, until a signal"},
    {0},
};

static enum nexus_status read_since(const char *text, int64_t *ret_since, struct nexus_error *err)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno || end == text || *end || value < 0)
        return fail(err, NEXUS_ERROR_ARGUMENT, "'%s' is no number of a change", text);
    *ret_since = value;
    return NEXUS_OK;
}

static void add_text(struct json *json, const char *name, const char *text)
{
    if (text)
        json_text(json, name, str_of(text));
    else
        json_null(json, name);
}

static enum nexus_status print_change(struct invocation *call, const struct nexus_change *change,
                                      struct nexus_error *err)
{
    JSON_SCOPED json;
    json_init(&json, &call->out);
    json_begin_object(&json, NULL);
    json_integer(&json, "seq", change->seq);
    add_text(&json, "at", change->at);
    add_text(&json, "op", change->op);
    add_text(&json, "origin", change->origin);
    if (change->object_id)
        json_integer(&json, "object_id", change->object_id);
    else
        json_null(&json, "object_id");
    add_text(&json, "uid", change->uid);
    add_text(&json, "path", change->path);
    add_text(&json, "old_path", change->old_path);
    json_end(&json);
    return json_finish(&json, err);
}

/** Prints what there is. Waiting, each is on its way before the next is waited for. */
static enum nexus_status print_changes(struct invocation *call, struct nexus_feed *feed,
                                       struct nexus_error *err)
{
    struct nexus_change change;
    bool follows = call->options[OPTION_FOLLOW] != NULL, more = true;
    for (int wait_ms = 0; more; wait_ms = more ? 0 : -1) {
        TRY(nexus_feed_next(feed, wait_ms, &change, &more, err));
        if (more)
            TRY(print_change(call, &change, err));
        else if (follows)
            TRY(output_finish(&call->out, err));
        more = more || follows;
    }
    return NEXUS_OK;
}

static enum nexus_status run_events(struct invocation *call, struct nexus_error *err)
{
    struct nexus_feed *feed;
    int64_t since = call->options[OPTION_FOLLOW] ? NEXUS_FEED_FROM_NOW : 0;
    if (call->options[OPTION_SINCE])
        TRY(read_since(call->options[OPTION_SINCE], &since, err));
    TRY(nexus_feed_open(call->vault_path, since, &feed, err));
    enum nexus_status status = print_changes(call, feed, err);
    nexus_feed_close(feed);
    return status;
}

const struct command command_events = {
    .name = "events",
    .operands = "",
    .summary = "print the feed of changes",
    .details =
        "Prints a JSON object a line: seq, at, op, origin, object_id, uid, path, old_path. A\n"
        "program that remembers the last seq it has seen misses nothing.\n",
    .examples = "nexus events --since 0 | tail -n 5\n"
                "nexus events --follow\n",
    .options = options,
    .group = GROUP_READ,
    .needs = NEEDS_READER,
    .run = run_events,
};

// SPDX-License-Identifier: MIT
/* The feed as JSON lines: each line is a change, whole when it is printed. */
#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/json.h"
#include "daemon/client.h"

#include <errno.h>
#include <stdlib.h>

enum { OPTION_SINCE, OPTION_FOLLOW };
static const struct option options[] = {
    [OPTION_SINCE] = {"since", "SEQ",
                      "only those after this number; without it: all, or none with --follow"},
    [OPTION_FOLLOW] = {"follow", NULL, "go on with each change, as long as 'nexus watch' runs"},
    {0},
};

enum { SEQ, COLUMNS = 8 };

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

static enum nexus_status last_change(struct invocation *call, int64_t *ret_seq,
                                     struct nexus_error *err)
{
    ROWS_SCOPED *rows = NULL;
    TRY(ask(call, "events", "last", &rows, err));
    TRY(row_only(rows, err));
    *ret_seq = nexus_rows_integer(rows, 0);
    return NEXUS_OK;
}

/** Prints what came after `*seq`, which moves to the last one printed. */
static enum nexus_status print_since(struct invocation *call, int64_t *seq, struct nexus_error *err)
{
    ROWS_SCOPED *rows = NULL;
    enum nexus_status status = NEXUS_OK;
    TRY(ask_id(call, "events", "since", *seq, &rows, err));
    while (row_next(call, rows, &status, err)) {
        JSON_SCOPED json;
        json_init(&json, &call->out);
        json_begin_object(&json, NULL);
        json_columns(&json, rows, 0, COLUMNS);
        json_end(&json);
        TRY(json_finish(&json, err));
        *seq = nexus_rows_integer(rows, SEQ);
    }
    return status == NEXUS_OK ? output_finish(&call->out, err) : status;
}

static enum nexus_status follow(struct invocation *call, int64_t *seq, struct nexus_error *err)
{
    CLIENT_SCOPED client;
    enum nexus_status status = client_open(call->vault_path, &client, err);
    if (status == NEXUS_ERROR_NOT_FOUND)
        return fail(err, status, "nothing to follow: 'nexus watch' is not running for this vault");
    TRY(status);
    TRY(client_follow(&client, err));
    do
        TRY(print_since(call, seq, err));
    while ((status = client_wait(&client, err)) == NEXUS_OK);
    return status == NEXUS_ERROR_INTERRUPTED ? NEXUS_OK : status;
}

static enum nexus_status run_events(struct invocation *call, struct nexus_error *err)
{
    int64_t seq = 0;
    if (call->options[OPTION_SINCE])
        TRY(read_since(call->options[OPTION_SINCE], &seq, err));
    else if (call->options[OPTION_FOLLOW])
        TRY(last_change(call, &seq, err));
    return call->options[OPTION_FOLLOW] ? follow(call, &seq, err) : print_since(call, &seq, err);
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

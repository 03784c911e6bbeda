// SPDX-License-Identifier: MIT
/*
 * What is put back is read before it is asked for: once the files are as they were, history has
 * more rows, and they are not the ones that were meant.
 */
#include "base/arena.h"
#include "base/time.h"
#include "cli/ask.h"
#include "cli/census.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/request.h"

#include <stdlib.h>
#include <time.h>

enum { OPTION_LAST, OPTION_SINCE };
static const struct option options[] = {
    [OPTION_LAST] = {"last", "N", "the last N times that something was written"},
    [OPTION_SINCE] = {"since", "WHEN", "everything since YYYY-MM-DD or an RFC 3339 time"},
    {0},
};

enum { SEQ, OP, PATH, MOVED_FROM }; /* columns of the statements */

/** One write that is to be put back. */
struct undone {
    struct strbuf path, moved_from;
    enum { UNDOES_CREATE, UNDOES_UPDATE, UNDOES_DELETE, UNDOES_MOVE } what;
};

struct undoing {
    struct undone *writes;
    struct nexus_request *requests;
    struct nexus_answer *answers;
    size_t count, write_capacity, request_capacity;
};

static void undoing_finish(struct undoing *undoing)
{
    for (size_t i = 0; i < undoing->count; i++) {
        strbuf_finish(&undoing->writes[i].path);
        strbuf_finish(&undoing->writes[i].moved_from);
    }
    free(undoing->writes);
    free(undoing->requests);
    free(undoing->answers);
}
#define UNDOING_SCOPED __attribute__((cleanup(undoing_finish))) struct undoing

/** The first moment of a day in the user's own calendar, or a point in time. */
static enum nexus_status read_since(const char *text, char since[TIME_TEXT_SIZE],
                                    struct nexus_error *err)
{
    struct tm day = {.tm_isdst = -1};
    int64_t time_ns;
    STRBUF_SCOPED time = {0};
    bool is_date = time_is_date(str_of(text));
    strbuf_addf(&time, "%s%s", text, is_date ? "T00:00:00Z" : "");
    if (time.failed)
        return fail_no_memory(err);
    if (!time_parse(strbuf_str(&time), &time_ns))
        return fail(err, NEXUS_ERROR_ARGUMENT,
                    "--since is a day such as 2026-01-31 or a time such as 2026-01-31T09:30:00Z, "
                    "not '%s'",
                    text);
    if (is_date) {
        day.tm_year = (int)strtol(text, NULL, 10) - 1900;
        day.tm_mon = (int)strtol(text + 5, NULL, 10) - 1;
        day.tm_mday = (int)strtol(text + 8, NULL, 10);
        time_ns = (int64_t)mktime(&day) * NS_PER_S;
    }
    time_format(time_ns, since);
    return NEXUS_OK;
}

static enum nexus_status choose(struct invocation *call, struct nexus_rows **ret_rows,
                                struct nexus_error *err)
{
    const char *last = call->options[OPTION_LAST], *since = call->options[OPTION_SINCE];
    char since_time[TIME_TEXT_SIZE];
    int64_t number = 1;
    if ((last != NULL) + (since != NULL) + call->operand_count > 1)
        return fail(err, NEXUS_ERROR_ARGUMENT,
                    "SEQ, --last and --since are three ways: choose one");
    if (since) {
        TRY(read_since(since, since_time, err));
        return ask_text(call, "history", "undo_since", since_time, ret_rows, err);
    }
    if (call->operand_count) {
        TRY(option_number("SEQ", call->operands[0], 1, INT64_MAX, &number, err));
        return ask_id(call, "history", "undo_one", number, ret_rows, err);
    }
    if (last)
        TRY(option_number("--last", last, 1, INT64_MAX, &number, err));
    return ask_id(call, "history", "undo_last", number, ret_rows, err);
}

static enum nexus_status add(struct undoing *undoing, struct nexus_rows *rows,
                             struct nexus_error *err)
{
    size_t count = undoing->count;
    if (!array_reserve(&undoing->writes, &undoing->write_capacity, count + 1,
                       sizeof *undoing->writes) ||
        !array_reserve(&undoing->requests, &undoing->request_capacity, count + 1,
                       sizeof *undoing->requests))
        return fail_no_memory(err);
    struct undone *write = &undoing->writes[count];
    struct str op = row_text(rows, OP);
    *write = (struct undone){.what = str_is(op, "create")   ? UNDOES_CREATE
                                     : str_is(op, "delete") ? UNDOES_DELETE
                                     : str_is(op, "move")   ? UNDOES_MOVE
                                                            : UNDOES_UPDATE};
    strbuf_add(&write->path, row_text(rows, PATH));
    strbuf_add(&write->moved_from, row_text(rows, MOVED_FROM));
    undoing->requests[count] = (struct nexus_request){.kind = NEXUS_REQUEST_UNDO,
                                                      .argument = nexus_rows_integer(rows, SEQ)};
    undoing->count++;
    return write->path.failed || write->moved_from.failed ? fail_no_memory(err) : NEXUS_OK;
}

static enum nexus_status collect(struct invocation *call, struct undoing *undoing,
                                 struct nexus_error *err)
{
    ROWS_SCOPED *rows = NULL;
    TRY(choose(call, &rows, err));
    enum nexus_status status = NEXUS_OK;
    while (row_next(call, rows, &status, err))
        TRY(add(undoing, rows, err));
    TRY(status);
    undoing->answers = calloc(undoing->count + 1, sizeof *undoing->answers);
    return undoing->answers ? NEXUS_OK : fail_no_memory(err);
}

static void print_one(struct invocation *call, const struct undone *write,
                      const struct nexus_answer *answer)
{
    bool is_done = !*answer->reason;
    struct output *out = is_done ? &call->out : &call->notes;
    output_text(out, is_done ? "" : "nexus: ");
    output_line_of(out, strbuf_str(&write->path), STYLE_NAME);
    if (!is_done) {
        output_text(out, ": is not put back: ");
        output_line_of(out, str_of(answer->reason), STYLE_PLAIN);
    } else if (write->what == UNDOES_MOVE) {
        output_text(out, ": is moved back to ");
        output_line_of(out, strbuf_str(&write->moved_from), STYLE_NAME);
    } else {
        output_text(out, write->what == UNDOES_CREATE   ? ": is moved to .nexus/trash"
                         : write->what == UNDOES_DELETE ? ": is there again"
                                                        : ": is put back");
    }
    output_text(out, "\n");
}

static void add_one(struct json *json, const struct undoing *undoing, size_t index)
{
    const struct undone *write = &undoing->writes[index];
    const struct nexus_answer *answer = &undoing->answers[index];
    json_begin_object(json, NULL);
    json_integer(json, "seq", undoing->requests[index].argument);
    json_text(json, "path", strbuf_str(&write->path));
    json_boolean(json, "done", !*answer->reason);
    if (*answer->reason)
        json_text(json, "reason", str_of(answer->reason));
    else
        json_null(json, "reason");
    json_end(json);
}

static enum nexus_status print_json(struct invocation *call, const struct undoing *undoing,
                                    const struct aftermath *aftermath, struct nexus_error *err)
{
    JSON_SCOPED json;
    json_init(&json, &call->out);
    json_begin_object(&json, NULL);
    json_begin_array(&json, "undone");
    for (size_t i = 0; i < undoing->count; i++)
        add_one(&json, undoing, i);
    json_end(&json);
    json_integer(&json, "conflicts", aftermath->conflicts);
    json_end(&json);
    return json_finish(&json, err);
}

static enum nexus_status tell(struct invocation *call, const struct undoing *undoing,
                              const struct aftermath *aftermath, struct nexus_error *err)
{
    for (size_t i = 0; i < undoing->count; i++)
        if (*undoing->answers[i].reason)
            call->exit_code = EXIT_FOUND;
    if (call->form == FORM_TEXT)
        for (size_t i = 0; i < undoing->count; i++)
            print_one(call, &undoing->writes[i], &undoing->answers[i]);
    TRY(aftermath_tell(call, aftermath, err));
    return call->form == FORM_JSON ? print_json(call, undoing, aftermath, err) : NEXUS_OK;
}

static enum nexus_status run_undo(struct invocation *call, struct nexus_error *err)
{
    UNDOING_SCOPED undoing = {0};
    struct aftermath aftermath = {0};
    TRY(collect(call, &undoing, err));
    if (!undoing.count) {
        call->exit_code = EXIT_FOUND;
        output_text(&call->notes, call->operand_count
                                      ? "nexus: history has no such entry (see 'nexus history')\n"
                                      : "nexus: there is nothing to put back\n");
    } else {
        TRY(request_run(call, undoing.requests, undoing.count, undoing.answers, &aftermath, err));
    }
    return tell(call, &undoing, &aftermath, err);
}

const struct command command_undo = {
    .name = "undo",
    .operands = "[SEQ]",
    .summary = "put files back as they were before Nexus wrote them",
    .details = "Without SEQ (see 'nexus history'), what was written last: all of it, if that were\n"
               "many files in one go. A file that was changed since is put back as well; that\n"
               "version is kept, and told as a conflict. An undo can be undone.\n",
    .examples = "nexus undo\n"
                "nexus undo --last 3\n"
                "nexus undo --since 2026-03-01\n",
    .options = options,
    .max_operands = 1,
    .group = GROUP_DECIDE,
    .needs = NEEDS_READER,
    .run = run_undo,
};

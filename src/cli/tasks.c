// SPDX-License-Identifier: MIT
#include "base/glob.h"
#include "base/time.h"
#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/json.h"

#include <time.h>

enum { OPTION_ALL, OPTION_DUE, OPTION_PATH, OPTION_AS };
static const struct option options[] = {
    [OPTION_ALL] = {"all", NULL, "also those that are done or cancelled"},
    [OPTION_DUE] = {"due", "DAY", "today, week (the next seven days), overdue, or YYYY-MM-DD"},
    [OPTION_PATH] = {"path", "GLOB", "only in files whose path matches, such as 'projects/**'"},
    [OPTION_AS] = OPTION_AS_WHOM,
    {0},
};

/* Columns of the statement; DONE is a boolean. */
enum { PATH, LINE, STATUS, DONE, TEXT, DUE, COLUMNS = 18 };

enum { DAY_SIZE = 80 }; /* what the compiler can prove is enough; 11 are used */

/** Days as they stand in tasks, so that they compare as text; both ends are in it. */
struct days {
    char today[DAY_SIZE], from[DAY_SIZE], until[DAY_SIZE];
};

/** The day of the user's calendar that is `offset` days from today. */
static void write_day(int64_t now_ns, int offset, char day[DAY_SIZE])
{
    time_t now = (time_t)(now_ns / NS_PER_S);
    struct tm local;
    localtime_r(&now, &local);
    local.tm_mday += offset;
    local.tm_hour = 12; /* no change of the clocks moves noon to another day */
    local.tm_isdst = -1;
    mktime(&local);
    snprintf(day, DAY_SIZE, "%04d-%02d-%02d", local.tm_year + 1900, local.tm_mon + 1,
             local.tm_mday);
}

static bool is_day(const char *text)
{
    char time[DAY_SIZE];
    int64_t time_ns;
    if (strlen(text) != strlen("YYYY-MM-DD"))
        return false;
    snprintf(time, sizeof time, "%sT00:00:00Z", text);
    return time_parse(str_of(time), &time_ns);
}

static enum nexus_status choose_days(const char *due, int64_t now_ns, struct days *days,
                                     struct nexus_error *err)
{
    *days = (struct days){0};
    write_day(now_ns, 0, days->today);
    if (!due)
        return NEXUS_OK;
    memcpy(days->from, days->today, DAY_SIZE);
    memcpy(days->until, days->today, DAY_SIZE);
    if (strcmp(due, "week") == 0) {
        write_day(now_ns, 6, days->until);
    } else if (strcmp(due, "overdue") == 0) {
        days->from[0] = '\0';
        write_day(now_ns, -1, days->until);
    } else if (is_day(due)) {
        snprintf(days->from, DAY_SIZE, "%s", due);
        snprintf(days->until, DAY_SIZE, "%s", due);
    } else if (strcmp(due, "today") != 0) {
        return fail(err, NEXUS_ERROR_ARGUMENT,
                    "--due is today, week, overdue or a day such as 2026-01-31, not '%s'", due);
    }
    return NEXUS_OK;
}

static bool is_wanted(const struct invocation *call, struct nexus_rows *rows)
{
    const char *pattern = call->options[OPTION_PATH];
    return !pattern || glob_match(str_of(pattern), row_text(rows, PATH));
}

static void print_task(struct output *out, const struct days *days, struct nexus_rows *rows)
{
    struct str due = row_text(rows, DUE);
    bool is_overdue =
        due.length && !nexus_rows_integer(rows, DONE) && str_compare(due, str_of(days->today)) < 0;
    output_line_of(out, row_text(rows, PATH), STYLE_NAME);
    output_format(out, ":%lld: [", (long long)nexus_rows_integer(rows, LINE));
    output_line_of(out, row_text(rows, STATUS), STYLE_PLAIN);
    output_text(out, "] ");
    output_line_of(out, row_text(rows, TEXT), is_overdue ? STYLE_BAD : STYLE_PLAIN);
    output_text(out, "\n");
}

static void add_task(struct json *json, struct nexus_rows *rows)
{
    json_begin_object(json, NULL);
    json_columns(json, rows, 0, DONE);
    json_boolean(json, "done", nexus_rows_integer(rows, DONE) != 0);
    json_columns(json, rows, TEXT, COLUMNS - TEXT);
    json_end(json);
}

static enum nexus_status print_text(struct invocation *call, const struct days *days,
                                    struct nexus_rows *rows, struct nexus_error *err)
{
    enum nexus_status status = NEXUS_OK;
    while (row_next(call, rows, &status, err))
        if (is_wanted(call, rows))
            print_task(&call->out, days, rows);
    return status;
}

static enum nexus_status print_json(struct invocation *call, struct nexus_rows *rows,
                                    struct nexus_error *err)
{
    enum nexus_status status = NEXUS_OK;
    JSON_SCOPED json;
    json_init(&json, &call->out);
    json_begin_object(&json, NULL);
    json_begin_array(&json, "tasks");
    while (row_next(call, rows, &status, err))
        if (is_wanted(call, rows))
            add_task(&json, rows);
    json_end(&json);
    json_end(&json);
    return status == NEXUS_OK ? json_finish(&json, err) : status;
}

static enum nexus_status run_tasks(struct invocation *call, struct nexus_error *err)
{
    struct days days;
    TRY(choose_days(call->options[OPTION_DUE], time_now_ns(), &days, err));
    const char *pattern = call->options[OPTION_PATH];
    const char *mistake = pattern ? glob_check(str_of(pattern)) : NULL;
    if (mistake)
        return fail(err, NEXUS_ERROR_ARGUMENT, "the pattern '%s' makes no sense: %s", pattern,
                    mistake);
    ROWS_SCOPED *rows = NULL;
    TRY(ask(call, "tasks", "tasks", &rows, err));
    TRY(nexus_rows_bind_integer(rows, ":all", call->options[OPTION_ALL] != NULL, err));
    TRY(nexus_rows_bind_text(rows, ":from", days.from, err));
    TRY(nexus_rows_bind_text(rows, ":until", days.until, err));
    return call->form == FORM_JSON ? print_json(call, rows, err)
                                   : print_text(call, &days, rows, err);
}

const struct command command_tasks = {
    .name = "tasks",
    .operands = "",
    .summary = "list what is to be done",
    .details = "Lists the open tasks of all notes as path:line: [ ] text; with --due, by day.\n",
    .examples = "nexus tasks --due week\n"
                "nexus tasks --path 'projects/**' --all\n",
    .options = options,
    .group = GROUP_READ,
    .needs = NEEDS_READER,
    .run = run_tasks,
};

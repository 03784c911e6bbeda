// SPDX-License-Identifier: MIT
#include "cli/ask.h"
#include "cli/census.h"
#include "cli/commands.h"
#include "daemon/client.h"

enum { OPTION_SKIPPED };
static const struct option options[] = {
    [OPTION_SKIPPED] = {"skipped", NULL, "list what is left alone, and by which rule"},
    {0},
};

static void print_label(struct output *out, const char *label)
{
    output_format(out, "%-12s", label);
}

/** How the daemon is; false when none serves the vault, or it does not answer. */
static bool ask_daemon(const struct invocation *call, struct client_status *status)
{
    CLIENT_SCOPED client;
    return client_open(call->vault_path, &client, NULL) == NEXUS_OK &&
           client_status(&client, status, NULL) == NEXUS_OK;
}

static void print_daemon(struct output *out, const struct client_status *daemon)
{
    print_label(out, "daemon");
    if (!daemon) {
        output_text(out, "not running ('nexus watch' starts it)\n");
        return;
    }
    output_format(out, "%s, process %lld, ", daemon->live.is_paused ? "paused" : "following",
                  (long long)daemon->pid);
    output_count(out, (int64_t)daemon->live.folders_watched, "folder");
    uint64_t waiting = daemon->live.waiting + daemon->live.queued;
    if (waiting)
        output_format(out, ", %llu on their way", (unsigned long long)waiting);
    if (daemon->live.folders_unwatched)
        output_format(out, "; %llu not watched, but walked every half minute",
                      (unsigned long long)daemon->live.folders_unwatched);
    if (daemon->live.pass_files)
        output_format(out, "; looking at files, %llu so far",
                      (unsigned long long)daemon->live.pass_files);
    if (!daemon->live.is_watching)
        output_text(out, "; its watcher does not answer");
    if (daemon->live.restarts) {
        output_text(out, "; watching was begun afresh ");
        output_count(out, (int64_t)daemon->live.restarts, "time");
        output_text(out, ", see .nexus/logs/nexus.log");
    }
    output_text(out, "\n");
}

static void add_daemon(struct json *json, const struct client_status *daemon)
{
    if (!daemon) {
        json_null(json, "daemon");
        return;
    }
    json_begin_object(json, "daemon");
    json_integer(json, "pid", daemon->pid);
    json_integer(json, "uptime_ms", daemon->uptime_ms);
    json_boolean(json, "is_paused", daemon->live.is_paused);
    json_boolean(json, "is_watching", daemon->live.is_watching);
    json_integer(json, "pulse_age_ms", daemon->live.pulse_age_ms);
    json_count(json, "restarts", daemon->live.restarts);
    json_count(json, "pass_files", daemon->live.pass_files);
    json_integer(json, "event_age_ms", daemon->live.event_age_ms);
    json_count(json, "events", daemon->live.events);
    json_count(json, "overflows", daemon->live.overflows);
    json_count(json, "waiting", daemon->live.waiting);
    json_count(json, "queued", daemon->live.queued);
    json_count(json, "folders_watched", daemon->live.folders_watched);
    json_count(json, "folders_unwatched", daemon->live.folders_unwatched);
    json_count(json, "held", daemon->live.held);
    json_integer(json, "walked_at_ms", daemon->live.walked_at_ms);
    json_end(json);
}

/** What no file says yet, and why, where that is known. */
static enum nexus_status print_pending(struct invocation *call, const struct census *census,
                                       struct nexus_error *err)
{
    struct output *out = &call->out;
    ROWS_SCOPED *rows = NULL;
    enum nexus_status status = NEXUS_OK;
    if (!census->held_writes && !census->waiting_writes)
        return NEXUS_OK;
    print_label(out, "pending");
    if (census->held_writes)
        output_format(out, "%lld held", (long long)census->held_writes);
    if (census->waiting_writes)
        output_format(out, "%s%lld waiting", census->held_writes ? ", " : "",
                      (long long)census->waiting_writes);
    output_text(out, " (see 'nexus pending')\n");
    TRY(ask(call, "census", "pending_reasons", &rows, err));
    while (row_next(call, rows, &status, err)) {
        output_text(out, "            ");
        output_line_of(out, row_text(rows, 0), STYLE_NAME);
        output_text(out, ": ");
        output_line_of(out, row_text(rows, 1), STYLE_PLAIN);
        output_text(out, "\n");
    }
    return status;
}

static enum nexus_status print_counts(struct invocation *call, const struct census *census,
                                      struct nexus_error *err)
{
    struct output *out = &call->out;
    print_label(out, "vault");
    output_line_of(out, str_of(call->vault_path), STYLE_NAME);
    output_text(out, "\n");
    print_label(out, "files");
    TRY(census_print_groups(call, CENSUS_STATES, err));
    output_text(out, census->files ? "\n" : "none\n");
    print_label(out, "objects");
    TRY(census_print_groups(call, CENSUS_SCHEMAS, err));
    output_text(out, census->objects ? "\n" : "none\n");
    print_label(out, "problems");
    census_print_problems(out, census);
    output_text(out, "\n");
    print_label(out, "conflicts");
    output_format(out, census->open_conflicts ? "%lld open\n" : "none\n",
                  (long long)census->open_conflicts);
    TRY(print_pending(call, census, err));
    print_label(out, "last change");
    output_format(out, "%s\n", *census->last_change_at ? census->last_change_at : "none yet");
    struct client_status daemon;
    print_daemon(out, ask_daemon(call, &daemon) ? &daemon : NULL);
    return NEXUS_OK;
}

static bool is_well(const struct census *census)
{
    return !census->errors && !census->warnings && !census->open_conflicts && !census->held_writes;
}

/** In plain words. */
static void print_verdict(struct output *out, const struct census *census)
{
    output_text(out, "\n");
    if (is_well(census))
        output_line_of(out, STR("All is well."), STYLE_GOOD);
    if (census->errors || census->warnings) {
        output_begin_style(out, census->errors ? STYLE_BAD : STYLE_WARNING);
        output_count(out, census->files_with_problems, "file");
        output_text(out, census->files_with_problems == 1 ? " needs" : " need");
        output_text(out, " a look: run 'nexus check'.");
        output_end_style(out, STYLE_BAD);
    }
    bool has_problems = census->errors || census->warnings;
    if (census->open_conflicts)
        output_format(out, "%s%lld %s to be settled: see 'nexus conflicts'.",
                      has_problems ? " " : "", (long long)census->open_conflicts,
                      census->open_conflicts == 1 ? "conflict has" : "conflicts have");
    if (census->held_writes)
        output_format(out, "%s%lld %s for 'nexus apply' or 'nexus discard'.",
                      has_problems || census->open_conflicts ? " " : "",
                      (long long)census->held_writes,
                      census->held_writes == 1 ? "file waits" : "files wait");
    output_text(out, "\n");
}

static void print_skipped(void *context, const char *path, const char *rule)
{
    struct output *out = context;
    output_text(out, "  ");
    output_line_of(out, str_of(path), STYLE_NAME);
    output_text(out, ": ");
    output_line_of(out, str_of(rule), STYLE_PLAIN);
    output_text(out, "\n");
}

static void add_skipped(void *context, const char *path, const char *rule)
{
    struct json *json = context;
    json_begin_object(json, NULL);
    json_text(json, "path", str_of(path));
    json_text(json, "rule", str_of(rule));
    json_end(json);
}

static enum nexus_status list_skipped(struct invocation *call, nexus_skipped *skipped,
                                      void *context, struct nexus_error *err)
{
    struct nexus_vault *vault;
    TRY(nexus_vault_open(call->vault_path, &vault, err));
    enum nexus_status status = nexus_list_skipped(vault, skipped, context, err);
    nexus_vault_close(vault);
    return status;
}

static enum nexus_status print_text(struct invocation *call, const struct census *census,
                                    struct nexus_error *err)
{
    TRY(print_counts(call, census, err));
    if (call->options[OPTION_SKIPPED]) {
        output_text(&call->out, "left alone:\n");
        TRY(list_skipped(call, print_skipped, &call->out, err));
    }
    print_verdict(&call->out, census);
    return NEXUS_OK;
}

static enum nexus_status print_json(struct invocation *call, const struct census *census,
                                    struct nexus_error *err)
{
    JSON_SCOPED json;
    json_init(&json, &call->out);
    json_begin_object(&json, NULL);
    json_text(&json, "vault", str_of(call->vault_path));
    json_boolean(&json, "is_well", is_well(census));
    TRY(census_add_groups(call, &json, "files", CENSUS_STATES, err));
    TRY(census_add_groups(call, &json, "objects", CENSUS_SCHEMAS, err));
    census_add_problems(&json, census);
    json_integer(&json, "open_conflicts", census->open_conflicts);
    json_begin_object(&json, "pending");
    json_integer(&json, "held", census->held_writes);
    json_integer(&json, "waiting", census->waiting_writes);
    json_end(&json);
    if (*census->last_change_at)
        json_text(&json, "last_change_at", str_of(census->last_change_at));
    else
        json_null(&json, "last_change_at");
    struct client_status daemon;
    add_daemon(&json, ask_daemon(call, &daemon) ? &daemon : NULL);
    if (call->options[OPTION_SKIPPED]) {
        json_begin_array(&json, "skipped");
        TRY(list_skipped(call, add_skipped, &json, err));
        json_end(&json);
    }
    json_end(&json);
    return json_finish(&json, err);
}

static enum nexus_status run_status(struct invocation *call, struct nexus_error *err)
{
    struct census census;
    TRY(census_take(call, &census, err));
    return call->form == FORM_JSON ? print_json(call, &census, err)
                                   : print_text(call, &census, err);
}

const struct command command_status = {
    .name = "status",
    .operands = "",
    .summary = "tell how the vault is",
    .details = "Counts files by their state and objects by their schema, tells whether 'nexus "
               "watch' runs,\n"
               "when everything was last looked at, and what waits for a decision of yours.\n",
    .examples = "nexus status\n"
                "nexus status --skipped  # which files are left alone, and why\n",
    .options = options,
    .group = GROUP_BEGIN,
    .needs = NEEDS_READER,
    .run = run_status,
};

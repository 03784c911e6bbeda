// SPDX-License-Identifier: MIT
#include "base/file.h"
#include "cli/census.h"
#include "cli/json.h"
#include "cli/progress.h"
#include "cli/schema.h"

#include <errno.h>
#include <nexus/schema.h>
#include <unistd.h>

/* Above the validator's own limit, which then says so. */
enum { FILE_LIMIT_BYTES = 8 * 1024 * 1024, READ_BYTES = 65536 };

/** A schema that a user gave, and what was found out about it. */
struct submission {
    struct invocation *call;
    struct strbuf name, text;
    struct json *json; /* NULL: problems are printed as text */
    bool has_begun;    /* the JSON document; not before it is known that there will be one */
    uint64_t problems;
};

static void submission_finish(struct submission *submission)
{
    strbuf_finish(&submission->name);
    strbuf_finish(&submission->text);
}
#define SUBMISSION_SCOPED __attribute__((cleanup(submission_finish))) struct submission

static bool is_stdin(const struct invocation *call)
{
    return strcmp(call->operands[1], "-") == 0;
}

/** --name, else the file's name without ".json". */
static enum nexus_status choose_name(struct submission *submission, struct nexus_error *err)
{
    const struct invocation *call = submission->call;
    struct str name = str_of(call->operands[1]);
    if (call->options[SCHEMA_OPTION_NAME]) {
        name = str_of(call->options[SCHEMA_OPTION_NAME]);
    } else if (is_stdin(call)) {
        return fail(err, NEXUS_ERROR_ARGUMENT, "a schema from stdin needs --name");
    } else {
        size_t slash = str_find_last(name, '/');
        name = str_slice(name, slash == STR_NONE ? 0 : slash + 1, name.length);
        if (str_ends_with(name, STR(".json")))
            name = str_slice(name, 0, name.length - strlen(".json"));
    }
    strbuf_add(&submission->name, name);
    return submission->name.failed ? fail_no_memory(err) : NEXUS_OK;
}

static enum nexus_status read_stdin(struct strbuf *text, struct nexus_error *err)
{
    ssize_t got;
    do {
        char *room = strbuf_reserve(text, READ_BYTES);
        if (!room)
            return fail_no_memory(err);
        got = read(STDIN_FILENO, room, READ_BYTES);
        if (got > 0)
            text->length += (size_t)got;
        if (text->length > FILE_LIMIT_BYTES)
            return fail(err, NEXUS_ERROR_LIMIT, "more than %d MiB on stdin",
                        FILE_LIMIT_BYTES / 1024 / 1024);
    } while (got > 0 || (got < 0 && errno == EINTR));
    return got < 0 ? fail_errno(err, errno, "cannot read stdin") : NEXUS_OK;
}

static enum nexus_status read_submission(struct submission *submission, struct nexus_error *err)
{
    TRY(choose_name(submission, err));
    if (is_stdin(submission->call))
        return read_stdin(&submission->text, err);
    return file_read(submission->call->operands[1], FILE_LIMIT_BYTES, &submission->text, err);
}

/** As a compiler prints it. */
static void print_problem(struct invocation *call, const struct nexus_schema_problem *problem)
{
    struct output *out = &call->out;
    output_line_of(out, is_stdin(call) ? STR("<stdin>") : str_of(call->operands[1]), STYLE_NAME);
    output_format(out, ":%u:%u: ", problem->line ? problem->line : 1,
                  problem->column ? problem->column : 1);
    output_line_of(out, problem->is_warning ? STR("warning") : STR("error"),
                   problem->is_warning ? STYLE_WARNING : STYLE_BAD);
    output_text(out, ": ");
    if (*problem->pointer) {
        output_line_of(out, str_of(problem->pointer), STYLE_PLAIN);
        output_text(out, ": ");
    }
    output_line_of(out, str_of(problem->message), STYLE_PLAIN);
    output_text(out, "\n");
}

static void add_problem(struct json *json, const struct nexus_schema_problem *problem)
{
    json_begin_object(json, NULL);
    json_count(json, "line", problem->line ? problem->line : 1);
    json_count(json, "column", problem->column ? problem->column : 1);
    json_text(json, "severity", problem->is_warning ? STR("warning") : STR("error"));
    json_text(json, "pointer", str_of(problem->pointer));
    json_text(json, "message", str_of(problem->message));
    json_end(json);
}

static void begin_json(struct submission *submission)
{
    if (submission->has_begun)
        return;
    submission->has_begun = true;
    json_begin_object(submission->json, NULL);
    json_text(submission->json, "name", strbuf_str(&submission->name));
    json_begin_array(submission->json, "problems");
}

/** Ends the list of problems. */
static void end_problems(struct submission *submission)
{
    if (!submission->json)
        return;
    begin_json(submission);
    json_end(submission->json);
}

static void take_problem(void *context, const struct nexus_schema_problem *problem)
{
    struct submission *submission = context;
    submission->problems++;
    if (!submission->json) {
        print_problem(submission->call, problem);
        return;
    }
    begin_json(submission);
    add_problem(submission->json, problem);
}

static struct str outcome_name(enum nexus_schema_outcome outcome)
{
    switch (outcome) {
    case NEXUS_SCHEMA_UNCHANGED: return STR("unchanged");
    case NEXUS_SCHEMA_ADDED: return STR("added");
    case NEXUS_SCHEMA_CHANGED: break;
    }
    return STR("changed");
}

static void print_report(const struct submission *submission,
                         const struct nexus_schema_report *report)
{
    struct invocation *call = submission->call;
    struct output *out = &call->out;
    bool is_dry = call->options[SCHEMA_OPTION_DRY_RUN] != NULL;
    output_line_of(out, strbuf_str(&submission->name), STYLE_NAME);
    if (report->outcome == NEXUS_SCHEMA_UNCHANGED) {
        output_format(out, ": registered already, version %lld\n", (long long)report->version);
        return;
    }
    output_format(out, ": version %lld %s: ", (long long)report->version,
                  is_dry              ? "would be registered"
                  : report->is_handed ? "is handed to the nexus that is at work on this vault"
                                      : "is registered");
    output_count(out, (int64_t)report->became_invalid, "object");
    output_format(out, " become%s invalid, ", report->became_invalid == 1 ? "s" : "");
    output_count(out, (int64_t)report->became_valid, "file");
    output_format(out, " become%s valid\n", report->became_valid == 1 ? "s" : "");
}

static void add_report(struct submission *submission, const struct nexus_schema_report *report)
{
    struct json *json = submission->json;
    json_text(json, "outcome", outcome_name(report->outcome));
    json_boolean(json, "dry_run", submission->call->options[SCHEMA_OPTION_DRY_RUN] != NULL);
    json_boolean(json, "handed", report->is_handed);
    json_integer(json, "version", report->version);
    json_count(json, "judged", report->judged);
    json_count(json, "became_invalid", report->became_invalid);
    json_count(json, "became_valid", report->became_valid);
}

/** What is wrong with the user's schema is the result of the command, not a failure of it. */
static bool is_verdict(enum nexus_status status)
{
    return status == NEXUS_ERROR_INVALID || status == NEXUS_ERROR_REFUSED;
}

static void tell_verdict(struct submission *submission, const struct nexus_error *reason)
{
    submission->call->exit_code = EXIT_FOUND;
    output_format(&submission->call->notes, "nexus: %s\n", reason->message);
}

static enum nexus_status sync_handed(struct invocation *call, struct nexus_error *err)
{
    struct nexus_sync_report report;
    enum nexus_status status = progress_sync(call, call->vault_path, 0, &report, err);
    return status == NEXUS_ERROR_BUSY ? NEXUS_OK : status; /* it is taken in before long */
}

static enum nexus_status add(struct submission *submission, struct nexus_vault *vault,
                             struct nexus_error *err)
{
    struct invocation *call = submission->call;
    struct nexus_schema_report report = {0};
    struct nexus_error reason = {0};
    unsigned options =
        (call->options[SCHEMA_OPTION_DRY_RUN] ? NEXUS_SCHEMA_DRY_RUN : 0U) |
        (call->options[SCHEMA_OPTION_COMPATIBLE] ? NEXUS_SCHEMA_REQUIRE_COMPATIBLE : 0U);
    struct str text = strbuf_str(&submission->text);
    enum nexus_status status =
        nexus_schema_add(vault, strbuf_str(&submission->name).at, text.at, text.length, options,
                         take_problem, submission, &report, &reason);
    if (status != NEXUS_OK && !is_verdict(status))
        return fail(err, status, "%s", reason.message);
    end_problems(submission);
    if (status != NEXUS_OK)
        tell_verdict(submission, &reason);
    else if (submission->json)
        add_report(submission, &report);
    else
        print_report(submission, &report);
    return report.is_handed ? sync_handed(call, err) : NEXUS_OK;
}

static enum nexus_status check(struct submission *submission, struct nexus_vault *vault,
                               struct nexus_error *err)
{
    struct nexus_error reason = {0};
    struct str text = strbuf_str(&submission->text);
    enum nexus_status status = nexus_schema_check(vault, strbuf_str(&submission->name).at, text.at,
                                                  text.length, take_problem, submission, &reason);
    if (status != NEXUS_OK && !is_verdict(status))
        return fail(err, status, "%s", reason.message);
    end_problems(submission);
    if (status != NEXUS_OK)
        tell_verdict(submission, &reason);
    else if (!submission->json && !submission->problems)
        output_text(&submission->call->notes, "no problems\n");
    return NEXUS_OK;
}

typedef enum nexus_status submit(struct submission *submission, struct nexus_vault *vault,
                                 struct nexus_error *err);

static enum nexus_status submit_to_vault(struct submission *submission, submit *act,
                                         struct nexus_error *err)
{
    struct nexus_vault *vault;
    TRY(nexus_vault_open(submission->call->vault_path, &vault, err));
    enum nexus_status status = act(submission, vault, err);
    nexus_vault_close(vault);
    return status;
}

static enum nexus_status submit_as_json(struct submission *submission, submit *act,
                                        struct nexus_error *err)
{
    JSON_SCOPED json;
    submission->json = &json;
    json_init(&json, &submission->call->out);
    enum nexus_status status = submit_to_vault(submission, act, err);
    submission->json = NULL;
    TRY(status);
    json_end(&json);
    return json_finish(&json, err);
}

static enum nexus_status run(struct invocation *call, submit *act, struct nexus_error *err)
{
    SUBMISSION_SCOPED submission = {.call = call};
    TRY(read_submission(&submission, err));
    return call->form == FORM_JSON ? submit_as_json(&submission, act, err)
                                   : submit_to_vault(&submission, act, err);
}

enum nexus_status schema_add(struct invocation *call, struct nexus_error *err)
{
    return run(call, add, err);
}

enum nexus_status schema_check(struct invocation *call, struct nexus_error *err)
{
    return run(call, check, err);
}

enum nexus_status schema_remove(struct invocation *call, struct nexus_error *err)
{
    struct nexus_vault *vault;
    TRY(nexus_vault_open(call->vault_path, &vault, err));
    enum nexus_status status = nexus_schema_remove(vault, call->operands[1], err);
    nexus_vault_close(vault);
    if (status != NEXUS_OK)
        return status;
    if (call->form == FORM_TEXT) {
        output_line_of(&call->out, str_of(call->operands[1]), STYLE_NAME);
        output_text(&call->out, ": removed\n");
        return NEXUS_OK;
    }
    JSON_SCOPED json;
    json_init(&json, &call->out);
    json_begin_object(&json, NULL);
    json_text(&json, "removed", str_of(call->operands[1]));
    json_end(&json);
    return json_finish(&json, err);
}

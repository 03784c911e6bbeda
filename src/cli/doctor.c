// SPDX-License-Identifier: MIT
#include "cli/doctor.h"

#include "cli/commands.h"
#include "cli/json.h"

/** Where findings go. */
struct report {
    struct invocation *call;
    struct json json;
    int illnesses;
};

static void print_finding(struct output *out, const struct nexus_finding *finding)
{
    bool is_note = finding->kind == NEXUS_FINDING_NOTE;
    output_begin_style(out, is_note ? STYLE_FAINT : STYLE_BAD);
    output_format(out, "%s: ", is_note ? "note" : finding->check);
    output_end_style(out, is_note ? STYLE_FAINT : STYLE_BAD);
    output_line_of(out, str_of(finding->message), STYLE_PLAIN);
    output_text(out, "\n");
    if (!finding->remedy)
        return;
    output_text(out, "    ");
    output_line_of(out, str_of(finding->remedy), STYLE_NAME);
    output_text(out, "\n");
}

static void add_finding(struct json *json, const struct nexus_finding *finding)
{
    json_begin_object(json, NULL);
    json_text(json, "kind", finding->kind == NEXUS_FINDING_NOTE ? STR("note") : STR("illness"));
    json_text(json, "check", str_of(finding->check));
    json_text(json, "message", str_of(finding->message));
    if (finding->remedy)
        json_text(json, "remedy", str_of(finding->remedy));
    else
        json_null(json, "remedy");
    json_end(json);
}

static void take_finding(void *context, const struct nexus_finding *finding)
{
    struct report *report = context;
    report->illnesses += finding->kind == NEXUS_FINDING_ILLNESS;
    if (report->call->form == FORM_JSON)
        add_finding(&report->json, finding);
    else
        print_finding(&report->call->out, finding);
}

static enum nexus_status diagnose(struct report *report, struct nexus_error *err)
{
    TRY(nexus_diagnose(report->call->vault_path, take_finding, report, err));
    TRY(doctor_look_around(report->call, take_finding, report, err));
    report->call->exit_code = report->illnesses ? EXIT_FOUND : EXIT_DONE;
    return NEXUS_OK;
}

static enum nexus_status print_document(struct report *report, struct nexus_error *err)
{
    struct json *json = &report->json;
    json_begin_object(json, NULL);
    json_text(json, "vault", str_of(report->call->vault_path));
    json_begin_array(json, "findings");
    TRY(diagnose(report, err));
    json_end(json);
    json_integer(json, "illnesses", report->illnesses);
    json_end(json);
    return json_finish(json, err);
}

static enum nexus_status print_text(struct report *report, struct nexus_error *err)
{
    struct output *out = &report->call->out;
    TRY(diagnose(report, err));
    if (report->illnesses)
        output_format(out, "%d %s to be mended\n", report->illnesses,
                      report->illnesses == 1 ? "thing is" : "things are");
    else
        output_text(out, "all is well\n");
    return NEXUS_OK;
}

static enum nexus_status run_doctor(struct invocation *call, struct nexus_error *err)
{
    struct report report = {.call = call};
    json_init(&report.json, &call->out);
    enum nexus_status status =
        call->form == FORM_JSON ? print_document(&report, err) : print_text(&report, err);
    json_close(&report.json);
    return status;
}

const struct command command_doctor = {
    .name = "doctor",
    .operands = "",
    .summary = "look for everything that could be wrong, and say what mends it",
    .details =
        "Below each finding stands the command that mends it, for the shell. Looked at are modes\n"
        "and owner of .nexus, the filesystem and its free space, programs that carry .nexus to\n"
        "other machines, git, the watcher (a file is made in .nexus), settings, the database, its\n"
        "triggers and views, the audit log, the clock, backups, problems, what was refused,\n"
        "conflicts, what is held back, and the daemon with its sandbox.\n"
        "Exit code 1: something is to be mended; notes are not.\n",
    .examples = "nexus doctor\n"
                "nexus doctor --json\n",
    .group = GROUP_CARE,
    .needs = NEEDS_VAULT,
    .run = run_doctor,
};

// SPDX-License-Identifier: MIT
#include "cli/census.h"
#include "cli/commands.h"
#include "cli/json.h"
#include "cli/progress.h"
#include "cli/report.h"

enum { OPTION_FORGET };
static const struct option options[] = {
    [OPTION_FORGET] = {"forget", NULL, "forget what is gone, however much it is"},
    {0},
};

static enum nexus_status print_json(struct invocation *call, const struct nexus_sync_report *report,
                                    struct nexus_error *err)
{
    JSON_SCOPED json;
    json_init(&json, &call->out);
    json_begin_object(&json, NULL);
    json_text(&json, "vault", str_of(call->vault_path));
    report_add(&json, "sync", report);
    json_end(&json);
    return json_finish(&json, err);
}

/** What went the other way, if anything did. */
static void print_writes(struct output *out, const struct nexus_sync_report *report)
{
    if (report->written) {
        output_count(out, (int64_t)report->written, "file");
        output_text(out, " written (see 'nexus history')\n");
    }
    if (report->refused) {
        output_count(out, (int64_t)report->refused, "row");
        output_text(out, " taken back (see 'nexus check')\n");
    }
    if (report->conflicts) {
        output_count(out, (int64_t)report->conflicts, "conflict");
        output_text(out, " (see 'nexus conflicts')\n");
    }
    if (report->merged) {
        output_count(out, (int64_t)report->merged, "object");
        output_text(out, " changed on both sides and merged\n");
    }
    if (report->waiting) {
        output_count(out, (int64_t)report->waiting, "file");
        output_text(out, " could not be written now (see 'nexus pending')\n");
    }
}

static void print_text(struct output *out, const struct nexus_sync_report *report)
{
    uint64_t changes = report->objects_created + report->objects_updated + report->objects_deleted;
    output_count(out, (int64_t)report->files, "file");
    output_format(out, ", %llu read: ", (unsigned long long)report->read);
    if (changes)
        output_format(out, "%llu new, %llu changed, %llu gone",
                      (unsigned long long)report->objects_created,
                      (unsigned long long)report->objects_updated,
                      (unsigned long long)report->objects_deleted);
    else
        output_text(out, "nothing changed");
    if (report->invalid) {
        output_text(out, "; ");
        output_count(out, (int64_t)report->invalid, "file");
        output_text(out, " with errors (see 'nexus check')");
    }
    output_text(out, "\n");
    print_writes(out, report);
}

static enum nexus_status run_sync(struct invocation *call, struct nexus_error *err)
{
    struct nexus_sync_report report;
    unsigned forget = call->options[OPTION_FORGET] ? NEXUS_SYNC_FORGET : 0;
    TRY(progress_sync(call, call->vault_path, forget, &report, err));
    report_held(call, &report);
    if (call->form == FORM_JSON)
        return print_json(call, &report, err);
    print_text(&call->out, &report);
    return NEXUS_OK;
}

const struct command command_sync = {
    .name = "sync",
    .operands = "",
    .summary = "bring files and database in step, and end",
    .details =
        "Reads the files that changed since the last time, and writes what SQL changed into the\n"
        "files. A broken file is told by 'nexus check', and is no failure of this command.\n",
    .examples = "nexus sync\n",
    .options = options,
    .group = GROUP_BEGIN,
    .needs = NEEDS_VAULT,
    .run = run_sync,
};

// SPDX-License-Identifier: MIT
#include "cli/report.h"

static void tell_held_writes(struct invocation *call, const struct nexus_sync_report *report)
{
    output_format(&call->notes,
                  "%llu files wait for 'nexus apply' or 'nexus discard', since they are so many "
                  "('nexus pending' shows them).\n",
                  (unsigned long long)report->held_writes);
    call->exit_code = EXIT_FOUND;
}

void report_held(struct invocation *call, const struct nexus_sync_report *report)
{
    if (report->held_writes)
        tell_held_writes(call, report);
    if (!report->held)
        return;
    output_format(
        &call->notes,
        "%llu files are gone, and stay in the index, since they are so many: a disk that is "
        "not\nmounted looks like this. If they are gone for good, run 'nexus sync --forget'.\n",
        (unsigned long long)report->held);
    call->exit_code = EXIT_FOUND;
}

void report_add(struct json *json, const char *key, const struct nexus_sync_report *report)
{
    json_begin_object(json, key);
    json_count(json, "files", report->files);
    json_count(json, "read", report->read);
    json_count(json, "objects_created", report->objects_created);
    json_count(json, "objects_updated", report->objects_updated);
    json_count(json, "objects_deleted", report->objects_deleted);
    json_count(json, "invalid", report->invalid);
    json_count(json, "held", report->held);
    json_count(json, "written", report->written);
    json_count(json, "refused", report->refused);
    json_count(json, "conflicts", report->conflicts);
    json_count(json, "merged", report->merged);
    json_count(json, "waiting", report->waiting);
    json_count(json, "held_writes", report->held_writes);
    json_integer(json, "duration_ns", report->duration_ns);
    json_end(json);
}

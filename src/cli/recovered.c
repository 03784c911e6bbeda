// SPDX-License-Identifier: MIT
#include "cli/recovered.h"

#include "cli/census.h"
#include "cli/json.h"
#include "cli/report.h"
#include "daemon/client.h"

#include <nexus/recovery.h>

void recovered_tell(struct output *notes, const char *news)
{
    struct str text = str_of(news);
    while (text.length) {
        size_t end = str_find(text, '\n');
        output_text(notes, "nexus: ");
        output_line_of(notes, str_slice(text, 0, end == STR_NONE ? text.length : end), STYLE_PLAIN);
        output_text(notes, "\n");
        text = end == STR_NONE ? STR("") : str_slice(text, end + 1, text.length);
    }
}

static enum nexus_status print(struct invocation *call, const char *news,
                               const struct nexus_sync_report *report, struct nexus_error *err)
{
    if (call->form == FORM_TEXT) {
        output_lines_of(&call->out, str_of(news));
        output_count(&call->out, (int64_t)report->files, "file");
        output_format(&call->out, ", %llu read\n", (unsigned long long)report->read);
        return NEXUS_OK;
    }
    JSON_SCOPED json;
    json_init(&json, &call->out);
    json_begin_object(&json, NULL);
    json_text(&json, "done", str_of(news));
    report_add(&json, "sync", report);
    json_end(&json);
    return json_finish(&json, err);
}

enum nexus_status recovered_run(struct invocation *call, recovered_act *act, const char *argument,
                                struct nexus_error *err)
{
    struct nexus_vault *vault;
    struct nexus_sync_report report;
    CLIENT_SCOPED client = {.fd = -1};
    if (client_open(call->vault_path, &client, NULL) == NEXUS_OK)
        return fail(err, NEXUS_ERROR_BUSY,
                    "'nexus watch' has the database open: end it, run this again, and start it "
                    "after");
    TRY(nexus_vault_open(call->vault_path, &vault, err));
    enum nexus_status status = act(vault, argument, &report, err);
    if (status == NEXUS_OK) {
        report_held(call, &report);
        status = print(call, nexus_vault_news(vault), &report, err);
    }
    nexus_vault_close(vault);
    return status;
}

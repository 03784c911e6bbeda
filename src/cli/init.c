// SPDX-License-Identifier: MIT
#include "base/time.h"
#include "cli/ask.h"
#include "cli/census.h"
#include "cli/commands.h"
#include "cli/progress.h"
#include "cli/report.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

/** The folder to make a vault of: the operand, which may have to be made, else --vault, else here.
 */
static enum nexus_status choose_folder(const struct invocation *call, const char **ret_dir,
                                       struct nexus_error *err)
{
    const char *dir = call->vault_option ? call->vault_option : ".";
    if (call->operand_count) {
        dir = call->operands[0];
        if (mkdir(dir, 0777) != 0 && errno != EEXIST)
            return fail_errno(err, errno, "cannot make the folder '%s'", dir);
    }
    *ret_dir = dir;
    return NEXUS_OK;
}

enum made { MADE_NOW, MADE_BEFORE };

static enum nexus_status print_text(struct invocation *call, enum made made,
                                    const struct nexus_sync_report *report,
                                    const struct census *census, struct nexus_error *err)
{
    struct output *out = &call->out;
    output_text(out, made == MADE_NOW ? "made a vault of " : "was a vault already: ");
    output_line_of(out, str_of(call->vault_path), STYLE_NAME);
    output_text(out, "\n");
    output_count(out, census->files, "file");
    output_text(out, ", ");
    output_count(out, census->objects, "object");
    if (census->objects) {
        output_text(out, ": ");
        TRY(census_print_groups(call, CENSUS_SCHEMAS, err));
    }
    double ms = (double)report->duration_ns / NS_PER_MS;
    output_format(out, ms < 1000 ? "\nread in %.0f ms; problems: " : "\nread in %.3g s; problems: ",
                  ms < 1000 ? ms : ms / 1000);
    census_print_problems(out, census);
    output_text(out, census->errors || census->warnings ? " (see 'nexus check')\n" : "\n");
    return NEXUS_OK;
}

static enum nexus_status print_json(struct invocation *call, enum made made,
                                    const struct nexus_sync_report *report,
                                    const struct census *census, struct nexus_error *err)
{
    JSON_SCOPED json;
    json_init(&json, &call->out);
    json_begin_object(&json, NULL);
    json_text(&json, "vault", str_of(call->vault_path));
    json_boolean(&json, "created", made == MADE_NOW);
    report_add(&json, "sync", report);
    TRY(census_add_groups(call, &json, "objects", CENSUS_SCHEMAS, err));
    census_add_problems(&json, census);
    json_end(&json);
    return json_finish(&json, err);
}

/** A vault in a vault is seldom meant: both have its files. */
static void warn_of_outer(struct invocation *call)
{
    STRBUF_SCOPED parent = {0};
    char *outer;
    strbuf_addf(&parent, "%s/..", call->vault_path);
    if (parent.failed || nexus_vault_find(parent.at, &outer, NULL) != NEXUS_OK)
        return;
    output_text(&call->notes, "nexus: this folder lies in the vault '");
    output_line_of(&call->notes, str_of(outer), STYLE_PLAIN);
    output_text(&call->notes, "', and both have its notes now; if that is not meant, delete '");
    output_line_of(&call->notes, str_of(call->vault_path), STYLE_PLAIN);
    output_text(&call->notes, "/.nexus'\n");
    free(outer);
}

static enum nexus_status run_init(struct invocation *call, struct nexus_error *err)
{
    const char *dir;
    TRY(choose_folder(call, &dir, err));
    enum nexus_status status = nexus_vault_init(dir, err);
    if (status != NEXUS_OK && status != NEXUS_ERROR_EXISTS)
        return status;
    enum made made = status == NEXUS_OK ? MADE_NOW : MADE_BEFORE;
    TRY(nexus_vault_find(dir, &call->vault_path, err));
    if (made == MADE_NOW)
        warn_of_outer(call);
    struct nexus_sync_report report;
    TRY(progress_sync(call, call->vault_path, 0, &report, err));
    TRY(nexus_reader_open(call->vault_path, &call->reader, err));
    report_held(call, &report);
    struct census census;
    TRY(census_take(call, &census, err));
    return call->form == FORM_JSON ? print_json(call, made, &report, &census, err)
                                   : print_text(call, made, &report, &census, err);
}

const struct command command_init = {
    .name = "init",
    .operands = "[DIR]",
    .summary = "make a vault of a folder, and index it",
    .details =
        "Makes the folder .nexus in DIR (or here) and reads all notes. Changes no other file.\n"
        "A folder that is a vault already is synced.\n",
    .examples = "nexus init ~/notes\n",
    .max_operands = 1,
    .group = GROUP_BEGIN,
    .needs = NEEDS_NOTHING,
    .run = run_init,
};

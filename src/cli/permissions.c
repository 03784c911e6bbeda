// SPDX-License-Identifier: MIT
#include "base/time.h"
#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/json.h"

#include <nexus/permission.h>

enum { OPTION_STATS };
static const struct option options[] = {
    [OPTION_STATS] = {"stats", NULL, "only numbers"},
    {0},
};

/* Columns of `list`. */
enum { PATH, OBJECT_ID, SHARE_WITH_AI, SHARE_WITH_CLOUD, READ_ONLY, EXPIRES_AT, IS_EXPIRED, RULE };

static void print_words(struct output *out, struct nexus_rows *rows)
{
    static const struct {
        int column;
        const char *word;
    } flags[] = {{SHARE_WITH_AI, "ai"}, {SHARE_WITH_CLOUD, "cloud"}, {READ_ONLY, "read-only"}};
    const char *gap = "";
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        if (!nexus_rows_integer(rows, flags[i].column))
            continue;
        output_format(out, "%s%s", gap, flags[i].word);
        gap = ", ";
    }
    if (!row_is_null(rows, RULE)) {
        output_text(out, " (rule: ");
        output_line_of(out, row_text(rows, RULE), STYLE_PLAIN);
        output_text(out, ")");
    }
    if (row_is_null(rows, EXPIRES_AT))
        return;
    output_format(out, "%s%s ", gap, nexus_rows_integer(rows, IS_EXPIRED) ? "ended" : "until");
    output_line_of(out, row_text(rows, EXPIRES_AT), STYLE_PLAIN);
}

static enum nexus_status print_list(struct invocation *call, struct nexus_rows *rows,
                                    struct nexus_error *err)
{
    enum nexus_status status = NEXUS_OK;
    while (row_next(call, rows, &status, err)) {
        output_line_of(&call->out, row_text(rows, PATH), STYLE_NAME);
        output_text(&call->out, ": ");
        print_words(&call->out, rows);
        output_text(&call->out, "\n");
    }
    return status;
}

static enum nexus_status print_list_json(struct invocation *call, struct nexus_rows *rows,
                                         struct nexus_error *err)
{
    enum nexus_status status = NEXUS_OK;
    JSON_SCOPED json;
    json_init(&json, &call->out);
    json_begin_object(&json, NULL);
    json_begin_array(&json, "permissions");
    while (row_next(call, rows, &status, err)) {
        json_begin_object(&json, NULL);
        json_columns(&json, rows, PATH, SHARE_WITH_AI - PATH);
        for (int i = SHARE_WITH_AI; i <= READ_ONLY; i++)
            json_boolean(&json, nexus_rows_column_name(rows, i), nexus_rows_integer(rows, i) != 0);
        json_column(&json, "expires_at", rows, EXPIRES_AT);
        json_boolean(&json, "is_expired", nexus_rows_integer(rows, IS_EXPIRED) != 0);
        json_column(&json, "rule", rows, RULE);
        json_end(&json);
    }
    json_end(&json);
    json_end(&json);
    return status == NEXUS_OK ? json_finish(&json, err) : status;
}

static enum nexus_status print_stats(struct invocation *call, struct nexus_error *err)
{
    struct nexus_permission_stats stats;
    TRY(nexus_permission_stats(call->reader, &stats, err));
    const struct {
        const char *key, *words;
        uint64_t count;
    } rows[] = {
        {"total", "objects", stats.total},
        {"shared_with_ai", "shared with AI", stats.shared_with_ai},
        {"shared_with_cloud", "shared with cloud", stats.shared_with_cloud},
        {"read_only", "read-only", stats.read_only},
        {"expiring", "shared until some day", stats.expiring},
    };
    JSON_SCOPED json;
    json_init(&json, &call->out);
    if (call->form == FORM_JSON) {
        json_begin_object(&json, NULL);
        json_begin_object(&json, "stats");
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (call->form == FORM_JSON)
            json_count(&json, rows[i].key, rows[i].count);
        else
            output_format(&call->out, "%7llu  %s\n", (unsigned long long)rows[i].count,
                          rows[i].words);
    }
    if (call->form == FORM_TEXT)
        return NEXUS_OK;
    json_end(&json);
    json_end(&json);
    return json_finish(&json, err);
}

#define AHEAD_S (INT64_C(5) * 60) /* no clock is set back so far without a reason */

/** Tells when what ends some day has ended only because the clock was once ahead. */
static enum nexus_status tell_clock(struct invocation *call, struct nexus_error *err)
{
    struct nexus_vault *vault;
    int64_t latest_ns = 0;
    char latest[TIME_TEXT_SIZE];
    TRY(nexus_vault_open(call->vault_path, &vault, err));
    enum nexus_status status = nexus_permission_clock(vault, &latest_ns, err);
    nexus_vault_close(vault);
    TRY(status);
    if (latest_ns / NS_PER_S - time_now_ns() / NS_PER_S > AHEAD_S)
        output_format(&call->notes,
                      "the clock was once later, %s: what ends before then has ended. If it was "
                      "wrong: nexus permit --trust-clock\n",
                      latest_ns == INT64_MAX ? "but nobody knows when"
                                             : time_format(latest_ns, latest));
    return NEXUS_OK;
}

static enum nexus_status run_permissions(struct invocation *call, struct nexus_error *err)
{
    TRY(tell_clock(call, err));
    if (call->options[OPTION_STATS])
        return print_stats(call, err);
    ROWS_SCOPED *rows = NULL;
    TRY(ask(call, "permissions", "list", &rows, err));
    return call->form == FORM_JSON ? print_list_json(call, rows, err) : print_list(call, rows, err);
}

const struct command command_permissions = {
    .name = "permissions",
    .operands = "",
    .summary = "list what is shared or read-only",
    .details = "Prints what differs from the default: shared with nobody, open to changes.\n",
    .examples = "nexus permissions\n"
                "nexus permissions --stats\n",
    .options = options,
    .group = GROUP_SHARE,
    .needs = NEEDS_READER,
    .run = run_permissions,
};

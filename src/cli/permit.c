// SPDX-License-Identifier: MIT
#include "base/strbuf.h"
#include "base/time.h"
#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/json.h"
#include "cli/select.h"

#include <nexus/permission.h>
#include <stdlib.h>

enum {
    OPTION_AI,
    OPTION_CLOUD,
    OPTION_READ_ONLY,
    OPTION_EXPIRES,
    OPTION_WHERE,
    OPTION_PATH,
    OPTION_TAG,
    OPTION_SCHEMA,
    OPTION_TRUST_CLOCK,
};
static const struct option options[] = {
    [OPTION_AI] = {"ai", "on|off", "share with an AI, or not"},
    [OPTION_CLOUD] = {"cloud", "on|off", "share with a cloud, or not"},
    [OPTION_READ_ONLY] = {"read-only", "on|off", "refuse changes, or take them again"},
    [OPTION_EXPIRES] = {"expires", "WHEN", "sharing ends then: 8h, 30d, a day, a time, or never"},
    [OPTION_WHERE] = {"where", "SQL", "objects for which this holds, such as \"state = 'synced'\""},
    [OPTION_PATH] = {"path", "GLOB", "objects whose path matches, such as 'work/**'"},
    [OPTION_TAG] = {"tag", "TAG", "objects that have the tag or one below it"},
    [OPTION_SCHEMA] = {"schema", "NAME", "objects of that schema"},
    [OPTION_TRUST_CLOCK] = {"trust-clock", NULL,
                            "the clock is right now, and was wrong when it was later"},
    {0},
};
_Static_assert(sizeof options / sizeof options[0] <= OPTION_LIMIT + 1, "raise OPTION_LIMIT");

static enum nexus_status read_grant(const struct invocation *call, int option,
                                    enum nexus_grant *ret_grant, struct nexus_error *err)
{
    const char *text = call->options[option];
    *ret_grant = NEXUS_KEEP;
    if (!text)
        return NEXUS_OK;
    if (strcmp(text, "on") != 0 && strcmp(text, "off") != 0)
        return fail(err, NEXUS_ERROR_ARGUMENT, "--%s is on or off, not '%s'", options[option].name,
                    text);
    *ret_grant = text[1] == 'n' ? NEXUS_ON : NEXUS_OFF;
    return NEXUS_OK;
}

/** Up to the end of that day, where we are. */
static bool read_day(const char *text, char end[TIME_TEXT_SIZE])
{
    int64_t end_ns;
    if (!time_parse_day_end(str_of(text), &end_ns))
        return false;
    time_format(end_ns, end);
    return true;
}

/** "7d" and the like as a time; false when it is no such thing. */
static bool read_span(const char *text, char end[TIME_TEXT_SIZE])
{
    static const struct {
        char letter;
        int64_t seconds;
    } units[] = {{'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};
    size_t digits = strspn(text, "0123456789");
    if (!digits || digits > 5 || !text[digits] || text[digits + 1])
        return false;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (units[i].letter != text[digits])
            continue;
        time_format(time_now_ns() + strtoll(text, NULL, 10) * units[i].seconds * NS_PER_S, end);
        return true;
    }
    return false;
}

static enum nexus_status read_change(const struct invocation *call, char end[TIME_TEXT_SIZE],
                                     struct nexus_permission_change *change,
                                     struct nexus_error *err)
{
    const char *expires = call->options[OPTION_EXPIRES];
    TRY(read_grant(call, OPTION_AI, &change->share_with_ai, err));
    TRY(read_grant(call, OPTION_CLOUD, &change->share_with_cloud, err));
    TRY(read_grant(call, OPTION_READ_ONLY, &change->read_only, err));
    if (expires)
        change->expires_at = strcmp(expires, "never") == 0                       ? ""
                             : read_span(expires, end) || read_day(expires, end) ? end
                                                                                 : expires;
    if (expires && !*expires)
        return fail(err, NEXUS_ERROR_ARGUMENT, "--expires is a time, or never");
    if (!change->share_with_ai && !change->share_with_cloud && !change->read_only && !expires)
        return fail(err, NEXUS_ERROR_ARGUMENT,
                    "nothing is to be changed: give --ai, --cloud, --read-only or --expires");
    return NEXUS_OK;
}

static enum nexus_status choose(struct invocation *call, struct object_ids *ids,
                                struct nexus_error *err)
{
    const struct selection selection = {
        .where = call->options[OPTION_WHERE],
        .path = call->options[OPTION_PATH],
        .tag = call->options[OPTION_TAG],
        .schema = call->options[OPTION_SCHEMA],
    };
    bool is_empty = selection_is_empty(&selection);
    if (is_empty == !call->operand_count)
        return fail(err, NEXUS_ERROR_ARGUMENT, "%s",
                    is_empty ? "which objects? name them, or say what they have in common"
                             : "name objects, or say what they have in common, not both");
    return is_empty ? select_named(call, ids, err) : select_objects(call, &selection, ids, err);
}

static enum nexus_status permit(struct invocation *call, const struct object_ids *ids,
                                const struct nexus_permission_change *change, size_t *ret_changed,
                                struct nexus_error *err)
{
    struct nexus_vault *vault;
    TRY(nexus_vault_open(call->vault_path, &vault, err));
    enum nexus_status status = nexus_permit(vault, ids->at, ids->count, change, ret_changed, err);
    nexus_vault_close(vault);
    return status;
}

static enum nexus_status report(struct invocation *call, size_t count, size_t changed,
                                struct nexus_error *err)
{
    if (call->options[OPTION_TRUST_CLOCK] && call->form == FORM_TEXT) {
        output_text(&call->out, changed ? "the clock is trusted\n" : "it was never later\n");
        return NEXUS_OK;
    }
    if (call->form == FORM_TEXT) {
        output_format(&call->out, "%zu %s, %zu changed\n", count, count == 1 ? "object" : "objects",
                      changed);
        return NEXUS_OK;
    }
    JSON_SCOPED json;
    json_init(&json, &call->out);
    json_begin_object(&json, NULL);
    json_count(&json, "objects", count);
    json_count(&json, "changed", changed);
    json_end(&json);
    return json_finish(&json, err);
}

/** Something else than the rest of the command, which it is not to be mixed with. */
static enum nexus_status trust_clock(struct invocation *call, struct nexus_error *err)
{
    for (size_t i = 0; i < OPTION_TRUST_CLOCK; i++)
        if (call->options[i] || call->operand_count)
            return fail(err, NEXUS_ERROR_ARGUMENT, "--trust-clock stands alone");
    struct nexus_vault *vault;
    bool changed = false;
    TRY(nexus_vault_open(call->vault_path, &vault, err));
    enum nexus_status status = nexus_permission_trust_clock(vault, &changed, err);
    nexus_vault_close(vault);
    TRY(status);
    return report(call, 0, changed, err);
}

/** What was shared just now, and had ended before: nobody sees it. */
static enum nexus_status tell_ended(struct invocation *call, const struct object_ids *ids,
                                    struct nexus_error *err)
{
    enum { PATH, EXPIRES_AT, COUNT };
    STRBUF_SCOPED list = {0};
    ROWS_SCOPED *rows = NULL;
    bool is_ended;
    for (size_t i = 0; i < ids->count; i++)
        strbuf_addf(&list, "%c%lld", i ? ',' : '[', (long long)ids->at[i]);
    strbuf_add_text(&list, ids->count ? "]" : "[]");
    if (list.failed)
        return fail_no_memory(err);
    TRY(ask_text(call, "permit", "ended", list.at, &rows, err));
    TRY(nexus_rows_next(rows, &is_ended, err));
    if (!is_ended)
        return NEXUS_OK;
    int64_t others = nexus_rows_integer(rows, COUNT) - 1;
    output_line_of(&call->notes, row_text(rows, PATH), STYLE_NAME);
    if (others)
        output_format(&call->notes, " and %lld more", (long long)others);
    output_text(&call->notes, others ? ": their sharing ended, on " : ": its sharing ended on ");
    output_line_of(&call->notes, row_text(rows, EXPIRES_AT), STYLE_PLAIN);
    output_text(&call->notes,
                ", so that nobody sees it: give --expires a later time, or 'never'\n");
    return NEXUS_OK;
}

static enum nexus_status run_permit(struct invocation *call, struct nexus_error *err)
{
    struct nexus_permission_change change = {0};
    char end[TIME_TEXT_SIZE];
    OBJECT_IDS_SCOPED ids = {0};
    size_t changed = 0;
    if (call->options[OPTION_TRUST_CLOCK])
        return trust_clock(call, err);
    TRY(read_change(call, end, &change, err));
    TRY(choose(call, &ids, err));
    if (call->exit_code != EXIT_DONE) /* one of them is no object: none is changed */
        return NEXUS_OK;
    TRY(permit(call, &ids, &change, &changed, err));
    TRY(report(call, ids.count, changed, err));
    bool shares = change.share_with_ai == NEXUS_ON || change.share_with_cloud == NEXUS_ON;
    return shares ? tell_ended(call, &ids, err) : NEXUS_OK;
}

const struct command command_permit = {
    .name = "permit",
    .operands = "[OBJECT...]",
    .summary = "say who may see objects, and whether they may change",
    .details =
        "Nothing is shared unless it is said here, object by object, and only until --expires: a\n"
        "span from now (90m, 8h, 30d, 2w), the end of a day where you are (2026-12-31), or a time\n"
        "with its zone (2026-01-15T10:30:00Z, 2026-01-15T12:30:00+02:00). Instead of naming\n"
        "objects, say what they have in common; all that is given must hold then.\n"
        "What has ended stays so when the clock is set back. After a clock that was wrong and far\n"
        "ahead, 'nexus permissions' says so, and --trust-clock puts it right.\n",
    .examples = "nexus permit projects/garden.md --ai on --expires 7d\n"
                "nexus permit --path 'recipes/**' --cloud on\n"
                "nexus permit --tag garden/soil --ai off --cloud off\n",
    .options = options,
    .max_operands = OPERANDS_ANY,
    .group = GROUP_SHARE,
    .needs = NEEDS_READER,
    .run = run_permit,
};

// SPDX-License-Identifier: MIT
#include "cli/commands.h"
#include "cli/json.h"
#include "cli/suggest.h"
#include "daemon/client.h"

#include <nexus/setting.h>

enum { OPTION_DEFAULT };
static const struct option options[] = {
    [OPTION_DEFAULT] = {"default", NULL, "set KEY back to its default"},
    {0},
};

/** One listing of the settings. */
struct listing {
    struct invocation *call;
    struct json json;
    const char *only; /* NULL: all */
    struct suggestion suggestion;
    bool is_found;
};

static void tell_text(struct listing *listing, const struct nexus_setting *setting)
{
    struct output *out = &listing->call->out;
    bool is_changed = setting->fallback && strcmp(setting->value, setting->fallback) != 0;
    if (listing->only) {
        output_lines_of(out, str_of(setting->value));
        output_text(out, "\n");
        return;
    }
    output_line_of(out, str_of(setting->name), STYLE_NAME);
    output_text(out, " = ");
    output_line_of(out, str_of(setting->value), is_changed ? STYLE_MATCH : STYLE_PLAIN);
    output_format(out, "\n    %s", setting->meaning);
    if (*setting->allowed)
        output_format(out, ": %s", setting->allowed);
    if (is_changed)
        output_format(out, " (default: %s)", setting->fallback);
    output_text(out, "\n");
}

static void tell_json(struct json *json, const struct nexus_setting *setting)
{
    json_begin_object(json, NULL);
    json_text(json, "name", str_of(setting->name));
    json_value(json, "value", str_of(setting->value));
    if (setting->fallback)
        json_value(json, "default", str_of(setting->fallback));
    else
        json_null(json, "default");
    json_text(json, "allowed", str_of(setting->allowed));
    json_text(json, "meaning", str_of(setting->meaning));
    json_end(json);
}

static void take_setting(void *context, const struct nexus_setting *setting)
{
    struct listing *listing = context;
    suggestion_offer(&listing->suggestion, setting->name);
    if (listing->only && strcmp(listing->only, setting->name) != 0)
        return;
    listing->is_found = true;
    if (listing->call->form == FORM_JSON)
        tell_json(&listing->json, setting);
    else
        tell_text(listing, setting);
}

static void take_problem(void *context, const struct nexus_setting_problem *problem)
{
    struct listing *listing = context;
    struct invocation *call = listing->call;
    if (listing->only)
        return;
    call->exit_code = EXIT_FOUND;
    output_format(&call->notes, ".nexus/config.json:%u:%u: warning: ", problem->line,
                  problem->column);
    output_line_of(&call->notes, str_of(problem->message), STYLE_PLAIN);
    output_text(&call->notes, "\n");
}

static enum nexus_status unknown(const struct listing *listing, struct nexus_error *err)
{
    if (listing->suggestion.best)
        return fail(err, NEXUS_ERROR_ARGUMENT, "no setting is called '%s'; did you mean '%s'?",
                    listing->only, listing->suggestion.best);
    return fail(err, NEXUS_ERROR_ARGUMENT, "no setting is called '%s'", listing->only);
}

/** Tells of the setting that is named, or of all. */
static enum nexus_status tell(struct listing *listing, struct nexus_error *err)
{
    TRY(nexus_list_settings(listing->call->vault_path, take_setting, take_problem, listing, err));
    return listing->is_found ? NEXUS_OK : unknown(listing, err);
}

static enum nexus_status tell_document(struct listing *listing, struct nexus_error *err)
{
    json_begin_object(&listing->json, NULL);
    json_begin_array(&listing->json, "settings");
    TRY(tell(listing, err));
    json_end(&listing->json);
    json_end(&listing->json);
    return json_finish(&listing->json, err);
}

static enum nexus_status show(struct invocation *call, struct nexus_error *err)
{
    const char *only = call->operand_count ? call->operands[0] : NULL;
    struct listing listing = {.call = call, .only = only, .suggestion = {.word = only ? only : ""}};
    json_init(&listing.json, &call->out);
    enum nexus_status status =
        call->form == FORM_JSON ? tell_document(&listing, err) : tell(&listing, err);
    json_close(&listing.json);
    return status;
}

/** A daemon sees the file change by itself; asked, it has when this ends, or says why not. */
static enum nexus_status tell_daemon(struct invocation *call, struct nexus_error *err)
{
    CLIENT_SCOPED client;
    enum nexus_status status = client_open(call->vault_path, &client, err);
    if (status == NEXUS_ERROR_NOT_FOUND)
        return NEXUS_OK;
    TRY(status);
    return client_reload(&client, err);
}

static enum nexus_status run_config(struct invocation *call, struct nexus_error *err)
{
    bool is_default = call->options[OPTION_DEFAULT];
    if (is_default && call->operand_count != 1)
        return fail(err, NEXUS_ERROR_ARGUMENT, "--default needs KEY, and no VALUE");
    if (call->operand_count < 2 && !is_default)
        return show(call, err);
    TRY(nexus_change_setting(call->vault_path, call->operands[0],
                             is_default ? NULL : call->operands[1], err));
    TRY(tell_daemon(call, err));
    return call->form == FORM_JSON ? show(call, err) : NEXUS_OK;
}

const struct command command_config = {
    .name = "config",
    .operands = "[KEY [VALUE]]",
    .summary = "show the settings of the vault, or change one",
    .details =
        "Without KEY: each setting with its value and what it means; with KEY alone, its value.\n"
        "VALUE is written into .nexus/config.json, where nothing else changes, and counts at\n"
        "once. Exit code 1: the file holds something that makes no sense.\n",
    .examples = "nexus config\n"
                "nexus config debounce_ms 1000\n"
                "nexus config ignore '[\"drafts/\", \"*.bak\"]'\n"
                "nexus config debounce_ms --default\n",
    .options = options,
    .max_operands = 2,
    .group = GROUP_CARE,
    .needs = NEEDS_VAULT,
    .run = run_config,
};

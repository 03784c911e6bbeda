// SPDX-License-Identifier: MIT
/*
 * One setting is changed as a file of the vault would be: what the file says is read, what it shall
 * say is written beside it, and the patch is the difference. Keys that nobody knows, their order
 * and the file's layout stay.
 */
#include "engine/settings.h"

#include "parse/json.h"
#include "writeback/patch.h"

static bool find(const char *name, const struct settings *settings,
                 struct setting_description *description)
{
    for (size_t i = 0; settings_describe(i, settings, description); i++)
        if (strcmp(description->name, name) == 0)
            return true;
    return false;
}

/** The value as JSON: a word that is none is a text; on and off are what people say to a switch. */
static void add_value(const struct setting_description *setting, const char *value,
                      struct strbuf *json)
{
    struct tape tape;
    bool is_switch = str_is(strbuf_str(&setting->allowed), "true or false");
    if (is_switch && (strcmp(value, "on") == 0 || strcmp(value, "off") == 0))
        value = strcmp(value, "on") == 0 ? "true" : "false";
    tape_init(&tape);
    if (json_scan(str_of(value), &tape, NULL))
        strbuf_add_text(json, value);
    else
        strbuf_add_json(json, str_of(value));
    tape_finish(&tape);
}

/** What reading it back would have to say about it. */
static enum nexus_status check_value(const struct setting_description *setting, const char *value,
                                     struct str json, struct nexus_error *err)
{
    struct settings settings;
    struct arena arena = {0};
    struct problem_list problems;
    STRBUF_SCOPED text = {0};
    strbuf_addf(&text, "{\"%s\": %.*s}", setting->name, STR_ARG(json));
    problem_list_init(&problems, &arena);
    enum nexus_status status =
        text.failed ? fail_no_memory(err)
                    : settings_read(&settings, strbuf_str(&text), &arena, &problems, err);
    if (status == NEXUS_OK && problems.count)
        status = fail(err, NEXUS_ERROR_ARGUMENT, "%s must be %s, not '%s'", setting->name,
                      setting->allowed.at, value);
    arena_finish(&arena);
    return status;
}

/** The object that the file shall hold. */
static void write_wanted(const struct tape *tape, const char *name, struct str json,
                         struct strbuf *wanted)
{
    const char *before = "{";
    bool is_there = false;
    tape_for_each_member (tape, 0, key) {
        const struct node *value = &tape->nodes[key + 1];
        bool is_it = str_is(node_text(&tape->nodes[key]), name);
        strbuf_add_text(wanted, before);
        strbuf_add_json(wanted, node_text(&tape->nodes[key]));
        strbuf_add_char(wanted, ':');
        strbuf_add(wanted, is_it ? json : str_slice(tape->source, value->start, value->end));
        is_there = is_there || is_it;
        before = ",";
    }
    if (!is_there) {
        strbuf_add_text(wanted, before);
        strbuf_add_json(wanted, str_of(name));
        strbuf_add_char(wanted, ':');
        strbuf_add(wanted, json);
    }
    strbuf_add_char(wanted, '}');
}

static enum nexus_status patch_text(const struct tape *tape, const struct tape *wanted,
                                    struct strbuf *out, struct nexus_error *err)
{
    struct patch patch;
    struct patch_source source = {.tape = tape, .syntax = PATCH_JSON};
    patch_init(&patch, &source);
    enum nexus_status status =
        patch_object(&patch, 0, (struct patch_value){.tape = wanted, .node = 0}, err);
    if (status == NEXUS_OK)
        status = patch_close(&patch, err);
    if (status == NEXUS_OK)
        status = patch_apply(&patch, out, err);
    patch_finish(&patch);
    return status;
}

static enum nexus_status change(struct str text, const char *name, struct str json,
                                struct strbuf *out, struct nexus_error *err)
{
    STRBUF_SCOPED wanted = {0};
    struct tape before, after;
    tape_init(&before);
    tape_init(&after);
    enum nexus_status status = NEXUS_OK;
    if (!json_scan(text, &before, NULL) || before.nodes[0].type != NODE_OBJECT)
        status = fail(err, NEXUS_ERROR_INVALID, "'.nexus/config.json' must be a JSON object");
    if (status == NEXUS_OK) {
        write_wanted(&before, name, json, &wanted);
        if (wanted.failed || !json_scan(strbuf_str(&wanted), &after, NULL))
            status = fail_no_memory(err);
    }
    if (status == NEXUS_OK)
        status = patch_text(&before, &after, out, err);
    tape_finish(&before);
    tape_finish(&after);
    return status;
}

static enum nexus_status change_described(struct str text,
                                          const struct setting_description *setting,
                                          const char *value, struct strbuf *out,
                                          struct nexus_error *err)
{
    STRBUF_SCOPED json = {0};
    if (setting->is_recorded)
        return fail(err, NEXUS_ERROR_REFUSED, "%s is recorded by 'nexus init', and never set",
                    setting->name);
    add_value(setting, value ? value : setting->fallback.at, &json);
    if (json.failed)
        return fail_no_memory(err);
    TRY(check_value(setting, value ? value : "", strbuf_str(&json), err));
    return change(str_trim(text).length ? text : STR("{\n}\n"), setting->name, strbuf_str(&json),
                  out, err);
}

enum nexus_status settings_change(struct str text, const char *name, const char *value,
                                  struct strbuf *out, struct nexus_error *err)
{
    struct settings settings;
    struct arena arena = {0};
    struct setting_description setting = {0};
    enum nexus_status status = settings_read(&settings, STR(""), &arena, NULL, err);
    if (status == NEXUS_OK && !find(name, &settings, &setting))
        status = fail(err, NEXUS_ERROR_ARGUMENT, "no setting is called '%s'", name);
    if (status == NEXUS_OK && setting.allowed.failed)
        status = fail_no_memory(err);
    if (status == NEXUS_OK)
        status = change_described(text, &setting, value, out, err);
    setting_description_finish(&setting);
    arena_finish(&arena);
    return status;
}

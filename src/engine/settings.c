// SPDX-License-Identifier: MIT
#include "engine/settings.h"

#include "parse/json.h"

enum setting_kind { SETTING_NUMBER, SETTING_CHOICE, SETTING_SWITCH, SETTING_TEXTS, SETTING_TEXT };

#define MIB (INT64_C(1024) * 1024)

static const char *const conflict_names[] = {"timestamp", "merge", NULL};
static const char *const durability_names[] = {"normal", "full", NULL};

/* Offsets lead to an int64_t for numbers, choices (an index into `choices`) and switches. */
static const struct setting {
    const char *name;
    enum setting_kind kind;
    size_t offset;
    int64_t fallback, lowest, highest;
    const char *const *choices;
} table[] = {
    {"debounce_ms", SETTING_NUMBER, offsetof(struct settings, debounce_ms), 300, 10, 60000, NULL},
    {"max_wait_ms", SETTING_NUMBER, offsetof(struct settings, max_wait_ms), 2000, 10, 600000, NULL},
    {"walk_seconds", SETTING_NUMBER, offsetof(struct settings, walk_seconds), 900, 1, 86400, NULL},
    {"ignore", SETTING_TEXTS, offsetof(struct settings, ignore), 0, 0, 0, NULL},
    {"conflict", SETTING_CHOICE, offsetof(struct settings, conflict), CONFLICT_TIMESTAMP, 0, 0,
     conflict_names},
    {"brake_files", SETTING_NUMBER, offsetof(struct settings, brake_files), 100, 1, 1000000000,
     NULL},
    {"brake_percent", SETTING_NUMBER, offsetof(struct settings, brake_percent), 30, 1, 100, NULL},
    {"max_file_bytes", SETTING_NUMBER, offsetof(struct settings, max_file_bytes), 64 * MIB, 1024,
     1024 * MIB, NULL},
    {"backup_hours", SETTING_NUMBER, offsetof(struct settings, backup_hours), 24, 1, 87600, NULL},
    {"backup_keep", SETTING_NUMBER, offsetof(struct settings, backup_keep), 7, 1, 1000, NULL},
    {"history_days", SETTING_NUMBER, offsetof(struct settings, history_days), 30, 1, 36500, NULL},
    {"durability", SETTING_CHOICE, offsetof(struct settings, durability), DURABILITY_NORMAL, 0, 0,
     durability_names},
    {"notify", SETTING_SWITCH, offsetof(struct settings, notify), 1, 0, 1, NULL},
    {"vault_path", SETTING_TEXT, offsetof(struct settings, vault_path), 0, 0, 0, NULL},
    {"created_at", SETTING_TEXT, offsetof(struct settings, created_at), 0, 0, 0, NULL},
};
enum { SETTING_COUNT = sizeof table / sizeof table[0] };

/** One reading: where from, where to. */
struct reading {
    struct settings *settings;
    const struct tape *tape;
    struct arena *arena;
    struct problem_list *problems;
};

static int64_t *number_of(struct settings *settings, const struct setting *setting)
{
    return (int64_t *)(void *)((char *)settings + setting->offset);
}

static void set_defaults(struct settings *settings)
{
    *settings = (struct settings){0};
    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (table[i].kind != SETTING_TEXTS && table[i].kind != SETTING_TEXT)
            *number_of(settings, &table[i]) = table[i].fallback;
}

static void read_number(const struct reading *reading, const struct setting *setting,
                        const struct node *node)
{
    if ((node->flags & NODE_SMALL) && node->integer >= setting->lowest &&
        node->integer <= setting->highest)
        *number_of(reading->settings, setting) = node->integer;
    else
        problem_add(reading->problems, PROBLEM_WARNING, "setting", node->start, node->end,
                    "%s must be a whole number from %lld to %lld; %lld is used", setting->name,
                    (long long)setting->lowest, (long long)setting->highest,
                    (long long)setting->fallback);
}

static void read_choice(const struct reading *reading, const struct setting *setting,
                        const struct node *node)
{
    for (int64_t i = 0; setting->choices[i]; i++)
        if (node->type == NODE_STRING && str_is(node_text(node), setting->choices[i])) {
            *number_of(reading->settings, setting) = i;
            return;
        }
    problem_add(reading->problems, PROBLEM_WARNING, "setting", node->start, node->end,
                "%s must be \"%s\" or \"%s\"; \"%s\" is used", setting->name, setting->choices[0],
                setting->choices[1], setting->choices[setting->fallback]);
}

static void read_switch(const struct reading *reading, const struct setting *setting,
                        const struct node *node)
{
    if (node->type == NODE_TRUE || node->type == NODE_FALSE)
        *number_of(reading->settings, setting) = node->type == NODE_TRUE;
    else
        problem_add(reading->problems, PROBLEM_WARNING, "setting", node->start, node->end,
                    "%s must be true or false", setting->name);
}

static void read_ignore(const struct reading *reading, const struct setting *setting,
                        uint32_t value)
{
    const struct tape *tape = reading->tape;
    const struct node *node = &tape->nodes[value];
    struct str *texts = arena_alloc_array(reading->arena, node->count + 1, sizeof *texts);
    size_t count = 0;
    bool fits = node->type == NODE_ARRAY && texts;
    if (fits)
        tape_for_each_item (tape, value, item) {
            fits = fits && tape->nodes[item].type == NODE_STRING;
            texts[count++] = arena_copy(reading->arena, node_text(&tape->nodes[item]));
        }
    if (fits) {
        reading->settings->ignore = texts;
        reading->settings->ignore_count = count;
    } else {
        problem_add(reading->problems, PROBLEM_WARNING, "setting", node->start, node->end,
                    "%s must be an array of texts; none is used", setting->name);
    }
}

static void read_setting(const struct reading *reading, uint32_t key)
{
    const struct node *node = &reading->tape->nodes[key + 1];
    struct str name = node_text(&reading->tape->nodes[key]);
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const struct setting *setting = &table[i];
        if (!str_is(name, setting->name))
            continue;
        switch (setting->kind) {
        case SETTING_NUMBER: read_number(reading, setting, node); return;
        case SETTING_CHOICE: read_choice(reading, setting, node); return;
        case SETTING_SWITCH: read_switch(reading, setting, node); return;
        case SETTING_TEXTS: read_ignore(reading, setting, key + 1); return;
        case SETTING_TEXT:
            *(struct str *)(void *)((char *)reading->settings + setting->offset) =
                arena_copy(reading->arena, node_text(node));
            return;
        }
    }
    problem_add(reading->problems, PROBLEM_WARNING, "setting", reading->tape->nodes[key].start,
                reading->tape->nodes[key].end, "no setting is called \"%.*s\"", STR_ARG(name));
}

static enum nexus_status read_text(const struct reading *reading, struct tape *tape,
                                   struct str text, struct nexus_error *err)
{
    if (!json_scan(text, tape, reading->problems) || tape->nodes[0].type != NODE_OBJECT) {
        problem_list_locate(reading->problems, text);
        const struct problem *first = reading->problems->items;
        if (reading->problems->count)
            return fail(err, NEXUS_ERROR_INVALID, "'.nexus/config.json', line %u: %.*s",
                        first->line, STR_ARG(first->message));
        return fail(err, NEXUS_ERROR_INVALID, "'.nexus/config.json' must be a JSON object");
    }
    tape_for_each_member (tape, 0, key)
        read_setting(reading, key);
    problem_list_locate(reading->problems, text);
    return reading->arena->failed ? fail_no_memory(err) : NEXUS_OK;
}

enum nexus_status settings_read(struct settings *settings, struct str text, struct arena *arena,
                                struct problem_list *problems, struct nexus_error *err)
{
    set_defaults(settings);
    if (!str_trim(text).length)
        return NEXUS_OK;
    struct tape tape;
    tape_init(&tape);
    struct reading reading = {settings, &tape, arena, problems};
    enum nexus_status status = read_text(&reading, &tape, text, err);
    tape_finish(&tape);
    return status;
}

static void write_setting(const struct setting *setting, struct str text, struct strbuf *out)
{
    switch (setting->kind) {
    case SETTING_NUMBER: strbuf_addf(out, "%lld", (long long)setting->fallback); break;
    case SETTING_CHOICE: strbuf_add_json(out, str_of(setting->choices[setting->fallback])); break;
    case SETTING_SWITCH: strbuf_add_text(out, setting->fallback ? "true" : "false"); break;
    case SETTING_TEXTS: strbuf_add_text(out, "[]"); break;
    case SETTING_TEXT: strbuf_add_json(out, text); break;
    }
}

void settings_write_defaults(struct str vault_path, struct str created_at, struct strbuf *out)
{
    strbuf_add_text(out, "{\n");
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        bool is_path = table[i].offset == offsetof(struct settings, vault_path);
        strbuf_addf(out, "  \"%s\": ", table[i].name);
        write_setting(&table[i], is_path ? vault_path : created_at, out);
        strbuf_add_text(out, i + 1 < SETTING_COUNT ? ",\n" : "\n");
    }
    strbuf_add_text(out, "}\n");
}

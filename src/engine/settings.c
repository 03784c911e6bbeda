// SPDX-License-Identifier: MIT
#include "engine/settings.h"

#include "parse/json.h"

enum setting_kind {
    SETTING_NUMBER,
    SETTING_CHOICE,
    SETTING_SWITCH,
    SETTING_TEXTS,
    SETTING_RULES,
    SETTING_TEXT,
};

#define MIB (INT64_C(1024) * 1024)

static const char *const conflict_names[] = {"timestamp", "merge", NULL};
static const char *const durability_names[] = {"normal", "full", NULL};

#define AT(member) offsetof(struct settings, member)

/* Offsets lead to an int64_t for numbers, choices (an index into `choices`) and switches. */
static const struct setting {
    const char *name;
    enum setting_kind kind;
    size_t offset;
    int64_t fallback, lowest, highest;
    const char *const *choices;
    const char *meaning;
} table[] = {
    {"debounce_ms", SETTING_NUMBER, AT(debounce_ms), 300, 10, 60000, NULL,
     "how long a file must have been quiet before it is read"},
    {"max_wait_ms", SETTING_NUMBER, AT(max_wait_ms), 2000, 10, 600000, NULL,
     "how long a file that is never quiet is waited for"},
    {"walk_seconds", SETTING_NUMBER, AT(walk_seconds), 900, 1, 86400, NULL,
     "how often everything is looked at while the vault is followed"},
    {"ignore", SETTING_TEXTS, AT(ignore), 0, 0, 0, NULL,
     "what to leave alone, as lines of a .gitignore; .nexusignore says more"},
    {"conflict", SETTING_CHOICE, AT(conflict), CONFLICT_TIMESTAMP, 0, 0, conflict_names,
     "who wins where both sides changed; the other is kept"},
    {"brake_files", SETTING_NUMBER, AT(brake_files), 100, 1, 1000000000, NULL,
     "SQL that changes more files than this at once waits for 'nexus apply'"},
    {"brake_percent", SETTING_NUMBER, AT(brake_percent), 30, 1, 100, NULL,
     "when more of the vault than this is gone at once, nothing is forgotten"},
    {"max_file_bytes", SETTING_NUMBER, AT(max_file_bytes), 64 * MIB, 1024, 1024 * MIB, NULL,
     "files that are longer are not read"},
    {"backup_hours", SETTING_NUMBER, AT(backup_hours), 24, 1, 87600, NULL,
     "how often the database is backed up"},
    {"backup_keep", SETTING_NUMBER, AT(backup_keep), 7, 1, 1000, NULL, "how many backups are kept"},
    {"history_days", SETTING_NUMBER, AT(history_days), 30, 1, 36500, NULL,
     "how long 'nexus undo' can take back a write"},
    {"durability", SETTING_CHOICE, AT(durability), DURABILITY_NORMAL, 0, 0, durability_names,
     "full: what is written outlives a power cut from the next moment on"},
    {"notify", SETTING_SWITCH, AT(notify), 1, 0, 1, NULL,
     "tell on the desktop when something needs a decision"},
    {"permissions", SETTING_RULES, AT(permissions), 0, 0, 0, NULL,
     "what is shared of objects that nobody decided on"},
    {"vault_path", SETTING_TEXT, AT(vault_path), 0, 0, 0, NULL,
     "where 'nexus init' made the vault"},
    {"created_at", SETTING_TEXT, AT(created_at), 0, 0, 0, NULL, "and when"},
};
enum { SETTING_COUNT = sizeof table / sizeof table[0] };

/** One reading: where from, where to. */
struct reading {
    struct settings *settings;
    struct str text;
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
        if (table[i].kind <= SETTING_SWITCH)
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

static void read_rules(const struct reading *reading, uint32_t value)
{
    const struct node *node = &reading->tape->nodes[value];
    struct default_rules *rules = &reading->settings->permissions;
    if (default_rules_read(reading->tape, value, reading->arena, reading->problems, rules))
        rules->json = arena_copy(reading->arena, str_slice(reading->text, node->start, node->end));
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
        case SETTING_RULES: read_rules(reading, key + 1); return;
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
    struct reading reading = {settings, text, &tape, arena, problems};
    enum nexus_status status = read_text(&reading, &tape, text, err);
    tape_finish(&tape);
    return status;
}

static void write_fallback(const struct setting *setting, struct str text, struct strbuf *out)
{
    switch (setting->kind) {
    case SETTING_NUMBER: strbuf_addf(out, "%lld", (long long)setting->fallback); break;
    case SETTING_CHOICE: strbuf_add_json(out, str_of(setting->choices[setting->fallback])); break;
    case SETTING_SWITCH: strbuf_add_text(out, setting->fallback ? "true" : "false"); break;
    case SETTING_TEXTS:
    case SETTING_RULES: strbuf_add_text(out, "[]"); break;
    case SETTING_TEXT: strbuf_add_json(out, text); break;
    }
}

void settings_write_defaults(struct str vault_path, struct str created_at, struct strbuf *out)
{
    strbuf_add_text(out, "{\n");
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        bool is_path = table[i].offset == offsetof(struct settings, vault_path);
        strbuf_addf(out, "  \"%s\": ", table[i].name);
        write_fallback(&table[i], is_path ? vault_path : created_at, out);
        strbuf_add_text(out, i + 1 < SETTING_COUNT ? ",\n" : "\n");
    }
    strbuf_add_text(out, "}\n");
}

static void write_value(const struct setting *setting, const struct settings *settings,
                        struct strbuf *out)
{
    const char *place = (const char *)settings + setting->offset;
    int64_t number = 0;
    if (setting->kind <= SETTING_SWITCH)
        memcpy(&number, place, sizeof number);
    switch (setting->kind) {
    case SETTING_NUMBER: strbuf_addf(out, "%lld", (long long)number); break;
    case SETTING_CHOICE: strbuf_add_json(out, str_of(setting->choices[number])); break;
    case SETTING_SWITCH: strbuf_add_text(out, number ? "true" : "false"); break;
    case SETTING_TEXT: strbuf_add_json(out, *(const struct str *)(const void *)place); break;
    case SETTING_RULES:
        strbuf_add(out, settings->permissions.json.at ? settings->permissions.json : STR("[]"));
        break;
    case SETTING_TEXTS:
        strbuf_add_char(out, '[');
        for (size_t i = 0; i < settings->ignore_count; i++) {
            strbuf_add_text(out, i ? ", " : "");
            strbuf_add_json(out, settings->ignore[i]);
        }
        strbuf_add_char(out, ']');
    }
}

static void write_allowed(const struct setting *setting, struct strbuf *out)
{
    switch (setting->kind) {
    case SETTING_NUMBER:
        strbuf_addf(out, "a whole number from %lld to %lld", (long long)setting->lowest,
                    (long long)setting->highest);
        break;
    case SETTING_CHOICE:
        strbuf_addf(out, "%s or %s", setting->choices[0], setting->choices[1]);
        break;
    case SETTING_SWITCH: strbuf_add_text(out, "true or false"); break;
    case SETTING_TEXTS: strbuf_add_text(out, "a JSON array of texts"); break;
    case SETTING_RULES:
        strbuf_add_text(out, "a JSON array of rules with path, tag or schema, and share_with_ai or "
                             "share_with_cloud; where they differ it is not shared");
        break;
    case SETTING_TEXT: break;
    }
}

bool settings_describe(size_t index, const struct settings *settings,
                       struct setting_description *description)
{
    if (index >= SETTING_COUNT)
        return false;
    const struct setting *setting = &table[index];
    description->name = setting->name;
    description->meaning = setting->meaning;
    description->is_recorded = setting->kind == SETTING_TEXT;
    strbuf_reset(&description->value);
    strbuf_reset(&description->fallback);
    strbuf_reset(&description->allowed);
    write_value(setting, settings, &description->value);
    write_fallback(setting, STR(""), &description->fallback);
    write_allowed(setting, &description->allowed);
    return true;
}

void setting_description_finish(struct setting_description *description)
{
    strbuf_finish(&description->value);
    strbuf_finish(&description->fallback);
    strbuf_finish(&description->allowed);
}

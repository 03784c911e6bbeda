// SPDX-License-Identifier: MIT
/*
 * Every value goes through cJSON as raw text, since cJSON itself has only doubles for numbers, and
 * texts that end at a NUL and are not checked for UTF-8.
 */
#include "cli/json.h"

#include "base/utf8.h"

#include <assert.h>
#include <cJSON.h>
#include <math.h>
#include <stdlib.h>

void json_init(struct json *json, struct output *out)
{
    *json = (struct json){.out = out};
}

/** The level that the next value goes into; NULL at the top. */
static struct json_level *current(struct json *json)
{
    return json->depth ? &json->levels[json->depth - 1] : NULL;
}

void json_close(struct json *json)
{
    for (int i = 0; i < json->depth; i++)
        if (i == 0 || !json->levels[i - 1].node) /* else it belongs to that one */
            cJSON_Delete(json->levels[i].node);
    json->depth = 0;
    strbuf_finish(&json->value);
    strbuf_finish(&json->key);
}

enum nexus_status json_finish(struct json *json, struct nexus_error *err)
{
    assert(json->depth == 0);
    if (json->failed)
        return fail_no_memory(err);
    output_text(json->out, "\n");
    return NEXUS_OK;
}

/** The comma, line end and key in front of a value that goes to the output. */
static void print_lead(struct json *json, const char *key)
{
    struct json_level *level = current(json);
    if (!level)
        return;
    if (level->has_items)
        output_text(json->out, ",");
    if (level->is_array)
        output_text(json->out, "\n");
    level->has_items = true;
    if (!key)
        return;
    strbuf_reset(&json->key);
    strbuf_add_json(&json->key, str_of(key));
    json->failed |= json->key.failed;
    output_raw(json->out, strbuf_str(&json->key));
    output_text(json->out, ":");
}

static void print_node(struct json *json, const char *key, const struct cJSON *node)
{
    char *text = cJSON_PrintUnformatted(node);
    if (text) {
        print_lead(json, key);
        output_text(json->out, text);
    } else {
        json->failed = true;
    }
    cJSON_free(text);
}

/** cJSON prints a key's bytes as they are. */
static const char *valid_key(struct json *json, const char *key)
{
    struct str text = str_of(key);
    if (utf8_find_invalid(text) == STR_NONE)
        return key;
    strbuf_reset(&json->key);
    for (size_t i = 0; i < text.length;)
        strbuf_add_utf8(&json->key, utf8_next(text, &i));
    json->failed |= json->key.failed;
    return strbuf_str(&json->key).at;
}

/** Puts the node in its place and takes it over. False when it is gone. */
static bool place(struct json *json, const char *key, struct cJSON *node)
{
    struct json_level *level = current(json);
    assert((key == NULL) == (!level || level->is_array));
    bool is_placed = false;
    json->failed |= !node;
    if (!json->failed && level && level->node)
        is_placed = key ? cJSON_AddItemToObject(level->node, valid_key(json, key), node)
                        : cJSON_AddItemToArray(level->node, node);
    else if (!json->failed)
        print_node(json, key, node);
    if (!is_placed)
        cJSON_Delete(node);
    return is_placed;
}

enum json_kind { JSON_OBJECT, JSON_ARRAY };

static void begin(struct json *json, const char *key, enum json_kind kind)
{
    assert(json->depth < JSON_DEPTH_LIMIT);
    struct json_level *level = current(json);
    struct cJSON *node = NULL;
    if (level && (level->node || level->is_array)) {
        /* An item of a list that is being written is built whole, and so is all within it. */
        node = kind == JSON_ARRAY ? cJSON_CreateArray() : cJSON_CreateObject();
        json->failed |= !node;
        if (level->node && !place(json, key, node)) {
            json->failed = true;
            node = NULL;
        }
    } else if (!json->failed) {
        print_lead(json, key);
        output_text(json->out, kind == JSON_ARRAY ? "[" : "{");
    }
    json->levels[json->depth++] = (struct json_level){node, kind == JSON_ARRAY, false};
}

void json_begin_object(struct json *json, const char *key)
{
    begin(json, key, JSON_OBJECT);
}

void json_begin_array(struct json *json, const char *key)
{
    begin(json, key, JSON_ARRAY);
}

void json_end(struct json *json)
{
    assert(json->depth);
    struct json_level ended = json->levels[--json->depth];
    struct json_level *parent = current(json);
    if (ended.node && parent && parent->node)
        return; /* it has its place already */
    if (json->failed)
        cJSON_Delete(ended.node);
    else if (ended.node)
        place(json, NULL, ended.node);
    else
        output_text(json->out, ended.is_array ? "]" : "}");
}

/** The text that `json->value` holds is the value. */
static void place_value(struct json *json, const char *key)
{
    json->failed |= json->value.failed;
    if (!json->failed)
        place(json, key, cJSON_CreateRaw(strbuf_str(&json->value).at));
}

void json_text(struct json *json, const char *key, struct str value)
{
    strbuf_reset(&json->value);
    strbuf_add_json(&json->value, value);
    place_value(json, key);
}

void json_integer(struct json *json, const char *key, int64_t value)
{
    strbuf_reset(&json->value);
    strbuf_addf(&json->value, "%lld", (long long)value);
    place_value(json, key);
}

void json_count(struct json *json, const char *key, uint64_t value)
{
    strbuf_reset(&json->value);
    strbuf_addf(&json->value, "%llu", (unsigned long long)value);
    place_value(json, key);
}

void json_boolean(struct json *json, const char *key, bool value)
{
    place(json, key, cJSON_CreateBool(value));
}

void json_null(struct json *json, const char *key)
{
    place(json, key, cJSON_CreateNull());
}

void json_value(struct json *json, const char *key, struct str json_text)
{
    strbuf_reset(&json->value);
    for (size_t i = 0; i < json_text.length;)
        strbuf_add_utf8(&json->value, utf8_next(json_text, &i));
    place_value(json, key);
}

/** JSON has no infinity: a number past all doubles reads back as one. SQLite has no NaN. */
static void json_real(struct json *json, const char *key, double value)
{
    char text[40];
    if (isinf(value))
        snprintf(text, sizeof text, "%s", value < 0 ? "-9e999" : "9e999");
    else
        for (int digits = 15; digits <= 17; digits++) {
            snprintf(text, sizeof text, "%.*g", digits, value);
            if (strtod(text, NULL) == value)
                break;
        }
    strbuf_reset(&json->value);
    strbuf_add_text(&json->value, text);
    if (!strpbrk(text, ".e"))
        strbuf_add_text(&json->value, ".0");
    place_value(json, key);
}

void json_column(struct json *json, const char *key, struct nexus_rows *rows, int column)
{
    struct str text = {0};
    switch (nexus_rows_column_type(rows, column)) {
    case NEXUS_COLUMN_NULL: json_null(json, key); break;
    case NEXUS_COLUMN_INTEGER: json_integer(json, key, nexus_rows_integer(rows, column)); break;
    case NEXUS_COLUMN_REAL: json_real(json, key, nexus_rows_real(rows, column)); break;
    case NEXUS_COLUMN_TEXT:
    case NEXUS_COLUMN_BLOB:
        text.at = nexus_rows_text(rows, column, &text.length);
        json_text(json, key, text);
        break;
    }
}

void json_columns(struct json *json, struct nexus_rows *rows, int first, int count)
{
    for (int i = first; i < first + count; i++)
        json_column(json, nexus_rows_column_name(rows, i), rows, i);
}

// SPDX-License-Identifier: MIT
#include "engine/compose.h"

#include "base/utf8.h"
#include "model/tape.h"
#include "parse/json.h"
#include "validate/schema.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/** How one value is written down for now. */
enum reading { READ_AS_JSON, READ_AS_TEXT };

struct composing {
    const struct registered *schema;
    const struct nexus_value *values;
    size_t count;
    enum reading *readings; /* one for each value */
    struct tape before, after;
    struct strbuf text; /* what `after` is the tape of */
    struct arena arena;
    struct schema_run *run;
    struct problem_list problems; /* of `after` */
};

static struct str text_of(const struct nexus_value *value)
{
    return (struct str){value->text ? value->text : "", value->text ? value->length : 0};
}

static struct str name_of(const struct nexus_value *value)
{
    return str_of(value->property);
}

static bool is_json(struct str text)
{
    struct tape tape;
    tape_init(&tape);
    bool is_good = json_scan(text, &tape, NULL) && !tape_failed(&tape);
    tape_finish(&tape);
    return is_good;
}

/** Fewest digits that read back as the same number. */
static void add_real(double real, struct strbuf *out)
{
    char text[40] = "";
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, real);
        if (strtod(text, NULL) == real)
            break;
    }
    strbuf_add_text(out, text);
    if (!strpbrk(text, ".e"))
        strbuf_add_text(out, ".0");
}

static void add_value(const struct composing *composing, size_t index, struct strbuf *out)
{
    const struct nexus_value *value = &composing->values[index];
    switch (value->kind) {
    case NEXUS_VALUE_TEXT: strbuf_add_json(out, text_of(value)); return;
    case NEXUS_VALUE_INTEGER: strbuf_addf(out, "%lld", (long long)value->integer); return;
    case NEXUS_VALUE_REAL: add_real(value->real, out); return;
    case NEXUS_VALUE_BOOLEAN: strbuf_add_text(out, value->integer ? "true" : "false"); return;
    case NEXUS_VALUE_JSON: strbuf_add(out, str_trim(text_of(value))); return;
    case NEXUS_VALUE_WORD:
        if (composing->readings[index] == READ_AS_JSON)
            strbuf_add(out, str_trim(text_of(value)));
        else
            strbuf_add_json(out, text_of(value));
        return;
    case NEXUS_VALUE_NULL:
    case NEXUS_VALUE_NONE: strbuf_add_text(out, "null"); return;
    }
}

static enum nexus_status check_value(const struct composing *composing, size_t index,
                                     struct nexus_error *err)
{
    const struct nexus_value *value = &composing->values[index];
    struct str name = name_of(value), text = text_of(value);
    if (!name.length)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a property needs a name");
    if (utf8_find_invalid(name) != STR_NONE || utf8_find_invalid(text) != STR_NONE)
        return fail(err, NEXUS_ERROR_ARGUMENT, "the property '%.*s' is not UTF-8", STR_ARG(name));
    if (text.length && memchr(text.at, '\0', text.length))
        return fail(err, NEXUS_ERROR_ARGUMENT, "the property '%.*s' holds a NUL", STR_ARG(name));
    if (value->kind == NEXUS_VALUE_REAL && !isfinite(value->real))
        return fail(err, NEXUS_ERROR_ARGUMENT, "the property '%.*s' is no number", STR_ARG(name));
    if (value->kind == NEXUS_VALUE_JSON && !is_json(text))
        return fail(err, NEXUS_ERROR_ARGUMENT, "the value of '%.*s' is no JSON", STR_ARG(name));
    for (size_t i = 0; i < index; i++)
        if (str_equal(name, name_of(&composing->values[i])))
            return fail(err, NEXUS_ERROR_ARGUMENT, "the property '%.*s' is given twice",
                        STR_ARG(name));
    return NEXUS_OK;
}

/** Which of the values is for that property; `count` for none. */
static size_t find_value(const struct composing *composing, struct str name)
{
    size_t i = 0;
    while (i < composing->count && !str_equal(name, name_of(&composing->values[i])))
        i++;
    return i;
}

static void add_member(struct strbuf *out, struct str name)
{
    strbuf_add_text(out, out->length > 1 ? "," : "");
    strbuf_add_json(out, name);
    strbuf_add_char(out, ':');
}

static void write_content(struct composing *composing)
{
    const struct tape *before = &composing->before;
    struct strbuf *out = &composing->text;
    strbuf_reset(out);
    strbuf_add_char(out, '{');
    tape_for_each_member (before, 0, k) {
        struct str name = node_text(&before->nodes[k]);
        size_t i = find_value(composing, name);
        if (i < composing->count && composing->values[i].kind == NEXUS_VALUE_NONE)
            continue;
        add_member(out, name);
        if (i < composing->count)
            add_value(composing, i, out);
        else
            tape_add_json(before, k + 1, out);
    }
    for (size_t i = 0; i < composing->count; i++) {
        const struct nexus_value *value = &composing->values[i];
        if (value->kind == NEXUS_VALUE_NONE || tape_member(before, 0, name_of(value)) != TAPE_NONE)
            continue;
        add_member(out, name_of(value));
        add_value(composing, i, out);
    }
    strbuf_add_char(out, '}');
}

/** Writes the content by the readings at hand, and judges it. */
static enum nexus_status try_readings(struct composing *composing, bool *ret_accepted,
                                      struct nexus_error *err)
{
    const struct schema *schema = composing->schema->schema;
    write_content(composing);
    if (composing->text.failed)
        return fail_no_memory(err);
    if (!json_scan(strbuf_str(&composing->text), &composing->after, NULL))
        return tape_failed(&composing->after)
                   ? fail_no_memory(err)
                   : fail(err, NEXUS_ERROR_ARGUMENT, "the values are nested too deep");
    *ret_accepted = !schema || schema_accepts(schema, &composing->after, 0, composing->run);
    problem_list_init(&composing->problems, &composing->arena);
    if (!*ret_accepted)
        schema_explain(schema, &composing->after, 0, composing->run, &composing->problems);
    return composing->arena.failed ? fail_no_memory(err) : NEXUS_OK;
}

/** Whether one of the mistakes is about the value, or in it. */
static bool is_blamed(const struct composing *composing, size_t index)
{
    STRBUF_SCOPED pointer = {0};
    pointer_add_token(name_of(&composing->values[index]), &pointer);
    struct str place = strbuf_str(&pointer);
    for (size_t i = 0; i < composing->problems.count; i++) {
        struct str found = composing->problems.items[i].pointer;
        if (str_starts_with(found, place) &&
            (found.length == place.length || found.at[place.length] == '/'))
            return true;
    }
    return false;
}

/** Words that the schema minds as JSON become texts, where it does not mind those. */
static enum nexus_status choose_readings(struct composing *composing, bool *ret_accepted,
                                         struct nexus_error *err)
{
    bool is_changed = false;
    TRY(try_readings(composing, ret_accepted, err));
    if (*ret_accepted)
        return NEXUS_OK;
    for (size_t i = 0; i < composing->count; i++) {
        if (composing->values[i].kind != NEXUS_VALUE_WORD ||
            composing->readings[i] == READ_AS_TEXT || !is_blamed(composing, i))
            continue;
        composing->readings[i] = READ_AS_TEXT;
        is_changed = true;
    }
    return is_changed ? try_readings(composing, ret_accepted, err) : NEXUS_OK;
}

static enum nexus_status refuse(const struct composing *composing, struct nexus_error *err)
{
    struct str schema = composing->schema->name;
    for (size_t i = 0; i < composing->problems.count; i++) {
        const struct problem *problem = &composing->problems.items[i];
        if (problem->severity == PROBLEM_ERROR)
            return fail(err, NEXUS_ERROR_REFUSED, "%.*s: %.*s%s%.*s", STR_ARG(schema),
                        STR_ARG(problem->pointer), problem->pointer.length ? ": " : "",
                        STR_ARG(problem->message));
    }
    return fail(err, NEXUS_ERROR_REFUSED, "'%.*s' does not accept this", STR_ARG(schema));
}

static enum nexus_status run(struct composing *composing, struct str before, struct strbuf *out,
                             struct nexus_error *err)
{
    bool is_accepted;
    composing->readings =
        arena_alloc_array(&composing->arena, composing->count + 1, sizeof *composing->readings);
    composing->run = schema_run_new();
    if (!composing->readings || !composing->run)
        return fail_no_memory(err);
    if (!json_scan(before, &composing->before, NULL) ||
        composing->before.nodes[0].type != NODE_OBJECT)
        return fail(err, NEXUS_ERROR_REFUSED, "its content is no object: it has no properties");
    for (size_t i = 0; i < composing->count; i++) {
        TRY(check_value(composing, i, err));
        if (composing->values[i].kind == NEXUS_VALUE_WORD &&
            !is_json(text_of(&composing->values[i])))
            composing->readings[i] = READ_AS_TEXT;
    }
    TRY(choose_readings(composing, &is_accepted, err));
    if (!is_accepted)
        return refuse(composing, err);
    strbuf_add(out, strbuf_str(&composing->text));
    return out->failed ? fail_no_memory(err) : NEXUS_OK;
}

enum nexus_status compose(const struct registered *schema, struct str before,
                          const struct nexus_value *values, size_t count, struct strbuf *out,
                          struct nexus_error *err)
{
    struct composing composing = {.schema = schema, .values = values, .count = count};
    tape_init(&composing.before);
    tape_init(&composing.after);
    enum nexus_status status = run(&composing, before.length ? before : STR("{}"), out, err);
    schema_run_free(composing.run);
    tape_finish(&composing.before);
    tape_finish(&composing.after);
    strbuf_finish(&composing.text);
    arena_finish(&composing.arena);
    return status;
}

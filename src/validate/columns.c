// SPDX-License-Identifier: MIT
/*
 * A typed view refuses at once what it can tell without a validator, so each rule here must refuse
 * nothing that the validator takes. Keywords beside each other all have to hold, whatever else the
 * schema says; only $ref may (in older drafts) switch its neighbours off.
 */
#include "validate/columns.h"

#include "validate/explainer.h"
#include "validate/wording.h"

enum {
    CHOICE_LIMIT = 256, /* more are left to the validator: a trigger compares one by one */
    EXACT_DIGITS = 15,  /* that SQLite's numbers hold */
};

struct column_reader {
    const struct tape *schema;
    struct arena *arena;
    struct binding_column *column;
};

static const struct node *node_at(const struct column_reader *reader, uint32_t index)
{
    return &reader->schema->nodes[index];
}

static const struct {
    const char *name;
    enum column_type type;
    unsigned kinds;
} types[] = {
    {"null", COLUMN_NULL, KIND_NULL},          {"boolean", COLUMN_BOOLEAN, KIND_TRUE},
    {"integer", COLUMN_INTEGER, KIND_INTEGER}, {"number", COLUMN_NUMBER, KIND_NUMBER},
    {"string", COLUMN_TEXT, KIND_STRING},      {"array", COLUMN_ARRAY, KIND_ARRAY},
    {"object", COLUMN_OBJECT, KIND_OBJECT},
};
enum { TYPE_COUNT = sizeof types / sizeof types[0] };

static unsigned type_of(struct str name)
{
    for (size_t i = 0; i < TYPE_COUNT; i++)
        if (str_is(name, types[i].name))
            return types[i].type;
    return 0;
}

static void word_types(const struct column_reader *reader)
{
    STRBUF_SCOPED words = {0};
    unsigned kinds = 0;
    for (size_t i = 0; i < TYPE_COUNT; i++)
        if (reader->column->types & types[i].type)
            kinds |= types[i].kinds;
    word_kinds(&words, kinds);
    reader->arena->failed |= words.failed;
    reader->column->type_words = arena_copy(reader->arena, strbuf_str(&words));
}

static void read_type(const struct column_reader *reader, uint32_t value)
{
    unsigned found = 0;
    if (node_at(reader, value)->type == NODE_STRING)
        found = type_of(node_text(node_at(reader, value)));
    else if (node_at(reader, value)->type == NODE_ARRAY)
        tape_for_each_item (reader->schema, value, item)
            found |= type_of(node_text(node_at(reader, item)));
    reader->column->types = found;
    word_types(reader);
}

static bool has_nul(struct str text)
{
    return text.length && memchr(text.at, '\0', text.length);
}

/** Whether SQLite's number is exactly this one. */
static bool is_exact(struct str number)
{
    size_t digits = 0;
    for (size_t i = 0; i < number.length; i++) {
        if (number.at[i] == 'e' || number.at[i] == 'E')
            return false;
        digits += number.at[i] >= '0' && number.at[i] <= '9';
    }
    return digits <= EXACT_DIGITS;
}

/** False for a value that SQL cannot compare with. */
static bool read_choice(const struct column_reader *reader, uint32_t value,
                        struct column_choice *choice)
{
    const struct node *node = node_at(reader, value);
    switch ((enum node_type)node->type) {
    case NODE_NULL: *choice = (struct column_choice){COLUMN_NULL, {NULL, 0}}; return true;
    case NODE_FALSE: *choice = (struct column_choice){COLUMN_BOOLEAN, STR("0")}; return true;
    case NODE_TRUE: *choice = (struct column_choice){COLUMN_BOOLEAN, STR("1")}; return true;
    case NODE_NUMBER:
        *choice = (struct column_choice){COLUMN_NUMBER, arena_copy(reader->arena, node_text(node))};
        return is_exact(node_text(node));
    case NODE_STRING:
        *choice = (struct column_choice){COLUMN_TEXT, arena_copy(reader->arena, node_text(node))};
        return !has_nul(node_text(node));
    case NODE_ARRAY:
    case NODE_OBJECT:
    case NODE_KEY: break;
    }
    return false;
}

/** `values`: indexes of the schema's nodes. */
static void read_choices(const struct column_reader *reader, const uint32_t *values, uint32_t count)
{
    struct column_choice *choices = arena_alloc_array(reader->arena, count, sizeof *choices);
    if (!choices)
        return;
    for (uint32_t i = 0; i < count; i++)
        if (!read_choice(reader, values[i], &choices[i]))
            return;
    STRBUF_SCOPED words = {0};
    word_choices(&words, reader->schema, values, count);
    reader->arena->failed |= words.failed;
    reader->column->choices = choices;
    reader->column->choice_count = count;
    reader->column->choice_words = arena_copy(reader->arena, strbuf_str(&words));
}

static void read_enum(const struct column_reader *reader, uint32_t value)
{
    uint32_t values[CHOICE_LIMIT], count = 0;
    if (node_at(reader, value)->type != NODE_ARRAY ||
        node_at(reader, value)->count > CHOICE_LIMIT || !node_at(reader, value)->count)
        return;
    tape_for_each_item (reader->schema, value, item)
        values[count++] = item;
    read_choices(reader, values, count);
}

static void read_const(const struct column_reader *reader, uint32_t value)
{
    read_choices(reader, &value, 1);
}

static void read_bound(const struct column_reader *reader, uint32_t value, bool is_open,
                       struct column_bound *bound)
{
    struct str text = node_text(node_at(reader, value));
    if (node_at(reader, value)->type == NODE_NUMBER && is_exact(text))
        *bound = (struct column_bound){arena_copy(reader->arena, text), is_open};
    else if (node_at(reader, value)->type == NODE_TRUE) /* of draft 4, beside the bound */
        bound->is_open = true;
}

/** Draft 4 may have said before that the bound is out. */
static bool is_opened(const struct column_bound *bound)
{
    return bound->is_open && !bound->text.at;
}

static void read_minimum(const struct column_reader *reader, uint32_t value)
{
    struct column_bound *bound = &reader->column->minimum;
    read_bound(reader, value, is_opened(bound), bound);
}

static void read_maximum(const struct column_reader *reader, uint32_t value)
{
    struct column_bound *bound = &reader->column->maximum;
    read_bound(reader, value, is_opened(bound), bound);
}

static void read_exclusive_minimum(const struct column_reader *reader, uint32_t value)
{
    read_bound(reader, value, true, &reader->column->minimum);
}

static void read_exclusive_maximum(const struct column_reader *reader, uint32_t value)
{
    read_bound(reader, value, true, &reader->column->maximum);
}

static bool read_length(const struct column_reader *reader, uint32_t value, uint32_t *ret_length)
{
    const struct node *node = node_at(reader, value);
    bool is_length = node->flags & NODE_SMALL && node->integer >= 0 && node->integer < INT32_MAX;
    if (is_length)
        *ret_length = (uint32_t)node->integer;
    return is_length;
}

static void read_min_length(const struct column_reader *reader, uint32_t value)
{
    read_length(reader, value, &reader->column->min_length);
}

static void read_max_length(const struct column_reader *reader, uint32_t value)
{
    reader->column->has_max_length = read_length(reader, value, &reader->column->max_length);
}

static const struct {
    const char *name;
    void (*read)(const struct column_reader *, uint32_t value);
} keywords[] = {
    {"type", read_type},
    {"enum", read_enum},
    {"const", read_const},
    {"minimum", read_minimum},
    {"maximum", read_maximum},
    {"exclusiveMinimum", read_exclusive_minimum},
    {"exclusiveMaximum", read_exclusive_maximum},
    {"minLength", read_min_length},
    {"maxLength", read_max_length},
};

void column_read(const struct tape *schema, uint32_t index, struct arena *arena,
                 struct binding_column *column)
{
    const struct column_reader reader = {schema, arena, column};
    if (schema->nodes[index].type != NODE_OBJECT ||
        tape_member(schema, index, STR("$ref")) != TAPE_NONE ||
        tape_member(schema, index, STR("$dynamicRef")) != TAPE_NONE ||
        tape_member(schema, index, STR("$recursiveRef")) != TAPE_NONE)
        return;
    tape_for_each_member (schema, index, key)
        for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++)
            if (str_is(node_text(&schema->nodes[key]), keywords[i].name))
                keywords[i].read(&reader, key + 1);
}

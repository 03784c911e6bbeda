// SPDX-License-Identifier: MIT
/*
 * `x-nexus` is an object with a fixed set of keywords, each with one reader in the table below.
 *
 * The typed view's columns are the names under `properties`, of the schema itself and of what
 * `allOf` and local `$ref`s at its top add to it, in the order they stand there. A schema whose top
 * is a union has no columns beyond those that all alternatives share with the top. `required` is
 * read in a second pass over the same places, when all columns are known.
 */
#include "validate/binding.h"
#include "validate/columns.h"

#include "base/glob.h"

enum {
    COLUMN_LIMIT = 1900, /* SQLite stops at 2,000 columns; the view adds a few of its own */
    NESTING_LIMIT = 16,  /* of allOf and $ref at the top of a schema */
};

enum pass { PASS_COLUMNS, PASS_REQUIRED };

struct reader {
    enum pass pass;
    const struct tape *schema;
    struct arena *arena;
    struct binding *binding;
    struct problem_list *problems;
};

static const struct node *node_at(const struct reader *reader, uint32_t index)
{
    return &reader->schema->nodes[index];
}

static void complain(const struct reader *reader, uint32_t value, const char *reason)
{
    const struct node *node = node_at(reader, value);
    problem_add(reader->problems, PROBLEM_ERROR, "x-nexus", node->start, node->end, "x-nexus: %s",
                reason);
}

static void read_string(const struct reader *reader, uint32_t value, struct str *ret_text)
{
    const struct node *node = node_at(reader, value);
    if (node->type != NODE_STRING || node->text_length == 0)
        complain(reader, value, "must be a text that is not empty");
    else
        *ret_text = arena_copy(reader->arena, node_text(node));
}

static struct str *read_strings(const struct reader *reader, uint32_t value, size_t *ret_count)
{
    if (node_at(reader, value)->type != NODE_ARRAY) {
        complain(reader, value, "must be an array of texts");
        return NULL;
    }
    struct str *texts =
        arena_alloc_array(reader->arena, node_at(reader, value)->count + 1, sizeof *texts);
    if (!texts)
        return NULL;
    size_t count = 0;
    tape_for_each_item (reader->schema, value, item)
        read_string(reader, item, &texts[count++]);
    *ret_count = count;
    return texts;
}

static void read_version(const struct reader *reader, uint32_t value)
{
    const struct node *node = node_at(reader, value);
    if (!(node->flags & NODE_SMALL) || node->integer < 1)
        complain(reader, value, "version must be a whole number from 1");
    else
        reader->binding->version = node->integer;
}

static void read_files(const struct reader *reader, uint32_t value)
{
    struct binding *binding = reader->binding;
    binding->files = read_strings(reader, value, &binding->file_count);
    size_t i = 0;
    if (!binding->files)
        return;
    tape_for_each_item (reader->schema, value, item) {
        struct str pattern = binding->files[i++];
        const char *reason = pattern.length ? glob_check(pattern) : NULL;
        if (reason)
            problem_add(reader->problems, PROBLEM_ERROR, "x-nexus", node_at(reader, item)->start,
                        node_at(reader, item)->end, "x-nexus: the pattern \"%.*s\" %s",
                        STR_ARG(node_text(node_at(reader, item))), reason);
    }
}

static void read_layout(const struct reader *reader, uint32_t value)
{
    static const struct {
        const char *name;
        enum object_layout layout;
    } layouts[] = {
        {"markdown", LAYOUT_MARKDOWN},
        {"object", LAYOUT_OBJECT},
        {"collection", LAYOUT_COLLECTION},
    };
    struct str name = node_text(node_at(reader, value));
    for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++)
        if (node_at(reader, value)->type == NODE_STRING && str_is(name, layouts[i].name)) {
            reader->binding->layout = layouts[i].layout;
            return;
        }
    complain(reader, value, "layout must be \"markdown\", \"object\" or \"collection\"");
}

static void read_body(const struct reader *reader, uint32_t value)
{
    read_string(reader, value, &reader->binding->body);
}

static void read_key(const struct reader *reader, uint32_t value)
{
    read_string(reader, value, &reader->binding->key);
}

static void read_new_file(const struct reader *reader, uint32_t value)
{
    read_string(reader, value, &reader->binding->new_file);
}

static void read_indexes(const struct reader *reader, uint32_t value)
{
    reader->binding->indexes = read_strings(reader, value, &reader->binding->index_count);
}

static void read_columns(const struct reader *reader, uint32_t value)
{
    if (node_at(reader, value)->type != NODE_OBJECT) {
        complain(reader, value, "columns must be an object: property to column");
        return;
    }
    struct binding *binding = reader->binding;
    tape_for_each_member (reader->schema, value, key) {
        struct str property = node_text(node_at(reader, key));
        bool found = false;
        for (size_t i = 0; i < binding->column_count; i++)
            if (str_equal(binding->columns[i].property, property)) {
                read_string(reader, key + 1, &binding->columns[i].name);
                found = true;
            }
        if (!found)
            complain(reader, key, "columns names a property that the schema does not have");
    }
}

static const struct {
    const char *name;
    void (*read)(const struct reader *, uint32_t value);
} keywords[] = {
    {"version", read_version}, {"files", read_files},     {"layout", read_layout},
    {"body", read_body},       {"key", read_key},         {"new_file", read_new_file},
    {"index", read_indexes},   {"columns", read_columns},
};

static void read_keyword(const struct reader *reader, uint32_t key)
{
    struct str name = node_text(node_at(reader, key));
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++)
        if (str_is(name, keywords[i].name)) {
            keywords[i].read(reader, key + 1);
            return;
        }
    problem_add(reader->problems, PROBLEM_WARNING, "x-nexus", node_at(reader, key)->start,
                node_at(reader, key)->end, "x-nexus: unknown keyword \"%.*s\"", STR_ARG(name));
}

static bool has_column(const struct binding *binding, struct str property)
{
    for (size_t i = 0; i < binding->column_count; i++)
        if (str_equal(binding->columns[i].property, property))
            return true;
    return false;
}

static void add_properties(const struct reader *reader, uint32_t object)
{
    struct binding *binding = reader->binding;
    size_t wanted = binding->column_count + reader->schema->nodes[object].count;
    struct binding_column *columns = arena_alloc_array(reader->arena, wanted + 1, sizeof *columns);
    if (!columns)
        return;
    if (binding->column_count)
        memcpy(columns, binding->columns, binding->column_count * sizeof *columns);
    binding->columns = columns;
    tape_for_each_member (reader->schema, object, key) {
        struct str name = node_text(node_at(reader, key));
        if (has_column(binding, name))
            continue;
        if (binding->column_count >= COLUMN_LIMIT) {
            complain(reader, key, "a typed view takes at most 1900 properties");
            return;
        }
        name = arena_copy(reader->arena, name);
        struct binding_column *column = &binding->columns[binding->column_count++];
        *column = (struct binding_column){.property = name, .name = name};
        column_read(reader->schema, key + 1, reader->arena, column);
    }
}

static void mark_required(const struct reader *reader, uint32_t names)
{
    struct binding *binding = reader->binding;
    tape_for_each_item (reader->schema, names, item)
        for (size_t i = 0; i < binding->column_count; i++)
            if (node_at(reader, item)->type == NODE_STRING &&
                str_equal(binding->columns[i].property, node_text(node_at(reader, item))))
                binding->columns[i].is_required = true;
}

static void collect(const struct reader *reader, uint32_t schema, unsigned nesting);

static void follow_local_reference(const struct reader *reader, uint32_t value, unsigned nesting)
{
    struct str reference = node_text(node_at(reader, value));
    if (node_at(reader, value)->type != NODE_STRING || !str_starts_with(reference, STR("#/")))
        return;
    uint32_t target = tape_find_pointer(reader->schema, str_slice(reference, 1, reference.length));
    if (target != TAPE_NONE)
        collect(reader, target, nesting + 1);
}

static void collect(const struct reader *reader, uint32_t schema, unsigned nesting)
{
    if (nesting > NESTING_LIMIT || node_at(reader, schema)->type != NODE_OBJECT)
        return;
    tape_for_each_member (reader->schema, schema, key) {
        struct str name = node_text(node_at(reader, key));
        if (reader->pass == PASS_COLUMNS && str_is(name, "properties") &&
            node_at(reader, key + 1)->type == NODE_OBJECT)
            add_properties(reader, key + 1);
        else if (reader->pass == PASS_REQUIRED && str_is(name, "required") &&
                 node_at(reader, key + 1)->type == NODE_ARRAY)
            mark_required(reader, key + 1);
        else if (str_is(name, "$ref"))
            follow_local_reference(reader, key + 1, nesting);
        else if (str_is(name, "allOf") && node_at(reader, key + 1)->type == NODE_ARRAY)
            tape_for_each_item (reader->schema, key + 1, item)
                collect(reader, item, nesting + 1);
    }
}

bool binding_read(const struct tape *schema, struct arena *arena, struct binding *binding,
                  struct problem_list *problems)
{
    struct reader reader = {PASS_COLUMNS, schema, arena, binding, problems};
    *binding = (struct binding){.body = STR("content"), .key = STR("id")};
    collect(&reader, 0, 0);
    reader.pass = PASS_REQUIRED;
    collect(&reader, 0, 0);
    uint32_t keyword = tape_member(schema, 0, STR("x-nexus"));
    if (keyword == TAPE_NONE)
        return !problems->has_error;
    if (node_at(&reader, keyword)->type != NODE_OBJECT)
        complain(&reader, keyword, "must be an object");
    else
        tape_for_each_member (schema, keyword, key)
            read_keyword(&reader, key);
    return !problems->has_error;
}

// SPDX-License-Identifier: MIT
/*
 * Which schema a file has is decided by the first rule that answers: the file's own word (the front
 * matter's `schema`, a JSON envelope's), a registered schema whose `files` pattern claims the path,
 * and at last core.note for Markdown, core.json for JSON. A rule whose answer cannot be (no such
 * schema, a schema for another kind of file) is told as a warning, and the next rule is asked.
 */
#include "engine/objects.h"

#include "validate/schema.h"

#include <stdlib.h>

struct shaping {
    struct digest *digest;
    const struct registry *registry;
    uint32_t data; /* the node that holds the object or the collection */
    bool is_collection;
};

static const struct node *node_at(const struct shaping *shaping, uint32_t index)
{
    return &shaping->digest->document.tape.nodes[index];
}

static struct problem_list *problems_of(const struct shaping *shaping)
{
    return &shaping->digest->document.problems;
}

static bool fits_markdown(const struct registered *schema)
{
    return schema->binding.layout == LAYOUT_ANY || schema->binding.layout == LAYOUT_MARKDOWN;
}

static bool fits_json(const struct registered *schema)
{
    return schema->binding.layout != LAYOUT_MARKDOWN;
}

/** The schema that the file names itself, or NULL. Sets `data` for an envelope. */
static const struct registered *own_schema(struct shaping *shaping)
{
    struct digest *digest = shaping->digest;
    struct document_schema own = document_own_schema(&digest->document);
    if (!own.name.length)
        return NULL;
    const struct node *place =
        node_at(shaping, tape_member(&digest->document.tape, 0, STR("schema")));
    const struct registered *schema = registry_find(shaping->registry, own.name);
    bool is_markdown = digest->document.format == DOCUMENT_MARKDOWN;
    if (!schema) {
        problem_add(problems_of(shaping), PROBLEM_WARNING, "schema", place->start, place->end,
                    "no schema is called \"%.*s\"", STR_ARG(own.name));
        return NULL;
    }
    if (is_markdown ? !fits_markdown(schema) : !fits_json(schema)) {
        problem_add(problems_of(shaping), PROBLEM_WARNING, "schema", place->start, place->end,
                    "the schema \"%.*s\" is not for %s files", STR_ARG(schema->name),
                    is_markdown ? "Markdown" : "JSON");
        return NULL;
    }
    shaping->data = own.data;
    shaping->is_collection = own.is_envelope && node_at(shaping, own.data)->type == NODE_ARRAY;
    return schema;
}

/** The schema that claims the file by its path, or NULL. */
static const struct registered *claiming_schema(struct shaping *shaping)
{
    struct digest *digest = shaping->digest;
    const struct registered *rival;
    const struct registered *schema =
        registry_claim(shaping->registry, digest->record.path, &rival);
    if (!schema)
        return NULL;
    if (rival)
        problem_add(problems_of(shaping), PROBLEM_WARNING, "schema", 0, 0,
                    "the schemas \"%.*s\" and \"%.*s\" both claim this file; the first is taken",
                    STR_ARG(schema->name), STR_ARG(rival->name));
    bool is_markdown = digest->document.format == DOCUMENT_MARKDOWN;
    if (is_markdown ? !fits_markdown(schema) : !fits_json(schema)) {
        problem_add(problems_of(shaping), PROBLEM_WARNING, "schema", 0, 0,
                    "the schema \"%.*s\" claims this file, but is not for %s files",
                    STR_ARG(schema->name), is_markdown ? "Markdown" : "JSON");
        return NULL;
    }
    shaping->is_collection = schema->binding.layout == LAYOUT_COLLECTION;
    return schema;
}

static bool is_text(const struct node *node)
{
    return node->type == NODE_STRING && node->text_length > 0;
}

/** A book may be called 1984, and a key is a number as a rule. */
static bool is_text_or_number(const struct node *node)
{
    return is_text(node) || node->type == NODE_NUMBER;
}

/** The text of the first of these members that has one, or nothing. */
static struct str first_text(const struct tape *tape, uint32_t object, const char *const *names)
{
    for (; tape->nodes[object].type == NODE_OBJECT && *names; names++) {
        uint32_t value = tape_member(tape, object, str_of(*names));
        if (value != TAPE_NONE && is_text_or_number(&tape->nodes[value]))
            return node_text(&tape->nodes[value]);
    }
    return (struct str){NULL, 0};
}

/** The last component of the path without its ending. */
static struct str base_name(struct str path)
{
    size_t slash = str_find_last(path, '/');
    struct str name = slash == STR_NONE ? path : str_slice(path, slash + 1, path.length);
    return str_slice(name, 0, str_find_last(name, '.'));
}

static struct str first_heading(const struct note *note)
{
    for (size_t i = 0; i < note->heading_count; i++)
        if (note->headings[i].level == 1 && note->headings[i].text.length)
            return note->headings[i].text;
    return (struct str){NULL, 0};
}

static struct str title_of(const struct shaping *shaping, const struct digest_object *object)
{
    static const char *const names[] = {"title", "name", "text", "summary", NULL};
    static const char *const note_names[] = {"title", NULL};
    const struct digest *digest = shaping->digest;
    bool is_note = digest->document.format == DOCUMENT_MARKDOWN;
    struct str title =
        first_text(&digest->document.tape, object->node, is_note ? note_names : names);
    if (!title.length && is_note)
        title = first_heading(&digest->note);
    if (!title.length)
        title = object->key.at ? object->key : base_name(digest->record.path);
    return title;
}

/** What the object says, as JSON: a JSON file's own bytes, a note's properties written out. */
static struct str content_of(const struct shaping *shaping, uint32_t index)
{
    struct digest *digest = shaping->digest;
    const struct node *node = node_at(shaping, index);
    if (digest->document.format == DOCUMENT_JSON)
        return str_slice(digest->document.source, node->start, node->end);
    STRBUF_SCOPED json = {0};
    tape_add_json(&digest->document.tape, index, &json);
    if (json.failed)
        digest->arena.failed = true;
    return arena_copy(&digest->arena, strbuf_str(&json));
}

static void add_object(struct shaping *shaping, uint32_t node, struct str key)
{
    struct digest *digest = shaping->digest;
    struct digest_object *object = &digest->objects[digest->object_count++];
    *object = (struct digest_object){.key = key, .schema = digest->schema, .node = node};
    object->content_json = content_of(shaping, node);
    object->content_hash = hash_of(object->content_json);
    object->title = title_of(shaping, object);
    object->is_valid = true;
}

/** The item's key as text, or nothing when it has none. */
static struct str key_of(const struct shaping *shaping, uint32_t item)
{
    uint32_t value = TAPE_NONE;
    if (node_at(shaping, item)->type == NODE_OBJECT)
        value = tape_member(&shaping->digest->document.tape, item,
                            shaping->digest->schema->binding.key);
    if (value == TAPE_NONE)
        return (struct str){NULL, 0};
    const struct node *node = node_at(shaping, value);
    return is_text_or_number(node) ? node_text(node) : (struct str){NULL, 0};
}

/** An item and its key, for finding keys that stand twice. */
struct keyed {
    struct str key;
    uint32_t node;
};

static int by_key(const void *a, const void *b)
{
    const struct keyed *left = a, *right = b;
    int order = str_compare(left->key, right->key);
    return order ? order : (left->node > right->node) - (left->node < right->node);
}

/** A problem with the item at `index`, told with its pointer. */
static void point_at(const struct shaping *shaping, struct problem *problem, uint32_t index)
{
    STRBUF_SCOPED pointer = {0};
    tape_add_pointer(&shaping->digest->document.tape, index, &pointer);
    if (problem)
        problem->pointer = arena_copy(&shaping->digest->document.arena, strbuf_str(&pointer));
}

static void report_repeats(const struct shaping *shaping, const struct keyed *sorted, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (!str_equal(sorted[i].key, sorted[i - 1].key))
            continue;
        const struct node *node = node_at(shaping, sorted[i].node);
        struct problem *problem =
            problem_add(problems_of(shaping), PROBLEM_ERROR, "key", node->start, node->end,
                        "the key \"%.*s\" is used twice in this file; this item is left out",
                        STR_ARG(sorted[i].key));
        point_at(shaping, problem, sorted[i].node);
    }
}

static bool is_repeat(const struct keyed *sorted, size_t count, struct keyed wanted)
{
    const struct keyed *found = bsearch(&wanted, sorted, count, sizeof *sorted, by_key);
    return found > sorted && str_equal(found[-1].key, wanted.key);
}

static void add_items(struct shaping *shaping)
{
    struct digest *digest = shaping->digest;
    const struct tape *tape = &digest->document.tape;
    size_t count = 0, capacity = node_at(shaping, shaping->data)->count + 1;
    struct keyed *sorted = arena_alloc_array(&digest->arena, capacity, sizeof *sorted);
    digest->objects = arena_alloc_array(&digest->arena, capacity, sizeof *digest->objects);
    if (!sorted || !digest->objects)
        return;
    tape_for_each_item (tape, shaping->data, item) {
        struct str key = key_of(shaping, item);
        if (key.at)
            sorted[count++] = (struct keyed){key, item};
        else
            point_at(shaping,
                     problem_add(problems_of(shaping), PROBLEM_ERROR, "key",
                                 tape->nodes[item].start, tape->nodes[item].end,
                                 "an item needs the property \"%.*s\" as its key",
                                 STR_ARG(digest->schema->binding.key)),
                     item);
    }
    qsort(sorted, count, sizeof *sorted, by_key);
    report_repeats(shaping, sorted, count);
    tape_for_each_item (tape, shaping->data, item) {
        struct str key = key_of(shaping, item);
        if (key.at && !is_repeat(sorted, count, (struct keyed){key, item}))
            add_object(shaping, item, key);
    }
}

static void add_whole(struct shaping *shaping)
{
    struct digest *digest = shaping->digest;
    digest->objects = arena_alloc_array(&digest->arena, 1, sizeof *digest->objects);
    if (digest->objects)
        add_object(shaping, shaping->data, (struct str){NULL, 0});
}

enum nexus_status objects_of_document(struct digest *digest, const struct registry *registry,
                                      struct nexus_error *err)
{
    struct shaping shaping = {.digest = digest, .registry = registry};
    bool is_markdown = digest->document.format == DOCUMENT_MARKDOWN;
    digest->schema = own_schema(&shaping);
    if (!digest->schema)
        digest->schema = claiming_schema(&shaping);
    if (!digest->schema)
        digest->schema = registry_default(registry, is_markdown ? FILE_MARKDOWN : FILE_JSON);
    if (!digest->schema)
        return fail(err, NEXUS_ERROR_INVALID, "the built-in schemas are not registered");
    if (is_markdown)
        TRY(document_add_body(&digest->document, digest->schema->binding.body, err));
    digest->data = shaping.data;
    digest->is_collection = shaping.is_collection;
    const struct node *data = node_at(&shaping, shaping.data);
    if (!shaping.is_collection) {
        add_whole(&shaping);
    } else if (data->type == NODE_ARRAY) {
        add_items(&shaping);
    } else {
        problem_add(problems_of(&shaping), PROBLEM_ERROR, "layout", data->start, data->end,
                    "the schema \"%.*s\" wants an array of items here",
                    STR_ARG(digest->schema->name));
        digest->outcome = DIGEST_BROKEN;
    }
    return digest->arena.failed ? fail_no_memory(err) : NEXUS_OK;
}

enum nexus_status objects_judge(struct digest *digest, struct nexus_error *err)
{
    struct problem_list *problems = &digest->document.problems;
    for (size_t i = 0; i < digest->object_count; i++) {
        struct digest_object *object = &digest->objects[i];
        const struct schema *schema = object->schema->schema;
        object->is_valid =
            !schema || schema_accepts(schema, &digest->document.tape, object->node, digest->run) ||
            schema_explain(schema, &digest->document.tape, object->node, digest->run, problems);
    }
    return problems->arena->failed ? fail_no_memory(err) : NEXUS_OK;
}

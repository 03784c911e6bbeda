// SPDX-License-Identifier: MIT
#include "parse/document.h"

#include "base/error.h"
#include "parse/encoding.h"
#include "parse/json.h"
#include "parse/yaml.h"

void document_init(struct document *document)
{
    *document = (struct document){0};
    tape_init(&document->tape);
    arena_init(&document->arena);
    problem_list_init(&document->problems, &document->arena);
}

void document_finish(struct document *document)
{
    if (!document)
        return;
    tape_finish(&document->tape);
    arena_finish(&document->arena);
    *document = (struct document){0};
}

static void reset(struct document *document, enum document_format format, struct str source)
{
    document->format = format;
    document->source = source.at ? source : STR("");
    document->front_matter = (struct front_matter){0};
    document->is_parsed = false;
    tape_reset(&document->tape, document->source);
    arena_reset(&document->arena);
    problem_list_init(&document->problems, &document->arena);
}

static bool ran_out_of_memory(const struct document *document)
{
    return tape_failed(&document->tape) || document->arena.failed;
}

/** The properties of a note that has none: an object, empty, at `span`. */
static bool set_empty_object(struct document *document, struct span span)
{
    tape_reset(&document->tape, document->source);
    uint32_t root = tape_push(&document->tape, NODE_OBJECT, span.start, span.end);
    if (root == TAPE_NONE)
        return false;
    document->tape.nodes[root].style = STYLE_BLOCK;
    return true;
}

/** `key:value`, which YAML reads as one word. */
static bool lacks_space(const struct node *node)
{
    struct str text = node_text(node);
    size_t colon = str_find(text, ':');
    return node->type == NODE_STRING && node->style == STYLE_PLAIN && colon != STR_NONE &&
           colon > 0 && colon + 1 < text.length;
}

/** A list or a lone scalar is no front matter. */
static bool reject_root(struct document *document)
{
    const struct node *root = &document->tape.nodes[0];
    const char *message =
        document->front_matter.kind == FRONT_MATTER_JSON ? "front matter must be an object"
        : lacks_space(root) ? "front matter must be a mapping: a space is missing behind ':'"
                            : "front matter must be a mapping, lines of 'key: value'";
    problem_add(&document->problems, PROBLEM_ERROR, "front-matter", root->start, root->end, "%s",
                message);
    tape_reset(&document->tape, document->source);
    return false;
}

static bool parse_front_matter(struct document *document)
{
    struct span content = document->front_matter.content;
    struct tape *tape = &document->tape;
    struct problem_list *problems = &document->problems;
    switch (document->front_matter.kind) {
    case FRONT_MATTER_NONE: return set_empty_object(document, content);
    case FRONT_MATTER_TOML:
        problem_add(problems, PROBLEM_WARNING, "front-matter", document->front_matter.block.start,
                    content.start, "front matter in TOML is not read: write it in YAML");
        return set_empty_object(document, content);
    case FRONT_MATTER_YAML:
        if (!yaml_compose(document->source, content.start, content.end, tape, problems))
            return false;
        if (tape->nodes[0].type == NODE_NULL && tape->nodes[0].style == STYLE_ABSENT)
            return set_empty_object(document, content);
        break;
    case FRONT_MATTER_JSON:
        if (!json_scan_part(document->source, content.start, content.end, tape, problems))
            return false;
        break;
    }
    return tape->nodes[0].type == NODE_OBJECT || reject_root(document);
}

static bool parse(struct document *document)
{
    if (document->format == DOCUMENT_JSON)
        return json_scan(document->source, &document->tape, &document->problems);
    if (!encoding_check(document->source, &document->problems))
        return false;
    document->front_matter = front_matter_cut(document->source, &document->problems);
    return parse_front_matter(document);
}

enum nexus_status document_parse(struct document *document, enum document_format format,
                                 struct str source, struct nexus_error *err)
{
    if (source.length >= UINT32_MAX)
        return fail(err, NEXUS_ERROR_LIMIT, "a file of 4 GiB or more cannot be parsed");
    reset(document, format, source);
    document->is_parsed = parse(document);
    if (!ran_out_of_memory(document))
        return NEXUS_OK;
    reset(document, format, source);
    return fail_no_memory(err);
}

/** Takes out the member whose key is at `key`. */
static void remove_member(struct tape *tape, uint32_t key)
{
    uint32_t behind = tape->nodes[key].next, width = behind - key;
    memmove(&tape->nodes[key], &tape->nodes[behind], (tape->count - behind) * sizeof *tape->nodes);
    tape->count -= width;
    for (uint32_t i = key; i < tape->count; i++)
        tape->nodes[i].next -= width;
    tape->nodes[0].next = (uint32_t)tape->count;
    tape->nodes[0].count--;
}

static void remove_shadowed(struct document *document, struct str property)
{
    struct tape *tape = &document->tape;
    uint32_t value = tape_member(tape, 0, property);
    if (value == TAPE_NONE)
        return;
    const struct node *key = &tape->nodes[value - 1];
    problem_add(&document->problems, PROBLEM_WARNING, "shadowed", key->start, key->end,
                "front matter key '%s' is shadowed by the body",
                problem_excerpt(&document->problems, property));
    remove_member(tape, value - 1);
}

enum nexus_status document_add_body(struct document *document, struct str property,
                                    struct nexus_error *err)
{
    struct tape *tape = &document->tape;
    uint32_t start = document->front_matter.body_start, end = (uint32_t)document->source.length;
    remove_shadowed(document, property);
    struct str name = arena_copy(&tape->text, property);
    uint32_t key = tape_push(tape, NODE_KEY, start, start);
    uint32_t value = tape_push(tape, NODE_STRING, start, end);
    if (key == TAPE_NONE || value == TAPE_NONE || ran_out_of_memory(document)) {
        reset(document, document->format, document->source);
        return fail_no_memory(err);
    }
    tape->nodes[key].text = name.at;
    tape->nodes[key].text_length = (uint32_t)name.length;
    tape->nodes[key].hash = name_hash(name);
    tape->nodes[key].flags = NODE_DECODED;
    tape->nodes[key].next = value + 1;
    tape->nodes[value].text = document->source.at + start;
    tape->nodes[value].text_length = end - start;
    tape->nodes[0].next = value + 1;
    tape->nodes[0].count++;
    return NEXUS_OK;
}

static bool is_string(const struct tape *tape, uint32_t index)
{
    return index != TAPE_NONE && tape->nodes[index].type == NODE_STRING;
}

static bool is_container(const struct tape *tape, uint32_t index)
{
    return index != TAPE_NONE &&
           (tape->nodes[index].type == NODE_OBJECT || tape->nodes[index].type == NODE_ARRAY);
}

struct document_schema document_own_schema(const struct document *document)
{
    const struct tape *tape = &document->tape;
    struct document_schema own = {.version = TAPE_NONE};
    if (!document->is_parsed)
        return own;
    uint32_t schema = tape_member(tape, 0, STR("schema"));
    if (!is_string(tape, schema))
        return own;
    if (document->format == DOCUMENT_MARKDOWN) {
        own.name = node_text(&tape->nodes[schema]);
        return own;
    }
    uint32_t version = tape_member(tape, 0, STR("version"));
    uint32_t data = tape_member(tape, 0, STR("data"));
    if (version == TAPE_NONE || !is_container(tape, data))
        return own;
    own.name = node_text(&tape->nodes[schema]);
    own.version = version;
    own.data = data;
    own.is_envelope = true;
    return own;
}

void document_locate(struct document *document)
{
    problem_list_locate(&document->problems, document->source);
}

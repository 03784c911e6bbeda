// SPDX-License-Identifier: MIT
#include "validate/compiler.h"

#include "validate/uri.h"

#include <stdlib.h>

struct resource_name {
    struct named uri;
    struct resource *resource;
};

static void add_resource_name(struct compiler *compiler, struct str uri, struct resource *resource)
{
    struct resource_name *name = arena_alloc(compiler->arena, sizeof *name);
    if (!name)
        return;
    *name = (struct resource_name){.uri.name = uri, .resource = resource};
    name_map_add(&compiler->resources, compiler->arena, &name->uri);
}

enum anchor_kind { ANCHOR_PLAIN, ANCHOR_DYNAMIC };

static void add_anchor(struct compiler *compiler, struct resource *resource, struct str name,
                       uint32_t node, enum anchor_kind kind)
{
    struct anchor *anchor = arena_alloc(compiler->arena, sizeof *anchor);
    if (!anchor)
        return;
    *anchor =
        (struct anchor){.name.name = name, .node = node, .is_dynamic = kind == ANCHOR_DYNAMIC};
    name_map_add(&resource->anchors, compiler->arena, &anchor->name);
}

static struct str text_member(const struct tape *tape, uint32_t object, struct str name)
{
    uint32_t value = tape_member(tape, object, name);
    if (value == TAPE_NONE || tape->nodes[value].type != NODE_STRING)
        return (struct str){NULL, 0};
    return node_text(&tape->nodes[value]);
}

/** A new resource whose root is `node`; inherits the dialect unless `$schema` names another. */
static struct resource *add_resource(struct compiler *compiler, struct loaded *loaded,
                                     uint32_t node, struct str uri, const struct resource *parent)
{
    struct resource *resource = arena_alloc(compiler->arena, sizeof *resource);
    if (!resource || !array_reserve(&loaded->resources, &loaded->resource_capacity,
                                    loaded->resource_count + 1, sizeof *loaded->resources)) {
        compiler->out_of_memory = true;
        return NULL;
    }
    loaded->resources[loaded->resource_count++] = resource;
    *resource = (struct resource){
        .uri.name = uri, .document = loaded->document, .parent = parent, .root = node};
    resource->number = UINT32_MAX;
    resource->dialect = parent ? parent->dialect : dialect_of_draft(loaded->document->fallback);
    struct str dialect = text_member(&loaded->document->tape, node, STR("$schema"));
    if (dialect.length)
        compiler_dialect(compiler, dialect, &resource->dialect, &resource->dialect_problem);
    add_resource_name(compiler, uri, resource);
    return resource;
}

struct walk {
    struct compiler *compiler;
    struct loaded *loaded;
};

static bool hides_siblings(const struct tape *tape, uint32_t node, const struct dialect *dialect)
{
    return dialect->draft <= DRAFT_7 && text_member(tape, node, STR("$ref")).at != NULL;
}

/** Registers what the schema at `node` calls itself; the resource that its inside belongs to. */
static struct resource *register_id(const struct walk *walk, struct resource *resource,
                                    uint32_t node)
{
    const struct tape *tape = &walk->loaded->document->tape;
    enum schema_draft draft = resource->dialect.draft;
    struct str id = text_member(tape, node, draft == DRAFT_4 ? STR("id") : STR("$id"));
    if (!id.length || hides_siblings(tape, node, &resource->dialect))
        return resource;
    struct str fragment;
    struct str uri = uri_resolve(walk->compiler->arena, resource->uri.name, id, &fragment);
    if (id.at[0] != '#' && node != resource->root)
        resource = add_resource(walk->compiler, walk->loaded, node, uri, resource);
    if (resource && draft <= DRAFT_7 && fragment.length && fragment.at[0] != '/')
        add_anchor(walk->compiler, resource, fragment, node, ANCHOR_PLAIN);
    return resource;
}

static void register_anchors(const struct walk *walk, struct resource *resource, uint32_t node)
{
    const struct tape *tape = &walk->loaded->document->tape;
    if (resource->dialect.draft < DRAFT_2019)
        return;
    struct str dynamic = text_member(tape, node, STR("$dynamicAnchor"));
    if (dynamic.length && resource->dialect.draft >= DRAFT_2020)
        add_anchor(walk->compiler, resource, dynamic, node, ANCHOR_DYNAMIC);
    struct str anchor = text_member(tape, node, STR("$anchor"));
    if (anchor.length)
        add_anchor(walk->compiler, resource, anchor, node, ANCHOR_PLAIN);
    uint32_t recursive = tape_member(tape, node, STR("$recursiveAnchor"));
    if (node == resource->root && recursive != TAPE_NONE)
        resource->is_recursive = tape->nodes[recursive].type == NODE_TRUE;
}

static void walk_schema(const struct walk *walk, struct resource *resource, uint32_t node);

static void walk_value(const struct walk *walk, struct resource *resource, uint32_t value,
                       enum keyword_shape shape)
{
    const struct tape *tape = &walk->loaded->document->tape;
    enum node_type type = tape->nodes[value].type;
    bool is_map = shape == SHAPE_MAP || shape == SHAPE_MAP_OR_STRINGS;
    if (shape == SHAPE_VALUE)
        return;
    if (is_map && type == NODE_OBJECT) {
        tape_for_each_member (tape, value, key)
            walk_schema(walk, resource, key + 1);
    } else if (!is_map && type == NODE_ARRAY) {
        tape_for_each_item (tape, value, item)
            walk_schema(walk, resource, item);
    } else if (!is_map) {
        walk_schema(walk, resource, value);
    }
}

static void walk_schema(const struct walk *walk, struct resource *resource, uint32_t node)
{
    const struct tape *tape = &walk->loaded->document->tape;
    if (tape->nodes[node].type != NODE_OBJECT)
        return;
    resource = register_id(walk, resource, node);
    if (!resource)
        return;
    register_anchors(walk, resource, node);
    tape_for_each_member (tape, node, key) {
        const struct keyword_row *row =
            keyword_find(&resource->dialect, node_text(&tape->nodes[key]));
        if (row)
            walk_value(walk, resource, key + 1, row->shape);
    }
}

struct loaded *compiler_loaded(const struct compiler *compiler, const struct document *document)
{
    for (struct loaded *loaded = compiler->loaded; loaded; loaded = loaded->next)
        if (loaded->document == document)
            return loaded;
    return NULL;
}

/** Keeps the document alive as long as the schema. */
static bool hold(struct schema *schema, const struct document *document)
{
    if (!array_reserve(&schema->documents, &schema->document_capacity, schema->document_count + 1,
                       sizeof *schema->documents))
        return false;
    schema->documents[schema->document_count++] = document_hold(document);
    return true;
}

struct loaded *compiler_load(struct compiler *compiler, const struct document *document)
{
    struct loaded *loaded = compiler_loaded(compiler, document);
    if (loaded)
        return loaded;
    loaded = arena_alloc(compiler->arena, sizeof *loaded);
    if (!loaded)
        return NULL;
    loaded->rules = calloc(document->tape.count, sizeof(struct rule *));
    *loaded = (struct loaded){document, .rules = loaded->rules, .next = compiler->loaded};
    compiler->loaded = loaded;
    if (!loaded->rules || !hold(compiler->schema, document)) {
        compiler->out_of_memory = true;
        return NULL;
    }
    struct resource *root = add_resource(compiler, loaded, 0, document->uri, NULL);
    if (!root)
        return NULL;
    struct str id =
        text_member(&document->tape, 0, root->dialect.draft == DRAFT_4 ? STR("id") : STR("$id"));
    if (id.length && !hides_siblings(&document->tape, 0, &root->dialect)) {
        root->uri.name = uri_resolve(compiler->arena, document->uri, id, NULL);
        add_resource_name(compiler, root->uri.name, root);
    }
    walk_schema(&(struct walk){compiler, loaded}, root, 0);
    return loaded;
}

struct resource *loaded_owner(const struct loaded *loaded, uint32_t node)
{
    size_t low = 0, high = loaded->resource_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (loaded->resources[middle]->root <= node)
            low = middle;
        else
            high = middle;
    }
    struct resource *owner = loaded->resources[low];
    while (owner->parent && loaded->document->tape.nodes[owner->root].next <= node)
        owner = (struct resource *)(uintptr_t)owner->parent;
    return owner;
}

static struct resource *get_resource(const struct compiler *compiler, struct str uri)
{
    const struct resource_name *name =
        (const struct resource_name *)name_map_get(&compiler->resources, uri);
    return name ? name->resource : NULL;
}

struct resource *compiler_find(struct compiler *compiler, struct str uri)
{
    struct resource *resource = get_resource(compiler, uri);
    if (resource)
        return resource;
    const struct document *document = schema_set_find(compiler->set, uri);
    if (document) {
        struct loaded *loaded = compiler_load(compiler, document);
        if (loaded)
            add_resource_name(compiler, uri, loaded->resources[0]);
        return loaded ? loaded->resources[0] : NULL;
    }
    for (document = compiler->set->documents; document && !resource; document = document->next) {
        if (!compiler_loaded(compiler, document) && compiler_load(compiler, document))
            resource = get_resource(compiler, uri);
    }
    return resource;
}

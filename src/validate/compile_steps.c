// SPDX-License-Identifier: MIT
/* Rules about the same value: references, combinations, conditions. */
#include "validate/compiler.h"

#include "validate/uri.h"

static struct step *add_step(const struct site *site, enum step_kind kind, enum keyword keyword,
                             uint32_t origin, uint32_t count)
{
    struct step *step = &site->rule->steps[site->rule->step_count];
    *step = (struct step){.kind = kind, .keyword = keyword, .kinds = KINDS_ALL, .origin = origin};
    step->rules = site_alloc(site, count, sizeof *step->rules);
    step->count = count;
    if (!step->rules)
        return NULL;
    site->rule->step_count++;
    return step;
}

static void add_single(const struct site *site, enum step_kind kind, enum keyword keyword)
{
    if (!site->found[keyword])
        return;
    struct step *step = add_step(site, kind, keyword, site->found[keyword], 1);
    if (step)
        step->rules[0] = site_rule(site, keyword);
}

static void add_branches(const struct site *site, enum step_kind kind, enum keyword keyword)
{
    const struct node *list = site_value(site, keyword, NODE_ARRAY);
    struct step *step =
        list ? add_step(site, kind, keyword, site->found[keyword], list->count) : NULL;
    uint32_t count = 0;
    if (!step)
        return;
    tape_for_each_item (site->tape, site->found[keyword], item)
        step->rules[count++] = compiler_rule(site->compiler, site->loaded, item);
}

static void add_condition(const struct site *site)
{
    if (!site->found[KEYWORD_IF] ||
        (!site->found[KEYWORD_THEN] && !site->found[KEYWORD_ELSE] &&
         site->draft < DRAFT_2019)) /* later ones may need the marks of `if` alone */
        return;
    struct step *step = add_step(site, STEP_IF, KEYWORD_IF, site->found[KEYWORD_IF], 3);
    if (!step)
        return;
    step->rules[0] = site_rule(site, KEYWORD_IF);
    step->rules[1] = site_rule(site, KEYWORD_THEN);
    step->rules[2] = site_rule(site, KEYWORD_ELSE);
}

static void add_dependents(const struct site *site, enum keyword keyword)
{
    const struct node *map = site_value(site, keyword, NODE_OBJECT);
    if (!map)
        return;
    tape_for_each_member (site->tape, site->found[keyword], key) {
        if (site->tape->nodes[key + 1].type == NODE_ARRAY)
            continue;
        struct named *trigger = site_alloc(site, 1, sizeof *trigger);
        struct step *step = add_step(site, STEP_DEPENDENT, keyword, key + 1, 1);
        if (!step || !trigger)
            return;
        trigger->name = node_text(&site->tape->nodes[key]);
        trigger->hash = name_hash(trigger->name);
        step->trigger = trigger;
        step->rules[0] = compiler_rule(site->compiler, site->loaded, key + 1);
        step->kinds = KIND_OBJECT;
    }
}

static struct dynamic_target *dynamic_named(const struct site *site, struct str name)
{
    struct compiler *compiler = site->compiler;
    for (struct dynamic_target *known = compiler->dynamics; known; known = known->next)
        if (str_equal(known->name.name, name))
            return known;
    struct dynamic_target *target = site_alloc(site, 1, sizeof *target);
    if (!target)
        return NULL;
    target->name.name = name;
    target->name.hash = name_hash(name);
    target->next = compiler->dynamics;
    return compiler->dynamics = target;
}

static void add_reference(const struct site *site, enum keyword keyword)
{
    const struct node *text = site_value(site, keyword, NODE_STRING);
    struct target target;
    if (!text || !compiler_resolve(site, site->found[keyword], node_text(text), &target))
        return;
    struct step *step = add_step(site, STEP_REF, keyword, site->found[keyword], 1);
    if (!step)
        return;
    step->rules[0] = compiler_rule(site->compiler, target.loaded, target.node);
    bool is_dynamic = keyword == KEYWORD_DYNAMIC_REF && target.anchor && target.anchor->is_dynamic;
    bool is_recursive = keyword == KEYWORD_RECURSIVE_REF && target.resource->is_recursive &&
                        target.node == target.resource->root;
    if (!is_dynamic && !is_recursive)
        return;
    step->kind = STEP_DYNAMIC;
    step->dynamic = dynamic_named(site, is_dynamic ? target.anchor->name.name : STR(""));
}

static uint32_t steps_needed(const struct site *site)
{
    uint32_t room = 8; /* $ref, $dynamicRef, $recursiveRef, allOf, anyOf, oneOf, not, if */
    const enum keyword maps[] = {KEYWORD_DEPENDENCIES, KEYWORD_DEPENDENT_SCHEMAS};
    for (size_t i = 0; i < 2; i++)
        if (site->found[maps[i]])
            room += site_node(site, maps[i])->count;
    return room;
}

void compile_steps(const struct site *site)
{
    static const enum keyword all[] = {
        KEYWORD_REF,           KEYWORD_DYNAMIC_REF,
        KEYWORD_RECURSIVE_REF, KEYWORD_ALL_OF,
        KEYWORD_ANY_OF,        KEYWORD_ONE_OF,
        KEYWORD_NOT,           KEYWORD_IF,
        KEYWORD_DEPENDENCIES,  KEYWORD_DEPENDENT_SCHEMAS,
    };
    bool is_any = false;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        is_any |= site->found[all[i]] != 0;
    if (!is_any)
        return;
    site->rule->steps = site_alloc(site, steps_needed(site), sizeof *site->rule->steps);
    if (!site->rule->steps)
        return;
    add_reference(site, KEYWORD_REF);
    add_reference(site, KEYWORD_DYNAMIC_REF);
    add_reference(site, KEYWORD_RECURSIVE_REF);
    add_branches(site, STEP_ALL, KEYWORD_ALL_OF);
    add_branches(site, STEP_ANY, KEYWORD_ANY_OF);
    add_branches(site, STEP_ONE, KEYWORD_ONE_OF);
    add_single(site, STEP_NOT, KEYWORD_NOT);
    add_condition(site);
    add_dependents(site, KEYWORD_DEPENDENCIES);
    add_dependents(site, KEYWORD_DEPENDENT_SCHEMAS);
}

/** Where in `resource` the dynamic name stands, or TAPE_NONE. */
static uint32_t find_dynamic(const struct resource *resource, const struct named *name)
{
    if (!name->name.length)
        return resource->is_recursive ? resource->root : TAPE_NONE;
    const struct anchor *anchor =
        (const struct anchor *)name_map_find(&resource->anchors, name->hash, name->name);
    return anchor && anchor->is_dynamic ? anchor->node : TAPE_NONE;
}

/* Only a resource that some rule stands in can be in the dynamic scope. */
static bool is_reached(const struct resource *resource)
{
    return resource->number != UINT32_MAX;
}

bool compile_dynamic_targets(struct compiler *compiler)
{
    size_t before = compiler->queue_count;
    for (const struct dynamic_target *target = compiler->dynamics; target; target = target->next)
        for (struct loaded *loaded = compiler->loaded; loaded; loaded = loaded->next)
            for (size_t i = 0; i < loaded->resource_count; i++) {
                const struct resource *resource = loaded->resources[i];
                uint32_t node =
                    is_reached(resource) ? find_dynamic(resource, &target->name) : TAPE_NONE;
                if (node != TAPE_NONE)
                    compiler_rule(compiler, loaded, node);
            }
    return compiler->queue_count > before && !compiler->out_of_memory;
}

static void fill_table(struct compiler *compiler, struct dynamic_target *target)
{
    struct schema *schema = compiler->schema;
    size_t found = 0;
    target->rules =
        arena_alloc_array(compiler->arena, schema->resource_count, sizeof *target->rules);
    if (!target->rules)
        return;
    for (struct loaded *loaded = compiler->loaded; loaded; loaded = loaded->next)
        for (size_t i = 0; i < loaded->resource_count; i++) {
            const struct resource *resource = loaded->resources[i];
            uint32_t node =
                is_reached(resource) ? find_dynamic(resource, &target->name) : TAPE_NONE;
            if (node == TAPE_NONE)
                continue;
            target->rules[resource->number] = loaded->rules[node];
            found++;
        }
    if (found > 1)
        schema->has_dynamic_scope = true;
}

void compile_dynamic_tables(struct compiler *compiler)
{
    for (struct dynamic_target *target = compiler->dynamics; target; target = target->next)
        fill_table(compiler, target);
}

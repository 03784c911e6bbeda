// SPDX-License-Identifier: MIT
/* Rules about an array's items and an object's members. */
#include "validate/compiler.h"

static struct array_checks *array_checks(const struct site *site)
{
    if (!site->rule->array) {
        site->rule->array = site_alloc(site, 1, sizeof *site->rule->array);
        if (site->rule->array)
            site->rule->array->max = UINT32_MAX;
    }
    return site->rule->array;
}

static void compile_prefix(const struct site *site, enum keyword keyword)
{
    const struct node *list = site_value(site, keyword, NODE_ARRAY);
    struct array_checks *checks = list ? array_checks(site) : NULL;
    if (!checks)
        return;
    checks->prefix = site_alloc(site, list->count, sizeof *checks->prefix);
    if (!checks->prefix)
        return;
    tape_for_each_item (site->tape, site->found[keyword], item)
        checks->prefix[checks->prefix_count++] = compiler_rule(site->compiler, site->loaded, item);
}

/** Items: a prefix and a rest, under changing names. Up to 2019-09 `additionalItems` means
 * something beside an array in `items` only. */
static void compile_items(const struct site *site)
{
    enum keyword rest = KEYWORD_ITEMS;
    if (site->draft >= DRAFT_2020) {
        compile_prefix(site, KEYWORD_PREFIX_ITEMS);
    } else if (site->found[KEYWORD_ITEMS] && site_node(site, KEYWORD_ITEMS)->type == NODE_ARRAY) {
        compile_prefix(site, KEYWORD_ITEMS);
        rest = KEYWORD_ADDITIONAL_ITEMS;
    }
    if (site->found[rest] && array_checks(site))
        site->rule->array->rest = site_rule(site, rest);
}

static void compile_contains(const struct site *site)
{
    if (!site->found[KEYWORD_CONTAINS])
        return;
    struct array_checks *checks = array_checks(site);
    if (!checks)
        return;
    checks->contains = site_rule(site, KEYWORD_CONTAINS);
    checks->contains_min = 1;
    checks->contains_max = UINT32_MAX;
    checks->contains_marks = site->draft >= DRAFT_2020;
    site_count(site, KEYWORD_MIN_CONTAINS, &checks->contains_min);
    site_count(site, KEYWORD_MAX_CONTAINS, &checks->contains_max);
}

void compile_array(const struct site *site)
{
    uint32_t count;
    if (site_count(site, KEYWORD_MIN_ITEMS, &count) && array_checks(site))
        site->rule->array->min = count;
    if (site_count(site, KEYWORD_MAX_ITEMS, &count) && array_checks(site))
        site->rule->array->max = count;
    if (site->found[KEYWORD_UNIQUE_ITEMS] &&
        site_node(site, KEYWORD_UNIQUE_ITEMS)->type == NODE_TRUE && array_checks(site))
        site->rule->array->is_unique = true;
    compile_items(site);
    compile_contains(site);
    site->rule->unevaluated_items = site_rule(site, KEYWORD_UNEVALUATED_ITEMS);
}

static struct object_checks *object_checks(const struct site *site)
{
    if (!site->rule->object) {
        site->rule->object = site_alloc(site, 1, sizeof *site->rule->object);
        if (site->rule->object)
            site->rule->object->max = UINT32_MAX;
    }
    return site->rule->object;
}

static struct property *property_named(const struct site *site, struct str name)
{
    struct name_map *map = &site->rule->object->properties;
    const struct named *known = name_map_get(map, name);
    if (known)
        return (struct property *)(uintptr_t)known;
    struct property *property = site_alloc(site, 1, sizeof *property);
    if (!property)
        return NULL;
    property->name.name = name;
    name_map_add(map, site->compiler->arena, &property->name);
    return property;
}

static void compile_properties(const struct site *site)
{
    const struct node *map = site_value(site, KEYWORD_PROPERTIES, NODE_OBJECT);
    if (!map || !object_checks(site))
        return;
    tape_for_each_member (site->tape, site->found[KEYWORD_PROPERTIES], key) {
        struct property *property = property_named(site, node_text(&site->tape->nodes[key]));
        if (property)
            property->rule = compiler_rule(site->compiler, site->loaded, key + 1);
    }
}

static void require(const struct site *site, uint32_t node, uint32_t *count)
{
    const struct node *name = &site->tape->nodes[node];
    struct object_checks *checks = site->rule->object;
    if (name->type != NODE_STRING) {
        site_complain(site, KEYWORD_REQUIRED, "must hold names of properties, as strings");
    } else if (*count < 64) {
        struct property *property = property_named(site, node_text(name));
        if (property && !property->bit)
            property->bit = UINT64_C(1) << (*count)++;
        if (property)
            checks->required |= property->bit;
    } else {
        struct named *late = (struct named *)(uintptr_t)checks->late_required;
        late[checks->late_required_count++] =
            (struct named){name_hash(node_text(name)), node_text(name)};
    }
}

static void compile_required(const struct site *site)
{
    const struct node *list = site_value(site, KEYWORD_REQUIRED, NODE_ARRAY);
    struct object_checks *checks = list ? object_checks(site) : NULL;
    if (!checks)
        return;
    if (list->count > 64)
        checks->late_required = site_alloc(site, list->count, sizeof *checks->late_required);
    if (list->count > 64 && !checks->late_required)
        return;
    uint32_t count = 0;
    tape_for_each_item (site->tape, site->found[KEYWORD_REQUIRED], item)
        require(site, item, &count);
}

static void compile_patterns(const struct site *site)
{
    const struct node *map = site_value(site, KEYWORD_PATTERN_PROPERTIES, NODE_OBJECT);
    struct object_checks *checks = map ? object_checks(site) : NULL;
    struct pattern_rule *patterns = checks ? site_alloc(site, map->count, sizeof *patterns) : NULL;
    if (!patterns)
        return;
    checks->patterns = patterns;
    tape_for_each_member (site->tape, site->found[KEYWORD_PATTERN_PROPERTIES], key) {
        const struct compiled_pattern *pattern =
            compile_pattern(site, key, node_text(&site->tape->nodes[key]));
        const struct rule *rule = compiler_rule(site->compiler, site->loaded, key + 1);
        if (pattern)
            patterns[checks->pattern_count++] = (struct pattern_rule){pattern, rule};
    }
}

static void add_dependency(const struct site *site, uint32_t key, struct dependency *dependency)
{
    const struct tape *tape = site->tape;
    struct named *names = site_alloc(site, tape->nodes[key + 1].count, sizeof *names);
    struct str trigger = node_text(&tape->nodes[key]);
    *dependency = (struct dependency){.trigger = {name_hash(trigger), trigger}, .required = names};
    if (!names)
        return;
    tape_for_each_item (tape, key + 1, item) {
        struct str name = node_text(&tape->nodes[item]);
        if (tape->nodes[item].type == NODE_STRING)
            names[dependency->required_count++] = (struct named){name_hash(name), name};
    }
}

/** Where one property asks for others: `dependentRequired`, and the arrays in `dependencies`. */
static void compile_dependencies(const struct site *site)
{
    const struct tape *tape = site->tape;
    const enum keyword keywords[] = {KEYWORD_DEPENDENT_REQUIRED, KEYWORD_DEPENDENCIES};
    uint32_t room = 0;
    for (size_t i = 0; i < 2; i++)
        if (site_value(site, keywords[i], NODE_OBJECT))
            room += site_node(site, keywords[i])->count;
    struct dependency *list =
        room && object_checks(site) ? site_alloc(site, room, sizeof *list) : NULL;
    if (!list)
        return;
    site->rule->object->dependencies = list;
    for (size_t i = 0; i < 2; i++) {
        if (!site->found[keywords[i]] || site_node(site, keywords[i])->type != NODE_OBJECT)
            continue;
        tape_for_each_member (tape, site->found[keywords[i]], key)
            if (tape->nodes[key + 1].type == NODE_ARRAY)
                add_dependency(site, key, &list[site->rule->object->dependency_count++]);
    }
}

void compile_object(const struct site *site)
{
    uint32_t count;
    if (site_count(site, KEYWORD_MIN_PROPERTIES, &count) && object_checks(site))
        site->rule->object->min = count;
    if (site_count(site, KEYWORD_MAX_PROPERTIES, &count) && object_checks(site))
        site->rule->object->max = count;
    compile_properties(site);
    compile_required(site);
    compile_patterns(site);
    compile_dependencies(site);
    if (site->found[KEYWORD_ADDITIONAL_PROPERTIES] && object_checks(site))
        site->rule->object->additional = site_rule(site, KEYWORD_ADDITIONAL_PROPERTIES);
    if (site->found[KEYWORD_PROPERTY_NAMES] && object_checks(site))
        site->rule->object->names = site_rule(site, KEYWORD_PROPERTY_NAMES);
    site->rule->unevaluated_properties = site_rule(site, KEYWORD_UNEVALUATED_PROPERTIES);
}

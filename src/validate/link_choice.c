// SPDX-License-Identifier: MIT
/*
 * Most anyOf and oneOf tell their branches apart by a property: {"kind": {"const": "circle"}, …}.
 * Where one property has listed values in (nearly) all branches, a table leads from the value at
 * hand to the branches that list it; the others would fail for it anyway and are not asked.
 */
#include "validate/compiler.h"

enum {
    BRANCHES_LEAST = 3, /* fewer are as fast asked one by one */
    OPEN_MOST = 4,      /* branches that do not list the property stand in each row of the table */
};

struct tally {
    struct named name;
    uint32_t count;
};

static bool lists_integers(const struct number_checks *checks)
{
    for (uint32_t i = 0; i < checks->one_of_count; i++)
        if (!checks->one_of[i].is_small || checks->one_of[i].exponent != 0)
            return false;
    return checks->one_of_count > 0;
}

/** Can only a listed text, or only a listed integer, pass the rule? */
static bool lists_values(const struct rule *rule)
{
    if (!rule || !rule->is_linked)
        return false;
    if (rule->types && !(rule->types & ~(unsigned)KINDS_TEXT))
        return rule->string && rule->string->one_of;
    if (rule->types && !(rule->types & ~(unsigned)KINDS_NUMERIC))
        return rule->number && lists_integers(rule->number);
    return false;
}

static const struct rule *listing_rule(const struct rule *branch, const struct named *name)
{
    if (!branch->object)
        return NULL;
    const struct property *property =
        (const struct property *)name_map_find(&branch->object->properties, name->hash, name->name);
    return property && lists_values(property->rule) ? property->rule : NULL;
}

static void count_properties(struct arena *arena, const struct rule *branch,
                             struct name_map *tallies, const struct tally **best)
{
    const struct name_map *map = branch->object ? &branch->object->properties : NULL;
    for (uint32_t i = 0; map && map->slots && i <= map->mask; i++) {
        const struct property *property = (const struct property *)map->slots[i].thing;
        if (!property || !lists_values(property->rule))
            continue;
        struct tally *tally = (struct tally *)(uintptr_t)name_map_get(tallies, property->name.name);
        if (!tally) {
            tally = arena_alloc(arena, sizeof *tally);
            if (!tally)
                return;
            tally->name.name = property->name.name;
            name_map_add(tallies, arena, &tally->name);
        }
        tally->count++;
        if (!*best || tally->count > (*best)->count)
            *best = tally;
    }
}

static struct choice *choice_for(struct arena *arena, struct name_map *map, struct str value,
                                 uint32_t room)
{
    struct choice *choice = (struct choice *)(uintptr_t)name_map_get(map, value);
    if (choice)
        return choice;
    choice = arena_alloc(arena, sizeof *choice);
    const struct rule **rules = arena_alloc_array(arena, room, sizeof *rules);
    if (!choice || !rules)
        return NULL;
    choice->value.name = value;
    choice->rules = rules;
    name_map_add(map, arena, &choice->value);
    return choice;
}

static void add_branch(struct chooser *chooser, struct choice *choice, const struct rule *branch)
{
    if (choice && choice->count && choice->rules[choice->count - 1] == branch)
        return; /* an enum may list 1 and 1.0 */
    if (choice && choice->count < chooser->room)
        choice->rules[choice->count++] = branch;
}

/** Puts the branch into the row of each value that its rule lists. */
static void add_listing(struct arena *arena, struct chooser *chooser, const struct rule *branch,
                        const struct rule *listing)
{
    if (listing->types & KINDS_TEXT) {
        const struct name_map *names = &listing->string->one_of->names;
        for (uint32_t i = 0; i <= names->mask; i++)
            if (names->slots[i].thing)
                add_branch(
                    chooser,
                    choice_for(arena, &chooser->texts, names->slots[i].thing->name, chooser->room),
                    branch);
        return;
    }
    for (uint32_t i = 0; i < listing->number->one_of_count; i++) {
        struct str key = {(const char *)&listing->number->one_of[i].small, sizeof(int64_t)};
        add_branch(chooser, choice_for(arena, &chooser->integers, key, chooser->room), branch);
    }
}

/** Adds the branches that list nothing to each row. */
static void add_open(struct chooser *chooser, const struct name_map *map)
{
    for (uint32_t i = 0; map->slots && i <= map->mask; i++)
        for (uint32_t j = 0; map->slots[i].thing && j < chooser->open.count; j++)
            add_branch(chooser, (struct choice *)(uintptr_t)map->slots[i].thing,
                       chooser->open.rules[j]);
}

static void build(struct arena *arena, struct step *step, const struct tally *best)
{
    struct chooser *chooser = arena_alloc(arena, sizeof *chooser);
    const struct rule **open = arena_alloc_array(arena, OPEN_MOST + 1, sizeof *open);
    if (!chooser || !open)
        return;
    chooser->property = best->name;
    chooser->open.rules = open;
    /* Several branches may list one value, but where most do the property tells nothing. */
    chooser->room = OPEN_MOST * 2 + 1;
    for (uint32_t i = 0; i < step->count; i++) {
        const struct rule *listing = listing_rule(step->rules[i], &best->name);
        if (listing)
            add_listing(arena, chooser, step->rules[i], listing);
        else
            open[chooser->open.count++] = step->rules[i];
    }
    add_open(chooser, &chooser->texts);
    add_open(chooser, &chooser->integers);
    step->chooser = chooser;
}

static bool has_full_row(const struct chooser *chooser, const struct name_map *map)
{
    for (uint32_t i = 0; map->slots && i <= map->mask; i++) {
        const struct choice *choice = (const struct choice *)map->slots[i].thing;
        if (choice && choice->count == chooser->room)
            return true;
    }
    return false;
}

void link_choice(struct compiler *compiler, struct step *step)
{
    struct name_map tallies = {0};
    const struct tally *best = NULL;
    if (step->count < BRANCHES_LEAST)
        return;
    for (uint32_t i = 0; i < step->count; i++)
        count_properties(compiler->arena, step->rules[i], &tallies, &best);
    if (!best || step->count - best->count > OPEN_MOST)
        return;
    build(compiler->arena, step, best);
    /* A full row may lack a branch. */
    if (step->chooser && (has_full_row(step->chooser, &step->chooser->texts) ||
                          has_full_row(step->chooser, &step->chooser->integers)))
        step->chooser = NULL;
}

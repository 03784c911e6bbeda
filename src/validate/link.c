// SPDX-License-Identifier: MIT
/*
 * The last step of compiling: what a rule asks by way of other rules about the same value is drawn
 * into its own kinds, depth first. A step that holds for a kind whatever the value is not taken for
 * it; a kind that no branch takes is refused without asking one.
 *
 * References that lead back to where they started without going into a child can never be decided.
 * Where each link of such a ring is a $ref or an allOf the schema is refused; through a condition
 * the ring may be harmless, and a run counts its depth.
 */
#include "validate/compiler.h"

struct linker {
    struct compiler *compiler;
    uint32_t depth;
    uint32_t last_condition; /* depth of the last rule on the path that was left conditionally */
};

static unsigned can_pass(const struct rule *rule)
{
    return !rule ? KINDS_ALL : rule->types;
}

/** The kinds that need no look. A rule in the making promises nothing. */
static unsigned will_pass(const struct rule *rule)
{
    if (!rule)
        return KINDS_ALL;
    return rule->is_linked ? rule->types & (unsigned)~rule->more : 0;
}

static void narrow_all(struct rule *rule, struct step *step)
{
    unsigned certain = KINDS_ALL;
    for (uint32_t i = 0; i < step->count; i++) {
        rule->types &= (uint16_t)can_pass(step->rules[i]);
        certain &= will_pass(step->rules[i]);
    }
    step->kinds = (uint16_t)(KINDS_ALL & ~certain);
}

static void narrow_any(struct rule *rule, struct step *step)
{
    unsigned possible = 0, certain = 0;
    for (uint32_t i = 0; i < step->count; i++) {
        possible |= can_pass(step->rules[i]);
        certain |= will_pass(step->rules[i]);
    }
    rule->types &= (uint16_t)possible;
    step->kinds = (uint16_t)(KINDS_ALL & ~certain);
}

static void narrow_one(struct rule *rule, struct step *step)
{
    unsigned possible = 0, several = 0, certain = 0, certainly_several = 0;
    for (uint32_t i = 0; i < step->count; i++) {
        several |= possible & can_pass(step->rules[i]);
        possible |= can_pass(step->rules[i]);
        certainly_several |= certain & will_pass(step->rules[i]);
        certain |= will_pass(step->rules[i]);
    }
    rule->types &= (uint16_t)(possible & ~certainly_several);
    step->kinds = (uint16_t)(KINDS_ALL & ~(certain & ~several));
}

static void narrow_not(struct rule *rule, struct step *step)
{
    rule->types &= (uint16_t)~will_pass(step->rules[0]);
    step->kinds = (uint16_t)can_pass(step->rules[0]);
}

static void narrow_if(struct rule *rule, struct step *step)
{
    unsigned yes = will_pass(step->rules[0]);
    unsigned no = KINDS_ALL & ~can_pass(step->rules[0]);
    unsigned then_pass = can_pass(step->rules[1]), else_pass = can_pass(step->rules[2]);
    rule->types &= (uint16_t) ~((yes & ~then_pass) | (no & ~else_pass) | (~then_pass & ~else_pass));
    unsigned held = (yes & will_pass(step->rules[1])) | (no & will_pass(step->rules[2])) |
                    (will_pass(step->rules[1]) & will_pass(step->rules[2]));
    step->kinds = (uint16_t)(KINDS_ALL & ~held);
}

static void narrow_step(struct rule *rule, struct step *step)
{
    switch (step->kind) {
    case STEP_REF:
    case STEP_ALL: narrow_all(rule, step); break;
    case STEP_DYNAMIC: break;
    case STEP_ANY: narrow_any(rule, step); break;
    case STEP_ONE: narrow_one(rule, step); break;
    case STEP_NOT: narrow_not(rule, step); break;
    case STEP_IF: narrow_if(rule, step); break;
    case STEP_DEPENDENT: step->kinds = KIND_OBJECT & (uint16_t)~will_pass(step->rules[0]); break;
    }
}

static bool step_marks(const struct step *step)
{
    if (step->kind == STEP_NOT)
        return false;
    if (step->kind == STEP_DYNAMIC)
        return true;
    for (uint32_t i = 0; i < step->count; i++)
        if (step->rules[i] && (!step->rules[i]->is_linked || step->rules[i]->is_marking))
            return true;
    return false;
}

static bool any_step_marks(const struct rule *rule)
{
    for (uint32_t i = 0; i < rule->step_count; i++)
        if (step_marks(&rule->steps[i]))
            return true;
    return false;
}

/** Where nothing else can mark members, unevaluatedProperties is additionalProperties. */
static void simplify_properties(struct arena *arena, struct rule *rule)
{
    if (!rule->object) {
        rule->object = arena_alloc(arena, sizeof *rule->object);
        if (!rule->object)
            return;
        rule->object->max = UINT32_MAX;
    }
    if (!rule->object->additional) {
        rule->object->additional = rule->unevaluated_properties;
        rule->object->is_unevaluated = true;
    }
    rule->unevaluated_properties = NULL;
}

static void simplify_items(struct arena *arena, struct rule *rule)
{
    if (!rule->array) {
        rule->array = arena_alloc(arena, sizeof *rule->array);
        if (!rule->array)
            return;
        rule->array->max = UINT32_MAX;
    }
    if (rule->array->contains && rule->array->contains_marks)
        return;
    if (!rule->array->rest) {
        rule->array->rest = rule->unevaluated_items;
        rule->array->is_unevaluated = true;
    }
    rule->unevaluated_items = NULL;
}

static unsigned kinds_checked(const struct rule *rule)
{
    unsigned kinds = 0;
    if (rule->string)
        kinds |= KINDS_TEXT;
    if (rule->number) {
        const struct number_checks *checks = rule->number;
        bool only_type =
            !checks->min.is_set && !checks->max.is_set && !checks->has_divisor && !checks->one_of;
        kinds |= only_type ? KIND_NUMBER : KINDS_NUMERIC;
    }
    if (rule->array)
        kinds |= KIND_ARRAY;
    if (rule->object)
        kinds |= KIND_OBJECT;
    if (rule->value_count)
        kinds |= KIND_ARRAY | KIND_OBJECT;
    if (rule->unevaluated_items)
        kinds |= KIND_ARRAY;
    if (rule->unevaluated_properties)
        kinds |= KIND_OBJECT;
    return kinds;
}

static void narrow(struct linker *linker, struct rule *rule)
{
    struct arena *arena = linker->compiler->arena;
    bool marked = any_step_marks(rule);
    if (rule->unevaluated_properties && !marked)
        simplify_properties(arena, rule);
    if (rule->unevaluated_items && !marked)
        simplify_items(arena, rule);
    rule->is_marking = marked || rule->object || rule->array || rule->unevaluated_items ||
                       rule->unevaluated_properties;
    unsigned more = kinds_checked(rule);
    for (uint32_t i = 0; i < rule->step_count; i++) {
        narrow_step(rule, &rule->steps[i]);
        more |= rule->steps[i].kinds;
    }
    rule->more = (uint16_t)(more & rule->types);
    rule->is_plain = !rule->step_count && !rule->unevaluated_items &&
                     !rule->unevaluated_properties && !linker->compiler->schema->has_dynamic_scope;
}

static bool is_conditional(const struct step *step)
{
    return step->kind != STEP_REF && step->kind != STEP_ALL;
}

/** Nothing but a reference, or an allOf of one. */
static bool is_bare_reference(const struct rule *rule)
{
    return rule->types == KINDS_ALL && rule->step_count == 1 && rule->steps[0].count == 1 &&
           !is_conditional(&rule->steps[0]) && !kinds_checked(rule);
}

/** Does the dynamic scope not care whether this rule is passed through? */
static bool may_skip(const struct schema *schema, const struct rule *rule,
                     const struct rule *target)
{
    return target->is_linked && (!schema->has_dynamic_scope || target->home == rule->home);
}

static void copy_target(struct rule *rule)
{
    *rule = *rule->steps[0].rules[0];
    rule->is_copy = true;
}

static void link_rule(struct linker *linker, struct rule *rule);

static void link_steps(struct linker *linker, struct rule *rule)
{
    uint32_t last_condition = linker->last_condition;
    for (uint32_t i = 0; i < rule->step_count; i++) {
        struct step *step = &rule->steps[i];
        if (step->kind == STEP_DYNAMIC && !linker->compiler->schema->has_dynamic_scope)
            step->kind = STEP_REF;
        linker->last_condition = is_conditional(step) ? linker->depth : last_condition;
        for (uint32_t j = 0; j < step->count; j++)
            if (step->rules[j])
                link_rule(linker, (struct rule *)(uintptr_t)step->rules[j]);
    }
    linker->last_condition = last_condition;
}

static void link_rule(struct linker *linker, struct rule *rule)
{
    struct compiler *compiler = linker->compiler;
    if (rule->is_linked || compiler->has_error)
        return;
    if (rule->link_depth) {
        if (linker->last_condition < rule->link_depth)
            compiler_complain(compiler, rule->home, rule->node, "$ref",
                              "refers to itself without going into a property or an item");
        return;
    }
    if (linker->depth == SCHEMA_IN_PLACE_LIMIT) {
        compiler_complain(compiler, rule->home, rule->node, "$ref",
                          "more than %d references or combinations follow one another here",
                          SCHEMA_IN_PLACE_LIMIT);
        return;
    }
    rule->link_depth = ++linker->depth;
    link_steps(linker, rule);
    linker->depth--;
    if (is_bare_reference(rule) && may_skip(compiler->schema, rule, rule->steps[0].rules[0]))
        copy_target(rule);
    else
        narrow(linker, rule);
    rule->is_linked = true;
}

/** What needs the kinds of the rules for children. */
static void settle(struct compiler *compiler, struct rule *rule)
{
    if (rule->object)
        link_object(compiler, rule->object);
    for (uint32_t i = 0; i < rule->step_count; i++)
        if (rule->steps[i].kind == STEP_ANY || rule->steps[i].kind == STEP_ONE)
            link_choice(compiler, &rule->steps[i]);
}

void compiler_link(struct compiler *compiler)
{
    struct linker linker = {.compiler = compiler};
    for (size_t i = 0; i < compiler->queue_count; i++)
        link_rule(&linker, compiler->queue[i]);
    for (size_t i = 0; i < compiler->queue_count; i++)
        if (!compiler->queue[i]->is_copy)
            settle(compiler, compiler->queue[i]);
}

// SPDX-License-Identifier: MIT
/*
 * No branch of an anyOf or oneOf passed: which one was meant?
 *
 * Those that cannot take a value of this type are out. Do all of them only list values, so does the
 * message. Of several left, one is preferred whose constants all fit (they tell the branches apart
 * in most schemas), then the one whose mistakes lie deepest (so much of the value fits it), then
 * the one with the fewest mistakes.
 */
#include "validate/explainer.h"

/* Reading each branch of a list without end helps nobody. */
enum { BRANCH_LIMIT = 64 };

struct attempt {
    struct problem_list problems;
    bool has_other_constant;
    size_t depth;
};

static size_t pointer_depth(struct str pointer)
{
    size_t depth = 0;
    for (size_t i = 0; i < pointer.length; i++)
        depth += pointer.at[i] == '/';
    return depth;
}

static struct attempt try_branch(const struct reading *reading, const struct rule *rule)
{
    struct attempt attempt = {0};
    struct explainer inner = {.run = reading->explainer->run, .problems = &attempt.problems};
    problem_list_init(&attempt.problems, reading->explainer->problems->arena);
    explain_rule(&inner, rule, reading->index);

    STRBUF_SCOPED here = {0};
    tape_add_pointer(reading->tape, reading->index, &here);
    size_t depth = pointer_depth(strbuf_str(&here));
    for (size_t i = 0; i < attempt.problems.count; i++) {
        const struct problem *problem = &attempt.problems.items[i];
        size_t own = pointer_depth(problem->pointer);
        bool is_constant =
            strcmp(problem->keyword, "const") == 0 || strcmp(problem->keyword, "enum") == 0;
        attempt.has_other_constant |= is_constant && own == depth + 1;
        if (own > attempt.depth)
            attempt.depth = own;
    }
    return attempt;
}

static bool is_better(const struct attempt *a, const struct attempt *b)
{
    if (a->has_other_constant != b->has_other_constant)
        return !a->has_other_constant;
    if (a->depth != b->depth)
        return a->depth > b->depth;
    return a->problems.count + a->problems.dropped < b->problems.count + b->problems.dropped;
}

static void adopt(const struct reading *reading, const struct problem_list *problems,
                  uint32_t rivals)
{
    struct explainer *explainer = reading->explainer;
    for (size_t i = 0; i < problems->count; i++) {
        const struct problem *from = &problems->items[i];
        STRBUF_SCOPED message = {0};
        strbuf_add(&message, explainer->subject);
        strbuf_add(&message, from->message);
        if (rivals > 1)
            strbuf_addf(&message, " (best match of %u)", rivals);
        strbuf_add(&message, explainer->remark);
        struct problem *problem =
            problem_add(explainer->problems, from->severity, from->keyword, from->start, from->end,
                        "%.*s", STR_ARG(strbuf_str(&message)));
        if (!problem)
            continue;
        problem->pointer = from->pointer;
        problem->schema_uri = from->schema_uri;
    }
}

static uint32_t values_at(const struct rule *rule, uint32_t *values, uint32_t room)
{
    const struct tape *tape = &rule->home->document->tape;
    uint32_t constant = tape_member(tape, rule->node, STR("const"));
    uint32_t list = tape_member(tape, rule->node, STR("enum"));
    uint32_t count = 0;
    if (constant != TAPE_NONE && room) {
        values[count++] = constant;
    } else if (list != TAPE_NONE && tape->nodes[list].type == NODE_ARRAY) {
        tape_for_each_item (tape, list, item)
            if (count < room)
                values[count++] = item;
    }
    return count;
}

/* The values that are left to choose from, over several branches. */
struct choices {
    uint32_t values[128];
    uint32_t count;
};

/** False when the rule lists none, or in another document than the one being read. */
static bool add_choices(const struct reading *reading, struct choices *choices,
                        const struct rule *rule)
{
    uint32_t room = (uint32_t)(sizeof choices->values / sizeof choices->values[0]) - choices->count;
    if (!rule || rule->home->document != reading->rule->home->document)
        return false;
    uint32_t more = values_at(rule, choices->values + choices->count, room);
    choices->count += more;
    return more > 0;
}

static void report_choices(const struct reading *reading, const struct step *step, uint32_t index,
                           const struct choices *choices)
{
    STRBUF_SCOPED message = {0};
    word_choices(&message, reading->schema, choices->values, choices->count);
    word_got(&message, reading, index, choices->values, choices->count);
    explain_report(reading, step->keyword, PLACE_VALUE, index, "must be %s",
                   strbuf_str(&message).at);
}

/** Do all branches list values? Then these are the choices. */
static bool explain_choices(const struct reading *reading, const struct step *step)
{
    struct choices choices = {.count = 0};
    for (uint32_t i = 0; i < step->count; i++)
        if (!add_choices(reading, &choices, step->rules[i]))
            return false;
    report_choices(reading, step, reading->index, &choices);
    return true;
}

/** Does the property that tells the branches apart have a value that none of them lists? */
static bool explain_telling_property(const struct reading *reading, const struct step *step)
{
    const struct chooser *chooser = step->chooser;
    if (!chooser || chooser->open.count || value_of(reading)->type != NODE_OBJECT)
        return false;
    uint32_t value = tape_member(reading->tape, reading->index, chooser->property.name);
    if (value == TAPE_NONE || chooser_find(chooser, &reading->tape->nodes[value]) != &chooser->open)
        return false;
    struct choices choices = {.count = 0};
    for (uint32_t i = 0; i < step->count; i++) {
        const struct property *property = (const struct property *)name_map_get(
            &step->rules[i]->object->properties, chooser->property.name);
        if (!add_choices(reading, &choices, property->rule))
            return false;
    }
    report_choices(reading, step, value, &choices);
    return true;
}

static bool explain_kinds(const struct reading *reading, const struct step *step, unsigned kinds)
{
    STRBUF_SCOPED message = {0};
    word_kinds(&message, kinds);
    strbuf_add_text(&message, " (got ");
    word_value(&message, reading->tape, reading->index);
    return explain_report(reading, step->keyword, PLACE_VALUE, reading->index, "must be %s)",
                          kinds ? strbuf_str(&message).at : "something that cannot be (got this");
}

bool explain_branches(const struct reading *reading, const struct step *step)
{
    unsigned kind = kind_of(value_of(reading)), kinds = 0;
    uint32_t rivals = 0;
    for (uint32_t i = 0; i < step->count; i++) {
        kinds |= step->rules[i]->types;
        rivals += (step->rules[i]->types & kind) != 0;
    }
    if (explain_choices(reading, step) || explain_telling_property(reading, step))
        return false;
    if (!rivals)
        return explain_kinds(reading, step, kinds);
    struct attempt best = {0};
    uint32_t tried = 0, fitting = 0;
    for (uint32_t i = 0; i < step->count && tried < BRANCH_LIMIT; i++) {
        if (!(step->rules[i]->types & kind))
            continue;
        struct attempt attempt = try_branch(reading, step->rules[i]);
        fitting += !attempt.has_other_constant;
        if (tried++ == 0 || is_better(&attempt, &best))
            best = attempt;
    }
    /* The only one whose constants fit is no guess. */
    adopt(reading, &best.problems, fitting == 1 ? 1 : rivals);
    return false;
}

// SPDX-License-Identifier: MIT
#include "validate/explainer.h"

#include <assert.h>

/** A count that is out of bounds. Without properties or items at all, that is what is said. */
static bool explain_count(const struct reading *reading, uint32_t min, uint32_t max,
                          const enum keyword keywords[2], const char *noun)
{
    uint32_t count = value_of(reading)->count;
    if (count >= min && count <= max)
        return true;
    bool is_few = count < min;
    STRBUF_SCOPED wanted = {0};
    if (is_few)
        word_least(&wanted, min, noun);
    else
        word_most(&wanted, max, noun);
    return explain_report(reading, keywords[!is_few], is_few ? PLACE_OWNER : PLACE_VALUE,
                          reading->index, "must have %s (got %u)", strbuf_str(&wanted).at, count);
}

static bool is_false(const struct rule *rule)
{
    return rule->home->document->tape.nodes[rule->node].type == NODE_FALSE;
}

static bool explain_items(const struct reading *reading)
{
    const struct array_checks *checks = reading->rule->array;
    enum keyword rest = checks->is_unevaluated ? KEYWORD_UNEVALUATED_ITEMS
                        : reading->rule->home->dialect.draft >= DRAFT_2020 ? KEYWORD_ITEMS
                        : checks->prefix ? KEYWORD_ADDITIONAL_ITEMS
                                         : KEYWORD_ITEMS;
    bool is_good = true;
    uint32_t position = 0;
    assert(checks->prefix || !checks->prefix_count);
    tape_for_each_item (reading->tape, reading->index, item) {
        const struct rule *rule =
            position < checks->prefix_count ? checks->prefix[position] : checks->rest;
        if (rule && rule == checks->rest && is_false(rule)) {
            STRBUF_SCOPED most = {0};
            word_most(&most, checks->prefix_count, "item");
            return explain_report(reading, rest, PLACE_VALUE, item, "must have %s (got %u)",
                                  strbuf_str(&most).at, value_of(reading)->count);
        }
        if (rule)
            is_good &= explain_rule(reading->explainer, rule, item);
        position++;
    }
    return is_good;
}

static bool explain_contains(const struct reading *reading)
{
    const struct array_checks *checks = reading->rule->array;
    uint32_t found = 0;
    tape_for_each_item (reading->tape, reading->index, item)
        found += accept(reading->explainer->run, checks->contains, item);
    if (found < checks->contains_min)
        return explain_report(
            reading,
            is_asked(reading, KEYWORD_MIN_CONTAINS) ? KEYWORD_MIN_CONTAINS : KEYWORD_CONTAINS,
            PLACE_VALUE, reading->index, "must have at least %u of the items asked for (got %u)",
            checks->contains_min, found);
    if (found > checks->contains_max)
        return explain_report(reading, KEYWORD_MAX_CONTAINS, PLACE_VALUE, reading->index,
                              "must have at most %u of the items asked for (got %u)",
                              checks->contains_max, found);
    return true;
}

static bool explain_unique(const struct reading *reading)
{
    uint32_t first, repeat = find_repeat(reading->explainer->run, reading->index, &first);
    if (repeat == TAPE_NONE)
        return true;
    STRBUF_SCOPED value = {0}, pointer = {0};
    word_value(&value, reading->tape, repeat);
    tape_add_pointer(reading->tape, first, &pointer);
    return explain_report(reading, KEYWORD_UNIQUE_ITEMS, PLACE_VALUE, repeat,
                          "must not repeat an item (got %s, which is at %s already)",
                          strbuf_str(&value).at, strbuf_str(&pointer).at);
}

bool explain_array(const struct reading *reading)
{
    static const enum keyword counts[] = {KEYWORD_MIN_ITEMS, KEYWORD_MAX_ITEMS};
    const struct array_checks *checks = reading->rule->array;
    if (!checks)
        return true;
    bool is_good = explain_count(reading, checks->min, checks->max, counts, "item");
    is_good &= explain_items(reading);
    is_good &= !checks->contains || explain_contains(reading);
    return (!checks->is_unique || explain_unique(reading)) && is_good;
}

/** The declared property that the unknown name may be meant to be: near, and not there yet. */
static struct nearest nearest_declared(const struct reading *reading, struct str name)
{
    struct nearest nearest = nearest_to(name);
    if (!is_asked(reading, KEYWORD_PROPERTIES))
        return nearest;
    tape_for_each_member (reading->schema, reading->found[KEYWORD_PROPERTIES], key) {
        struct str declared = node_text(&reading->schema->nodes[key]);
        if (tape_member(reading->tape, reading->index, declared) == TAPE_NONE)
            nearest_offer(&nearest, declared);
    }
    return nearest;
}

static bool explain_unknown(const struct reading *reading, enum keyword keyword, uint32_t key)
{
    struct str name = node_text(&reading->tape->nodes[key]);
    struct nearest nearest = nearest_declared(reading, name);
    STRBUF_SCOPED message = {0};
    word_text(&message, name);
    if (nearest_is_found(&nearest)) {
        strbuf_add_text(&message, " (did you mean ");
        word_text(&message, nearest.best);
        strbuf_add_text(&message, "?)");
    }
    return explain_report(reading, keyword, PLACE_KEY, key + 1, "unknown property %s",
                          strbuf_str(&message).at);
}

static bool explain_name(const struct reading *reading, uint32_t key)
{
    struct explainer *explainer = reading->explainer;
    struct str before = explainer->subject;
    explainer->subject = STR("the property's name ");
    bool is_good = explain_rule(explainer, reading->rule->object->names, key);
    explainer->subject = before;
    return is_good;
}

static bool explain_member(const struct reading *reading, uint32_t key)
{
    const struct object_checks *checks = reading->rule->object;
    struct explainer *explainer = reading->explainer;
    struct str name = node_text(&reading->tape->nodes[key]);
    const struct property *property =
        (const struct property *)name_map_get(&checks->properties, name);
    bool is_covered = property && property->rule, is_good = true;
    if (is_covered)
        is_good = explain_rule(explainer, property->rule, key + 1);
    for (uint32_t i = 0; i < checks->pattern_count; i++) {
        if (!text_matches(explainer->run, checks->patterns[i].pattern, name))
            continue;
        is_covered = true;
        is_good &= explain_rule(explainer, checks->patterns[i].rule, key + 1);
    }
    if (!is_covered && checks->additional)
        is_good &= is_false(checks->additional)
                       ? explain_unknown(reading,
                                         checks->is_unevaluated ? KEYWORD_UNEVALUATED_PROPERTIES
                                                                : KEYWORD_ADDITIONAL_PROPERTIES,
                                         key)
                       : explain_rule(explainer, checks->additional, key + 1);
    return (!checks->names || explain_name(reading, key)) && is_good;
}

/** A member that the schema does not declare and whose name is near the missing one. */
static struct nearest nearest_written(const struct reading *reading, struct str missing)
{
    struct nearest nearest = nearest_to(missing);
    tape_for_each_member (reading->tape, reading->index, key) {
        struct str written = node_text(&reading->tape->nodes[key]);
        const struct property *property =
            (const struct property *)name_map_get(&reading->rule->object->properties, written);
        if (!property || !property->rule)
            nearest_offer(&nearest, written);
    }
    return nearest;
}

static bool explain_missing(const struct reading *reading, enum keyword keyword, struct str name,
                            const struct named *trigger)
{
    if (tape_member(reading->tape, reading->index, name) != TAPE_NONE)
        return true;
    struct nearest nearest = nearest_written(reading, name);
    STRBUF_SCOPED message = {0};
    word_text(&message, name);
    if (trigger) {
        strbuf_add_text(&message, " because it has ");
        word_text(&message, trigger->name);
    }
    if (nearest_is_found(&nearest)) {
        strbuf_add_text(&message, " (is it meant by ");
        word_text(&message, nearest.best);
        strbuf_add_text(&message, "?)");
    }
    return explain_report(reading, keyword, PLACE_OWNER, reading->index,
                          "must have the property %s", strbuf_str(&message).at);
}

static bool explain_required(const struct reading *reading)
{
    bool is_good = true;
    if (is_asked(reading, KEYWORD_REQUIRED) && asked(reading, KEYWORD_REQUIRED)->type == NODE_ARRAY)
        tape_for_each_item (reading->schema, reading->found[KEYWORD_REQUIRED], item)
            is_good &= explain_missing(reading, KEYWORD_REQUIRED,
                                       node_text(&reading->schema->nodes[item]), NULL);
    const struct object_checks *checks = reading->rule->object;
    enum keyword keyword = is_asked(reading, KEYWORD_DEPENDENT_REQUIRED)
                               ? KEYWORD_DEPENDENT_REQUIRED
                               : KEYWORD_DEPENDENCIES;
    for (uint32_t i = 0; i < checks->dependency_count; i++) {
        const struct dependency *dependency = &checks->dependencies[i];
        if (tape_member(reading->tape, reading->index, dependency->trigger.name) == TAPE_NONE)
            continue;
        for (uint32_t j = 0; j < dependency->required_count; j++)
            is_good &= explain_missing(reading, keyword, dependency->required[j].name,
                                       &dependency->trigger);
    }
    return is_good;
}

bool explain_object(const struct reading *reading)
{
    static const enum keyword counts[] = {KEYWORD_MIN_PROPERTIES, KEYWORD_MAX_PROPERTIES};
    const struct object_checks *checks = reading->rule->object;
    if (!checks)
        return true;
    bool is_good = explain_count(reading, checks->min, checks->max, counts, "property");
    is_good &= explain_required(reading);
    tape_for_each_member (reading->tape, reading->index, key)
        is_good &= explain_member(reading, key);
    return is_good;
}

bool explain_unevaluated(const struct reading *reading)
{
    const struct node *value = value_of(reading);
    const struct rule *rule = reading->rule;
    bool is_object = value->type == NODE_OBJECT, is_good = true;
    const struct rule *rest = is_object                   ? rule->unevaluated_properties
                              : value->type == NODE_ARRAY ? rule->unevaluated_items
                                                          : NULL;
    if (!rest)
        return true;
    struct schema_run *run = reading->explainer->run;
    marks_offset marks = marks_push(run, value->count);
    if (!marks || !accept_parts(run, rule, reading->index, marks))
        return false;
    uint32_t position = 0, child = reading->index + 1;
    for (; child < value->next; child = reading->tape->nodes[child].next) {
        if (marks_has(run, marks, position++))
            continue;
        if (!is_false(rest))
            is_good &= explain_rule(reading->explainer, rest, child + is_object);
        else if (is_object)
            is_good &= explain_unknown(reading, KEYWORD_UNEVALUATED_PROPERTIES, child);
        else
            is_good &= explain_report(reading, KEYWORD_UNEVALUATED_ITEMS, PLACE_VALUE, child,
                                      "no schema allows this item");
    }
    marks_pop(run, marks);
    return is_good;
}

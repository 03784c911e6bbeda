// SPDX-License-Identifier: MIT
#include "validate/run.h"

#include "validate/equal.h"

#include <assert.h>

static bool has_all(struct schema_run *run, uint32_t object, const struct named *names,
                    uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (find_member(run, object, &names[i]) == TAPE_NONE)
            return false;
    return run->work > 0;
}

static bool accept_dependencies(struct schema_run *run, const struct object_checks *checks,
                                uint32_t object)
{
    for (uint32_t i = 0; i < checks->dependency_count; i++) {
        const struct dependency *dependency = &checks->dependencies[i];
        if (find_member(run, object, &dependency->trigger) != TAPE_NONE &&
            !has_all(run, object, dependency->required, dependency->required_count))
            return false;
    }
    return true;
}

/** The schemas whose pattern the name matches, or else `additional`. */
static bool accept_undeclared(struct schema_run *run, const struct object_checks *checks,
                              uint32_t key, bool *ret_covered)
{
    struct str name = node_text(&run->nodes[key]);
    bool is_covered = false;
    for (uint32_t i = 0; i < checks->pattern_count; i++) {
        const struct pattern_rule *pattern = &checks->patterns[i];
        if (!text_matches(run, pattern->pattern, name))
            continue;
        is_covered = true;
        if (!accept(run, pattern->rule, key + 1))
            return false;
    }
    *ret_covered = is_covered || checks->additional;
    return is_covered || !checks->additional || accept(run, checks->additional, key + 1);
}

static bool accept_also(struct schema_run *run, const struct property *property, uint32_t value)
{
    for (const struct rule **rule = property->also; *rule; rule++)
        if (!accept(run, *rule, value))
            return false;
    return true;
}

/* Apart from accept_object(), which without it needs next to no stack. */
__attribute__((noinline)) static bool accept_members(struct schema_run *run,
                                                     const struct object_checks *checks,
                                                     uint32_t object, marks_offset marks)
{
    const struct node *nodes = run->nodes;
    uint32_t end = nodes[object].next, position = 0;
    uint64_t seen = 0;
    for (uint32_t key = object + 1; key < end; key = nodes[key].next, position++) {
        const struct property *property = (const struct property *)name_map_find(
            &checks->properties, nodes[key].hash, node_text(&nodes[key]));
        bool is_covered = true;
        if (property)
            seen |= property->bit;
        if (property && property->rule) {
            if (!accept(run, property->rule, key + 1) ||
                (property->also && !accept_also(run, property, key + 1)))
                return false;
        } else if (!accept_undeclared(run, checks, key, &is_covered)) {
            return false;
        }
        if (checks->names && !accept(run, checks->names, key))
            return false;
        if (marks && is_covered)
            marks_set(run, marks, position);
    }
    return (seen & checks->required) == checks->required;
}

/** What objects are asked for where `only` does not say it all. */
static bool accept_wholly(struct schema_run *run, const struct object_checks *checks,
                          uint32_t object, marks_offset marks)
{
    if (!accept_members(run, checks, object, marks))
        return false;
    if (checks->late_required_count &&
        !has_all(run, object, checks->late_required, checks->late_required_count))
        return false;
    return !checks->dependency_count || accept_dependencies(run, checks, object);
}

/** Where one property is all that matters it is faster to look for it. */
static inline bool accept_only(struct schema_run *run, const struct property *property,
                               uint32_t object)
{
    uint32_t value = find_member(run, object, &property->name);
    if (value == TAPE_NONE)
        return !property->bit;
    return !property->rule || accept(run, property->rule, value);
}

bool accept_object(struct schema_run *run, const struct object_checks *checks, uint32_t object,
                   marks_offset marks)
{
    uint32_t count = run->nodes[object].count;
    if (count < checks->min || count > checks->max)
        return false;
    run->work -= count;
    return checks->only && !marks ? accept_only(run, checks->only, object)
                                  : accept_wholly(run, checks, object, marks);
}

static bool accept_contains(struct schema_run *run, const struct array_checks *checks,
                            uint32_t array, marks_offset marks)
{
    uint32_t found = 0, position = 0;
    bool is_marking = marks && checks->contains_marks;
    for (uint32_t item = array + 1; item < run->nodes[array].next;
         item = run->nodes[item].next, position++) {
        if (!accept(run, checks->contains, item))
            continue;
        if (++found > checks->contains_max)
            return false;
        if (is_marking)
            marks_set(run, marks, position);
        else if (found >= checks->contains_min && checks->contains_max == UINT32_MAX)
            return true;
    }
    return found >= checks->contains_min;
}

static bool accept_items(struct schema_run *run, const struct array_checks *checks, uint32_t array,
                         marks_offset marks)
{
    const struct node *nodes = run->nodes;
    uint32_t end = nodes[array].next, position = 0, item = array + 1;
    assert(checks->prefix || !checks->prefix_count);
    for (; item < end && position < checks->prefix_count; item = nodes[item].next, position++)
        if (!accept(run, checks->prefix[position], item))
            return false;
    if (checks->rest)
        for (; item < end; item = nodes[item].next)
            if (!accept(run, checks->rest, item))
                return false;
    if (marks) {
        uint32_t marked = checks->rest ? nodes[array].count : position;
        for (uint32_t i = 0; i < marked; i++)
            marks_set(run, marks, i);
    }
    return true;
}

bool accept_array(struct schema_run *run, const struct array_checks *checks, uint32_t array,
                  marks_offset marks)
{
    uint32_t count = run->nodes[array].count, first;
    if (count < checks->min || count > checks->max)
        return false;
    if ((checks->prefix || checks->rest) && !accept_items(run, checks, array, marks))
        return false;
    if (checks->contains && !accept_contains(run, checks, array, marks))
        return false;
    return !checks->is_unique || find_repeat(run, array, &first) == TAPE_NONE;
}
